//! Never trust the OK: reads again and compares.

use std::collections::HashSet;

use super::{Ending, Report};
use crate::journal::Journal;
use crate::{Change, Domain};

/// Reads again and compares, here and wherever the domain can ask: also what an earlier run
/// did, as that run may not have come so far. Gives what was read if all is as planned.
pub(super) fn verify<D: Domain>(
    domain: &D,
    changes: &[Change],
    journal: &Journal<'_>,
    report: &mut Report,
) -> Option<D::State> {
    let mut seen = Vec::new();
    let read = match domain.observe(&report.scope) {
        Ok(observation) => {
            let current = observation.state;
            let mut wrong = HashSet::new();
            for change in changes {
                let is = domain.resource(&current, &change.resource);
                if is != change.after {
                    wrong.insert(change.resource.as_str());
                    seen.push(otherwise(&change.resource, is.is_some()));
                }
            }
            // They were written in another order than they were planned in.
            seen.sort();
            if !changes.is_empty() {
                report.sightings = domain.verify(&report.scope, &current, changes, &wrong);
            }
            Some(current)
        }
        Err(stopped) => {
            seen.push(format!("it cannot be read again: {}", stopped.what));
            None
        }
    };
    for sighting in &report.sightings {
        let otherwise = sighting.otherwise.iter();
        seen.extend(otherwise.map(|what| format!("at {}: {what}", sighting.at)));
    }
    let longest = report
        .sightings
        .iter()
        .map(|sighting| sighting.old_answers_for)
        .max();
    report.old_answers_until = longest.and_then(|seconds| {
        let span = jiff::SignedDuration::from_secs(i64::from(seconds));
        journal.now().checked_add(span).ok()
    });
    match &mut report.ending {
        Ending::Partly { failed, .. } => failed.extend(seen),
        _ if seen.is_empty() => return read,
        ending => *ending = Ending::NotAsPlanned { seen },
    }
    None
}

/// What became of a resource that is not as it should be.
pub(super) fn otherwise(resource: &str, is_there: bool) -> String {
    let what = if is_there {
        "is another now"
    } else {
        "is not there"
    };
    format!("{resource} {what}")
}
