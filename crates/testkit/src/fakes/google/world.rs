//! What the stand-in holds: groups, who is in them, and how they are set up.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value, json};

use crate::fakes::serving::Answer;

/// Why something is not done, in Google's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) reason: &'static str,
    pub(super) message: String,
}

/// What a method gives; nothing where it gives no body.
pub(super) type Outcome = Result<Option<Value>, Refusal>;

impl Refusal {
    pub(super) fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
        }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, "notFound", format!("Resource Not Found: {what}"))
    }

    pub(super) fn invalid(what: &str) -> Self {
        Self::new(400, "invalid", format!("Invalid Input: {what}"))
    }

    /// As it goes over the wire.
    pub(super) fn answer(&self) -> Answer {
        let body = json!({"error": {
            "code": self.status,
            "message": self.message,
            "errors": [{"message": self.message, "domain": "global", "reason": self.reason}],
        }});
        Answer::json(self.status, &body)
    }
}

/// One customer of Google's.
#[derive(Debug)]
pub(super) struct World {
    pub(super) domains: Vec<String>,
    /// By id.
    pub(super) groups: BTreeMap<String, Group>,
    /// Accounts that are no more, each by [`account`].
    pub(super) vanished: BTreeSet<String>,
    /// How many requests about a new group, but for those that read or change itself, do not
    /// find it yet.
    pub(super) lag: u32,
    /// How many groups were ever made: a number is never given again.
    pub(super) made: u64,
    /// The number of each account that was ever in a group.
    ids: BTreeMap<String, String>,
}

/// A group.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) aliases: Vec<String>,
    pub(super) settings: Map<String, Value>,
    /// Each by [`account`].
    pub(super) members: BTreeMap<String, Member>,
    pub(super) lag: u32,
}

/// Somebody, or another group, in a group.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) role: String,
}

impl Member {
    /// All of the domain: the one member that has no address.
    pub(super) fn everybody() -> Self {
        Self {
            id: "C0stand1n".to_owned(),
            email: String::new(),
            role: "MEMBER".to_owned(),
        }
    }
}

/// The form in which two addresses of one account are equal: addresses have no case, and
/// Gmail's no dots.
pub(super) fn account(address: &str) -> String {
    let lower = address.to_lowercase();
    match lower.rsplit_once('@') {
        Some((local, domain @ ("gmail.com" | "googlemail.com"))) => {
            format!("{}@{domain}", local.replace('.', ""))
        }
        _ => lower,
    }
}

/// The same with an entity tag that changes with it.
pub(super) fn tagged(mut value: Value) -> Value {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    value["etag"] = Value::String(format!("\"{:016x}\"", hasher.finish()));
    value
}

impl World {
    pub(super) fn new(domain: &str) -> Self {
        Self {
            domains: vec![domain.to_owned()],
            groups: BTreeMap::new(),
            vanished: BTreeSet::new(),
            lag: 0,
            made: 0,
            ids: BTreeMap::new(),
        }
    }

    /// The id of a group, by its id, its address or another of its addresses.
    pub(super) fn group_id(&self, key: &str) -> Option<String> {
        let key = key.to_lowercase();
        let found = self
            .groups
            .values()
            .find(|group| group.id == key || group.email == key || group.aliases.contains(&key));
        found.map(|group| group.id.clone())
    }

    pub(super) fn group(&mut self, key: &str) -> Result<&mut Group, Refusal> {
        let id = self.group_id(key);
        id.and_then(|id| self.groups.get_mut(&id))
            .ok_or_else(|| Refusal::not_found("groupKey"))
    }

    /// A group, for what is kept elsewhere than the group: that may not know it yet.
    pub(super) fn settled(&mut self, key: &str) -> Result<&mut Group, Refusal> {
        let group = self.group(key)?;
        if group.lag == 0 {
            return Ok(group);
        }
        group.lag -= 1;
        Err(Refusal::not_found("groupKey"))
    }

    /// The id of an account or group.
    pub(super) fn id(&mut self, address: &str) -> String {
        if let Some(id) = self.group_id(address) {
            return id;
        }
        let next = 100_000_000_000_000_000_000 + self.ids.len() as u128;
        let id = self.ids.entry(account(address)).or_insert(next.to_string());
        id.clone()
    }

    /// The key in a group's list of members, of a member's id or address.
    pub(super) fn member_of(&self, group: &str, key: &str) -> Option<String> {
        let members = &self.groups.get(group)?.members;
        let wanted = account(key);
        if members.contains_key(&wanted) {
            return Some(wanted);
        }
        // A group in a group is found by any of its addresses.
        let id = self.group_id(key).unwrap_or_else(|| key.to_owned());
        let found = members.iter().find(|(_, member)| member.id == id);
        found.map(|(account, _)| account.clone())
    }

    pub(super) fn is_ours(&self, address: &str) -> bool {
        let domain = address
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_lowercase());
        domain.is_some_and(|domain| self.domains.contains(&domain))
    }

    /// Whether `inner` is in `outer`, or in a group that is.
    pub(super) fn reaches(&self, outer: &str, inner: &str) -> bool {
        let mut open = vec![outer.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == inner {
                return true;
            }
            if seen.insert(id.clone())
                && let Some(group) = self.groups.get(&id)
            {
                open.extend(group.members.values().map(|member| member.id.clone()));
            }
        }
        false
    }

    /// A group as the Directory tells it.
    pub(super) fn group_value(group: &Group) -> Value {
        let mut value = json!({
            "kind": "admin#directory#group",
            "id": group.id,
            "email": group.email,
            "name": group.name,
            "description": group.description,
            "directMembersCount": group.members.len().to_string(),
            "adminCreated": true,
        });
        if !group.aliases.is_empty() {
            value["aliases"] = json!(group.aliases);
        }
        tagged(value)
    }

    /// A member as the Directory tells them.
    pub(super) fn member_value(&self, member: &Member) -> Value {
        if member.email.is_empty() {
            let everybody = json!({
                "kind": "admin#directory#member",
                "id": member.id,
                "role": member.role,
                "type": "CUSTOMER",
            });
            return tagged(everybody);
        }
        let mut value = json!({
            "kind": "admin#directory#member",
            "id": member.id,
            "email": member.email,
            "role": member.role,
        });
        if self.groups.contains_key(&member.id) {
            value["type"] = "GROUP".into();
            value["status"] = "ACTIVE".into();
        } else if self.is_ours(&member.email) {
            value["type"] = "USER".into();
            value["status"] = "ACTIVE".into();
        } else {
            value["type"] = "EXTERNAL".into();
        }
        tagged(value)
    }
}
