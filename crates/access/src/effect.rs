//! What a change to who may do what does: judged by what somebody may do before and after it,
//! never by the file it stands in.

use std::collections::{HashMap, HashSet};

use charter::risk::{Breaks, Effect, Rollback};
use estate::{Addressee, Email, Estate, KindId};
use serde_json::Value;

use crate::desired::team_key;
use crate::domain::Part;
use crate::level::{self, Level};
use crate::{Key, Sort, State};

/// What judging needs to know beside the change.
#[derive(Debug)]
pub(crate) struct Around<'e> {
    estate: &'e Estate,
    part: Part<'e>,
    /// How the system is reached, or how much of it may change, is new too.
    governed_anew: bool,
    /// What is there before the change.
    current: &'e State,
    /// The items of teams, by their names in the organisation.
    teams: HashMap<String, &'e str>,
    /// Teams whose people may push where others may not.
    pushing: HashSet<String>,
}

impl<'e> Around<'e> {
    pub(crate) fn new(
        estate: &'e Estate,
        part: Part<'e>,
        governed_anew: bool,
        current: &'e State,
    ) -> Self {
        let mut teams = HashMap::new();
        if let Part::Organisation(organisation) = part {
            for team in estate.tables.teams.items() {
                let of = team.value.organisation.as_ref();
                if of.is_some_and(|of| of.name == organisation.name) {
                    teams.insert(team_key(&team.name, &team.value), team.name.as_str());
                }
            }
        }
        let branches = current.entries.iter();
        let branches = branches.filter(|(key, _)| key.sort == Sort::Branch);
        let pushing = branches.flat_map(|(_, entry)| {
            let teams = entry.value["push_teams"].as_array().into_iter().flatten();
            teams.filter_map(Value::as_str).map(str::to_lowercase)
        });
        Self {
            pushing: pushing.collect(),
            estate,
            part,
            governed_anew,
            current,
            teams,
        }
    }

    /// What people call the scope.
    fn name(&self) -> &'e str {
        match self.part {
            Part::Organisation(item) => &item.name,
            Part::MailDomain(name) | Part::Directory(name) => name,
        }
    }
}

/// Judges one change.
pub(crate) fn judge(
    around: &Around<'_>,
    key: &Key,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Effect {
    let is_object = |value: &Value| value.is_object();
    if !before.into_iter().chain(after).all(is_object) {
        let why = "its values are not those of its kind";
        return touching(around, key, Effect::unknown(why));
    }
    let mut effect = Effect::new(Breaks::No, Rollback::Easy);
    effect.only_adds = before.is_none();
    effect = match (level::of(key, before), level::of(key, after)) {
        (Some(before), Some(after)) => of_level(around, key, (before, after), effect),
        _ => of_thing(around, key, before, after, effect),
    };
    effect.governs |= around.governed_anew;
    touching(around, key, effect)
}

/// Somebody may do more, or less, than before.
fn of_level(
    around: &Around<'_>,
    key: &Key,
    (before, after): (Level, Level),
    mut effect: Effect,
) -> Effect {
    if after == Level::Unknown || before == Level::Unknown {
        return Effect::unknown("what it lets somebody do is not known");
    }
    if after > before {
        effect.grows_access = true;
        effect.gives_to = people(around, key);
        // Who may say who else may is one who decides.
        effect.governs = after == Level::Admin || reaches_administration(around, key);
        return effect;
    }
    if after == before {
        return effect;
    }
    effect.only_adds = false;
    if before == Level::Admin && is_last_admin(around, key) {
        let why = format!(
            "nobody is left who may do everything in {}",
            list(around, key)
        );
        effect = effect.breaking(Breaks::Likely, why);
    } else {
        let may = if after == Level::None {
            "may do nothing there any more"
        } else {
            "may do less there"
        };
        let who = match key.sort {
            Sort::TeamGrant => format!("the team {}", key.of),
            Sort::App => format!("the app {}", key.of),
            _ => key.name.clone(),
        };
        effect = effect.breaking(Breaks::May, format!("{who} {may}"));
    }
    if key.sort == Sort::Member && after == Level::None {
        let why = "who was removed has to be invited again, and to accept";
        effect = effect.undone(Rollback::Hard, why);
    }
    effect
}

/// Whether whoever is in a team may do everything somewhere, or push where others may not.
fn reaches_administration(around: &Around<'_>, key: &Key) -> bool {
    if key.sort != Sort::TeamMember {
        return false;
    }
    let mut granted = around.current.within(Sort::TeamGrant, &key.of);
    let administers = granted.any(|(_, entry)| entry.value["permission"] == "admin");
    administers || around.pushing.contains(&key.of)
}

fn is_last_admin(around: &Around<'_>, key: &Key) -> bool {
    let all = around.current.within(key.sort, &key.of);
    let admins =
        all.filter(|(other, entry)| level::of(other, Some(&entry.value)) == Some(Level::Admin));
    admins.take(2).count() < 2
}

fn list(around: &Around<'_>, key: &Key) -> String {
    match key.container() {
        Some(container) => container.to_string(),
        None => around.name().to_owned(),
    }
}

/// Who is given more, as far as the estate knows them.
fn people(around: &Around<'_>, key: &Key) -> Vec<String> {
    let person = |name: &str| {
        around
            .estate
            .tables
            .people
            .get(name)
            .map(|one| one.name.clone())
    };
    match key.sort {
        Sort::Member | Sort::TeamMember | Sort::Collaborator | Sort::DirectoryMember => {
            person(&key.name).into_iter().collect()
        }
        Sort::MailingMember => {
            let address = Email::new(&key.name);
            match address.and_then(|address| around.estate.address_book.whose(&address)) {
                Some(Addressee::Person(name)) => vec![name.to_owned()],
                _ => Vec::new(),
            }
        }
        Sort::TeamGrant => {
            let members = around.current.within(Sort::TeamMember, &key.of);
            members
                .filter_map(|(member, _)| person(&member.name))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A thing comes, goes or is set up otherwise.
fn of_thing(
    around: &Around<'_>,
    key: &Key,
    before: Option<&Value>,
    after: Option<&Value>,
    effect: Effect,
) -> Effect {
    match (key.sort, before, after) {
        (Sort::Team, Some(_), None) => {
            let count = around.current.within(Sort::TeamGrant, &key.name).count();
            let what = base::counted(count, "repository", "repositories");
            effect
                .breaking(
                    Breaks::May,
                    format!("what it may do with {what} goes with it"),
                )
                .undone(Rollback::Hard, "who was in it has to be put there again")
        }
        (Sort::MailingGroup, Some(_), None) => effect
            .breaking(Breaks::Likely, "mail to its address comes back")
            .undone(Rollback::Impossible, "its archive goes with it"),
        (Sort::Person, Some(_), None) => effect.undone(
            Rollback::Hard,
            "passwords and what else the directory keeps of them goes too",
        ),
        (Sort::DirectoryGroup, Some(_), None) => effect.breaking(
            Breaks::May,
            "whatever asks the directory for it lets nobody in",
        ),
        (Sort::Branch, Some(_), None) => governing(effect),
        (Sort::Branch, Some(before), Some(after)) => branch(before, after, effect),
        (Sort::Repository, before, Some(after)) => repository(before, after, effect),
        (Sort::Settings, Some(before), Some(after)) => settings(before, after, effect),
        (Sort::MailingSettings, Some(before), Some(after)) => {
            let names = changed(before, after);
            effect.breaking(
                Breaks::May,
                format!("who may join, post or read changes: {names}"),
            )
        }
        (_, Some(_), Some(_)) => {
            if before.map(|value| &value["name"]) == after.map(|value| &value["name"]) {
                return effect;
            }
            effect.breaking(Breaks::May, "whatever names it has to be changed")
        }
        _ => effect,
    }
}

fn governing(mut effect: Effect) -> Effect {
    effect.governs = true;
    effect
}

fn branch(before: &Value, after: &Value, effect: Effect) -> Effect {
    let count = |value: &Value| value["required_approvals"].as_u64().unwrap_or_default();
    let is = |value: &Value, key: &str| value[key].as_bool().unwrap_or_default();
    let lost = |key: &str| is(before, key) && !is(after, key);
    let gained = |key: &str| !is(before, key) && is(after, key);
    let same = |key: &str| before[key] == after[key];
    let weaker = count(after) < count(before)
        || lost("binds_admins")
        || lost("dismiss_stale_approvals")
        || gained("allow_force_pushes")
        || gained("allow_deletions")
        || !same("push_teams")
        || !same("push_people")
        || !same("required_checks");
    if weaker { governing(effect) } else { effect }
}

fn repository(before: Option<&Value>, after: &Value, effect: Effect) -> Effect {
    let was = |key: &str| before.map(|before| &before[key]);
    let shown = |value: Option<&Value>| value.is_some_and(|value| value == "public");
    let mut effect = effect;
    if before.is_some() && shown(Some(&after["visibility"])) && !shown(was("visibility")) {
        effect = effect.undone(
            Rollback::Impossible,
            "what was shown cannot be hidden again",
        );
    }
    if before.is_some() && after["archived"] == true && was("archived") != Some(&Value::Bool(true))
    {
        effect = effect.breaking(Breaks::Likely, "nobody can push to it any more");
    }
    if before.is_some() && was("name") != Some(&after["name"]) {
        effect = effect.breaking(
            Breaks::May,
            "clones, links and jobs that name it follow a redirect",
        );
    }
    if before.is_some() && was("default_branch") != Some(&after["default_branch"]) {
        effect = effect.breaking(
            Breaks::May,
            "what builds or merges to its default branch changes",
        );
    }
    effect
}

fn settings(before: &Value, after: &Value, mut effect: Effect) -> Effect {
    const PERMISSION: &str = "default_repository_permission";
    const CREATE: &str = "members_can_create_repositories";
    if before[PERMISSION] != after[PERMISSION] {
        effect = governing(effect).breaking(
            Breaks::May,
            "what every member may do to every repository changes",
        );
        effect.grows_access = true;
    }
    if before[CREATE] != after[CREATE] && after[CREATE] == true {
        effect.grows_access = true;
    }
    effect
}

/// The keys that differ.
fn changed(before: &Value, after: &Value) -> String {
    let keys = after.as_object().into_iter().flatten();
    let keys = keys.filter(|(key, value)| before[key.as_str()] != **value);
    keys.map(|(key, _)| key.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The items of the estate that a change is made to.
fn touching(around: &Around<'_>, key: &Key, effect: Effect) -> Effect {
    let of_team = |name: &str| {
        let known = around.teams.get(name);
        known.map(|name| (KindId::Team, (*name).to_owned()))
    };
    let of_mailing = |address: &str| {
        let address = Email::new(address)?;
        match around.estate.address_book.whose(&address) {
            Some(Addressee::MailingGroup(name)) => Some((KindId::MailingGroup, name.to_owned())),
            _ => None,
        }
    };
    let item = match key.sort {
        Sort::Team => of_team(&key.name),
        Sort::TeamMember | Sort::TeamGrant => of_team(&key.of),
        Sort::MailingGroup => of_mailing(&key.name),
        Sort::MailingSettings | Sort::MailingMember => of_mailing(&key.of),
        Sort::Settings
        | Sort::Repository
        | Sort::Member
        | Sort::Collaborator
        | Sort::Branch
        | Sort::App => Some((KindId::Organisation, around.name().to_owned())),
        Sort::Person | Sort::DirectoryGroup | Sort::DirectoryMember => None,
    };
    match item {
        Some((kind, name)) => effect.touching(kind, name),
        None => effect,
    }
}
