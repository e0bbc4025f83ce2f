//! An election as anybody may see it: what is declared, who may vote, and once it is closed what
//! came of it. Nothing of a sealed ballot, and not who voted.

mod counted;
mod words;

use std::collections::BTreeMap;

use ballot_box::{BallotBox, Closing, Privacy};
use base::{Digest, SourceMap};
use elections::definition::{self, Key, Phase};
use elections::elekto::CandidateFile;
use elections::{Definition, Directory, Login, officers};
use estate::Estate;
use jiff::Timestamp;
use serde_json::json;

use super::held::{Community, Held};
use super::opening::Opening;
use super::polling;
use crate::governed::Place;
use crate::project::Project;

pub(crate) use counted::Published;

/// An election.
#[derive(Debug)]
pub(crate) struct Election {
    pub(crate) key: String,
    pub(crate) title: String,
    /// Its folder, from the estate's root.
    pub(crate) folder: String,
    pub(crate) body: Option<String>,
    pub(crate) seats: Option<u32>,
    /// How it is counted, in words.
    pub(crate) method: String,
    pub(crate) tie: &'static str,
    pub(crate) privacy: definition::Privacy,
    pub(crate) publish: definition::Publish,
    /// Whether a ballot may leave candidates out.
    pub(crate) no_opinion: bool,
    pub(crate) nominations: Option<(Timestamp, Timestamp)>,
    pub(crate) opens: Timestamp,
    pub(crate) closes: Timestamp,
    /// The close as the election has it, by its own clock.
    pub(crate) closes_shown: String,
    /// The first moment at which no request for an exception is taken.
    pub(crate) exceptions: Option<Timestamp>,
    /// The moments at which it comes into another phase.
    pub(crate) turns: Vec<Timestamp>,
    pub(crate) officers: Vec<Stands>,
    pub(crate) candidates: Vec<Stands>,
    /// Who may vote, in words, a way a line.
    pub(crate) rule: Vec<String>,
    /// Who may vote and why, and who came near and why not, by their names in the estate; or why
    /// that cannot be told.
    pub(crate) roll: Result<BTreeMap<String, Result<String, String>>, String>,
    /// How many may vote, where that is known.
    pub(crate) voters: Option<usize>,
    /// Its ballot box, if it was opened.
    pub(crate) vote: Option<Vote>,
    /// What came of it, or why that cannot be told; none before the close.
    pub(crate) result: Option<Result<Published, String>>,
    /// What is wrong with its files, the first of it.
    pub(crate) problem: Option<String>,
}

/// Somebody who stands, or is an officer.
#[derive(Debug, Clone)]
pub(crate) struct Stands {
    /// The login.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Their name in the estate.
    pub(crate) person: Option<String>,
    /// What else their file says.
    pub(crate) info: Vec<(String, String)>,
    /// Their own words.
    pub(crate) statement: String,
    /// Their file, from the estate's root.
    pub(crate) file: Option<String>,
}

/// What a ballot box shows to everybody.
#[derive(Debug)]
pub(crate) struct Vote {
    /// By which the very poll is known.
    pub(crate) poll: Digest,
    /// The digest of those who could vote at the opening.
    pub(crate) electorate: String,
    /// The commit whose people vote.
    pub(crate) commit: Option<String>,
    /// The record of the close, once it is closed.
    pub(crate) closing: Option<Closing>,
    /// What is wrong with the box, as its own check says; looked at once it is closed.
    pub(crate) fault: Option<String>,
    /// Of a blind vote, what was posted on the board, in its order.
    pub(crate) posts: Vec<Posted>,
    /// What may be had of it as files, once it is closed: name, type, text.
    pub(crate) files: Vec<(&'static str, &'static str, String)>,
}

/// A ballot on the board of a blind vote. What it says is known after the close only.
#[derive(Debug)]
pub(crate) struct Posted {
    /// Its place on the board, from 1.
    pub(crate) seq: usize,
    pub(crate) receipt: Digest,
    pub(crate) ballot: Option<Shown>,
}

/// What a posted ballot says.
#[derive(Debug)]
pub(crate) enum Shown {
    /// It counts: the candidates from the best on, equals together.
    Counts(String),
    /// The voter took it back, or replaced it later.
    Replaced,
}

/// Reads elections; the people of a commit are read once.
pub(crate) struct Seer<'p> {
    project: &'p Project<'p>,
    place: &'p Place<'p>,
    estate: &'p Estate,
    communities: BTreeMap<Option<String>, Result<Community, String>>,
}

impl<'p> Seer<'p> {
    pub(crate) fn new(project: &'p Project<'p>, place: &'p Place<'p>, estate: &'p Estate) -> Self {
        Self {
            project,
            place,
            estate,
            communities: BTreeMap::new(),
        }
    }

    /// The election of a folder of the estate.
    pub(crate) fn see(&mut self, folder: &str) -> anyhow::Result<Election> {
        let root = self.place.folder.join(folder);
        let key = folder.strip_prefix("elections/").unwrap_or(folder);
        let mut held =
            Held::read_loosely(self.project, &root, Key::new(key), SourceMap::default())?;
        let problem = held
            .findings
            .iter()
            .find(|one| one.severity == base::Severity::Error);
        let problem = problem.map(|one| one.message.clone());
        let Some(definition) = held.definition.clone() else {
            anyhow::bail!(problem.unwrap_or_else(|| {
                "the election does not say how many seats are filled".to_owned()
            }));
        };
        let opened = self.opened(&held);
        let commit = opened
            .as_ref()
            .and_then(|(_, opening)| opening.as_ref().and_then(|opening| opening.commit.clone()));
        let vote = opened
            .as_ref()
            .map(|(ballot_box, _)| vote(ballot_box, commit.clone()));
        let (vote, fault) = match vote {
            Some(Ok(vote)) => (Some(vote), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, None),
        };
        // Who could vote once is told by the box; reading the people of each commit again takes long.
        let is_over = vote.as_ref().is_some_and(|vote| vote.closing.is_some());
        let roll = if is_over {
            Ok(BTreeMap::new())
        } else {
            self.roll(&mut held, commit)
        };
        let voters = match (&vote, &roll) {
            (Some(_), _) => opened
                .as_ref()
                .and_then(|(ballot_box, _)| ballot_box.voters().ok().map(|voters| voters.len())),
            (None, Ok(roll)) => Some(roll.values().filter(|one| one.is_ok()).count()),
            (None, Err(_)) => None,
        };
        let result = counted::result(self.place, &held, opened.as_ref().map(|(one, _)| one));
        Ok(Election {
            roll,
            voters,
            vote,
            result,
            problem: fault.or(problem),
            ..declared(&held, &definition, folder, self.estate)
        })
    }

    /// The box of an election, to look at, and how it was opened.
    fn opened(&self, held: &Held) -> Option<(BallotBox, Option<Opening>)> {
        let path = polling::place(self.project, &held.key, None).ok()?;
        let ballot_box = BallotBox::open_read_only(&path).ok()?;
        let opening = Opening::of_box(&path, &ballot_box).ok();
        Some((ballot_box, opening))
    }

    fn community(&mut self, commit: Option<String>) -> &Result<Community, String> {
        let project = self.project;
        self.communities.entry(commit).or_insert_with_key(|commit| {
            Community::at(project, commit.as_deref()).map_err(|error| format!("{error:#}"))
        })
    }

    fn roll(
        &mut self,
        held: &mut Held,
        commit: Option<String>,
    ) -> Result<BTreeMap<String, Result<String, String>>, String> {
        let project = self.project;
        let community = self.community(commit).as_ref().map_err(Clone::clone)?;
        let roll = held.roll(project, community, None);
        let roll = roll.map_err(|error| format!("{error:#}"))?;
        let mut all = BTreeMap::new();
        for left in roll.left_out() {
            if let Some(person) = &left.person {
                all.insert(person.clone(), Err(left.why.to_string()));
            }
        }
        for voter in roll.voters() {
            let grounds: Vec<String> = voter.why.iter().map(ToString::to_string).collect();
            let name = voter.person.clone();
            let name = name.unwrap_or_else(|| voter.login.to_string());
            all.insert(name, Ok(grounds.join(" and ")));
        }
        Ok(all)
    }
}

impl Election {
    /// Where it stands at an instant.
    pub(crate) fn phase(&self, at: Timestamp) -> Phase {
        let closed = self
            .vote
            .as_ref()
            .is_some_and(|vote| vote.closing.is_some());
        match self.nominations {
            _ if closed || at >= self.closes => Phase::Closed,
            _ if at >= self.opens => Phase::Voting,
            Some((open, close)) if open <= at && at < close => Phase::Nominations,
            Some((_, close)) if close <= at => Phase::Campaign,
            _ => Phase::Upcoming,
        }
    }
}

/// What the files of an election say.
fn declared(held: &Held, definition: &Definition, folder: &str, people: &Estate) -> Election {
    let window = definition.voting();
    let nominations = definition.nominating().map(|one| (one.open, one.close));
    let exceptions = definition.exceptions_close.as_ref();
    let mut turns = vec![window.open, window.close];
    turns.extend(nominations.iter().flat_map(|(open, close)| [*open, *close]));
    let key = held.key.to_string();
    let officer = |login: &Login| Stands::of_login(login, people);
    let officers = officers::logins(definition, people);
    Election {
        title: definition.title.clone().unwrap_or_else(|| key.clone()),
        key,
        folder: folder.to_owned(),
        body: Some(definition.body.name.clone()).filter(|name| !name.is_empty()),
        seats: Some(definition.seats.value.get()),
        method: words::method(&definition.method.value),
        tie: definition.tie.value.word(),
        privacy: definition.privacy.value,
        publish: definition.publish.value,
        no_opinion: definition.no_opinion,
        nominations,
        opens: window.open,
        closes: window.close,
        closes_shown: definition.close.value.to_string(),
        exceptions: exceptions.map(|close| close.value.at()),
        turns,
        officers: officers.iter().map(officer).collect(),
        candidates: held
            .candidates
            .iter()
            .map(|file| Stands::of_file(file, folder, people))
            .collect(),
        rule: definition
            .voters
            .as_ref()
            .map_or_else(Vec::new, words::rule),
        roll: Ok(BTreeMap::new()),
        voters: None,
        vote: None,
        result: None,
        problem: None,
    }
}

impl Stands {
    fn of_login(login: &Login, people: &Estate) -> Self {
        let directory = Directory::of(people);
        let person = directory.whose(login);
        let name = person.and_then(|person| person.value.name.clone());
        Self {
            id: login.to_string(),
            name: name.unwrap_or_else(|| login.to_string()),
            person: person.map(|person| person.name.clone()),
            info: Vec::new(),
            statement: String::new(),
            file: None,
        }
    }

    fn of_file(file: &CandidateFile, folder: &str, people: &Estate) -> Self {
        let id = &file.id.value;
        // A candidate may say how to be reached; that is not for everybody by itself.
        let is_public = |(name, value): &&(String, String)| {
            !value.contains('@') && !name.to_lowercase().contains("mail") && !value.is_empty()
        };
        Self {
            name: file.name.clone(),
            info: file.info.0.iter().filter(is_public).cloned().collect(),
            statement: file.statement.trim().to_owned(),
            file: Some(format!("{folder}/candidate-{id}.md")),
            ..Self::of_login(id, people)
        }
    }
}

const JSON: &str = "application/json";

/// What a box shows.
fn vote(ballot_box: &BallotBox, commit: Option<String>) -> anyhow::Result<Vote> {
    let closing = ballot_box.closing()?;
    let mut vote = Vote {
        poll: ballot_box.poll().fingerprint(),
        electorate: ballot_box.electorate()?.to_string(),
        commit,
        fault: None,
        posts: Vec::new(),
        files: Vec::new(),
        closing,
    };
    let blind = ballot_box.poll().privacy == Privacy::Blind;
    if blind {
        let receipts = (1..).zip(ballot_box.receipts()?);
        let posted = |(seq, receipt)| Posted {
            seq,
            receipt,
            ballot: None,
        };
        vote.posts = receipts.map(posted).collect();
    }
    if let Some(closing) = &vote.closing {
        vote.fault = ballot_box.verify().err().map(|error| error.to_string());
        let closing = format!("{:#}\n", json!(closing));
        vote.files.push(("closing.json", JSON, closing));
        let published = format!("{:#}\n", json!(ballot_box.publish()?));
        vote.files.push(("published.json", JSON, published));
        if blind {
            let board = ballot_box.board()?;
            counted::show(&mut vote.posts, &board, &ballot_box.poll().candidates);
            vote.files.push(("board.jsonl", "application/jsonl", board));
        }
    }
    Ok(vote)
}
