//! What a migration says in predicates, read.

use std::collections::BTreeSet;

use base::{Diagnostic, SourceMap, Spanned};
use estate::Item;
use estate::kinds::{Blocker, Migration};
use jiff::civil::Date;
use policy::Reader;
use predicate::{Predicate, Type, Value, Vocabulary};

use crate::{codes, wildcard};

/// What a migration says in predicates, read against what is known of its things.
///
/// It is read whole or not at all: without a blocker that is mistyped, things would seem to be
/// ready that are not.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Which things move; all if nothing is said.
    pub(crate) scope: Option<Predicate>,
    /// What holds of a thing that has moved.
    pub(crate) goal: Predicate,
    /// What must hold before a thing can be moved.
    pub(crate) ready: Option<Predicate>,
    /// What holds of a thing that is being moved.
    pub(crate) in_flight: Option<Predicate>,
    /// Exceptions by their place in the migration.
    pub(crate) exceptions: Vec<(usize, Predicate)>,
    /// Blockers by their place in the migration.
    pub(crate) blockers: Vec<(usize, Holder)>,
    /// The field on which things agree that move in one go.
    pub(crate) batch: Option<String>,
}

/// What a blocker holds back.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) applies: Option<Predicate>,
    pub(crate) each: Option<Each>,
}

/// What is listed, each a blocker of its own.
#[derive(Debug, Clone)]
pub(crate) struct Each {
    pub(crate) field: String,
    matching: Vec<String>,
    freed: Vec<String>,
}

impl Terms {
    /// Reads what a migration says; `sources` has its file.
    ///
    /// # Errors
    /// All that is mistaken in it.
    pub fn of(item: &Item<Migration>, sources: &SourceMap) -> Result<Self, Vec<Diagnostic>> {
        Self::read(item, policy::vocabulary(item.value.about), sources)
    }

    /// The same, against the words for its things.
    pub(crate) fn read(
        item: &Item<Migration>,
        vocabulary: &'static dyn Vocabulary,
        sources: &SourceMap,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut reading = Reading {
            vocabulary,
            reader: Reader::new(sources, item.subject()),
            findings: Vec::new(),
        };
        let terms = reading.terms(&item.value);
        let about = |finding: Diagnostic| finding.about(item.subject());
        let mut findings: Vec<Diagnostic> = reading.findings.into_iter().map(about).collect();
        findings.extend(reading.reader.into_findings());
        match terms {
            Some(terms) if findings.is_empty() => Ok(terms),
            _ => Err(findings),
        }
    }

    /// Whether a thing is one that moves.
    pub fn covers(&self, thing: &dyn predicate::Item, today: Date) -> bool {
        self.scope
            .as_ref()
            .is_none_or(|scope| scope.holds(thing, today))
    }

    /// Whether a thing has moved.
    pub fn has_moved(&self, thing: &dyn predicate::Item, today: Date) -> bool {
        self.goal.holds(thing, today)
    }
}

impl Holder {
    /// Under which names it holds a thing: one empty text for the blocker itself, or what is listed.
    pub(crate) fn locks(&self, thing: &dyn predicate::Item, today: Date) -> BTreeSet<String> {
        let applies = self.applies.as_ref();
        if applies.is_some_and(|applies| !applies.holds(thing, today)) {
            return BTreeSet::new();
        }
        match &self.each {
            None => BTreeSet::from([String::new()]),
            Some(each) => each.listed(thing),
        }
    }
}

impl Each {
    fn listed(&self, thing: &dyn predicate::Item) -> BTreeSet<String> {
        let mut listed = BTreeSet::new();
        let mut take = |value: Value<'_>| {
            if let Value::Text(text) = value
                && self.holds(text)
            {
                listed.insert(text.to_owned());
            }
            false
        };
        match thing.get(&self.field) {
            Value::List(list) => {
                list.elements().find(&mut take);
            }
            one => {
                take(one);
            }
        }
        listed
    }

    fn holds(&self, name: &str) -> bool {
        let among = |patterns: &[String]| patterns.iter().any(|one| wildcard::matches(one, name));
        !name.is_empty()
            && (self.matching.is_empty() || among(&self.matching))
            && !among(&self.freed)
    }
}

/// What is being read, and what was found.
struct Reading<'s> {
    vocabulary: &'static dyn Vocabulary,
    reader: Reader<'s>,
    findings: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn terms(&mut self, migration: &Migration) -> Option<Terms> {
        let goal = self.predicate(&migration.goal);
        let scope = self
            .reader
            .predicate_if(migration.scope.as_ref(), self.vocabulary);
        let ready = self
            .reader
            .predicate_if(migration.ready.as_ref(), self.vocabulary);
        let in_flight = self
            .reader
            .predicate_if(migration.in_flight.as_ref(), self.vocabulary);
        let exceptions = migration.exceptions.iter().enumerate();
        let exceptions = exceptions
            .filter_map(|(at, excuse)| Some((at, self.predicate(&excuse.applies)?)))
            .collect();
        let blockers = migration.blockers.iter().enumerate();
        let blockers = blockers
            .filter_map(|(at, blocker)| Some((at, self.holder(blocker)?)))
            .collect();
        let batch = migration.batch.as_ref();
        let batch = batch.filter(|field| self.field(field, Use::Batch));
        Some(Terms {
            scope: scope?,
            goal: goal?,
            ready: ready?,
            in_flight: in_flight?,
            exceptions,
            blockers,
            batch: batch.map(|field| field.value.clone()),
        })
    }

    fn predicate(&mut self, said: &Spanned<String>) -> Option<Predicate> {
        self.reader.predicate(said, self.vocabulary)
    }

    fn holder(&mut self, blocker: &Blocker) -> Option<Holder> {
        let applies = self
            .reader
            .predicate_if(blocker.applies.as_ref(), self.vocabulary)?;
        let each = match &blocker.each {
            None => None,
            Some(field) if self.field(field, Use::Each) => Some(Each {
                field: field.value.clone(),
                matching: texts(&blocker.matching),
                freed: texts(&blocker.freed),
            }),
            Some(_) => return None,
        };
        // One that says neither is reported by the check; here it holds nothing back.
        (applies.is_some() || each.is_some()).then_some(Holder { applies, each })
    }

    /// Whether a field can be used for something; reported if not.
    fn field(&mut self, named: &Spanned<String>, used: Use) -> bool {
        let noun = base::article(self.vocabulary.noun());
        let Some(field) = self.vocabulary.field(&named.value) else {
            let fields = self.vocabulary.fields().iter();
            let fits = fields.filter(|field| used.takes(field.holds));
            let near = base::nearest(&named.value, fits.map(|field| field.name));
            let message = format!("{noun} has no field `{named}`");
            let finding = Diagnostic::new(&codes::FIELD, named.span, message);
            let help = near.map(|near| format!("did you mean `{near}`?"));
            self.findings.push(finding.help_if(help));
            return false;
        };
        if used.takes(field.holds) {
            return true;
        }
        let message = format!("`{named}` of {noun} is {}", field.holds);
        let finding = Diagnostic::new(&codes::FIELD, named.span, message).help(used.needs());
        self.findings.push(finding);
        false
    }
}

fn texts(named: &[Spanned<String>]) -> Vec<String> {
    named.iter().map(|one| one.value.clone()).collect()
}

/// What a field is named for.
#[derive(Clone, Copy)]
enum Use {
    Batch,
    Each,
}

impl Use {
    fn takes(self, holds: Type) -> bool {
        match (self, holds) {
            (Self::Each, Type::Text) => true,
            (Self::Each, Type::List(of)) => matches!(of, Type::Text),
            (Self::Each, _) | (Self::Batch, Type::Map(_) | Type::Item(_)) => false,
            (Self::Batch, Type::List(of)) => !matches!(of, Type::Map(_) | Type::Item(_)),
            (Self::Batch, _) => true,
        }
    }

    fn needs(self) -> &'static str {
        match self {
            Self::Batch => {
                "things move together that agree on a word, a number, or a list of these"
            }
            Self::Each => "name a field that is a text or a list of texts",
        }
    }
}
