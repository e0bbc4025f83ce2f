//! `commonhold owners generate`

use std::path::{Component, Path, PathBuf};

use access::owners::{
    MARK, Made, Teams, codeowners_of_claims, codeowners_of_tree, custom_part, owners_aliases,
    owners_files,
};
use anyhow::{Context, bail};
use estate::{Estate, OwnersTree, Tree};

use super::checkout;
use crate::Exit;
use crate::cli::{OwnersFormat, OwnersGenerateArguments, OwnersOrigin};
use crate::files::{self, DiskTree};
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &OwnersGenerateArguments,
) -> anyhow::Result<Outcome> {
    let out = arguments.out.as_deref();
    let root = out.map(|out| project.surroundings.folder.join(out));
    let (mut notes, made) = match &arguments.place.tree {
        Some(folder) => of_checkout(project, arguments, folder)?,
        None => of_estate(project, arguments, root.as_deref())?,
    };
    for note in &made.notes {
        notes += &format!("warning: {note}\n");
    }
    let Some((out, root)) = out.zip(root) else {
        return Ok(Outcome {
            notes,
            ..Outcome::data(printed(&made))
        });
    };
    let placed = Placed { out, root, made };
    if arguments.check {
        placed.check(arguments.format, notes)
    } else {
        placed.write(arguments.format, notes)
    }
}

fn of_checkout(
    project: &Project<'_>,
    arguments: &OwnersGenerateArguments,
    folder: &Path,
) -> anyhow::Result<(String, Made)> {
    let from_owners = arguments.from != Some(OwnersOrigin::Estate);
    if arguments.format != OwnersFormat::Codeowners || !from_owners {
        bail!(
            "only CODEOWNERS can be made from a checkout; the other files are made from an estate"
        );
    }
    let repository = arguments.place.repository.as_deref();
    let found = checkout(project, folder, repository)?;
    let [tree] = found.trees.as_slice() else {
        bail!("{} holds no OWNERS files", folder.display());
    };
    let made = codeowners_of_tree(tree, &found.sources, &Teams::default())?;
    Ok((found.notes, made))
}

fn of_estate(
    project: &Project<'_>,
    arguments: &OwnersGenerateArguments,
    root: Option<&Path>,
) -> anyhow::Result<(String, Made)> {
    let (estate, notes) = project.ask()?;
    let made = match arguments.format {
        OwnersFormat::OwnersAliases => {
            let there = root.map(|root| root.join("OWNERS_ALIASES"));
            let there = there.map_or(Ok(None), |path| there_is(&path))?;
            let custom = there.as_deref().and_then(custom_part);
            owners_aliases(&estate, custom, project.day)
        }
        OwnersFormat::Owners => {
            let repository = repository(&estate, arguments)?;
            owners_files(&estate, &repository, project.day)?
        }
        OwnersFormat::Codeowners => {
            let repository = repository(&estate, arguments)?;
            let teams = Teams::declared(&estate, &repository);
            let tree = tree_of(&estate, &repository);
            match (arguments.from, tree) {
                (None | Some(OwnersOrigin::Owners), Some(tree)) => {
                    codeowners_of_tree(tree, &estate.sources, &teams)?
                }
                (Some(OwnersOrigin::Owners), None) => bail!(
                    "the estate has no OWNERS files of {repository}; add a source, or name a checkout with --tree"
                ),
                (None | Some(OwnersOrigin::Estate), _) => {
                    codeowners_of_claims(&estate, &repository, &teams, project.day)?
                }
            }
        }
    };
    Ok((notes, made))
}

fn tree_of<'e>(estate: &'e Estate, repository: &str) -> Option<&'e OwnersTree> {
    let mut trees = estate.ownership.iter();
    trees.find(|tree| tree.repository.eq_ignore_ascii_case(repository))
}

/// The repository that is named, or the only one that the estate knows the owners of.
fn repository(estate: &Estate, arguments: &OwnersGenerateArguments) -> anyhow::Result<String> {
    if let Some(repository) = &arguments.place.repository {
        return Ok(repository.clone());
    }
    match estate.ownership.as_slice() {
        [tree] => Ok(tree.repository.clone()),
        _ => bail!("say for which repository: --repository ORGANISATION/NAME"),
    }
}

/// The texts; of several, each under its path.
fn printed(made: &Made) -> String {
    match made.files.as_slice() {
        [file] => file.text.clone(),
        files => {
            let texts = files
                .iter()
                .map(|file| format!("==> {} <==\n{}", file.path, file.text));
            texts.collect::<Vec<_>>().join("\n")
        }
    }
}

fn there_is(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn is_made(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains(MARK))
}

/// Files and the folder they belong in.
struct Placed<'o> {
    /// The folder as it was named.
    out: &'o Path,
    root: PathBuf,
    made: Made,
}

impl Placed<'_> {
    fn shown(&self, path: &str) -> String {
        self.out.join(path).display().to_string()
    }

    fn check(&self, format: OwnersFormat, mut notes: String) -> anyhow::Result<Outcome> {
        let mut others = 0;
        for file in &self.made.files {
            let fault = match there_is(&self.root.join(&file.path))? {
                Some(text) if text == file.text => continue,
                Some(_) => "is not as it would be made now",
                None => "is missing",
            };
            others += 1;
            notes += &format!("error: {} {fault}\n", self.shown(&file.path));
        }
        for path in self.stale(format)? {
            others += 1;
            notes += &format!("error: {} is nobody's any more\n", self.shown(&path));
        }
        let exit = if others == 0 {
            Exit::Well
        } else {
            notes += "run the same without --check to make them\n";
            Exit::Findings
        };
        let data = String::new();
        Ok(Outcome { data, notes, exit })
    }

    fn write(&self, format: OwnersFormat, mut notes: String) -> anyhow::Result<Outcome> {
        // All are looked at before any is written.
        let mut changed = Vec::new();
        for file in &self.made.files {
            if Path::new(&file.path)
                .components()
                .any(|part| !matches!(part, Component::Normal(_)))
            {
                bail!(
                    "{} leads out of the repository, so it is not written",
                    file.path
                );
            }
            match there_is(&self.root.join(&file.path))? {
                Some(text) if text == file.text => {}
                Some(text) if !is_made(&text) => bail!(
                    "{} was written by somebody and is not replaced; move it away first",
                    self.shown(&file.path)
                ),
                _ => changed.push(file),
            }
        }
        for file in changed {
            files::replace(&self.root.join(&file.path), &file.text)
                .with_context(|| format!("{} cannot be written", self.shown(&file.path)))?;
            notes += &format!("wrote {}\n", self.shown(&file.path));
        }
        for path in self.stale(format)? {
            let path = self.shown(&path);
            notes += &format!("warning: {path} is nobody's any more; remove it\n");
        }
        Ok(Outcome {
            notes,
            ..Outcome::data(String::new())
        })
    }

    /// OWNERS files that were made once and would not be made now.
    fn stale(&self, format: OwnersFormat) -> anyhow::Result<Vec<String>> {
        if format != OwnersFormat::Owners || !self.root.is_dir() {
            return Ok(Vec::new());
        }
        let tree = DiskTree::new(&self.root, "");
        let mut paths = tree.find("", &|name| name == "OWNERS")?;
        paths.retain(|path| self.made.files.iter().all(|file| file.path != *path));
        let texts = tree.read_all(&paths);
        let made = paths
            .into_iter()
            .zip(texts)
            .filter(|(_, text)| text.as_ref().is_ok_and(|text| is_made(text)));
        Ok(made.map(|(path, _)| path).collect())
    }
}
