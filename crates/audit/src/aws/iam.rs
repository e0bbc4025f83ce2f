//! Users, groups, roles, policies and keys.

use std::collections::BTreeMap;

use http_client::aws::xml;
use roxmltree::Node;
use serde_json::{Map, Value};

use super::ask::{Asker, Question, Starts};
use super::policy;
use crate::{Failed, secret};

/// What is said of the whole account.
pub(super) const ACCOUNT: &str = "account/";
const VERSION: (&str, &str) = ("Version", "2010-05-08");
/// What is listed: the service's own policies are not, which are the same for everybody.
const LISTED: [(&str, &str); 4] = [
    ("Filter.member.1", "Group"),
    ("Filter.member.2", "LocalManagedPolicy"),
    ("Filter.member.3", "Role"),
    ("Filter.member.4", "User"),
];
/// Counts of the account by which it is told whether a list is whole, and what is counted.
const COUNTS: [(&str, &str); 4] = [
    ("Groups", "group/"),
    ("Policies", "policy/"),
    ("Roles", "role/"),
    ("Users", "user/"),
];
/// What is said of the account itself, each a `0` or a `1`.
const ROOT: [&str; 4] = [
    "AccountAccessKeysPresent",
    "AccountMFAEnabled",
    "AccountPasswordPresent",
    "AccountSigningCertificatesPresent",
];

/// What one page of identities holds, and where the next starts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// By their names: `user/ada`.
    pub things: Vec<(String, Value)>,
    /// Where the next page starts.
    pub next: Option<String>,
}

/// All identities of an account.
pub(super) fn collect(asker: &Asker) -> Result<BTreeMap<String, Value>, Failed> {
    let ask = [
        ("Action", "GetAccountAuthorizationDetails"),
        ("MaxItems", "1000"),
        VERSION,
    ];
    let ask: Vec<(&str, &str)> = ask.into_iter().chain(LISTED).collect();
    let mut things = BTreeMap::new();
    for (name, value) in pages(asker, &ask, page)? {
        if things.insert(name.clone(), value).is_some() {
            return Err(Failed::untrusted(format!("it lists {name} twice")));
        }
    }
    let users: Vec<String> = things
        .keys()
        .filter_map(|name| name.strip_prefix("user/").map(str::to_owned))
        .collect();
    for user in users {
        let ask = [
            ("Action", "ListAccessKeys"),
            ("UserName", user.as_str()),
            VERSION,
        ];
        let found = pages(asker, &ask, keys).map_err(|failed| {
            let what = format!("keys of {user}: {failed}");
            Failed { what, ..failed }
        })?;
        let thing = things.get_mut(&format!("user/{user}"));
        if let Some(fields) = thing.and_then(Value::as_object_mut) {
            fields.insert(
                "access_keys".to_owned(),
                Value::Object(found.into_iter().collect()),
            );
        }
    }
    let ask = [("Action", "GetAccountSummary"), VERSION];
    let counts = summary(&asker.get(Question::new("/", &ask))?).map_err(Failed::untrusted)?;
    is_whole(&things, &counts)?;
    let root = ROOT
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), Value::from(*counts.get(*name)?))));
    things.insert(format!("{ACCOUNT}root"), Value::Object(root.collect()));
    Ok(things)
}

/// That no list is shorter than the account counts: a page that was cut off says nothing of it.
fn is_whole(
    things: &BTreeMap<String, Value>,
    counts: &BTreeMap<String, u64>,
) -> Result<(), Failed> {
    for (count, start) in COUNTS {
        let listed = things.keys().filter(|name| name.starts_with(start)).count();
        let counted = counts.get(count).copied().unwrap_or_default();
        if (listed as u64) < counted {
            let what = format!(
                "it counts {counted} {} and lists {listed}",
                count.to_lowercase()
            );
            return Err(Failed::untrusted(what));
        }
    }
    Ok(())
}

/// All pages of a list.
fn pages(
    asker: &Asker,
    ask: &[(&str, &str)],
    read: fn(&str) -> Result<Page, String>,
) -> Result<Vec<(String, Value)>, Failed> {
    let (mut all, mut starts) = (Vec::new(), Starts::default());
    let mut next: Option<String> = None;
    loop {
        let mut query = ask.to_vec();
        query.extend(next.as_deref().map(|next| ("Marker", next)));
        let answer = asker.get(Question::new("/", &query))?;
        let page = read(&answer).map_err(Failed::untrusted)?;
        all.extend(page.things);
        let Some(start) = page.next else {
            return Ok(all);
        };
        starts.come_to(start.clone())?;
        next = Some(start);
    }
}

/// The element that holds what was asked for, and where the next page starts.
fn result<'a, 'input>(root: Node<'a, 'input>, action: &str) -> Result<Node<'a, 'input>, String> {
    xml::child(root, &format!("{action}Result"))
        .ok_or_else(|| format!("it does not answer {action}"))
}

fn next(result: Node<'_, '_>) -> Result<Option<String>, String> {
    match xml::text(result, "IsTruncated") {
        Some("false") => Ok(None),
        Some("true") => {
            let marker = xml::text(result, "Marker").filter(|marker| !marker.is_empty());
            let marker = marker.ok_or("it does not say where it goes on")?;
            Ok(Some(marker.to_owned()))
        }
        _ => Err("it does not say whether the page is the last".to_owned()),
    }
}

/// The members of a list; it has to be there, also where it is empty.
fn members<'a, 'input>(
    node: Node<'a, 'input>,
    list: &str,
) -> Result<impl Iterator<Item = Node<'a, 'input>> + use<'a, 'input>, String> {
    let list = xml::child(node, list).ok_or_else(|| format!("it has no {list}"))?;
    Ok(list.children().filter(Node::is_element))
}

/// The same, where it may be left out.
fn perhaps<'a, 'input>(
    node: Node<'a, 'input>,
    list: &str,
) -> impl Iterator<Item = Node<'a, 'input>> + use<'a, 'input> {
    let list = xml::child(node, list).into_iter();
    list.flat_map(|list| list.children().filter(Node::is_element))
}

/// One page of identities.
///
/// # Errors
/// It is none, or cut short.
pub fn page(text: &str) -> Result<Page, String> {
    let document = xml::document(text)?;
    let result = result(document.root_element(), "GetAccountAuthorizationDetails")?;
    let mut things = Vec::new();
    for (list, kind, name) in [
        ("UserDetailList", "user", "UserName"),
        ("GroupDetailList", "group", "GroupName"),
        ("RoleDetailList", "role", "RoleName"),
    ] {
        for member in members(result, list)? {
            let called = xml::text(member, name).ok_or_else(|| format!("a {kind} has no name"))?;
            let thing = identity(member).map_err(|what| format!("{kind} {called}: {what}"))?;
            things.push((format!("{kind}/{called}"), thing));
        }
    }
    for member in members(result, "Policies")? {
        let arn = xml::text(member, "Arn").ok_or("a policy has no name")?;
        let called = arn.rsplit('/').next().unwrap_or(arn);
        let thing = managed(member).map_err(|what| format!("policy {called}: {what}"))?;
        things.push((format!("policy/{called}"), thing));
    }
    Ok(Page {
        things,
        next: next(result)?,
    })
}

/// A user, a group or a role.
fn identity(node: Node<'_, '_>) -> Result<Value, String> {
    let mut value = plain(node);
    for id in ["UserId", "GroupId", "RoleId"] {
        // A name that was given anew stands for somebody else.
        if let Some(id) = xml::text(node, id) {
            value.insert("id".to_owned(), Value::from(id));
        }
    }
    let groups = perhaps(node, "GroupList").filter_map(|group| group.text());
    value.insert("groups".to_owned(), groups.map(Value::from).collect());
    let attached = perhaps(node, "AttachedManagedPolicies");
    let attached =
        attached.map(|policy| xml::text(policy, "PolicyArn").ok_or("a policy has no name"));
    let attached = attached
        .map(|arn| arn.map(Value::from))
        .collect::<Result<Vec<_>, _>>()?;
    value.insert("attached_policies".to_owned(), Value::from(attached));
    let mut inline = Map::new();
    for list in ["UserPolicyList", "GroupPolicyList", "RolePolicyList"] {
        for one in perhaps(node, list) {
            let name = xml::text(one, "PolicyName").ok_or("a policy has no name")?;
            let text = xml::text(one, "PolicyDocument").ok_or("a policy has no document")?;
            inline.insert(name.to_owned(), policy::document(text)?);
        }
    }
    value.insert("inline_policies".to_owned(), Value::Object(inline));
    if let Some(text) = xml::text(node, "AssumeRolePolicyDocument") {
        value.insert("trust_policy".to_owned(), policy::document(text)?);
    }
    let boundary = xml::child(node, "PermissionsBoundary");
    if let Some(arn) = boundary.and_then(|boundary| xml::text(boundary, "PermissionsBoundaryArn")) {
        value.insert("permissions_boundary".to_owned(), Value::from(arn));
    }
    Ok(Value::Object(value))
}

/// A policy of the account's own: the version that holds.
fn managed(node: Node<'_, '_>) -> Result<Value, String> {
    let mut value = plain(node);
    let holds = xml::text(node, "DefaultVersionId").ok_or("it does not say which version holds")?;
    let mut versions = perhaps(node, "PolicyVersionList");
    let version = versions.find(|version| xml::text(*version, "VersionId") == Some(holds));
    let text = version.and_then(|version| xml::text(version, "Document"));
    let text = text.ok_or_else(|| format!("its version {holds} is not listed"))?;
    value.insert("document".to_owned(), policy::document(text)?);
    value.insert("version".to_owned(), Value::from(holds));
    Ok(Value::Object(value))
}

/// What all of them have.
fn plain(node: Node<'_, '_>) -> Map<String, Value> {
    let mut value = Map::new();
    for (key, name) in [("path", "Path"), ("created", "CreateDate")] {
        if let Some(text) = xml::text(node, name) {
            value.insert(key.to_owned(), Value::from(text));
        }
    }
    let tags = perhaps(node, "Tags").filter_map(|tag| {
        let key = xml::text(tag, "Key")?;
        let text = xml::text(tag, "Value").unwrap_or("");
        Some((key.to_owned(), secret::hidden(key, text)))
    });
    let tags: Map<String, Value> = tags.collect();
    if !tags.is_empty() {
        value.insert("tags".to_owned(), Value::Object(tags));
    }
    value
}

/// One page of the keys of a user, by their ids; how old they are shows when they are due.
///
/// # Errors
/// It is none, or cut short.
pub fn keys(text: &str) -> Result<Page, String> {
    let document = xml::document(text)?;
    let result = result(document.root_element(), "ListAccessKeys")?;
    let things = members(result, "AccessKeyMetadata")?.map(|key| {
        let id = xml::text(key, "AccessKeyId").ok_or("a key has no id")?;
        let mut value = Map::new();
        for (field, name) in [("created", "CreateDate"), ("status", "Status")] {
            if let Some(text) = xml::text(key, name) {
                value.insert(field.to_owned(), Value::from(text));
            }
        }
        Ok((id.to_owned(), Value::Object(value)))
    });
    Ok(Page {
        things: things.collect::<Result<_, String>>()?,
        // A user has two keys at most, so that some do not even say that there are no more.
        next: match xml::child(result, "IsTruncated") {
            Some(_) => next(result)?,
            None => None,
        },
    })
}

/// The counts of an account.
///
/// # Errors
/// The answer is something else, or cut short.
pub fn summary(text: &str) -> Result<BTreeMap<String, u64>, String> {
    let document = xml::document(text)?;
    let result = result(document.root_element(), "GetAccountSummary")?;
    let counts = members(result, "SummaryMap")?.map(|entry| {
        let key = xml::text(entry, "key").ok_or("a count has no name")?;
        let count = xml::text(entry, "value").and_then(|count| count.trim().parse().ok());
        let count = count.ok_or_else(|| format!("`{}` is not counted", key.escape_debug()))?;
        Ok((key.to_owned(), count))
    });
    counts.collect()
}
