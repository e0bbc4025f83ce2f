//! Changes on their way to a system: containers before what is in them, what comes before what
//! goes, and several at once where they know nothing of each other.

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::rc::Rc;

use change::{Action, Change, ItemWriter, WriteFailure};

use crate::abreast::abreast;
use crate::providers::open::Opened;
use crate::{Key, Known, Sort, Step, System};

/// The most changes of a wave: so many are announced to the ledger at once.
const WAVE: usize = 32;

/// Writes to one scope of one system.
pub(crate) struct SystemWriter {
    opened: Rc<Opened>,
    /// What could not be made: nothing can be put into it.
    missing: HashSet<Key>,
}

impl SystemWriter {
    pub(crate) fn new(opened: Rc<Opened>) -> Self {
        Self {
            opened,
            missing: HashSet::new(),
        }
    }
}

impl ItemWriter for SystemWriter {
    fn waves(&self, changes: Vec<Change>) -> Vec<Vec<Change>> {
        waves(changes)
    }

    fn write(&mut self, wave: &[Change]) -> Vec<Result<(), WriteFailure>> {
        let keys: Vec<Option<Key>> = wave.iter().map(|one| Key::parse(&one.resource)).collect();
        let known = self.opened.known.borrow();
        let (system, known, missing) = (self.opened.system.as_ref(), &*known, &self.missing);
        let answers = abreast(system.at_once(), keys.iter().zip(wave), |(key, change)| {
            Ok::<_, Infallible>(one(system, known, missing, key.as_ref(), change))
        });
        let answers = answers.unwrap_or_else(|never| match never {});
        for ((answer, key), change) in answers.iter().zip(keys).zip(wave) {
            let Some(key) = key else { continue };
            match answer {
                // What may have been done is looked for, and may well be there.
                Err(WriteFailure::Refused(_)) if change.action == Action::Create => {
                    self.missing.insert(key);
                }
                _ => {
                    self.missing.remove(&key);
                }
            }
        }
        answers
    }
}

/// Does one change.
fn one(
    system: &dyn System,
    known: &Known,
    missing: &HashSet<Key>,
    key: Option<&Key>,
    change: &Change,
) -> Result<(), WriteFailure> {
    let Some(key) = key else {
        let what = "this is no name of anything there".to_owned();
        return Err(WriteFailure::Refused(what));
    };
    // A forge would invite to the organisation whoever comes into a team.
    let member = (key.sort == Sort::TeamMember).then(|| Key::new(Sort::Member, &key.name));
    let needed = key.container().into_iter().chain(member);
    if let Some(needed) = needed.into_iter().find(|one| missing.contains(one)) {
        let what = format!("{needed} could not be made");
        return Err(WriteFailure::Refused(what));
    }
    let step = Step {
        key,
        before: change.before.as_ref(),
        after: change.after.as_ref(),
    };
    system.write(&step, known)
}

/// Changes that know nothing of each other in one wave: first what comes or becomes another,
/// containers before their content; then what goes, the other way round.
fn waves(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let parents = parents(&changes);
    let mut ranked: BTreeMap<(bool, Rank), Vec<Change>> = BTreeMap::new();
    for change in changes {
        let goes = change.action == Action::Delete;
        let rank = rank(&change, &parents);
        let rank = if goes { Rank(-rank.0, -rank.1) } else { rank };
        ranked.entry((goes, rank)).or_default().push(change);
    }
    let mut waves = Vec::new();
    for of_rank in ranked.into_values() {
        let mut of_rank = of_rank.into_iter().peekable();
        while of_rank.peek().is_some() {
            waves.push(of_rank.by_ref().take(WAVE).collect());
        }
    }
    waves
}

/// When something is made: by what it is, and how deep it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(i32, i32);

fn rank(change: &Change, parents: &BTreeMap<String, String>) -> Rank {
    let Some(key) = Key::parse(&change.resource) else {
        return Rank(0, 0);
    };
    let at = Sort::ALL.iter().position(|sort| *sort == key.sort);
    let mut depth = 0;
    if key.sort == Sort::Team {
        let mut team = key.name.as_str();
        // A circle of parents has no end.
        while let Some(parent) = parents.get(team).filter(|_| depth < 64) {
            depth += 1;
            team = parent;
        }
    }
    let at = at.and_then(|at| i32::try_from(at).ok());
    Rank(at.unwrap_or_default(), depth)
}

/// The parent of each team that changes, as it shall be; as it was, where it goes.
fn parents(changes: &[Change]) -> BTreeMap<String, String> {
    let mut parents = BTreeMap::new();
    for change in changes {
        let value = change.after.as_ref().or(change.before.as_ref());
        let parent = value.and_then(|value| value["parent"].as_str());
        if let (Some(key), Some(parent)) = (Key::parse(&change.resource), parent)
            && key.sort == Sort::Team
        {
            parents.insert(key.name, parent.to_lowercase());
        }
    }
    parents
}
