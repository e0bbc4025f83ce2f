//! A team is somebody.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "team-empty",
        title: "A team reaches nobody",
        severity: Severity::Warning,
        page: "A team without people still holds its permissions, and whoever asks it for a review waits for ever. A team whose \
               child teams have people reaches those. Add people, or remove the team.",
    },
    &[("teams/readers.yaml", "description: Reads.\n")]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let estate = case.estate;
    let mut reached: std::collections::HashSet<&str> = std::collections::HashSet::new();
    for team in estate.tables.teams.items() {
        let mut inhabited = Some(team).filter(|team| {
            // Who comes from elsewhere is told by what stands there.
            let comes = !team.value.include.is_empty() || !team.value.temporary.is_empty();
            let people = || team.value.people();
            comes || !case.all_known(people()) || !case.humans(people()).is_empty()
        });
        // A team is reached through its children; the set ends the walk where parents form a circle.
        while let Some(team) = inhabited.filter(|team| reached.insert(&team.name)) {
            inhabited = team
                .value
                .parent
                .as_ref()
                .and_then(|parent| estate.find(parent));
        }
    }
    for team in estate
        .tables
        .teams
        .items()
        .filter(|team| !reached.contains(team.name.as_str()))
    {
        let robots = team.value.people().next().is_some();
        let who = if robots {
            "only robots or people who left are in"
        } else {
            "nobody is in"
        };
        let finding = case.finding(team.span, format!("{who} {}", team.subject()));
        case.report(
            finding
                .about(team.subject())
                .help("add people, or remove the team"),
        );
    }
}
