//! All domains of an estate as one: whatever plans and applies needs to know no single one.

use std::any::Any;
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use base::Digest;
use serde_json::Value;

use crate::limits::Exceeded;
use crate::{Change, Difference, Domain, Observation, Scope, ScopeLimits, Sighting, Stopped};

/// The state of a scope of any domain. Only the domain that made it can read it.
pub struct AnyState {
    domain: &'static str,
    state: Box<dyn Any>,
}

impl std::fmt::Debug for AnyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnyState")
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

impl AnyState {
    fn new(state: impl Any) -> Self {
        Self {
            domain: "",
            state: Box::new(state),
        }
    }

    /// The state as the domain knows it that made it: scopes say which that is.
    fn of<S: 'static>(&self) -> &S {
        let state = self.state.downcast_ref();
        state.expect("a scope's state goes back to the domain of that scope")
    }
}

/// Some domain: what [`Domain`] says, with its state hidden.
pub trait AnyDomain {
    /// See [`Domain::scopes`].
    fn scopes(&self) -> Vec<Scope>;
    /// See [`Domain::files`].
    fn files(&self, scope: &Scope) -> Result<BTreeSet<String>, Stopped>;
    /// See [`Domain::desired`].
    fn desired(&self, scope: &Scope) -> Result<AnyState, Stopped>;
    /// See [`Domain::observe`].
    fn observe(&self, scope: &Scope) -> Result<Observation<AnyState>, Stopped>;
    /// See [`Domain::diff`].
    fn diff(
        &self,
        scope: &Scope,
        current: &AnyState,
        desired: &AnyState,
        declared_before: Option<&AnyState>,
    ) -> Difference;
    /// See [`Domain::resources`].
    fn resources(&self, state: &AnyState) -> Vec<String>;
    /// See [`Domain::resource`].
    fn resource(&self, state: &AnyState, resource: &str) -> Option<Value>;
    /// See [`Domain::judge`].
    fn judge(
        &self,
        scope: &Scope,
        current: &AnyState,
        changes: &mut dyn Iterator<Item = &mut Change>,
    );
    /// See [`Domain::owners`].
    fn owners(
        &self,
        scope: &Scope,
        resource: &str,
        desired: &AnyState,
        declared_before: Option<&AnyState>,
    ) -> Vec<String>;
    /// See [`Domain::digest`].
    fn digest(&self, state: &AnyState) -> Digest;
    /// See [`Domain::count`].
    fn count(&self, state: &AnyState) -> usize;
    /// See [`Domain::limits`].
    fn limits(&self, scope: &Scope) -> ScopeLimits;
    /// See [`Domain::exceeded`].
    fn exceeded(
        &self,
        scope: &Scope,
        current: &AnyState,
        pending: &[&Change],
        done: &[Change],
    ) -> Vec<Exceeded>;
    /// See [`Domain::verify`].
    fn verify(
        &self,
        scope: &Scope,
        current: &AnyState,
        changes: &[Change],
        otherwise: &HashSet<&str>,
    ) -> Vec<Sighting>;
}

impl<D: Domain> AnyDomain for D
where
    D::State: 'static,
{
    fn scopes(&self) -> Vec<Scope> {
        Domain::scopes(self)
    }

    fn files(&self, scope: &Scope) -> Result<BTreeSet<String>, Stopped> {
        Domain::files(self, scope)
    }

    fn desired(&self, scope: &Scope) -> Result<AnyState, Stopped> {
        Domain::desired(self, scope).map(AnyState::new)
    }

    fn observe(&self, scope: &Scope) -> Result<Observation<AnyState>, Stopped> {
        let Observation { state, mark } = Domain::observe(self, scope)?;
        Ok(Observation {
            state: AnyState::new(state),
            mark,
        })
    }

    fn diff(
        &self,
        scope: &Scope,
        current: &AnyState,
        desired: &AnyState,
        declared_before: Option<&AnyState>,
    ) -> Difference {
        let before = declared_before.map(AnyState::of);
        Domain::diff(self, scope, current.of(), desired.of(), before)
    }

    fn resources(&self, state: &AnyState) -> Vec<String> {
        Domain::resources(self, state.of())
    }

    fn resource(&self, state: &AnyState, resource: &str) -> Option<Value> {
        Domain::resource(self, state.of(), resource)
    }

    fn judge(
        &self,
        scope: &Scope,
        current: &AnyState,
        changes: &mut dyn Iterator<Item = &mut Change>,
    ) {
        Domain::judge(self, scope, current.of(), changes);
    }

    fn owners(
        &self,
        scope: &Scope,
        resource: &str,
        desired: &AnyState,
        declared_before: Option<&AnyState>,
    ) -> Vec<String> {
        let before = declared_before.map(AnyState::of);
        Domain::owners(self, scope, resource, desired.of(), before)
    }

    fn digest(&self, state: &AnyState) -> Digest {
        Domain::digest(self, state.of())
    }

    fn count(&self, state: &AnyState) -> usize {
        Domain::count(self, state.of())
    }

    fn limits(&self, scope: &Scope) -> ScopeLimits {
        Domain::limits(self, scope)
    }

    fn exceeded(
        &self,
        scope: &Scope,
        current: &AnyState,
        pending: &[&Change],
        done: &[Change],
    ) -> Vec<Exceeded> {
        Domain::exceeded(self, scope, current.of(), pending, done)
    }

    fn verify(
        &self,
        scope: &Scope,
        current: &AnyState,
        changes: &[Change],
        otherwise: &HashSet<&str>,
    ) -> Vec<Sighting> {
        Domain::verify(self, scope, current.of(), changes, otherwise)
    }
}

/// All domains of an estate, each by the name that its scopes have.
pub struct Domains<'d>(pub Vec<(&'static str, Rc<dyn AnyDomain + 'd>)>);

impl std::fmt::Debug for Domains<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl<'d> Domains<'d> {
    /// The names of all of them.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    fn named(&self, name: &str) -> Option<(&'static str, &(dyn AnyDomain + 'd))> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(name, domain)| (*name, domain.as_ref()))
    }

    fn find(&self, scope: &Scope) -> Result<(&'static str, &(dyn AnyDomain + 'd)), Stopped> {
        self.named(&scope.domain).ok_or_else(|| Stopped {
            scope: scope.clone(),
            what: format!("there is no domain `{}`", scope.domain),
            help: format!("there is: {}", self.names().collect::<Vec<_>>().join(", ")),
        })
    }

    /// The domain that made a state.
    fn of(&self, state: &AnyState) -> &(dyn AnyDomain + 'd) {
        let made = self.named(state.domain);
        made.expect("a state was made by one of these domains").1
    }
}

impl Domain for Domains<'_> {
    type State = AnyState;

    fn scopes(&self) -> Vec<Scope> {
        let each = self.0.iter().flat_map(|(_, domain)| domain.scopes());
        each.collect()
    }

    fn files(&self, scope: &Scope) -> Result<BTreeSet<String>, Stopped> {
        self.find(scope)?.1.files(scope)
    }

    fn desired(&self, scope: &Scope) -> Result<AnyState, Stopped> {
        let (name, domain) = self.find(scope)?;
        let state = domain.desired(scope)?;
        Ok(AnyState {
            domain: name,
            ..state
        })
    }

    fn observe(&self, scope: &Scope) -> Result<Observation<AnyState>, Stopped> {
        let (name, domain) = self.find(scope)?;
        let Observation { state, mark } = domain.observe(scope)?;
        let state = AnyState {
            domain: name,
            ..state
        };
        Ok(Observation { state, mark })
    }

    fn diff(
        &self,
        scope: &Scope,
        current: &AnyState,
        desired: &AnyState,
        declared_before: Option<&AnyState>,
    ) -> Difference {
        let domain = self.of(current);
        domain.diff(scope, current, desired, declared_before)
    }

    fn resources(&self, state: &AnyState) -> Vec<String> {
        self.of(state).resources(state)
    }

    fn resource(&self, state: &AnyState, resource: &str) -> Option<Value> {
        self.of(state).resource(state, resource)
    }

    fn judge<'c>(
        &self,
        scope: &Scope,
        current: &AnyState,
        changes: impl IntoIterator<Item = &'c mut Change>,
    ) {
        let mut changes = changes.into_iter();
        self.of(current).judge(scope, current, &mut changes);
    }

    fn owners(
        &self,
        scope: &Scope,
        resource: &str,
        desired: &AnyState,
        declared_before: Option<&AnyState>,
    ) -> Vec<String> {
        let domain = self.of(desired);
        domain.owners(scope, resource, desired, declared_before)
    }

    fn digest(&self, state: &AnyState) -> Digest {
        self.of(state).digest(state)
    }

    fn count(&self, state: &AnyState) -> usize {
        self.of(state).count(state)
    }

    fn limits(&self, scope: &Scope) -> ScopeLimits {
        match self.find(scope) {
            Ok((_, domain)) => domain.limits(scope),
            // Of what nobody knows nothing may be changed.
            Err(_) => ScopeLimits {
                updates_percent: 0,
                deletes_percent: 0,
                exempt_below: 0,
            },
        }
    }

    fn exceeded(
        &self,
        scope: &Scope,
        current: &AnyState,
        pending: &[&Change],
        done: &[Change],
    ) -> Vec<Exceeded> {
        let domain = self.of(current);
        domain.exceeded(scope, current, pending, done)
    }

    fn verify(
        &self,
        scope: &Scope,
        current: &AnyState,
        changes: &[Change],
        otherwise: &HashSet<&str>,
    ) -> Vec<Sighting> {
        let domain = self.of(current);
        domain.verify(scope, current, changes, otherwise)
    }
}
