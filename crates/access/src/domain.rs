//! Access as the spine sees it.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use base::{Digest, Span};
use change::{
    Change, Difference, Domain, Exceeded, Hand, Observation, Scope, ScopeLimits, Sighting, Stopped,
    Writers,
};
use charter::risk::Effect;
use estate::kinds::{
    AccessSystem, AccessSystemKind, Group, MailingGroup, Person, RemovalLimits, Team,
};
use estate::{Estate, Item, Kind, Manifest};
use jiff::civil::Date;
use serde_json::Value;

use crate::desired::{self, Wanted};
use crate::effect::{self, Around, Judged};
use crate::model::Matrix;
use crate::providers::mailman;
use crate::providers::open::{self, Opened};
use crate::scope::{Outside, Part, parts_of};
use crate::write::SystemWriter;
use crate::{Entry, Key, ReadError, Reading, Sort, State, diff, limits};

/// Who may do what in the systems of an estate.
pub struct Access<'e> {
    estate: &'e Estate,
    before: Option<&'e Estate>,
    trusted: Option<&'e Estate>,
    day: Date,
    outside: Outside<'e>,
    matrix: OnceCell<Matrix<'e>>,
    opened: RefCell<BTreeMap<Scope, Rc<Opened>>>,
}

impl std::fmt::Debug for Access<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access")
            .field("day", &self.day)
            .finish_non_exhaustive()
    }
}

/// The name of the domain in scopes.
pub const DOMAIN: &str = "access";

impl<'e> Access<'e> {
    /// The access that an estate grants on a day.
    pub fn new(estate: &'e Estate, day: Date, outside: Outside<'e>) -> Self {
        Self {
            estate,
            before: None,
            trusted: None,
            day,
            outside,
            matrix: OnceCell::new(),
            opened: RefCell::default(),
        }
    }

    /// The same, with what the estate was at the base: limits are the stricter of both, and a
    /// system that is new, or reached in another way, gets no secrets yet.
    pub fn since(self, before: &'e Estate) -> Self {
        Self {
            before: Some(before),
            ..self
        }
    }

    /// The same, with the estate of the last commit that whoever keeps the ledger said to trust: a
    /// system that is reached as there gets its secret, though it was moved since the base.
    pub fn trusting(self, trusted: Option<&'e Estate>) -> Self {
        Self { trusted, ..self }
    }

    fn wanted(&self) -> Wanted<'_> {
        let matrix = || Matrix::of(self.estate, self.day);
        Wanted {
            estate: self.estate,
            matrix: self.matrix.get_or_init(matrix),
            day: self.day,
        }
    }

    fn parts(&self, scope: &Scope) -> Result<(&'e Item<AccessSystem>, Part<'e>), Stopped> {
        let gone = || {
            let what = "the estate has no such system, or it does not hold this";
            stopped(scope, what, "see `commonhold show access-systems`")
        };
        let estate: &'e Estate = self.estate;
        let system = estate.tables.access_systems.get(&scope.at);
        let system = system.ok_or_else(gone)?;
        let mut parts = parts_of(estate, system).into_iter();
        let part = parts.find(|(name, _)| *name == scope.name);
        part.map(|(_, part)| (system, part)).ok_or_else(gone)
    }

    /// Opens what a scope is in, once.
    fn opened(&self, scope: &Scope) -> Result<Rc<Opened>, Stopped> {
        if let Some(opened) = self.opened.borrow().get(scope) {
            return Ok(Rc::clone(opened));
        }
        let (system, part) = self.parts(scope)?;
        self.trusts(scope, system)?;
        let opened = open::open(system, part, self.wanted(), self.outside);
        let opened = Rc::new(opened.map_err(|error| of_read_error(scope, &error))?);
        self.opened
            .borrow_mut()
            .insert(scope.clone(), Rc::clone(&opened));
        Ok(opened)
    }

    /// That secrets go to a system as it was at the base only: whoever writes a system's file
    /// must not learn them by that.
    fn trusts(&self, scope: &Scope, system: &Item<AccessSystem>) -> Result<(), Stopped> {
        let Some(before) = self.before.filter(|_| system.value.secret.is_some()) else {
            return Ok(());
        };
        let mut known = [Some(before), self.trusted].into_iter().flatten();
        let alike = known.any(|estate| {
            let was = estate.tables.access_systems.get(&system.name);
            was.is_some_and(|was| is_reached_alike(&was.value, &system.value))
        });
        if alike {
            return Ok(());
        }
        let what = format!(
            "the access system {} is new, or reached otherwise than at the base, and secrets go only to systems that were there before",
            system.name
        );
        let help = "merge the system's file first, in a change of its own; then `commonhold ledger trust` that commit";
        Err(stopped(scope, what, help))
    }

    /// Whether what the system takes, or how much of it may change, is another than at the base:
    /// then whatever changes in it is judged by what nobody has judged yet.
    fn is_governed_anew(&self, system: &Item<AccessSystem>) -> bool {
        let Some(before) = self.before else {
            return false;
        };
        let was = before.tables.access_systems.get(&system.name);
        was.is_none_or(|was| !says_the_same(&was.value, &system.value))
    }

    fn owner_of(system: &Item<AccessSystem>) -> Option<&str> {
        system.value.owner.as_ref().map(|owner| owner.name.as_str())
    }

    fn removal_limits(&self, scope: &Scope) -> RemovalLimits {
        let of = |estate: &Estate| {
            let system = estate.tables.access_systems.get(&scope.at);
            system.map(|system| system.value.limits)
        };
        let now = of(self.estate).unwrap_or_default();
        let before = self.before.and_then(of).unwrap_or(now);
        RemovalLimits {
            percent: now.percent.min(before.percent),
            at_least: now.at_least.min(before.at_least),
        }
    }

    /// That an organisation keeps as many administrators as it must have, and those who must be.
    fn keeps_administrators(
        &self,
        scope: &Scope,
        system: &AccessSystem,
        state: &State,
    ) -> Result<(), Stopped> {
        let admins: BTreeSet<&str> = state
            .within(Sort::Member, "")
            .filter(|(_, entry)| entry.value["role"] == "admin")
            .map(|(key, _)| key.name.as_str())
            .collect();
        if admins.len() < system.min_admins as usize {
            let what = format!(
                "it would have {}, and `min_admins` asks for {}",
                base::counted(admins.len(), "administrator", "administrators"),
                system.min_admins
            );
            let help =
                "add administrators, or lower `min_admins` of the system in a change of its own";
            return Err(stopped(scope, what, help));
        }
        let required = system.required_admins.iter();
        let missing = required.map(|one| desired::login_of(self.estate, one));
        match missing
            .into_iter()
            .find(|one| !admins.contains(one.as_str()))
        {
            None => Ok(()),
            Some(login) => Err(stopped(
                scope,
                format!(
                    "`{login}` has to be an administrator, as `required_admins` says, and is none"
                ),
                "add them to `admins` of the organisation",
            )),
        }
    }

    /// That the program does not lock itself out.
    fn keeps_itself(
        scope: &Scope,
        system: &AccessSystem,
        state: &State,
        account: Option<&str>,
    ) -> Result<(), Stopped> {
        let asked = system.require_self && system.manages(Sort::Member.part());
        let Some(account) = account.filter(|_| asked) else {
            return Ok(());
        };
        let own = state.value(&Key::new(Sort::Member, account));
        if own.is_some_and(|value| value["role"] == "admin") {
            return Ok(());
        }
        Err(stopped(
            scope,
            format!(
                "the program works there as `{account}`, which would be no administrator any more"
            ),
            "add it to `admins` of the organisation; or say `require_self: false` of the system, where the account needs no such right",
        ))
    }
}

/// Whether secrets that went to the one may go to the other.
fn is_reached_alike(was: &AccessSystem, is: &AccessSystem) -> bool {
    let place = |system: &AccessSystem| {
        let address = system.address.as_ref().map(|one| one.value.clone());
        (
            system.kind,
            address,
            system.user.clone(),
            system.secret.clone(),
            system.authority.clone(),
        )
    };
    place(was) == place(is)
}

fn says_the_same(was: &AccessSystem, is: &AccessSystem) -> bool {
    let said = |system: &AccessSystem| serde_json::to_value(system).ok();
    said(was).is_some() && said(was) == said(is)
}

fn stopped(scope: &Scope, what: impl Into<String>, help: &str) -> Stopped {
    Stopped {
        scope: scope.clone(),
        what: what.into(),
        help: help.to_owned(),
    }
}

fn of_read_error(scope: &Scope, error: &ReadError) -> Stopped {
    let help = match error {
        ReadError::Unreachable(_) => {
            "see whether the system runs and can be reached from here, and try again"
        }
        ReadError::Refused(_) => "see whether the secret is right, and what it may do there",
        ReadError::Absent(_) => "make it there first, or correct the file of the system",
        ReadError::Untrusted(_) => {
            "nothing is concluded from such an answer; try again, and look at the system"
        }
        ReadError::Setup(_) => "correct the file of the system, or set the variable that it names",
    };
    stopped(scope, error.to_string(), help)
}

/// Leaves out settings that mean nothing to Mailman: those of another system, which a file of that
/// system's format says of every list. Those that somebody wrote are findings.
fn mean_something(state: &mut State) {
    let of_settings = |key: &Key| key.sort == Sort::MailingSettings;
    for (_, entry) in state.entries.iter_mut().filter(|(key, _)| of_settings(key)) {
        let Some(settings) = entry.value.as_object_mut() else {
            continue;
        };
        let texts = settings
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        for unknown in mailman::unknown_settings(texts) {
            settings.remove(&unknown);
        }
    }
    let empty = |entry: &Entry| {
        entry
            .value
            .as_object()
            .is_some_and(serde_json::Map::is_empty)
    };
    state
        .entries
        .retain(|key, entry| !(of_settings(key) && empty(entry)));
}

/// Leaves out what is not managed there, and what was only asked for once.
fn align(system: &AccessSystem, desired: &State, reading: &mut Reading) {
    let state = &mut reading.state;
    state
        .entries
        .retain(|key, _| system.manages(key.sort.part()));
    for (key, entry) in &mut state.entries {
        // How a repository was made is past.
        let create = desired
            .value(key)
            .filter(|_| key.sort == Sort::Repository)
            .and_then(|wanted| wanted.get("create"));
        if let (Some(create), Some(is)) = (create, entry.value.as_object_mut()) {
            is.insert("create".to_owned(), create.clone());
        }
    }
}

impl Domain for Access<'_> {
    type State = State;

    fn scopes(&self) -> Vec<Scope> {
        let mut scopes = Vec::new();
        for system in self.estate.tables.access_systems.items() {
            let parts = parts_of(self.estate, system);
            scopes.extend(parts.into_iter().map(|(name, _)| Scope {
                domain: DOMAIN.to_owned(),
                name,
                at: system.name.clone(),
            }));
        }
        scopes.sort();
        scopes.dedup();
        scopes
    }

    fn files(&self, scope: &Scope) -> Result<BTreeSet<String>, Stopped> {
        let (system, part) = self.parts(scope)?;
        let tables = &self.estate.tables;
        let path = |span: Span| self.estate.sources.file(span.file).path.clone();
        // Which files are read at all is said in the root file.
        let mut files = BTreeSet::from([path(system.span), Manifest::FILE.to_owned()]);
        // Who somebody is, what they are elsewhere, and whether they have left decides too. A whole
        // folder counts: a file that is gone, or no longer names somebody, took access with it.
        for folder in [Person::FOLDER, Group::FOLDER, Team::FOLDER] {
            files.insert(folder.to_owned());
        }
        let groups = tables.groups.items().map(|group| group.span);
        let teams = tables.teams.items().map(|team| team.span);
        let lists: Vec<Span> = match part {
            Part::Organisation(item) => std::iter::once(item.span).chain(teams).collect(),
            Part::MailDomain(_) => {
                files.insert(MailingGroup::FOLDER.to_owned());
                let lists = tables.mailing_groups.items().map(|list| list.span);
                lists.chain(teams).collect()
            }
            Part::Directory(_) => teams.collect(),
        };
        for span in lists.into_iter().chain(groups) {
            let path = path(span);
            files.insert(match path.rsplit_once('/') {
                Some((folder, _)) => folder.to_owned(),
                None => path,
            });
        }
        Ok(files)
    }

    fn desired(&self, scope: &Scope) -> Result<State, Stopped> {
        let (system, part) = self.parts(scope)?;
        let mut state = match part {
            Part::Organisation(item) => desired::organisation(self.wanted(), item),
            Part::MailDomain(domain) => {
                let mut state = desired::mailing(self.wanted(), &domain.to_lowercase());
                if system.value.kind == AccessSystemKind::Mailman {
                    mean_something(&mut state);
                }
                state
            }
            Part::Directory(_) => desired::directory(self.wanted()),
        };
        if matches!(part, Part::Organisation(_)) && system.value.manages(Sort::Member.part()) {
            self.keeps_administrators(scope, &system.value, &state)?;
        }
        state
            .entries
            .retain(|key, _| system.value.manages(key.sort.part()));
        Ok(state)
    }

    fn observe(&self, scope: &Scope) -> Result<Observation<State>, Stopped> {
        let (system, _) = self.parts(scope)?;
        let desired = self.desired(scope)?;
        let opened = self.opened(scope)?;
        let reading = opened.system.read(&desired);
        let mut reading = reading.map_err(|error| of_read_error(scope, &error))?;
        align(&system.value, &desired, &mut reading);
        Self::keeps_itself(scope, &system.value, &desired, reading.account.as_deref())?;
        opened.known.replace(reading.known);
        reading.state.pending = reading.pending;
        reading.state.notes = reading.notes;
        Ok(Observation {
            mark: reading.state.digest().to_string(),
            state: reading.state,
        })
    }

    fn diff(
        &self,
        scope: &Scope,
        current: &State,
        desired: &State,
        declared_before: Option<&State>,
    ) -> Difference {
        let Ok((system, _)) = self.parts(scope) else {
            return Difference::default();
        };
        let owner = Self::owner_of(system);
        let mut difference = diff::diff(&system.value, owner, current, desired, declared_before);
        self.judge(scope, current, &mut difference.changes);
        difference
    }

    fn resources(&self, state: &State) -> Vec<String> {
        let mut names: Vec<String> = state.entries.keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names
    }

    fn resource(&self, state: &State, resource: &str) -> Option<Value> {
        state.value(&Key::parse(resource)?).cloned()
    }

    fn judge<'c>(
        &self,
        scope: &Scope,
        current: &State,
        changes: impl IntoIterator<Item = &'c mut Change>,
    ) {
        let mut changes: Vec<&mut Change> = changes.into_iter().collect();
        let around = self.parts(scope).map(|(system, part)| {
            let judged = Judged {
                estate: self.estate,
                before: self.before,
                matrix: self.wanted().matrix,
                part,
                governed_anew: self.is_governed_anew(system),
                current,
            };
            Around::new(judged, &changes)
        });
        for change in &mut changes {
            change.effect = match (&around, Key::parse(&change.resource)) {
                (Ok(around), Some(key)) => {
                    effect::judge(around, &key, change.before.as_ref(), change.after.as_ref())
                }
                _ => Effect::unknown("its name is not that of anything in such a system"),
            };
        }
    }

    fn owners(
        &self,
        scope: &Scope,
        resource: &str,
        desired: &State,
        declared_before: Option<&State>,
    ) -> Vec<String> {
        match self.parts(scope).ok().zip(Key::parse(resource)) {
            Some(((system, _), key)) => {
                diff::owners(&key, desired, declared_before, Self::owner_of(system))
            }
            None => Vec::new(),
        }
    }

    fn digest(&self, state: &State) -> Digest {
        state.digest()
    }

    fn count(&self, state: &State) -> usize {
        state.entries.len()
    }

    fn limits(&self, scope: &Scope) -> ScopeLimits {
        ScopeLimits {
            updates_percent: 100,
            deletes_percent: self.removal_limits(scope).percent,
            exempt_below: 0,
        }
    }

    fn exceeded(
        &self,
        scope: &Scope,
        current: &State,
        pending: &[&Change],
        done: &[Change],
    ) -> Vec<Exceeded> {
        limits::exceeded(self.removal_limits(scope), current, pending, done)
    }

    fn verify(&self, _: &Scope, _: &State, _: &[Change], _: &HashSet<&str>) -> Vec<Sighting> {
        // What was written is read again from the system itself; there is no other place.
        Vec::new()
    }
}

/// The same access with hands that write. Only apply has one.
#[derive(Debug)]
pub struct Hands<'a, 'e>(pub &'a Access<'e>);

impl Writers for Hands<'_, '_> {
    fn open(&self, scope: &Scope) -> Result<Hand<'_>, Stopped> {
        let opened = self.0.opened(scope)?;
        Ok(Hand::Apart(Box::new(SystemWriter::new(opened))))
    }
}
