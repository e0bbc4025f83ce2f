//! By whose hand something came to be wanted: told by what each commit made of the estate, not by
//! which lines or files it touched.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use change::gate::Provenance;
use change::{AnyState, Change, Domain, Scope};
use serde_json::Value;

use crate::court::Court;
use crate::governed::{Place, person};
use crate::systems::Systems;

/// Looks through the commits that a plan is of.
pub(crate) struct Commits<'c> {
    court: &'c Court,
    place: &'c Place<'c>,
    systems: Systems<'c>,
    wanted: RefCell<Wanted>,
}

/// What each commit wants of a scope.
type Wanted = BTreeMap<(String, Scope), Result<Rc<AnyState>, Untold>>;

/// It cannot be told.
#[derive(Clone, Copy)]
struct Untold;

impl std::fmt::Debug for Commits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Commits")
    }
}

impl<'c> Commits<'c> {
    pub(crate) fn of(court: &'c Court, place: &'c Place<'c>) -> Self {
        Self {
            systems: court.head.systems(place.outside(), None),
            court,
            place,
            wanted: RefCell::default(),
        }
    }

    /// Whether a commit of somebody changed what is wanted of the resource.
    fn changed_by(&self, scope: &Scope, change: &Change, who: &str) -> Result<bool, Untold> {
        let range = self.court.range(scope).ok_or(Untold)?;
        let files = self.systems.domains.files(scope).map_err(|_| Untold)?;
        let repository = self.place.git().map_err(|_| Untold)?;
        let commits = repository.commits(&range, &files).map_err(|_| Untold)?;
        for commit in commits {
            let mut authors = commit.authors.iter();
            let is_theirs =
                |author| person(&self.court.base.estate, author).as_deref() == Some(who);
            if authors.any(is_theirs) {
                let before = match &commit.parent {
                    Some(parent) => self.resource(parent, scope, change)?,
                    None => None,
                };
                if self.resource(&commit.hash, scope, change)? != before {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What a commit wants of a resource.
    fn resource(
        &self,
        commit: &str,
        scope: &Scope,
        change: &Change,
    ) -> Result<Option<Value>, Untold> {
        let key = (commit.to_owned(), scope.clone());
        let known = self.wanted.borrow().get(&key).cloned();
        let wanted = known.unwrap_or_else(|| {
            let wanted = self.desired(commit, scope).map(Rc::new);
            self.wanted.borrow_mut().insert(key, wanted.clone());
            wanted
        })?;
        Ok(self.systems.domains.resource(&wanted, &change.resource))
    }

    fn desired(&self, commit: &str, scope: &Scope) -> Result<AnyState, Untold> {
        let side = self.place.at(commit).map_err(|_| Untold)?;
        let systems = side.systems(self.place.outside(), None);
        systems.domains.desired(scope).map_err(|_| Untold)
    }
}

impl Provenance for Commits<'_> {
    fn is_by(&self, scope: &Scope, change: &Change, who: &str) -> bool {
        // What nobody can tell counts as theirs.
        self.changed_by(scope, change, who).unwrap_or(true)
    }
}
