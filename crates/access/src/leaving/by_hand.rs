//! What no edit of a file takes away.

use base::Spanned;
use charter::Charter;
use estate::kinds::{AccessSystemKind, KindId, Means, Person};
use estate::{Estate, Item};
use jiff::civil::Date;

use super::mention::Names;
use super::{ByHand, groups_of, subject};
use crate::model::{Access, Thing};

pub(super) fn all(
    person: &Item<Person>,
    loses: &[Access],
    estate: &Estate,
    day: Date,
    charter: Option<&Charter>,
    by_hand: &mut Vec<ByHand>,
) {
    if let Some(chat) = &person.value.handles.chat {
        by_hand.push(ByHand {
            place: person.subject(),
            what: format!("end what `{chat}` may do in the chat: administration, private channels"),
            why: "nothing applies the chat's roles".to_owned(),
        });
    }
    for access in loses {
        match &access.what {
            Thing::Role(role) => cloud_role(role, access, estate, by_hand),
            Thing::Service(name) => service(name, estate, by_hand),
            Thing::PrivateContacts => private_contacts(person, estate, charter, by_hand),
            Thing::Organisation(name) => held_nowhere(&access.what, name, estate, by_hand),
            Thing::MailingGroup(name) => held_nowhere(&access.what, name, estate, by_hand),
            _ => {}
        }
    }
    for group in groups_of(person, estate, day) {
        accounts(group, estate, by_hand);
    }
}

/// What no access system of the estate holds is taken away by nobody.
fn held_nowhere(what: &Thing, name: &str, estate: &Estate, by_hand: &mut Vec<ByHand>) {
    let tables = &estate.tables;
    let held = tables.access_systems.items().any(|system| {
        let organisations = system.value.organisations.iter();
        let mut organisations =
            organisations.filter(|_| system.value.kind != AccessSystemKind::Other);
        let domain = tables.mailing_groups.get(name).and_then(|list| {
            let address = list.value.email.as_str().rsplit_once('@');
            address.map(|(_, domain)| domain.to_lowercase())
        });
        let mut domains = system
            .value
            .mail_domains
            .iter()
            .map(|one| one.to_lowercase());
        organisations.any(|one| one.name.eq_ignore_ascii_case(name))
            || domain.is_some_and(|domain| domains.any(|one| one == domain))
    });
    if !held {
        by_hand.push(ByHand {
            place: what.to_string(),
            what: "take them out there".to_owned(),
            why: "no access system of the estate holds it".to_owned(),
        });
    }
}

/// Folders whose only approver goes: whoever approves there then, the file does not say.
pub(super) fn last_approvers(names: &Names<'_>, estate: &Estate, by_hand: &mut Vec<ByHand>) {
    for tree in &estate.ownership {
        for (folder, file) in &tree.folders {
            let approvers = || file.rules().flat_map(|owners| &owners.approvers);
            let is_theirs = |name: &Spanned<String>| match tree.aliases.members(name) {
                Some(members) => members.iter().all(|member| names.is(member)),
                None => names.is(name),
            };
            let Some(first) = approvers().next().filter(|_| approvers().all(is_theirs)) else {
                continue;
            };
            let whole = format!("{}/{folder}", tree.repository);
            let whole = whole.trim_end_matches('/');
            let why = if file.inherits {
                "they are the only approver it names; those of the folders above go on"
            } else {
                "they are the only approver it names; without one, those of the folders above \
                 approve there too, which the file did not want"
            };
            by_hand.push(ByHand {
                place: estate.sources.line_of(first.span),
                what: format!("name somebody else who approves changes in {whole}"),
                why: why.to_owned(),
            });
        }
    }
}

/// A role in a system that nothing applies.
fn cloud_role(role: &str, access: &Access, estate: &Estate, by_hand: &mut Vec<ByHand>) {
    let system = role.rsplit_once(" at ").map(|(_, system)| system);
    let applied = system.and_then(|system| estate.tables.access_systems.get(system));
    if applied.is_some_and(|system| system.value.kind != AccessSystemKind::Other) {
        return;
    }
    let said = access.why.first().and_then(|path| path.hops.last());
    by_hand.push(ByHand {
        place: said.map_or_else(String::new, |hop| hop.at.clone()),
        what: format!("take the role {role} from them"),
        why: "no access system of the estate applies it".to_owned(),
    });
}

/// A service that people sign in to, to change it.
fn service(name: &str, estate: &Estate, by_hand: &mut Vec<ByHand>) {
    let Some(item) = estate.tables.services.get(name) else {
        return;
    };
    let means = item.value.administration.as_ref().map(|how| how.by);
    let how = match means {
        Some(Means::Console) => "its console",
        Some(Means::Scripts) => "what its scripts are run with",
        Some(Means::Gitops) | None => return,
    };
    by_hand.push(ByHand {
        place: item.subject(),
        what: format!("end their access to {how}"),
        why: "it is not changed by merges, so their own account may be known there".to_owned(),
    });
}

/// What was encrypted to them stays readable to them.
fn private_contacts(
    person: &Item<Person>,
    estate: &Estate,
    charter: Option<&Charter>,
    by_hand: &mut Vec<ByHand>,
) {
    let policy = charter.and_then(|charter| charter.private_contacts.as_ref());
    let team = policy.map_or("", |policy| &policy.readable_by.name);
    for other in estate.tables.people.items() {
        let Some(contacts) = &other.value.private_contacts else {
            continue;
        };
        if other.name == person.name {
            continue;
        }
        by_hand.push(ByHand {
            place: estate.sources.line_of(contacts.armored.span),
            what: format!(
                "have the private contacts of {} encrypted anew",
                other.subject()
            ),
            why: format!(
                "they were encrypted to those in {}",
                subject(KindId::Team, team)
            ),
        });
    }
}

/// Accounts of a group whose people may know how to sign in.
fn accounts(group: &str, estate: &Estate, by_hand: &mut Vec<ByHand>) {
    for item in estate.tables.accounts.items() {
        let owner = item
            .value
            .owner
            .as_ref()
            .and_then(|owner| estate.find(owner));
        if owner.is_some_and(|owner| owner.name == group) {
            by_hand.push(ByHand {
                place: item.subject(),
                what: format!(
                    "end their sign-in at {} ({})",
                    item.value.provider, item.value.id
                ),
                why: format!("{} answers for the contract", subject(KindId::Group, group)),
            });
        }
    }
}
