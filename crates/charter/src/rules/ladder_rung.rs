//! Nobody skips a rung.

mod ladder;

use std::collections::HashSet;

use base::{Code, Severity, Spanned, counted};
use estate::kinds::{Person, RungHeld};
use estate::{Item, KindId};
use jiff::civil::Date;

pub(crate) use self::ladder::Ladder;
use self::ladder::Rung;
use crate::rule::rule;
use crate::{Affiliation, Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "ladder-rung",
        title: "A person stands on a rung without what it takes",
        severity: Severity::Error,
        page: "The charter's `ladders` say what each rung takes: a time on the rung below, sponsors of several \
               employers who stand high enough themselves, people mentored, work that was counted. Where that is \
               not looked at, rungs go to those whom somebody knows. Sponsors count as they stood and worked on the \
               first day of the rung; people mentored and counted work as they are today. People whose `rungs` are \
               not written down, and rungs taken up before the ladder's `from`, are not judged.\n\n\
               Write down what is there and missing in the file (the rung below, `sponsors`, `facts`, and \
               `mentored_by` of those who were mentored), or end the rung with `until` until it is there.",
    },
    &[
        (
            "charter.yaml",
            "ladders:\n- name: contributors\n  rungs:\n  - {name: member, requires: {sponsors: 2, sponsor_employers: 2}}\n",
        ),
        (
            "people/ada.yaml",
            "rungs: [{rung: member, since: 2020-05-01, sponsors: [bob, cy]}]\n",
        ),
        ("people/bob.yaml", "employers: [{company: Aurora}]\n"),
        ("people/cy.yaml", "employers: [{company: Aurora}]\n"),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let today = case.today;
    let ladders = &case.charter.ladders;
    if ladders.is_empty() {
        return;
    }
    muddles(case, ladders);
    for person in case.estate.tables.people.items() {
        if person.value.has_left(case.today) {
            continue;
        }
        let held = person.value.rungs.iter();
        for held in held.filter(|held| held.holds_on(today)) {
            let Some(place) = Place::of(&held.rung, ladders) else {
                let message = format!("no ladder has the rung `{}`", held.rung);
                let names = ladders.iter().flat_map(|ladder| &ladder.rungs);
                let near = base::nearest(&held.rung, names.map(|rung| rung.name.as_str()));
                let help = near.map_or_else(
                    || "add it to `ladders` of the charter, or correct the name".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let finding = case.finding(held.rung.span, message).help(help);
                case.report(finding.about(person.subject()));
                continue;
            };
            if !place.applies_on(held.since) {
                continue;
            }
            let lacks = place.lacks(case, person, held);
            if !lacks.is_empty() {
                let message = format!(
                    "{} is on the rung `{}` without {}",
                    person.subject(),
                    place.rung().name,
                    lacks.join(", ")
                );
                let finding = case.finding(held.rung.span, message);
                case.report(
                    finding
                        .about(person.subject())
                        .help("write down what is there, or end the rung with `until` until it is"),
                );
            }
        }
    }
}

/// What is wrong with the ladders themselves: rungs of one name, and sponsors asked of a rung that is not there.
fn muddles(case: &mut Case<'_>, ladders: &[Ladder]) {
    let mut seen = HashSet::new();
    for ladder in ladders {
        for rung in &ladder.rungs {
            let named = |other: &Rung, name: &str| other.name.eq_ignore_ascii_case(name);
            if !seen.insert(rung.name.to_lowercase()) {
                let message = format!("two rungs are called `{}`", rung.name);
                let finding = case.finding(rung.name.span, message);
                case.report(finding.help("give each a name of its own, in all ladders together"));
            }
            let high = rung.requires.sponsor_rung.as_ref();
            let missing =
                |name: &&Spanned<String>| !ladder.rungs.iter().any(|own| named(own, name));
            if let Some(high) = high.filter(missing) {
                let message = format!("the ladder `{}` has no rung `{high}`", ladder.name);
                let near = ladder.rungs.iter().map(|rung| rung.name.as_str());
                let help = base::nearest(high, near).map_or_else(
                    || "name a rung of the same ladder".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let finding = case.finding(high.span, message);
                case.report(finding.help(help));
            }
        }
    }
}

/// A rung on its ladder.
#[derive(Clone, Copy)]
pub(crate) struct Place<'c> {
    ladder: &'c Ladder,
    at: usize,
}

impl<'c> Place<'c> {
    /// Where the rung of a name is.
    fn of(name: &str, ladders: &'c [Ladder]) -> Option<Self> {
        Self::find(ladders, |rung| rung.name.eq_ignore_ascii_case(name))
    }

    /// The lowest rung that opens a role.
    pub(crate) fn opening(role: &str, ladders: &'c [Ladder]) -> Option<Self> {
        let opens = |rung: &Rung| rung.roles.iter().any(|own| own.eq_ignore_ascii_case(role));
        Self::find(ladders, opens)
    }

    fn find(ladders: &'c [Ladder], wanted: impl Fn(&Rung) -> bool) -> Option<Self> {
        ladders.iter().find_map(|ladder| {
            let at = ladder.rungs.iter().position(&wanted)?;
            Some(Self { ladder, at })
        })
    }

    /// The rung.
    pub(crate) fn rung(self) -> &'c Rung {
        // `at` is a position in these rungs.
        &self.ladder.rungs[self.at]
    }

    /// Whether the ladder applied on a day.
    pub(crate) fn applies_on(self, day: Date) -> bool {
        self.ladder.from.is_none_or(|from| from <= day)
    }

    /// Whether the ladder has applied always, so that it applies on unknown days too.
    pub(crate) fn applies_always(self) -> bool {
        self.ladder.from.is_none()
    }

    /// Whether a person stands on this rung or a higher one on a day, in a group's work or everywhere.
    pub(crate) fn reached(self, person: &Person, group: Option<&str>, day: Date) -> bool {
        person.rungs.iter().any(|held| {
            held.holds_on(day)
                && within(held, group)
                && self
                    .ladder
                    .rungs
                    .iter()
                    .skip(self.at)
                    .any(|rung| rung.name.eq_ignore_ascii_case(&held.rung))
        })
    }

    /// What a person lacks for the rung, in words; nothing where all is there.
    pub(crate) fn lacks(
        self,
        case: &Case<'_>,
        person: &Item<Person>,
        held: &RungHeld,
    ) -> Vec<String> {
        let requires = &self.rung().requires;
        let mut lacks = Vec::new();
        lacks.extend(self.lacks_below(person, held));
        if case.all_known(&held.sponsors) {
            self.lacks_sponsors(case, person, held, &mut lacks);
        }
        let wanted = requires.mentees as usize;
        let mentored = mentees(case, person);
        if mentored < wanted {
            let people = counted(wanted, "person", "people");
            lacks.push(format!("having mentored {people} (it was {mentored})"));
        }
        for (name, least) in &requires.facts.entries {
            let is = person.value.facts.get(name).copied().unwrap_or(0);
            if is < *least {
                lacks.push(format!("{least} {name} ({is} are counted)"));
            }
        }
        lacks
    }

    fn lacks_below(self, person: &Item<Person>, held: &RungHeld) -> Option<String> {
        let below = self.ladder.rungs.get(self.at.checked_sub(1)?)?;
        let group = held.group.as_ref().map(|group| group.name.as_str());
        let steps = person.value.rungs.iter().filter(|step| {
            step.rung.eq_ignore_ascii_case(&below.name)
                && step.since <= held.since
                && within(step, group)
        });
        let Some(since) = steps.map(|step| step.since).min() else {
            return Some(format!("having been on `{}`", below.name));
        };
        let days = held.since.since(since).map_or(0, |span| span.get_days());
        let wanted = self.rung().requires.days;
        (i64::from(days) < i64::from(wanted))
            .then(|| format!("{wanted} days on `{}` (it was {days})", below.name))
    }

    fn lacks_sponsors(
        self,
        case: &Case<'_>,
        person: &Item<Person>,
        held: &RungHeld,
        lacks: &mut Vec<String>,
    ) {
        let requires = &self.rung().requires;
        let group = held.group.as_ref().map(|group| group.name.as_str());
        let high = requires.sponsor_rung.as_ref();
        let high = high.and_then(|name| {
            let named = |rung: &Rung| rung.name.eq_ignore_ascii_case(name);
            Self::find(std::slice::from_ref(self.ladder), named)
        });
        let mut seen = HashSet::from([person.name.as_str()]);
        let sponsors: Vec<Affiliation> = held
            .sponsors
            .iter()
            .filter_map(|sponsor| case.estate.find(sponsor))
            .filter(|sponsor| seen.insert(sponsor.name.as_str()))
            .map(|sponsor| &sponsor.value)
            .filter(|sponsor| !sponsor.robot && !sponsor.has_left(held.since))
            .filter(|sponsor| high.is_none_or(|high| high.reached(sponsor, group, held.since)))
            .map(|sponsor| case.employers.employer_of(sponsor, held.since))
            .collect();
        let (wanted, of) = (requires.sponsors as usize, sponsors.len());
        if of < wanted {
            let standing = high.map_or(String::new(), |high| {
                format!(" on `{}` or higher", high.rung().name)
            });
            lacks.push(format!(
                "{}{standing} (it was {of})",
                counted(wanted, "sponsor", "sponsors")
            ));
        }
        let (wanted, of) = (
            requires.sponsor_employers as usize,
            Affiliation::distinct(&sponsors),
        );
        if of < wanted {
            lacks.push(format!("sponsors of {wanted} employers (they are of {of})"));
        }
    }
}

/// How many others name a person as their mentor.
fn mentees(case: &Case<'_>, mentor: &Item<Person>) -> usize {
    let graph = &case.estate.graph;
    let node = case.estate.node_of(mentor).into_iter();
    let naming: HashSet<&str> = node
        .flat_map(|node| graph.incoming(node))
        .map(|link| graph.item(link.from))
        .filter(|(kind, name)| *kind == KindId::Person && *name != mentor.name)
        .map(|(_, name)| name)
        .collect();
    let people = &case.estate.tables.people;
    let naming = naming.into_iter().filter_map(|name| people.get(name));
    naming
        .filter(|person| {
            let mentors = person.value.mentored_by.iter();
            let mut found = mentors.filter_map(|named| case.estate.find(named));
            found.any(|named| named.name == mentor.name)
        })
        .count()
}

/// Whether a rung counts for a group's work: those of the whole community count everywhere.
fn within(held: &RungHeld, group: Option<&str>) -> bool {
    held.group
        .as_ref()
        .is_none_or(|own| group.is_some_and(|group| own.name.eq_ignore_ascii_case(group)))
}
