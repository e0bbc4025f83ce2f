//! What is asked of each thing of the past.

use std::collections::BTreeSet;

use base::{Diagnostic, SourceMap};
use estate::Item;
use estate::kinds::{Hold, Migration};
use jiff::civil::Date;
use predicate::Predicate;

use crate::terms::{Holder, Terms};

/// What a migration asks of each thing, as it is asked of things of the past.
#[derive(Debug, Clone)]
pub struct Gauge {
    goal: Predicate,
    scope: Option<Predicate>,
    ready: Option<Predicate>,
    /// What holds things back so that they must wait.
    holders: Vec<Holder>,
}

impl Gauge {
    /// What a migration asks; `sources` has its file.
    ///
    /// # Errors
    /// All that is mistaken in it.
    pub fn of(item: &Item<Migration>, sources: &SourceMap) -> Result<Self, Vec<Diagnostic>> {
        let terms = Terms::of(item, sources)?;
        let blockers = &item.value.blockers;
        let hard = |at: usize| blockers.get(at).is_some_and(|one| one.hold == Hold::Hard);
        let holders = terms.blockers.into_iter();
        Ok(Self {
            goal: terms.goal,
            scope: terms.scope,
            ready: terms.ready,
            holders: holders
                .filter(|(at, _)| hard(*at))
                .map(|(_, holder)| holder)
                .collect(),
        })
    }

    /// Only where things should be, and which are meant.
    pub fn plain(goal: Predicate, scope: Option<Predicate>) -> Self {
        Self {
            goal,
            scope,
            ready: None,
            holders: Vec::new(),
        }
    }

    /// What holds of a thing that has moved.
    pub fn goal(&self) -> &Predicate {
        &self.goal
    }

    /// Which things are meant.
    pub fn scope(&self) -> Option<&Predicate> {
        self.scope.as_ref()
    }

    /// Whether a thing is one that moves.
    pub fn covers(&self, thing: &dyn predicate::Item, today: Date) -> bool {
        let scope = self.scope.as_ref();
        scope.is_none_or(|scope| scope.holds(thing, today))
    }

    /// Whether a thing has moved.
    pub fn has_moved(&self, thing: &dyn predicate::Item, today: Date) -> bool {
        self.goal.holds(thing, today)
    }

    /// Whether nothing keeps a thing from being moved.
    pub fn is_free(&self, thing: &dyn predicate::Item, today: Date) -> bool {
        let ready = self.ready.as_ref();
        ready.is_none_or(|ready| ready.holds(thing, today))
            && self
                .holders
                .iter()
                .all(|holder| holder.locks(thing, today).is_empty())
    }

    /// The fields that it looks at.
    pub fn fields(&self) -> BTreeSet<&str> {
        let predicates = [Some(&self.goal), self.scope.as_ref(), self.ready.as_ref()];
        let applies = self.holders.iter().map(|holder| holder.applies.as_ref());
        let said = predicates.into_iter().chain(applies).flatten();
        let each = self
            .holders
            .iter()
            .filter_map(|holder| holder.each.as_ref());
        said.flat_map(Predicate::fields)
            .chain(each.map(|each| each.field.as_str()))
            .collect()
    }
}
