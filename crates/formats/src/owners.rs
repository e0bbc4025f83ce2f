//! `OWNERS` and `OWNERS_ALIASES`, as Prow reads them: per folder, who may
//! approve and review, with inheritance, filters and aliases.

mod aliases;
mod file;
mod names;
mod pattern;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, FileId, Label, Severity, Span};
use estate::{Draft, OwnersFile, OwnersTree, Source, Tree, Unreadable, join};

use crate::codes;
use aliases::AliasesFile;

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
    let root = join("", &source.path);
    let wanted = |name: &str| name == OWNERS || name == OWNERS_ALIASES;
    let texts = match read_texts(tree, &root, &wanted, draft) {
        Ok(texts) => texts,
        Err(refused) => return draft.unreadable(&refused, source.path.span),
    };
    for refused in texts.iter().filter_map(|text| text.refused.as_ref()) {
        draft.unreadable(refused, source.path.span);
    }
    if !texts.iter().any(|text| text.name == OWNERS) {
        let message = format!("there is no {OWNERS} file below {}", source.path);
        let help = "check the path; if the repository has no owners yet, remove the source";
        let finding = Diagnostic::new(&codes::SOURCE_EMPTY, source.path.span, message);
        draft.findings.push(finding.help(help));
        return;
    }
    let aliases = read_aliases(&texts, draft);
    let mut folders = read_folders(&texts, draft);
    match &aliases {
        Some(aliases) => names::check(&folders, aliases, draft),
        // An alias nobody can look up would pass for a login.
        None => folders.values_mut().for_each(|folder| folder.broken = true),
    }
    // Whom a broken file names, nobody knows: that is not held against other files.
    if folders.values().any(|folder| folder.broken) {
        draft.tables.people.mark_incomplete();
    }
    let aliases = aliases.unwrap_or_default().aliases;
    let repository = source.repository.clone();
    let repository = repository.unwrap_or_else(|| source.path.value.clone());
    draft
        .ownership
        .push(OwnersTree::new(repository, root, folders, aliases));
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
    draft: &mut Draft,
) -> Result<Vec<Text>, Unreadable> {
    let paths = tree.find(root, wanted)?;
    let read = paths.iter().zip(tree.read_all(&paths));
    let texts = read.map(|(path, text)| {
        let (text, refused) = match text {
            Ok(text) => (text, None),
            Err(refused) => (String::new(), Some(refused)),
        };
        let file = draft.sources.add(tree.display(path), text);
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

/// The aliases; `None` where there are some but nobody knows which.
fn read_aliases(texts: &[Text], draft: &mut Draft) -> Option<AliasesFile> {
    let mut read = Some(AliasesFile::default());
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
            draft.findings.push(finding.help(help));
            continue;
        }
        if text.refused.is_some() {
            read = None;
            continue;
        }
        let (aliases, findings) = AliasesFile::read(&draft.sources.file(text.file).text, text.file);
        let whole = aliases.is_some();
        read = aliases;
        report(findings, (!whole).then_some(text), draft);
    }
    read
}

fn read_folders(texts: &[Text], draft: &mut Draft) -> BTreeMap<String, OwnersFile> {
    let mut folders = BTreeMap::new();
    for text in texts.iter().filter(|text| text.name == OWNERS) {
        let owners = if text.refused.is_some() {
            OwnersFile::broken(text.file)
        } else {
            let (owners, findings) = file::read(&draft.sources.file(text.file).text, text.file);
            report(findings, owners.broken.then_some(text), draft);
            owners
        };
        folders.insert(text.folder.clone(), owners);
    }
    folders
}

/// Reports what is wrong with a file, and what follows if it counts as unreadable.
fn report(mut findings: Vec<Diagnostic>, broken: Option<&Text>, draft: &mut Draft) {
    let first = findings
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
    draft.findings.append(&mut findings);
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
