//! An estate as it is changed: as it is, as it was at the base, and what the ledger knows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base::{Diagnostic, Severity};
use change::plan::ScopePlan;
use change::{Clock, Domain, Scope, Stopped, journal, survey};
use charter::Charter;
use dns::{Outside, Zones};
use estate::{Estate, Tree};
use jiff::Timestamp;
use ledger::{Ledger, LedgerError};

use crate::git::{Author, Repository};
use crate::project::Project;
use crate::surroundings::Surroundings;

/// One state of an estate, with the files it is of and its charter.
pub(crate) struct Side {
    pub(crate) tree: Box<dyn Tree>,
    pub(crate) estate: Estate,
    pub(crate) charter: Charter,
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
        let (charter, found) = Charter::of(&estate);
        findings.extend(found);
        match first(&findings, &estate.sources) {
            Some(error) => Err(error),
            None => Ok(Self {
                tree,
                estate,
                charter,
            }),
        }
    }

    pub(crate) fn zones<'s>(&'s self, outside: Outside<'s>) -> Zones<'s> {
        Zones::new(&self.estate, self.tree.as_ref(), outside)
    }
}

/// Where an estate is, and what governs it there.
pub(crate) struct Place<'s> {
    pub(crate) folder: PathBuf,
    pub(crate) repository: Option<Repository>,
    pub(crate) surroundings: &'s Surroundings,
}

impl<'s> Place<'s> {
    pub(crate) fn of(project: &Project<'s>) -> anyhow::Result<Self> {
        let folder = project.root()?;
        Ok(Self {
            repository: Repository::of(&folder),
            surroundings: project.surroundings,
            folder,
        })
    }

    pub(crate) fn outside(&self) -> Outside<'_> {
        Outside {
            secrets: &self.surroundings.environment,
            clock: self.surroundings.clock,
            folder: &self.folder,
            patience: dns::verify::Patience {
                pause: self.surroundings.patience,
                ..Default::default()
            },
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
    pub(crate) fn ledger_url(&self, estate: &Estate) -> anyhow::Result<String> {
        let from_environment = (self.surroundings.environment)("COMMONHOLD_LEDGER");
        let written = estate
            .manifest
            .ledger
            .as_ref()
            .map(|written| written.value.clone());
        let url = match (from_environment, written) {
            (Some(url), _) => url,
            (None, Some(written)) => match written.strip_prefix("env/") {
                Some(name) => (self.surroundings.environment)(name).with_context(|| {
                    format!("the ledger is where {name} says, and this variable is not set")
                })?,
                None => written,
            },
            (None, None) => ".commonhold/ledger.sqlite".to_owned(),
        };
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(url);
        }
        let path = self
            .folder
            .join(url.strip_prefix("sqlite:").unwrap_or(&url));
        Ok(format!("sqlite:{}", path.display()))
    }

    /// The ledger, made where there is none.
    pub(crate) fn ledger(&self, estate: &Estate) -> anyhow::Result<Ledger> {
        let url = self.ledger_url(estate)?;
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
        let (estate, _) = formats::load(&project.tree()?).map_err(|_| {
            anyhow::anyhow!("the estate cannot be read; `commonhold check` says why")
        })?;
        self.existing_ledger(&estate)
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
        match Ledger::open_read_only(&self.ledger_url(estate)?) {
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

    /// The commit whose people and charter judge what came after it: what the scopes
    /// were last brought to, as the ledger says; before the first apply, where the
    /// commit branched off.
    /// What is not committed yet comes after `HEAD`.
    pub(crate) fn base(
        &self,
        commit: Option<&str>,
        scopes: &[Scope],
        estate: &Estate,
        ledger: Option<&mut Ledger>,
    ) -> anyhow::Result<Option<String>> {
        let repository = self.git()?;
        let head = repository.commit("HEAD")?;
        let up_to = commit.unwrap_or(&head);
        if let Some(ledger) = ledger {
            let last = journal::last_applied(ledger)?;
            let mut oldest: Option<String> = None;
            for applied in scopes.iter().filter_map(|scope| last.get(scope)) {
                let before = |oldest: &String| repository.is_ancestor(applied, oldest);
                if repository.is_ancestor(applied, up_to)?
                    && oldest.as_ref().map_or(Ok(true), before)?
                {
                    oldest = Some(applied.clone());
                }
            }
            if oldest.is_some() {
                return Ok(oldest);
            }
        }
        let branch = estate.manifest.branch.as_deref().unwrap_or("main");
        match commit {
            Some(commit) => repository.branched_off(commit, branch),
            None => Ok(repository.fork(&head, branch)?.or(Some(head))),
        }
    }

    /// The authors of what came after the base, by their names in the estate at the
    /// base; and those whom that estate does not know.
    pub(crate) fn authors(&self, base: &Side, from: &str, to: &str) -> anyhow::Result<Authors> {
        let mut authors = Authors::default();
        for author in self.git()?.authors(from, to)? {
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
fn person(estate: &Estate, author: &Author) -> Option<String> {
    let mailbox = estate::Email::new(&author.email)?.mailbox();
    let login = author
        .email
        .strip_suffix("@users.noreply.github.com")
        .map(|local| local.rsplit('+').next().unwrap_or(local).to_lowercase());
    let is_theirs = |person: &estate::kinds::Person| {
        let mut emails = person.email.iter().chain(&person.other_emails);
        let github = person
            .handles
            .github
            .as_ref()
            .map(|login| login.value.to_lowercase());
        emails.any(|email| email.value.mailbox() == mailbox) || (login.is_some() && github == login)
    };
    let mut people = estate.tables.people.items();
    people
        .find(|person| is_theirs(&person.value))
        .map(|person| person.name.clone())
}

/// What limits a plan to a part of the estate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) domain: Option<String>,
    pub(crate) scope: Option<String>,
}

impl Part {
    /// The scopes that are meant.
    pub(crate) fn of<D: Domain>(&self, domain: &D) -> anyhow::Result<Vec<Scope>> {
        if let Some(name) = self.domain.as_deref().filter(|name| *name != domain.name()) {
            bail!("there is no domain `{name}`; there is: {}", domain.name());
        }
        let scopes = domain.scopes();
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

/// The parts of a plan that were surveyed, not judged yet.
pub(crate) fn survey_all<D: Domain>(
    domain: &D,
    base: Option<&D>,
    scopes: &[Scope],
) -> anyhow::Result<(Vec<ScopePlan>, Vec<Stopped>)> {
    let (mut planned, mut stopped) = (Vec::new(), Vec::new());
    for scope in scopes {
        match survey(domain, base, scope) {
            Ok(surveyed) => planned.push(surveyed.into_plan(domain.limits(scope))?),
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
