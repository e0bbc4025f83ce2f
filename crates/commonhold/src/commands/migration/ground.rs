//! What all questions about migrations rest on: the estate with its jobs, and the lists beside it.

use std::collections::BTreeMap;

use anyhow::bail;
use base::{Diagnostic, Severity, SourceMap};
use estate::kinds::{About, Kind, Migration};
use estate::{Estate, Item, KindId, Tree};
use formats::Ci;
use jiff::civil::Date;
use jobs::Subjects;
use migration::{List, Lists, Standing, Terms};
use policy::{Baseline, Things};

use crate::files::DiskTree;
use crate::git::Repository;
use crate::project::Project;

/// The estate with its jobs, and the lists of what migrations had left.
pub(super) struct Ground {
    pub(super) estate: Estate,
    ci: Ci,
    pub(super) day: Date,
    /// What is to be said on standard error.
    pub(super) notes: String,
    /// The list of each migration that has one.
    pub(super) lists: BTreeMap<String, List>,
    /// The same as they were first committed.
    first: BTreeMap<String, Baseline>,
    pub(super) tree: DiskTree,
}

impl Ground {
    /// Reads the estate and the lists of its migrations.
    pub(super) fn read(project: &Project<'_>) -> anyhow::Result<Self> {
        let (mut estate, mut notes) = project.ask()?;
        let tree = project.tree()?;
        let mut sources = std::mem::take(&mut estate.sources);
        let ci = jobs_of(&estate, &tree, &mut sources);
        let wrong = errors(&ci.findings);
        if wrong > 0 {
            let errors = base::counted(wrong, "error", "errors");
            notes += &format!(
                "warning: {errors} in the files of jobs: the answer may be incomplete; see `commonhold check`\n"
            );
        }
        let repository = Repository::of(tree.root());
        let (mut lists, mut first) = (BTreeMap::new(), BTreeMap::new());
        for item in estate.tables.migrations.items() {
            match List::read(item, &tree, &mut sources) {
                Ok(Some(list)) => {
                    let begun = repository.as_ref().and_then(|git| begun(git, &list));
                    first.extend(begun.map(|list| (item.name.clone(), list)));
                    lists.insert(item.name.clone(), list);
                }
                Ok(None) => {}
                Err(mistakes) => {
                    let said = mistakes.first().map(|one| said(one, &sources));
                    notes += &format!(
                        "warning: {}; the list is passed over\n",
                        said.unwrap_or_default()
                    );
                }
            }
        }
        estate.sources = sources;
        Ok(Self {
            estate,
            ci,
            day: project.day,
            notes,
            lists,
            first,
            tree,
        })
    }

    /// The jobs, ready to be asked about.
    pub(super) fn subjects(&self) -> Option<Subjects<'_>> {
        self.ci.subjects(&self.estate)
    }

    /// All that predicates are said of, on the day.
    pub(super) fn things<'g>(&'g self, jobs: Option<&'g Subjects<'g>>) -> Things<'g> {
        Things::of(&self.estate, jobs).on(self.day)
    }

    /// The migration that a name means, or all.
    pub(super) fn chosen(&self, name: Option<&str>) -> anyhow::Result<Vec<&Item<Migration>>> {
        let tables = &self.estate.tables;
        let table = &tables.migrations;
        let Some(name) = name else {
            if table.is_empty() && self.has_files()? {
                bail!("the files of all migrations have mistakes; `commonhold check` says which");
            }
            if table.is_empty() {
                bail!(
                    "the estate has no migrations; write one into migrations/NAME.yaml, `commonhold schema migration` says how"
                );
            }
            return Ok(table.items().collect());
        };
        let bare = name.strip_prefix("migration/").unwrap_or(name);
        if let Some(item) = table.get(bare) {
            return Ok(vec![item]);
        }
        if tables.knows(KindId::Migration, bare) {
            bail!("the file of migration `{bare}` has mistakes; `commonhold check` says which");
        }
        let names = table.items().map(|item| item.name.as_str());
        match base::nearest(bare, names) {
            Some(near) => bail!("the estate has no migration `{name}`; did you mean {near}?"),
            None => bail!(
                "the estate has no migration `{name}`; `commonhold show migrations` lists them"
            ),
        }
    }

    /// Whether there are files of migrations, read or not.
    fn has_files(&self) -> anyhow::Result<bool> {
        let folder = Migration::FOLDER;
        if !self.tree.is_folder(folder) {
            return Ok(false);
        }
        let found = self.tree.find(folder, &|name| name.ends_with(".yaml"));
        Ok(!found
            .map_err(|refused| anyhow::anyhow!("{}", refused.reason))?
            .is_empty())
    }

    /// How some migrations stand.
    pub(super) fn standings(
        &self,
        things: &Things<'_>,
        chosen: &[&Item<Migration>],
    ) -> anyhow::Result<Vec<Standing>> {
        let standing = |item: &&Item<Migration>| {
            let terms = self.terms(item)?;
            if !things.are_read(item.value.about) {
                bail!(
                    "{} moves {}s, and no source of jobs is named in {}",
                    item.subject(),
                    item.value.about,
                    self.tree.display(estate::Manifest::FILE)
                );
            }
            let lists = Lists {
                now: self.lists.get(&item.name).map(|list| &list.baseline),
                first: self.first.get(&item.name),
            };
            Ok(Standing::of(item, &terms, things, lists, self.day))
        };
        chosen.iter().map(standing).collect()
    }

    /// What a migration says in predicates.
    pub(super) fn terms(&self, item: &Item<Migration>) -> anyhow::Result<Terms> {
        let sources = &self.estate.sources;
        Terms::of(item, sources).map_err(|mistakes| {
            let first = mistakes.first().map(|one| said(one, sources));
            anyhow::anyhow!(
                "{}; until that is mended, nobody can say how {} stands",
                first.unwrap_or_default(),
                item.subject()
            )
        })
    }
}

/// The jobs of an estate, where some migration is about them: they are many megabytes in a large
/// community.
fn jobs_of(estate: &Estate, tree: &dyn Tree, sources: &mut SourceMap) -> Ci {
    let of_jobs = |item: &Item<Migration>| {
        matches!(item.value.about, About::Job | About::Preset | About::Tab)
    };
    if estate.tables.migrations.items().any(of_jobs) {
        Ci::load(estate, tree, sources)
    } else {
        Ci::default()
    }
}

fn errors(findings: &[Diagnostic]) -> usize {
    let errors = findings.iter();
    errors.filter(|one| one.severity == Severity::Error).count()
}

/// Where and what, in a line.
fn said(finding: &Diagnostic, sources: &SourceMap) -> String {
    format!("{}: {}", sources.locate(finding.span), finding.message)
}

/// A list as it was first committed, if Git knows: since then it only became shorter.
fn begun(repository: &Repository, list: &List) -> Option<Baseline> {
    let versions = repository.versions(&list.path).ok()?;
    let (_, text) = versions.into_iter().find(|(_, text)| text.is_some())?;
    let mut sources = SourceMap::default();
    let text = text?;
    let file = sources.add(&list.path, text.clone());
    Baseline::parse(&text, file).ok()
}
