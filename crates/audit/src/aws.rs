//! Accounts of Amazon's: buckets, identities and hosted zones.
//!
//! Each service of an account is a system by itself. What is exported is what is listed here, by
//! name: nothing that tells of use (when a key was last used, how often a policy is attached),
//! nothing that is a limit, no entity tag, and no secret.

mod ask;
mod iam;
mod policy;
mod route53;
mod s3;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use estate::kinds::{Account, AccountAudit, AuditedService, DnsServerKind};
use estate::{Estate, Item};
use http_client::aws::Credentials;
use jiff::Timestamp;
use serde_json::Value;

use crate::compare::whole_of;
use crate::{Against, Export, Failed, Field, Seen, Thing, Why};
use ask::{Asker, Service};

#[doc(hidden)]
pub mod reading {
    //! The readers of answers, for who feeds them anything at all.

    pub use super::iam::{keys as access_keys, page as iam_page, summary};
    pub use super::policy::document;
    pub use super::route53::{records, zones};
    pub use super::s3::{BucketPart, PARTS, buckets, location};
}

/// The region where an account says none.
const REGION: &str = "us-east-1";

/// What the outside world has to give.
#[derive(Clone, Copy)]
pub struct Outside<'o> {
    /// The value of an environment variable.
    pub secrets: &'o dyn Fn(&str) -> Option<String>,
    /// The time, for signatures and for how long it takes.
    pub clock: fn() -> Timestamp,
    /// Waits.
    pub wait: fn(Duration),
    /// How long.
    pub patience: Patience,
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// How long a collector may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until one answer is there.
    pub answer: Duration,
    /// Until all of them are.
    pub whole: Duration,
    /// How often the same is asked where the service is busy or does not answer.
    pub tries: u32,
    /// The first wait before it is asked again; it doubles.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(30),
            whole: Duration::from_secs(15 * 60),
            tries: 6,
            pause: Duration::from_millis(500),
        }
    }
}

/// One service of an account that the estate has audited.
#[derive(Debug, Clone, Copy)]
pub struct Part<'e> {
    account: &'e Item<Account>,
    audit: &'e AccountAudit,
    service: AuditedService,
}

/// All parts of all accounts that are audited, by the names of their systems.
pub fn parts(estate: &Estate) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for account in estate.tables.accounts.items() {
        let Some(audit) = account.value.audit.as_ref().map(|audit| &audit.value) else {
            continue;
        };
        let all = AuditedService::ALL.iter().copied();
        let said = |service: &AuditedService| {
            audit.services.is_empty() || audit.services.contains(service)
        };
        parts.extend(all.filter(said).map(|service| Part {
            account,
            audit,
            service,
        }));
    }
    parts.sort_by_cached_key(Part::system);
    parts
}

impl Part<'_> {
    /// The name of the system: `aws/main/s3`.
    pub fn system(&self) -> String {
        format!("aws/{}/{}", self.account.name, self.service)
    }

    /// Sees all of it, and how it stands to what the estate declares.
    ///
    /// # Errors
    /// Any part of it could not be seen.
    pub fn collect(&self, estate: &Estate, outside: Outside<'_>) -> Result<Seen, Failed> {
        let asker = self.asker(outside)?;
        let zones = declared_zones(estate);
        let things = match self.service {
            AuditedService::S3 => s3::collect(&asker)?,
            AuditedService::Iam => iam::collect(&asker)?,
            AuditedService::Route53 => route53::collect(&asker, &zones)?,
        };
        let export = Export::new(self.system(), things);
        let declared = Declared::of(self, estate, &zones);
        Ok(Seen {
            things: declared.judge(&export),
            export,
        })
    }

    fn asker(&self, outside: Outside<'_>) -> Result<Asker, Failed> {
        let setup = |what: String| Failed::new(Why::Setup, what);
        let variable = self.audit.credential.variable();
        let key = (outside.secrets)(variable)
            .ok_or_else(|| setup(format!("the variable {variable} is not set")))?;
        let credentials = Credentials::read(&key).ok_or_else(|| {
            setup(format!(
                "{variable} does not hold `KEYID:SECRET` or `KEYID:SECRET:TOKEN`"
            ))
        })?;
        let address = self.audit.address.as_ref();
        let address = address.map(|address| http_client::address(&address.value));
        let region = self.audit.region.as_ref();
        let region = region.map_or(REGION, |region| region.value.as_str());
        if !is_region(region) {
            return Err(setup(format!("`{region}` is not the name of a region")));
        }
        let service = match self.service {
            AuditedService::S3 => Service::S3,
            AuditedService::Iam => Service::Iam,
            AuditedService::Route53 => Service::Route53,
        };
        Ok(Asker::new(
            service,
            address.transpose().map_err(setup)?,
            region,
            credentials,
            outside,
        ))
    }
}

/// Whether a text is of the form of a region's name. Answers tell some, and they go into hosts.
pub(crate) fn is_region(text: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (4..=30).contains(&text.len()) && text.bytes().all(sound) && !text.starts_with('-')
}

/// The zones of the estate that this service serves, as it writes them, and who answers for them.
fn declared_zones(estate: &Estate) -> BTreeMap<String, Vec<String>> {
    let zones = estate.tables.zones.items();
    let served = zones.filter(|zone| {
        let mut servers = zone.value.servers.iter();
        servers.any(|server| {
            let server = estate.tables.dns_servers.get(&server.name);
            server.is_some_and(|server| server.value.kind == DnsServerKind::Route53)
        })
    });
    let named = served.map(|zone| {
        let owner = zone.value.owner.iter().map(|owner| owner.name.clone());
        (format!("{}.", zone.name.to_lowercase()), owner.collect())
    });
    named.collect()
}

/// What the estate says is in one part of an account: names of things, in which region, whose.
struct Declared {
    places: BTreeMap<String, (Option<String>, Vec<String>)>,
    zones: BTreeMap<String, Vec<String>>,
    /// Who answers for the account, and so for what nobody declares.
    account: Vec<String>,
}

impl Declared {
    fn of(part: &Part<'_>, estate: &Estate, zones: &BTreeMap<String, Vec<String>>) -> Self {
        let mut places: BTreeMap<String, (Option<String>, Vec<String>)> = BTreeMap::new();
        for service in estate.tables.services.items() {
            let here = service.value.runs_at.iter().filter(|place| {
                let account = estate.tables.accounts.get(&place.account.name);
                account.is_some_and(|account| account.name == part.account.name)
            });
            for place in here.filter(|place| place.cluster.is_none()) {
                let Some(name) = place
                    .resource
                    .as_deref()
                    .and_then(|text| named(text, part.service))
                else {
                    continue;
                };
                let owners = service.value.owner.iter().map(|owner| owner.name.clone());
                let (region, known) = places.entry(name).or_default();
                *region = region.take().or_else(|| place.region.clone());
                known.extend(owners);
                known.sort();
                known.dedup();
            }
        }
        let is_dns = part.service == AuditedService::Route53;
        Self {
            places,
            zones: if is_dns {
                zones.clone()
            } else {
                BTreeMap::new()
            },
            account: part
                .account
                .value
                .owner
                .iter()
                .map(|owner| owner.name.clone())
                .collect(),
        }
    }

    fn judge(&self, export: &Export) -> BTreeMap<String, Thing> {
        let mut things: BTreeMap<String, Thing> = export
            .things()
            .iter()
            .map(|(name, value)| (name.clone(), self.thing(name, value, export)))
            .collect();
        for (name, (_, owners)) in &self.places {
            things
                .entry(name.clone())
                .or_insert_with(|| Thing::new(Against::Missing, owners.clone()));
        }
        let there = export.things().iter().filter_map(|(name, value)| {
            name.starts_with(route53::ZONE)
                .then(|| value.get("name")?.as_str())?
        });
        let there: BTreeSet<&str> = there.collect();
        let gone = self
            .zones
            .iter()
            .filter(|(zone, _)| !there.contains(zone.as_str()));
        for (zone, owners) in gone {
            let name = format!("{}{zone}", route53::ZONE);
            things.insert(name, Thing::new(Against::Missing, owners.clone()));
        }
        things
    }

    fn thing(&self, name: &str, value: &Value, export: &Export) -> Thing {
        if let Some((region, owners)) = self.places.get(name) {
            let is = value.get("location").and_then(Value::as_str);
            let moved = region.as_deref().zip(is).filter(|(said, is)| said != is);
            let against = match moved {
                Some((said, is)) => Against::Changed(vec![Field {
                    name: "location".to_owned(),
                    from: Some(Value::from(said)),
                    to: Some(Value::from(is)),
                }]),
                None => Against::Named,
            };
            return Thing::new(against, owners.clone());
        }
        if name.starts_with(iam::ACCOUNT) {
            return Thing::new(Against::Beside, self.account.clone());
        }
        if let Some(whole) = whole_of(name, |one| export.things().contains_key(one)) {
            return Thing::new(Against::Part(whole.to_owned()), self.account.clone());
        }
        let zone = value.get("name").and_then(Value::as_str);
        let is_private = value.get("private") == Some(&Value::Bool(true));
        let zone = zone.filter(|_| name.starts_with(route53::ZONE) && !is_private);
        match zone.and_then(|zone| self.zones.get(zone)) {
            Some(owners) => Thing::new(Against::Named, owners.clone()),
            None => Thing::new(Against::Unmanaged(undeclared(name)), self.account.clone()),
        }
    }
}

/// What a service's place calls a thing here: a bucket by its bare name, others by theirs as the
/// audit has them. None if it is of another service.
fn named(resource: &str, service: AuditedService) -> Option<String> {
    let kind = resource.split_once('/').map(|(kind, _)| kind);
    match (service, kind) {
        (AuditedService::S3, None) => Some(format!("{}{resource}", s3::BUCKET)),
        (AuditedService::S3, Some("bucket"))
        | (AuditedService::Iam, Some("user" | "group" | "role" | "policy")) => {
            Some(resource.to_owned())
        }
        _ => None,
    }
}

fn undeclared(name: &str) -> String {
    if name.starts_with(route53::ZONE) {
        "no zone of the estate is served there under this name".to_owned()
    } else {
        "no service of the estate runs there under this name".to_owned()
    }
}
