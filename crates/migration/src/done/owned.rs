//! Whether everything has an owner that stays.

use std::collections::BTreeMap;

use base::Span;
use estate::kinds::{About, Account, Group, Kind, Service, Standing as Works, Zone};
use estate::{KindId, Ref};

use super::{Finding, Question, Task, Thing};
use crate::state::Stage;

const OWNED: &str = "owned";

/// What is wrong with an owner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    /// There is none.
    Nobody,
    /// The estate has no such group.
    Unknown,
    /// It was closed.
    Closed,
    /// It is the one that ends.
    Ending,
}

/// Every thing that moves, and every service, account and zone, is owned by a group that stays.
///
/// What to do is told once: with what is left to move where a thing that nobody owns is left, and
/// with what is handed over where an item of the estate belongs to the group that ends.
pub(super) fn assets(question: &Question<'_>, finding: &mut Finding) {
    let (mut counted, mut lacking) = (0, 0);
    let mut wrong: BTreeMap<(Wrong, String, String), Vec<Thing>> = BTreeMap::new();
    for one in owned(question) {
        counted += 1;
        let Some(fault) = fault(question, one.owner) else {
            continue;
        };
        lacking += 1;
        let told = match fault {
            Wrong::Nobody => one.is_left,
            Wrong::Ending => one.is_item,
            Wrong::Unknown | Wrong::Closed => false,
        };
        if !told {
            let owner = one.owner.unwrap_or("").to_owned();
            let things = wrong.entry((fault, one.of.to_owned(), owner)).or_default();
            things.push(Thing {
                name: one.name.to_owned(),
                place: one.place,
            });
        }
    }
    let evidence = vec![match lacking {
        0 => format!("all {counted} have one"),
        lacking => format!("{lacking} of {counted} have none that stays"),
    }];
    let who = question
        .policy
        .map(|policy| policy.group.name.clone())
        .or_else(|| question.standings.first().map(|one| one.owner.clone()));
    let tasks = wrong.into_iter().map(|((fault, of, owner), things)| Task {
        criterion: OWNED,
        who: who.clone(),
        what: format!(
            "find owners for {} of {of} {}",
            things.len(),
            match fault {
                Wrong::Nobody => "that nobody owns".to_owned(),
                Wrong::Unknown => format!("whose owner `{owner}` is no group of the estate"),
                Wrong::Closed => format!("whose owner {owner} was closed"),
                Wrong::Ending => format!("that {owner} owns, which ends"),
            }
        ),
        things,
    });
    let title = match question.policy {
        Some(_) => {
            "Everything that moves, and every service, account and zone, has an owner that stays"
        }
        None => "Everything that moves has an owner",
    };
    finding.judged(OWNED, title, lacking == 0, evidence, tasks.collect());
}

/// Something that must have an owner.
struct Owned<'e> {
    /// The migration that moves it, or the kind of item.
    of: &'e str,
    name: &'e str,
    owner: Option<&'e str>,
    place: Span,
    /// Whether it is left to move, and so told of with that.
    is_left: bool,
    /// Whether it is an item of the estate, and so told of with what is handed over.
    is_item: bool,
}

fn owned<'e>(question: &Question<'e>) -> Vec<Owned<'e>> {
    let mut owned = Vec::new();
    for standing in question.standings {
        let is_item = !matches!(standing.about, About::Job | About::Preset | About::Tab);
        let there = standing.assets.iter();
        for asset in there.filter(|asset| asset.state.stage() != Stage::Retired) {
            owned.push(Owned {
                of: &standing.migration,
                name: &asset.id,
                owner: asset.owner.as_deref(),
                place: asset.place,
                is_left: asset.is_held_to_the_list(),
                is_item: is_item && question.policy.is_some(),
            });
        }
    }
    if question.policy.is_some() {
        owned.extend(of_estate(question));
    }
    owned
}

/// Services, accounts and zones that are in no migration.
fn of_estate<'e>(question: &Question<'e>) -> Vec<Owned<'e>> {
    let tables = &question.estate.tables;
    let moves = |about: About, name: &str| {
        let mut standings = question.standings.iter();
        standings.any(|standing| standing.about == about && standing.asset(name).is_some())
    };
    let mut owned = Vec::new();
    let mut add = |of, name: &'e str, owner: Option<&'e Ref<Group>>, place| {
        owned.push(Owned {
            of,
            name,
            owner: owner.map(|owner| owner.name.as_str()),
            place,
            is_left: false,
            is_item: true,
        });
    };
    for item in tables.services.items() {
        if !moves(About::Service, &item.name) {
            add(
                Service::FOLDER,
                &item.name,
                item.value.owner.as_ref(),
                item.span,
            );
        }
    }
    for item in tables.accounts.items() {
        if !moves(About::Account, &item.name) {
            add(
                Account::FOLDER,
                &item.name,
                item.value.owner.as_ref(),
                item.span,
            );
        }
    }
    for item in tables.zones.items() {
        add(
            Zone::FOLDER,
            &item.name,
            item.value.owner.as_ref(),
            item.span,
        );
    }
    owned
}

fn fault(question: &Question<'_>, owner: Option<&str>) -> Option<Wrong> {
    let Some(owner) = owner else {
        return Some(Wrong::Nobody);
    };
    let Some(group) = question.estate.tables.groups.get(owner) else {
        // One whose file cannot be read is there all the same.
        let known = question.estate.tables.knows(KindId::Group, owner);
        return (!known).then_some(Wrong::Unknown);
    };
    if question.ending() == Some(group.name.as_str()) {
        return Some(Wrong::Ending);
    }
    (group.value.standing == Works::Retired).then_some(Wrong::Closed)
}
