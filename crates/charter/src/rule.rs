//! What a rule is, and what it sees.

use std::collections::{BTreeMap, HashSet};

use base::{Code, Diagnostic, Span};
use estate::kinds::Person;
use estate::{Estate, Item, KindId, Ref};
use jiff::civil::Date;
use yaml::{Decoding, Field, FromYaml, Node, Profile, Shape, Value, record};

use crate::{Charter, Employers, RuleSettings};

/// One rule of the charter.
pub struct Rule {
    /// Its id, severity as shipped, and page.
    pub code: Code,
    /// Files of a small estate that breaks it once; shown on its page and run by the tests.
    pub example: &'static [(&'static str, &'static str)],
    pub(crate) parameters: fn() -> Shape,
    pub(crate) run: fn(&mut Case<'_>, &Node),
}

record! {
    /// Nothing can be set.
    pub struct NoParameters {}
}

/// Makes a [`Rule`] of its parts; its parameters are read before it runs.
macro_rules! rule {
    ($Parameters:ty, $check:path, $code:expr, $example:expr) => {
        $crate::Rule {
            code: $code,
            example: $example,
            parameters: || <$Parameters as yaml::FromYaml>::shape(),
            run: |case, with| {
                if let Some(parameters) = case.read::<$Parameters>(with) {
                    $check(case, &parameters);
                }
            },
        }
    };
}
pub(crate) use rule;

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule")
            .field("id", &self.code.id)
            .finish_non_exhaustive()
    }
}

impl Rule {
    /// What can be set, with its defaults.
    pub fn parameters(&self) -> Vec<Field> {
        match (self.parameters)() {
            Shape::Record(record) => (record.fields)(),
            _ => Vec::new(),
        }
    }

    /// The rule as a key of the charter.
    pub(crate) fn field(&self) -> Field {
        Field {
            key: self.code.id,
            doc: self.code.title,
            required: false,
            default: None,
            shape: RuleSettings::shape(),
        }
    }
}

/// What rules judge and an estate alone does not say.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// How many things each migration has left to move, by its name; of one that is not here,
    /// nobody knows.
    pub left: BTreeMap<String, usize>,
}

/// What a rule sees and what it found.
#[derive(Debug)]
pub struct Case<'e> {
    /// The estate.
    pub estate: &'e Estate,
    /// The charter.
    pub charter: &'e Charter,
    /// The day it is judged on.
    pub today: Date,
    /// What the estate alone does not say.
    pub told: &'e Told,
    /// Employers under the names they are counted by.
    pub employers: &'e Employers,
    pub(crate) code: &'static Code,
    pub(crate) findings: Vec<Diagnostic>,
}

impl<'e> Case<'e> {
    /// A finding of this rule, to be completed and passed to [`Case::report`].
    pub fn finding(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code, span, message)
    }

    /// Reports a finding.
    pub fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub(crate) fn read<P: FromYaml>(&mut self, with: &Node) -> Option<P> {
        let (parameters, findings) = Decoding::read::<P>(with, Profile::NATIVE);
        self.findings.extend(findings);
        // A mistyped parameter keeps its default, so that a slip cannot switch the rule off.
        let defaults = || {
            let nothing = Node {
                value: Value::Mapping(Vec::new()),
                span: with.span,
            };
            Decoding::read::<P>(&nothing, Profile::NATIVE).0
        };
        parameters.or_else(defaults)
    }

    /// Whether every reference leads somewhere. Where one does not, which has been
    /// reported, nothing can be concluded from the number of people.
    pub fn all_known<'r>(&self, references: impl IntoIterator<Item = &'r Ref<Person>>) -> bool {
        references
            .into_iter()
            .all(|reference| self.estate.find(reference).is_some())
    }

    /// The distinct people behind references, without robots and those who left.
    pub fn humans<'r>(
        &self,
        references: impl IntoIterator<Item = &'r Ref<Person>>,
    ) -> Vec<(&'e Item<Person>, Span)> {
        let mut seen = HashSet::new();
        let mut humans = Vec::new();
        for reference in references {
            let Some(person) = self.estate.find(reference) else {
                continue;
            };
            if !person.value.robot
                && !person.value.has_left(self.today)
                && seen.insert(person.name.as_str())
            {
                humans.push((person, reference.span));
            }
        }
        humans
    }

    /// The names of everybody in any organisation; `None` where the estate has no organisations.
    pub fn organisation_members(&self) -> Option<HashSet<&'e str>> {
        let organisations = &self.estate.tables.organisations;
        let flawed = |name: &str| self.estate.tables.is_flawed(KindId::Organisation, name);
        if organisations.is_incomplete() || organisations.items().any(|org| flawed(&org.name)) {
            return None;
        }
        let people = organisations
            .items()
            .flat_map(|organisation| organisation.value.people());
        let names = people
            .filter_map(|person| self.estate.find(person))
            .map(|person| person.name.as_str());
        (!organisations.is_empty()).then(|| names.collect())
    }

    /// Whether a young thing still enjoys patience.
    pub fn in_grace(&self, since: Option<Date>, grace_days: u32) -> bool {
        since.is_some_and(|since| {
            let end = jiff::Span::new()
                .try_days(grace_days)
                .and_then(|days| since.checked_add(days));
            // A grace beyond the end of the calendar does not end.
            end.map_or(true, |end| end > self.today)
        })
    }
}
