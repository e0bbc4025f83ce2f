//! The docket: the items of an estate that are texts, with what happened to each.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use anyhow::{Context, bail};
use base::Digest;
use change::journal;
use charter::procedure::{NoRules, Rules, rules};
use decisions::item::{Basis, Clock, Entry, Happened, Record, State, record};
use decisions::journal::{Broken, Journal, Noted};
use decisions::page::Page;
use decisions::{Act, Attributed, Event, FOLDER, ItemId, Matter, Refused, Roster, attribute};
use estate::Tree;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::Ledger;

use crate::governed::{Place, Side};

/// All items that are texts.
pub(crate) struct Docket<'p> {
    pub(crate) place: &'p Place<'p>,
    sides: RefCell<BTreeMap<String, Rc<Side>>>,
    pub(crate) journals: BTreeMap<ItemId, Journal>,
    /// The events that lie in the estate, by their item.
    events: BTreeMap<ItemId, Vec<Event>>,
    /// What lies among them and is no event.
    pub(crate) refused: Vec<Refused>,
    tree: Rc<dyn Tree>,
    /// Journals that are not as they were written.
    broken: BTreeMap<ItemId, Broken>,
    attributions: OnceCell<Attributions>,
}

/// Whose events are, or why they are nobody's.
type Attributions = BTreeMap<Digest, Result<Attributed, String>>;

/// One item with all that it is judged by.
pub(crate) struct Case {
    pub(crate) item: ItemId,
    pub(crate) number: Option<u32>,
    pub(crate) basis: Basis,
    /// The commit whose charter that is.
    pub(crate) charter: String,
    pub(crate) entries: Vec<Entry>,
    /// Events that were not received, and why they would not count.
    pub(crate) unreceived: Vec<(Event, Result<Attributed, String>)>,
}

/// An item with how it stands.
pub(crate) type Standing = (Case, Record);

/// An item that nothing can be said of.
#[derive(Debug)]
pub(crate) struct Unjudged {
    pub(crate) item: ItemId,
    pub(crate) why: String,
}

impl<'p> Docket<'p> {
    /// Reads the docket of what is checked out. Without a ledger it is judged by the journals
    /// that lie beside the events.
    pub(crate) fn read(place: &'p Place<'p>, ledger: Option<&mut Ledger>) -> anyhow::Result<Self> {
        if let Some(ledger) = ledger {
            return Self::read_with(place, journal::items::journals(ledger)?);
        }
        Self::read_files(place)
    }

    fn read_with(
        place: &'p Place<'p>,
        journals: BTreeMap<ItemId, Journal>,
    ) -> anyhow::Result<Self> {
        let tree: Rc<dyn Tree> = place.decisions_tree()?;
        let (events, refused) =
            decisions::read(tree.as_ref()).context("the decisions cannot be read")?;
        let mut of: BTreeMap<ItemId, Vec<Event>> = BTreeMap::new();
        for event in events
            .into_iter()
            .filter(|event| event.content().text().is_some())
        {
            of.entry(event.item().clone()).or_default().push(event);
        }
        Ok(Self {
            place,
            sides: RefCell::default(),
            journals,
            events: of,
            refused,
            tree,
            broken: BTreeMap::new(),
            attributions: OnceCell::new(),
        })
    }

    /// Reads the docket by the journals that lie beside the events, those left out that are broken.
    pub(crate) fn read_files(place: &'p Place<'p>) -> anyhow::Result<Self> {
        let mut docket = Self::read_with(place, BTreeMap::new())?;
        let (mut journals, mut broken) = (BTreeMap::new(), BTreeMap::new());
        for item in docket.filed_items()? {
            match docket.journal(&item) {
                Ok(journal) => drop(journals.insert(item, journal)),
                Err(fault) => drop(broken.insert(item, fault)),
            }
        }
        (docket.journals, docket.broken) = (journals, broken);
        Ok(docket)
    }

    /// The items that anything lies of.
    fn filed_items(&self) -> anyhow::Result<BTreeSet<ItemId>> {
        let journal = |name: &str| name == "events.jsonl";
        let paths = match self.tree.find(FOLDER, &journal) {
            Ok(paths) => paths,
            Err(refused) if refused.missing => Vec::new(),
            Err(refused) => bail!("{}: {}", refused.path, refused.reason),
        };
        let of_journals = paths
            .iter()
            .filter_map(|path| path.split('/').nth(1)?.parse().ok());
        Ok(of_journals.chain(self.events.keys().cloned()).collect())
    }

    /// The journal of an item as it lies there; an empty one if there is none.
    pub(crate) fn journal(&self, item: &ItemId) -> Result<Journal, Broken> {
        match self.tree.read(&Journal::path(item)) {
            Ok(text) => Journal::parse(item, &text),
            Err(refused) if refused.missing => Ok(Journal::default()),
            Err(refused) => Err(Broken {
                path: refused.path,
                line: 1,
                what: refused.reason,
            }),
        }
    }

    /// All items, by their ids.
    pub(crate) fn items(&self) -> BTreeSet<ItemId> {
        let known = self.events.keys().chain(self.journals.keys());
        known.chain(self.broken.keys()).cloned().collect()
    }

    /// The item that a word means: its id, the start of it, or its number.
    pub(crate) fn item(&self, word: &str) -> anyhow::Result<ItemId> {
        if let Ok(number) = word.trim_start_matches('#').parse::<u32>() {
            let of_number = |(item, journal): (&ItemId, &Journal)| {
                (journal.number() == Some(number)).then(|| item.clone())
            };
            let mut found = self.journals.iter().filter_map(of_number);
            return found.next().with_context(|| {
                format!("no item has the number {number}; `commonhold decide list` lists them")
            });
        }
        let items = self.items();
        let of_folder = word
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(word);
        let starts = items
            .iter()
            .filter(|item| item.as_str().starts_with(of_folder));
        let found: Vec<&ItemId> = starts.collect();
        match found.as_slice() {
            [one] => Ok((*one).clone()),
            _ if items.iter().any(|item| item.as_str() == of_folder) => of_folder
                .parse()
                .map_err(|error: &str| anyhow::anyhow!("{error}")),
            [] => bail!("there is no item `{word}`; `commonhold decide list` lists them"),
            several => {
                let names: Vec<&str> = several.iter().map(|item| item.as_str()).collect();
                bail!("`{word}` may mean {}; say which", names.join(" or "))
            }
        }
    }

    /// The digests of all events of an item.
    pub(crate) fn events_of(&self, item: &ItemId) -> impl Iterator<Item = Digest> {
        let events = self.events.get(item).into_iter().flatten();
        events.map(|event| *event.digest())
    }

    /// The events that lie there.
    pub(crate) fn lying(&self, item: &ItemId) -> &[Event] {
        self.events.get(item).map_or(&[][..], Vec::as_slice)
    }

    /// The estate at a commit, read once.
    pub(crate) fn side(&self, commit: &str) -> anyhow::Result<Rc<Side>> {
        if let Some(side) = self.sides.borrow().get(commit) {
            return Ok(Rc::clone(side));
        }
        let side = Rc::new(self.place.at(commit)?);
        self.sides
            .borrow_mut()
            .insert(commit.to_owned(), Rc::clone(&side));
        Ok(side)
    }

    /// Whose each event is: by the people of the commit it was received under, on that day;
    /// if it was not received, by those of the commit that is trusted now.
    fn attribute(&self, trusted: &str) -> Attributions {
        let today = (trusted.to_owned(), day(self.place.now()));
        let mut received = BTreeMap::new();
        for note in self.journals.values().flat_map(|journal| &journal.notes) {
            if let (Noted::Event(digest), Some(base)) = (&note.what, &note.base) {
                received.insert(*digest, (base.clone(), day(note.at)));
            }
        }
        // Reading who holds which key is most of the work, so it is done once a commit and day.
        let mut by: BTreeMap<(String, Date), Vec<&Event>> = BTreeMap::new();
        for event in self.events.values().flatten() {
            let under = received.get(event.digest()).unwrap_or(&today);
            by.entry(under.clone()).or_default().push(event);
        }
        let mut found = Attributions::new();
        for ((commit, day), events) in by {
            let side = match self.side(&commit) {
                Ok(side) => side,
                Err(error) => {
                    let why = format!("the people of commit {commit} cannot be told: {error:#}");
                    found.extend(
                        events
                            .iter()
                            .map(|event| (*event.digest(), Err(why.clone()))),
                    );
                    continue;
                }
            };
            let roster = Roster::of(&side.estate, day);
            for event in events {
                let whose = attribute(event, &roster).map(|person| Attributed {
                    event: event.clone(),
                    person,
                });
                found.insert(
                    *event.digest(),
                    whose.map_err(|refusal| refusal.to_string()),
                );
            }
        }
        found
    }

    /// Whose an event is.
    pub(crate) fn whose(&self, event: &Event, trusted: &str) -> Result<Attributed, String> {
        let all = self.attributions.get_or_init(|| self.attribute(trusted));
        let found = all.get(event.digest()).cloned();
        found.unwrap_or_else(|| Err("it is none of this estate".to_owned()))
    }

    /// An item with all that it is judged by. `trusted` is the commit that new events would be
    /// received under.
    pub(crate) fn case(
        &self,
        item: &ItemId,
        trusted: &str,
    ) -> anyhow::Result<Result<Case, Unjudged>> {
        let unjudged = |why: String| {
            let item = item.clone();
            Ok(Err(Unjudged { item, why }))
        };
        if let Some(broken) = self.broken.get(item) {
            return unjudged(broken.to_string());
        }
        let empty = Journal::default();
        let journal = self.journals.get(item).unwrap_or(&empty);
        let events = self.events.get(item).map_or(&[][..], Vec::as_slice);
        let mut known: BTreeMap<Digest, Attributed> = BTreeMap::new();
        let mut bases: BTreeMap<Digest, (String, Timestamp)> = BTreeMap::new();
        for note in &journal.notes {
            if let (Noted::Event(digest), Some(base)) = (&note.what, &note.base) {
                bases.insert(*digest, (base.clone(), note.at));
            }
        }
        let mut unreceived = Vec::new();
        let now = self.place.now();
        for event in events {
            if !bases.contains_key(event.digest()) {
                let whose = self.whose(event, trusted);
                unreceived.push((event.clone(), whose));
                continue;
            }
            match self.whose(event, trusted) {
                Ok(one) => drop(known.insert(*event.digest(), one)),
                Err(why) => {
                    return unjudged(format!(
                        "{} was received and is not what it was: {why}",
                        event.path()
                    ));
                }
            }
        }
        let (entries, gone) = journal.entries(&known);
        if let Some(first) = gone.first() {
            // Without an objection or a vote, what is left says something else.
            let path = format!("{FOLDER}/{item}/{}.json", first.short());
            let count = base::counted(
                gone.len(),
                "event that was received is",
                "events that were received are",
            );
            return unjudged(format!("{count} gone, {path} for one: restore it from Git"));
        }
        let proposal = entries.iter().find_map(|entry| match &entry.what {
            Happened::Act(one) => match one.event.act() {
                Act::Propose {
                    matter: Some(matter),
                    ..
                } => Some((matter.clone(), bases.get(one.event.digest()))),
                _ => None,
            },
            _ => None,
        });
        let draft = || {
            let mut drafts = unreceived
                .iter()
                .filter_map(|(event, _)| match event.act() {
                    Act::Propose { matter, .. } => matter.clone(),
                    _ => None,
                });
            drafts
                .next()
                .map(|matter| (matter, (trusted.to_owned(), now)))
        };
        let found = match proposal {
            Some((matter, Some(base))) => Some((matter, base.clone())),
            _ => draft(),
        };
        let Some((matter, (charter, proposed))) = found else {
            return unjudged("nothing is proposed here".to_owned());
        };
        let basis = match self.basis(journal, &entries, &matter, &charter, proposed)? {
            Ok(basis) => basis,
            Err(why) => return unjudged(why.to_string()),
        };
        Ok(Ok(Case {
            item: item.clone(),
            number: journal.number(),
            basis,
            charter,
            entries,
            unreceived,
        }))
    }

    /// The charter of when it was proposed, with the people of when it opened.
    fn basis(
        &self,
        journal: &Journal,
        entries: &[Entry],
        matter: &Matter,
        charter: &str,
        proposed: Timestamp,
    ) -> anyhow::Result<Result<Basis, NoRules>> {
        let side = self.side(charter)?;
        let of = |commit: &str, at: Timestamp| -> anyhow::Result<Result<Rules, NoRules>> {
            let people = self.side(commit)?;
            let day = day(at);
            let body = Some(matter.body.as_str());
            Ok(rules(matter.kind, body, &side.charter, &people.estate, day))
        };
        let rules = match of(charter, proposed)? {
            Ok(rules) => rules,
            Err(why) => return Ok(Err(why)),
        };
        let mut basis = Basis {
            rules,
            refreshed: BTreeMap::new(),
            clock: Clock::of(&side.charter.decisions),
        };
        let last = entries.last().map_or(proposed, |entry| entry.at);
        if let Some(opened) = record(&basis, entries, last).opened {
            let notes = journal.notes.iter().filter(|note| note.at <= opened);
            let base = notes.filter_map(|note| note.base.as_deref()).next_back();
            match of(base.unwrap_or(charter), opened)? {
                Ok(rules) => basis.rules = rules,
                Err(why) => return Ok(Err(why)),
            }
        }
        for (note, entry) in journal.notes.iter().zip(entries) {
            let Happened::Act(one) = &entry.what else {
                continue;
            };
            let refreshes = matches!(one.event.act(), Act::Refresh {});
            if let (true, Some(base)) = (refreshes, &note.base)
                && let Ok(rules) = of(base, note.at)?
            {
                basis.refreshed.insert(*one.event.digest(), rules);
            }
        }
        Ok(Ok(basis))
    }

    /// A file of the estate, if it is there.
    pub(crate) fn read_file(&self, path: &str) -> Option<String> {
        self.tree.read(path).ok()
    }

    /// The text of an item as it lies there.
    pub(crate) fn text(&self, item: &ItemId) -> Option<String> {
        self.tree.read(&text_path(item)).ok()
    }

    /// All items with how they stand at a time, and those that nothing can be said of.
    pub(crate) fn stand(
        &self,
        trusted: &str,
        now: Timestamp,
    ) -> anyhow::Result<(Vec<Standing>, Vec<Unjudged>)> {
        let (mut stand, mut unjudged) = (Vec::new(), Vec::new());
        for item in self.items() {
            match self.case(&item, trusted)? {
                Ok(case) => {
                    let record = case.record(now);
                    stand.push((case, record));
                }
                Err(why) => unjudged.push(why),
            }
        }
        stand.sort_by_key(|(case, _)| (case.number.unwrap_or(u32::MAX), case.item.clone()));
        Ok((stand, unjudged))
    }
}

impl Case {
    /// How it stands at a time.
    pub(crate) fn record(&self, now: Timestamp) -> Record {
        record(&self.basis, &self.entries, now)
    }

    /// Its title, also while nobody has received it.
    pub(crate) fn title(&self, record: &Record) -> String {
        let drafted = self
            .unreceived
            .iter()
            .find_map(|(event, _)| match event.act() {
                Act::Propose { title, .. } => Some(title.clone()),
                _ => None,
            });
        let proposed = record.proposed.map(|_| record.title.clone());
        proposed.or(drafted).unwrap_or_default()
    }

    /// Its page.
    pub(crate) fn page<'a>(
        &'a self,
        record: &'a Record,
        superseded_by: Option<&'a ItemId>,
    ) -> Page<'a> {
        Page {
            item: &self.item,
            number: self.number,
            record,
            rules: &self.basis.rules,
            charter: Some(&self.charter),
            superseded_by,
        }
    }
}

/// The items that later ones took the place of. Only who decided on an item, or whom its
/// procedure names for what comes after, takes it back.
pub(crate) fn superseded(stand: &[(Case, Record)]) -> BTreeMap<ItemId, ItemId> {
    let mut found = BTreeMap::new();
    for (later, record) in stand.iter().filter(|(_, record)| record.in_effect) {
        for item in record.matter.iter().flat_map(|matter| &matter.supersedes) {
            let earlier = stand.iter().find(|(case, _)| case.item == *item);
            let may = earlier.is_some_and(|(case, _)| may_supersede(later, case));
            if may {
                found.insert(item.clone(), later.item.clone());
            }
        }
    }
    found
}

/// Whether one item may take the place of another: decided by the same body in the same way, or
/// by the body that hears appeals or takes over.
fn may_supersede(later: &Case, earlier: &Case) -> bool {
    if later.item == earlier.item || later.number < earlier.number {
        return false;
    }
    let (new, old) = (&later.basis.rules, &earlier.basis.rules);
    let is_body = |name: &str| name.eq_ignore_ascii_case(&new.body);
    let appeal = old.procedure.appeal.iter().map(|rule| &rule.to.name);
    let escalate = old.procedure.escalate.iter().map(|rule| &rule.to.name);
    let above = appeal
        .chain(escalate)
        .any(|name| is_body(name) && !is_body(&old.body));
    above || (is_body(&old.body) && new.name == old.name)
}

/// How an item stands when what took its place is known.
pub(crate) fn state(case: &Case, record: &Record, superseded: &BTreeMap<ItemId, ItemId>) -> State {
    match superseded.get(&case.item) {
        Some(_) => State::Superseded,
        None => record.state,
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Where the text of an item lies.
pub(crate) fn text_path(item: &ItemId) -> String {
    format!("{FOLDER}/{item}/proposal.md")
}
