//! What the estate wants of a directory: a group for each team that says so, and who is in them.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Wanted, first_place};
use crate::{Key, Sort, State};

/// What a directory shall hold.
pub(crate) fn directory(wanted: Wanted<'_>) -> State {
    let mut state = State::default();
    let mut people = BTreeSet::new();
    for team in wanted.estate.tables.teams.items() {
        let roles = team.value.roles.iter();
        let of_roles = roles.filter(|role| {
            let until = role.until.as_ref();
            until.is_none_or(|until| until.value >= wanted.day)
        });
        let of_roles = of_roles.filter_map(|role| role.group.as_ref());
        let own = team.value.directory_group.iter();
        let owner = team.value.owner.as_ref().map(|owner| owner.name.as_str());
        for group in own.chain(of_roles) {
            let at = wanted.place(group.span);
            let description = team.value.description.as_deref().unwrap_or_default();
            let key = Key::new(Sort::DirectoryGroup, group);
            state.want(key, json!({ "description": description }), &at, owner);
            for member in wanted.matrix.members(&team.name) {
                let at = first_place(&member.why).unwrap_or(&at);
                let key = Key::of(Sort::DirectoryMember, group, &member.person);
                state.want(key, json!({}), at, owner);
                people.insert(member.person);
            }
        }
    }
    for name in people {
        let known = wanted.estate.tables.people.get(&name);
        let full_name = known.and_then(|person| person.value.name.clone());
        let mail = known.and_then(|person| person.value.email.as_ref());
        let mail: Vec<&str> = mail.iter().map(|address| address.as_str()).collect();
        let at = known.map_or_else(String::new, |person| wanted.place(person.span));
        let value = json!({ "name": full_name.unwrap_or_else(|| name.clone()), "mail": mail });
        state.want(Key::new(Sort::Person, &name), value, &at, None);
    }
    state
}
