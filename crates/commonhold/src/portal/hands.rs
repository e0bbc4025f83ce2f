//! What people do through the portal, by the same code as the commands.
//!
//! Nothing is kept here but a picture of who is who, which is made anew with every state of the
//! estate: how a request or an item stands follows from Git, the gate and the ledger. Whoever writes
//! into the repository waits for whoever does already, in this process and in others; what is
//! acknowledged is committed, and brought to where the estate is followed from.

mod acts;
mod ballots;
mod changes;
mod commits;
mod desk;
mod items;
mod looked;
mod mine;
mod plans;
mod promises;
mod proposals;
mod recognise;
mod refused;
mod request_page;
mod requests;
mod signing;
#[cfg(test)]
mod tests;
mod tick;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context;
use charter::Charter;
use estate::Estate;
use jiff::tz::TimeZone;
use ledger::Ledger;
use portal::settings::Settings;
use portal::{
    Act, Asked, BallotForm, Done, Hands, Mine, Page, Problem, Reader, Refusal, RequestKind, Signed,
    ToSign, Voted,
};

use super::affairs::Decided;
use crate::cli::{DecideArguments, DecideCommand, TickArguments};
use crate::commands::decide;
use crate::court::Filed;
use crate::git::{Author, Repository};
use crate::governed::Place;
use crate::project::Project;
use crate::surroundings::Surroundings;
use commits::Writer;
use looked::Looked;
use promises::Promises;
use recognise::People;
use refused::{Answer, Halt};

pub(crate) use commits::Remote;
pub(crate) use requests::branch_of;

/// How often it is asked for something that is not here whether another portal took it.
const FOLLOWS: Duration = Duration::from_secs(1);

/// What the hands of a portal are given.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The clock, the environment, and the folder that paths start from.
    pub(crate) surroundings: Surroundings,
    /// The estate's folder, as it was given.
    pub(crate) given: Option<PathBuf>,
    /// Where the estate is followed from, if it is: what is done here is brought there.
    pub(crate) remote: Option<Remote>,
    /// The key that the desk proposes requests with.
    pub(crate) desk_key: Option<PathBuf>,
    /// Whether requests that have what they need are applied here, too.
    pub(crate) apply: bool,
}

/// Does what people do, in the repository, the ledger and the ballot boxes of one estate.
#[derive(Debug)]
pub(crate) struct Community {
    setup: Setup,
    /// Whose turn it is to write into the repository.
    turn: Mutex<()>,
    shown: RwLock<Arc<Picture>>,
    looked: Mutex<Looked>,
    /// Whose turn it is to make a page that asks Git and the ledger: readers come in any number.
    page: Mutex<()>,
    /// Whether something was committed that the ledger has not received.
    unreceived: AtomicBool,
    /// When it was last asked for what other portals took.
    followed: Mutex<Option<Instant>>,
    /// When what was asked for was last brought on because somebody looked for it.
    settled: Mutex<Option<Instant>>,
    /// Whether the step from one commit to another is fit to be taken.
    judged: Mutex<Option<((String, String), bool)>>,
}

/// What is asked about the estate as it is shown, at every request of a reader.
#[derive(Debug, Default)]
struct Picture {
    people: People,
    kinds: Vec<RequestKind>,
    promises: Promises,
    /// What was put before a body, in whatever way.
    decided: Arc<Decided>,
    /// Where the ledger is.
    ledger: Option<String>,
}

/// Opens the hands of an estate, and finishes what a crash may have left.
///
/// # Errors
/// The estate is in no repository: what people do has nowhere to be kept.
pub(crate) fn open(setup: Setup) -> anyhow::Result<Community> {
    let community = Community {
        setup,
        turn: Mutex::default(),
        shown: RwLock::default(),
        looked: Mutex::default(),
        page: Mutex::default(),
        unreceived: AtomicBool::new(true),
        followed: Mutex::default(),
        settled: Mutex::default(),
        judged: Mutex::default(),
    };
    let here = community.here()?;
    let head = here.place.git()?.commit("HEAD")?;
    // An estate that cannot be read now knows nobody, until a state is shown that can.
    if let Ok(side) = here.place.at(&head) {
        let (settings, _) = Settings::of(side.tree.as_ref(), &mut base::SourceMap::default());
        community.shows(&side.estate, &side.charter, &settings, &Arc::default());
    }
    // What hinders it now is said by every tick until it is mended.
    let _ = community.finish(&here);
    Ok(community)
}

/// The turn to write, until it is dropped.
struct Turn<'c> {
    _here: MutexGuard<'c, ()>,
    _file: File,
}

impl Community {
    /// Says which state of the estate is shown from now on: who its people are, what can be asked
    /// for, and what was proposed.
    pub(crate) fn shows(
        &self,
        estate: &Estate,
        charter: &Charter,
        settings: &Settings,
        decided: &Arc<Decided>,
    ) {
        let day = (self.setup.surroundings.clock)()
            .to_zoned(TimeZone::UTC)
            .date();
        let picture = Picture {
            people: People::of(estate, settings),
            kinds: desk::kinds(estate, charter, day, self.setup.desk_key.is_some()),
            promises: Promises::of(estate, charter),
            decided: Arc::clone(decided),
            ledger: self
                .here()
                .and_then(|here| here.place.ledger_url(&estate.manifest))
                .ok(),
        };
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(picture);
    }

    fn picture(&self) -> Arc<Picture> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn looked(&self) -> MutexGuard<'_, Looked> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn here(&self) -> anyhow::Result<Here<'_>> {
        let surroundings = &self.setup.surroundings;
        let project = Project {
            given: self.setup.given.clone(),
            day: (surroundings.clock)().to_zoned(TimeZone::UTC).date(),
            instant: None,
            surroundings,
        };
        let place = Place::of(&project)?;
        place.git()?;
        Ok(Here {
            community: self,
            project,
            place,
        })
    }

    fn turn(&self, here: &Here<'_>) -> anyhow::Result<Turn<'_>> {
        let guard = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = plans::private_folder(&here.place.folder, "requests")?;
        let path = folder.join(".lock");
        let shown = || format!("{} cannot be locked", path.display());
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .append(true)
            .open(&path)
            .with_context(shown)?;
        file.lock().with_context(shown)?;
        Ok(Turn {
            _here: guard,
            _file: file,
        })
    }

    /// Does something in turn.
    fn in_turn<T>(&self, act: impl FnOnce(&Here<'_>) -> Answer<T>) -> Result<T, Refusal> {
        let done = || -> Answer<T> {
            let here = self.here()?;
            let _turn = self.turn(&here)?;
            self.follow(&here)?;
            act(&here)
        };
        done().map_err(Halt::told)
    }

    /// Has something done to the repository while nobody writes into it.
    pub(crate) fn alone<T>(&self, act: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let here = self.here()?;
        let _turn = self.turn(&here)?;
        act()
    }

    /// Looks for something; once more where another portal may have taken it a moment ago. `settles` names the request
    /// that is then brought as far as it can go, so that both portals show the same of it; all are without a name.
    fn looking_elsewhere<T>(
        &self,
        here: &Here<'_>,
        since: Instant,
        settles: Option<&str>,
        look: impl Fn() -> Answer<Option<T>>,
    ) -> Answer<Option<T>> {
        let found = look()?;
        if found.is_some() || !self.follows(here, since, FOLLOWS)? {
            return Ok(found);
        }
        {
            // Many who look at once have it settled once.
            let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
            if settled.is_none_or(|at| at < since) {
                self.settle(settles);
                *settled = Some(Instant::now());
            }
        }
        look()
    }

    /// Takes what other portals took, unless that was done so lately; says whether it was done since an instant.
    fn follows(&self, here: &Here<'_>, since: Instant, lately: Duration) -> anyhow::Result<bool> {
        if self.setup.remote.is_none() {
            return Ok(false);
        }
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        match *followed {
            Some(at) if at >= since => return Ok(true),
            Some(at) if at.elapsed() < lately => return Ok(false),
            _ => {}
        }
        let _turn = self.turn(here)?;
        self.follow(here)?;
        *followed = Some(Instant::now());
        Ok(true)
    }

    /// Takes what other portals took. What is committed there is gone to only if it is fit to be shown: after a crash it
    /// would be all that there is.
    fn follow(&self, here: &Here<'_>) -> anyhow::Result<()> {
        let writer = here.writer();
        match writer.follow()? {
            Some(commit) if self.is_fit(here, &commit)? => writer.forward(&commit),
            _ => Ok(()),
        }
    }

    /// Whether a commit can be read and has no mistakes that what is checked out has not.
    fn is_fit(&self, here: &Here<'_>, commit: &str) -> anyhow::Result<bool> {
        let git = here.place.git()?;
        let step = (git.commit("HEAD")?, commit.to_owned());
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, fit)) = &*judged
            && *known == step
        {
            return Ok(*fit);
        }
        let (from, to) = (git.tree_at(&step.0)?, git.tree_at(commit)?);
        let fit = !crate::serve::worsens(&from, &to, here.project.day);
        *judged = Some((step, fit));
        Ok(fit)
    }

    /// The plan of a digest, of which somebody asked at an instant.
    fn plan(&self, here: &Here<'_>, since: Instant, digest: &str) -> Answer<Option<Filed>> {
        let look = || Ok(plans::of_digest(&here.place.folder, digest).map(|(filed, _)| filed));
        if !plans::is_digest(digest) {
            return Ok(None);
        }
        self.looking_elsewhere(here, since, None, look)
    }

    /// How a request stands. Many ask Git and the ledger for it, so one is made after the other.
    fn page_of(&self, here: &Here<'_>, id: &str) -> Answer<Option<Page>> {
        let _page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        request_page::page(here, id)
    }

    fn looking<T>(&self, look: impl FnOnce(&Here<'_>) -> Answer<T>) -> Result<T, Refusal> {
        let seen = || look(&self.here()?);
        seen().map_err(Halt::told)
    }
}

/// The estate as one call sees it.
struct Here<'c> {
    community: &'c Community,
    project: Project<'c>,
    place: Place<'c>,
}

impl<'c> Here<'c> {
    fn writer(&self) -> Writer<'_> {
        Writer {
            folder: &self.place.folder,
            remote: self.community.setup.remote.as_ref(),
        }
    }

    /// The same place once more.
    fn again(&self) -> Place<'c> {
        Place {
            repository: Repository::of(&self.place.folder),
            home: self.place.home.clone(),
            folder: self.place.folder.clone(),
            bare: self.place.bare,
            surroundings: self.place.surroundings,
        }
    }

    /// The ledger, if it is here.
    fn ledger(&self) -> anyhow::Result<Option<Ledger>> {
        match self.ledger_to_read()? {
            Some(_) => self.place.ledger(&self.project).map(Some),
            None => Ok(None),
        }
    }

    /// The ledger of the estate that is shown, to look at.
    fn ledger_as_shown(&self) -> Option<Ledger> {
        let picture = self.community.picture();
        Ledger::open_read_only(picture.ledger.as_deref()?).ok()
    }

    fn ledger_to_read(&self) -> anyhow::Result<Option<Ledger>> {
        self.place.existing_ledger_here(&self.project)
    }

    /// A person as the author of a commit, by an address that leads back to them.
    fn author(&self, person: &str) -> Author {
        let nobody = || Author {
            name: person.to_owned(),
            email: format!("{person}@users.noreply.github.com"),
        };
        let head = self.place.git().and_then(|git| git.commit("HEAD"));
        let Ok(side) = head.and_then(|head| self.place.at(&head)) else {
            return nobody();
        };
        let Some(known) = side.estate.tables.people.get(person) else {
            return nobody();
        };
        let login = known.value.handles.github.as_ref();
        let login = login.map_or(person, |login| login.value.trim_start_matches('@'));
        let email = known.value.emails().next();
        Author {
            name: known
                .value
                .name
                .clone()
                .unwrap_or_else(|| person.to_owned()),
            email: email.map_or_else(
                || format!("{login}@users.noreply.github.com"),
                |email| email.value.as_str().to_owned(),
            ),
        }
    }

    /// Lets the ledger receive what was committed, if it is here; later, if that fails now.
    fn receive(&self) {
        let receive = || -> anyhow::Result<()> {
            if self.ledger_to_read()?.is_none() {
                return Ok(());
            }
            // As `commonhold decide tick --quiet` does it; who is told is told by the tick of whoever keeps the ledger.
            let tick = DecideArguments {
                command: DecideCommand::Tick(TickArguments {
                    mailbox: None,
                    quiet: true,
                    key: None,
                }),
            };
            decide::run(&self.project, &tick)?;
            self.commit_decisions("Write down what was received\n")?;
            self.writer().publish()
        };
        let missed = receive().is_err();
        self.community.unreceived.store(missed, Ordering::Relaxed);
    }
}

/// The person that somebody is, if they are one of the estate.
fn person(who: &Reader) -> Result<&str, Refusal> {
    match (&who.person, &who.identity) {
        (Some(person), Some(_)) => Ok(person),
        (_, None) => Err(Refusal::SignIn("Sign in first.".to_owned())),
        (None, Some(identity)) => Err(Refusal::Forbidden(format!(
            "The estate does not know {}: ask for a file in `people/` with your login or key in it.",
            base::visible(&identity.name)
        ))),
    }
}

impl Hands for Community {
    fn prepare(&self, who: &Reader, act: &Act) -> Result<ToSign, Refusal> {
        let (who, since) = (self.recognise(who), Instant::now());
        person(&who)?;
        self.looking(|here| {
            // Where it cannot be told what is newer, one signs for what is here.
            let _ = self.follows(here, since, Duration::ZERO);
            match self.plan(here, since, &act.item)? {
                Some(filed) => changes::prepare(here, &who, act, &filed),
                None => items::prepare(here, &who, act),
            }
        })
    }

    fn take(&self, who: &Reader, signed: &Signed) -> Result<Done, Refusal> {
        let who = self.recognise(who);
        person(&who)?;
        let event = signing::event(signed)?;
        if let Some(plan) = event.content().plan() {
            // It may have been shown by another portal.
            self.looking(|here| self.plan(here, Instant::now(), &plan.to_string()))?;
        }
        let (done, request) = self.in_turn(|here| match event.content().text() {
            None => changes::take(here, &who, &event),
            Some(_) => Ok((items::take(here, &who, &event)?, None)),
        })?;
        if let Some(request) = request {
            // What has all it needs now is merged at once; what fails is tried again every minute.
            self.settle(Some(&request));
        }
        Ok(done)
    }

    fn requests(&self) -> Vec<RequestKind> {
        self.picture().kinds.clone()
    }

    fn ask(
        &self,
        who: &Reader,
        kind: &str,
        answers: &BTreeMap<String, String>,
        once: Option<&str>,
    ) -> Result<Asked, Vec<Problem>> {
        let who = self.recognise(who);
        desk::ask(self, &who, kind, answers, once)
    }

    fn asked(&self, who: &Reader) -> Result<Vec<Mine>, Refusal> {
        let who = self.recognise(who);
        self.looking(|here| mine::all(here, &who))
    }

    fn request(&self, who: &Reader, id: &str) -> Option<Page> {
        // Everybody sees every request: no kind of them asks for anything private.
        let page = |here: &Here<'_>| {
            let look = || self.page_of(here, id);
            // Whoever guesses at names does not have the repository asked.
            if who.identity.is_none() {
                return look();
            }
            // Another portal took it, and has not planned it, or has and told nobody yet.
            let planned = || {
                if desk::waits_for_its_plan(here, id)? {
                    return Ok(None);
                }
                look()
            };
            match self.looking_elsewhere(here, Instant::now(), Some(id), planned)? {
                Some(page) => Ok(Some(page)),
                None => look(),
            }
        };
        self.looking(page).ok().flatten()
    }

    fn ballot(&self, who: &Reader, election: &str) -> Result<BallotForm, Refusal> {
        let who = self.recognise(who);
        self.looking(|here| ballots::ballot(here, &who, election))
    }

    fn vote(
        &self,
        who: &Reader,
        election: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<Voted, Refusal> {
        let who = self.recognise(who);
        self.looking(|here| ballots::vote(here, &who, election, answers))
    }

    fn token(&self, who: &Reader, election: &str, blinded: &str) -> Result<String, Refusal> {
        let who = self.recognise(who);
        self.looking(|here| ballots::token(here, &who, election, blinded))
    }

    fn recognise(&self, who: &Reader) -> Reader {
        let now = (self.setup.surroundings.clock)();
        self.picture().people.recognise(who, now)
    }

    fn person_of_key(&self, key: &str) -> Option<String> {
        let now = (self.setup.surroundings.clock)();
        self.picture().people.person_of_key(key, now)
    }
}
