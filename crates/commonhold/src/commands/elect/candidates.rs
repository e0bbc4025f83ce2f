//! Who stands: nominations judged by the rules of their election.

use anyhow::{Context, bail};
use elections::candidacy::{Candidacy, Field, Refusal};
use elections::voters::Roll;
use elections::{Definition, Directory, Login, officers};
use jiff::civil::Date;

use super::held::{Community, Held};
use super::polling;
use crate::Exit;
use crate::cli::{ElectCandidatesArguments, ElectOpenArguments};
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// Who was put forward.
pub(super) const FILE: &str = "nominations.yaml";

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectCandidatesArguments,
) -> anyhow::Result<Outcome> {
    let mut held = Held::read(project, &arguments.folder)?;
    let community = Community::of(project)?;
    let roll = held.roll(project, &community, arguments.contributions.as_deref())?;
    let judged = judged(project, &community, &held, &roll)?;
    let judged = judged.with_context(|| {
        format!(
            "{} is not there, which says who was put forward",
            held.folder.join(FILE).display()
        )
    })?;
    let mut table = Table::new(&[
        "candidate",
        "stands",
        "endorsed by",
        "employers",
        "not counted",
        "codes",
        "why",
    ]);
    for candidacy in &judged {
        table.row(row(candidacy));
    }
    let standing = judged.iter().filter(|one| one.stands()).count();
    let exit = if standing == judged.len() {
        Exit::Well
    } else {
        Exit::Findings
    };
    let nominated = judged.len();
    Ok(Outcome {
        notes: community.note + &format!("nominated: {nominated}, standing: {standing}\n"),
        ..Outcome::data(table.print(
            arguments.question.output,
            "candidates",
            project.surroundings,
        ))
    }
    .exit(exit))
}

fn row(candidacy: &Candidacy) -> [Cell; 7] {
    let names = |logins: &[Login]| logins.iter().map(Login::to_string).collect::<Vec<_>>();
    let not_counted = candidacy.not_counted.iter();
    let not_counted = not_counted.map(|(by, refusal)| format!("{by}:{}", refusal.reason));
    let codes = candidacy.refusals.iter();
    let codes = codes.map(|refusal| refusal.reason.code().to_owned());
    let stands = if candidacy.stands() {
        "stands"
    } else {
        "does not stand"
    };
    [
        Cell::from(candidacy.candidate.as_str()),
        Cell::from(stands),
        Cell::from(names(&candidacy.endorsed_by)),
        Cell::from(candidacy.employers),
        Cell::from(not_counted.collect::<Vec<_>>()),
        Cell::from(codes.collect::<Vec<_>>()),
        Cell::from(why(candidacy)),
    ]
}

/// All that stands in the way, in words.
fn why(candidacy: &Candidacy) -> String {
    let refusals = candidacy.refusals.iter().map(|one| one.what.as_str());
    refusals.collect::<Vec<_>>().join("; ")
}

/// How each nomination of an election stands; none where no file says who was put forward.
fn judged(
    project: &Project<'_>,
    community: &Community,
    held: &Held,
    roll: &Roll,
) -> anyhow::Result<Option<Vec<Candidacy>>> {
    let Some(file) = &held.nominations else {
        return Ok(None);
    };
    let (definition, estate) = (held.definition()?, &community.estate);
    held.no_error(&file.check(estate))?;
    let terms_from = terms_from(definition)?;
    let field = Field {
        definition,
        roll,
        people: &Directory::of(estate),
        employers: &community.employers,
        // Whoever changes employers during the vote unmakes no candidate.
        day: project.day.min(definition.open.value.shown().date()),
        officers: &officers::logins(definition, estate),
        terms_from,
    };
    let statement = |login: &Login| {
        let mut files = held.candidates.iter();
        let file = files.find(|file| file.id.value == *login)?;
        Some(file.statement.clone())
    };
    let nominations = file.nominations(definition, estate, terms_from, &statement);
    let judged = nominations.iter().map(|nomination| field.judge(nomination));
    Ok(Some(judged.collect()))
}

/// The first day of the terms that an election fills: the one after its close.
fn terms_from(definition: &Definition) -> anyhow::Result<Date> {
    let close = definition.close.value.shown().date();
    close
        .tomorrow()
        .context("the election closes on the last day that there is")
}

/// Who is on the ballot when an election opens, and what to know of it. Where a file says who was
/// put forward, these are exactly those who stand by it.
pub(super) fn on_ballot(
    project: &Project<'_>,
    community: &Community,
    held: &Held,
    roll: &Roll,
    arguments: &ElectOpenArguments,
) -> anyhow::Result<(Vec<String>, String)> {
    let Some(judged) = judged(project, community, held, roll)? else {
        let note = if held.elekto.is_some() {
            String::new()
        } else {
            format!("note: there is no {FILE}, so all candidates are taken as they are named\n")
        };
        return Ok((polling::candidates(held, arguments)?, note));
    };
    let mut ballot = arguments.candidate.clone();
    if ballot.is_empty() {
        let files = held.candidates.iter();
        ballot.extend(files.map(|file| file.id.value.to_string()));
        let standing = judged.iter().filter(|one| one.stands());
        let more = standing.filter(|one| !names(&ballot, &one.candidate));
        let more: Vec<String> = more.map(|one| one.candidate.to_string()).collect();
        ballot.extend(more);
    }
    let path = held.folder.join(FILE);
    let (mut refused, mut note) = (Vec::new(), String::new());
    for name in &ballot {
        let login = Login::new(name).ok();
        match judged
            .iter()
            .find(|one| Some(&one.candidate) == login.as_ref())
        {
            None => refused.push(format!("{name} is not nominated")),
            Some(one) if !one.stands() => refused.push(not_standing(one)),
            Some(_) => {}
        }
    }
    for one in judged.iter().filter(|one| !names(&ballot, &one.candidate)) {
        if one.stands() {
            let login = &one.candidate;
            refused.push(format!("{login} stands and is not named with --candidate; take the nomination out if it was withdrawn"));
        } else {
            note += &format!("note: not on the ballot: {}\n", not_standing(one));
        }
    }
    if !refused.is_empty() {
        bail!("{}: {}", path.display(), refused.join("; "));
    }
    if ballot.is_empty() {
        bail!("{}: nobody stands", path.display());
    }
    Ok((ballot, note))
}

fn names(ballot: &[String], login: &Login) -> bool {
    ballot
        .iter()
        .any(|name| Login::new(name).as_ref() == Ok(login))
}

fn not_standing(candidacy: &Candidacy) -> String {
    let refusals = candidacy.refusals.iter().map(Refusal::to_string);
    let refusals: Vec<String> = refusals.collect();
    format!(
        "{} does not stand: {}",
        candidacy.candidate,
        refusals.join(", ")
    )
}
