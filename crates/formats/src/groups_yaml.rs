//! `groups.yaml`: the mailing groups of a community at Google, as
//! kubernetes/k8s.io keeps them.
//!
//! A source is a folder with `config.yaml`, `restrictions.yaml` and any number
//! of `groups.yaml` at any depth. A group's name in the estate is its address
//! in lower case. A mailing group in a folder that is called like a group
//! belongs to that group; for this, the source with the groups must come first
//! in `commonhold.yaml`.

mod entries;

use std::collections::{BTreeSet, HashMap, HashSet};

use base::{Diagnostic, FileId, Span, Spanned};
use estate::kinds::{Group, MailingGroup};
use estate::{Draft, Email, Item, Ref, Source, Tree, join};
use yaml::{Map, Profile};

use crate::shards::{self, Restrictions, Rule, below, is_below, split};
use crate::{Adapter, codes};
use entries::{Config, GoogleGroup, GroupsFile, RestrictionsFile, Setting};

/// `groups.yaml` of kubernetes/k8s.io.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: "groups.yaml",
    about: "Google mailing groups, their members and settings (kubernetes/k8s.io)",
    adopt,
    detect,
};

const CONFIG: &str = "config.yaml";
const GROUPS: &str = "groups.yaml";
const RESTRICTIONS: &str = "restrictions.yaml";

/// The settings that the reconciler passes on, and the one it keeps for itself.
const SETTINGS: [&str; 11] = [
    "AllowExternalMembers",
    "AllowWebPosting",
    "MembersCanPostAsTheGroup",
    "MessageModerationLevel",
    "ReconcileMembers",
    "WhoCanDiscoverGroup",
    "WhoCanJoin",
    "WhoCanModerateMembers",
    "WhoCanPostMessage",
    "WhoCanViewGroup",
    "WhoCanViewMembership",
];

/// What the reconciler sets where a file says nothing else.
const DEFAULTS: [(&str, &str); 10] = [
    ("AllowExternalMembers", "true"),
    ("WhoCanJoin", "INVITED_CAN_JOIN"),
    ("WhoCanViewMembership", "ALL_MANAGERS_CAN_VIEW"),
    ("WhoCanViewGroup", "ALL_MEMBERS_CAN_VIEW"),
    ("WhoCanDiscoverGroup", "ALL_IN_DOMAIN_CAN_DISCOVER"),
    ("WhoCanModerateMembers", "OWNERS_AND_MANAGERS"),
    ("WhoCanModerateContent", "OWNERS_AND_MANAGERS"),
    ("WhoCanPostMessage", "ALL_MEMBERS_CAN_POST"),
    ("MessageModerationLevel", "MODERATE_NONE"),
    ("MembersCanPostAsTheGroup", "false"),
];

/// By this the reconciler is told to remove whoever is not named; it is no setting of Google's.
const RECONCILE_MEMBERS: &str = "ReconcileMembers";

/// The longest description Google takes, in characters.
const LONGEST_DESCRIPTION: usize = 300;

fn adopt(source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let root = join("", &source.path);
    let named_at = source.path.span;
    let Some(config) = read_config(&root, named_at, tree, draft) else {
        return draft.tables.mailing_groups.mark_incomplete();
    };
    let restrictions = read_restrictions(&root, &config, named_at, tree, draft);
    let groups_path = config.groups_path;
    let folder = groups_path
        .as_ref()
        .map_or_else(|| root.clone(), |path| join(&root, path));
    let paths = match tree.find(&folder, &|name| name == GROUPS) {
        Ok(paths) => paths,
        Err(refused) => {
            draft.unreadable(&refused, groups_path.map_or(named_at, |path| path.span));
            return draft.tables.mailing_groups.mark_incomplete();
        }
    };
    let read = shards::read_files(paths, tree, named_at, draft);
    let mut whole = read.whole;
    let mut shards = Vec::with_capacity(read.value.len());
    for (path, file) in read.value {
        let decoded = shards::decode::<GroupsFile>(file, Profile::GO_STRICT, draft);
        whole &= decoded.whole;
        let path = below(&folder, &path).to_owned();
        shards.extend(decoded.value.map(|shard| (path, file, shard.groups)));
    }
    if !whole {
        draft.tables.mailing_groups.mark_incomplete();
    } else if shards.iter().all(|(_, _, groups)| groups.is_empty()) {
        let message = format!("{} declares no mailing groups", source.path);
        let help = format!("name the folder that holds {GROUPS}, or whose {CONFIG} names it");
        shards::empty(named_at, message, &help, draft);
    }
    check_names(&shards, draft);
    for (path, file, groups) in shards {
        let owner = shards::answering_group(split(&path).0, file, draft);
        for group in groups {
            restrict(&group, &path, restrictions.rule_for(&path), draft);
            check(&group, draft);
            add(group, owner.clone(), draft);
        }
    }
}

/// The file of a folder, if it is there; `Err` if it is there and cannot be read.
fn optional(
    folder: &str,
    name: &str,
    named_at: Span,
    tree: &dyn Tree,
    draft: &mut Draft,
) -> Result<Option<FileId>, ()> {
    let path = join(folder, name);
    let listed = tree
        .find(folder, &|found| found == name)
        .unwrap_or_default();
    if !listed.contains(&path) {
        return Ok(None);
    }
    let read = shards::read_files(vec![path], tree, named_at, draft);
    read.value.first().map(|(_, file)| Some(*file)).ok_or(())
}

/// Where the groups and the rules are; `None` if that is said and cannot be read.
fn read_config(root: &str, named_at: Span, tree: &dyn Tree, draft: &mut Draft) -> Option<Config> {
    let defaults = Config {
        bot_id: None,
        secret_version: None,
        groups_path: None,
        restrictions_path: None,
    };
    match optional(root, CONFIG, named_at, tree, draft) {
        // The reconciler ignores what it does not know in this file, and none of
        // it is about groups.
        Ok(Some(file)) => shards::decode::<Config>(file, Profile::GO_JSON_LENIENT, draft).value,
        Ok(None) => Some(defaults),
        Err(()) => None,
    }
}

fn read_restrictions(
    root: &str,
    config: &Config,
    named_at: Span,
    tree: &dyn Tree,
    draft: &mut Draft,
) -> Restrictions {
    let file = match &config.restrictions_path {
        Some(path) => {
            let paths = vec![join(root, path)];
            let read = shards::read_files(paths, tree, path.span, draft);
            read.value.first().map(|(_, file)| *file)
        }
        None => optional(root, RESTRICTIONS, named_at, tree, draft)
            .ok()
            .flatten(),
    };
    let Some(file) = file else {
        return Restrictions::default();
    };
    let decoded = shards::decode::<RestrictionsFile>(file, Profile::GO_STRICT, draft);
    // Where entries are missing, a later one would seem to decide.
    let Some(rules) = decoded.value.filter(|_| decoded.whole) else {
        return Restrictions::default();
    };
    let rules = rules
        .restrictions
        .into_iter()
        .map(|rule| (rule.path, rule.allowed_groups));
    Restrictions::of(rules.collect(), &codes::GROUPS_RESTRICTION_PATTERN, draft)
}

fn about(finding: Diagnostic, group: &GoogleGroup) -> Diagnostic {
    finding.about(format!(
        "mailing-group/{}",
        group.email_id.as_str().to_lowercase()
    ))
}

/// A group is called as the first part of its address; if a group of another
/// domain is called so, with that of its own domain before it.
fn check_names(shards: &[(String, FileId, Vec<GoogleGroup>)], draft: &mut Draft) {
    let groups = || shards.iter().flat_map(|(_, _, groups)| groups);
    let plain: HashSet<(&str, &str)> = groups()
        .filter_map(|group| Some((group.name.as_ref()?.as_str(), parts(&group.email_id)?)))
        .filter(|(name, (local, _))| name == local)
        .map(|(_, address)| address)
        .collect();
    for group in groups() {
        let Some((local, domain)) = parts(&group.email_id) else {
            continue;
        };
        let name = group.name.as_ref().map_or("", |name| name.as_str());
        let elsewhere = || {
            plain
                .iter()
                .any(|(taken, by)| *taken == local && *by != domain)
        };
        let word = domain.split('.').next().unwrap_or(domain);
        let is_told_apart = || name == format!("{word}-{local}") && elsewhere();
        if name == local || is_told_apart() {
            continue;
        }
        let span = group
            .name
            .as_ref()
            .map_or(group.email_id.span, |name| name.span);
        let message = match &group.name {
            Some(name) => format!("`{}` is called `{name}`", group.email_id),
            None => format!("`{}` has no name", group.email_id),
        };
        let finding = Diagnostic::new(&codes::GROUPS_NAME, span, message);
        let finding = finding.help(format!("write `name: {local}`, or correct the address"));
        draft.findings.push(about(finding, group));
    }
}

fn parts(email: &Email) -> Option<(&str, &str)> {
    email.as_str().rsplit_once('@')
}

fn restrict(group: &GoogleGroup, path: &str, rule: Option<&Rule>, draft: &mut Draft) {
    let Some(rule) = rule.filter(|rule| rule.forbids(group.email_id.as_str())) else {
        return;
    };
    let message = format!("{path} may not declare `{}`", group.email_id);
    let finding = Diagnostic::new(&codes::GROUPS_RESTRICTED, group.email_id.span, message)
        .related(rule.path.span, "this rule decides")
        .help("move the group to the file that may declare it, or allow it there");
    draft.findings.push(about(finding, group));
}

fn check(group: &GoogleGroup, draft: &mut Draft) {
    for (key, _) in &group.settings.entries {
        if SETTINGS.contains(&key.as_str()) {
            continue;
        }
        let message = format!("the reconciler ignores the setting `{key}`");
        let help = match base::nearest(key, SETTINGS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it knows: {}", SETTINGS.join(", ")),
        };
        let finding = Diagnostic::new(&codes::GROUPS_SETTING, key.span, message);
        draft.findings.push(about(finding.help(help), group));
    }
    if let Some(text) = &group.description {
        let length = text.chars().count();
        if length > LONGEST_DESCRIPTION {
            let message = format!(
                "the description of `{}` has {length} characters",
                group.email_id
            );
            let finding = Diagnostic::new(&codes::GROUPS_DESCRIPTION, text.span, message);
            let help = format!("shorten it to {LONGEST_DESCRIPTION}");
            draft.findings.push(about(finding.help(help), group));
        }
    }
    let roles = [
        ("owner", &group.owners),
        ("manager", &group.managers),
        ("member", &group.members),
    ];
    let mut seen: HashMap<String, (&str, &Spanned<Email>)> = HashMap::new();
    for (role, addresses) in roles {
        for address in addresses {
            let Some((first_role, first)) = seen.insert(address.mailbox(), (role, address)) else {
                continue;
            };
            let message = if first.value == address.value {
                format!("{address} is {first_role} and again {role}")
            } else {
                format!("{address} is {role} and, as {first}, {first_role}")
            };
            let finding = Diagnostic::new(&codes::GROUPS_ADDRESS_TWICE, address.span, message)
                .related(first.span, "first listed here")
                .help("keep the entry with the role that is meant");
            draft.findings.push(about(finding, group));
        }
    }
}

fn add(group: GoogleGroup, owner: Option<Ref<Group>>, draft: &mut Draft) {
    let span = group.email_id.span;
    let mut entries: Vec<(Spanned<String>, Spanned<String>)> = group
        .settings
        .entries
        .into_iter()
        .map(|(key, Setting(value))| (key, value))
        .collect();
    let says = |entries: &[(Spanned<String>, Spanned<String>)], key: &str, value: &str| {
        let mut entries = entries.iter();
        entries.any(|(said, what)| said.value == key && what.value == value)
    };
    let closed = says(&entries, "AllowExternalMembers", "false");
    let joined_freely = !says(&entries, RECONCILE_MEMBERS, "true");
    entries.retain(|(key, _)| key.value != RECONCILE_MEMBERS);
    for (key, value) in DEFAULTS {
        if !entries.iter().any(|(said, _)| said.value == key) {
            let spanned = |text: &str| Spanned::new(text.to_owned(), span);
            entries.push((spanned(key), spanned(value)));
        }
    }
    let name = group.email_id.as_str().to_lowercase();
    let value = MailingGroup {
        email: group.email_id,
        title: group.name.map(|name| name.value),
        description: group.description.map(|text| text.value),
        owner,
        closed,
        joined_freely,
        owners: group.owners,
        managers: group.managers,
        members: group.members,
        include: Vec::new(),
        settings: Map { entries },
    };
    draft
        .tables
        .mailing_groups
        .add(Item { name, span, value }, &mut draft.findings);
}

/// The folders in which a file of groups stands beside one of set-up or rules. If
/// there are none, the folder that holds all files of groups; other programs
/// have a `groups.yaml` too, so one is not enough beside a sure find.
fn detect(paths: &[String]) -> Vec<String> {
    let folders = |name: &str| -> BTreeSet<&str> {
        let named = paths
            .iter()
            .map(|path| split(path))
            .filter(|(_, file)| *file == name);
        named.map(|(folder, _)| folder).collect()
    };
    let groups = folders(GROUPS);
    let set_up = &folders(CONFIG) | &folders(RESTRICTIONS);
    let mut found: Vec<&str> = Vec::new();
    // In their order, a folder comes before those below it.
    for folder in &groups & &set_up {
        if !found.iter().any(|above| is_below(folder, above)) {
            found.push(folder);
        }
    }
    if found.is_empty() {
        found.extend(groups.iter().copied().reduce(|common, folder| {
            let above = std::iter::successors(Some(common), |above| {
                (!above.is_empty()).then(|| split(above).0)
            });
            above
                .into_iter()
                .find(|above| is_below(folder, above))
                .unwrap_or_default()
        }));
    }
    let shown = |folder: &str| if folder.is_empty() { "." } else { folder }.to_owned();
    found.into_iter().map(shown).collect()
}
