//! The estate's own files: one folder a kind, one file an item.

use base::{Diagnostic, Span};

use crate::codes;
use crate::draft::Draft;
use crate::kinds::KindId;
use crate::manifest::Manifest;
use crate::read::NativeFile;
use crate::tree::Tree;

/// The file with the community's rules.
pub(crate) const CHARTER: &str = "charter.yaml";
/// The file that says how money is counted; the crate `spend` reads it.
const SPEND: &str = "spend.yaml";
/// The file that says what the portal shows to whom; the crate `portal` reads it.
const PORTAL: &str = "portal.yaml";

/// Reads every file of every kind into the draft.
pub(crate) fn read(tree: &dyn Tree, draft: &mut Draft) {
    for &kind in KindId::ALL {
        if tree.is_folder(kind.folder()) {
            read_kind(kind, tree, draft);
        }
    }
    match tree.read(CHARTER) {
        Ok(text) => draft.charter = Some(draft.sources.add(tree.display(CHARTER), text)),
        Err(refused) if refused.missing => {}
        Err(refused) => {
            let file = draft.sources.add(tree.display(CHARTER), String::new());
            draft.unreadable(&refused, Span::start_of(file));
        }
    }
}

fn read_kind(kind: KindId, tree: &dyn Tree, draft: &mut Draft) {
    let mut paths = match tree.find(kind.folder(), &is_yaml) {
        Ok(paths) => paths,
        Err(refused) => {
            draft.tables.mark_incomplete(kind);
            return draft.unreadable(&refused, draft.manifest_span);
        }
    };
    let adopted = adopted_below(kind, draft);
    paths.retain(|path| !adopted.iter().any(|source| is_claimed_by(source, path)));
    let mut files = Vec::with_capacity(paths.len());
    for (path, text) in paths.iter().zip(tree.read_all(&paths)) {
        let below = path
            .strip_prefix(kind.folder())
            .unwrap_or(path)
            .trim_start_matches('/');
        let name = below
            .strip_suffix(".yaml")
            .or_else(|| below.strip_suffix(".yml"))
            .unwrap_or(below);
        let (text, refused) = match text {
            Ok(text) => (text, None),
            Err(refused) => (String::new(), Some(refused)),
        };
        let file = draft.sources.add(tree.display(path), text);
        if kind.is_private() {
            draft.sources.mark_private(file);
        }
        if let Some(refused) = refused {
            draft.unreadable(&refused, Span::start_of(file));
            draft.tables.mark_broken(kind, name);
            continue;
        }
        if is_name(name) {
            files.push(NativeFile {
                file,
                name: name.to_owned(),
            });
        } else {
            draft.tables.mark_broken(kind, name);
            let noun = base::article(&kind.name().replace('-', " "));
            let message = format!("\"{name}\" cannot be the name of {noun}");
            let help = "use lower-case letters, digits, `-`, `_` and `.`, beginning with a letter or digit";
            draft.findings.push(
                Diagnostic::new(&codes::BAD_FILE_NAME, Span::start_of(file), message).help(help),
            );
        }
    }
    draft
        .tables
        .read_native(kind, &files, &draft.sources, &mut draft.findings);
}

/// The sources in a kind's own folder. An adopted repository may have one of that
/// name, for example `groups/`; its files are not items then.
fn adopted_below(kind: KindId, draft: &Draft) -> Vec<String> {
    let sources = draft
        .manifest
        .sources
        .iter()
        .map(|source| crate::tree::join("", &source.path.value));
    sources
        .filter(|source| is_claimed_by(kind.folder(), source))
        .collect()
}

fn is_claimed_by(claim: &str, path: &str) -> bool {
    if let Some((start, end)) = claim.split_once('*') {
        let between = path
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix(end));
        return between.is_some_and(|name| !name.contains('/'));
    }
    claim.is_empty()
        || path
            .strip_prefix(claim)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) fn is_yaml(file_name: &str) -> bool {
    file_name.ends_with(".yaml") || file_name.ends_with(".yml")
}

fn is_name(name: &str) -> bool {
    name.split('/').all(|part| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'@' | b'+'))
    })
}

/// Where elections are.
const ELECTIONS: &str = "elections/";
/// The file that makes a folder an election, and that of its voters.
const ELECTION_FILES: [&str; 2] = ["election.yaml", "voters.yaml"];

/// Files that look as if they declared something, and that nobody reads.
pub(crate) fn unclaimed(tree: &dyn Tree, draft: &mut Draft) {
    let Ok(paths) = tree.find("", &is_yaml) else {
        return;
    };
    let mut claimed: Vec<String> = KindId::ALL
        .iter()
        .map(|kind| kind.folder().to_owned())
        .collect();
    claimed.extend([Manifest::FILE, CHARTER, SPEND, PORTAL].map(str::to_owned));
    claimed.extend(
        draft
            .manifest
            .sources
            .iter()
            .map(|source| crate::tree::join("", &source.path.value)),
    );
    claimed.extend(
        draft
            .manifest
            .ignore
            .iter()
            .map(|path| crate::tree::join("", path)),
    );
    // What `commonhold elect` reads: the folder of an election, wherever it is below theirs.
    let elections = paths.iter().filter(|path| path.starts_with(ELECTIONS));
    let of_elections = elections.filter_map(|path| path.strip_suffix(ELECTION_FILES[0]));
    claimed.extend(
        of_elections
            .filter(|folder| folder.ends_with('/'))
            .flat_map(|folder| ELECTION_FILES.map(|name| format!("{folder}{name}"))),
    );
    let of_zones = draft.tables.zones.items();
    let of_zones = of_zones.flat_map(|zone| &zone.value.records);
    claimed.extend(of_zones.map(|path| crate::tree::join("", &path.value)));
    let of_approvals = draft.tables.policies.items();
    let of_approvals = of_approvals.flat_map(|policy| &policy.value.approvals);
    claimed.extend(of_approvals.map(|approval| crate::tree::join("", &approval.file)));
    // Hidden folders configure other programs: an editor, a forge.
    let hidden = |path: &String| path.split('/').any(|part| part.starts_with('.'));
    for path in paths.into_iter().filter(|path| !hidden(path)) {
        if claimed.iter().any(|claim| is_claimed_by(claim, &path)) {
            continue;
        }
        let plain = path.strip_suffix(".yml").map(|name| format!("{name}.yaml"));
        let meant = [CHARTER, SPEND, PORTAL]
            .into_iter()
            .find(|file| plain.as_deref() == Some(file));
        let folder = path.split('/').next().unwrap_or(&path).to_owned();
        let near = base::nearest(&folder, KindId::ALL.iter().map(|kind| kind.folder()));
        let near = near.filter(|_| path.contains('/'));
        let help = match (meant, near) {
            (Some(meant), _) => format!("call it {meant}, or its rules do not count"),
            (None, Some(near)) => format!("did you mean the folder `{near}/`?"),
            (None, None) => format!(
                "add a source for it, or `ignore: [{folder}]`, to {}",
                Manifest::FILE
            ),
        };
        let file = draft
            .sources
            .add(tree.display(&path), tree.read(&path).unwrap_or_default());
        let finding = Diagnostic::new(
            &codes::UNCLAIMED_FILE,
            Span::start_of(file),
            "nothing reads this file",
        );
        draft.findings.push(finding.help(help));
    }
}
