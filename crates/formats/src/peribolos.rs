//! Peribolos: organisations at GitHub, who is in them, and their teams.
//!
//! A source is either one file in prow's own form, `orgs: {...}`, or a folder
//! with a folder an organisation, as kubernetes/org keeps them: `ORG/org.yaml`
//! and `ORG/FOLDER/teams.yaml`, with `restrictions.yaml` beside the
//! organisations.
//!
//! A team's name in the estate is `ORG/TEAM`, the team as it is written there,
//! whatever it holds: `ORG/a/b` is the team `a/b`. Nested teams share the names
//! of their organisation and have a parent. A team in a folder that is called
//! like a group belongs to that group; for this, the source with the groups
//! must come first in `commonhold.yaml`.

mod config;
mod merge;

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, FileId, Span};
use estate::{Draft, Source, Tree, join};
use yaml::Profile;

use crate::shards::{self, Restrictions, below, split};
use crate::{Adapter, codes};
use config::{FullConfig, OrgConfig, RestrictionsFile, Shard};
use merge::{Merge, Origin};

/// Peribolos of prow, as one file or in the shards of kubernetes/org.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: "peribolos",
    about: "GitHub organisations, their members, teams and permissions (prow, kubernetes/org)",
    adopt,
    detect,
};

const ORG: &str = "org.yaml";
const TEAMS: &str = "teams.yaml";
const RESTRICTIONS: &str = "restrictions.yaml";

fn adopt(source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let path = join("", &source.path);
    if tree.is_folder(&path) {
        adopt_folder(&path, source, tree, draft);
    } else {
        adopt_file(path, source, tree, draft);
    }
}

/// Says that organisations, teams and people are missing that were declared.
fn mark_incomplete(draft: &mut Draft) {
    draft.tables.organisations.mark_incomplete();
    draft.tables.teams.mark_incomplete();
    draft.tables.people.mark_incomplete();
}

fn adopt_file(path: String, source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let read = shards::read_files(vec![path], tree, source.path.span, draft);
    let Some((_, file)) = read.value.into_iter().next() else {
        return mark_incomplete(draft);
    };
    let decoded = shards::decode::<FullConfig>(file, Profile::GO_JSON_STRICT, draft);
    if !decoded.whole {
        mark_incomplete(draft);
    }
    let orgs = decoded
        .value
        .map(|config| config.orgs.entries)
        .unwrap_or_default();
    if orgs.is_empty() && decoded.whole {
        let message = format!("{} declares no organisations", source.path);
        let help = "organisations stand under `orgs`";
        shards::empty(source.path.span, message, help, draft);
    }
    for (name, config) in orgs {
        let mut merge = Merge::of(&name, draft);
        let teams = merge.organisation(config, name.span);
        merge.teams(teams, &Origin::default());
        merge.finish();
    }
}

fn adopt_folder(root: &str, source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let named_at = source.path.span;
    let wanted = |name: &str| matches!(name, ORG | TEAMS | RESTRICTIONS);
    let paths = match tree.find(root, &wanted) {
        Ok(paths) => paths,
        Err(refused) => {
            draft.unreadable(&refused, named_at);
            return mark_incomplete(draft);
        }
    };
    let (paths, strays) = sort(root, paths);
    let read = shards::read_files(paths, tree, named_at, draft);
    if !read.whole {
        mark_incomplete(draft);
    }
    let files: BTreeMap<&str, FileId> = read
        .value
        .iter()
        .map(|(path, file)| (below(root, path), *file))
        .collect();
    if !files.keys().any(|path| split(path).1 == ORG) && read.whole {
        let message = format!("{} holds no folder with an `{ORG}`", source.path);
        let help = "name the folder that holds a folder for each organisation";
        shards::empty(named_at, message, help, draft);
    }
    let restrictions = files
        .get(RESTRICTIONS)
        .map(|file| restrictions(*file, draft));
    let restrictions = restrictions.unwrap_or_default();
    for (path, file) in &files {
        if let (org, ORG) = split(path) {
            adopt_organisation(org, *file, &files, &restrictions, draft);
        }
    }
    for stray in strays {
        ignored(&stray, tree, draft);
    }
}

/// The files that the merge reads, and those it passes by.
fn sort(root: &str, paths: Vec<String>) -> (Vec<String>, Vec<String>) {
    let parts = |path: &str| {
        below(root, path)
            .split('/')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let named: Vec<(Vec<String>, String)> =
        paths.into_iter().map(|path| (parts(&path), path)).collect();
    let orgs: BTreeSet<&str> = named
        .iter()
        .filter_map(|(parts, _)| match parts.as_slice() {
            [org, file] if file == ORG => Some(org.as_str()),
            _ => None,
        })
        .collect();
    let belongs = |(parts, _): &&(Vec<String>, String)| match parts.as_slice() {
        [file] => file == RESTRICTIONS,
        [_, file] => file == ORG,
        [org, _, file] => file == TEAMS && orgs.contains(org.as_str()),
        _ => false,
    };
    let (ours, strays): (Vec<_>, Vec<_>) = named.iter().partition(|named| belongs(named));
    let paths = |named: Vec<&(Vec<String>, String)>| {
        named
            .into_iter()
            .map(|(_, path)| path.clone())
            .collect::<Vec<_>>()
    };
    (paths(ours), paths(strays))
}

fn adopt_organisation(
    org: &str,
    file: FileId,
    files: &BTreeMap<&str, FileId>,
    restrictions: &Restrictions,
    draft: &mut Draft,
) {
    let decoded = shards::decode::<OrgConfig>(file, Profile::GO_JSON_STRICT, draft);
    if !decoded.whole {
        mark_incomplete(draft);
    }
    let mut merge = Merge::of(org, draft);
    if let Some(config) = decoded.value {
        let teams = merge.organisation(config, Span::start_of(file));
        let path = format!("{org}/{ORG}");
        let rule = restrictions.rule_for(&path);
        merge.teams(
            teams,
            &Origin {
                rule,
                path,
                owner: None,
            },
        );
    }
    let shards = files.iter().filter(|(path, _)| {
        let (folder, name) = split(path);
        name == TEAMS && split(folder).0 == org
    });
    for (path, file) in shards {
        let decoded = shards::decode::<Shard>(*file, Profile::GO_JSON_STRICT, merge.draft);
        if !decoded.whole {
            mark_incomplete(merge.draft);
        }
        let folder = below(org, split(path).0);
        let origin = Origin {
            rule: restrictions.rule_for(path),
            path: (*path).to_owned(),
            owner: shards::answering_group(folder, *file, merge.draft),
        };
        if let Some(shard) = decoded.value {
            merge.teams(shard.teams, &origin);
        }
    }
    merge.finish();
}

fn restrictions(file: FileId, draft: &mut Draft) -> Restrictions {
    let decoded = shards::decode::<RestrictionsFile>(file, Profile::GO_JSON_STRICT, draft);
    // Where entries are missing, a later one would seem to decide.
    let Some(rules) = decoded.value.filter(|_| decoded.whole) else {
        return Restrictions::default();
    };
    let rules = rules
        .restrictions
        .into_iter()
        .map(|rule| (rule.path, rule.allowed_repos));
    Restrictions::of(
        rules.collect(),
        &codes::PERIBOLOS_RESTRICTION_PATTERN,
        draft,
    )
}

fn ignored(path: &str, tree: &dyn Tree, draft: &mut Draft) {
    let text = tree.read(path).unwrap_or_default();
    let file = draft.sources.add(tree.display(path), text);
    let message = "the merge does not look here, so nothing in this file is applied";
    let finding = Diagnostic::new(
        &codes::PERIBOLOS_IGNORED_FILE,
        Span::start_of(file),
        message,
    );
    let help = format!("teams are read from ORG/{ORG} and ORG/FOLDER/{TEAMS} beside it");
    draft.findings.push(finding.help(help));
}

fn detect(paths: &[String]) -> Vec<String> {
    let folder = |path: &String| match split(path) {
        (org, ORG) if !org.is_empty() => Some(split(org).0.to_owned()),
        _ => None,
    };
    let folders: BTreeSet<String> = paths.iter().filter_map(folder).collect();
    let shown = |folder: String| {
        if folder.is_empty() {
            ".".to_owned()
        } else {
            folder
        }
    };
    folders.into_iter().map(shown).collect()
}
