//! The files beside an election: who was put forward, and who asked for an exception.
//!
//! ```yaml
//! # nominations.yaml
//! candidates:
//! - candidate: ada
//!   nominated_by: grace
//!   nominated: 2026-07-02
//!   accepted: 2026-07-03 09:30 UTC
//!   endorsed_by: [cy, {by: person/di, at: 2026-07-20}]
//! ```

use std::fmt;

use base::{Diagnostic, FileId, Severity, Span, Spanned};
use estate::kinds::Person;
use estate::{Estate, KindId, Ref};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Profile, Shape, Value, record};

use crate::candidacy::{Endorsement, Nomination};
use crate::definition::ZonedTime;
use crate::directory::login_of;
use crate::officers::login;
use crate::seats::PastTerm;
use crate::voters::{ExceptionRequest, OfficerVote};
use crate::{Definition, Login, codes};

/// Somebody, by login, or by the file in the estate: `person/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By login.
    Login(Login),
    /// By the name of the file.
    Person(String),
}

impl Who {
    /// The login that somebody stands and votes under; none where the estate has no such person.
    pub fn login(&self, estate: &Estate) -> Option<Login> {
        match self {
            Self::Login(login) => Some(login.clone()),
            Self::Person(name) => estate.tables.people.get(name).and_then(login_of),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(login) => login.fmt(f),
            Self::Person(name) => write!(f, "person/{name}"),
        }
    }
}

impl Serialize for Who {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Who {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = match &node.value {
            Value::Scalar { text, .. } => text.trim(),
            _ => "",
        };
        match text.strip_prefix("person/") {
            Some(name) if !name.is_empty() => Some(Self::Person(name.to_owned())),
            _ => Login::from_yaml(node, cx).map(Self::Login),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a login, or a person of the estate as `person/NAME`",
            pattern: "^(person/.+|@?[A-Za-z0-9_-]+)$",
        }
    }
}

/// When something was received: a moment with its zone, or a day alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// At a moment.
    At(ZonedTime),
    /// On a day. Its noon in UTC is taken, which is that day nearly everywhere on Earth.
    On(Date),
}

impl Received {
    /// The moment that is held against the windows of the election.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::At(time) => time.at(),
            // A noon of a day that exists is a moment, but for the two ends of the calendar.
            Self::On(day) => day
                .at(12, 0, 0, 0)
                .to_zoned(TimeZone::UTC)
                .map_or(Timestamp::MAX, |noon| noon.timestamp()),
        }
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => time.fmt(f),
            Self::On(day) => day.fmt(f),
        }
    }
}

impl Serialize for Received {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Received {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a day, or a time with its zone")?;
        if text.len() == 10 {
            return Date::from_yaml(node, cx).map(Self::On);
        }
        ZonedTime::from_yaml(node, cx).map(Self::At)
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a day, or a time with its zone such as `2026-07-02 09:30 UTC`",
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].+)?$",
        }
    }
}

record! {
    /// Who was put forward: `nominations.yaml`.
    pub struct NominationsFile {
        /// Everybody who was.
        pub candidates: Vec<Nominee>,
    }
}

record! {
    /// Somebody who was put forward.
    pub struct Nominee {
        /// Who.
        pub candidate: Spanned<Who>,
        /// By whom; whoever puts themselves forward accepts by it.
        pub nominated_by: Spanned<Who>,
        /// When that was received.
        pub nominated: Received,
        /// When the candidate accepted.
        pub accepted: Option<Received>,
        /// Who is for it, in the order received.
        pub endorsed_by: Vec<Endorser>,
        /// The terms served in the body; those of a lead in the group's file if not said.
        pub past_terms: Option<Vec<PastTerm>>,
    }
}

/// Somebody who is for a candidate: a login alone, or `{by: LOGIN, at: TIME}`.
#[derive(Debug, Clone, Serialize)]
pub struct Endorser {
    /// Who.
    pub by: Spanned<Who>,
    /// When it was received; with the nomination if not said.
    pub at: Option<Received>,
}

record! {
    /// An endorsement with its time.
    pub struct DatedEndorser {
        /// Who.
        pub by: Spanned<Who>,
        /// When it was received.
        pub at: Received,
    }
}

impl FromYaml for Endorser {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        if let Value::Mapping(_) = &node.value {
            let DatedEndorser { by, at } = DatedEndorser::from_yaml(node, cx)?;
            return Some(Self { by, at: Some(at) });
        }
        let by = Spanned::<Who>::from_yaml(node, cx)?;
        Some(Self { by, at: None })
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

impl NominationsFile {
    /// Reads `nominations.yaml`.
    pub fn read(text: &str, file: FileId) -> (Option<Self>, Vec<Diagnostic>) {
        Decoding::read_text(text, file, Profile::NATIVE)
    }

    /// Reports people whom the estate does not have, and candidates who stand here twice.
    pub fn check(&self, estate: &Estate) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let mut seen: Vec<(Login, Span)> = Vec::new();
        for nominee in &self.candidates {
            let endorsers = nominee.endorsed_by.iter().map(|one| &one.by);
            let named = [&nominee.candidate, &nominee.nominated_by];
            for who in named.into_iter().chain(endorsers) {
                findings.extend(unknown(who, estate));
            }
            let Some(login) = nominee.candidate.value.login(estate) else {
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == login) {
                findings.push(twice(&nominee.candidate, *first, "is nominated twice"));
            }
            seen.push((login, nominee.candidate.span));
        }
        findings
    }

    /// The nominations as they are judged, in the order of the file; whom the estate does not
    /// have is left out, as [`NominationsFile::check`] reports. Statements are those of the
    /// candidates' files.
    pub fn nominations(
        &self,
        definition: &Definition,
        estate: &Estate,
        terms_from: Date,
        statement: &dyn Fn(&Login) -> Option<String>,
    ) -> Vec<Nomination> {
        let nomination = |nominee: &Nominee| {
            let candidate = nominee.candidate.value.login(estate)?;
            let received_at = nominee.nominated.at();
            let own = nominee.nominated_by.value.login(estate).as_ref() == Some(&candidate);
            let accepted = nominee.accepted.as_ref().map(Received::at);
            let endorsements = nominee.endorsed_by.iter().filter_map(|endorser| {
                let by = endorser.by.value.login(estate)?;
                let received_at = endorser.at.as_ref().map_or(received_at, Received::at);
                Some(Endorsement { by, received_at })
            });
            let written = nominee.past_terms.clone();
            let terms =
                written.unwrap_or_else(|| served(&candidate, definition, estate, terms_from));
            Some(Nomination {
                received_at,
                accepted_at: accepted.or(own.then_some(received_at)),
                endorsements: endorsements.collect(),
                statement: statement(&candidate),
                terms,
                candidate,
            })
        };
        self.candidates.iter().filter_map(nomination).collect()
    }
}

/// The terms that somebody has led the body, as far as its file says when. Roles at one time are
/// one term; a term without an end lasts until the new ones start.
fn served(
    candidate: &Login,
    definition: &Definition,
    estate: &Estate,
    terms_from: Date,
) -> Vec<PastTerm> {
    let Some(body) = estate.find(&definition.body) else {
        return Vec::new();
    };
    let theirs = |person: &Ref<Person>| login(person, estate).as_ref() == Some(candidate);
    let leads = body.value.leads.iter();
    let leads = leads.filter(|lead| theirs(&lead.person));
    let mut terms: Vec<PastTerm> = leads
        .filter_map(|lead| {
            let last = lead.until.and_then(|until| until.tomorrow().ok());
            let to = last.or((!lead.emeritus).then_some(terms_from))?;
            lead.since.map(|since| PastTerm::new(since, to))
        })
        .filter(|term| term.from < term.to)
        .collect();
    terms.sort_unstable();
    let mut apart: Vec<PastTerm> = Vec::new();
    for term in terms {
        match apart.last_mut().filter(|before| term.from < before.to) {
            Some(before) => before.to = before.to.max(term.to),
            None => apart.push(term),
        }
    }
    apart
}

record! {
    /// Who asked for an exception: `exceptions.yaml`. Why they asked is confidential, and has no
    /// place in it.
    pub struct ExceptionsFile {
        /// The requests, in the order received.
        pub requests: Vec<Request>,
    }
}

record! {
    /// Somebody asks to be on the roll.
    pub struct Request {
        /// Who.
        pub voter: Spanned<Who>,
        /// When it was received.
        pub asked: ZonedTime,
        /// What officers said of it; the latest of an officer counts.
        pub decided: Vec<Answer>,
        /// The officers who take no part, for example because they work with the person.
        pub recused: Vec<Ref<Person>>,
    }
}

record! {
    /// What an officer says of a request.
    pub struct Answer {
        /// Which officer, as the election names them.
        pub officer: Ref<Person>,
        /// Whether the exception should be granted.
        pub grants: bool,
        /// When that was received.
        pub at: ZonedTime,
    }
}

impl ExceptionsFile {
    /// Reads `exceptions.yaml`.
    pub fn read(text: &str, file: FileId) -> (Option<Self>, Vec<Diagnostic>) {
        Decoding::read_text(text, file, Profile::NATIVE)
    }

    /// Reports people whom the estate does not have, voters who stand here twice, answers of
    /// people who are no officers, and answers from before the request.
    pub fn check(&self, definition: &Definition, estate: &Estate) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let mut seen: Vec<(Login, Span)> = Vec::new();
        for request in &self.requests {
            findings.extend(unknown(&request.voter, estate));
            if let Some(login) = request.voter.value.login(estate) {
                if let Some((_, first)) = seen.iter().find(|(known, _)| *known == login) {
                    findings.push(twice(&request.voter, *first, "asks twice"));
                }
                seen.push((login, request.voter.span));
            }
            let answering = request.decided.iter().map(|answer| &answer.officer);
            for officer in answering.chain(&request.recused) {
                findings.extend(no_officer(officer, definition));
            }
            for answer in &request.decided {
                if answer.at.at() < request.asked.at() {
                    let message = format!(
                        "`{}` answered at {}, before the request of {}",
                        answer.officer, answer.at, request.asked
                    );
                    let span = answer.officer.span;
                    let finding = Diagnostic::new(&codes::CONTRADICTION, span, message);
                    findings.push(finding.help("correct one of the two times"));
                }
            }
        }
        findings
    }

    /// The requests as they are decided on: those that were received by a moment, with the
    /// answers received by then.
    pub fn requests(&self, estate: &Estate, by: Timestamp) -> Vec<ExceptionRequest> {
        let received = self.requests.iter();
        let received = received.filter(|request| request.asked.at() <= by);
        let request = |request: &Request| {
            let answers = request.decided.iter();
            let mut answers: Vec<&Answer> = answers.filter(|answer| answer.at.at() <= by).collect();
            answers.sort_by_key(|answer| answer.at.at());
            let votes = answers.into_iter().filter_map(|answer| {
                let officer = login(&answer.officer, estate)?;
                let grant = answer.grants;
                Some(OfficerVote { officer, grant })
            });
            let recused = request.recused.iter();
            Some(ExceptionRequest {
                login: request.voter.value.login(estate)?,
                received_at: request.asked.at(),
                votes: votes.collect(),
                recused: recused.filter_map(|one| login(one, estate)).collect(),
            })
        };
        received.filter_map(request).collect()
    }
}

fn unknown(who: &Spanned<Who>, estate: &Estate) -> Option<Diagnostic> {
    let Who::Person(name) = &who.value else {
        return None;
    };
    who.value.login(estate).is_none().then(|| {
        let book = &estate.address_book;
        estate::unknown(&estate.tables, book, KindId::Person, name, who.span)
    })
}

fn twice(who: &Spanned<Who>, first: Span, does: &str) -> Diagnostic {
    let message = format!("`{}` {does}", who.value);
    let mut finding = Diagnostic::new(&codes::LOGIN_TWICE, who.span, message);
    // Which of the two holds, nobody could say.
    finding.severity = Severity::Error;
    finding
        .related(first, "here the first time")
        .help("keep one of the two")
}

fn no_officer(officer: &Ref<Person>, definition: &Definition) -> Option<Diagnostic> {
    if definition.is_officer(&officer.name) {
        return None;
    }
    let message = format!("`{officer}` decides on exceptions and is no officer");
    let finding = Diagnostic::new(&codes::CONTRADICTION, officer.span, message);
    Some(
        finding
            .help("only the `officers` of election.yaml decide, under the names they have there"),
    )
}
