//! What is asked of a body: the answers of a form become a text that it decides on.

use std::collections::BTreeMap;

use anyhow::Context;
use base::Digest;
use charter::Charter;
use charter::procedure::{ItemKind, rules};
use decisions::item::State;
use decisions::{Act, Content, ItemId, Matter, NAMESPACE, PersonName, Statement};
use estate::Estate;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portal::model::{Field, FieldKind};
use portal::{Asked, Reader, RequestKind};

use super::wanted::{FORMS_OF, Wanted};
use super::{Outcome, Wish, name_of, problem, promise, too_many};
use crate::docket::{Docket, text_path};
use crate::git::Author;
use crate::governed::Side;
use crate::keys::SigningKey;
use crate::portal::hands::Here;
use crate::portal::hands::commits::New;
use crate::portal::hands::refused::Answer;
use crate::portal::hands::requests::{self, Request, Said, asker};

/// The answers of a form, by the names of its fields.
pub(super) type Answers = BTreeMap<String, String>;

/// All forms, in the order in which they are offered.
pub(super) const FORMS: &[Wanted] = FORMS_OF;

/// A text that can be put before a body.
pub(in crate::portal::hands) struct Draft {
    pub(in crate::portal::hands) title: String,
    pub(in crate::portal::hands) text: String,
    pub(in crate::portal::hands) matter: Matter,
}

impl Wanted {
    /// The form, where the charter says how such a thing is decided.
    pub(super) fn kind(
        &self,
        estate: &Estate,
        charter: &Charter,
        day: Date,
        with_key: bool,
    ) -> Option<RequestKind> {
        let decides = |body: Option<&str>| rules(self.kind, body, charter, estate, day).ok();
        let fixed = decides(None).map(|rules| rules.body);
        let mut fields = (self.fields)(estate);
        if fixed.is_none() {
            let groups = estate
                .tables
                .groups
                .items()
                .map(|group| group.name.as_str());
            let bodies: Vec<(String, String)> = groups
                .filter(|group| decides(Some(group)).is_some())
                .map(|group| (group.to_owned(), group.to_owned()))
                .collect();
            if bodies.is_empty() {
                return None;
            }
            fields.insert(
                0,
                Field::line("body", "Who decides").kind(FieldKind::Choice(bodies)),
            );
        }
        // A form whose first question nobody could answer is of no use.
        if fields.iter().any(|field| matches!(&field.kind, FieldKind::Choice(choices) if choices.is_empty() && field.required)) {
            return None;
        }
        fields.push(
            Field::line("why", "Why")
                .kind(FieldKind::Lines)
                .help("What it is for, who gains by it, and what happens without it."),
        );
        let body = fixed
            .as_deref()
            .and_then(|body| estate.tables.groups.get(body));
        let who = fixed.as_deref().unwrap_or("the body that you choose");
        let sign = if with_key {
            ""
        } else {
            " You sign it with your own SSH key, which the estate has to list."
        };
        Some(RequestKind {
            id: self.id,
            want: self.want.to_owned(),
            about: format!(
                "{} It is put before {who}, which decides as the charter says.{sign} Everybody can read what you write.",
                self.about
            ),
            fields,
            promise: body.and_then(|group| promise(&group.name, &group.value)),
        })
    }

    fn draft(&self, side: &Side, answers: &Answers, by: &str, day: Date) -> Outcome<Draft> {
        if let Some((field, what)) = (self.check)(answers, &side.estate) {
            return problem(field, what);
        }
        let body = answers.get("body").map(String::as_str);
        let found = match rules(self.kind, body, &side.charter, &side.estate, day) {
            Ok(found) => found,
            Err(why) => return problem("", base::visible(&format!("{why}."))),
        };
        let title = (self.title)(answers);
        let mut text = format!("# {title}\n\nAsked for at the front desk by {by}.\n\n");
        for field in (self.fields)(&side.estate) {
            if let Some(answer) = answers.get(&field.name) {
                let answer = answer.replace('\n', "\n  ");
                text += &format!("- **{}:** {answer}\n", field.label);
            }
        }
        let why = answers.get("why").map(String::as_str).unwrap_or_default();
        text += &format!("\n## Why\n\n{why}\n");
        if let Some((path, lines)) = (self.yaml)(answers) {
            text += &format!(
                "\n## What it means in the estate\n\nIn `{path}`:\n\n```yaml\n{lines}```\n"
            );
        }
        let parties = match self.kind {
            ItemKind::Role => vec![format!(
                "person/{}",
                answers.get("person").cloned().unwrap_or_default()
            )],
            _ => Vec::new(),
        };
        Ok(Draft {
            title,
            text,
            matter: Matter {
                kind: self.kind,
                body: found.body,
                parties,
                supersedes: Vec::new(),
                reviews: None,
            },
        })
    }
}

/// What the answers to a form come to in a state of the estate.
pub(in crate::portal::hands) fn draft(
    side: &Side,
    form: &str,
    answers: &Answers,
    by: &str,
    day: Date,
) -> Outcome<Draft> {
    match FORMS.iter().find(|known| known.id == form) {
        Some(form) => form.draft(side, answers, by, day),
        None => problem("", "This cannot be asked for here."),
    }
}

/// Whether something was decided about a request, as the record beside its item says.
pub(super) fn is_settled(here: &Here<'_>, request: &Request) -> bool {
    let path = here
        .place
        .folder
        .join(format!("decisions/{}/record.json", request.id));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let record: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let state = serde_json::from_value::<State>(record["record"]["state"].clone());
    state.is_ok_and(State::is_over)
}

/// Asks a body for something: proposed by the desk where it has a key, to be signed by whoever
/// asks where it has none.
pub(super) fn ask(
    here: &Here<'_>,
    who: &Reader,
    form: &'static str,
    wish: Wish<'_>,
    too_many_open: bool,
) -> Answer<Outcome<Asked>> {
    let answers = wish.answers;
    let Some(identity) = &who.identity else {
        return Ok(problem("", "Sign in first."));
    };
    let mut ledger = here.ledger_to_read()?;
    let trusted = here.place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&here.place, ledger.as_mut())?;
    let side = docket.side(&trusted)?;
    let day = here.place.now().to_zoned(TimeZone::UTC).date();
    let draft = match draft(&side, form, answers, &name_of(who), day) {
        Ok(draft) => draft,
        Err(problems) => return Ok(Err(problems)),
    };
    let (key, name) = match proposer(here, who, &side.estate)? {
        Ok(proposer) => proposer,
        Err(problems) => return Ok(Err(problems)),
    };
    let actor = PersonName::new(&name)
        .context("the name of the proposer's file cannot stand in a decision")?;
    let digest = Digest::of(draft.text.as_bytes());
    let item = ItemId::of_text(&draft.title, &digest, &actor);
    let id = item.to_string();
    if requests::find(&here.writer(), &id)?.is_some() {
        return Ok(Ok(Asked { id }));
    }
    if too_many_open {
        return Ok(too_many());
    }
    let said = Said {
        id: &id,
        kind: form,
        from: &asker(identity),
        once: wish.once,
        answers,
    };
    let message = requests::message(&draft.title, "", &said)?;
    let proposal = Proposal {
        item,
        actor,
        draft,
        message,
        author: here.author(&name),
    };
    match key {
        Some(_) if docket.items().contains(&proposal.item) => proposal.begin(here)?,
        Some(key) => proposal.propose(here, &key)?,
        None => proposal.wait(here)?,
    }
    Ok(Ok(Asked { id }))
}

/// Who puts a request before its body: the desk with its key, or whoever asks.
fn proposer(
    here: &Here<'_>,
    who: &Reader,
    estate: &Estate,
) -> Answer<Outcome<(Option<SigningKey>, String)>> {
    if let Some(key) = here.community.setup.desk_key.as_deref() {
        let key = SigningKey::find(&here.place, Some(key))?;
        let holder = key.holder(estate)?;
        return Ok(Ok((Some(key), holder)));
    }
    let known = who.person.as_ref();
    if let Some(person) = known.filter(|person| lists_a_key(estate, person)) {
        return Ok(Ok((None, person.clone())));
    }
    Ok(problem(
        "",
        "Whoever asks for this signs it with an SSH key that the estate lists, and it lists none for you: ask somebody of the community to ask for you, or for a file in `people/` with your key.",
    ))
}

/// A request that is new.
struct Proposal {
    item: ItemId,
    actor: PersonName,
    draft: Draft,
    message: String,
    author: Author,
}

impl Proposal {
    /// Keeps it on a branch until whoever asks has signed it.
    fn wait(self, here: &Here<'_>) -> Answer<()> {
        let files = BTreeMap::from([(text_path(&self.item), Some(self.draft.text))]);
        let new = New {
            files: &files,
            message: &self.message,
            author: &self.author,
        };
        let writer = here.writer();
        let head = here.place.git()?.commit("HEAD")?;
        let commit = writer.commit_on(&[&head], &new)?;
        Ok(Request::begin(&writer, self.item.as_str(), &commit, true)?)
    }

    /// Puts it before its body in the desk's name.
    fn propose(self, here: &Here<'_>, key: &SigningKey) -> Answer<()> {
        let content = Content::of_text(Digest::of(self.draft.text.as_bytes()));
        let act = Act::Propose {
            title: self.draft.title.clone(),
            matter: Some(self.draft.matter.clone()),
        };
        let (item, actor) = (self.item.clone(), self.actor.clone());
        let refused = |refusal: decisions::Refusal| anyhow::anyhow!("{refusal}");
        let statement = Statement::new(item, act, actor, content, here.place.now());
        let statement = statement.map_err(refused)?;
        let signature = key.sign(NAMESPACE, statement.text())?;
        let event = statement.signed(&signature).map_err(refused)?;
        let text = self.draft.text.clone();
        let files = BTreeMap::from([(event.path(), event.text()), (text_path(&self.item), text)]);
        here.writer().record(&files, &self.message, &self.author)?;
        self.begin(here)
    }

    /// Makes a request of the item, also where a crash has left it without, or without its text.
    fn begin(&self, here: &Here<'_>) -> Answer<()> {
        let writer = here.writer();
        let path = text_path(&self.item);
        if !here.place.folder.join(&path).exists() {
            let files = BTreeMap::from([(path, self.draft.text.clone())]);
            writer.record(&files, &self.message, &self.author)?;
        }
        writer.publish()?;
        if requests::find(&writer, self.item.as_str())?.is_none() {
            // A commit of its own: what lay there after a crash is committed with other words.
            let new = New {
                files: &BTreeMap::new(),
                message: &self.message,
                author: &self.author,
            };
            let head = here.place.git()?.commit("HEAD")?;
            let commit = writer.commit_on(&[&head], &new)?;
            Request::begin(&writer, self.item.as_str(), &commit, false)?;
        }
        here.receive();
        Ok(())
    }
}

fn lists_a_key(estate: &Estate, person: &str) -> bool {
    let person = estate.tables.people.get(person);
    person.is_some_and(|person| person.value.keys.iter().any(|key| key.can_sign()))
}
