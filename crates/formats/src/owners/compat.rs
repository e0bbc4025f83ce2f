//! Owners files with mistakes in them, as other programs take them.
//!
//! Prow ignores a file that it cannot read, so that whoever owns the folder above approves,
//! drops a filter whose pattern is malformed, and takes aliases for logins where it cannot
//! read them. Here such files let nobody approve. This is for whoever must know what the bot
//! will do, and for nobody who decides.
//!
//! Source: `pkg/repoowners/repoowners.go` of Prow; `sigs.k8s.io/yaml`, which reads YAML 1.1
//! by way of JSON.

use std::collections::BTreeMap;

use base::{FileId, SourceMap, Span, Spanned};
use estate::{Aliases, Filter, Owners, OwnersFile, OwnersTree};

use super::aliases::AliasesFile;
use super::json::{Refused, boolean, entries, field, root, strings, text};
use super::names::key;
use super::{file, pattern};

/// The programs whose answers about files with mistakes can be asked for.
pub const COMPATIBLE_WITH: &[&str] = &["prow"];

/// What another program makes of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laxity {
    /// Where the mistake is.
    pub span: Span,
    /// What the program makes of it, and what follows, in one sentence without a full stop.
    pub text: String,
}

/// The owners as a program of [`COMPATIBLE_WITH`] takes them, and every mistake that it
/// passes over. Where all files are sound it is the same tree; where it cannot be told what
/// the program does, the file stays broken. `None` for a program that is not known.
pub fn compatible(
    tree: OwnersTree,
    sources: &SourceMap,
    program: &str,
) -> Option<(OwnersTree, Vec<Laxity>)> {
    if !COMPATIBLE_WITH.contains(&program) {
        return None;
    }
    let mut laxities = Vec::new();
    let aliases = aliases(tree.aliases, sources, &mut laxities);
    let mut folders = BTreeMap::new();
    for (folder, owners) in tree.folders {
        let read = match owners.broken {
            None => owners,
            Some(_) => lax(owners, sources, &mut laxities),
        };
        folders.insert(folder, read);
    }
    let tree = OwnersTree::new(tree.repository, tree.root, folders, aliases);
    Some((tree, laxities))
}

fn aliases(strict: Aliases, sources: &SourceMap, laxities: &mut Vec<Laxity>) -> Aliases {
    let Some(file) = strict.file else {
        return strict;
    };
    let text = &sources.file(file).text;
    let (read, findings) = AliasesFile::read(text, file);
    let mistake = findings
        .iter()
        .find(|finding| finding.severity == base::Severity::Error);
    let Some(first) = mistake.filter(|_| read.is_none()) else {
        return strict;
    };
    let (names, outcome) = match lax_aliases(text, file) {
        Ok(names) => (names, "Prow reads the aliases all the same"),
        Err(_) => (
            BTreeMap::new(),
            "Prow goes on without any aliases, and takes their names for logins",
        ),
    };
    laxities.push(Laxity {
        span: first.span,
        text: format!("{}; {outcome}", first.message),
    });
    let file = Some(file);
    Aliases { file, names }
}

fn lax_aliases(
    text_of: &str,
    file: FileId,
) -> Result<BTreeMap<String, Vec<Spanned<String>>>, Refused> {
    let root = root(text_of, file)?;
    let mut names = BTreeMap::new();
    for (_, pairs) in field(&root, "aliases")? {
        for (name, value) in entries(pairs)? {
            let name = text(name)?;
            // One entry of another form and the rest is lost, or a part of it, by chance.
            let members = match &value.value {
                yaml::Value::Mapping(pairs) => {
                    let logins = pairs.iter().map(|(login, _)| text(login));
                    logins.collect::<Result<_, _>>()?
                }
                yaml::Value::Sequence(items) if items.iter().any(|item| !is_text(item)) => {
                    return Err(Refused::Mistaken);
                }
                _ => strings(value)?,
            };
            names.insert(key(&name), members);
        }
    }
    Ok(names)
}

/// Whether Go has a string in a list that may hold anything.
fn is_text(node: &yaml::Node) -> bool {
    match &node.value {
        yaml::Value::Scalar { text, plain: true } => {
            matches!(
                yaml::reads_as(text),
                yaml::Reading::Text | yaml::Reading::Sexagesimal
            )
        }
        yaml::Value::Scalar { .. } => true,
        _ => false,
    }
}

/// A broken file as Prow takes it.
fn lax(owners: OwnersFile, sources: &SourceMap, laxities: &mut Vec<Laxity>) -> OwnersFile {
    let (id, text) = (owners.file, &sources.file(owners.file).text);
    let refused = unreadable(&owners, text);
    let strict = if refused {
        owners
    } else {
        file::read(text, id).0
    };
    let Some(fault) = strict.broken.clone() else {
        // It was broken by the aliases alone.
        return strict;
    };
    let read = if refused {
        Err(Refused::Mistaken)
    } else {
        lax_file(text, id)
    };
    let (read, outcome) = match read {
        Ok(read) => (read, "Prow goes on with the rest of the file"),
        Err(Refused::Mistaken) => (
            silent(id),
            "Prow ignores the file, so those above it approve",
        ),
        Err(Refused::Unknown) => (strict, "what Prow makes of it is not known here"),
    };
    laxities.push(Laxity {
        span: fault.span,
        text: format!("{}; {outcome}", fault.reason),
    });
    read
}

/// Whether the disk refused the file: its text is empty then, and the fault is its own.
fn unreadable(owners: &OwnersFile, text: &str) -> bool {
    let own = |fault: &estate::Fault| fault.span.file == owners.file;
    text.is_empty() && owners.broken.as_ref().is_some_and(own)
}

/// A file that says nothing.
fn silent(file: FileId) -> OwnersFile {
    OwnersFile {
        file,
        inherits: true,
        owners: Owners::default(),
        filters: Vec::new(),
        broken: None,
    }
}

fn lax_file(text_of: &str, file: FileId) -> Result<OwnersFile, Refused> {
    let root = root(text_of, file)?;
    let mut read = silent(file);
    let simple = lists(&root).and_then(|owners| Ok((owners, inherits(&root)?)));
    match simple {
        Ok((owners, inherits)) if !owners.is_empty() => {
            read.owners = owners;
            read.inherits = inherits;
        }
        Err(Refused::Unknown) => return Err(Refused::Unknown),
        // Lists of another form make Prow look for filters instead.
        _ => {
            read.inherits = inherits(&root)?;
            let mut filters: BTreeMap<String, Filter> = BTreeMap::new();
            for (_, pairs) in field(&root, "filters")? {
                for (name, value) in entries(pairs)? {
                    let (pattern, owners) = (text(name)?, lists(value)?);
                    let filter = Filter {
                        regex: pattern::compile(&pattern).ok(),
                        pattern: pattern.clone(),
                        owners,
                    };
                    filters.insert(pattern.value, filter);
                }
            }
            read.filters = filters.into_values().collect();
        }
    }
    Ok(read)
}

fn lists(node: &yaml::Node) -> Result<Owners, Refused> {
    let list = |name: &str| {
        let mut last = Vec::new();
        for (_, value) in field(node, name)? {
            last = strings(value)?;
        }
        Ok(last)
    };
    Ok(Owners {
        approvers: list("approvers")?,
        reviewers: list("reviewers")?,
        required_reviewers: list("required_reviewers")?,
        labels: list("labels")?,
        ..Owners::default()
    })
}

fn inherits(root: &yaml::Node) -> Result<bool, Refused> {
    let mut no_parent_owners = false;
    for (_, options) in field(root, "options")? {
        for (_, value) in field(options, "no_parent_owners")? {
            no_parent_owners = boolean(value)?.unwrap_or(no_parent_owners);
        }
        for (_, value) in field(options, "auto_approve_unowned_subfolders")? {
            boolean(value)?;
        }
    }
    Ok(!no_parent_owners)
}
