//! `commonhold apply`

mod watched;

use change::apply::{self, Ending, Order, Report};
use change::is_reached;
use change::journal::Journal;
use change::plan::ScopePlan;

use crate::Exit;
use crate::cli::ApplyArguments;
use crate::court::{Filed, Inadmissible};
use crate::governed::{Place, WallClock};
use crate::project::Project;
use crate::render::apply as render;
use crate::surroundings::Outcome;
use crate::systems::Hands;
use watched::Watched;

pub(crate) fn run(project: &Project<'_>, arguments: &ApplyArguments) -> anyhow::Result<Outcome> {
    if arguments.force {
        return Ok(Outcome::usage(
            "no flag passes a gate or a limit: a decision does, bound to this very plan; `commonhold gate PLAN` says what is missing",
        ));
    }
    let place = Place::of(project)?;
    let filed = Filed::read(&place, &arguments.file)?;
    let mut ledger = place.ledger(project)?;
    let court = filed.court(&place, &mut ledger)?;
    let Filed { plan, digest } = filed;
    // Before anything else: a plan that understates its risk is not tried at all.
    let plan = change::gate::rejudge(plan, &mut court.judges()).map_err(Inadmissible::from)?;
    let systems = court.systems(&place);
    let domains = &systems.domains;
    let starts = court.starts.systems(place.outside());
    let clock = WallClock(project.surroundings);
    let mut journal = Journal::new(&mut ledger, &clock, place.actor());
    let authors = court.authors.all();
    let order = Order {
        plan: &digest,
        commit: plan.commit.as_deref(),
        authors: &authors,
    };
    let with_changes = |scope: &ScopePlan| !scope.changes.is_empty();
    let planned: Vec<ScopePlan> = plan.scopes.into_iter().filter(with_changes).collect();
    let beside = court.beside(&planned);
    let mut reports = Vec::new();
    for (planned, beside) in planned.into_iter().zip(beside) {
        let scope = planned.scope.clone();
        (project.surroundings.progress)(&format!("applying {scope}"));
        let mut gate = |anew: &mut ScopePlan| court.judge_scope(&digest, anew, &beside, &place);
        let hands = Watched {
            hands: Hands::of(&systems),
            surroundings: project.surroundings,
        };
        let (report, seen) =
            apply::apply(order, planned, domains, &hands, &mut journal, &mut gate)?;
        let seen = seen.filter(|_| !report.judgements.is_empty() && plan.reverts.is_none());
        if let Some((commit, seen)) = plan.commit.as_ref().zip(seen) {
            // Only where nothing is left does the commit judge what comes after it: a plan
            // may hold less than its commit wants.
            let before = starts.of(&scope);
            if is_reached(domains, before, &scope, &seen).unwrap_or(false) {
                journal.reached(&scope, commit, &digest)?;
            }
        }
        reports.push(report);
    }
    (project.surroundings.progress)("");
    let data = render::print(&reports, &court.authors, arguments.output);
    let mut notes = String::new();
    for stopped in &plan.stopped {
        notes += &format!("warning: the plan left out {stopped}; {}\n", stopped.help);
    }
    let exit = match exit(&reports) {
        Exit::Well if !plan.stopped.is_empty() => Exit::Findings,
        exit => exit,
    };
    Ok(Outcome { data, notes, exit })
}

/// The worst of all endings: what failed, then what is stale, then what waits.
fn exit(reports: &[Report]) -> Exit {
    let exits = reports.iter().map(|report| match report.ending {
        Ending::Applied => (0, Exit::Well),
        Ending::NotPassed => (1, Exit::Waits),
        Ending::Stale { .. } => (2, Exit::Stale),
        Ending::Stopped { .. }
        | Ending::RolledBack { .. }
        | Ending::Interrupted { .. }
        | Ending::Partly { .. }
        | Ending::NotAsPlanned { .. } => (3, Exit::Findings),
    });
    exits
        .max_by_key(|(weight, _)| *weight)
        .map_or(Exit::Well, |(_, exit)| exit)
}
