//! Which files a zone is made of.

use base::{Diagnostic, Span, Spanned};
use estate::{Tree, Unreadable, join};

use crate::codes;
use crate::shards::split;

/// A file that is part of a zone, and where it is asked for.
pub(super) struct Part {
    pub(super) path: String,
    pub(super) asked_at: Span,
}

/// The files behind the paths of a zone, each once, in a fixed order. A path that leads
/// to nothing is reported.
pub(super) fn parts(
    records: &[Spanned<String>],
    tree: &dyn Tree,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for written in records {
        let found = match expand(written, tree) {
            Ok(found) => found,
            Err(refused) => {
                findings.push(unreadable(&refused, written.span));
                continue;
            }
        };
        if found.is_empty() {
            let message = format!("no zone file is found at `{}`", written.value);
            let help = "name a file, a folder of `*.yaml`, or a pattern that matches some; no file is not a zone without records";
            findings.push(Diagnostic::new(&codes::ZONE_FILES, written.span, message).help(help));
        }
        for path in found {
            if parts.iter().all(|part| part.path != path) {
                parts.push(Part {
                    path,
                    asked_at: written.span,
                });
            }
        }
    }
    parts
}

fn expand(written: &str, tree: &dyn Tree) -> Result<Vec<String>, Unreadable> {
    let path = join("", written);
    let (folder, name) = split(&path);
    let directly = |folder: &str, wanted: &dyn Fn(&str) -> bool| {
        let mut found = tree.find(folder, wanted)?;
        found.retain(|found| split(found).0 == folder);
        Ok(found)
    };
    if name.contains('*') {
        directly(folder, &|found| matches(name, found))
    } else if tree.is_folder(&path) {
        directly(&path, &|found| found.ends_with(".yaml"))
    } else {
        Ok(vec![path])
    }
}

/// Whether a name is as a pattern says, where `*` is anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = name.find(piece) else {
            return false;
        };
        name = &name[at + piece.len()..];
    }
    name.ends_with(last)
}

/// A file that cannot be read.
pub(super) fn unreadable(refused: &Unreadable, asked_at: Span) -> Diagnostic {
    let message = format!("{} cannot be read: {}", refused.path, refused.reason);
    let help = "what cannot be read is not taken for empty; mend the path or the file";
    Diagnostic::new(&codes::ZONE_FILES, asked_at, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_anything() {
        for (pattern, name, expected) in [
            ("a.io._*.yaml", "a.io._0_base.yaml", true),
            ("a.io._*.yaml", "a.io.yaml", false),
            ("*", "x", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("ab*b", "ab", false),
            ("x", "x", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
