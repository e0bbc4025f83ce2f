//! Keeps what is shown as new as what is there, on a thread of its own.
//!
//! A state is read and checked before it is shown. One of which nothing can be read, or whose files have mistakes that
//! the one before did not have, is not: the last good one stays, and every page says so. What breaks a rule of the
//! charter is shown; that is what the portal is for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use base::Digest;
use jiff::Timestamp;
use jiff::civil::Date;
use portal::serve::{Current, Log};
use portal::settings::Settings;
use portal::webhooks::Courier;
use portal::{Content, Trouble};

use super::bare::{Bare, Troubled};
use super::beside;
use super::reading::{Estate, Mistakes, Reading, Ready, next_version};
use super::remote::Remote;
use crate::git::Repository;
use crate::portal::{Affairs, Community, Shown};

/// How often it is looked whether anything is newer.
const EVERY: Duration = Duration::from_secs(2);
/// The share of its time that looking may take.
const ONE_IN: u32 = 20;
/// Files that are being written are looked at again after this, until they stay as they are.
const SETTLING: Duration = Duration::from_millis(100);
/// And no more often than this.
const MOST_SETTLING: usize = 50;
/// A repository that cannot be reached for so long is told of on every page.
const UNREACHED: Duration = Duration::from_secs(300);

/// Has what is shown looked at anew at once.
#[derive(Debug, Clone)]
pub(crate) struct Wake(SyncSender<()>);

impl Wake {
    pub(crate) fn now(&self) {
        // One that waits already is for everything that came before it.
        let _ = self.0.try_send(());
    }
}

/// What tells that there is something newer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    files: Files,
    commit: Option<String>,
    affairs: String,
    day: Date,
}

/// What the files of an estate are: those of its folder, and those that it names elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Files {
    below: Digest,
    further: Digest,
}

/// What is shown and what it follows.
pub(crate) struct Following {
    estate: Estate,
    remote: Option<Remote>,
    log: Log,
    /// What was looked at last, shown or not.
    seen: Option<Mark>,
    good: Option<Good>,
    trouble: Option<Trouble>,
    /// The commit of the repository elsewhere that was not fit to be shown.
    ahead: Option<String>,
    /// Since when the repository cannot be reached.
    unreached: Option<Timestamp>,
    fetched: Option<Instant>,
    wake: Receiver<()>,
    /// Who has to know which state is shown.
    hands: Option<Arc<Community>>,
}

/// The last good state.
struct Good {
    shown: Arc<Shown>,
    mistakes: Mistakes,
    further: Vec<PathBuf>,
    files: Files,
    commit: Option<String>,
    day: Date,
    due: Option<Timestamp>,
}

impl Following {
    /// Begins to follow an estate, from its folder or, where it has one, from a repository elsewhere.
    pub(crate) fn new(estate: Estate, remote: Option<Remote>, log: Log) -> (Self, Wake) {
        let (sender, wake) = sync_channel(1);
        let following = Self {
            estate,
            remote,
            log,
            seen: None,
            good: None,
            trouble: None,
            ahead: None,
            unreached: None,
            fetched: None,
            wake,
            hands: None,
        };
        (following, Wake(sender))
    }

    /// Tells that nobody can do anything here.
    pub(crate) fn only_shows(&mut self) {
        self.estate.only_shown = true;
    }

    /// What is shown first, and what the estate says of the portal.
    pub(crate) fn first(&mut self) -> (Arc<dyn Content>, Settings) {
        let mark = self.settled();
        let tree = self.estate.tree();
        match Reading::of(&tree, mark.day) {
            Ok(reading) => {
                let ready = reading.shown(&self.estate, &Affairs::default());
                let settings = ready.settings.clone();
                (self.take(ready, mark), settings)
            }
            Err(what) => {
                self.seen = Some(mark.clone());
                let content = self.refused(mark.commit, what);
                let (settings, _) = Settings::of(&tree, &mut base::SourceMap::default());
                (content, settings)
            }
        }
    }

    /// Tells what people do it with of every newer state.
    pub(crate) fn tells(&mut self, hands: &Arc<Community>) {
        self.hands = Some(Arc::clone(hands));
    }

    /// Follows until the program ends.
    pub(crate) fn run(mut self, current: &Current, courier: Option<&Courier>) {
        // The repository elsewhere may have gone on since its clone was looked at last.
        let mut pause = self.remote.as_ref().map_or(EVERY, |_| Duration::ZERO);
        loop {
            let wait = pause.min(self.until_due());
            let woken = match self.wake.recv_timeout(wait) {
                Ok(()) => true,
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let started = Instant::now();
            // A mistake in the program that one estate brings to light is no reason to show nothing of it any more.
            let newer = catch_unwind(AssertUnwindSafe(|| self.newer(woken)));
            let newer = newer.unwrap_or_else(|_| {
                self.seen = None;
                let what = "The newest state cannot be read because of a mistake in the program. Please report it.";
                Some(self.refused(None, vec![what.to_owned()]))
            });
            if let Some(content) = newer {
                let older = current.get();
                current.set(Arc::clone(&content));
                self.tell(courier, older.as_ref(), content.as_ref());
            }
            pause = EVERY.max(started.elapsed() * ONE_IN);
        }
    }

    /// Has other programs told what happened.
    fn tell(&self, courier: Option<&Courier>, older: &dyn Content, newer: &dyn Content) {
        let told = courier.map(|courier| courier.changed(older, newer));
        if let Some(Err(error)) = told {
            let now = (self.estate.surroundings.clock)();
            self.log
                .event(now, "untold", &[("why", &error.to_string())]);
        }
    }

    /// How long it is until what is shown is another by itself.
    fn until_due(&self) -> Duration {
        let due = self.good.as_ref().and_then(|good| good.due);
        let wait = due.map(|due| due.duration_since(self.estate.now()));
        let wait = wait.and_then(|wait| Duration::try_from(wait).ok());
        // A clock that stands still never comes to it.
        wait.filter(|_| self.estate.at.is_none())
            .unwrap_or(Duration::MAX)
    }

    /// What is to be shown instead of what is shown, if anything is.
    fn newer(&mut self, woken: bool) -> Option<Arc<dyn Content>> {
        let asked = self.asked(woken);
        let mark = self.settled();
        if let Some(commit) = asked {
            return Some(self.moved(&commit, mark));
        }
        let is_due = self.until_due().is_zero();
        if self.seen.as_ref() == Some(&mark) && !is_due {
            return self.is_cut_off().or_else(|| self.is_well_again());
        }
        self.seen = Some(mark.clone());
        let judged = self.judged(&self.estate.tree(), &mark);
        Some(match judged {
            Ok(reading) => self.show(reading, mark),
            Err(what) => self.refused(mark.commit, what),
        })
    }

    /// Asks the repository elsewhere, if it is time; the commit that is newer than what is checked out.
    fn asked(&mut self, woken: bool) -> Option<String> {
        let remote = self.remote.as_ref()?;
        let fetched = self.fetched.map(|fetched| fetched.elapsed());
        if fetched.is_some_and(|ago| ago < remote.every) && !woken {
            return None;
        }
        self.fetched = Some(Instant::now());
        let commit = match remote.fetch() {
            Ok(commit) => commit,
            Err(error) => {
                let now = (self.estate.surroundings.clock)();
                self.unreached.get_or_insert(now);
                self.log
                    .event(now, "unreached", &[("why", &format!("{error:#}"))]);
                return None;
            }
        };
        self.unreached = None;
        if remote.has(&commit) {
            self.ahead = None;
            return None;
        }
        let day = self.estate.day();
        let same_day = self.seen.as_ref().is_some_and(|seen| seen.day == day);
        let is_known = self.ahead.as_ref() == Some(&commit) && same_day;
        (!is_known).then_some(commit)
    }

    /// The last good state with the trouble that there may be a newer one, once nobody could tell for long.
    fn is_cut_off(&mut self) -> Option<Arc<dyn Content>> {
        if self.trouble.is_some() || !self.unreached_for_long() {
            return None;
        }
        // Why is for the log: it names hosts.
        let told = "The repository that is followed cannot be reached.".to_owned();
        Some(self.refused(None, vec![told]))
    }

    fn unreached_for_long(&self) -> bool {
        let now = (self.estate.surroundings.clock)();
        let since = self.unreached.map(|since| now.duration_since(since));
        since.is_some_and(|since| since.unsigned_abs() >= UNREACHED)
    }

    /// Goes to a commit of the repository elsewhere, if it is fit to be shown.
    fn moved(&mut self, commit: &str, mark: Mark) -> Arc<dyn Content> {
        let judged = self.at_commit(commit, &mark);
        self.seen = Some(mark);
        let judged = judged.and_then(|reading| match self.go_to(commit) {
            Ok(()) => Ok(reading),
            Err(error) => Err(vec![format!("{error:#}")]),
        });
        match judged {
            Ok(reading) => {
                self.ahead = None;
                let mark = self.settled();
                self.show(reading, mark)
            }
            Err(what) => {
                self.ahead = Some(commit.to_owned());
                self.refused(Some(commit.to_owned()), what)
            }
        }
    }

    /// Checks a commit out, while nobody writes into the clone.
    fn go_to(&self, commit: &str) -> anyhow::Result<()> {
        let Some(remote) = &self.remote else {
            return Ok(());
        };
        match &self.hands {
            Some(hands) => hands.alone(|| remote.move_to(commit)),
            None => remote.move_to(commit),
        }
    }

    fn at_commit(&self, commit: &str, mark: &Mark) -> Result<Reading, Vec<String>> {
        let repository = Repository::of(&self.estate.root);
        let repository =
            repository.ok_or_else(|| vec!["the clone is no repository any more".to_owned()])?;
        let tree = repository
            .tree_at(commit)
            .map_err(|error| vec![format!("{error:#}")])?;
        self.judged(&tree, mark)
    }

    /// Reads files and holds them against what is shown.
    fn judged(&self, tree: &dyn estate::Tree, mark: &Mark) -> Result<Reading, Vec<String>> {
        let reading = Reading::of(tree, mark.day)?;
        let Some(good) = &self.good else {
            return Ok(reading);
        };
        let same_files = good.files == mark.files && self.remote.is_none();
        if same_files {
            return Ok(reading);
        }
        // What a new day brings to light was not done by whoever changed a file.
        let new = if good.day == mark.day {
            reading.mistakes.beside(&good.mistakes)
        } else {
            Reading::of(tree, good.day)?.mistakes.beside(&good.mistakes)
        };
        if new.is_empty() {
            Ok(reading)
        } else {
            Err(new)
        }
    }

    fn show(&mut self, reading: Reading, mark: Mark) -> Arc<dyn Content> {
        let nothing = Affairs::default();
        let earlier = self.good.as_ref().map(|good| Arc::clone(&good.shown));
        let affairs = earlier
            .as_ref()
            .map_or(&nothing, |shown| &shown.known().affairs);
        let ready = reading.shown(&self.estate, affairs);
        ready.shown.warm();
        self.take(ready, mark)
    }

    fn take(&mut self, ready: Ready, mark: Mark) -> Arc<dyn Content> {
        let stamp = ready.shown.stamp();
        let commit = stamp.commit.clone().unwrap_or_default();
        let told = [
            ("commit", commit.as_str()),
            ("version", stamp.version.as_str()),
        ];
        self.log.event(stamp.read, "shown", &told);
        let shown = Arc::clone(&ready.shown);
        if let Some(hands) = &self.hands {
            let known = shown.known();
            let (checked, decided) = (&known.checked, &known.affairs.decided);
            hands.shows(&checked.estate, &checked.charter, &ready.settings, decided);
        }
        // Which files it names elsewhere is known only now.
        let files = Files {
            further: beside::further(&ready.further),
            ..mark.files
        };
        self.seen = Some(Mark {
            files: files.clone(),
            ..mark.clone()
        });
        self.good = Some(Good {
            shown: ready.shown,
            mistakes: ready.mistakes,
            further: ready.further,
            files,
            commit: mark.commit,
            day: ready.day,
            due: ready.due,
        });
        // What was done here is shown, also while the repository is at a commit that cannot be.
        match self
            .trouble
            .take()
            .filter(|_| self.ahead.is_some() || self.unreached_for_long())
        {
            Some(trouble) => self.troubled(trouble),
            None => shown,
        }
    }

    /// Goes on with the last good state, and says why.
    fn refused(&mut self, commit: Option<String>, what: Vec<String>) -> Arc<dyn Content> {
        let now = (self.estate.surroundings.clock)();
        let told = what.join("; ");
        let of = commit.clone().unwrap_or_default();
        self.log
            .event(now, "kept", &[("commit", &of), ("what", &told)]);
        let since = self
            .trouble
            .as_ref()
            .map_or(self.estate.now(), |trouble| trouble.since);
        if let Some(good) = &mut self.good {
            // It is tried again when something changes.
            good.due = None;
        }
        self.troubled(Trouble {
            commit,
            since,
            what,
        })
    }

    /// The last good state, with what keeps a newer one from being shown.
    fn troubled(&mut self, trouble: Trouble) -> Arc<dyn Content> {
        self.trouble = Some(trouble.clone());
        let mut stamp = match &self.good {
            Some(good) => good.shown.stamp().clone(),
            None => portal::Stamp {
                community: "Commonhold".to_owned(),
                read: self.estate.now(),
                only_shows: self.estate.only_shown,
                ..portal::Stamp::default()
            },
        };
        stamp.version = next_version(stamp.read);
        stamp.trouble = Some(trouble);
        match &self.good {
            Some(good) => Arc::new(Troubled {
                good: Arc::clone(&good.shown) as Arc<dyn Content>,
                stamp,
            }),
            None => Arc::new(Bare(stamp)),
        }
    }

    /// The last good state without trouble, where that was none of its files' and is over.
    fn is_well_again(&mut self) -> Option<Arc<dyn Content>> {
        let good = self.good.as_ref()?;
        let of_files = self
            .seen
            .as_ref()
            .is_some_and(|seen| seen.files != good.files || seen.commit != good.commit);
        if of_files || self.unreached.is_some() || self.ahead.is_some() || self.trouble.is_none() {
            return None;
        }
        self.trouble = None;
        Some(Arc::clone(&good.shown) as Arc<dyn Content>)
    }

    /// How everything is, once files that are being written stay as they are.
    fn settled(&self) -> Mark {
        let mut mark = self.mark();
        for _ in 0..MOST_SETTLING {
            if self.seen.as_ref() == Some(&mark) {
                break;
            }
            std::thread::sleep(SETTLING);
            let again = self.mark();
            if again == mark {
                break;
            }
            mark = again;
        }
        mark
    }

    fn mark(&self) -> Mark {
        let day = self.estate.day();
        let further = self.good.as_ref().map_or(&[][..], |good| &good.further);
        let repository = Repository::of(&self.estate.root);
        Mark {
            files: Files {
                below: beside::below(&self.estate.root),
                further: beside::further(further),
            },
            commit: repository.and_then(|repository| repository.commit("HEAD").ok()),
            affairs: crate::portal::version(&self.estate.on(day)),
            day,
        }
    }
}
