//! What takes a scope to what its files say.

use std::collections::BTreeSet;

use change::{Action, Change, Difference, Kept, Origin};
use charter::risk::{Breaks, Effect, Rollback};
use estate::kinds::AccessSystem;
use serde_json::Value;

use crate::{Key, Sort, State, level};

/// The changes that take `current` to `desired`, and what stays undeclared. Their effects are
/// not judged yet. `before` is what the files said at the base: what they never said is foreign.
pub(crate) fn diff(
    system: &AccessSystem,
    owner: Option<&str>,
    current: &State,
    desired: &State,
    before: Option<&State>,
) -> Difference {
    let mut difference = Difference::default();
    for (key, entry) in &current.entries {
        let wanted = desired.value(key);
        if wanted == Some(&entry.value) {
            continue;
        }
        let fate = match wanted {
            Some(wanted) => fate_of_other(system, key, &entry.value, wanted),
            None => fate_of_undeclared(system, key, current, desired, before),
        };
        match fate {
            Fate::Changes => difference.changes.push(change(
                key,
                Some(&entry.value),
                wanted,
                (desired, before, owner),
            )),
            Fate::Stays(why) => difference.kept.push(Kept {
                resource: key.to_string(),
                why: why.to_owned(),
            }),
            Fate::IsNoneOfOurs => {}
        }
    }
    for (key, entry) in &desired.entries {
        if current.value(key).is_none() && !current.left_alone.contains_key(key) {
            let new = change(key, None, Some(&entry.value), (desired, before, owner));
            difference.changes.push(new);
        }
    }
    for note in &current.notes {
        difference.kept.push(Kept {
            resource: "to know".to_owned(),
            why: note.clone(),
        });
    }
    for (key, why) in &current.left_alone {
        difference.kept.push(Kept {
            resource: key.to_string(),
            why: why.clone(),
        });
    }
    difference
        .changes
        .sort_by(|a, b| (a.action, &a.resource).cmp(&(b.action, &b.resource)));
    difference
}

enum Fate {
    Changes,
    Stays(&'static str),
    /// It goes with what it is in, or people may come and go there.
    IsNoneOfOurs,
}

/// Why nothing is taken away yet.
const ADDITIVE: &str = "its system is being adopted: there only more is given, as `additive` says";

fn fate_of_other(system: &AccessSystem, key: &Key, is: &Value, wanted: &Value) -> Fate {
    let is = level::of(key, Some(is));
    let falls = is.is_some() && is > level::of(key, Some(wanted));
    if falls && system.additive.contains(&key.sort.part()) {
        return Fate::Stays(ADDITIVE);
    }
    Fate::Changes
}

fn fate_of_undeclared(
    system: &AccessSystem,
    key: &Key,
    current: &State,
    desired: &State,
    before: Option<&State>,
) -> Fate {
    let was_declared = before.is_some_and(|before| before.entries.contains_key(key));
    if let Some(container) = key.container()
        && !desired.entries.contains_key(&container)
    {
        return Fate::IsNoneOfOurs;
    }
    if system.additive.contains(&key.sort.part()) {
        return Fate::Stays(ADDITIVE);
    }
    match key.sort {
        Sort::Team if was_declared && holds_foreign_teams(key, current, desired, before) => {
            Fate::Stays("a team that no file declares is below it, and would go with it")
        }
        Sort::Repository if was_declared => {
            Fate::Stays("repositories are not deleted; declare it again, `archived: true`")
        }
        // What is whole by itself, and was made by others, is adopted first.
        Sort::Repository
        | Sort::Team
        | Sort::MailingGroup
        | Sort::DirectoryGroup
        | Sort::Person
        | Sort::App
        | Sort::Branch
            if !was_declared =>
        {
            Fate::Stays("no file declares it, and none did before")
        }
        Sort::Settings | Sort::MailingSettings => Fate::IsNoneOfOurs,
        Sort::MailingMember if joins_freely(key, current, desired) && !was_declared => {
            Fate::IsNoneOfOurs
        }
        _ => Fate::Changes,
    }
}

/// Whether a team that is none of ours lies below one that would go. A forge deletes both.
fn holds_foreign_teams(
    key: &Key,
    current: &State,
    desired: &State,
    before: Option<&State>,
) -> bool {
    let mut above = BTreeSet::from([key.name.as_str()]);
    let teams = || {
        current
            .entries
            .iter()
            .filter(|(key, _)| key.sort == Sort::Team)
    };
    loop {
        let known = above.len();
        for (team, entry) in teams() {
            let parent = entry.value["parent"].as_str().unwrap_or_default();
            if above.contains(parent.to_lowercase().as_str()) && !desired.entries.contains_key(team)
            {
                let ours = before.is_some_and(|before| before.entries.contains_key(team));
                if !ours {
                    return true;
                }
                above.insert(&team.name);
            }
        }
        if above.len() == known {
            return false;
        }
    }
}

/// Whether somebody just receives in a mailing group that people join by themselves.
fn joins_freely(key: &Key, current: &State, desired: &State) -> bool {
    let receives = current
        .value(key)
        .is_some_and(|value| value["role"] == "member");
    let container = key.container();
    receives && container.is_some_and(|group| desired.open.contains(&group))
}

fn change(
    key: &Key,
    is: Option<&Value>,
    wanted: Option<&Value>,
    (desired, before, owner): (&State, Option<&State>, Option<&str>),
) -> Change {
    Change {
        resource: key.to_string(),
        action: Change::action_of(is, wanted).unwrap_or(Action::Update),
        before: is.cloned(),
        after: wanted.cloned(),
        origin: Origin::Commit,
        owners: owners(key, desired, before, owner),
        declared_at: desired
            .entries
            .get(key)
            .and_then(|entry| entry.declared_at.clone()),
        effect: Effect::new(Breaks::No, Rollback::Easy),
    }
}

/// The groups that answer for a resource, as it is declared and as it was: nobody takes one
/// over by declaring it under another group. Where none does, that of the system.
pub(crate) fn owners(
    key: &Key,
    desired: &State,
    before: Option<&State>,
    of_system: Option<&str>,
) -> Vec<String> {
    // What a team or program may do to repositories is not for the team's own group to say.
    if matches!(key.sort, Sort::TeamGrant | Sort::App)
        && let Some(of_system) = of_system
    {
        return vec![of_system.to_owned()];
    }
    let container = key.container();
    let of = |state: &State| {
        let own = state.entries.get(key);
        let entry = own.or_else(|| state.entries.get(container.as_ref()?))?;
        entry.owner.clone()
    };
    let mut owners: Vec<String> = before.and_then(of).into_iter().chain(of(desired)).collect();
    if owners.is_empty() {
        owners.extend(of_system.map(str::to_owned));
    }
    owners.sort();
    owners.dedup();
    owners
}
