//! Acts on items that are texts.

use std::collections::BTreeMap;

use base::Digest;
use decisions::{Act, Content, Event, ItemId, Statement};
use portal::{Done, Reader, Refusal, ToSign};

use super::acts::{self, Said};
use super::changes::{actor, attributed, one_event, sentence, to_sign};
use super::proposals;
use super::refused::Answer;
use super::{Here, person};
use crate::docket::{Case, Docket, text_path};

/// What is to be signed.
pub(super) fn prepare(here: &Here<'_>, who: &Reader, wanted: &portal::Act) -> Answer<ToSign> {
    let person = person(who)?;
    if let Some(to_sign) = proposals::prepare(here, person, wanted)? {
        return Ok(to_sign);
    }
    let mut ledger = here.ledger_to_read()?;
    let trusted = here.place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&here.place, ledger.as_mut())?;
    let item = item(&docket, &wanted.item)?;
    let side = docket.side(&trusted)?;
    let actor = actor(&side.estate, person, "in the commit that the ledger trusts")?;
    let act = acts::act(&wanted.act, &Said(&wanted.with), |word| {
        one_event(docket.events_of(&item), word)
    })?;
    let case = case(&docket, &item, &trusted)?;
    let record = case.record(here.place.now());
    let text = standing(&docket, &case, &item, record.text)?;
    let title = case.title(&record);
    let mut says = format!(
        "You {} \u{201c}{}\u{201d}.",
        acts::does(&act),
        base::visible(&title)
    );
    if record.state.is_over() {
        says += &format!(" It is {}, so this will hardly count.", record.state.word());
    }
    let content = Content::of_text(text);
    let statement = Statement::new(item, act, actor, content, here.place.now())
        .map_err(|refusal| Refusal::Wrong(sentence(&refusal.to_string())))?;
    to_sign(says, &statement)
}

/// Takes an act that was signed.
pub(super) fn take(here: &Here<'_>, who: &Reader, event: &Event) -> Answer<Done> {
    let person = person(who)?;
    let mut ledger = here.ledger_to_read()?;
    let trusted = here.place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&here.place, ledger.as_mut())?;
    let side = docket.side(&trusted)?;
    let one = attributed(event, &side.estate, person, here)?;
    if let Some(done) = proposals::take(here, &docket, &side, event)? {
        return Ok(done);
    }
    let item = item(&docket, event.item().as_str())?;
    let is_known = docket
        .events_of(&item)
        .any(|digest| digest == *event.digest());
    let mut warning = String::new();
    if !is_known {
        let case = case(&docket, &item, &trusted)?;
        let record = case.record(here.place.now());
        let text = standing(&docket, &case, &item, record.text)?;
        if event.content().text() != Some(&text) {
            return Err(Refusal::Conflict(
                "The text was changed since you looked at it: read it again, and sign for the new one.".to_owned(),
            )
            .into());
        }
        warning = case.foretold(&one.person, std::slice::from_ref(event), here.place.now());
    }
    let message = format!(
        "Take what {} signed: {} of {item}\n",
        one.person,
        event.act().name()
    );
    let author = here.author(person);
    let writer = here.writer();
    if is_known {
        writer.commit(&[event.path()], &message, &author)?;
    } else {
        let files = BTreeMap::from([(event.path(), event.text())]);
        writer.record(&files, &message, &author)?;
    }
    writer.publish()?;
    here.receive();
    Ok(done(event, &warning))
}

/// What was done; `warning` as the command has it.
pub(super) fn done(event: &Event, warning: &str) -> Done {
    let mut says = format!("Recorded: you {} it.", acts::does(event.act()));
    for line in warning.lines() {
        let line = line.strip_prefix("warning: ").unwrap_or(line);
        says += &format!(" {}", sentence(line));
    }
    Done {
        says,
        to: format!("/decisions/{}", event.item()),
    }
}

fn item(docket: &Docket<'_>, word: &str) -> Answer<ItemId> {
    let found = docket.item(word);
    let found = found.map_err(|error| Refusal::Unknown(sentence(&error.to_string())))?;
    if docket.items().contains(&found) {
        return Ok(found);
    }
    Err(Refusal::Unknown(format!("There is no item {found} here.")).into())
}

fn case(docket: &Docket<'_>, item: &ItemId, trusted: &str) -> Answer<Case> {
    let case = docket.case(item, trusted)?;
    case.map_err(|unjudged| {
        Refusal::Conflict(sentence(&format!("{item}: {}", unjudged.why))).into()
    })
}

/// The text that stands, if it is the one that lies there: whoever signs has to see what it is about.
fn standing(
    docket: &Docket<'_>,
    case: &Case,
    item: &ItemId,
    text: Option<Digest>,
) -> Answer<Digest> {
    let drafted = || {
        let mut drafts = case.unreceived.iter().rev();
        drafts.find_map(|(event, _)| event.content().text().copied())
    };
    let Some(standing) = text.or_else(drafted) else {
        return Err(Refusal::Conflict(format!("{item} has no text yet.")).into());
    };
    let there = docket.text(item).map(|text| Digest::of(text.as_bytes()));
    if there == Some(standing) {
        return Ok(standing);
    }
    Err(Refusal::Conflict(format!(
        "{} is not the text that stands: whoever keeps the estate has to restore it from Git.",
        text_path(item)
    ))
    .into())
}

/// Whether an event puts a text before a body.
pub(super) fn proposes(event: &Event) -> bool {
    matches!(
        event.act(),
        Act::Propose {
            matter: Some(_),
            ..
        }
    )
}
