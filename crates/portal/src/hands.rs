//! What people do.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{Field, Mood, Page, Reader};

/// Does what people do: it reads and writes the estate's repository, the ledger and the ballot boxes.
/// What a function returns without a refusal is kept, whatever happens after it.
///
/// Functions block; they are called where that is allowed. Each judges anew whether the person may.
pub trait Hands: Send + Sync + 'static {
    /// What somebody has to sign so that an act is theirs.
    fn prepare(&self, who: &Reader, act: &Act) -> Result<ToSign, Refusal>;

    /// Takes an act that was signed.
    fn take(&self, who: &Reader, signed: &Signed) -> Result<Done, Refusal>;

    /// What one can ask for at the front desk.
    fn requests(&self) -> Vec<RequestKind>;

    /// Asks for something; problems name the field. What comes again from the same person with the same answers under
    /// the same `once` is the request that came first, however long ago and whatever has crashed since: it is kept with
    /// the request.
    fn ask(
        &self,
        who: &Reader,
        kind: &str,
        answers: &BTreeMap<String, String>,
        once: Option<&str>,
    ) -> Result<Asked, Vec<Problem>>;

    /// What somebody has asked for, here or in any other way, the newest first.
    fn asked(&self, who: &Reader) -> Result<Vec<Mine>, Refusal>;

    /// How a request stands, for whoever may see it.
    fn request(&self, who: &Reader, id: &str) -> Option<Page>;

    /// The ballot of an election: what is asked, and what else is needed.
    fn ballot(&self, who: &Reader, election: &str) -> Result<BallotForm, Refusal>;

    /// Casts a ballot. Whoever votes blind brings a token and is not asked who they are.
    fn vote(
        &self,
        who: &Reader,
        election: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<Voted, Refusal>;

    /// Signs what a voter blinded, once for each voter.
    fn token(&self, who: &Reader, election: &str, blinded: &str) -> Result<String, Refusal>;

    /// Who is signed in, looked up anew in the estate as it is now: their person, and what they may see. Whoever is
    /// vouched for by somebody whom the estate does not name for that, or not any more, is nobody.
    fn recognise(&self, who: &Reader) -> Reader;

    /// The name of the person whose SSH key this is, as `ssh-ed25519 AAAA...`.
    fn person_of_key(&self, key: &str) -> Option<String>;
}

/// What somebody wants to do to an item or to changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// `approve`, `object`, `vote`, `second`, ...: the words of `commonhold decide` and of changes.
    pub act: String,
    /// The item: its id or number; the digest of the plan for changes.
    pub item: String,
    /// What else the act needs: `reason`, `choice`, `event`, `group`, `changes`.
    pub with: BTreeMap<String, String>,
}

/// What has to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// What it says, for people.
    pub says: String,
    /// The bytes that are signed, and nothing else.
    pub statement: String,
    /// The exact command, which prints the signature.
    pub command: String,
}

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The bytes that were signed.
    pub statement: String,
    /// The armoured SSH signature.
    pub signature: String,
}

/// An act that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What happened, in a sentence.
    pub says: String,
    /// The path of the page that shows it.
    pub to: String,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Who asks must sign in first, or is not known to the estate.
    SignIn(String),
    /// They may not.
    Forbidden(String),
    /// There is no such thing.
    Unknown(String),
    /// It is not as it should be: what is wrong and what to do.
    Wrong(String),
    /// It is too late, was done already, or another came first.
    Conflict(String),
    /// It cannot be done now: try again later.
    Later(String),
}

/// Something one can ask for.
#[derive(Debug, Clone)]
pub struct RequestKind {
    /// Its name in URLs: `dns-record`.
    pub id: &'static str,
    /// What one wants: `I want to` goes before it.
    pub want: String,
    /// What happens then, and who looks at it.
    pub about: String,
    /// What is asked.
    pub fields: Vec<Field>,
    /// What is promised about the first answer, if anything is.
    pub promise: Option<String>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field; empty for the form as a whole.
    pub field: String,
    /// What is wrong, and what to do.
    pub what: String,
}

/// A request that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it is called from now on; its page is `/desk/requests/ID`.
    pub id: String,
}

/// Something that somebody has asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mine {
    /// In a line.
    pub title: String,
    /// The path of the page that shows it.
    pub to: String,
    /// How it stands, in a word.
    pub state: Option<(Mood, String)>,
}

/// A ballot to fill in.
#[derive(Debug, Clone)]
pub struct BallotForm {
    /// The page around it.
    pub page: Page,
    /// What is asked.
    pub fields: Vec<Field>,
    /// Whether nobody may learn whose it is: it is then shown to and taken from whoever brings a token, without any session.
    pub blind: bool,
}

/// A ballot that was cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voted {
    /// With which the voter finds the ballot after the close.
    pub receipt: String,
    /// When it was received.
    pub at: Option<Timestamp>,
}
