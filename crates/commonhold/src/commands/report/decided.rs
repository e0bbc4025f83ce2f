//! What a group decided.

use std::collections::BTreeMap;

use decisions::item::Record;
use jiff::Timestamp;
use serde::Serialize;

use super::states::{Known, Period};
use crate::docket::{Case, Docket, state, superseded};
use crate::governed::Place;
use crate::project::Project;

/// The items before a group that were proposed in the year or to which something happened in
/// it, as they stood at its end.
#[derive(Debug, Serialize)]
pub(crate) struct Decisions {
    pub(crate) items: Vec<Decided>,
    pub(crate) by_state: BTreeMap<&'static str, usize>,
    /// Items of the estate of which nothing can be said; some may be the group's.
    pub(crate) unjudged: usize,
}

/// An item.
#[derive(Debug, Serialize)]
pub(crate) struct Decided {
    pub(crate) number: Option<u32>,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) kind: &'static str,
    pub(crate) procedure: String,
    pub(crate) state: &'static str,
    pub(crate) since: Option<Timestamp>,
}

impl Decisions {
    pub(super) fn of(project: &Project<'_>, group: &str, period: Period) -> Known<Self> {
        match Self::read(project, group, period) {
            Ok(decisions) => Known::Is(decisions),
            Err(error) => Known::Not(format!("{error:#}")),
        }
    }

    fn read(project: &Project<'_>, group: &str, period: Period) -> anyhow::Result<Self> {
        let place = Place::of(project)?;
        place.git()?;
        let mut ledger = place.existing_ledger_here(project)?;
        let trusted = place.trusted_now(ledger.as_mut())?;
        let docket = Docket::read(&place, ledger.as_mut())?;
        let ends = period.ends()?;
        let (stand, unjudged) = docket.stand(&trusted, ends)?;
        let superseded = superseded(&stand);
        let begins = period.begins()?;
        let within = |at: Timestamp| begins <= at && at < ends;
        let mut items = Vec::new();
        for (case, record) in &stand {
            let before_group = case.basis.rules.body.eq_ignore_ascii_case(group);
            let proposed = record.proposed.is_some_and(|at| at < ends);
            let happened = record.proposed.is_some_and(within)
                || record.history.iter().any(|step| within(step.at));
            if before_group && proposed && happened {
                let state = state(case, record, &superseded).word();
                items.push(Decided::of(case, record, state));
            }
        }
        let mut by_state = BTreeMap::new();
        for item in &items {
            *by_state.entry(item.state).or_default() += 1;
        }
        Ok(Self {
            items,
            by_state,
            unjudged: unjudged.len(),
        })
    }
}

impl Decided {
    fn of(case: &Case, record: &Record, state: &'static str) -> Self {
        Self {
            number: case.number,
            id: case.item.to_string(),
            title: record.title.clone(),
            kind: record
                .matter
                .as_ref()
                .map_or("item", |matter| matter.kind.word()),
            procedure: case.basis.rules.name.clone(),
            state,
            since: record.since,
        }
    }
}
