//! What a command line asks of the past, and where that lies.

use std::path::PathBuf;

use anyhow::bail;
use estate::kinds::{About, Migration};
use estate::{Estate, Item, join};
use formats::PastJobs;
use jiff::civil::Date;
use jobs::item::JOB;
use migration::history::{Event, Gauge};
use predicate::Predicate;

use crate::cli::MigrationHistoryArguments;
use crate::git::Repository;
use crate::project::Project;

/// What is asked, of which files.
pub(super) struct Asked {
    pub(super) title: String,
    pub(super) gauge: Gauge,
    pub(super) folder: PathBuf,
    /// The folders and files of jobs, from the repository's root; found out if there are none.
    pub(super) trees: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) told: Vec<Event>,
    pub(super) due: Option<Date>,
}

impl Asked {
    /// What the command line asks, or why that cannot be asked.
    pub(super) fn of(
        project: &Project<'_>,
        arguments: &MigrationHistoryArguments,
    ) -> anyhow::Result<Result<Self, String>> {
        // What is asked in full on the command line needs no estate.
        let estate = match (&arguments.goal, &arguments.repo) {
            (Some(_), Some(_)) => None,
            _ => Some(project.ask()?.0),
        };
        let trees: Vec<String> = arguments.tree.iter().map(|tree| join("", tree)).collect();
        let Some(goal) = &arguments.goal else {
            let Some(estate) = &estate else {
                return Ok(Err("name a migration, or say --goal".to_owned()));
            };
            return Self::of_migration(project, arguments, estate, trees);
        };
        let gauge = match plain(goal, arguments.scope.as_deref()) {
            Ok(gauge) => gauge,
            Err(usage) => return Ok(Err(usage)),
        };
        let mut asked = Self {
            title: "Jobs".to_owned(),
            gauge,
            folder: PathBuf::new(),
            trees,
            groups: Vec::new(),
            told: Vec::new(),
            due: None,
        };
        asked.find_files(project, arguments, estate.as_ref())?;
        Ok(Ok(asked))
    }

    fn of_migration(
        project: &Project<'_>,
        arguments: &MigrationHistoryArguments,
        estate: &Estate,
        trees: Vec<String>,
    ) -> anyhow::Result<Result<Self, String>> {
        let item = match named(estate, arguments.name.as_deref()) {
            Ok(item) => item,
            Err(usage) => return Ok(Err(usage)),
        };
        if item.value.about != About::Job {
            return Ok(Err(format!(
                "{} is not about jobs, and only files of jobs are read from the past",
                item.name
            )));
        }
        let gauge = match Gauge::of(item, &estate.sources) {
            Ok(gauge) => gauge,
            Err(findings) => {
                let first = findings.first().map(|finding| {
                    format!(
                        "{}: {}",
                        estate.sources.locate(finding.span),
                        finding.message
                    )
                });
                bail!(
                    "{}; `commonhold check` says all that is wrong",
                    first.unwrap_or_default()
                );
            }
        };
        let mut asked = Self {
            title: item.title().to_owned(),
            gauge,
            folder: PathBuf::new(),
            trees,
            groups: estate
                .tables
                .groups
                .items()
                .map(|group| group.name.clone())
                .collect(),
            told: item.value.events.iter().map(Event::told).collect(),
            due: item.value.due.as_ref().map(|due| due.value),
        };
        asked.find_files(project, arguments, Some(estate))?;
        Ok(Ok(asked))
    }

    /// Finds the repository and, unless they are said, the trees in it.
    fn find_files(
        &mut self,
        project: &Project<'_>,
        arguments: &MigrationHistoryArguments,
        estate: Option<&Estate>,
    ) -> anyhow::Result<()> {
        if let Some(repo) = &arguments.repo {
            self.folder = project.surroundings.folder.join(repo);
            if !self.folder.is_dir() {
                bail!("{} is not a folder", repo.display());
            }
            return Ok(());
        }
        self.folder = project.root()?;
        let Some(repository) = Repository::of(&self.folder) else {
            bail!("the estate is in no repository with a commit; name another with --repo");
        };
        if !self.trees.is_empty() {
            return Ok(());
        }
        let sources = estate
            .into_iter()
            .flat_map(|estate| &estate.manifest.sources);
        let ours = sources.filter(|source| source.format.value == PastJobs::FORMAT);
        let inside = ours.filter_map(|source| repository.inside(&source.path));
        self.trees = inside.collect();
        if self.trees.is_empty() {
            bail!(
                "no source of {} is in the estate's own repository; name the one that has them with --repo",
                PastJobs::FORMAT
            );
        }
        Ok(())
    }
}

/// The migration of a name, or the only one there is.
fn named<'e>(estate: &'e Estate, name: Option<&str>) -> Result<&'e Item<Migration>, String> {
    let names = || {
        estate
            .tables
            .migrations
            .items()
            .map(|item| item.name.as_str())
    };
    if let Some(name) = name {
        return estate.tables.migrations.get(name).ok_or_else(|| {
            let near = base::nearest(name, names());
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            format!("no migration is called `{name}`{near}")
        });
    }
    let mut all = estate.tables.migrations.items();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err("there is no migration; say with --goal what moved means".to_owned()),
        _ => Err(format!(
            "name one of the migrations: {}",
            names().collect::<Vec<_>>().join(", ")
        )),
    }
}

/// What is asked on the command line alone.
fn plain(goal: &str, scope: Option<&str>) -> Result<Gauge, String> {
    let read = |said: &str, option: &str| {
        Predicate::parse(said, &JOB).map_err(|mistakes| {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            format!("{option}: {}", mistakes.join("\n       "))
        })
    };
    let scope = scope.map(|scope| read(scope, "--scope")).transpose()?;
    Ok(Gauge::plain(read(goal, "--goal")?, scope))
}
