//! DNS as the spine sees it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::rc::Rc;

use base::{Digest, SourceMap};
use change::{
    Change, Difference, Domain, Hand, Observation, Scope, ScopeLimits, Sighting, Stopped, Writers,
};
use charter::risk::Effect;
use estate::kinds::{DnsServer, DnsServerKind, Zone};
use estate::records::DomainName;
use estate::{Estate, Item, Tree};
use serde::Serialize;
use serde_json::Value;

use crate::desired::{self, Desired};
use crate::effect::{self, Surroundings};
use crate::providers::{ReadError, ReadZone, open};
use crate::state::{from_value, parse_resource, to_value};
use crate::write::ZoneWriter;
use crate::{ZoneState, diff, verify, wire};

/// What the outside world has to give: the values of secrets, the time for
/// signatures, the folder that paths are relative to, and how long to wait.
#[derive(Clone, Copy)]
pub struct Outside<'e> {
    /// The value of an environment variable.
    pub secrets: &'e dyn Fn(&str) -> Option<String>,
    /// The time, for what is signed.
    pub clock: wire::Clock,
    /// The folder of the estate.
    pub folder: &'e Path,
    /// How long name servers may take to have what was applied, and how often they are asked.
    pub patience: verify::Patience,
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// The zones of an estate at the servers that serve them.
pub struct Zones<'e> {
    estate: &'e Estate,
    before: Option<&'e Estate>,
    tree: &'e dyn Tree,
    outside: Outside<'e>,
    readings: Rc<Readings>,
}

/// What was read of the zones of one estate, for all who ask for them.
#[derive(Default)]
pub struct Readings {
    read: RefCell<BTreeMap<String, Rc<ZoneFiles>>>,
    /// The files of the estate, and those of its zones as they are read.
    sources: RefCell<Option<SourceMap>>,
}

impl std::fmt::Debug for Readings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let read = self.read.borrow();
        f.debug_list().entries(read.keys()).finish()
    }
}

/// What the files of a zone say, and which they are.
struct ZoneFiles {
    desired: Result<Desired, String>,
    paths: BTreeSet<String>,
}

impl std::fmt::Debug for Zones<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zones")
            .field("outside", &self.outside)
            .finish_non_exhaustive()
    }
}

/// The name of the domain in scopes.
pub const DOMAIN: &str = "dns";

impl<'e> Zones<'e> {
    /// The zones of an estate whose files are in this tree.
    pub fn new(estate: &'e Estate, tree: &'e dyn Tree, outside: Outside<'e>) -> Self {
        Self {
            estate,
            before: None,
            tree,
            outside,
            readings: Rc::default(),
        }
    }

    /// The same, with what others have read of the same estate already.
    pub fn sharing(self, readings: &Rc<Readings>) -> Self {
        Self {
            readings: Rc::clone(readings),
            ..self
        }
    }

    /// The same, with what the estate was at the base: limits are the stricter of both, and
    /// what hangs on a name is what either says, so that a commit cannot soften its own judgement.
    pub fn since(self, before: &'e Estate) -> Self {
        Self {
            before: Some(before),
            ..self
        }
    }

    fn path_of(&self, span: base::Span) -> String {
        self.estate.sources.file(span.file).path.clone()
    }

    fn items(&self, scope: &Scope) -> Result<(&'e Item<Zone>, &'e Item<DnsServer>), Stopped> {
        let zone = self.estate.tables.zones.get(&scope.name);
        let server = self.estate.tables.dns_servers.get(&scope.at);
        let gone = || {
            stopped(
                scope,
                "the estate has no such zone or server",
                "see `commonhold show zones`",
            )
        };
        zone.zip(server).ok_or_else(gone)
    }

    /// A zone as its files have it, read once.
    fn read(&self, item: &Item<Zone>) -> Rc<ZoneFiles> {
        if let Some(read) = self.readings.read.borrow().get(&item.name) {
            return Rc::clone(read);
        }
        let mut shared = self.readings.sources.borrow_mut();
        let sources = shared.get_or_insert_with(|| self.estate.sources.clone());
        let known = sources.files().count();
        let read = desired::desired(item, self.estate, self.tree, sources);
        let wrong = || {
            let errors = read
                .findings
                .iter()
                .filter(|finding| finding.severity == base::Severity::Error);
            let first = errors
                .map(|finding| format!("{}: {}", sources.locate(finding.span), finding.message));
            first
                .into_iter()
                .next()
                .unwrap_or_else(|| "its files cannot be read".to_owned())
        };
        let read = Rc::new(ZoneFiles {
            paths: sources
                .files()
                .skip(known)
                .map(|file| file.path.clone())
                .collect(),
            desired: match read.desired {
                Some(desired) => Ok(desired),
                None => Err(wrong()),
            },
        });
        self.readings
            .read
            .borrow_mut()
            .insert(item.name.clone(), Rc::clone(&read));
        read
    }

    /// That secrets go to a server as it was at the base only: whoever writes a server's
    /// file must not learn them by that.
    fn trusts(&self, scope: &Scope, server: &Item<DnsServer>) -> Result<(), Stopped> {
        let has_secrets = server.value.tsig.is_some() || server.value.api_key.is_some();
        let Some(before) = self.before.filter(|_| has_secrets) else {
            return Ok(());
        };
        let was = before.tables.dns_servers.get(&server.name);
        if was.is_some_and(|was| same(&was.value, &server.value, &[])) {
            return Ok(());
        }
        Err(stopped(
            scope,
            format!(
                "the DNS server {} is new, or another than it was at the base, and secrets go only to servers that were there before",
                server.name
            ),
            "merge the server's file first, in a change of its own; then `commonhold ledger trust` that commit",
        ))
    }

    /// Whether who answers for a zone, where it is, or how much of it may change is another
    /// than at the base: then whatever changes in it is judged by what nobody has judged yet.
    fn is_governed_anew(&self, scope: &Scope) -> bool {
        // What these say is the zone's content, or how it is read.
        const CONTENT: [&str; 6] = [
            "records",
            "default_ttl",
            "absent",
            "validators",
            "without_validators",
            "reading",
        ];
        let zones = |estate: &'e Estate| estate.tables.zones.get(&scope.name);
        let servers = |estate: &'e Estate| estate.tables.dns_servers.get(&scope.at);
        let Some(before) = self.before else {
            return false;
        };
        let zone = zones(before).zip(zones(self.estate));
        let server = servers(before).zip(servers(self.estate));
        zone.is_some_and(|(was, is)| !same(&was.value, &is.value, &CONTENT))
            || server.is_some_and(|(was, is)| !same(&was.value, &is.value, &[]))
    }

    fn reader(
        &self,
        scope: &Scope,
        server: &Item<DnsServer>,
    ) -> Result<Box<dyn ReadZone>, Stopped> {
        self.trusts(scope, server)?;
        open::reader(server, self.outside).map_err(|error| of_read_error(scope, &error))
    }
}

/// Whether two items say the same, but for some keys.
fn same<T: Serialize>(one: &T, other: &T, but: &[&str]) -> bool {
    let told = |item: &T| {
        let mut told = serde_json::to_value(item).ok()?;
        for key in but {
            told.as_object_mut()?.remove(*key);
        }
        Some(told)
    };
    let one = told(one);
    one.is_some() && one == told(other)
}

fn stopped(scope: &Scope, what: impl Into<String>, help: &str) -> Stopped {
    Stopped {
        scope: scope.clone(),
        what: what.into(),
        help: help.to_owned(),
    }
}

fn of_read_error(scope: &Scope, error: &ReadError) -> Stopped {
    let help = match error {
        ReadError::Unreachable { .. } => {
            "see whether the server runs and can be reached from here, and try again"
        }
        ReadError::Refused { .. } => {
            "see whether the key is the one that the server knows, and what it may do there"
        }
        ReadError::NoSuchZone { .. } => {
            "make the zone on the server first, or name the server that has it"
        }
        ReadError::Untrusted { .. } => {
            "nothing is concluded from such an answer; try again, and look at the server"
        }
        ReadError::Setup { .. } => "set the environment variable that the server's file names",
    };
    stopped(scope, error.to_string(), help)
}

fn effect_of(around: Option<Surroundings<'_>>, change: &Change) -> Effect {
    let Some((around, key)) = around.zip(parse_resource(&change.resource)) else {
        return Effect::unknown("its name is not that of a record set");
    };
    let read = |value: &Option<Value>| {
        value
            .as_ref()
            .map(|value| from_value(key.rtype, value))
            .transpose()
    };
    match (read(&change.before), read(&change.after)) {
        (Ok(before), Ok(after)) => effect::judge(around, &key, before.as_ref(), after.as_ref()),
        (Err(why), _) | (_, Err(why)) => Effect::unknown(why),
    }
}

/// The name that a zone's item stands for.
pub(crate) fn zone_name(item: &Item<Zone>) -> Option<DomainName> {
    DomainName::absolute(&format!("{}.", item.name)).ok()
}

impl Domain for Zones<'_> {
    type State = ZoneState;

    fn scopes(&self) -> Vec<Scope> {
        let mut scopes = Vec::new();
        for zone in self.estate.tables.zones.items() {
            for server in &zone.value.servers {
                let known = self.estate.tables.dns_servers.get(&server.name);
                let planned = known.filter(|server| server.value.kind != DnsServerKind::Other);
                scopes.extend(planned.map(|server| Scope {
                    domain: DOMAIN.to_owned(),
                    name: zone.name.clone(),
                    at: server.name.clone(),
                }));
            }
        }
        scopes.sort();
        scopes
    }

    fn files(&self, scope: &Scope) -> Result<BTreeSet<String>, Stopped> {
        let (item, server) = self.items(scope)?;
        let mut files = self.read(item).paths.clone();
        files.insert(self.path_of(server.span));
        let mut next = Some(item);
        while let Some(item) = next {
            let patterns = item
                .value
                .records
                .iter()
                .map(|pattern| pattern.value.clone());
            files.extend(patterns);
            let new = files.insert(self.path_of(item.span));
            let copied = item.value.copy.as_ref().filter(|_| new);
            next = copied.and_then(|copy| self.estate.tables.zones.get(&copy.of.name));
        }
        Ok(files)
    }

    fn desired(&self, scope: &Scope) -> Result<ZoneState, Stopped> {
        let (item, server) = self.items(scope)?;
        let read = self.read(item);
        let desired = read.desired.as_ref().map_err(|wrong| {
            stopped(
                scope,
                wrong,
                "mend it first: `commonhold check` says all that is wrong",
            )
        })?;
        let shared = self.readings.sources.borrow();
        let sources = shared.as_ref().unwrap_or(&self.estate.sources);
        let mut state = desired.for_server(&server.name, sources).map_err(|need| {
            let what = format!(
                "a record of it is `{}`, which servers of this kind cannot be",
                need.value
            );
            stopped(
                scope,
                what,
                "leave the record to a server that can, with `octodns: {included: [...]}`",
            )
        })?;
        state.left_alone.clone_from(&desired.left_alone);
        Ok(state)
    }

    fn observe(&self, scope: &Scope) -> Result<Observation<ZoneState>, Stopped> {
        let (item, server) = self.items(scope)?;
        let zone = zone_name(item)
            .ok_or_else(|| stopped(scope, "its name is no domain name", "rename its file"))?;
        let reader = self.reader(scope, server)?;
        let observed = reader
            .observe(&zone)
            .map_err(|error| of_read_error(scope, &error))?;
        let mut state = ZoneState::real(zone, observed.sets);
        state.beyond = observed.beyond;
        Ok(Observation {
            state,
            mark: observed.mark.0,
        })
    }

    fn diff(
        &self,
        scope: &Scope,
        current: &ZoneState,
        desired: &ZoneState,
        declared_before: Option<&ZoneState>,
    ) -> Difference {
        match self.items(scope) {
            Ok((item, _)) => diff::diff(
                (self.estate, self.before, self.is_governed_anew(scope)),
                item,
                current,
                desired,
                declared_before,
            ),
            Err(_) => Difference::default(),
        }
    }

    fn resources(&self, state: &ZoneState) -> Vec<String> {
        let mut names: Vec<String> = state.sets.keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names
    }

    fn resource(&self, state: &ZoneState, resource: &str) -> Option<Value> {
        let key = parse_resource(resource)?;
        state.sets.get(&key).map(|set| to_value(key.rtype, set))
    }

    fn judge<'c>(
        &self,
        scope: &Scope,
        current: &ZoneState,
        changes: impl IntoIterator<Item = &'c mut Change>,
    ) {
        let around = self.items(scope).ok().map(|(item, _)| Surroundings {
            estate: self.estate,
            before: self.before,
            governed_anew: self.is_governed_anew(scope),
            item,
            current,
        });
        for change in changes {
            change.effect = effect_of(around, change);
        }
    }

    fn owners(
        &self,
        scope: &Scope,
        resource: &str,
        desired: &ZoneState,
        declared_before: Option<&ZoneState>,
    ) -> Vec<String> {
        match self.items(scope).ok().zip(parse_resource(resource)) {
            Some(((item, _), key)) => diff::owners(item, &key, desired, declared_before),
            None => Vec::new(),
        }
    }

    fn digest(&self, state: &ZoneState) -> Digest {
        state.digest()
    }

    fn count(&self, state: &ZoneState) -> usize {
        state.sets.len()
    }

    fn limits(&self, scope: &Scope) -> ScopeLimits {
        let of = |estate: &Estate| {
            let zone = estate.tables.zones.get(&scope.name);
            zone.map(|zone| zone.value.limits.clone())
        };
        let zone = self.estate.tables.zones.get(&scope.name);
        let read = zone.map(|zone| self.read(zone));
        let is_empty =
            |read: Rc<ZoneFiles>| read.desired.as_ref().is_ok_and(|zone| zone.sets.is_empty());
        if read.is_some_and(is_empty) {
            // Emptiness is more often a slip than meant: a decision has to say so.
            return ScopeLimits {
                updates_percent: 0,
                deletes_percent: 0,
                exempt_below: 0,
            };
        }
        let now = of(self.estate).unwrap_or_default();
        let before = self.before.and_then(of).unwrap_or_else(|| now.clone());
        ScopeLimits {
            updates_percent: now.updates_percent.min(before.updates_percent),
            deletes_percent: now.deletes_percent.min(before.deletes_percent),
            exempt_below: now.exempt_below.min(before.exempt_below) as usize,
        }
    }

    fn verify(
        &self,
        scope: &Scope,
        current: &ZoneState,
        changes: &[Change],
        otherwise: &HashSet<&str>,
    ) -> Vec<Sighting> {
        let applied = verify::Applied {
            current,
            changes,
            otherwise,
        };
        match self.items(scope) {
            Ok((item, server)) => verify::verify(item, server, applied, self.outside),
            Err(_) => Vec::new(),
        }
    }
}

/// The same zones with hands that write. Only apply has one.
#[derive(Debug)]
pub struct Hands<'z, 'e>(pub &'z Zones<'e>);

impl Writers for Hands<'_, '_> {
    fn open(&self, scope: &Scope) -> Result<Hand<'_>, Stopped> {
        let (item, server) = self.0.items(scope)?;
        let zone = zone_name(item)
            .ok_or_else(|| stopped(scope, "its name is no domain name", "rename its file"))?;
        let writer =
            open::writer(server, self.0.outside).map_err(|error| of_read_error(scope, &error))?;
        Ok(Hand::Whole(Box::new(ZoneWriter::new(zone, writer))))
    }
}
