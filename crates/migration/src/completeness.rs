//! What shows that a move is not over, all from data: what is left, what is new, what is still paid
//! and issued by the vendor, who of the vendor has access, what is called by its name, and what
//! could not live without it.

mod access;
mod names;
mod page;
mod vendor;

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal, Diagnostic, Month, Span};
use charter::{Charter, DisbandPolicy};
use estate::Estate;
use estate::kinds::Migration;
use jiff::civil::Date;
use policy::Things;

pub use access::Identity;
pub use names::Named;
pub use vendor::{Credential, Stuck};

use crate::standing::{Counts, Standing};

/// All that the indicators rest on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The estate, with the sources of all that was read for it.
    pub estate: &'a Estate,
    /// The community's rules.
    pub charter: &'a Charter,
    /// The things that move.
    pub things: &'a Things<'a>,
    /// How the migrations stand that are asked about.
    pub standings: &'a [Standing],
    /// What the rules of the charter find.
    pub findings: &'a [Diagnostic],
    /// What is paid to the accounts that are left, by month; nothing if there are no bills.
    pub paid: Option<&'a [Paid]>,
    /// How much was left as each month began, the oldest first, where that was asked for.
    pub months: &'a [LeftThen],
    /// The day.
    pub today: Date,
}

/// What an account cost in a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paid {
    /// The account, by its name in the estate.
    pub account: String,
    /// The month in which it was incurred.
    pub month: Month,
    /// What it cost before grants.
    pub gross: Decimal,
    /// The currency.
    pub currency: Currency,
}

/// How much of a migration was left on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftThen {
    /// The migration.
    pub migration: String,
    /// The day, as it began.
    pub day: Date,
    /// How many things were left.
    pub left: usize,
}

/// What shows that the moves are not over.
#[derive(Debug, Clone)]
pub struct Completeness {
    /// The day.
    pub day: Date,
    /// What is left of each migration.
    pub left: Vec<Left>,
    /// How much was left as each month began.
    pub months: Vec<LeftThen>,
    /// What is still paid to the accounts that are left, by month; nothing if there are no bills.
    pub paid: Option<Vec<Paid>>,
    /// The accounts that are left.
    pub accounts: BTreeSet<String>,
    /// Credentials that the vendor issued and things that are left use.
    pub credentials: Vec<Credential>,
    /// Addresses of the vendor's domains that have access.
    pub identities: Vec<Identity>,
    /// Where the vendor is called by its names.
    pub names: Vec<Named>,
    /// The names that were looked for.
    pub vendor_names: BTreeSet<String>,
    /// Services that cannot live without whoever moves them: the rules that each breaks.
    pub fragile: Vec<Fragile>,
    /// What only the vendor can do.
    pub stuck: Vec<Stuck>,
}

/// What is left of one migration.
#[derive(Debug, Clone)]
pub struct Left {
    /// The migration.
    pub migration: String,
    /// What people call it.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// The day by which it should be done.
    pub due: Option<Date>,
    /// How many things are in each state.
    pub counts: Counts,
    /// The same by kind.
    pub by_kind: BTreeMap<String, Counts>,
    /// The same by owner; under an empty text what nobody owns.
    pub by_owner: BTreeMap<String, Counts>,
    /// How many came that are not on its list; nothing if there is no list.
    pub new: Option<usize>,
    /// How many are on its list.
    pub listed: Option<usize>,
}

/// A service that breaks rules of who keeps it running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragile {
    /// The service.
    pub service: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// The rules that it breaks.
    pub rules: Vec<String>,
    /// What is wrong, a sentence each.
    pub why: Vec<String>,
    /// Where it is declared.
    pub place: Span,
}

impl Completeness {
    /// What shows it on a day.
    pub fn of(ground: &Ground<'_>) -> Self {
        let migrations: Vec<&Migration> = ground
            .standings
            .iter()
            .filter_map(|one| ground.estate.tables.migrations.get(&one.migration))
            .map(|item| &item.value)
            .collect();
        let vendor_names: BTreeSet<String> = migrations
            .iter()
            .flat_map(|migration| &migration.vendor_names)
            .map(|name| name.value.clone())
            .collect();
        let accounts: BTreeSet<String> = migrations
            .iter()
            .flat_map(|migration| &migration.from)
            .map(|account| account.name.clone())
            .collect();
        // Who holds the accounts that are left may have people in access under its own name.
        let holders = accounts.iter().filter_map(|name| {
            let account = ground.estate.tables.accounts.get(name)?;
            account.value.vendor.clone()
        });
        let vendors: BTreeSet<String> = vendor_names.iter().cloned().chain(holders).collect();
        Self {
            day: ground.today,
            left: ground.standings.iter().map(left).collect(),
            months: ground.months.to_vec(),
            paid: ground.paid.map(|paid| {
                let mut paid = paid.to_vec();
                paid.sort();
                paid
            }),
            credentials: vendor::credentials(ground),
            identities: access::identities(ground.estate, &vendors),
            names: names::named(ground.estate, &vendor_names),
            fragile: fragile(ground.estate, ground.charter, ground.findings),
            stuck: vendor::stuck(ground),
            accounts,
            vendor_names,
        }
    }
}

fn left(standing: &Standing) -> Left {
    let owned = |counts: BTreeMap<&str, Counts>| {
        let counts = counts.into_iter();
        counts
            .map(|(key, counts)| (key.to_owned(), counts))
            .collect()
    };
    Left {
        migration: standing.migration.clone(),
        title: standing.title.clone(),
        owner: standing.owner.clone(),
        due: standing.due,
        counts: standing.counts(),
        by_kind: owned(standing.counts_by(|asset| &asset.kind)),
        by_owner: owned(standing.counts_by(|asset| asset.owner_or_none())),
        new: standing.listed.as_ref().map(|listed| listed.new.len()),
        listed: standing.listed.as_ref().map(|listed| listed.count),
    }
}

/// Services that break rules of who keeps them running: those that the charter names for the end,
/// or those that ship.
pub(crate) fn fragile(estate: &Estate, charter: &Charter, findings: &[Diagnostic]) -> Vec<Fragile> {
    let rules = match &charter.disband {
        Some(policy) => policy.rules(),
        None => DisbandPolicy::ownership_rules().to_vec(),
    };
    let mut broken: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings {
        let subject = finding.subject.as_deref();
        let service = subject.and_then(|subject| subject.strip_prefix("service/"));
        if let Some(service) = service.filter(|_| rules.contains(&finding.code.id)) {
            broken.entry(service).or_default().push(finding);
        }
    }
    let of = |(service, findings): (&str, Vec<&Diagnostic>)| {
        let item = estate.tables.services.get(service);
        let owner = item.and_then(|item| item.value.owner.as_ref());
        let ids: BTreeSet<&str> = findings.iter().map(|finding| finding.code.id).collect();
        Fragile {
            service: service.to_owned(),
            owner: owner.map(|owner| owner.name.clone()),
            rules: ids.into_iter().map(str::to_owned).collect(),
            why: findings.iter().map(|one| one.message.clone()).collect(),
            place: item.map_or(estate.root, |item| item.span),
        }
    };
    broken.into_iter().map(of).collect()
}
