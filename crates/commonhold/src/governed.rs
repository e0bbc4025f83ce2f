//! An estate as it is changed: as it is, as it was at the base, and what the ledger knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, bail};
use base::{Diagnostic, Severity};
use change::journal::Milestone;
use change::plan::ScopePlan;
use change::{Clock, Domain, Domains, Scope, Stopped, journal, survey};
use charter::Charter;
use dns::Readings;
use estate::{Estate, Manifest, Tree};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Ledger, LedgerError};

use crate::court::{Inadmissible, short};
use crate::git::{Author, Repository};
use crate::project::Project;
use crate::surroundings::Surroundings;
use crate::systems::{Outside, Systems};

/// One state of an estate, with the files it is of and its charter.
pub(crate) struct Side {
    pub(crate) tree: Box<dyn Tree>,
    pub(crate) estate: Estate,
    pub(crate) charter: Charter,
    readings: Rc<Readings>,
}

impl Side {
    /// Reads a state of an estate. What cannot be read in full cannot be governed.
    pub(crate) fn read(tree: Box<dyn Tree>, of: &str) -> anyhow::Result<Self> {
        let first = |findings: &[Diagnostic], sources: &base::SourceMap| {
            let mut errors = findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error);
            errors.next().map(|finding| {
                let place = sources.locate(finding.span);
                anyhow::anyhow!("{place}: {}", finding.message).context(format!(
                    "the estate{of} has errors; `commonhold check` says all of them"
                ))
            })
        };
        let (estate, mut findings) = match formats::load(tree.as_ref()) {
            Ok(loaded) => loaded,
            Err((sources, findings)) => {
                return Err(first(&findings, &sources)
                    .unwrap_or_else(|| anyhow::anyhow!("the estate{of} cannot be read")));
            }
        };
        let (mut charter, found) = Charter::of(&estate);
        findings.extend(found);
        findings.extend(charter.read_calendars(tree.as_ref()));
        match first(&findings, &estate.sources) {
            Some(error) => Err(error),
            None => Ok(Self {
                tree,
                estate,
                charter,
                readings: Rc::default(),
            }),
        }
    }

    /// The real systems that it is applied to, judged also by what it was `before`.
    pub(crate) fn systems<'s>(
        &'s self,
        outside: Outside<'s>,
        before: Option<&'s Estate>,
    ) -> Systems<'s> {
        let tree = self.tree.as_ref();
        Systems::new(&self.estate, tree, &self.readings, outside, before)
    }
}

/// Where an estate is, and what governs it there.
pub(crate) struct Place<'s> {
    pub(crate) folder: PathBuf,
    /// Where the ledger is and what the estate says by a path of its own: the folder itself,
    /// unless that is a branch of it.
    pub(crate) home: PathBuf,
    /// It is a clone without files: all there is, is in its commits.
    pub(crate) bare: bool,
    pub(crate) repository: Option<Repository>,
    pub(crate) surroundings: &'s Surroundings,
}

impl<'s> Place<'s> {
    pub(crate) fn of(project: &Project<'s>) -> anyhow::Result<Self> {
        let folder = project.root()?;
        Ok(Self {
            repository: Repository::of(&folder),
            surroundings: project.surroundings,
            home: folder.clone(),
            folder,
            bare: false,
        })
    }

    /// The same, also in a clone without files.
    pub(crate) fn of_any_clone(project: &Project<'s>) -> anyhow::Result<Self> {
        let here = &project.surroundings.folder;
        let folder = project
            .given
            .as_ref()
            .map_or_else(|| here.clone(), |given| here.join(given));
        let repository = Repository::of(&folder).filter(Repository::is_bare);
        match repository {
            Some(repository) => Ok(Self {
                home: folder.clone(),
                folder,
                bare: true,
                repository: Some(repository),
                surroundings: project.surroundings,
            }),
            None => Self::of(project),
        }
    }

    pub(crate) fn outside(&self) -> Outside<'_> {
        Outside {
            dns: dns::Outside {
                secrets: &self.surroundings.environment,
                clock: self.surroundings.clock,
                folder: &self.home,
                patience: dns::verify::Patience {
                    pause: self.surroundings.patience,
                    ..Default::default()
                },
            },
            access: access::Outside {
                secrets: &self.surroundings.environment,
                clock: self.surroundings.clock,
                wait: std::thread::sleep,
            },
            day: self.now().to_zoned(TimeZone::UTC).date(),
            trusted: None,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.surroundings.clock)()
    }

    pub(crate) fn git(&self) -> anyhow::Result<&Repository> {
        self.repository.as_ref().context(
            "the estate is in no Git repository, or in one without a commit: who changed what, and whose approval counts, is told by its commits",
        )
    }

    /// Where the ledger is: `COMMONHOLD_LEDGER`, what `commonhold.yaml` says, or a file beside it.
    pub(crate) fn ledger_url(&self, manifest: &Manifest) -> anyhow::Result<String> {
        let from_environment = (self.surroundings.environment)("COMMONHOLD_LEDGER");
        let written = manifest.ledger.as_ref();
        let written = written.map(|written| written.value.clone());
        let url = match (from_environment, written) {
            (Some(url), _) => url,
            (None, Some(written)) => match written.strip_prefix("env/") {
                Some(name) => {
                    let url = (self.surroundings.environment)(name).with_context(|| {
                        format!("the ledger is where {name} says, and this variable is not set")
                    })?;
                    // Whatever else a variable holds may be a secret, and no name for a file.
                    let is_place = ["postgres:", "postgresql:", "sqlite:"];
                    if !is_place.iter().any(|scheme| url.starts_with(scheme)) {
                        bail!(
                            "{name} does not hold the place of a ledger: one starts with `postgres:` or `sqlite:`"
                        );
                    }
                    url
                }
                None => written,
            },
            (None, None) => ".commonhold/ledger.sqlite".to_owned(),
        };
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(url);
        }
        let path = self.home.join(url.strip_prefix("sqlite:").unwrap_or(&url));
        Ok(format!("sqlite:{}", path.display()))
    }

    /// The ledger, to write to.
    pub(crate) fn ledger(&self, project: &Project<'_>) -> anyhow::Result<Ledger> {
        self.existing_ledger_here(project)?.context(
            "there is no ledger yet; whoever keeps it makes one, once, with `commonhold ledger init`",
        )?;
        let (estate, _) = read_loosely(project)?;
        Ok(Ledger::open(&self.ledger_url(&estate.manifest)?)?)
    }

    /// A new ledger.
    pub(crate) fn new_ledger(&self, project: &Project<'_>) -> anyhow::Result<Ledger> {
        let (estate, _) = read_loosely(project)?;
        let url = self.ledger_url(&estate.manifest)?;
        if let Some(path) = url.strip_prefix("sqlite:").map(Path::new)
            && let Some(folder) = path.parent().filter(|folder| !folder.is_dir())
        {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
            // A ledger is no file of the estate: it is not versioned, it is the version.
            crate::files::create(&folder.join(".gitignore"), "*\n")?;
        }
        Ok(Ledger::open(&url)?)
    }

    /// The ledger of the estate that is here, if there is one.
    pub(crate) fn existing_ledger_here(
        &self,
        project: &Project<'_>,
    ) -> anyhow::Result<Option<Ledger>> {
        // A clone without files is looked at far from the ledger.
        if self.bare {
            return Ok(None);
        }
        let (estate, _) = read_loosely(project)?;
        self.existing_ledger(&estate)
    }

    /// The commit whose people and charter are trusted now: the last that the ledger knows of,
    /// which has to be part of what is checked out; without a ledger, what is checked out.
    pub(crate) fn trusted_now(&self, ledger: Option<&mut Ledger>) -> anyhow::Result<String> {
        let repository = self.git()?;
        let head = repository.commit("HEAD")?;
        let Some(ledger) = ledger else {
            return Ok(head);
        };
        let milestones = journal::milestones(ledger)?;
        let last = milestones.last().context(
            "the ledger trusts no commit; whoever keeps the ledger says where trust starts, with `commonhold ledger trust COMMIT`",
        )?;
        // An older state may still list people who have gone since.
        if !repository.is_ancestor(&last.commit, &head)? {
            bail!(
                "what is checked out does not contain {}, the last commit that the ledger trusts: fetch and check out what is current",
                short(&last.commit)
            );
        }
        Ok(last.commit.clone())
    }

    /// The files in which decisions lie: those of the folder, or of the last commit of a bare clone.
    pub(crate) fn decisions_tree(&self) -> anyhow::Result<Rc<dyn Tree>> {
        if self.bare {
            return Ok(Rc::new(self.git()?.tree_at("HEAD")?));
        }
        Ok(Rc::new(crate::files::DiskTree::new(&self.folder, "")))
    }

    /// In whose name the ledger is written: whoever runs the program, as far as can be told.
    pub(crate) fn actor(&self) -> String {
        let of_git = self
            .repository
            .as_ref()
            .and_then(|git| git.setting("user.email"));
        let of_system = || (self.surroundings.environment)("USER");
        of_git
            .or_else(of_system)
            .unwrap_or_else(|| "unknown".to_owned())
    }

    /// The ledger, if there is one.
    pub(crate) fn existing_ledger(&self, estate: &Estate) -> anyhow::Result<Option<Ledger>> {
        let url = self.ledger_url(&estate.manifest)?;
        let file = url.strip_prefix("sqlite:").map(Path::new);
        if let (Some(file), Some(repository)) = (file, &self.repository)
            && repository.is_tracked(file)
        {
            bail!(
                "{} is a file of the estate's repository, so anybody could have written it: a ledger is kept where commits cannot change it",
                file.display()
            );
        }
        match Ledger::open_read_only(&self.ledger_url(&estate.manifest)?) {
            Ok(ledger) => Ok(Some(ledger)),
            Err(LedgerError::NoLedger { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The state at a commit.
    pub(crate) fn at(&self, commit: &str) -> anyhow::Result<Side> {
        let tree = self.git()?.tree_at(commit)?;
        let short: String = commit.chars().take(12).collect();
        Side::read(Box::new(tree), &format!(" at commit {short}"))
    }

    /// What came to these scopes since they were last brought to what a commit wants; since
    /// any commit that the ledger trusts where it knows nothing of a scope; without a ledger,
    /// since the changes branched off. What is not committed comes after `HEAD`.
    pub(crate) fn since(
        &self,
        commit: Option<&str>,
        scopes: &[Scope],
        domains: &Domains<'_>,
        ledger: Option<&mut Ledger>,
    ) -> anyhow::Result<Since> {
        let repository = self.git()?;
        let head = repository.commit("HEAD")?;
        let up_to = commit.unwrap_or(&head);
        let milestones = ledger.map(journal::milestones).transpose()?;
        let branched_off = match milestones {
            Some(_) => None,
            None => repository.branched_off(up_to)?,
        };
        let mut since = Since::default();
        let said = milestones.iter().flatten().rev().find(|one| {
            let is_part = || repository.is_ancestor(&one.commit, up_to).unwrap_or(false);
            one.scope.is_none() && is_part()
        });
        since.trusted = said.map(|one| one.commit.clone());
        for scope in scopes {
            let start = match &milestones {
                Some(milestones) => Some(self.trusted(up_to, scope, milestones)?),
                None if commit.is_none() => Some(head.clone()),
                None => branched_off.clone(),
            };
            let Some(start) = start else { continue };
            since.starts.insert(scope.clone(), start.clone());
            let files = domains.files(scope)?;
            if let Some(first) = repository.first_touching(&start, up_to, &files)? {
                // Not the commit right before: who wrote it may have made it for this one.
                let before = milestones
                    .iter()
                    .flatten()
                    .rev()
                    .find(|one| precedes(repository, &one.commit, &first))
                    .map_or_else(|| start.clone(), |one| one.commit.clone());
                let older = match &since.base {
                    Some(base) => repository.is_ancestor(&before, base)?,
                    None => true,
                };
                if older {
                    since.base = Some(before);
                }
                since.ranges.push((format!("{start}..{up_to}"), files));
            }
        }
        if since.base.is_none() {
            // Nothing of it is new: who is trusted already judges what others did.
            since.base = match (commit, &milestones) {
                (None, _) => Some(head),
                (Some(commit), None) => repository.parent(commit),
                (Some(commit), Some(milestones)) => milestones
                    .iter()
                    .rev()
                    .find(|one| repository.is_ancestor(&one.commit, commit).unwrap_or(false))
                    .map(|one| one.commit.clone()),
            };
        }
        Ok(since)
    }

    /// The estate where each scope started.
    pub(crate) fn starts(&self, since: &Since) -> anyhow::Result<Starts> {
        let mut starts = Starts {
            of: since.starts.clone(),
            sides: BTreeMap::new(),
        };
        for commit in since.starts.values() {
            if !starts.sides.contains_key(commit) {
                starts.sides.insert(commit.clone(), self.at(commit)?);
            }
        }
        Ok(starts)
    }

    /// The commit that a scope was last brought to, or another that the ledger trusts.
    fn trusted(
        &self,
        commit: &str,
        scope: &Scope,
        milestones: &[Milestone],
    ) -> anyhow::Result<String> {
        let repository = self.git()?;
        let before =
            |one: &&Milestone| repository.is_ancestor(&one.commit, commit).unwrap_or(false);
        let own = milestones
            .iter()
            .rev()
            .find(|one| one.scope.as_ref() == Some(scope));
        if let Some(own) = own {
            if before(&own) {
                return Ok(own.commit.clone());
            }
            let what = format!(
                "{scope} was brought to {} meanwhile, which is no part of what the plan is of; plan again",
                short(&own.commit)
            );
            return Err(Inadmissible::Stale(what).into());
        }
        // That another scope was brought there trusts nothing of this one.
        let any = milestones.iter().rev().filter(|one| one.scope.is_none());
        let any = any.into_iter().find(before);
        any.map(|any| any.commit.clone()).context(
            "the ledger trusts no commit that comes before this one; whoever keeps the ledger says where trust starts, with `commonhold ledger trust COMMIT`",
        )
    }

    /// The authors of what came since, by their names in the estate at the base; and those
    /// whom that estate does not know.
    pub(crate) fn authors(&self, base: &Side, since: &Since) -> anyhow::Result<Authors> {
        let mut found = BTreeSet::new();
        for (range, files) in &since.ranges {
            found.extend(self.git()?.authors(range, files)?);
        }
        let mut authors = Authors::default();
        for author in found {
            match person(&base.estate, &author) {
                Some(name) => {
                    authors.known.insert(name);
                }
                None => authors
                    .strangers
                    .push(format!("{} <{}>", author.name, author.email)),
            }
        }
        Ok(authors)
    }
}

/// Whether one commit comes before another and is not it.
fn precedes(repository: &Repository, earlier: &str, later: &str) -> bool {
    earlier != later && repository.is_ancestor(earlier, later).unwrap_or(false)
}

/// What came to some scopes.
#[derive(Debug, Default)]
pub(crate) struct Since {
    /// Where each scope started: what was declared there is ours.
    starts: BTreeMap<Scope, String>,
    /// The commit before all of it, whose people and charter judge it.
    pub(crate) base: Option<String>,
    /// The last commit that whoever keeps the ledger said to trust.
    pub(crate) trusted: Option<String>,
    /// Ranges of commits, and the files whose changes in them count.
    ranges: Vec<(String, BTreeSet<String>)>,
}

/// The estate that is here, whatever is wrong with its files.
fn read_loosely(project: &Project<'_>) -> anyhow::Result<(Estate, Vec<Diagnostic>)> {
    formats::load(&project.tree()?)
        .map_err(|_| anyhow::anyhow!("the estate cannot be read; `commonhold check` says why"))
}

/// Who wrote what a plan holds.
#[derive(Debug, Default, Clone)]
pub(crate) struct Authors {
    pub(crate) known: BTreeSet<String>,
    pub(crate) strangers: Vec<String>,
}

impl Authors {
    /// All of them: what strangers do adds up too.
    pub(crate) fn all(&self) -> BTreeSet<String> {
        self.known.iter().chain(&self.strangers).cloned().collect()
    }
}

/// The person of an estate that a commit's author is.
pub(crate) fn person(estate: &Estate, author: &Author) -> Option<String> {
    let mailbox = estate::Email::new(&author.email)?.mailbox();
    let login = author
        .email
        .strip_suffix("@users.noreply.github.com")
        .map(|local| local.rsplit('+').next().unwrap_or(local).to_lowercase());
    let is_theirs = |person: &&estate::Item<estate::kinds::Person>| {
        let mut emails = person.value.emails();
        // Who has no login written down is met by their name.
        let github = person.value.handles.github.as_ref();
        let github = github.map_or(person.name.as_str(), |login| login.as_str());
        let github = github.trim_start_matches('@').to_lowercase();
        emails.any(|email| email.value.mailbox() == mailbox) || login.as_ref() == Some(&github)
    };
    let mut people = estate.tables.people.items();
    people.find(is_theirs).map(|person| person.name.clone())
}

/// What limits a plan to a part of the estate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) domain: Option<String>,
    pub(crate) scope: Option<String>,
}

impl Part {
    /// The scopes that are meant.
    pub(crate) fn of(&self, domains: &Domains<'_>) -> anyhow::Result<Vec<Scope>> {
        let mut scopes = domains.scopes();
        if let Some(name) = self.domain.as_deref() {
            if !domains.names().any(|known| known == name) {
                let known: Vec<&str> = domains.names().collect();
                bail!(
                    "there is no domain `{name}`; there is: {}",
                    known.join(", ")
                );
            }
            scopes.retain(|scope| scope.domain == name);
        }
        let Some(wanted) = self.scope.as_deref() else {
            return Ok(scopes);
        };
        let (name, at) = wanted
            .split_once('@')
            .map_or((wanted, None), |(name, at)| (name, Some(at)));
        let name = name.trim_end_matches('.');
        let is_it = |scope: &&Scope| scope.name == name && at.is_none_or(|at| scope.at == at);
        let found: Vec<Scope> = scopes.iter().filter(is_it).cloned().collect();
        if found.is_empty() {
            let names: Vec<&str> = scopes.iter().map(|scope| scope.name.as_str()).collect();
            let near = base::nearest(name, names.iter().copied());
            let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            bail!("there is no scope `{wanted}` that can be planned{help}");
        }
        Ok(found)
    }
}

impl Since {
    /// Whether nothing came to any of the scopes.
    pub(crate) fn is_nothing(&self) -> bool {
        self.ranges.is_empty()
    }
}

/// The estate as it was where each scope started.
#[derive(Default)]
pub(crate) struct Starts {
    of: BTreeMap<Scope, String>,
    sides: BTreeMap<String, Side>,
}

impl Starts {
    /// The commit that a scope started from, if that is known.
    pub(crate) fn commit(&self, scope: &Scope) -> Option<&str> {
        self.of.get(scope).map(String::as_str)
    }

    /// The systems as they were wanted, by the commits that scopes started from.
    pub(crate) fn systems<'s>(&'s self, outside: Outside<'s>) -> StartSystems<'s> {
        let sides = self.sides.iter();
        StartSystems {
            of: &self.of,
            systems: sides
                .map(|(commit, side)| (commit.as_str(), side.systems(outside, None)))
                .collect(),
        }
    }
}

/// The systems as they were wanted where each scope started.
#[derive(Debug)]
pub(crate) struct StartSystems<'s> {
    of: &'s BTreeMap<Scope, String>,
    systems: BTreeMap<&'s str, Systems<'s>>,
}

impl<'s> StartSystems<'s> {
    /// Those where a scope started, if that is known.
    pub(crate) fn of(&self, scope: &Scope) -> Option<&Domains<'s>> {
        let start = self.systems.get(self.of.get(scope)?.as_str());
        start.map(|systems| &systems.domains)
    }
}

/// The parts of a plan that were surveyed, not judged yet.
pub(crate) fn survey_all<'s>(
    domains: &Domains<'s>,
    starts: &StartSystems<'s>,
    scopes: &[Scope],
) -> anyhow::Result<(Vec<ScopePlan>, Vec<Stopped>)> {
    let (mut planned, mut stopped) = (Vec::new(), Vec::new());
    for scope in scopes {
        match survey(domains, starts.of(scope), scope) {
            Ok(surveyed) => planned.push(surveyed.into_plan()?),
            Err(why) => stopped.push(why),
        }
    }
    Ok((planned, stopped))
}

/// The clock of the surroundings, as apply asks it.
#[derive(Debug)]
pub(crate) struct WallClock<'s>(pub(crate) &'s Surroundings);

impl Clock for WallClock<'_> {
    fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    fn wait(&self, how_long: std::time::Duration) {
        std::thread::sleep(how_long);
    }
}
