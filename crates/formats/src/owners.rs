//! `OWNERS` and `OWNERS_ALIASES`, as Prow reads them: per folder, who may
//! approve and review, with inheritance, filters and aliases.

mod aliases;
mod compat;
mod file;
mod json;
mod names;
mod pattern;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, FileId, Label, Severity, SourceMap, Span};
use estate::{
    Aliases, Draft, Fault, OwnersFile, OwnersTree, Sighting, Source, Tree, Unreadable, join,
};

use crate::codes;
use aliases::AliasesFile;
pub use compat::{COMPATIBLE_WITH, Laxity, compatible};

/// The adapter.
pub(crate) static ADAPTER: crate::Adapter = crate::Adapter {
    name: "owners",
    about: "`OWNERS` files of a repository (Prow): who may approve and review which files",
    adopt,
    detect,
};

const OWNERS: &str = "OWNERS";
const OWNERS_ALIASES: &str = "OWNERS_ALIASES";

fn adopt(source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let repository = source.repository.clone();
    let repository = repository.unwrap_or_else(|| source.path.value.clone());
    let trees = draft.ownership.iter();
    let elsewhere = trees.flat_map(|tree| {
        let names = tree.aliases.names.keys();
        names.map(|name| (name.clone(), tree.repository.clone()))
    });
    let elsewhere = elsewhere.collect();
    let read = match Read::of(
        tree,
        &source.path,
        repository,
        elsewhere,
        &mut draft.sources,
    ) {
        Ok(read) => read,
        Err(refused) => return draft.unreadable(&refused, source.path.span),
    };
    for refused in &read.refused {
        draft.unreadable(refused, source.path.span);
    }
    if read.tree.folders.is_empty() {
        let message = format!("there is no {OWNERS} file below {}", source.path);
        let help = "check the path; if the repository has no owners yet, remove the source";
        let finding = Diagnostic::new(&codes::SOURCE_EMPTY, source.path.span, message);
        draft.findings.push(finding.help(help));
        return;
    }
    // Whom a broken file names, nobody knows: that is not held against other files.
    let mut folders = read.tree.folders.values();
    if folders.any(|folder| folder.broken.is_some()) {
        draft.tables.people.mark_incomplete();
    }
    draft.sightings.extend(read.people);
    draft.findings.extend(read.findings);
    draft.ownership.push(read.tree);
}

/// The owners of a repository that is checked out somewhere, with no estate around it.
#[derive(Debug)]
pub struct Checkout {
    /// Who owns what. Without any OWNERS file, nobody.
    pub tree: OwnersTree,
    /// The texts that were read.
    pub sources: SourceMap,
    /// What is wrong with them.
    pub findings: Vec<Diagnostic>,
    /// The files that could not be read; they count as broken.
    pub refused: Vec<Unreadable>,
}

/// Reads the owners of a repository by the files at and below its root.
///
/// # Errors
/// When the folder cannot be listed.
pub fn checkout(tree: &dyn Tree, repository: &str) -> Result<Checkout, Unreadable> {
    let mut sources = SourceMap::default();
    let elsewhere = BTreeMap::new();
    let read = Read::of(tree, "", repository.to_owned(), elsewhere, &mut sources)?;
    Ok(Checkout {
        tree: read.tree,
        sources,
        findings: read.findings,
        refused: read.refused,
    })
}

/// All that the files of one repository say.
struct Read {
    tree: OwnersTree,
    people: Vec<Sighting>,
    findings: Vec<Diagnostic>,
    refused: Vec<Unreadable>,
}

impl Read {
    fn of(
        tree: &dyn Tree,
        path: &str,
        repository: String,
        elsewhere: BTreeMap<String, String>,
        sources: &mut SourceMap,
    ) -> Result<Self, Unreadable> {
        let root = join("", path);
        let wanted = |name: &str| name == OWNERS || name == OWNERS_ALIASES;
        let texts = read_texts(tree, &root, &wanted, sources)?;
        let refused = texts.iter().filter_map(|text| text.refused.clone());
        let refused = refused.collect();
        let mut findings = Vec::new();
        let aliases = read_aliases(&texts, sources, &mut findings);
        let mut folders = read_folders(&texts, sources, &mut findings);
        let (aliases, people) = match aliases {
            Ok(aliases) => {
                let (people, odd) = names::check(&folders, &aliases, elsewhere);
                findings.extend(odd);
                (aliases.aliases, people)
            }
            // An alias nobody can look up would pass for a login.
            Err((file, fault)) => {
                for folder in folders.values_mut() {
                    folder.broken.get_or_insert_with(|| fault.clone());
                }
                let file = Some(file);
                let names = BTreeMap::new();
                (Aliases { file, names }, Vec::new())
            }
        };
        Ok(Self {
            tree: OwnersTree::new(repository, root, folders, aliases),
            people,
            findings,
            refused,
        })
    }
}

/// One file of the source.
struct Text {
    /// The folder it stands in, below the root of the source.
    folder: String,
    /// The name of the file.
    name: String,
    file: FileId,
    /// Why it could not be read.
    refused: Option<Unreadable>,
}

fn read_texts(
    tree: &dyn Tree,
    root: &str,
    wanted: &dyn Fn(&str) -> bool,
    sources: &mut SourceMap,
) -> Result<Vec<Text>, Unreadable> {
    let paths = tree.find(root, wanted)?;
    let read = paths.iter().zip(tree.read_all(&paths));
    let texts = read.map(|(path, text)| {
        let (text, refused) = match text {
            Ok(text) => (text, None),
            Err(refused) => (String::new(), Some(refused)),
        };
        let file = sources.add(tree.display(path), text);
        let below = path
            .strip_prefix(root)
            .unwrap_or(path)
            .trim_start_matches('/');
        let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
        Text {
            folder: folder.to_owned(),
            name: name.to_owned(),
            file,
            refused,
        }
    });
    Ok(texts.collect())
}

/// The aliases; where there are some but nobody knows which, the file and why.
fn read_aliases(
    texts: &[Text],
    sources: &SourceMap,
    findings: &mut Vec<Diagnostic>,
) -> Result<AliasesFile, (FileId, Fault)> {
    let mut read = Ok(AliasesFile::default());
    for text in texts.iter().filter(|text| text.name == OWNERS_ALIASES) {
        if !text.folder.is_empty() {
            let message = format!(
                "aliases are read from the root of the repository only, not from `{}`",
                text.folder
            );
            let finding = Diagnostic::new(
                &codes::OWNERS_ALIASES_PLACE,
                Span::start_of(text.file),
                message,
            );
            let help = "move them there; the root of another repository needs a source of its own";
            findings.push(finding.help(help));
            continue;
        }
        if let Some(refused) = &text.refused {
            read = Err((text.file, text.fault(refused)));
            continue;
        }
        let (aliases, found) = AliasesFile::read(&sources.file(text.file).text, text.file);
        let broken = aliases.is_none().then_some(text);
        read = aliases.ok_or_else(|| (text.file, file::fault(&found, text.file)));
        report(found, broken, findings);
    }
    read
}

fn read_folders(
    texts: &[Text],
    sources: &SourceMap,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, OwnersFile> {
    let mut folders = BTreeMap::new();
    for text in texts.iter().filter(|text| text.name == OWNERS) {
        let owners = if let Some(refused) = &text.refused {
            OwnersFile::broken(text.file, text.fault(refused))
        } else {
            let (owners, found) = file::read(&sources.file(text.file).text, text.file);
            report(found, owners.broken.is_some().then_some(text), findings);
            owners
        };
        folders.insert(text.folder.clone(), owners);
    }
    folders
}

impl Text {
    fn fault(&self, refused: &Unreadable) -> Fault {
        Fault {
            span: Span::start_of(self.file),
            reason: format!("the file cannot be read: {}", refused.reason),
        }
    }
}

/// Reports what is wrong with a file, and what follows if it counts as unreadable.
fn report(mut found: Vec<Diagnostic>, broken: Option<&Text>, findings: &mut Vec<Diagnostic>) {
    let first = found
        .iter_mut()
        .find(|finding| finding.severity == Severity::Error);
    if let (Some(first), Some(text)) = (first, broken) {
        let place = match text.folder.as_str() {
            "" => "in this repository".to_owned(),
            folder => format!("below {folder}/"),
        };
        let consequence = format!("until it can be read, nobody is taken for an approver {place}");
        first.related.push(Label {
            span: Span::start_of(text.file),
            text: consequence,
        });
    }
    findings.append(&mut found);
}

/// The topmost folders with an `OWNERS` file, each likely a repository.
fn detect(paths: &[String]) -> Vec<String> {
    let folder = |path: &String| match path.rsplit_once('/') {
        Some((folder, OWNERS)) => Some(folder.to_owned()),
        None if path == OWNERS => Some(String::new()),
        _ => None,
    };
    let folders: BTreeSet<String> = paths.iter().filter_map(folder).collect();
    if folders.contains("") {
        return vec![".".to_owned()];
    }
    let owned_above = |folder: &String| {
        let mut slashes = folder.match_indices('/');
        slashes.any(|(at, _)| {
            folder
                .get(..at)
                .is_some_and(|above| folders.contains(above))
        })
    };
    folders
        .iter()
        .filter(|folder| !owned_above(folder))
        .cloned()
        .collect()
}
