//! Repositories: how they are set up, who may do what without a team, and which branches have
//! rules. Names are read of all, the rest of those that are declared.

mod branches;
mod collaborators;

use std::collections::BTreeMap;

use estate::kinds::AccessPart;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(in super::super) use branches::is_pattern;
pub(in super::super) use collaborators::Invitation;

use super::teams::renamed;
use super::{Found, wanted_containers};
use crate::abreast::abreast;
use crate::providers::github::AT_ONCE;
use crate::providers::github::pages::Page;
use crate::providers::github::people::{RepositoryName, note};
use crate::providers::github::{GitHub, documents};
use crate::{Key, Known, ReadError, Sort, State};

/// What values are called in the estate and in GraphQL.
const FIELDS: [(&str, &str); 12] = [
    ("description", "description"),
    ("homepage", "homepageUrl"),
    ("visibility", "visibility"),
    ("has_issues", "hasIssuesEnabled"),
    ("has_projects", "hasProjectsEnabled"),
    ("has_wiki", "hasWikiEnabled"),
    ("allow_squash_merge", "squashMergeAllowed"),
    ("allow_merge_commit", "mergeCommitAllowed"),
    ("allow_rebase_merge", "rebaseMergeAllowed"),
    ("squash_merge_commit_title", "squashMergeCommitTitle"),
    ("squash_merge_commit_message", "squashMergeCommitMessage"),
    ("archived", "isArchived"),
];

/// A repository as GraphQL tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    database_id: u64,
    name: String,
    collaborators: Option<Page<collaborators::Edge>>,
    branch_protection_rules: Option<Page<branches::Rule>>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// One that is declared, and its name in keys.
struct Declared {
    key: String,
    node: Node,
}

pub(super) fn read(hub: &GitHub, wanted: &State, known: &Known) -> Result<Found, ReadError> {
    let declared = wanted_containers(wanted, Sort::Repository);
    let any = !declared.is_empty();
    let settings = any && hub.manages(AccessPart::Repositories);
    let people = any && hub.manages(AccessPart::Collaborators);
    let branches = any && hub.manages(AccessPart::Branches);
    let document = documents::repositories(settings, people, branches);
    let nodes: Vec<Node> = hub.connection(&document, "repositories", "repositories")?;
    let mut found = Found::default();
    let mut inside = Vec::new();
    let keys = keys(hub, wanted, &nodes);
    for node in nodes {
        let key = keys[&node.database_id].clone();
        let resource = Key::new(Sort::Repository, &key);
        let name = RepositoryName {
            name: node.name.clone(),
            id: node.database_id,
        };
        note(known, &resource, &name);
        if hub.manages(AccessPart::Repositories) {
            let value = match wanted.value(&resource) {
                Some(wanted) => value(hub, &node, wanted)?,
                None => json!({"name": node.name}),
            };
            found.add(resource, value)?;
        }
        if declared.contains(key.as_str()) {
            inside.push(Declared { key, node });
        }
    }
    // The invitations to each are a question of their own.
    let inside = abreast(AT_ONCE, inside, |Declared { key, node }| {
        let mut found = Found::default();
        let name = node.name.as_str();
        let hidden = |what: &str| {
            ReadError::Refused(format!(
                "GitHub does not show {what} of the repository {name}: the token's account has \
                 to administer it"
            ))
        };
        if people {
            let page = node.collaborators;
            let page = page.ok_or_else(|| hidden("the collaborators"))?;
            collaborators::read(hub, wanted, known, (&key, name), page, &mut found)?;
        }
        if branches {
            let page = node.branch_protection_rules;
            let page = page.ok_or_else(|| hidden("the branch rules"))?;
            branches::read(hub, wanted, known, (&key, name), page, &mut found)?;
        }
        Ok::<_, ReadError>(found)
    })?;
    for inner in inside {
        found.state.entries.extend(inner.state.entries);
        found.state.left_alone.extend(inner.state.left_alone);
        found.notes.extend(inner.notes);
    }
    Ok(found)
}

/// The names in keys by the number of a repository.
fn keys(hub: &GitHub, wanted: &State, nodes: &[Node]) -> BTreeMap<u64, String> {
    let own: BTreeMap<String, u64> = nodes
        .iter()
        .map(|node| (node.name.to_lowercase(), node.database_id))
        .collect();
    let mut keys: BTreeMap<u64, String> = nodes
        .iter()
        .map(|node| (node.database_id, node.name.to_lowercase()))
        .collect();
    for (old, new) in renamed(&hub.renames.repositories, &own, wanted, Sort::Repository) {
        keys.insert(own[old], new);
    }
    keys
}

/// What is wanted of a repository, as it is.
fn value(hub: &GitHub, node: &Node, wanted: &Value) -> Result<Value, ReadError> {
    let mut value = Map::from_iter([("name".to_owned(), name(node, wanted).into())]);
    let wanted = wanted.as_object().into_iter().flatten();
    for (key, wanted) in wanted {
        if key == "default_branch" {
            value.insert(key.clone(), default_branch(hub, node)?.into());
            continue;
        }
        let Some((_, field)) = FIELDS.iter().find(|(own, _)| own == key) else {
            continue;
        };
        let real = node.fields.get(*field);
        let real = real.ok_or_else(|| {
            ReadError::Untrusted(format!("the repository {} has no {field}", node.name))
        })?;
        let real = match (key.as_str(), real) {
            (_, Value::Null) if wanted.is_string() => "".into(),
            ("visibility", Value::String(text)) => text.to_lowercase().into(),
            (_, real) => real.clone(),
        };
        value.insert(key.clone(), real);
    }
    Ok(Value::Object(value))
}

/// Its name; as the estate spells it, where only the case is another: GitHub knows no such
/// difference.
fn name<'n>(node: &'n Node, wanted: &'n Value) -> &'n str {
    match wanted["name"].as_str() {
        Some(wanted) if wanted.to_lowercase() == node.name.to_lowercase() => wanted,
        _ => &node.name,
    }
}

#[derive(Deserialize)]
struct Plain {
    default_branch: String,
}

/// The branch that is shown. A repository without a commit has none to GraphQL, but REST says
/// what it will be.
fn default_branch(hub: &GitHub, node: &Node) -> Result<String, ReadError> {
    let branch = node.fields.get("defaultBranchRef");
    if let Some(name) = branch.and_then(|branch| branch["name"].as_str()) {
        return Ok(name.to_owned());
    }
    let plain: Plain = hub.api.get(&hub.repository(&node.name, ""))?;
    Ok(plain.default_branch)
}
