//! How much of each list one plan may take away, and what it takes away only by a decision.
//!
//! A share alone stops small lists and lets a list of eight lose seven, so each list counts by
//! itself: the members of an organisation, those of each team, what each team may do. And a thousand
//! lists of one would each lose their one, so all lists of a sort count together too. To be let do
//! less counts as to be taken away.

use std::collections::{BTreeMap, BTreeSet};

use change::limits::{before, share};
use change::{Action, Change, Exceeded};
use estate::kinds::RemovalLimits;
use serde_json::Value;

use crate::{Key, Sort, State, level};

/// The lists of which changes take away too much.
pub(crate) fn exceeded(
    limits: RemovalLimits,
    current: &State,
    pending: &[&Change],
    done: &[Change],
) -> Vec<Exceeded> {
    let mut changed: BTreeMap<(Sort, Option<String>), Changed> = BTreeMap::new();
    for (is_done, change) in to_do(pending, done) {
        let Some(key) = Key::parse(&change.resource) else {
            continue;
        };
        // Each list by itself; and all lists of a sort together, so that many short ones are one long one.
        let lists = [Some(key.of.clone()), None];
        for list in lists.into_iter().take(1 + usize::from(!key.of.is_empty())) {
            let list = changed.entry((key.sort, list)).or_default();
            list.taken += usize::from(takes_away(&key, change));
            list.done.extend(is_done.then_some(change.action));
        }
        // What is in it goes with it: no list of its own is left, but those of its sort lose so much.
        if change.action == Action::Delete {
            for sort in Sort::ALL
                .into_iter()
                .filter(|sort| sort.container() == Some(key.sort))
            {
                let content = current.within(sort, &key.name).count();
                changed.entry((sort, None)).or_default().taken += content;
            }
        }
    }
    let alone = |sort: Sort| {
        let lists = changed
            .iter()
            .filter(|((other, of), list)| *other == sort && of.is_some() && list.taken > 0);
        lists.count() == 1
    };
    let over = changed.iter().filter_map(|((sort, of), changed)| {
        if of.is_none() && alone(*sort) {
            return None;
        }
        let now = match of {
            Some(of) => current.within(*sort, of).count(),
            None => current
                .entries
                .keys()
                .filter(|key| key.sort == *sort)
                .count(),
        };
        let of_list = before(now, changed.done.iter().copied());
        let allowed = share(of_list, limits.percent).max(limits.at_least as usize);
        (changed.taken > allowed).then(|| Exceeded {
            action: Action::Delete,
            count: changed.taken,
            of: of_list,
            allowed,
            percent: limits.percent,
            list: Some(words(*sort, of.as_deref())),
        })
    });
    let mut over: Vec<Exceeded> = over.collect();
    over.extend(administrators(limits, current, pending, done));
    over.extend(renamed(current, pending, done));
    over
}

/// Whether somebody loses something by it, be it only a part.
fn takes_away(key: &Key, change: &Change) -> bool {
    let level = |value: &Option<Value>| level::of(key, value.as_ref());
    let falls = level(&change.after) < level(&change.before);
    change.action == Action::Delete || change.action == Action::Update && falls
}

/// What changes in one list.
#[derive(Default)]
struct Changed {
    taken: usize,
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

/// What a list is called; without one, all lists of the sort together.
fn words(sort: Sort, of: Option<&str>) -> String {
    let (what, container) = match sort {
        Sort::Settings => return "settings".to_owned(),
        Sort::Repository => return "repositories".to_owned(),
        Sort::Member => return "members of the organisation".to_owned(),
        Sort::Team => return "teams".to_owned(),
        Sort::MailingGroup => return "mailing groups".to_owned(),
        Sort::Person => return "people".to_owned(),
        Sort::DirectoryGroup => return "groups".to_owned(),
        Sort::TeamMember => ("members of", "team"),
        Sort::TeamGrant => ("repositories of", "team"),
        Sort::Collaborator => ("collaborators of", "repository"),
        Sort::Branch => ("protected branches of", "repository"),
        Sort::App => ("repositories of", "app"),
        Sort::MailingSettings => ("settings of", "mailing group"),
        Sort::MailingMember => ("members of", "mailing group"),
        Sort::DirectoryMember => ("members of", "group"),
    };
    match of {
        Some(of) => format!("{what} the {container} `{of}`"),
        None => format!("{what} any {container}"),
    }
}

fn is_admin(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value["role"] == "admin")
}

/// That an organisation would lose too many of those who may do everything, or the last of them. Who
/// has still to accept is none of them yet.
fn administrators(
    limits: RemovalLimits,
    current: &State,
    pending: &[&Change],
    done: &[Change],
) -> Option<Exceeded> {
    let members = current.within(Sort::Member, "");
    let admins = members
        .filter(|(key, entry)| is_admin(Some(&entry.value)) && !current.pending.contains(*key));
    let now = admins.count();
    let of_members =
        |change: &&Change| Key::parse(&change.resource).is_some_and(|key| key.sort == Sort::Member);
    let loses =
        |change: &&Change| is_admin(change.before.as_ref()) && !is_admin(change.after.as_ref());
    let lost_before = done.iter().filter(of_members).filter(loses).count();
    let lost = lost_before
        + pending
            .iter()
            .copied()
            .filter(of_members)
            .filter(loses)
            .count();
    // Who was in the organisation already is an administrator at once.
    let gained = pending.iter().copied().filter(of_members).filter(|change| {
        let answered =
            Key::parse(&change.resource).is_some_and(|key| !current.pending.contains(&key));
        let was_in = change.before.is_some() && answered;
        was_in && !is_admin(change.before.as_ref()) && is_admin(change.after.as_ref())
    });
    let gained = gained.count();
    let of = now + lost_before;
    let most = (of + gained).saturating_sub(1);
    let allowed = share(of, limits.percent)
        .max(limits.at_least as usize)
        .min(most);
    (lost > allowed).then(|| Exceeded {
        action: Action::Delete,
        count: lost,
        of,
        allowed,
        percent: limits.percent,
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
    let mut comes: BTreeMap<String, BTreeSet<Key>> = BTreeMap::new();
    for team in teams(Action::Create) {
        comes.insert(team.name, BTreeSet::new());
    }
    if comes.is_empty() {
        return Vec::new();
    }
    for change in all().filter(|change| change.action == Action::Create) {
        if let Some(key) = Key::parse(&change.resource)
            && matches!(key.sort, Sort::TeamMember | Sort::TeamGrant)
            && let Some(content) = comes.get_mut(&key.of)
        {
            content.insert(key);
        }
    }
    let mut over = Vec::new();
    for gone in teams(Action::Delete) {
        // Whose people, or without people whose repositories, are mostly those of the new one.
        let is_empty = current
            .within(Sort::TeamMember, &gone.name)
            .next()
            .is_none();
        let sort = if is_empty {
            Sort::TeamGrant
        } else {
            Sort::TeamMember
        };
        let same = |(new, content): &(&String, &BTreeSet<Key>)| {
            let (mut all, mut common) = (0, 0);
            for (key, _) in current.within(sort, &gone.name) {
                all += 1;
                common += usize::from(content.contains(&Key::of(sort, new, &key.name)));
            }
            common > 0 && common * 2 >= all
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
                    "teams that were renamed (`{old}` to `{new}`, which has most of what is in it; write `previously: [{old}]` there)"
                )),
            });
        }
    }
    over
}
