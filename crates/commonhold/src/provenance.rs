//! By whose hand something came to be wanted: told by what each commit made of the estate, not by
//! which lines or files it touched.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use change::gate::{Hands, Provenance};
use change::{AnyState, Change, Domain, Scope};

use crate::court::Court;
use crate::git::{self, Author};
use crate::governed::{Place, person};
use crate::systems::Systems;

/// The most commits that are looked through: reading an estate takes a while. Of more, all authors
/// are authors of everything.
const MOST: usize = 400;

/// Looks through the commits that a plan is of.
pub(crate) struct Commits<'c> {
    court: &'c Court,
    place: &'c Place<'c>,
    systems: Systems<'c>,
    /// The commits of each scope that change what is wanted of it; none where it cannot be told.
    steps: RefCell<BTreeMap<Scope, Option<Rc<Steps>>>>,
}

impl std::fmt::Debug for Commits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Commits")
    }
}

/// The commits that change what is wanted of a scope, oldest first.
struct Steps {
    all: Vec<Step>,
    /// What is wanted where the scope started, and at the commit of the plan.
    ends: [Option<Rc<AnyState>>; 2],
    /// Each comes after the one before it, and none beside another.
    linear: bool,
}

/// What a commit makes of a scope.
struct Step {
    hands: Hands,
    /// What is wanted before it, on each side of a merge, and after it; none where nothing is.
    before: Vec<Option<Rc<AnyState>>>,
    after: Option<Rc<AnyState>>,
}

/// What is wanted at a commit, and the authors of commits before it of which it cannot be told.
#[derive(Clone, Default)]
struct Wanted {
    state: Option<Rc<AnyState>>,
    carried: BTreeSet<Author>,
}

impl<'c> Commits<'c> {
    pub(crate) fn of(court: &'c Court, place: &'c Place<'c>) -> Self {
        Self {
            systems: court.head.systems(place.outside(), None),
            court,
            place,
            steps: RefCell::default(),
        }
    }

    fn steps(&self, scope: &Scope) -> Option<Rc<Steps>> {
        let known = self.steps.borrow().get(scope).cloned();
        known.unwrap_or_else(|| {
            let found = self.find(scope);
            self.steps.borrow_mut().insert(scope.clone(), found.clone());
            found
        })
    }

    /// Walks from where the scope started to the commit of the plan.
    fn find(&self, scope: &Scope) -> Option<Rc<Steps>> {
        let range = format!("{}..{}", self.court.start(scope)?, self.court.commit());
        let files = self.systems.domains.files(scope).ok()?;
        let repository = self.place.git().ok()?;
        let commits = repository.commits(&range, &files).ok()?;
        if commits.len() > MOST {
            return None;
        }
        let mut walk = Walk {
            commits: self,
            scope,
            by_hash: commits.iter().map(|one| (one.hash.as_str(), one)).collect(),
            wanted: HashMap::new(),
            same: HashMap::new(),
        };
        let mut steps = Vec::new();
        for commit in commits.iter().rev() {
            let before: Vec<Wanted> = commit.parents.iter().map(|one| walk.at(one)).collect();
            let after = walk.at(&commit.hash);
            let is = |one: &Wanted| match (&one.state, &after.state) {
                (Some(one), Some(other)) => Rc::ptr_eq(one, other),
                (None, None) => true,
                _ => false,
            };
            // Of a merge, what is as on one of its sides is theirs who wrote that side.
            if !before.is_empty() && before.iter().any(is) {
                continue;
            }
            let carried = before.iter().flat_map(|one| one.carried.clone());
            let authors: BTreeSet<Author> = commit.authors.iter().cloned().chain(carried).collect();
            steps.push(Step {
                hands: self.hands_of(authors),
                before: before.into_iter().map(|one| one.state).collect(),
                after: after.state,
            });
        }
        let ends = [self.court.start(scope)?, self.court.commit()];
        let ends = ends.map(|commit| walk.at(commit).state);
        Some(Rc::new(Steps {
            all: steps,
            ends,
            linear: commits.iter().all(|one| one.parents.len() < 2),
        }))
    }

    fn hands_of(&self, authors: BTreeSet<Author>) -> Hands {
        let mut hands = Hands::default();
        for author in authors {
            match person(&self.court.base.estate, &author) {
                Some(name) => {
                    hands.known.insert(name);
                }
                None => hands
                    .strangers
                    .push(format!("{} <{}>", author.name, author.email)),
            }
        }
        hands
    }

    fn desired(&self, commit: &str, scope: &Scope) -> Option<AnyState> {
        let side = self.place.at(commit).ok()?;
        let systems = side.systems(self.place.outside(), None);
        systems.domains.desired(scope).ok()
    }
}

/// A walk through the commits of one scope.
struct Walk<'w, 'c> {
    commits: &'w Commits<'c>,
    scope: &'w Scope,
    by_hash: HashMap<&'w str, &'w git::Change>,
    wanted: HashMap<String, Wanted>,
    /// States that are alike are one.
    same: HashMap<base::Digest, Rc<AnyState>>,
}

impl Walk<'_, '_> {
    /// What is wanted at a commit; where it cannot be told, at the one before it, and its authors
    /// are authors of what comes next.
    fn at(&mut self, hash: &str) -> Wanted {
        let mut untold = Vec::new();
        let mut next = Some(hash.to_owned());
        let mut found = Wanted::default();
        while let Some(hash) = next {
            if let Some(known) = self.wanted.get(&hash) {
                found = known.clone();
                break;
            }
            if let Some(state) = self.commits.desired(&hash, self.scope) {
                let digest = self.commits.systems.domains.digest(&state);
                let state = self.same.entry(digest).or_insert_with(|| Rc::new(state));
                found.state = Some(Rc::clone(state));
                self.wanted.insert(hash, found.clone());
                break;
            }
            let commit = self.by_hash.get(hash.as_str());
            next = commit.and_then(|commit| commit.parents.first().cloned());
            untold.push(hash);
        }
        for hash in untold.into_iter().rev() {
            let authors = self.by_hash.get(hash.as_str()).map(|one| &one.authors);
            found.carried.extend(authors.into_iter().flatten().cloned());
            self.wanted.insert(hash, found.clone());
        }
        found
    }
}

impl Provenance for Commits<'_> {
    fn hands(&self, scope: &Scope, change: &Change) -> Option<Arc<Hands>> {
        // The files of a zone hold nothing else; who is where is told by files of all sorts.
        if scope.domain != access::DOMAIN {
            return None;
        }
        let steps = self.steps(scope)?;
        let domains = &self.systems.domains;
        let value = |state: &Option<Rc<AnyState>>| {
            let state = state.as_ref()?;
            domains.resource(state, &change.resource)
        };
        let mut hands = Hands::default();
        let mut start = None;
        for step in &steps.all {
            let after = value(&step.after);
            if step.before.iter().all(|before| value(before) != after) {
                let before = value(step.before.first().unwrap_or(&None));
                let start = start.get_or_insert(before);
                // Whoever wrote what was taken back since is no author of what came after. Where there
                // are sides, it may have been taken back on one of them only.
                if *start == after && steps.linear {
                    hands = Hands::default();
                    continue;
                }
                hands.known.extend(step.hands.known.iter().cloned());
                hands.strangers.extend(step.hands.strangers.iter().cloned());
            }
        }
        let [first, last] = &steps.ends;
        if hands == Hands::default() && value(first) != value(last) {
            // It came by files that nobody counts on: then it is of everybody.
            return None;
        }
        hands.strangers.sort();
        hands.strangers.dedup();
        Some(Arc::new(hands))
    }
}
