//! What the estate wants of the mailing groups of a domain.

use estate::kinds::MailingGroup;
use estate::{Email, Item};
use serde_json::{Map, Value, json};

use super::{Wanted, first_place};
use crate::{Key, Sort, State};

/// The domain of an address, in lower case.
fn domain_of(address: &Email) -> String {
    let domain = address.as_str().rsplit_once('@').map(|(_, domain)| domain);
    domain.unwrap_or_default().to_lowercase()
}

/// What the mailing groups of a domain shall be.
pub(crate) fn mailing(wanted: Wanted<'_>, domain: &str) -> State {
    let mut state = State::default();
    for group in wanted.estate.tables.mailing_groups.items() {
        if domain_of(&group.value.email) == domain {
            one(wanted, group, &mut state);
        }
    }
    state
}

fn one(wanted: Wanted<'_>, group: &Item<MailingGroup>, state: &mut State) {
    let address = group.value.email.as_str();
    let owner = group.value.owner.as_ref().map(|owner| owner.name.as_str());
    let at = wanted.place(group.value.email.span);
    let name = group.value.title.as_deref();
    let value = json!({
        "name": name.unwrap_or(address.split('@').next().unwrap_or(address)),
        "description": group.value.description.as_deref().unwrap_or_default(),
    });
    let key = Key::new(Sort::MailingGroup, address);
    if group.value.joined_freely {
        state.open.insert(key.clone());
    }
    state.want(key, value, &at, owner);
    let settings = group.value.settings.entries.iter();
    let settings: Map<String, Value> = settings
        .map(|(name, value)| (name.value.clone(), json!(value.value)))
        .collect();
    if !settings.is_empty() {
        let key = Key::of(Sort::MailingSettings, address, "");
        state.want(key, Value::Object(settings), &at, owner);
    }
    for member in wanted.matrix.mailing(&group.name) {
        let at = first_place(&member.why).unwrap_or(&at);
        let mailbox = Email::new(&member.address).map(|one| one.mailbox());
        let mailbox = mailbox.as_deref().unwrap_or(&member.address);
        let key = Key::of(Sort::MailingMember, address, mailbox);
        let value = json!({ "address": member.address, "role": member.role.word() });
        state.want(key, value, at, owner);
    }
}
