//! Groups and their members, as the Directory API has them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::discovery::Call;
use super::settings;
use super::world::{Group, Member, Outcome, Refusal, World, account, tagged};

/// The roles that Google's guide to group members knows.
const ROLES: [&str; 3] = ["OWNER", "MANAGER", "MEMBER"];
/// How many entries of a list come at once where nothing is said.
const PAGE: usize = 200;

/// Does what the Directory is asked for.
pub(super) fn answer(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = |name: &str| call.path.get(name).map_or("", String::as_str);
    let (group, member) = (key("groupKey"), key("memberKey"));
    match call.method.name.as_str() {
        "groups.list" => list_groups(world, call),
        "groups.get" => world
            .group(group)
            .map(|group| Some(World::group_value(group))),
        "groups.insert" => insert_group(world, &call.body),
        "groups.patch" | "groups.update" => change_group(world, group, &call.body),
        "groups.delete" => delete_group(world, group),
        "members.list" => list_members(world, group, call),
        "members.get" => {
            let (group, member) = find_member(world, group, member)?;
            let found = &world.groups[&group].members[&member];
            Ok(Some(world.member_value(found)))
        }
        "members.hasMember" => has_member(world, group, member),
        "members.insert" => insert_member(world, group, &call.body),
        "members.patch" | "members.update" => change_member(world, group, member, &call.body),
        "members.delete" => {
            let (group, member) = find_member(world, group, member)?;
            let members = world.groups.get_mut(&group).map(|group| &mut group.members);
            members.and_then(|members| members.remove(&member));
            Ok(None)
        }
        other => Err(Refusal::new(
            501,
            "notImplemented",
            format!("{other} is not stood in for"),
        )),
    }
}

fn text<'b>(body: &'b Map<String, Value>, field: &str) -> Option<&'b str> {
    body.get(field).and_then(Value::as_str)
}

fn list_groups(world: &World, call: &Call<'_>) -> Outcome {
    let asked = |name: &str| call.query.get(name).map(String::as_str);
    if asked("query").is_some() {
        return Err(Refusal::new(
            501,
            "notImplemented",
            "searches are not stood in for",
        ));
    }
    let domain = asked("domain").map(str::to_lowercase);
    match (asked("customer"), &domain, asked("userKey")) {
        (None, Some(domain), _) if !world.domains.contains(domain) => {
            return Err(Refusal::new(404, "notFound", "Domain not found."));
        }
        (Some("my_customer"), None, None) | (None, Some(_), _) | (None, None, Some(_)) => {}
        _ => return Err(Refusal::new(400, "badRequest", "Bad Request")),
    }
    let user = asked("userKey").map(account);
    let found = world.groups.values().filter(|group| {
        let within = domain.as_deref().is_none_or(|domain| {
            group
                .email
                .rsplit_once('@')
                .is_some_and(|(_, of)| of == domain)
        });
        within
            && user
                .as_ref()
                .is_none_or(|user| group.members.contains_key(user))
    });
    let mut all: Vec<(String, Value)> = found
        .map(|group| (group.email.clone(), World::group_value(group)))
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    if asked("sortOrder") == Some("DESCENDING") && asked("orderBy").is_some() {
        all.reverse();
    }
    page(call, "groups", &all)
}

pub(super) fn insert_group(world: &mut World, body: &Map<String, Value>) -> Outcome {
    let email = text(body, "email").unwrap_or_default().to_lowercase();
    let local = email.rsplit_once('@').map_or("", |(local, _)| local);
    if local.is_empty() || local.contains(char::is_whitespace) {
        return Err(Refusal::invalid("email"));
    }
    if !world.is_ours(&email) {
        return Err(Refusal::new(404, "notFound", "Domain not found."));
    }
    if world.group_id(&email).is_some() {
        return Err(Refusal::new(409, "duplicate", "Entity already exists."));
    }
    world.made += 1;
    let id = format!("{:015x}", 0x0100_0000_0000 + world.made);
    let group = Group {
        id: id.clone(),
        email,
        name: text(body, "name").unwrap_or_default().to_owned(),
        description: text(body, "description").unwrap_or_default().to_owned(),
        settings: settings::of_a_new_group(),
        lag: world.lag,
        ..Group::default()
    };
    let value = World::group_value(&group);
    world.groups.insert(id, group);
    Ok(Some(value))
}

fn change_group(world: &mut World, key: &str, body: &Map<String, Value>) -> Outcome {
    let id = world.group(key)?.id.clone();
    if let Some(email) = text(body, "email").map(str::to_lowercase) {
        match world.group_id(&email) {
            Some(other) if other != id => {
                return Err(Refusal::new(409, "duplicate", "Entity already exists."));
            }
            Some(_) => {}
            None if world.is_ours(&email) => {
                // The address that it had goes on to reach it.
                let group = world.group(&id)?;
                let before = std::mem::replace(&mut group.email, email);
                group.aliases.push(before);
            }
            None => return Err(Refusal::new(404, "notFound", "Domain not found.")),
        }
    }
    let group = world.group(&id)?;
    if let Some(name) = text(body, "name") {
        name.clone_into(&mut group.name);
    }
    if let Some(description) = text(body, "description") {
        description.clone_into(&mut group.description);
    }
    Ok(Some(World::group_value(group)))
}

fn delete_group(world: &mut World, key: &str) -> Outcome {
    let id = world.group(key)?.id.clone();
    world.groups.remove(&id);
    for group in world.groups.values_mut() {
        group.members.retain(|_, member| member.id != id);
    }
    Ok(None)
}

/// The id of the group, and the key of the member in it.
fn find_member(world: &mut World, group: &str, member: &str) -> Result<(String, String), Refusal> {
    let id = world.settled(group)?.id.clone();
    let found = world.member_of(&id, member);
    let found = found.ok_or_else(|| Refusal::not_found("memberKey"))?;
    Ok((id, found))
}

fn list_members(world: &mut World, key: &str, call: &Call<'_>) -> Outcome {
    let id = world.settled(key)?.id.clone();
    let roles: Option<Vec<&str>> = call
        .query
        .get("roles")
        .map(|roles| roles.split(',').collect());
    if roles.iter().flatten().any(|role| !ROLES.contains(role)) {
        return Err(Refusal::invalid("roles"));
    }
    let derived = call
        .query
        .get("includeDerivedMembership")
        .is_some_and(|asked| asked == "true");
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    let mut open = vec![id];
    while let Some(group) = open.pop().and_then(|id| world.groups.get(&id)) {
        for (account, member) in &group.members {
            let wanted = roles
                .as_ref()
                .is_none_or(|roles| roles.contains(&member.role.as_str()));
            let new = !found.contains_key(account);
            if new && wanted {
                found.insert(account.clone(), world.member_value(member));
            }
            if new && derived && world.groups.contains_key(&member.id) {
                open.push(member.id.clone());
            }
        }
    }
    page(call, "members", &Vec::from_iter(found))
}

fn has_member(world: &mut World, group: &str, member: &str) -> Outcome {
    // What is asked about an account of another domain is never told.
    if member.contains('@') && !world.is_ours(member) {
        return Err(Refusal::invalid("memberKey"));
    }
    let id = world.settled(group)?.id.clone();
    let member = world.id(member);
    let found = id != member && world.reaches(&id, &member);
    Ok(Some(json!({"isMember": found})))
}

pub(super) fn insert_member(world: &mut World, key: &str, body: &Map<String, Value>) -> Outcome {
    let group = world.settled(key)?.id.clone();
    let Some(email) = text(body, "email") else {
        return Err(Refusal::new(
            400,
            "required",
            "Missing required field: memberKey",
        ));
    };
    let role = role(body)?.unwrap_or("MEMBER").to_owned();
    if !email.contains('@') {
        return Err(Refusal::invalid("memberKey"));
    }
    let account = account(email);
    let member_group = world.group_id(email);
    if world.vanished.contains(&account) {
        return Err(Refusal::not_found("memberKey"));
    }
    if world.member_of(&group, email).is_some() {
        return Err(Refusal::new(409, "duplicate", "Member already exists."));
    }
    if let Some(inner) = &member_group {
        owned_by_people(&role)?;
        if world.reaches(inner, &group) {
            let what = "Cyclic memberships not allowed.";
            return Err(Refusal::new(412, "conditionNotMet", what));
        }
    }
    let member = Member {
        id: world.id(email),
        email: email.to_lowercase(),
        role,
    };
    let value = world.member_value(&member);
    world.group(&group)?.members.insert(account, member);
    Ok(Some(value))
}

fn change_member(
    world: &mut World,
    group: &str,
    member: &str,
    body: &Map<String, Value>,
) -> Outcome {
    let (group, found) = find_member(world, group, member)?;
    let role = role(body)?.map(str::to_owned);
    let is_group = world
        .groups
        .contains_key(&world.groups[&group].members[&found].id);
    if let Some(role) = &role
        && is_group
    {
        owned_by_people(role)?;
    }
    if text(body, "email").is_some_and(|email| account(email) != found) {
        return Err(Refusal::invalid("email"));
    }
    let member = world.group(&group)?.members.get_mut(&found);
    let member = member.ok_or_else(|| Refusal::not_found("memberKey"))?;
    if let Some(role) = role {
        member.role = role;
    }
    let member = member.clone();
    Ok(Some(world.member_value(&member)))
}

fn role(body: &Map<String, Value>) -> Result<Option<&str>, Refusal> {
    let role = text(body, "role");
    if role.is_some_and(|role| !ROLES.contains(&role)) {
        return Err(Refusal::invalid("role"));
    }
    Ok(role)
}

/// A group cannot own a group.
fn owned_by_people(role: &str) -> Result<(), Refusal> {
    if role == "OWNER" {
        return Err(Refusal::invalid("memberKey"));
    }
    Ok(())
}

/// One page of a list that is in its order.
fn page(call: &Call<'_>, field: &str, all: &[(String, Value)]) -> Outcome {
    let start = match call.query.get("pageToken") {
        None => 0,
        Some(token) => {
            let last = last_of(call, token).ok_or_else(|| Refusal::invalid("pageToken"))?;
            // What was the last may be gone meanwhile, so it is its place that counts.
            let falling = call
                .query
                .get("sortOrder")
                .is_some_and(|order| order == "DESCENDING");
            let passed = |key: &String| *key == last || (*key > last) == falling;
            if last.is_empty() {
                0
            } else {
                all.partition_point(|(key, _)| passed(key))
            }
        }
    };
    let most = call
        .query
        .get("maxResults")
        .and_then(|most| most.parse().ok());
    let end = all.len().min(start + most.unwrap_or(PAGE));
    let mut body = json!({"kind": format!("admin#directory#{field}")});
    if start < end {
        body[field] = all[start..end]
            .iter()
            .map(|(_, value)| value.clone())
            .collect();
    }
    if end < all.len() {
        body["nextPageToken"] = token_after(call, &all[end - 1].0).into();
    }
    Ok(Some(tagged(body)))
}

/// What a page token is good for: this list and no other.
fn list_of(call: &Call<'_>) -> String {
    let said = call.query.iter();
    let said = said.filter(|(name, _)| !matches!(name.as_str(), "pageToken" | "maxResults"));
    let said: Vec<_> = said.collect();
    format!("{} {:?} {said:?}", call.method.name, call.path)
}

/// The token of the page behind this entry; behind an empty one all begins.
pub(super) fn token_after(call: &Call<'_>, last: &str) -> String {
    let token = format!("{}\n{last}", list_of(call));
    token.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn last_of(call: &Call<'_>, token: &str) -> Option<String> {
    let bytes = (0..token.len()).step_by(2);
    let bytes: Option<Vec<u8>> = bytes
        .map(|at| u8::from_str_radix(token.get(at..at + 2)?, 16).ok())
        .collect();
    let text = String::from_utf8(bytes?).ok()?;
    let (list, last) = text.rsplit_once('\n')?;
    (list == list_of(call)).then(|| last.to_owned())
}
