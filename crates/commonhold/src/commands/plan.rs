//! `commonhold plan`

use anyhow::Context;
use change::plan::{FORMAT, Observed, Plan, Planned, ScopePlan};
use change::{Change, Domain, Judges, Scope, revert};
use charter::risk::Risk;

use crate::Exit;
use crate::cli::{PlanArguments, PlanCommand, PlanShowArguments};
use crate::court::{self, Filed, short};
use crate::files;
use crate::governed::{Authors, Part, Place, Side, survey_all};
use crate::project::Project;
use crate::render::plan as render;
use crate::surroundings::Outcome;
use crate::systems::Outside;

pub(crate) fn run(project: &Project<'_>, arguments: &PlanArguments) -> anyhow::Result<Outcome> {
    if let Some(PlanCommand::Show(arguments)) = &arguments.command {
        return show(project, arguments);
    }
    let place = Place::of(project)?;
    let made = make(project, &place, arguments)?;
    let (text, digest) = made.plan.to_text()?;
    let mut notes = made.notes;
    if let Some(out) = &arguments.out {
        files::replace(&project.surroundings.folder.join(out), &text)
            .with_context(|| format!("{} cannot be written", out.display()))?;
        notes += &format!("wrote {}\n", out.display());
    }
    let shown = render::Shown {
        plan: &made.plan,
        digest: &digest,
        court: Some((&made.base, &made.authors)),
        file: arguments.out.as_deref(),
        day: project.day,
    };
    let data = shown.print(arguments.output, project.surroundings);
    let exit = if !made.plan.stopped.is_empty() {
        Exit::Findings
    } else if arguments.detailed_exitcode && !made.plan.is_empty() {
        Exit::Changes
    } else {
        Exit::Well
    };
    Ok(Outcome { data, notes, exit })
}

fn show(project: &Project<'_>, arguments: &PlanShowArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let filed = Filed::read(&place, &arguments.file)?;
    // Who may approve is told where the estate of the plan can be read; a plan can be read anywhere.
    let mut ledger = place.existing_ledger_here(project).ok().flatten();
    let parties = filed.parties(&place, ledger.as_mut()).ok();
    let shown = render::Shown {
        plan: &filed.plan,
        digest: &filed.digest,
        court: parties
            .as_ref()
            .map(|parties| (&parties.base, &parties.authors)),
        file: Some(&arguments.file),
        day: project.day,
    };
    Ok(Outcome::data(
        shown.print(arguments.output, project.surroundings),
    ))
}

/// A plan that was just made, and what it was judged by.
struct Made {
    plan: Plan,
    base: Side,
    authors: Authors,
    notes: String,
}

/// What is to be planned.
struct Wanted {
    /// The commit that the files are of; none if they are of none.
    commit: Option<String>,
    part: Part,
    revert: Option<u64>,
    at_least: Option<Risk>,
}

fn make(
    project: &Project<'_>,
    place: &Place<'_>,
    arguments: &PlanArguments,
) -> anyhow::Result<Made> {
    let head = Side::read(Box::new(project.tree()?), "")?;
    let mut notes = String::new();
    let wanted = Wanted {
        commit: committed(place, &mut notes)?,
        part: arguments.part.part(),
        revert: arguments.revert,
        at_least: arguments.at_least.map(Into::into),
    };
    let made = made(place, head, wanted)?;
    Ok(Made { notes, ..made })
}

/// The plan of a part of what a commit wants, whatever is checked out.
pub(crate) fn of_commit(place: &Place<'_>, commit: &str, part: Part) -> anyhow::Result<Plan> {
    let wanted = Wanted {
        commit: Some(commit.to_owned()),
        part,
        revert: None,
        at_least: None,
    };
    Ok(made(place, place.at(commit)?, wanted)?.plan)
}

fn made(place: &Place<'_>, head: Side, wanted: Wanted) -> anyhow::Result<Made> {
    let mut ledger = place.existing_ledger(&head.estate)?;
    let commit = wanted.commit;
    let systems = head.systems(place.outside(), None);
    let (scopes, undone) = match wanted.revert {
        Some(seq) => {
            let ledger = ledger
                .as_mut()
                .context("there is no ledger, so there is nothing to undo")?;
            let (scope, changes) = revert(ledger, seq)?;
            (vec![scope], Some(changes))
        }
        None => (wanted.part.of(&systems.domains)?, None),
    };
    let since = match &place.repository {
        Some(_) => Some(place.since(
            commit.as_deref(),
            &scopes,
            &systems.domains,
            ledger.as_mut(),
        )?),
        None => None,
    };
    drop(systems);
    let base_commit = since.as_ref().and_then(|since| since.base.clone());
    let base = base_commit
        .as_deref()
        .map(|base| place.at(base))
        .transpose()?;
    let before = base.as_ref().map(|base| &base.estate);
    let trusted = since.as_ref().and_then(|since| since.trusted.as_deref());
    let trusted = trusted.map(|commit| place.at(commit)).transpose()?;
    let outside = Outside {
        trusted: trusted.as_ref().map(|trusted| &trusted.estate),
        ..place.outside()
    };
    let systems = head.systems(outside, before);
    let starts = since
        .as_ref()
        .map(|since| place.starts(since))
        .transpose()?;
    let starts = starts.unwrap_or_default();
    let (mut planned, stopped) = if let Some(changes) = undone {
        (
            vec![undoing(&systems.domains, &scopes[0], changes)?],
            Vec::new(),
        )
    } else {
        let starts = starts.systems(place.outside());
        survey_all(&systems.domains, &starts, &scopes)?
    };
    let authors = match (&base, &since) {
        (Some(base), Some(since)) if wanted.revert.is_none() => place.authors(base, since)?,
        _ => Authors::default(),
    };
    let judged_by = base.as_ref().unwrap_or(&head);
    let recent = court::recent(ledger.as_mut(), &authors, judged_by, place.now(), None)?;
    let settings = judged_by.charter.risk.settings();
    Judges::new(&[&judged_by.estate, &head.estate], settings, recent).judge(&mut planned);
    raise(&mut planned, wanted.at_least);
    let plan = Plan {
        format: FORMAT,
        commit,
        base: base_commit,
        reverts: wanted.revert,
        scopes: planned,
        stopped,
    };
    drop(systems);
    Ok(Made {
        plan,
        authors,
        base: base.unwrap_or(head),
        notes: String::new(),
    })
}

/// The commit that the files are of; none, with a note, if they are of none.
fn committed(place: &Place<'_>, notes: &mut String) -> anyhow::Result<Option<String>> {
    let Some(repository) = &place.repository else {
        notes.push_str("note: the estate is in no Git repository, so the plan can be looked at and not applied\n");
        return Ok(None);
    };
    let changed = repository.uncommitted()?;
    let Some(first) = changed.first() else {
        return Ok(Some(repository.commit("HEAD")?));
    };
    let more = match changed.len() {
        1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    notes.push_str(&format!(
        "note: {first}{more} is not committed, so the plan can be looked at and not applied\n"
    ));
    Ok(None)
}

/// The plan of a scope that undoes changes.
fn undoing<D: Domain>(
    domain: &D,
    scope: &Scope,
    mut changes: Vec<Change>,
) -> anyhow::Result<ScopePlan> {
    let observation = domain.observe(scope)?;
    domain.judge(scope, &observation.state, &mut changes);
    let resources = domain.count(&observation.state);
    let pending: Vec<&Change> = changes.iter().collect();
    let exceeded = domain.exceeded(scope, &observation.state, &pending, &[]);
    let planned = changes.into_iter().map(|change| {
        Ok(Planned {
            digest: change.digest(scope)?,
            change,
            risk: Risk::High,
            reasons: Vec::new(),
            accumulates: true,
        })
    });
    Ok(ScopePlan {
        scope: scope.clone(),
        changes: planned.collect::<Result<_, serde_json::Error>>()?,
        observed: Observed {
            mark: observation.mark,
            digest: domain.digest(&observation.state),
            resources,
        },
        kept: Vec::new(),
        exceeded,
    })
}

/// Whoever plans may find a change riskier than it is judged.
fn raise(planned: &mut [ScopePlan], at_least: Option<Risk>) {
    let Some(at_least) = at_least else { return };
    for planned in planned.iter_mut().flat_map(|scope| &mut scope.changes) {
        if planned.risk < at_least {
            planned.risk = at_least;
            planned.reasons.push(charter::risk::Reason {
                cause: charter::risk::Cause::Raised,
                text: "whoever made the plan finds it riskier than it is judged".to_owned(),
                raises_to: at_least,
            });
        }
    }
}

/// What a plan is called where nobody gave it a title.
pub(crate) fn title(plan: &Plan) -> String {
    let names: std::collections::BTreeSet<&str> = plan
        .scopes
        .iter()
        .map(|scope| scope.scope.name.as_str())
        .collect();
    let names: Vec<&str> = names.into_iter().take(3).collect();
    let count = base::counted(plan.changes().count(), "change", "changes");
    match (plan.reverts, &plan.commit) {
        (Some(seq), _) => format!("Undo record {seq} in {}", names.join(", ")),
        (None, Some(commit)) => format!("{count} to {} of {}", names.join(", "), short(commit)),
        (None, None) => format!("{count} to {}", names.join(", ")),
    }
}
