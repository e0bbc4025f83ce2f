//! Services.

use base::{Span, Spanned};
use estate::kinds::{Account, Build, Classification, Criticality, Person, Place, Service};
use estate::{Estate, Item as Declared, KindId, Ref};
use jiff::civil::Date;
use jobs::item::Way;
use predicate::{Item, Type, Value, Words};

use super::account::holder;
use super::{TEXTS, declared, distinct, field};
use crate::Subject;

static OF_STAFF: Type = Type::Item(&STAFF);
static OF_PLACE: Type = Type::Item(&PLACE);

/// What can be said of a service.
pub static SERVICE: Words = Words {
    noun: "service",
    fields: &[
        field("name", Type::Text, "What it is called in the estate."),
        field("title", Type::Text, "What people call it."),
        field("summary", Type::Text, "What it does."),
        field(
            "kind",
            Type::Text,
            "Whether the project wrote it: `custom` or `off-the-shelf`.",
        ),
        field(
            "criticality",
            Type::Text,
            "What happens when it fails: `critical`, `important` or `useful`.",
        ),
        field("started", Type::Date, "The day it went into service."),
        field("owner", Type::Text, "The group that answers for it."),
        field(
            "staff",
            Type::List(&OF_STAFF),
            "The people who keep it running.",
        ),
        field(
            "staff_count",
            Type::Number,
            "How many they are; programs do not count.",
        ),
        field("employers", TEXTS, "The employers of its staff, each once."),
        field("runs_at", Type::List(&OF_PLACE), "Where it runs."),
        field("accounts", TEXTS, "The accounts it runs at."),
        field("providers", TEXTS, "The providers it runs at."),
        field(
            "holders",
            TEXTS,
            "Who holds the contracts: `community`, `vendor`.",
        ),
        field("vendors", TEXTS, "The vendors that hold them."),
        field("clusters", TEXTS, "The clusters it runs on."),
        field("regions", TEXTS, "The regions it runs in."),
        field("from", Type::Text, "The account that it leaves."),
        field("to", Type::Text, "The account that it goes to."),
        field(
            "due",
            Type::Date,
            "The day by which its move should be done.",
        ),
        field("tracked_by", Type::Text, "Where its move is tracked."),
        field(
            "move_state",
            Type::Text,
            "How far its move is: `not started`, `under way` or `done`.",
        ),
        field(
            "on_call",
            TEXTS,
            "Who is called when it fails; missing if nobody is.",
        ),
        field("runbook", Type::Text, "What to do when it fails."),
        field("team", Type::Text, "The team whose members may change it."),
        field("holds_data", Type::Truth, "Whether it holds data."),
        field(
            "classification",
            Type::Text,
            "Who may see its data: `public`, `internal`, `confidential` or `restricted`.",
        ),
        field(
            "retention",
            Type::Text,
            "How long its data are kept, and why.",
        ),
        field("backup", Type::Text, "Where a copy of its data is."),
        field(
            "restore_tested",
            Type::Date,
            "The day on which a restore was last seen to work.",
        ),
        field("depends_on", TEXTS, "The services it cannot do without."),
        field(
            "needed_by",
            TEXTS,
            "The services that cannot do without it.",
        ),
        field("hostnames", TEXTS, "The names it is found under."),
        field("repositories", TEXTS, "Where its source is."),
        field(
            "cost_accounts",
            TEXTS,
            "The accounts that its costs are charged to, where others.",
        ),
    ],
};

/// What can be said of somebody who keeps a service running.
static STAFF: Words = Words {
    noun: "member of staff",
    fields: &[
        field(
            "name",
            Type::Text,
            "What the person is called in the estate.",
        ),
        field("employer", Type::Text, "For whom the person works."),
        field("robot", Type::Truth, "Whether it is a program."),
    ],
};

/// What can be said of where a service runs.
static PLACE: Words = Words {
    noun: "place",
    fields: &[
        field("account", Type::Text, "The account."),
        field("provider", Type::Text, "Its provider."),
        field(
            "holder",
            Type::Text,
            "Who holds the contract: `community` or `vendor`.",
        ),
        field("vendor", Type::Text, "The vendor that holds it."),
        field("cluster", Type::Text, "The cluster."),
        field("region", Type::Text, "The region."),
        field("resource", Type::Text, "The name there."),
    ],
};

/// Anything that runs or is hosted.
pub(super) struct ServiceThing<'e> {
    service: &'e Declared<Service>,
    estate: &'e Estate,
    staff: Vec<Member<'e>>,
    places: Vec<Site<'e>>,
    depends_on: Vec<&'e str>,
    needed_by: Vec<&'e str>,
}

/// Somebody who keeps a service running.
struct Member<'e> {
    name: &'e str,
    employer: Option<&'e str>,
    robot: bool,
}

/// Where a service runs.
struct Site<'e> {
    place: &'e Place,
    name: &'e str,
    account: Option<&'e Account>,
}

impl Item for Member<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "name" => self.name.into(),
            "employer" => self.employer.into(),
            "robot" => self.robot.into(),
            _ => Value::Missing,
        }
    }
}

impl Item for Site<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "account" => self.name.into(),
            "provider" => self.account.map(|account| &account.provider).into(),
            "holder" => self.account.map(holder).into(),
            "vendor" => self
                .account
                .and_then(|account| account.vendor.as_ref())
                .into(),
            "cluster" => self.place.cluster.as_ref().into(),
            "region" => self.place.region.as_ref().into(),
            "resource" => self.place.resource.as_ref().into(),
            _ => Value::Missing,
        }
    }
}

impl<'e> ServiceThing<'e> {
    pub(super) fn of(
        service: &'e Declared<Service>,
        estate: &'e Estate,
        day: Option<Date>,
    ) -> Self {
        let staff = service.value.staff.iter().map(|person| {
            let found = estate.find(person).map(|person| &person.value);
            let employer = found.and_then(|person| employer(person, day));
            Member {
                name: declared(estate, person),
                employer: employer.map(|employer| employer.value.as_str()),
                robot: found.is_some_and(|person| person.robot),
            }
        });
        let places = service.value.runs_at.iter().map(|place| Site {
            place,
            name: declared(estate, &place.account),
            account: estate.find(&place.account).map(|account| &account.value),
        });
        let needs = |other: &&'e Declared<Service>| {
            let mut all = other.value.depends_on.iter();
            all.any(|needed| declared(estate, &needed.service) == service.name)
        };
        let needed_by = estate.tables.services.items().filter(needs);
        let depends_on = service.value.depends_on.iter();
        Self {
            staff: staff.collect(),
            places: places.collect(),
            depends_on: distinct(depends_on.map(|needed| declared(estate, &needed.service))),
            needed_by: distinct(needed_by.map(|other| other.name.as_str())),
            service,
            estate,
        }
    }

    /// What each place says, each once.
    fn of_places(&self, said: impl Fn(&Site<'e>) -> Option<&'e str>) -> Value<'_> {
        distinct(self.places.iter().filter_map(said))
            .into_iter()
            .map(Value::Text)
            .collect()
    }

    fn places(&self, field: &str) -> Value<'_> {
        match field {
            "runs_at" => Value::list(&self.places),
            "accounts" => self.of_places(|site| Some(site.name)),
            "providers" => self.of_places(|site| Some(&site.account?.provider)),
            "holders" => self.of_places(|site| site.account.map(holder)),
            "vendors" => self.of_places(|site| site.account?.vendor.as_deref()),
            "clusters" => self.of_places(|site| site.place.cluster.as_deref()),
            "regions" => self.of_places(|site| site.place.region.as_deref()),
            _ => Value::Missing,
        }
    }

    fn people(&self, field: &str) -> Value<'_> {
        let service = &self.service.value;
        match field {
            "staff" => Value::list(&self.staff),
            "staff_count" => self
                .staff
                .iter()
                .filter(|member| !member.robot)
                .count()
                .into(),
            "employers" => {
                let employers = self.staff.iter().filter_map(|member| member.employer);
                distinct(employers).into_iter().map(Value::Text).collect()
            }
            "on_call" => match &service.on_call {
                Some(on_call) => {
                    let rota = on_call.rota.iter();
                    rota.map(|person| Value::Text(declared(self.estate, person)))
                        .collect()
                }
                None => Value::Missing,
            },
            "runbook" => {
                let administration = service.administration.as_ref();
                administration.and_then(|by| by.runbook.as_ref()).into()
            }
            "team" => {
                let team = service
                    .administration
                    .as_ref()
                    .and_then(|by| by.team.as_ref());
                team.map(|team| declared(self.estate, team)).into()
            }
            _ => Value::Missing,
        }
    }

    fn move_and_data(&self, field: &str) -> Value<'_> {
        let service = &self.service.value;
        let (moved, data) = (service.migration.as_ref(), service.data.as_ref());
        let backup = data.and_then(|data| data.backup.as_ref());
        let account = |account: &'e Ref<Account>| declared(self.estate, account);
        match field {
            "from" => moved.map(|moved| account(&moved.from)).into(),
            "to" => moved
                .and_then(|moved| moved.to.as_ref())
                .map(account)
                .into(),
            "due" => moved
                .and_then(|moved| moved.due.as_ref())
                .map(|due| due.value)
                .into(),
            "tracked_by" => moved.and_then(|moved| moved.tracked_by.as_ref()).into(),
            "move_state" => service
                .migration_state()
                .map(estate::kinds::MigrationState::word)
                .into(),
            "holds_data" => data.is_some().into(),
            "classification" => data.map(|data| classification(data.classification)).into(),
            "retention" => data.and_then(|data| data.retention.as_ref()).into(),
            "backup" => backup.map(|backup| &backup.to.value).into(),
            "restore_tested" => {
                let tested = backup.and_then(|backup| backup.restore_tested.as_ref());
                tested.map(|day| day.value).into()
            }
            _ => Value::Missing,
        }
    }
}

/// For whom a person works on a day, or else with no end set.
fn employer(person: &Person, day: Option<Date>) -> Option<&Spanned<String>> {
    if let Some(day) = day {
        return person.employer_on(day);
    }
    let lasting = person.employers.iter().filter(|job| job.until.is_none());
    lasting.max_by_key(|job| job.from).map(|job| &job.company)
}

fn classification(of: Classification) -> &'static str {
    match of {
        Classification::Public => "public",
        Classification::Internal => "internal",
        Classification::Confidential => "confidential",
        Classification::Restricted => "restricted",
    }
}

impl Item for ServiceThing<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let service = &self.service.value;
        match field {
            "name" => (&self.service.name).into(),
            "title" => (&service.name).into(),
            "summary" => (&service.summary).into(),
            "kind" => match service.kind {
                Build::Custom => "custom",
                Build::OffTheShelf => "off-the-shelf",
            }
            .into(),
            "criticality" => match service.criticality {
                Criticality::Critical => "critical",
                Criticality::Important => "important",
                Criticality::Useful => "useful",
            }
            .into(),
            "started" => service.started.into(),
            "owner" => self.owner().into(),
            "depends_on" => Value::list(&self.depends_on),
            "needed_by" => Value::list(&self.needed_by),
            "hostnames" => service
                .hostnames
                .iter()
                .map(|name| Value::Text(&name.value))
                .collect(),
            "repositories" => {
                let sources = service.source.iter();
                sources
                    .map(|source| Value::Text(&source.repository.value))
                    .collect()
            }
            "cost_accounts" => {
                let accounts = service.cost_accounts.iter();
                accounts
                    .map(|account| Value::Text(declared(self.estate, account)))
                    .collect()
            }
            "staff" | "staff_count" | "employers" | "on_call" | "runbook" | "team" => {
                self.people(field)
            }
            "runs_at" | "accounts" | "providers" | "holders" | "vendors" | "clusters"
            | "regions" => self.places(field),
            _ => self.move_and_data(field),
        }
    }
}

impl Subject for ServiceThing<'_> {
    fn id(&self) -> &str {
        &self.service.name
    }

    fn name(&self) -> &str {
        &self.service.name
    }

    fn subject(&self) -> String {
        self.service.subject()
    }

    fn span(&self) -> Span {
        self.service.span
    }

    fn written(&self, field: &str) -> Option<Span> {
        let service = &self.service.value;
        let way = Way::of(field);
        let moved = service.migration.as_ref();
        let backup = service.data.as_ref().and_then(|data| data.backup.as_ref());
        match way.field {
            "owner" => service.owner.as_ref().map(|owner| owner.span),
            "staff" | "staff_count" | "employers" => way
                .among(&service.staff)
                .or(service.staff.first())
                .map(|person| person.span),
            "runs_at" | "accounts" | "providers" | "holders" | "vendors" | "clusters"
            | "regions" => {
                let places = &service.runs_at;
                way.among(places)
                    .or(places.first())
                    .map(|place| place.account.span)
            }
            "from" | "move_state" => moved.map(|moved| moved.from.span),
            "to" => moved?.to.as_ref().map(|to| to.span),
            "due" => moved?.due.as_ref().map(|due| due.span),
            "backup" => backup.map(|backup| backup.to.span),
            "restore_tested" => backup?.restore_tested.as_ref().map(|day| day.span),
            "holds_data" | "classification" | "retention" => {
                service.data.as_ref().map(|data| data.holds.span)
            }
            "hostnames" => {
                let names = &service.hostnames;
                way.among(names).or(names.first()).map(|name| name.span)
            }
            "depends_on" => {
                let needed = &service.depends_on;
                way.among(needed)
                    .or(needed.first())
                    .map(|needed| needed.service.span)
            }
            "on_call" => service
                .on_call
                .as_ref()?
                .rota
                .first()
                .map(|person| person.span),
            "team" => service
                .administration
                .as_ref()?
                .team
                .as_ref()
                .map(|team| team.span),
            "cost_accounts" => service.cost_accounts.first().map(|account| account.span),
            _ => None,
        }
    }

    fn owner(&self) -> Option<&str> {
        let owner = self.service.value.owner.as_ref()?;
        Some(declared(self.estate, owner))
    }

    /// Also where an account or a person it names could not be read: what they say is said of it.
    fn is_flawed(&self) -> bool {
        let tables = &self.estate.tables;
        let account = |site: &Site<'_>| {
            site.account.is_none() || tables.is_flawed(KindId::Account, site.name)
        };
        let staff = |person| {
            self.estate
                .find(person)
                .is_none_or(|known| tables.is_flawed(KindId::Person, &known.name))
        };
        tables.is_flawed(KindId::Service, &self.service.name)
            || self.places.iter().any(account)
            || self.service.value.staff.iter().any(staff)
    }
}
