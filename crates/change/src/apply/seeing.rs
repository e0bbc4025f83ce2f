//! Never trust the OK: reads again and compares.

use super::{Ending, Report};
use crate::Domain;
use crate::journal::Journal;
use crate::plan::ScopePlan;

/// Reads again and compares, here and wherever the domain can ask: also what an earlier run
/// did, as that run may not have come so far.
pub(super) fn verify<D: Domain>(
    domain: &D,
    planned: &ScopePlan,
    journal: &Journal<'_>,
    report: &mut Report,
) {
    let mut seen = Vec::new();
    match domain.observe(&planned.scope) {
        Ok(observation) => {
            for planned in &planned.changes {
                let is = domain.resource(&observation.state, &planned.change.resource);
                if is != planned.change.after {
                    seen.push(otherwise(&planned.change.resource, is.is_some()));
                }
            }
            let changes = planned.changes.iter().map(|planned| &planned.change);
            let changes: Vec<_> = changes.collect();
            if !changes.is_empty() {
                report.sightings = domain.verify(&planned.scope, &observation.state, &changes);
            }
        }
        Err(stopped) => seen.push(format!("it cannot be read again: {}", stopped.what)),
    }
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
    if !seen.is_empty() {
        report.ending = Ending::NotAsPlanned { seen };
    }
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
