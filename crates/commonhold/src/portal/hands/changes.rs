//! Acts on the changes of a plan.

use std::collections::BTreeMap;

use base::Digest;
use change::gate::{Judgement, Verdict};
use decisions::{
    Act, Attributed, Content, Event, ItemId, PersonName, Roster, Statement, attribute,
};
use estate::Estate;
use jiff::tz::TimeZone;
use portal::{Done, Reader, Refusal, ToSign};

use super::acts::{self, Said};
use super::commits::New;
use super::refused::{Answer, Halt};
use super::requests::{self, Request};
use super::{Here, person, signing};
use crate::commands::decide::changes;
use crate::court::{Filed, Parties};
use crate::governed::Place;

/// More changes than this are signed with the command, which reads them from a file.
const MOST: usize = 400;

/// Where a plan is judged: where the estate is, or on the branch of a request.
pub(super) struct Spot<'s> {
    pub(super) place: Place<'s>,
    pub(super) request: Option<Request>,
}

impl<'s> Spot<'s> {
    pub(super) fn of(here: &Here<'s>, filed: &Filed) -> Answer<Self> {
        let commit = filed.plan.commit.as_deref().unwrap_or_default();
        let repository = here.place.git()?;
        let head = repository.commit("HEAD")?;
        if repository.is_ancestor(commit, &head).unwrap_or(false) {
            return Ok(Self {
                place: here.again(),
                request: None,
            });
        }
        let all = requests::all(&here.writer())?;
        let Some(request) = all
            .into_iter()
            .find(|one| one.commit == commit && one.tip.is_some())
        else {
            return Err(Refusal::Conflict(
                "The plan is of a commit that is no part of the estate as it is now; somebody has to plan again.".to_owned(),
            )
            .into());
        };
        Ok(Self {
            place: request.place(&here.place)?,
            request: Some(request),
        })
    }
}

/// What is to be signed.
pub(super) fn prepare(
    here: &Here<'_>,
    who: &Reader,
    wanted: &portal::Act,
    filed: &Filed,
) -> Answer<ToSign> {
    let person = person(who)?;
    let spot = Spot::of(here, filed)?;
    let mut ledger = here.ledger_to_read()?;
    let Parties { base, authors, .. } = filed.parties(&spot.place, ledger.as_mut())?;
    let actor = actor(&base.estate, person, "at the base of the plan")?;
    let content = content(filed, wanted.with.get("changes"))?;
    let item = changes::item(&spot.place, filed, &content)?;
    let act = act(&spot.place, &base.estate, filed, wanted, &item)?;
    let mut says = format!("You {} {}.", acts::does(&act), named(filed, &content));
    if agrees(&act) && authors.known.contains(person) {
        says += " You are an author of it, so this will not count.";
    }
    let statement = Statement::new(item, act, actor, content, spot.place.now())
        .map_err(|refusal| Refusal::Wrong(sentence(&refusal.to_string())))?;
    to_sign(says, &statement)
}

/// A statement, ready to be signed.
pub(super) fn to_sign(says: String, statement: &Statement) -> Answer<ToSign> {
    if statement.text().len() > signing::LONGEST {
        return Err(Refusal::Wrong(
            "This is more than fits on a command line: sign it with the command in a clone of the estate.".to_owned(),
        )
        .into());
    }
    Ok(ToSign {
        says,
        command: signing::command(statement.text()),
        statement: statement.text().to_owned(),
    })
}

fn act(
    place: &Place<'_>,
    known: &Estate,
    filed: &Filed,
    wanted: &portal::Act,
    item: &ItemId,
) -> Answer<Act> {
    let events = events(place)?;
    let act = acts::act(&wanted.act, &Said(&wanted.with), |word| {
        let of_item = events.iter().filter(|event| event.item() == item);
        one_event(of_item.map(|event| *event.digest()), word)
    })?;
    let wrong = |what: String| Err(Refusal::Wrong(what).into());
    match &act {
        Act::Acknowledge { group } if known.tables.groups.get(group).is_none() => wrong(format!(
            "The estate has no group `{}` at the base of the plan.",
            base::visible(group)
        )),
        Act::OverrideLimit { scope, .. } => {
            let mut scopes = filed
                .plan
                .scopes
                .iter()
                .map(|planned| planned.scope.to_string());
            if scopes.any(|name| name == *scope) {
                return Ok(act);
            }
            wrong(format!("The plan has no scope `{}`.", base::visible(scope)))
        }
        _ if !act.is_about_changes() => {
            let word = base::visible(&wanted.act);
            wrong(format!("`{word}` cannot be done to changes."))
        }
        _ => Ok(act),
    }
}

/// The one event that a word means.
pub(super) fn one_event(of: impl Iterator<Item = Digest>, word: &str) -> Result<Digest, Refusal> {
    let start = word.strip_prefix("sha256:").unwrap_or(word).to_lowercase();
    let found: Vec<Digest> = of
        .filter(|digest| digest.hex().starts_with(&start))
        .collect();
    match found.as_slice() {
        [one] if !start.is_empty() => Ok(*one),
        [] => Err(Refusal::Unknown(format!(
            "There is no event `{}` here.",
            base::visible(word)
        ))),
        _ => Err(Refusal::Wrong(format!(
            "More than one event starts with `{}`.",
            base::visible(word)
        ))),
    }
}

/// What an act names: all changes of the plan, or those whose digests a form gave.
fn content(filed: &Filed, named: Option<&String>) -> Answer<Content> {
    let all = filed.plan.changes().map(|(_, planned)| planned.digest);
    let all: Vec<Digest> = all.collect();
    let wanted = named.map(String::as_str).unwrap_or_default();
    let wanted: Vec<&str> = wanted
        .split([',', ' ', '\n', '\r'])
        .filter(|word| !word.is_empty())
        .collect();
    let chosen = if wanted.is_empty() {
        all
    } else {
        let of_plan = |word: &&str| one_event(all.iter().copied(), word);
        wanted.iter().map(of_plan).collect::<Result<_, _>>()?
    };
    if chosen.len() > MOST {
        return Err(Refusal::Wrong(format!(
            "These are {} changes: sign them with the command in a clone of the estate, which reads the plan itself.",
            chosen.len()
        ))
        .into());
    }
    let content = Content::new(filed.digest, chosen);
    content
        .ok_or_else(|| Refusal::Conflict("The plan has no changes to decide on.".to_owned()).into())
}

/// What changes do, in words.
fn named(filed: &Filed, content: &Content) -> String {
    const SHOWN: usize = 4;
    let planned = filed.plan.changes().map(|(_, planned)| planned);
    let chosen: Vec<String> = planned
        .filter(|planned| content.names(&planned.digest))
        .map(|planned| {
            format!(
                "{} {}",
                planned.change.action.word(),
                planned.change.resource
            )
        })
        .collect();
    let more = chosen.len().saturating_sub(SHOWN);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let first: Vec<String> = chosen.iter().take(SHOWN).cloned().collect();
    format!(
        "{} of the plan {}: {}{more}",
        base::counted(chosen.len(), "change", "changes"),
        filed.digest.short(),
        base::visible(&first.join(", "))
    )
}

/// The person as statements name them, if a statement of theirs can count.
pub(super) fn actor(estate: &Estate, person: &str, when: &str) -> Answer<PersonName> {
    let found = estate.tables.people.get(person);
    let has_key = found.is_some_and(|person| person.value.keys.iter().any(|key| key.can_sign()));
    if !has_key {
        return Err(Refusal::Forbidden(format!(
            "The estate lists no SSH key for {person} {when}, so nothing that you sign would count: list one under `keys` of your file first, and have that merged and trusted."
        ))
        .into());
    }
    let name = PersonName::new(person);
    name.ok_or_else(|| {
        Refusal::Forbidden(format!(
            "The name of the file of {person} cannot stand in a decision."
        ))
        .into()
    })
}

/// Takes an act that was signed; says which request it was about, if it was about one.
pub(super) fn take(here: &Here<'_>, who: &Reader, event: &Event) -> Answer<(Done, Option<String>)> {
    let person = person(who)?;
    let filed = plan_of(here, event)?;
    let spot = Spot::of(here, &filed)?;
    let mut ledger = here.ledger_to_read()?;
    let Parties { base, authors, .. } = filed.parties(&spot.place, ledger.as_mut())?;
    let attributed = attributed(event, &base.estate, person, here)?;
    if changes::item(&spot.place, &filed, event.content())? != *event.item() {
        return Err(Refusal::Conflict(
            "The statement is of another item than these changes belong to now: take a new one from the page of the changes.".to_owned(),
        )
        .into());
    }
    drop((base, ledger));
    write(here, &spot, &attributed)?;
    let counts = !(agrees(event.act()) && authors.known.contains(person));
    let done = done(here, &filed, &spot, counts, event);
    Ok((done, spot.request.map(|request| request.id)))
}

/// Whether an act says yes, which authors cannot to what is theirs.
fn agrees(act: &Act) -> bool {
    matches!(
        act,
        Act::Approve { .. } | Act::Acknowledge { .. } | Act::OverrideLimit { .. }
    )
}

/// The plan that an event is about, if it has those changes.
fn plan_of(here: &Here<'_>, event: &Event) -> Answer<Filed> {
    let plan = event.content().plan();
    let plan = plan.map(ToString::to_string).unwrap_or_default();
    let Some((filed, _)) = super::plans::of_digest(&here.place.folder, &plan) else {
        return Err(Refusal::Unknown(format!(
            "There is no plan {plan} here any more; look at the changes as they are now, and sign those."
        ))
        .into());
    };
    let known = filed.plan.changes().map(|(_, planned)| planned.digest);
    let known: Vec<Digest> = known.collect();
    let mut named = event.content().changes().iter();
    if named.all(|change| known.contains(change)) {
        return Ok(filed);
    }
    let what = "The statement names changes that the plan does not have.";
    Err(Refusal::Wrong(what.to_owned()).into())
}

/// Writes an event where its plan is judged, once.
fn write(here: &Here<'_>, spot: &Spot<'_>, one: &Attributed) -> Answer<()> {
    let event = &one.event;
    let mut there = events(&spot.place)?.into_iter();
    let is_known = there.any(|known| known.digest() == event.digest());
    let author = here.author(one.person.as_str());
    let message = format!("Take what {} signed: {}\n", one.person, event.act().name());
    let writer = here.writer();
    let Some(request) = &spot.request else {
        if is_known {
            writer.commit(&[event.path()], &message, &author)?;
        } else {
            let files = BTreeMap::from([(event.path(), event.text())]);
            writer.record(&files, &message, &author)?;
        }
        return Ok(writer.publish()?);
    };
    if is_known {
        return Ok(());
    }
    let files = BTreeMap::from([(event.path(), Some(event.text()))]);
    let tip = request.tip.as_deref().unwrap_or(&request.commit);
    let new = New {
        files: &files,
        message: &message,
        author: &author,
    };
    let tip = writer.commit_on(&[tip], &new)?;
    Ok(request.advance(&writer, &tip)?)
}

/// Whose an event is, if it is of whoever is signed in.
pub(super) fn attributed(
    event: &Event,
    estate: &Estate,
    person: &str,
    here: &Here<'_>,
) -> Answer<Attributed> {
    if event.actor().as_str() != person {
        return Err(Refusal::Forbidden(format!(
            "The statement is in the name of {}, and you are signed in as {person}.",
            event.actor()
        ))
        .into());
    }
    let day = here.place.now().to_zoned(TimeZone::UTC).date();
    match attribute(event, &Roster::of(estate, day)) {
        Ok(person) => Ok(Attributed {
            event: event.clone(),
            person,
        }),
        Err(refusal) => Err(Refusal::Forbidden(sentence(&refusal.to_string())).into()),
    }
}

/// What was done, and what is missing still.
fn done(here: &Here<'_>, filed: &Filed, spot: &Spot<'_>, counts: bool, event: &Event) -> Done {
    let mut says = format!("Recorded: you {} it.", acts::does(event.act()));
    if !counts {
        says += " It does not count, because you are an author of it.";
    }
    match judged(here, filed, spot) {
        Ok(Some(judgements)) => says += &format!(" {}", missing(&judgements)),
        Ok(None) => says += " It counts once the ledger has received it.",
        Err(Halt::Refused(_) | Halt::Failed(_)) => says += " What is missing still is on its page.",
    }
    let to = match &spot.request {
        Some(request) => format!("/desk/requests/{}", request.id),
        None => format!("/changes/{}", filed.digest.short()),
    };
    Done { says, to }
}

/// How the changes of a plan stand, once the ledger has received what people did; nothing
/// where there is no ledger.
pub(super) fn judged(
    here: &Here<'_>,
    filed: &Filed,
    spot: &Spot<'_>,
) -> Answer<Option<Vec<Judgement>>> {
    let Some(mut ledger) = here.ledger()? else {
        return Ok(None);
    };
    let court = filed.court(&spot.place, &mut ledger)?;
    Ok(Some(court.judge(
        &filed.plan.scopes,
        &filed.digest,
        &spot.place,
    )))
}

/// What keeps changes from being made, in sentences.
pub(super) fn missing(judgements: &[Judgement]) -> String {
    let mut said: Vec<String> = Vec::new();
    for one in judgements {
        let text = match &one.verdict {
            Verdict::Passed { .. } => continue,
            Verdict::Waiting { until, for_ } => format!("{}: {for_}, until {until}.", one.resource),
            Verdict::Blocked { because } => {
                let because: Vec<&str> = because.iter().map(|one| one.text.as_str()).collect();
                format!("{}: {}.", one.resource, because.join("; "))
            }
        };
        said.push(base::visible(&text));
    }
    match said.as_slice() {
        [] => "All of it has what it needs.".to_owned(),
        several if several.len() > 4 => {
            format!("{} And {} more.", several[..4].join(" "), several.len() - 4)
        }
        several => several.join(" "),
    }
}

fn events(place: &Place<'_>) -> anyhow::Result<Vec<Event>> {
    let tree = place.decisions_tree()?;
    let (events, _) = decisions::read(tree.as_ref())
        .map_err(|refused| anyhow::anyhow!("{}: {}", refused.path, refused.reason))?;
    Ok(events)
}

/// A refusal as a sentence of its own.
pub(super) fn sentence(text: &str) -> String {
    let text = base::visible(text);
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
