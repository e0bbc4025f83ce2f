//! `commonhold decide tick`: the intake.

use anyhow::bail;
use base::Digest;
use change::journal::Journal;
use decisions::Attributed;
use decisions::journal::Down;
use ledger::Ledger;

use crate::cli::{OutageArguments, TickArguments};
use crate::commands::decide::{seal, tell, write};
use crate::docket::Docket;
use crate::governed::{Place, WallClock};
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(project: &Project<'_>, arguments: &TickArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let mut ledger = place.ledger(project)?;
    let trusted = place.trusted_now(Some(&mut ledger))?;
    let clock = WallClock(place.surroundings);
    let _intake = Journal::new(&mut ledger, &clock, place.actor()).intake()?;
    let mut docket = Docket::read(&place, Some(&mut ledger))?;
    let mut said = String::new();
    let mut notes = String::new();
    for refused in &docket.refused {
        notes += &format!("warning: {}\n", base::visible(&refused.to_string()));
    }
    let new = new_events(&docket, &trusted, &mut notes);
    let mut journal = Journal::new(&mut ledger, &clock, place.actor());
    let received = journal.receive_of_items(&new, &trusted, &mut docket.journals)?;
    journal.beat()?;
    if received > 0 {
        said += &format!("received {}\n", base::counted(received, "event", "events"));
    }
    let mut add = |told: tell::Said| {
        said += &told.data;
        notes += &told.notes;
    };
    if let Some(mailbox) = &arguments.mailbox {
        add(tell::bounces(&mut docket, &mut ledger, &trusted, mailbox)?);
    }
    if !arguments.quiet {
        add(tell::notices(&mut docket, &mut ledger, &trusted)?);
        add(tell::news(&docket, &mut ledger, &trusted)?);
    }
    notes += &reviews(&docket, &mut ledger, &trusted)?;
    let (mut files, wrong) = write::files_of(&docket, &trusted, place.now())?;
    if let Some(key) = &arguments.key {
        files.insert(seal::path(), seal::sealed(&place, &docket.journals, key)?);
    }
    said += &write::put(&place, &files)?;
    notes += &wrong;
    Ok(Outcome {
        notes,
        ..Outcome::data(said)
    })
}

/// What was applied in an emergency, and nobody has proposed to look at again.
fn reviews(docket: &Docket<'_>, ledger: &mut Ledger, trusted: &str) -> anyhow::Result<String> {
    let now = docket.place.now();
    let (stand, _) = docket.stand(trusted, now)?;
    let looked_at = |plan: &Digest| {
        let mut matters = stand
            .iter()
            .filter_map(|(_, record)| record.matter.as_ref());
        matters.any(|matter| matter.reviews.as_ref() == Some(plan))
    };
    let mut said = String::new();
    for (plan, scope, due) in change::journal::reviews_due(ledger)? {
        if looked_at(&plan) {
            continue;
        }
        let when = if now < due { "is" } else { "was" };
        said += &format!(
            "warning: what an emergency changed in {scope} {when} to be looked at again by {due}: `commonhold decide new --kind emergency-review --reviews {plan} ...`\n"
        );
    }
    Ok(said)
}

pub(super) fn outage(
    project: &Project<'_>,
    arguments: &OutageArguments,
) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let mut ledger = place.ledger(project)?;
    if arguments.until <= arguments.from || arguments.until > place.now() {
        return Ok(Outcome::usage(
            "an outage ends after it begins, and is over when it is written down",
        ));
    }
    let clock = WallClock(place.surroundings);
    let _intake = Journal::new(&mut ledger, &clock, place.actor()).intake()?;
    let mut journals = change::journal::items::journals(&mut ledger)?;
    let last = change::journal::items::last_at(&mut ledger)?;
    if let Some(last) = last.filter(|last| *last > arguments.from) {
        bail!(
            "something was written down at {last}, so the intake worked then; an outage is written down before the next tick"
        );
    }
    let mut journal = Journal::new(&mut ledger, &clock, place.actor());
    let down = Down {
        from: arguments.from,
        until: arguments.until,
        why: arguments.reason.clone(),
    };
    journal.down(&down, &mut journals)?;
    Ok(Outcome::data(format!(
        "deadlines move by the outage from {} to {}\n",
        arguments.from, arguments.until
    )))
}

/// The events that were not received yet, in the order their makers say, an item's proposal
/// before all else; those of nobody are named and left.
fn new_events(docket: &Docket<'_>, trusted: &str, notes: &mut String) -> Vec<Attributed> {
    let mut new = Vec::new();
    for item in docket.items() {
        let empty = decisions::journal::Journal::default();
        let known = docket.journals.get(&item).unwrap_or(&empty);
        let (_, unreceived) = known.compare(docket.lying(&item));
        for event in docket
            .lying(&item)
            .iter()
            .filter(|event| unreceived.contains(event.digest()))
        {
            match docket.whose(event, trusted) {
                Ok(one) => new.push(one),
                Err(why) => {
                    let why = base::visible(&why);
                    *notes += &format!("warning: {} is not received: {why}\n", event.path());
                }
            }
        }
    }
    let is_proposal = |one: &Attributed| matches!(one.event.act(), decisions::Act::Propose { .. });
    new.sort_by_key(|one| (!is_proposal(one), one.event.at(), *one.event.digest()));
    new
}
