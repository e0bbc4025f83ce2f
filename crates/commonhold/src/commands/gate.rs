//! `commonhold gate`

use change::gate::{self, Judgement, Verdict};

use crate::Exit;
use crate::cli::GateArguments;
use crate::court::{Filed, Inadmissible};
use crate::governed::Place;
use crate::project::Project;
use crate::render::gate as render;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &GateArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let filed = Filed::read(&place, &arguments.file)?;
    let mut ledger = place.ledger(project)?;
    let court = filed.court(&place, &mut ledger)?;
    let observed = court.observed(&place, &filed)?;
    let plan = gate::rejudge(observed, &mut court.judges()).map_err(Inadmissible::from)?;
    let judgements = court.judge(&plan.scopes, &filed.digest, &place);
    let data = render::print(&judgements, &court.authors, arguments.output);
    Ok(Outcome::data(data).exit(exit(&judgements)))
}

/// Well if every change may be applied.
pub(crate) fn exit(judgements: &[Judgement]) -> Exit {
    let passed = |one: &Judgement| matches!(one.verdict, Verdict::Passed { .. });
    if judgements.iter().all(passed) {
        Exit::Well
    } else {
        Exit::Waits
    }
}
