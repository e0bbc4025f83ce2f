//! What is shown of each kind in a list: a heading and what stands under it, side by side.

use std::collections::{BTreeMap, BTreeSet};

use charter::{Charter, Employers};
use estate::kinds::{
    AccessSystem, Account, Budget, BudgetPeriod, CreditGrant, DnsServer, Funding, Group, Holder,
    Kind, MailingGroup, Migration, Organisation, Person, Policy, Service, Team, Zone,
};
use estate::{AnyItem, Estate, Item, KindId, Relation};
use jiff::civil::Date;

use crate::render::table::{Cell, Table};

/// What a cell may be made of beside its item.
struct Context<'e> {
    estate: &'e Estate,
    day: Date,
}

type Column<K> = (&'static str, fn(&Context<'_>, &Item<K>) -> Cell);

const PEOPLE: &[Column<Person>] = &[
    ("person", |_, item| Cell::from(item.name.as_str())),
    ("name", |_, item| Cell::from(item.value.name.clone())),
    ("employer", |cx, item| {
        Cell::from(
            item.value
                .employer_on(cx.day)
                .map(|company| company.value.clone()),
        )
    }),
    ("roles", |cx, item| Cell::from(cx.named_by(item, |_| true))),
];

const GROUPS: &[Column<Group>] = &[
    ("group", |_, item| Cell::from(item.name.as_str())),
    ("kind", |_, item| {
        Cell::from(item.value.kind.as_ref().map(|kind| kind.value.clone()))
    }),
    ("standing", |_, item| Cell::from(item.value.standing.word())),
    ("leads", |cx, item| Cell::from(cx.leads(item).len())),
    ("largest employer", |cx, item| {
        Cell::from(cx.largest_employer(item))
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const SERVICES: &[Column<Service>] = &[
    ("service", |_, item| Cell::from(item.name.as_str())),
    ("owner", |_, item| {
        Cell::from(item.value.owner.as_ref().map(|owner| owner.name.clone()))
    }),
    ("staff", |_, item| Cell::from(item.value.staff.len())),
    ("criticality", |_, item| {
        Cell::from(item.value.criticality.word())
    }),
    ("runs at", |_, item| {
        let places = item.value.runs_at.iter();
        Cell::from(
            places
                .map(|place| place.account.name.clone())
                .collect::<Vec<_>>(),
        )
    }),
    ("migration", |_, item| {
        Cell::from(
            item.value
                .migration_state()
                .map(|state| state.word().to_owned()),
        )
    }),
    ("name", |_, item| Cell::from(item.title())),
];

const TEAMS: &[Column<Team>] = &[
    ("team", |_, item| Cell::from(item.name.as_str())),
    ("organisation", |_, item| {
        Cell::from(
            item.value
                .organisation
                .as_ref()
                .map(|organisation| organisation.name.clone()),
        )
    }),
    ("people", |_, item| Cell::from(item.value.people().count())),
    ("grants", |_, item| Cell::from(item.value.grants.len())),
    ("description", |_, item| {
        Cell::from(item.value.description.as_deref().map(first_line))
    }),
];

const ORGANISATIONS: &[Column<Organisation>] = &[
    ("organisation", |_, item| Cell::from(item.name.as_str())),
    ("admins", |_, item| Cell::from(item.value.admins.len())),
    ("members", |_, item| Cell::from(item.value.members.len())),
    ("title", |_, item| Cell::from(item.title())),
];

const MAILING_GROUPS: &[Column<MailingGroup>] = &[
    ("mailing group", |_, item| {
        Cell::from(item.value.email.as_str())
    }),
    ("owner", |_, item| {
        Cell::from(item.value.owner.as_ref().map(|owner| owner.name.clone()))
    }),
    ("closed", |_, item| {
        Cell::from(if item.value.closed { "closed" } else { "open" })
    }),
    ("addresses", |_, item| {
        Cell::from(item.value.addresses().count())
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const ACCOUNTS: &[Column<Account>] = &[
    ("account", |_, item| Cell::from(item.name.as_str())),
    ("provider", |_, item| {
        Cell::from(item.value.provider.as_str())
    }),
    ("holder", |_, item| {
        match (item.value.holder, &item.value.vendor) {
            (Holder::Community, _) => Cell::from("community"),
            (Holder::Vendor, Some(vendor)) => Cell::from(vendor.as_str()),
            (Holder::Vendor, None) => Cell::from("a vendor"),
        }
    }),
    ("owner", |_, item| {
        Cell::from(item.value.owner.as_ref().map(|owner| owner.name.clone()))
    }),
    ("services", |cx, item| {
        Cell::from(cx.named_by(item, |relation| relation == Relation::RunsAt))
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const ZONES: &[Column<Zone>] = &[
    ("zone", |_, item| Cell::from(item.name.as_str())),
    ("owner", |_, item| {
        Cell::from(item.value.owner.as_ref().map(|owner| owner.name.clone()))
    }),
    ("service", |_, item| {
        Cell::from(item.value.service.as_ref().map(|part| part.name.clone()))
    }),
    ("files", |_, item| Cell::from(item.value.records.len())),
    ("copy of", |_, item| {
        Cell::from(item.value.copy.as_ref().map(|copy| copy.of.name.clone()))
    }),
    ("servers", |_, item| {
        let servers = item.value.servers.iter();
        Cell::from(
            servers
                .map(|server| server.name.clone())
                .collect::<Vec<_>>(),
        )
    }),
];

const DNS_SERVERS: &[Column<DnsServer>] = &[
    ("server", |_, item| Cell::from(item.name.as_str())),
    ("kind", |_, item| Cell::from(item.value.kind.word())),
    ("address", |_, item| {
        Cell::from(
            item.value
                .address
                .as_ref()
                .map(|address| address.value.clone()),
        )
    }),
    ("zones", |cx, item| {
        Cell::from(cx.named_by(item, |relation| relation == Relation::ServedBy))
    }),
];

const ACCESS_SYSTEMS: &[Column<AccessSystem>] = &[
    ("system", |_, item| Cell::from(item.name.as_str())),
    ("kind", |_, item| Cell::from(item.value.kind.word())),
    ("address", |_, item| {
        let address = item.value.address.as_ref();
        Cell::from(address.map(|address| address.value.clone()))
    }),
    ("holds", |_, item| {
        let organisations = item.value.organisations.iter().map(|one| one.name.clone());
        let domains = item.value.mail_domains.iter().map(|one| one.value.clone());
        let base = item.value.base.iter().map(|one| one.value.clone());
        Cell::from(organisations.chain(domains).chain(base).collect::<Vec<_>>())
    }),
];

const GRANTS: &[Column<CreditGrant>] = &[
    ("grant", |_, item| Cell::from(item.name.as_str())),
    ("giver", |_, item| Cell::from(item.value.giver.as_str())),
    ("provider", |_, item| {
        Cell::from(item.value.provider.as_str())
    }),
    ("amount", |_, item| {
        Cell::from(format!("{} {}", item.value.amount, item.value.currency))
    }),
    ("start", |_, item| Cell::from(item.value.start.to_string())),
    ("end", |_, item| Cell::from(item.value.end.to_string())),
    ("owner", |_, item| {
        Cell::from(item.value.owner.name.as_str())
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const BUDGETS: &[Column<Budget>] = &[
    ("budget", |_, item| Cell::from(item.name.as_str())),
    ("amount", |_, item| {
        Cell::from(format!("{} {}", item.value.amount, item.value.currency))
    }),
    ("period", |_, item| {
        Cell::from(match &item.value.period {
            BudgetPeriod::Month => "month".to_owned(),
            BudgetPeriod::Quarter => "quarter".to_owned(),
            BudgetPeriod::Year => "year".to_owned(),
            BudgetPeriod::Custom { from, until } => format!("{from} to {until}"),
            BudgetPeriod::Anniversary(day) => format!("year from {day}"),
            BudgetPeriod::Grant(grant) => format!("grant {grant}"),
        })
    }),
    ("cost", |_, item| Cell::from(item.value.metric.word())),
    ("thresholds", |_, item| {
        let thresholds = item.value.thresholds.iter();
        let each = thresholds.map(|one| format!("{}% {}", one.at, one.basis));
        Cell::from(each.collect::<Vec<_>>())
    }),
    ("owner", |_, item| {
        Cell::from(item.value.owner.name.as_str())
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const FUNDING: &[Column<Funding>] = &[
    ("funding", |_, item| Cell::from(item.name.as_str())),
    ("owner", |_, item| {
        Cell::from(item.value.owner.name.as_str())
    }),
    ("a month", |_, item| {
        let monthly = item.value.monthly.as_ref();
        Cell::from(monthly.map(|cost| format!("{} {}", cost.amount, cost.currency)))
    }),
    ("review by", |_, item| {
        Cell::from(item.value.review_by.to_string())
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const POLICIES: &[Column<Policy>] = &[
    ("policy", |_, item| Cell::from(item.name.as_str())),
    ("about", |_, item| Cell::from(item.value.about.to_string())),
    ("rules", |_, item| Cell::from(item.value.rules.len())),
    ("owner", |_, item| {
        Cell::from(item.value.owner.name.as_str())
    }),
    ("title", |_, item| Cell::from(item.title())),
];

const MIGRATIONS: &[Column<Migration>] = &[
    ("migration", |_, item| Cell::from(item.name.as_str())),
    ("about", |_, item| Cell::from(item.value.about.to_string())),
    ("owner", |_, item| {
        Cell::from(item.value.owner.name.as_str())
    }),
    ("due", |_, item| {
        Cell::from(item.value.due.as_ref().map(ToString::to_string))
    }),
    ("title", |_, item| Cell::from(item.title())),
];

pub(super) fn table(estate: &Estate, kind: KindId, items: &[AnyItem<'_>], day: Date) -> Table {
    let cx = Context { estate, day };
    let tables = &estate.tables;
    match kind {
        KindId::Person => cx.fill(&tables.people, PEOPLE, items),
        KindId::Group => cx.fill(&tables.groups, GROUPS, items),
        KindId::Service => cx.fill(&tables.services, SERVICES, items),
        KindId::Team => cx.fill(&tables.teams, TEAMS, items),
        KindId::Organisation => cx.fill(&tables.organisations, ORGANISATIONS, items),
        KindId::MailingGroup => cx.fill(&tables.mailing_groups, MAILING_GROUPS, items),
        KindId::Account => cx.fill(&tables.accounts, ACCOUNTS, items),
        KindId::Zone => cx.fill(&tables.zones, ZONES, items),
        KindId::DnsServer => cx.fill(&tables.dns_servers, DNS_SERVERS, items),
        KindId::AccessSystem => cx.fill(&tables.access_systems, ACCESS_SYSTEMS, items),
        KindId::CreditGrant => cx.fill(&tables.grants, GRANTS, items),
        KindId::Budget => cx.fill(&tables.budgets, BUDGETS, items),
        KindId::Funding => cx.fill(&tables.funding, FUNDING, items),
        KindId::Policy => cx.fill(&tables.policies, POLICIES, items),
        KindId::Migration => cx.fill(&tables.migrations, MIGRATIONS, items),
    }
}

impl Context<'_> {
    fn fill<K: Kind>(
        &self,
        all: &estate::Table<K>,
        columns: &[Column<K>],
        items: &[AnyItem<'_>],
    ) -> Table {
        let headings: Vec<&'static str> = columns.iter().map(|(heading, _)| *heading).collect();
        let mut table = Table::new(&headings);
        for item in items.iter().filter_map(|item| all.get(item.name)) {
            table.row(columns.iter().map(|(_, cell)| cell(self, item)));
        }
        table
    }

    /// How often others name an item, in the relations that count.
    fn named_by<K: Kind>(&self, item: &Item<K>, counts: fn(Relation) -> bool) -> usize {
        let node = self.estate.node_of(item);
        let incoming = node
            .into_iter()
            .flat_map(|node| self.estate.graph.incoming(node));
        incoming.filter(|link| counts(link.relation)).count()
    }

    /// The distinct people who lead a group.
    fn leads(&self, item: &Item<Group>) -> BTreeSet<&str> {
        let leads = item
            .value
            .leads_on(self.day)
            .filter_map(|lead| self.estate.find(&lead.person));
        leads.map(|person| person.name.as_str()).collect()
    }

    fn largest_employer(&self, item: &Item<Group>) -> Option<String> {
        let leads = self.leads(item);
        let mut shares: BTreeMap<&str, usize> = BTreeMap::new();
        for person in leads
            .iter()
            .filter_map(|name| self.estate.tables.people.get(name))
        {
            if let Some(company) = person.value.employer_on(self.day) {
                *shares.entry(company.value.as_str()).or_default() += 1;
            }
        }
        let largest = shares
            .iter()
            .max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
        largest.map(|(name, count)| format!("{name} {count}/{}", leads.len()))
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").to_owned()
}

/// Everybody whom the charter counts under the same employer on a day.
pub(super) fn people_of(estate: &Estate, employer: &str, day: Date) -> BTreeSet<String> {
    let (charter, _) = Charter::of(estate);
    let employers = Employers::of(&charter);
    let wanted = employers.counted_as(employer);
    let works_there = |person: &&Item<Person>| {
        person
            .value
            .employer_on(day)
            .is_some_and(|company| match &wanted {
                Some(_) => employers.counted_as(company) == wanted,
                None => company.eq_ignore_ascii_case(employer),
            })
    };
    estate
        .tables
        .people
        .items()
        .filter(works_there)
        .map(|person| person.name.clone())
        .collect()
}

/// The people an item names; a person is behind themselves.
pub(super) fn people_behind(estate: &Estate, item: &AnyItem<'_>) -> Vec<String> {
    if item.kind == KindId::Person {
        return vec![item.name.to_owned()];
    }
    let Some(node) = estate.graph.node(item.kind, item.name) else {
        return Vec::new();
    };
    let links = estate
        .graph
        .outgoing(node)
        .filter(|link| link.relation != Relation::Honours);
    let named = links
        .map(|link| estate.graph.item(link.to))
        .filter(|(kind, _)| *kind == KindId::Person);
    named.map(|(_, name)| name.to_owned()).collect()
}

/// Every name under which a place may be asked for.
pub(super) fn places(estate: &Estate, item: &AnyItem<'_>) -> Vec<String> {
    let of_account = |account: &Item<Account>| {
        vec![
            account.name.clone(),
            account.value.id.clone(),
            account.value.provider.clone(),
        ]
    };
    match item.kind {
        KindId::Account => estate
            .tables
            .accounts
            .get(item.name)
            .map_or(Vec::new(), of_account),
        KindId::Service => {
            let Some(service) = estate.tables.services.get(item.name) else {
                return Vec::new();
            };
            let mut names = Vec::new();
            for place in &service.value.runs_at {
                names.extend(
                    [&place.cluster, &place.region, &place.resource]
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
                names.extend(
                    estate
                        .find(&place.account)
                        .map(of_account)
                        .into_iter()
                        .flatten(),
                );
            }
            names
        }
        _ => Vec::new(),
    }
}
