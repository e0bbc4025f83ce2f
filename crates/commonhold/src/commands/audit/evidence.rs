//! What explains a difference: plans, proposals, and what the ledger says was done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Context;
use base::Digest;
use change::journal::{Fate, INTENT, Intent, OUTCOME, Outcome};
use change::{Change, Scope};
use decisions::Act;
use serde::Deserialize;
use serde_json::Value;

use super::see::system_of;
use crate::court::{self, Filed, short};
use crate::governed::{Place, Side};

/// What explains a difference.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Changes that are planned or proposed, by their digests, and by which plan.
    planned: BTreeMap<Digest, String>,
    /// As what each thing was left by the last record that changed it.
    made: BTreeMap<(String, String), (Option<Value>, u64)>,
}

impl Evidence {
    /// Of these plans, of the proposals of people of the estate, and of its ledger.
    pub(super) fn read(place: &Place<'_>, head: &Side, plans: &[PathBuf]) -> anyhow::Result<Self> {
        let mut evidence = Self::default();
        let (proposed, ..) = court::events(place, head)?;
        for proposal in &proposed {
            if matches!(proposal.event.act(), Act::Propose { .. }) {
                let by = format!("a proposal of {}", proposal.person);
                let changes = proposal.event.content().changes().iter();
                evidence
                    .planned
                    .extend(changes.map(|change| (*change, by.clone())));
            }
        }
        for path in plans {
            let filed = Filed::read(place, path)?;
            let by = format!("plan {}", short(&filed.digest.to_string()));
            let changes = filed.plan.changes().map(|(_, planned)| planned.digest);
            evidence
                .planned
                .extend(changes.map(|change| (change, by.clone())));
        }
        if let Some(mut ledger) = place.existing_ledger(&head.estate)? {
            evidence.follow(&mut ledger)?;
        }
        Ok(evidence)
    }

    fn follow(&mut self, ledger: &mut ledger::Ledger) -> anyhow::Result<()> {
        let mut done = BTreeSet::new();
        for record in ledger.records_of(0, OUTCOME) {
            let record = record?;
            let outcome = Outcome::deserialize(record.body())
                .with_context(|| format!("record {} of the ledger", record.seq()))?;
            if outcome.fate == Fate::Done {
                done.insert(outcome.intent);
            }
        }
        for record in ledger.records_of(0, INTENT) {
            let record = record?;
            if !done.contains(&record.seq()) {
                continue;
            }
            let intent: Intent = Intent::deserialize(record.body())
                .with_context(|| format!("record {} of the ledger", record.seq()))?;
            let system = system_of(&intent.scope);
            for change in intent.changes {
                let after = change.after.map(audit::normal);
                let key = (system.clone(), change.resource);
                self.made.insert(key, (after, record.seq()));
            }
        }
        Ok(())
    }

    /// The plan that has this change.
    pub(super) fn plans(&self, change: &Change, scope: &Scope) -> Option<String> {
        self.planned.get(&change.digest(scope).ok()?).cloned()
    }
}

impl audit::Evidence for Evidence {
    fn made(&self, system: &str, thing: &str, now: Option<&Value>) -> Option<String> {
        let (after, seq) = self.made.get(&(system.to_owned(), thing.to_owned()))?;
        (after.as_ref() == now).then(|| format!("record {seq} of the ledger"))
    }
}
