//! The rule, as an election file has it.

use base::{Diagnostic, Spanned};
use charter::Count;
use estate::kinds::{Group, Kind, Organisation, Person, Team};
use estate::{Estate, HasTable, KindId, Ref, Tables};
use jiff::civil::Date;
use yaml::record;

use crate::codes;

record! {
    /// Who may vote: whoever satisfies one of several ways. Robots never do, nor whoever has left.
    #[derive(Default)]
    pub struct VoterRule {
        /// The day as of which the facts were taken; people who had left by then do not vote.
        pub snapshot: Option<Date>,
        /// The ways; one is enough. All conditions of a way must be met.
        pub any: Vec<Spanned<Way>>,
    }
}

record! {
    /// One way to be a voter: all of its conditions must be met.
    #[derive(Default)]
    pub struct Way {
        /// In one of these organisations.
        pub organisations: Vec<Ref<Organisation>>,
        /// In one of these teams.
        pub teams: Vec<Ref<Team>>,
        /// Leading or belonging to one of these groups, at any time from `from` to `until`.
        pub groups: Vec<Ref<Group>>,
        /// The first day of the time in which somebody was in one of the groups; ever if not said.
        pub from: Option<Spanned<Date>>,
        /// The last day of it; now if not said.
        pub until: Option<Spanned<Date>>,
        /// At least so many contributions by the list of contributions.
        pub contributions: Option<Spanned<Count>>,
        /// One of these people.
        pub people: Vec<Ref<Person>>,
    }
}

impl VoterRule {
    /// What is wrong with the rule by itself.
    pub(crate) fn check(&self, findings: &mut Vec<Diagnostic>) {
        for way in &self.any {
            let conditions = [
                !way.organisations.is_empty(),
                !way.teams.is_empty(),
                !way.groups.is_empty(),
                !way.people.is_empty(),
                way.contributions.is_some(),
            ];
            if !conditions.contains(&true) {
                let message = "this way to be a voter has no condition";
                let help = "name `organisations`, `teams`, `groups`, `people` or `contributions`";
                findings.push(Diagnostic::new(&codes::VOTER_RULE, way.span, message).help(help));
            }
            way.check_time(findings);
        }
    }

    /// Whether any way asks for contributions.
    pub fn asks_for_contributions(&self) -> bool {
        self.any.iter().any(|way| way.contributions.is_some())
    }

    /// What the rule names and the estate does not have, or has only in part. While there is any,
    /// nothing can be concluded from somebody's absence.
    pub(crate) fn unknown(&self, estate: &Estate) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for way in &self.any {
            named(
                estate,
                &way.organisations,
                KindId::Organisation,
                &mut findings,
            );
            named(estate, &way.teams, KindId::Team, &mut findings);
            named(estate, &way.groups, KindId::Group, &mut findings);
            named(estate, &way.people, KindId::Person, &mut findings);
        }
        findings
    }
}

impl Way {
    fn check_time(&self, findings: &mut Vec<Diagnostic>) {
        if let (Some(from), Some(until)) = (&self.from, &self.until)
            && until.value < from.value
        {
            let message = format!("the time ends on {until}, before it begins on {from}");
            let finding = Diagnostic::new(&codes::VOTER_RULE, until.span, message);
            findings.push(finding.help("correct one of the two days"));
        }
        let bound = self.from.as_ref().or(self.until.as_ref());
        if let (Some(bound), true) = (bound, self.groups.is_empty()) {
            let message = "`from` and `until` are about groups, and this way names none";
            let help = "add `groups`: only they say since when somebody belongs to them";
            findings.push(Diagnostic::new(&codes::VOTER_RULE, bound.span, message).help(help));
        }
    }
}

fn named<K: Kind>(
    estate: &Estate,
    references: &[Ref<K>],
    kind: KindId,
    findings: &mut Vec<Diagnostic>,
) where
    Tables: HasTable<K>,
{
    let book = &estate.address_book;
    for reference in references {
        if estate.find(reference).is_none() {
            let (name, span) = (&reference.name, reference.span);
            findings.push(estate::unknown(&estate.tables, book, kind, name, span));
        }
    }
}
