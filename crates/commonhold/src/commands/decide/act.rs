//! What people do to items: one signed event each.

use anyhow::{Context, bail};
use base::Digest;
use charter::procedure::{ItemKind, rules};
use decisions::item::{Entry, Happened, Ignored, record};
use decisions::{
    Act, Attributed, Choice, Content, Event, ItemId, Matter, NAMESPACE, PersonName, Statement,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::{
    AmendArguments, DecideCommand, ItemArguments, ItemKindChoice, NewArguments, VoteChoice,
};
use crate::docket::{Case, Docket, text_path};
use crate::files;
use crate::governed::{Place, Side};
use crate::keys::SigningKey;
use crate::project::Project;
use crate::surroundings::Outcome;

/// The longest text that is decided on, in bytes: whoever decides has to read it.
const LONGEST_TEXT: usize = 256 * 1024;

pub(super) fn new(project: &Project<'_>, arguments: &NewArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let mut ledger = place.existing_ledger_here(project)?;
    let trusted = place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&place, ledger.as_mut())?;
    let side = docket.side(&trusted)?;
    let kind = kind(arguments.kind);
    let day = place.now().to_zoned(TimeZone::UTC).date();
    let found = rules(
        kind,
        arguments.body.as_deref(),
        &side.charter,
        &side.estate,
        day,
    )?;
    let supersedes = arguments.supersedes.iter().map(|word| docket.item(word));
    let matter = Matter {
        kind,
        body: found.body.clone(),
        parties: parties(&arguments.party, &side)?,
        supersedes: supersedes.collect::<anyhow::Result<_>>()?,
        reviews: arguments.reviews.as_deref().map(plan).transpose()?,
    };
    let text = text(project, &arguments.text)?;
    let content = Content::of_text(Digest::of(text.as_bytes()));
    let signer = Signer::of(&place, &docket, &trusted, arguments.key.as_deref())?;
    let item = ItemId::of_text(
        &arguments.title,
        &Digest::of(text.as_bytes()),
        &signer.actor,
    );
    if docket.items().contains(&item) {
        bail!("you proposed this text under this title already, as {item}");
    }
    let act = Act::Propose {
        title: arguments.title.clone(),
        matter: Some(matter),
    };
    let events = signer.events(&item, vec![act], &content)?;
    let mut outcome = signer.file(&events)?;
    files::replace(&place.folder.join(text_path(&item)), &text)
        .with_context(|| format!("{} cannot be written", text_path(&item)))?;
    outcome.data += &format!("the text is in {}\n", text_path(&item));
    for why in &found.impossible {
        outcome.notes += &format!("warning: {why}, so this can never be accepted as things are\n");
    }
    Ok(outcome)
}

pub(super) fn amend(project: &Project<'_>, arguments: &AmendArguments) -> anyhow::Result<Outcome> {
    let text = text(project, &arguments.text)?;
    let content = Content::of_text(Digest::of(text.as_bytes()));
    let act = Act::Amend {
        summary: arguments.summary.clone(),
        minor: arguments.minor,
    };
    let mut path = String::new();
    let mut outcome = on_item(project, &arguments.of, |_, item| {
        path = text_path(item);
        Ok((vec![act], Some(content)))
    })?;
    let place = Place::of(project)?;
    files::replace(&place.folder.join(&path), &text)
        .with_context(|| format!("{path} cannot be written"))?;
    outcome.data += &format!("the text is in {path}\n");
    Ok(outcome)
}

pub(super) fn act(project: &Project<'_>, command: &DecideCommand) -> anyhow::Result<Outcome> {
    let one = |of: &ItemArguments, act: Act| on_item(project, of, |_, _| Ok((vec![act], None)));
    match command {
        DecideCommand::Approve(arguments) => {
            let of_groups = arguments.group.iter().cloned();
            let mut acts: Vec<Act> = of_groups.map(|group| Act::Acknowledge { group }).collect();
            if acts.is_empty() {
                acts.push(Act::Approve { role: None });
            }
            on_item(project, &arguments.of, |_, _| Ok((acts, None)))
        }
        DecideCommand::Notice(arguments) => {
            let channel = arguments.to.clone();
            let evidence = arguments.seen_at.clone();
            one(&arguments.of, Act::Notice { channel, evidence })
        }
        DecideCommand::Object(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Object { reason })
        }
        DecideCommand::Retract(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Retract { reason })
        }
        DecideCommand::Recuse(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Recuse { reason })
        }
        DecideCommand::Hold(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Hold { reason })
        }
        DecideCommand::Veto(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Veto { reason })
        }
        DecideCommand::Appeal(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Appeal { reason })
        }
        DecideCommand::Escalate(arguments) => {
            let reason = arguments.reason.clone();
            one(&arguments.of, Act::Escalate { reason })
        }
        DecideCommand::Second(of) => one(of, Act::Second {}),
        DecideCommand::CallVote(of) => one(of, Act::CallVote {}),
        DecideCommand::Refresh(of) => one(of, Act::Refresh {}),
        DecideCommand::Vote(arguments) => {
            let choice = match arguments.choice {
                VoteChoice::Yes => Choice::Yes,
                VoteChoice::No => Choice::No,
                VoteChoice::Abstain => Choice::Abstain,
                VoteChoice::Present => Choice::Present,
            };
            let of = ItemArguments {
                item: arguments.item.clone(),
                key: arguments.key.clone(),
            };
            one(&of, Act::Vote { choice })
        }
        DecideCommand::Contest(arguments) => {
            on_event(project, &arguments.of, &arguments.event, |event| {
                Act::Contest { event }
            })
        }
        DecideCommand::Withdraw(arguments) => {
            on_event(project, &arguments.of, &arguments.event, |event| {
                Act::Withdraw { event }
            })
        }
        DecideCommand::Answer(arguments) => {
            let text = arguments.text.clone();
            let on = &arguments.on;
            on_event(project, &on.of, &on.event, |event| Act::Answer {
                event,
                text,
            })
        }
        DecideCommand::Override(arguments) => {
            let reason = arguments.reason.clone();
            let on = &arguments.on;
            on_event(project, &on.of, &on.event, |event| Act::Override {
                event,
                reason,
            })
        }
        _ => bail!("this is no act on an item"),
    }
}

fn kind(choice: ItemKindChoice) -> ItemKind {
    match choice {
        ItemKindChoice::Policy => ItemKind::Policy,
        ItemKindChoice::Rfc => ItemKind::Rfc,
        ItemKindChoice::Charter => ItemKind::Charter,
        ItemKindChoice::ResourceRequest => ItemKind::ResourceRequest,
        ItemKindChoice::SpendingRequest => ItemKind::SpendingRequest,
        ItemKindChoice::Role => ItemKind::Role,
        ItemKindChoice::Graduation => ItemKind::Graduation,
        ItemKindChoice::FundingScope => ItemKind::FundingScope,
        ItemKindChoice::EmergencyReview => ItemKind::EmergencyReview,
    }
}

/// Those whom it is about, as the estate and the charter call them: a name that nobody has would
/// take nobody out.
fn parties(named: &[String], side: &Side) -> anyhow::Result<Vec<String>> {
    let employers = charter::Employers::of(&side.charter);
    let one = |party: &String| match party.split_once('/') {
        Some(("person", name)) => match side.estate.tables.people.get(name) {
            Some(person) => Ok(person.subject()),
            None => bail!("the estate has no person `{name}`"),
        },
        Some(("employer", name)) => match employers.counted_as(name) {
            Some(company) => Ok(format!("employer/{company}")),
            None => bail!("people of `{name}` are counted as independent, each for themselves"),
        },
        _ => Ok(party.clone()),
    };
    named.iter().map(one).collect()
}

fn plan(digest: &str) -> anyhow::Result<Digest> {
    let digest = digest.parse();
    digest.map_err(|error| anyhow::anyhow!("--reviews takes the digest of a plan: {error}"))
}

fn text(project: &Project<'_>, path: &std::path::Path) -> anyhow::Result<String> {
    let full = project.surroundings.folder.join(path);
    let text = std::fs::read_to_string(full)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    if text.trim().is_empty() {
        bail!("{} says nothing", path.display());
    }
    if text.len() > LONGEST_TEXT {
        bail!(
            "{} has more than 256 KiB: say it shortly and link to the rest",
            path.display()
        );
    }
    Ok(text)
}

/// An act on an event of an item.
fn on_event(
    project: &Project<'_>,
    of: &ItemArguments,
    event: &str,
    act: impl FnOnce(Digest) -> Act,
) -> anyhow::Result<Outcome> {
    on_item(project, of, |docket, item| {
        let start = event
            .strip_prefix("sha256:")
            .unwrap_or(event)
            .to_lowercase();
        let all = docket.events_of(item);
        let found: Vec<Digest> = all
            .filter(|digest| digest.hex().starts_with(&start))
            .collect();
        match found.as_slice() {
            [one] if !start.is_empty() => Ok((vec![act(*one)], None)),
            [] => bail!("the item has no event `{event}`; `commonhold decide status` lists them"),
            _ => bail!("more than one event starts with `{event}`; say more of it"),
        }
    })
}

/// Signs acts on an item. They are bound to the text as it stands, unless another is given.
fn on_item(
    project: &Project<'_>,
    of: &ItemArguments,
    acts: impl FnOnce(&Docket<'_>, &ItemId) -> anyhow::Result<(Vec<Act>, Option<Content>)>,
) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let mut ledger = place.existing_ledger_here(project)?;
    let trusted = place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&place, ledger.as_mut())?;
    let item = docket.item(&of.item)?;
    let (acts, content) = acts(&docket, &item)?;
    let case = docket
        .case(&item, &trusted)?
        .map_err(|unjudged| anyhow::anyhow!("{item}: {}", unjudged.why))?;
    let record = case.record(place.now());
    let standing = record.text.or_else(|| {
        let mut drafts = case.unreceived.iter().rev();
        drafts.find_map(|(event, _)| event.content().text().copied())
    });
    let standing = standing.with_context(|| format!("{item} has no text yet"))?;
    let mut notes = String::new();
    let there = docket.text(&item).map(|text| Digest::of(text.as_bytes()));
    if content.is_none() && there != Some(standing) {
        bail!(
            "{} is not the text that stands ({}): whoever signs has to see what it is about; restore the file from Git",
            text_path(&item),
            standing.short()
        );
    }
    if record.state.is_over() {
        notes += &format!(
            "warning: the item is {}, so this will hardly count\n",
            record.state.word()
        );
    }
    let content = content.unwrap_or_else(|| Content::of_text(standing));
    let signer = Signer::of(&place, &docket, &trusted, of.key.as_deref())?;
    let events = signer.events(&item, acts, &content)?;
    notes += &case.foretold(&signer.actor, &events, place.now());
    let mut outcome = signer.file(&events)?;
    outcome.notes = notes + &outcome.notes;
    Ok(outcome)
}

/// Who signs, and with what.
struct Signer<'p> {
    place: &'p Place<'p>,
    key: SigningKey,
    actor: PersonName,
}

impl<'p> Signer<'p> {
    fn of(
        place: &'p Place<'p>,
        docket: &Docket<'_>,
        trusted: &str,
        key: Option<&std::path::Path>,
    ) -> anyhow::Result<Self> {
        let key = SigningKey::find(place, key)?;
        let person = key.holder(&docket.side(trusted)?.estate)?;
        let actor = PersonName::new(&person)
            .context("the name of the person's file cannot stand in a decision")?;
        Ok(Self { place, key, actor })
    }

    fn event(&self, item: &ItemId, act: Act, content: &Content) -> anyhow::Result<Event> {
        let statement = Statement::new(
            item.clone(),
            act,
            self.actor.clone(),
            content.clone(),
            self.place.now(),
        )
        .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        let signature = self.key.sign(NAMESPACE, statement.text())?;
        statement
            .signed(&signature)
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))
    }

    fn events(
        &self,
        item: &ItemId,
        acts: Vec<Act>,
        content: &Content,
    ) -> anyhow::Result<Vec<Event>> {
        acts.into_iter()
            .map(|act| self.event(item, act, content))
            .collect()
    }

    fn file(&self, events: &[Event]) -> anyhow::Result<Outcome> {
        let mut said = String::new();
        for event in events {
            let path = event.path();
            files::replace(&self.place.folder.join(&path), event.text())
                .with_context(|| format!("{path} cannot be written"))?;
            said += &format!("{} by {}: wrote {path}\n", event.act().name(), self.actor);
        }
        let notes = "commit what was written below decisions/; it counts once `commonhold decide tick` has received it\n";
        Ok(Outcome {
            notes: notes.to_owned(),
            ..Outcome::data(said)
        })
    }
}

impl Case {
    /// Which of these acts would not count if they were received now, and why.
    pub(crate) fn foretold(&self, actor: &PersonName, events: &[Event], now: Timestamp) -> String {
        let received = |one: Attributed| Entry {
            at: now,
            what: Happened::Act(Box::new(one)),
        };
        let before = self
            .unreceived
            .iter()
            .filter_map(|(_, whose)| whose.as_ref().ok().cloned());
        let new = events.iter().map(|event| Attributed {
            event: event.clone(),
            person: actor.clone(),
        });
        let later = before.chain(new).map(received);
        let entries: Vec<Entry> = self.entries.iter().cloned().chain(later).collect();
        let record = record(&self.basis, &entries, now);
        let is_new =
            |ignored: &&Ignored| events.iter().any(|event| *event.digest() == ignored.event);
        let of_new = record.ignored.iter().filter(is_new);
        of_new
            .map(|ignored| {
                let Ignored {
                    act, what, reason, ..
                } = ignored;
                format!("warning: received now, this `{act}` would not count: {what} ({reason})\n")
            })
            .collect()
    }
}
