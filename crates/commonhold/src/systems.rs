//! All real systems that an estate is applied to. A new domain is named here, and nowhere else
//! in what plans and applies.

use std::rc::Rc;

use access::Access;
use change::{Domains, Hand, Scope, Stopped, Writers};
use dns::{Readings, Zones};
use estate::{Estate, Tree};
use jiff::civil::Date;

/// What the outside world has to give to the domains.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outside<'s> {
    pub(crate) dns: dns::Outside<'s>,
    pub(crate) access: access::Outside<'s>,
    /// The day: what is granted until yesterday is granted no more.
    pub(crate) day: Date,
    /// The estate of the last commit that whoever keeps the ledger said to trust.
    pub(crate) trusted: Option<&'s Estate>,
}

/// The real systems of one state of an estate.
#[derive(Debug)]
pub(crate) struct Systems<'s> {
    /// All of them, as the spine knows them.
    pub(crate) domains: Domains<'s>,
    zones: Rc<Zones<'s>>,
    access: Rc<Access<'s>>,
}

impl<'s> Systems<'s> {
    /// Those of an estate whose files are in this tree, judged also by what it was `before`.
    pub(crate) fn new(
        estate: &'s Estate,
        tree: &'s dyn Tree,
        readings: &Rc<Readings>,
        outside: Outside<'s>,
        before: Option<&'s Estate>,
    ) -> Self {
        let zones = Zones::new(estate, tree, outside.dns).sharing(readings);
        let access = Access::new(estate, outside.day, outside.access).trusting(outside.trusted);
        let (zones, access) = match before {
            Some(before) => (zones.since(before), access.since(before)),
            None => (zones, access),
        };
        let (zones, access) = (Rc::new(zones), Rc::new(access));
        Self {
            domains: Domains(vec![
                (dns::DOMAIN, Rc::clone(&zones) as _),
                (access::DOMAIN, Rc::clone(&access) as _),
            ]),
            zones,
            access,
        }
    }
}

/// The same with hands that write. Only apply has one.
pub(crate) struct Hands<'z, 's> {
    zones: dns::Hands<'z, 's>,
    access: access::Hands<'z, 's>,
}

impl<'z, 's> Hands<'z, 's> {
    pub(crate) fn of(systems: &'z Systems<'s>) -> Self {
        Self {
            zones: dns::Hands(&systems.zones),
            access: access::Hands(&systems.access),
        }
    }
}

impl Writers for Hands<'_, '_> {
    fn open(&self, scope: &Scope) -> Result<Hand<'_>, Stopped> {
        match scope.domain.as_str() {
            access::DOMAIN => self.access.open(scope),
            _ => self.zones.open(scope),
        }
    }
}
