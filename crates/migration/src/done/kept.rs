//! Whether services can live without the group that ends.

use std::collections::BTreeMap;

use charter::{DisbandPolicy, Level, RULES};

use super::{Finding, Question, Task, Thing};
use crate::completeness::fragile;

const KEPT: &str = "kept-running";

/// Every service keeps the rules of who keeps it running, as the charter sets them.
pub(super) fn services(question: &Question<'_>, policy: &DisbandPolicy, finding: &mut Finding) {
    let rules = policy.rules();
    let broken = fragile(question.estate, question.charter, question.findings);
    let services = &question.estate.tables.services;
    let mut by_owner: BTreeMap<Option<&str>, Vec<Thing>> = BTreeMap::new();
    for one in &broken {
        by_owner
            .entry(one.owner.as_deref())
            .or_default()
            .push(Thing {
                name: format!("{} ({})", one.service, one.rules.join(", ")),
                place: one.place,
            });
    }
    let mut evidence = vec![match broken.len() {
        0 => format!("all {} services keep {}", services.len(), rules.join(", ")),
        count => format!("{count} of {} services do not", services.len()),
    }];
    let off = rules.iter().filter(|id| is_off(question, id));
    let mut tasks: Vec<Task> = Vec::new();
    for id in off {
        evidence.push(format!("nobody looks at {id}: the charter switches it off"));
        tasks.push(Task {
            criterion: KEPT,
            who: None,
            what: format!(
                "switch the rule {id} on in the charter, or name other rules in `disband`"
            ),
            things: Vec::new(),
        });
    }
    let mut of: Vec<_> = by_owner.into_iter().collect();
    of.sort_by_key(|(_, things)| std::cmp::Reverse(things.len()));
    tasks.extend(of.into_iter().map(|(owner, things)| Task {
        criterion: KEPT,
        who: Some(owner.unwrap_or(&policy.group.name).to_owned()),
        what: super::said(
            "mend what keeps",
            &things,
            "service",
            "services",
            " running",
        ),
        things,
    }));
    finding.criterion(KEPT, "Services can live without it", evidence, tasks);
}

fn is_off(question: &Question<'_>, id: &str) -> bool {
    let rule = RULES.iter().find(|rule| rule.code.id == id);
    let settings = rule.and_then(|rule| question.charter.settings(rule));
    settings.is_some_and(|settings| settings.severity == Some(Level::Off))
}
