//! How a request stands: computed from Git, the gate and the ledger whenever somebody looks.

use std::collections::BTreeSet;

use decisions::item::{Record, State};
use estate::Tree;
use jiff::Timestamp;
use portal::Page;
use portal::model::{Cell, Fact, Link, Mood, Part, Section, Step, StepState, Value};

use super::desk::dns;
use super::refused::Answer;
use super::requests::{self, Request};
use super::tick::{applied, lacking};
use super::{Here, plans, promises};
use crate::court::Filed;
use crate::docket::{Case, Docket, text_path};

/// The most lines of a difference that are shown.
const LINES: usize = 200;
/// What comes last, before anybody knows it.
const DECIDES: &str = "The body decides as the charter says.";

/// The page of a request; nothing if there is none of this name.
pub(super) fn page(here: &Here<'_>, id: &str) -> Answer<Option<Page>> {
    let Some(request) = requests::find(&here.writer(), id)? else {
        return Ok(None);
    };
    let path = format!("/desk/requests/{id}");
    let mut page = Page::new(Section::Desk, path, base::visible(&request.title));
    "Request".clone_into(&mut page.kind);
    if request.kind == dns::KIND {
        of_dns(here, &request, &mut page)?;
        return Ok(Some(page));
    }
    let (head, now) = (here.place.git()?.commit("HEAD")?, here.place.now());
    let stamp = format!("{head} {}", request.commit);
    if let Some(page) = here.community.looked().page(id, &stamp, now) {
        return Ok(Some(page));
    }
    of_item(here, &request, &mut page)?;
    here.community.looked().keep_page(id, stamp, now, &page);
    Ok(Some(page))
}

fn step(state: StepState, title: &str, text: impl Into<String>, at: Option<Timestamp>) -> Step {
    Step {
        state,
        title: title.to_owned(),
        text: text.into(),
        at,
    }
}

fn fact(id: &'static str, label: &str, value: Cell) -> Fact {
    Fact {
        id,
        label: label.to_owned(),
        value,
        source: None,
    }
}

/// How far a request for a record has come.
struct Way {
    plan: Option<Filed>,
    merged: bool,
    applied: Option<Timestamp>,
    /// Others changed the same lines, and it cannot be done from what there is now.
    overtaken: bool,
}

impl Way {
    fn of(here: &Here<'_>, request: &Request) -> Answer<Self> {
        let plan = plans::of_commit(&here.place.folder, &request.commit).map(|(filed, _)| filed);
        let merged = request.is_merged(&here.place);
        let done = plan
            .as_ref()
            .filter(|_| merged)
            .map(|filed| applied(here, filed));
        let branch = requests::branch(&request.id);
        let writer = here.writer();
        let fits = || {
            writer
                .git(&["merge-tree", "--write-tree", "HEAD", &branch])
                .is_ok()
        };
        Ok(Self {
            applied: done.transpose()?.flatten(),
            overtaken: !merged && !fits(),
            plan,
            merged,
        })
    }

    /// In a word, and what comes next.
    fn word(&self) -> (Mood, &'static str, Option<&'static str>) {
        match () {
            () if self.applied.is_some() => (Mood::Good, "done", None),
            () if self.merged => (
                Mood::Waiting,
                "merged",
                Some("It is applied with the next run of whoever keeps the servers."),
            ),
            () if self.overtaken => (
                Mood::Bad,
                "overtaken",
                Some(
                    "The zone was changed meanwhile. It is done once more from what is there now, where that can be; otherwise ask again.",
                ),
            ),
            () if self.plan.is_none() => (
                Mood::Waiting,
                "received",
                Some("The name server could not be asked yet; that is tried every minute."),
            ),
            () => (Mood::Waiting, "in review", None),
        }
    }

    fn owners(&self) -> BTreeSet<String> {
        let changes = self.plan.iter().flat_map(|filed| filed.plan.changes());
        changes
            .flat_map(|(_, planned)| planned.change.owners.clone())
            .collect()
    }

    fn steps(&self, here: &Here<'_>, request: &Request, promised: Option<Timestamp>) -> Vec<Step> {
        let turn = |reached: bool, before: bool| match (reached, before) {
            (true, _) => StepState::Done,
            (false, true) if self.overtaken => StepState::Stopped,
            (false, true) => StepState::Now,
            (false, false) => StepState::Ahead,
        };
        let is_planned = self.plan.is_some();
        let open = self.plan.as_ref().filter(|_| !self.merged);
        let lacks = open.and_then(|filed| lacking(here, request, filed));
        let by = format!("{} asked for it.", base::visible(&request.by));
        let planned = "What it does to the name server is known.";
        let promised = promised.filter(|_| !self.merged);
        vec![
            step(StepState::Done, "Received", by, Some(request.at)),
            step(turn(is_planned, true), "Planned", planned, None),
            step(
                turn(self.merged, is_planned),
                "Reviewed",
                lacks.unwrap_or_default(),
                promised,
            ),
            step(
                turn(self.merged, false),
                "Merged",
                "It is part of the estate.",
                None,
            ),
            step(
                turn(self.applied.is_some(), self.merged),
                "Applied",
                "The name server answers so.",
                self.applied,
            ),
        ]
    }
}

fn of_dns(here: &Here<'_>, request: &Request, page: &mut Page) -> Answer<()> {
    let way = Way::of(here, request)?;
    let (mood, word, next) = way.word();
    page.state = Some((mood, word.to_owned()));
    if let Some(next) = next {
        let mood = if way.overtaken {
            Mood::Bad
        } else {
            Mood::Plain
        };
        page.add(Part::Notice(mood, next.to_owned(), None));
    }
    let plan = way.plan.as_ref().map(|filed| &filed.plan);
    if let Some(stopped) = plan.and_then(|plan| plan.stopped.first()) {
        let text = base::visible(&format!("{stopped}; {}", stopped.help));
        page.add(Part::Notice(Mood::Warn, text, None));
    } else if plan.is_some_and(|plan| plan.changes().next().is_none()) && !way.merged {
        let text = "Nothing on the name server would change, so nobody is asked; whoever keeps the estate merges it by hand.";
        page.add(Part::Notice(Mood::Warn, text.to_owned(), None));
    }
    let owners = way.owners();
    let picture = here.community.picture();
    let first = picture.promises.first(&owners);
    let promised = first.and_then(|(_, period)| picture.promises.by(request.at, period));
    page.add(Part::Steps(way.steps(here, request, promised)));
    let mut facts = vec![
        fact("by", "Asked for by", Cell::text(base::visible(&request.by))),
        fact("at", "Asked for", Cell::instant(Some(request.at))),
        fact(
            "commit",
            "Commit",
            Cell::new(Value::Code(request.commit.clone())),
        ),
    ];
    if let Some(filed) = &way.plan {
        let links = owners
            .iter()
            .map(|group| Link::new(group, format!("/groups/{group}")));
        facts.push(fact(
            "reviewers",
            "Looked at by",
            Cell::links(links.collect()),
        ));
        let key = filed.digest.short();
        let change = Cell::link(format!("Change {key}"), format!("/changes/{key}"));
        facts.push(fact("change", "Risk, and what it requires", change));
    }
    facts.extend(promise(first));
    page.add(Part::Facts(facts));
    page.heading("difference", "What changes");
    page.add(Part::Quote(difference(here, &request.commit)?));
    Ok(())
}

/// What is promised about the first answer.
fn promise(first: Option<(&str, estate::Period)>) -> Option<Fact> {
    let (group, period) = first?;
    let text = format!("{group} promises one within {}", promises::in_words(period));
    Some(fact("promise", "First answer", Cell::text(text)))
}

/// What a commit changes, as lines that go and come.
fn difference(here: &Here<'_>, commit: &str) -> anyhow::Result<String> {
    let words = [
        "show",
        "--format=",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--unified=2",
        commit,
    ];
    let said = here.writer().git(&words)?;
    let lines: Vec<String> = said.lines().map(base::visible).collect();
    let more = lines.len().saturating_sub(LINES);
    let mut shown: Vec<String> = lines.into_iter().take(LINES).collect();
    if more > 0 {
        shown.push(format!("... and {more} lines more"));
    }
    Ok(shown.join("\n"))
}

fn of_item(here: &Here<'_>, request: &Request, page: &mut Page) -> Answer<()> {
    let mut ledger = here.ledger_to_read()?;
    let trusted = here.place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&here.place, ledger.as_mut())?;
    let item = request.id.parse();
    let item = item.map_err(|what: &str| anyhow::anyhow!("{what}"))?;
    let by = format!("{} asked for it.", base::visible(&request.by));
    let received = step(StepState::Done, "Received", by, Some(request.at));
    if !docket.items().contains(&item) {
        to_be_signed(request, received, page);
        let tree = here.place.git()?.tree_at(&request.commit)?;
        asked_for(tree.read(&text_path(&item)).ok(), page);
        return Ok(());
    }
    match docket.case(&item, &trusted)? {
        Ok(case) => {
            let record = case.record(here.place.now());
            of_record(here, request, &case, &record, received, page);
        }
        Err(unjudged) => {
            page.state = Some((Mood::Warn, "cannot be told".to_owned()));
            page.add(Part::Notice(Mood::Bad, base::visible(&unjudged.why), None));
        }
    }
    asked_for(docket.text(&item), page);
    Ok(())
}

fn asked_for(text: Option<String>, page: &mut Page) {
    if let Some(text) = text {
        page.heading("text", "What is asked for");
        page.add(Part::Quote(text));
    }
}

fn to_be_signed(request: &Request, received: Step, page: &mut Page) {
    page.state = Some((Mood::Waiting, "to be signed".to_owned()));
    let text = "It waits for a signature of whoever asked for it.";
    let sign = format!("/act?act=propose&item={}", request.id);
    page.add(Part::Notice(
        Mood::Warn,
        text.to_owned(),
        Some(Link::new("Sign it", sign)),
    ));
    let signed = "Whoever asked for it puts it before the body with their own key.";
    page.add(Part::Steps(vec![
        received,
        step(StepState::Now, "Signed", signed, None),
        step(StepState::Ahead, "Decided", DECIDES, None),
    ]));
}

/// How a request stands that is before its body.
fn of_record(
    here: &Here<'_>,
    request: &Request,
    case: &Case,
    record: &Record,
    received: Step,
    page: &mut Page,
) {
    let mood = match record.state {
        State::Rejected | State::Expired | State::Withdrawn => Mood::Bad,
        state if state.is_accepted() => Mood::Good,
        _ => Mood::Waiting,
    };
    page.state = Some((mood, record.state.word().to_owned()));
    let steps = std::iter::once(received).chain(steps_of(record));
    page.add(Part::Steps(steps.collect()));
    let body = &case.basis.rules.body;
    let decision = format!("/decisions/{}", request.id);
    let mut facts = vec![
        fact("by", "Asked for by", Cell::text(base::visible(&request.by))),
        fact(
            "body",
            "Decided by",
            Cell::link(body, format!("/groups/{body}")),
        ),
        fact(
            "decision",
            "The decision",
            Cell::link(&request.id, decision),
        ),
    ];
    facts.extend(promise(here.community.picture().promises.first([body])));
    page.add(Part::Facts(facts));
    let unmet = record.conditions.iter().filter(|one| !one.met);
    let missing: Vec<&str> = unmet.map(|one| one.text.as_str()).collect();
    if !missing.is_empty() && !record.state.is_over() {
        page.say(base::visible(&format!(
            "Still missing: {}.",
            missing.join("; ")
        )));
    }
}

fn steps_of(record: &Record) -> Vec<Step> {
    let mut steps: Vec<Step> = record
        .history
        .iter()
        .map(|one| {
            step(
                StepState::Done,
                one.state.word(),
                base::visible(&one.why),
                Some(one.at),
            )
        })
        .collect();
    if let Some(last) = steps.last_mut() {
        last.state = match record.state {
            State::Rejected | State::Expired | State::Withdrawn => StepState::Stopped,
            state if state.is_over() => StepState::Done,
            _ => StepState::Now,
        };
    }
    if steps.is_empty() {
        steps.push(step(
            StepState::Now,
            "noticed",
            "The ledger has not received it yet.",
            None,
        ));
    }
    if !record.state.is_over() {
        let until = record.closes.or(record.next);
        steps.push(step(StepState::Ahead, "decided", DECIDES, until));
    }
    steps
}
