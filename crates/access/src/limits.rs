//! How much of each list one plan may take away, and what it takes away only by a decision.
//!
//! A share alone stops small lists and lets a list of eight lose seven, so each list counts by
//! itself: the members of an organisation, those of each team, what each team may do.

use std::collections::{BTreeMap, BTreeSet};

use change::limits::{before, share};
use change::{Action, Change, Exceeded};
use estate::kinds::RemovalLimits;
use serde_json::Value;

use crate::{Key, Sort, State};

/// The lists of which changes take away too much.
pub(crate) fn exceeded(
    limits: RemovalLimits,
    current: &State,
    pending: &[&Change],
    done: &[Change],
) -> Vec<Exceeded> {
    let mut changed: BTreeMap<(Sort, String), Changed<'_>> = BTreeMap::new();
    for (is_done, change) in to_do(pending, done) {
        if let Some(key) = Key::parse(&change.resource) {
            let list = changed.entry((key.sort, key.of)).or_default();
            list.all.push(change);
            list.done.extend(is_done.then_some(change.action));
        }
    }
    let mut over = Vec::new();
    for (list, Changed { all: changes, done }) in &changed {
        let goes = changes.iter().filter(|one| one.action == Action::Delete);
        let count = goes.count();
        if count > 0 {
            let now = current.within(list.0, &list.1).count();
            let of = before(now, done.iter().copied());
            let allowed = share(of, limits.percent).max(limits.at_least as usize);
            if count > allowed {
                over.push(Exceeded {
                    action: Action::Delete,
                    count,
                    of,
                    allowed,
                    percent: limits.percent,
                    list: Some(words(list.0, &list.1)),
                });
            }
        }
        if list.0 == Sort::Member {
            over.extend(administrators(current, changes));
        }
    }
    over.extend(renamed(current, pending, done));
    over
}

/// What changes in one list.
#[derive(Default)]
struct Changed<'c> {
    all: Vec<&'c Change>,
    done: Vec<Action>,
}

/// All changes of a plan, each with whether it is done already.
fn to_do<'c>(
    pending: &'c [&'c Change],
    done: &'c [Change],
) -> impl Iterator<Item = (bool, &'c Change)> {
    let done = done.iter().map(|change| (true, change));
    pending.iter().map(|change| (false, *change)).chain(done)
}

/// What a list is called.
fn words(sort: Sort, of: &str) -> String {
    match sort {
        Sort::Settings => "settings".to_owned(),
        Sort::Repository => "repositories".to_owned(),
        Sort::Member => "members of the organisation".to_owned(),
        Sort::Team => "teams".to_owned(),
        Sort::TeamMember => format!("members of the team `{of}`"),
        Sort::TeamGrant => format!("repositories of the team `{of}`"),
        Sort::Collaborator => format!("collaborators of the repository `{of}`"),
        Sort::Branch => format!("protected branches of the repository `{of}`"),
        Sort::App => format!("repositories of the app `{of}`"),
        Sort::MailingGroup => "mailing groups".to_owned(),
        Sort::MailingSettings => format!("settings of the mailing group {of}"),
        Sort::MailingMember => format!("members of the mailing group {of}"),
        Sort::Person => "people".to_owned(),
        Sort::DirectoryGroup => "groups".to_owned(),
        Sort::DirectoryMember => format!("members of the group `{of}`"),
    }
}

fn is_admin(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value["role"] == "admin")
}

/// That an organisation would be left without anybody who may do everything.
fn administrators(current: &State, changes: &[&Change]) -> Option<Exceeded> {
    let now = current.within(Sort::Member, "");
    let of = now
        .filter(|(_, entry)| is_admin(Some(&entry.value)))
        .count();
    let lost = changes
        .iter()
        .filter(|one| is_admin(one.before.as_ref()) && !is_admin(one.after.as_ref()));
    let gained = changes
        .iter()
        .filter(|one| !is_admin(one.before.as_ref()) && is_admin(one.after.as_ref()));
    let (lost, gained) = (lost.count(), gained.count());
    (of > 0 && lost >= of + gained).then(|| Exceeded {
        action: Action::Delete,
        count: lost,
        of,
        allowed: of - 1,
        percent: 0,
        list: Some("administrators of the organisation".to_owned()),
    })
}

/// A team that goes while another comes with most of its people: it was renamed, and what it
/// may do would be lost on the way.
fn renamed(current: &State, pending: &[&Change], done: &[Change]) -> Vec<Exceeded> {
    let all = || pending.iter().copied().chain(done);
    let teams = |action: Action| {
        let keys = all().filter(move |change| change.action == action);
        let keys = keys.filter_map(|change| Key::parse(&change.resource));
        keys.filter(|key| key.sort == Sort::Team)
    };
    let mut comes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for team in teams(Action::Create) {
        comes.insert(team.name, BTreeSet::new());
    }
    if comes.is_empty() {
        return Vec::new();
    }
    for change in all().filter(|change| change.action == Action::Create) {
        if let Some(key) = Key::parse(&change.resource)
            && key.sort == Sort::TeamMember
            && let Some(people) = comes.get_mut(&key.of)
        {
            people.insert(key.name);
        }
    }
    let mut over = Vec::new();
    for gone in teams(Action::Delete) {
        let people: BTreeSet<&str> = current
            .within(Sort::TeamMember, &gone.name)
            .map(|(key, _)| key.name.as_str())
            .collect();
        let same = |(_, new): &(&String, &BTreeSet<String>)| {
            let common = people.iter().filter(|one| new.contains(**one)).count();
            common > 0 && common * 2 >= people.len()
        };
        if let Some((new, _)) = comes.iter().find(same) {
            let old = &gone.name;
            over.push(Exceeded {
                action: Action::Delete,
                count: 1,
                of: 1,
                allowed: 0,
                percent: 0,
                list: Some(format!(
                    "teams that were renamed (`{old}` to `{new}`, which has most of its people; write `previously: [{old}]` there)"
                )),
            });
        }
    }
    over
}
