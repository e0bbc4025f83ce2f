//! Between Elekto's election and ours.

use base::{Diagnostic, Severity, Span, Spanned};
use charter::Count;
use estate::Ref;
use tally::method::{Method, Ranking, Schulze, Strength, Unranked, Version};

use super::election::{ElectionFile, NaiveTime, ShownFields};
use super::{Folder, write};
use crate::candidacy::CandidacyRules;
use crate::definition::{Counting, Definition, Grace, Privacy, Publish, Tie};
use crate::officers::OfficerRules;
use crate::{Login, codes};

/// What an election needs and Elekto has no word for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    /// The group whose seats are filled; the first part of the key if not said.
    pub body: Option<String>,
    /// What decides ties. Elekto leaves them to whoever reads the page.
    pub tie: Tie,
    /// What is published of the ballots.
    pub publish: Publish,
}

/// The method that Elekto counts by, with all its parameters: Schulze, by the votes of the
/// winning side, of ballots that rank both candidates, in the order of how many each beats.
pub fn preset() -> Counting {
    Counting::Order(Method::Schulze(Schulze {
        version: Version::V1,
        pairs: Unranked::Skip,
        strength: Strength::WinningVotes,
        ranking: Ranking::Beaters,
    }))
}

impl Folder {
    /// The election as we know one, with what Elekto has no word for; none where the number of
    /// seats is missing. The voters are the roll: [`Roll::listed`](crate::voters::Roll::listed).
    pub fn definition(&self, unsaid: &Unsaid) -> (Option<Definition>, Vec<Diagnostic>) {
        let election = &self.election;
        let whole = Span::start_of(self.source);
        let Some(seats) = election.no_winners else {
            let message = "the election does not say how many seats are filled";
            let finding = Diagnostic::new(&codes::INCOMPLETE, whole, message);
            return (None, vec![finding.help("add `no_winners`")]);
        };
        let body = unsaid.body.clone();
        let body = body.or_else(|| self.key.as_str().split('/').next().map(str::to_owned));
        let time = |time: &Spanned<NaiveTime>| Spanned::new(time.value.utc(), time.span);
        let officer = |officer: &Spanned<Login>| Ref::new(officer.value.as_str(), officer.span);
        let definition = Definition {
            key: Spanned::new(self.key.clone(), whole),
            title: Some(election.name.clone()),
            body: Ref::new(body.unwrap_or_default(), whole),
            seats,
            body_seats: None,
            reserved: Vec::new(),
            method: Spanned::new(preset(), whole),
            tie: Spanned::new(unsaid.tie, whole),
            commitments: yaml::Map::default(),
            nominations: None,
            open: time(&election.start_datetime),
            close: time(&election.end_datetime),
            grace: Grace::NONE,
            exceptions_close: election.exception_due.as_ref().map(time),
            privacy: Spanned::new(Privacy::Sealed, whole),
            publish: Spanned::new(unsaid.publish, whole),
            no_opinion: election.allow_no_opinion.unwrap_or(true),
            officers: election.election_officers.iter().map(officer).collect(),
            cap: None,
            terms: Vec::new(),
            limits: None,
            officer_rules: OfficerRules::default(),
            voters: None,
            candidacy: CandidacyRules::default(),
        };
        let mut findings = Vec::new();
        definition.check(&mut findings);
        // The voters are a file of their own here.
        findings.retain(|finding| {
            !(std::ptr::eq(finding.code, &raw const codes::INCOMPLETE)
                && finding.severity == Severity::Error)
        });
        (Some(definition), findings)
    }
}

impl ElectionFile {
    /// An election of ours in Elekto's words. What Elekto has no word for is lost: nominations,
    /// grace, privacy, caps, terms and ties; and fractions of a second.
    pub fn of(definition: &Definition, organization: &str, officers: &[Login]) -> Self {
        let whole = definition.key.span;
        let naive = |time: &Spanned<crate::definition::ZonedTime>| {
            Spanned::new(NaiveTime::at(time.value.at()), time.span)
        };
        let title = definition.title.clone();
        let officer = |login: &Login| Spanned::new(login.clone(), whole);
        Self {
            name: title.unwrap_or_else(|| definition.key.to_string()),
            organization: organization.to_owned(),
            start_datetime: naive(&definition.open),
            end_datetime: naive(&definition.close),
            no_winners: Some(Spanned::<Count>::new(definition.seats.value, whole)),
            allow_no_opinion: Some(definition.no_opinion),
            delete_after: Some(true),
            show_candidate_fields: ShownFields::default(),
            election_officers: officers.iter().map(officer).collect(),
            eligibility: None,
            exception_description: None,
            exception_due: definition.exceptions_close.as_ref().map(naive),
        }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        write::election(self)
    }
}
