//! What people do to decisions.

use base::Digest;
use charter::procedure::ItemKind;
use serde::{Deserialize, Serialize};

use crate::names::ItemId;
use crate::refusal::{Reason, Refusal};

/// A risk that a person may give to a change that was judged lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RaisedRisk {
    /// Medium.
    Medium,
    /// High.
    High,
}

/// An act, with what it needs to be one. There are no others: an act of a later version
/// is refused, not passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "act",
    content = "payload",
    rename_all = "snake_case",
    deny_unknown_fields
)]
pub enum Act {
    /// Puts changes before the community; those of an earlier proposal of the same item
    /// that it does not name are amended away.
    Propose {
        /// What it is about, in one line.
        title: String,
        /// For a text: what is decided and by whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matter: Option<Matter>,
    },
    /// Puts another text in the place of the one that is proposed.
    Amend {
        /// What is other, in one line.
        summary: String,
        /// It changes nothing that anybody would decide otherwise for; whoever sees that
        /// otherwise contests it within a day.
        minor: bool,
    },
    /// Says that an amendment is not minor.
    Contest {
        /// The digest of the amendment.
        event: Digest,
    },
    /// Supports that it is voted on.
    Second {},
    /// Votes; the last vote of a person counts.
    Vote {
        /// How.
        choice: Choice,
    },
    /// Asks for the vote that is held where silence does not decide.
    CallVote {},
    /// Takes no part, because one has an interest of one's own in it. Nobody can take it back.
    Recuse {
        /// Which interest. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Asks that nothing becomes of it until one has taken this back.
    Hold {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Stops what was accepted.
    Veto {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Sets a veto aside.
    Override {
        /// The digest of the veto.
        event: Digest,
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Asks another body to look at what was accepted.
    Appeal {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Hands it to the body that the charter names for what finds no outcome.
    Escalate {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Takes the people as they are now for those who decide.
    Refresh {},
    /// Takes one's own proposal back.
    Retract {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Says that a channel has been told.
    Notice {
        /// Which: a list, a chat, a webhook, as the charter calls it.
        channel: String,
        /// Where anybody can see it: a URL.
        evidence: String,
    },
    /// Agrees.
    Approve {
        /// In which role, if the person has several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
    },
    /// Says for a group that it has been consulted.
    Acknowledge {
        /// Which group.
        group: String,
    },
    /// Disagrees; holds the changes it names.
    Object {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Takes back one's own approval, acknowledgement, objection, emergency or override.
    Withdraw {
        /// The digest of that event.
        event: Digest,
    },
    /// Answers an objection.
    Answer {
        /// The digest of the objection.
        event: Digest,
        /// What is answered. Never blank.
        text: String,
    },
    /// Declares that the changes cannot wait for the usual ways.
    Emergency {
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Gives the changes a higher risk; nobody can take it back.
    Raise {
        /// At least this.
        risk: RaisedRisk,
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
    /// Lets the plan, and no other, pass a safety limit.
    OverrideLimit {
        /// The scope whose limit it is.
        scope: String,
        /// Why. Never blank.
        #[serde(default)]
        reason: String,
    },
}

/// What a text decides, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// What sort of decision it is.
    pub kind: ItemKind,
    /// The body that decides.
    pub body: String,
    /// Whom or what it is about: `person/NAME`, `employer/NAME`, or an item as `kind/NAME`. They,
    /// their people, and who declared an interest in one of them have no vote in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<String>,
    /// The items that it takes the place of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<ItemId>,
    /// The plan that was applied in an emergency and is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<Digest>,
}

/// How somebody votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// For it.
    Yes,
    /// Against it.
    No,
    /// A vote for neither.
    Abstain,
    /// Is there and casts no vote.
    Present,
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Abstain => "abstain",
            Self::Present => "present",
        })
    }
}

impl Act {
    /// The most characters of a name or title.
    const LINE: usize = 200;
    /// The most characters of a reason or answer.
    const TEXT: usize = 10_000;

    /// What it is called in an event.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Propose { .. } => "propose",
            Self::Notice { .. } => "notice",
            Self::Approve { .. } => "approve",
            Self::Acknowledge { .. } => "acknowledge",
            Self::Object { .. } => "object",
            Self::Withdraw { .. } => "withdraw",
            Self::Answer { .. } => "answer",
            Self::Emergency { .. } => "emergency",
            Self::Raise { .. } => "raise",
            Self::OverrideLimit { .. } => "override_limit",
            Self::Amend { .. } => "amend",
            Self::Contest { .. } => "contest",
            Self::Second {} => "second",
            Self::Vote { .. } => "vote",
            Self::CallVote {} => "call_vote",
            Self::Recuse { .. } => "recuse",
            Self::Hold { .. } => "hold",
            Self::Veto { .. } => "veto",
            Self::Override { .. } => "override",
            Self::Appeal { .. } => "appeal",
            Self::Escalate { .. } => "escalate",
            Self::Refresh { .. } => "refresh",
            Self::Retract { .. } => "retract",
        }
    }

    /// Whether the one who did it can take it back: what asks for more care stays.
    pub fn can_be_withdrawn(&self) -> bool {
        matches!(
            self,
            Self::Approve { .. }
                | Self::Acknowledge { .. }
                | Self::Object { .. }
                | Self::Emergency { .. }
                | Self::OverrideLimit { .. }
                | Self::Second {}
                | Self::Hold { .. }
                | Self::Veto { .. }
                | Self::Appeal { .. }
        )
    }

    /// Whether it can be done to changes of a plan.
    pub fn is_about_changes(&self) -> bool {
        matches!(
            self,
            Self::Propose { matter: None, .. }
                | Self::Notice { .. }
                | Self::Approve { .. }
                | Self::Acknowledge { .. }
                | Self::Object { .. }
                | Self::Withdraw { .. }
                | Self::Answer { .. }
                | Self::Emergency { .. }
                | Self::Raise { .. }
                | Self::OverrideLimit { .. }
        )
    }

    /// Whether it can be done to a text.
    pub fn is_about_text(&self) -> bool {
        !matches!(
            self,
            Self::Propose { matter: None, .. }
                | Self::Emergency { .. }
                | Self::Raise { .. }
                | Self::OverrideLimit { .. }
        )
    }

    /// Whether every text is there and fit to be shown.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Propose { title, matter } => {
                line("title", title)?;
                matter.as_ref().map_or(Ok(()), Matter::check)
            }
            Self::Amend { summary, .. } => line("summary", summary),
            Self::Notice { channel, evidence } => {
                line("channel", channel)?;
                url(evidence)
            }
            Self::Approve { role } => role.as_ref().map_or(Ok(()), |role| line("role", role)),
            Self::Acknowledge { group } => line("group", group),
            Self::Withdraw { .. }
            | Self::Contest { .. }
            | Self::Second {}
            | Self::Vote { .. }
            | Self::CallVote {}
            | Self::Refresh {} => Ok(()),
            Self::Answer { text, .. } => prose(self.name(), text),
            Self::Object { reason }
            | Self::Emergency { reason }
            | Self::Raise { reason, .. }
            | Self::Recuse { reason }
            | Self::Hold { reason }
            | Self::Veto { reason }
            | Self::Override { reason, .. }
            | Self::Appeal { reason }
            | Self::Escalate { reason }
            | Self::Retract { reason } => prose(self.name(), reason),
            Self::OverrideLimit { scope, reason } => {
                line("scope", scope)?;
                prose(self.name(), reason)
            }
        }
    }
}

impl Matter {
    /// Whether a person is one of those whom it is about.
    pub(crate) fn names_person(&self, person: &str) -> bool {
        let mut people = self
            .parties
            .iter()
            .filter_map(|party| party.strip_prefix("person/"));
        people.any(|name| name.eq_ignore_ascii_case(person))
    }

    /// Whether an employer is.
    pub(crate) fn names_employer(&self, employer: &str) -> bool {
        let mut employers = self
            .parties
            .iter()
            .filter_map(|party| party.strip_prefix("employer/"));
        employers.any(|name| folded(name) == folded(employer))
    }

    /// Whether something is that a person declared an interest in: an item, or an organisation in words.
    pub(crate) fn names(&self, about: &str) -> bool {
        let mut parties = self.parties.iter();
        parties.any(|party| party.eq_ignore_ascii_case(about)) || self.names_employer(about)
    }

    fn check(&self) -> Result<(), Refusal> {
        line("body", &self.body)?;
        let is_person = |party: &String| party.starts_with("person/");
        if self.kind == ItemKind::Role && !self.parties.iter().any(is_person) {
            let what = "an item about a role names whom it is about, as `person/NAME`: they have no vote in it";
            return Err(Refusal::new(Reason::Form, what));
        }
        for party in &self.parties {
            line("parties", party)?;
            if !party.contains('/') {
                let what = format!(
                    "\"{party}\" is neither `person/NAME`, `employer/NAME` nor another `kind/NAME`"
                );
                return Err(Refusal::new(Reason::Form, what));
            }
        }
        Ok(())
    }
}

/// A name as it is compared: letters and digits, in lower case.
fn folded(name: &str) -> String {
    let plain = name.chars().filter(|c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

/// Whether a character turns the direction of text, so that it reads as something else.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn line(key: &str, text: &str) -> Result<(), Refusal> {
    let wrong = if text.trim().is_empty() {
        "is blank"
    } else if text.chars().count() > Act::LINE {
        "has more than 200 characters"
    } else if text.contains(char::is_control) {
        "is more than one line of text"
    } else if text.contains(is_turning) {
        "holds characters that turn the direction of text"
    } else {
        return Ok(());
    };
    Err(Refusal::new(Reason::Form, format!("`{key}` {wrong}")))
}

fn prose(act: &str, text: &str) -> Result<(), Refusal> {
    // A reason of characters that nobody sees is none.
    if !text.chars().any(char::is_alphanumeric) {
        let what = format!("`{act}` needs a reason that others can read and answer");
        return Err(Refusal::new(Reason::NoReason, what));
    }
    let odd = |c: char| (c.is_control() && c != '\n' && c != '\t') || is_turning(c);
    let what = if text.chars().count() > Act::TEXT {
        "has more than 10,000 characters: say it shortly and link to the rest"
    } else if text.contains(odd) {
        "holds control characters"
    } else {
        return Ok(());
    };
    let what = format!("the text of `{act}` {what}");
    Err(Refusal::new(Reason::Form, what))
}

fn url(text: &str) -> Result<(), Refusal> {
    line("evidence", text)?;
    let in_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let sound = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(in_scheme)
            && !rest.is_empty()
            && !text.contains(char::is_whitespace)
    });
    if sound {
        return Ok(());
    }
    let what =
        format!("`evidence` is no URL: \"{text}\"; give the address where the notice can be read");
    Err(Refusal::new(Reason::Form, what))
}
