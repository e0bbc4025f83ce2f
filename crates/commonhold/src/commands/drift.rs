//! `commonhold drift`

use change::{Action, Domain, Stopped, survey};

use crate::Exit;
use crate::cli::DriftArguments;
use crate::governed::{Place, Side};
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// How a real system differs from what is declared.
struct Found {
    scope: String,
    resource: String,
    what: &'static str,
    owners: Vec<String>,
    is: Option<String>,
    declared: Option<String>,
}

pub(crate) fn run(project: &Project<'_>, arguments: &DriftArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let head = Side::read(Box::new(project.tree()?), "")?;
    let systems = head.systems(place.outside(), None);
    let domains = &systems.domains;
    let mut found = Vec::new();
    let mut stopped: Vec<Stopped> = Vec::new();
    for scope in arguments.part.part().of(domains)? {
        // What was declared is what is declared: whatever differs was done by others.
        let survey = match survey(domains, Some(domains), &scope) {
            Ok(survey) => survey,
            Err(why) => {
                stopped.push(why);
                continue;
            }
        };
        for change in survey.difference.changes {
            found.push(Found {
                scope: scope.to_string(),
                what: match change.action {
                    Action::Create => "removed",
                    Action::Update => "changed",
                    Action::Delete => "undeclared",
                },
                owners: change.owners,
                is: change.before.map(|value| value.to_string()),
                declared: change.after.map(|value| value.to_string()),
                resource: change.resource,
            });
        }
        let desired = domains.desired(&scope);
        for kept in survey.difference.kept {
            found.push(Found {
                scope: scope.to_string(),
                what: "foreign",
                owners: desired.as_ref().map_or_else(
                    |_| Vec::new(),
                    |desired| domains.owners(&scope, &kept.resource, desired, None),
                ),
                resource: kept.resource,
                is: Some(kept.why),
                declared: None,
            });
        }
    }
    let mut table = Table::new(&["scope", "resource", "drift", "owners", "is", "declared"]);
    for one in &found {
        table.row([
            Cell::from(one.scope.as_str()),
            Cell::from(one.resource.as_str()),
            Cell::from(one.what),
            Cell::from(one.owners.clone()),
            Cell::from(one.is.clone()),
            Cell::from(one.declared.clone()),
        ]);
    }
    let mut notes = String::new();
    for why in &stopped {
        notes += &format!("error: {why}\n  help: {}\n", why.help);
    }
    let drifted = found.iter().filter(|one| one.what != "foreign").count();
    let foreign = found.len() - drifted;
    if !table.is_empty() || stopped.is_empty() {
        notes += &summary(drifted, foreign, stopped.is_empty());
    }
    let exit = match (stopped.is_empty(), drifted) {
        (false, _) => Exit::Findings,
        (true, 0) => Exit::Well,
        (true, _) => Exit::Stale,
    };
    let data = if table.is_empty() && arguments.question.output == crate::cli::Output::Text {
        String::new()
    } else {
        table.print(arguments.question.output, "drift", project.surroundings)
    };
    Ok(Outcome { data, notes, exit })
}

/// `2 resources are not as declared, 1 resource is foreign`.
fn summary(drifted: usize, foreign: usize, all_told: bool) -> String {
    let count = |count| base::counted(count, "resource is", "resources are");
    let declared = match (drifted, all_told) {
        (0, true) => "all is as declared".to_owned(),
        (0, false) => "all that could be told is as declared".to_owned(),
        _ => format!("{} not as declared", count(drifted)),
    };
    match foreign {
        0 => format!("{declared}\n"),
        _ => format!("{declared}, {} foreign\n", count(foreign)),
    }
}
