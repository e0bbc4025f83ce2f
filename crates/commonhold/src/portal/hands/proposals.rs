//! Requests that whoever asks for them signs: their text waits on a branch until that is done.

use std::collections::BTreeMap;

use base::Digest;
use charter::procedure::rules;
use decisions::{Act, Content, Event, ItemId, Statement};
use estate::Tree;
use jiff::tz::TimeZone;
use portal::{Done, Refusal, ToSign};

use super::changes::{actor, sentence, to_sign};
use super::commits::Move;
use super::desk::forms;
use super::refused::Answer;
use super::requests::{self, Request};
use super::{Here, items};
use crate::docket::{Docket, text_path};
use crate::governed::Side;

/// What is to be signed so that a request is put before its body; nothing if this is no such request.
pub(super) fn prepare(
    here: &Here<'_>,
    person: &str,
    wanted: &portal::Act,
) -> Answer<Option<ToSign>> {
    if wanted.act != "propose" {
        return Ok(None);
    }
    let Some(request) = waiting(here, &wanted.item)? else {
        return Err(Refusal::Unknown(
            "There is no request of this name that waits to be signed.".to_owned(),
        )
        .into());
    };
    let mut ledger = here.ledger_to_read()?;
    let trusted = here.place.trusted_now(ledger.as_mut())?;
    let side = here.place.at(&trusted)?;
    let actor = actor(&side.estate, person, "in the commit that the ledger trusts")?;
    let now = here.place.now();
    let day = now.to_zoned(TimeZone::UTC).date();
    let draft = match forms::draft(&side, &request.kind, &request.answers, person, day) {
        Ok(draft) => draft,
        Err(problems) => {
            let said = problems.first().map(|problem| problem.what.clone());
            return Err(Refusal::Conflict(said.unwrap_or_default()).into());
        }
    };
    let (item, text) = text(here, &request)?;
    let digest = Digest::of(text.as_bytes());
    if ItemId::of_text(&request.title, &digest, &actor) != item {
        return Err(
            Refusal::Forbidden("Somebody else asked for this, and signs it.".to_owned()).into(),
        );
    }
    let says = format!(
        "You put \u{201c}{}\u{201d} before {}.",
        base::visible(&request.title),
        draft.matter.body
    );
    let act = Act::Propose {
        title: request.title,
        matter: Some(draft.matter),
    };
    let statement = Statement::new(item, act, actor, Content::of_text(digest), now)
        .map_err(|refusal| Refusal::Wrong(sentence(&refusal.to_string())))?;
    to_sign(says, &statement).map(Some)
}

/// Takes a request that was signed; nothing if the event is about something that is there already.
pub(super) fn take(
    here: &Here<'_>,
    docket: &Docket<'_>,
    trusted: &Side,
    event: &Event,
) -> Answer<Option<Done>> {
    if !items::proposes(event) || docket.items().contains(event.item()) {
        return Ok(None);
    }
    let Some(request) = waiting(here, event.item().as_str())? else {
        return Err(Refusal::Unknown(format!(
            "Nobody asked for {} here; propose a text of your own with `commonhold decide new`.",
            event.item()
        ))
        .into());
    };
    let (item, text) = text(here, &request)?;
    check(here, &request, &text, trusted, event)?;
    let writer = here.writer();
    let message = requests::message(&request.title, "", &request.said())?;
    let author = here.author(event.actor().as_str());
    let files = BTreeMap::from([(event.path(), event.text()), (text_path(&item), text)]);
    writer.record(&files, &message, &author)?;
    let head = here.place.git()?.commit("HEAD")?;
    writer.publish()?;
    let gone = Move {
        reference: requests::branch(&request.id),
        to: None,
        from: request.tip.clone(),
    };
    let moved = Move {
        reference: requests::asked(&request.id),
        to: Some(head),
        from: Some(request.commit.clone()),
    };
    request.leave(&here.place);
    writer.point(&[gone, moved])?;
    here.receive();
    Ok(Some(Done {
        says: "Recorded: it is before the body that decides.".to_owned(),
        to: format!("/desk/requests/{}", request.id),
    }))
}

/// That what was signed is the request as it was asked, before the body that the charter says.
fn check(
    here: &Here<'_>,
    request: &Request,
    text: &str,
    trusted: &Side,
    event: &Event,
) -> Answer<()> {
    let Act::Propose {
        matter: Some(matter),
        title,
    } = event.act()
    else {
        return Ok(());
    };
    if event.content().text() != Some(&Digest::of(text.as_bytes())) || *title != request.title {
        let what = "The statement is about another text than the request has now.";
        return Err(Refusal::Conflict(what.to_owned()).into());
    }
    let day = here.place.now().to_zoned(TimeZone::UTC).date();
    let (charter, estate) = (&trusted.charter, &trusted.estate);
    if let Err(why) = rules(matter.kind, Some(&matter.body), charter, estate, day) {
        return Err(Refusal::Conflict(sentence(&why.to_string())).into());
    }
    let by = event.actor().as_str();
    let draft = forms::draft(trusted, &request.kind, &request.answers, by, day);
    if draft.is_ok_and(|draft| draft.matter != *matter) {
        let what = "The statement puts the request before another body, or as another kind.";
        return Err(Refusal::Wrong(what.to_owned()).into());
    }
    Ok(())
}

/// A request that waits to be signed.
fn waiting(here: &Here<'_>, id: &str) -> Answer<Option<Request>> {
    let request = requests::find(&here.writer(), id)?;
    let is_text = |request: &Request| request.kind != super::desk::dns::KIND;
    Ok(request.filter(|request| is_text(request) && request.tip.is_some()))
}

/// The item that it would be, and its text.
fn text(here: &Here<'_>, request: &Request) -> Answer<(ItemId, String)> {
    let item: ItemId = request
        .id
        .parse()
        .map_err(|what: &str| anyhow::anyhow!("{what}"))?;
    let tree = here.place.git()?.tree_at(&request.commit)?;
    let text = tree.read(&text_path(&item));
    let text = text.map_err(|refused| anyhow::anyhow!("{}: {}", refused.path, refused.reason))?;
    Ok((item, text))
}
