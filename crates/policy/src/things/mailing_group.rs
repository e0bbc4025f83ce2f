//! Mailing groups.

use base::Span;
use estate::kinds::MailingGroup;
use estate::{Email, Estate, Item as Declared, KindId};
use jobs::item::Way;
use predicate::{Item, Map, Type, Value, Words};

use super::{TEXT, TEXTS, declared, distinct, field};
use crate::Subject;

/// What can be said of a mailing group.
pub static MAILING_GROUP: Words = Words {
    noun: "mailing group",
    fields: &[
        field("name", Type::Text, "What it is called in the estate."),
        field("email", Type::Text, "Its address."),
        field("domain", Type::Text, "The domain of that address."),
        field("title", Type::Text, "What people call it."),
        field("description", Type::Text, "What it is for."),
        field("owner", Type::Text, "The group that answers for it."),
        field(
            "closed",
            Type::Truth,
            "Whether only addresses that the estate knows may be in it.",
        ),
        field(
            "joined_freely",
            Type::Truth,
            "Whether people may join by themselves.",
        ),
        field(
            "owners",
            TEXTS,
            "The addresses of those who may do everything.",
        ),
        field(
            "managers",
            TEXTS,
            "The addresses of those who may change its membership.",
        ),
        field("members", TEXTS, "The addresses of those who just receive."),
        field("addresses", TEXTS, "All of those addresses."),
        field("domains", TEXTS, "The domains of those addresses."),
        field(
            "outside",
            TEXTS,
            "Those of them that are nobody's whom the estate knows.",
        ),
        field("outside_domains", TEXTS, "The domains of those."),
        field(
            "includes",
            TEXTS,
            "Groups and teams whose people are in it, as `group/NAME` or `team/NAME`.",
        ),
        field(
            "settings",
            Type::Map(&TEXT),
            "Settings in the words of the system that runs it.",
        ),
    ],
};

/// An address that reaches several people.
pub(super) struct MailingGroupThing<'e> {
    group: &'e Declared<MailingGroup>,
    estate: &'e Estate,
    domains: Vec<&'e str>,
    outside: Vec<&'e str>,
    outside_domains: Vec<&'e str>,
    includes: Vec<String>,
    settings: Settings<'e>,
}

/// Settings by name.
struct Settings<'e>(&'e yaml::Map<base::Spanned<String>>);

impl Map for Settings<'_> {
    fn get(&self, key: &str) -> Value<'_> {
        self.0.get(key).map(|value| &value.value).into()
    }

    fn count(&self) -> usize {
        self.0.entries.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(&str, Value<'_>) -> bool) -> Option<usize> {
        let mut entries = self.0.entries.iter();
        entries.position(|(key, value)| wanted(&key.value, Value::Text(&value.value)))
    }
}

fn domain(address: &Email) -> &str {
    address
        .as_str()
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain)
}

fn texts(addresses: &[base::Spanned<Email>]) -> Value<'_> {
    addresses
        .iter()
        .map(|address| Value::Text(address.as_str()))
        .collect()
}

impl<'e> MailingGroupThing<'e> {
    pub(super) fn of(group: &'e Declared<MailingGroup>, estate: &'e Estate) -> Self {
        let addresses = || group.value.addresses().map(|(_, address)| &address.value);
        let outside: Vec<&Email> = addresses()
            .filter(|address| estate.address_book.whose(address).is_none())
            .collect();
        let includes = group.value.include.iter().flat_map(|inclusion| {
            let group = inclusion
                .group
                .iter()
                .map(|group| format!("group/{}", declared(estate, group)));
            let team = inclusion
                .team
                .iter()
                .map(|team| format!("team/{}", declared(estate, team)));
            group.chain(team).collect::<Vec<_>>()
        });
        Self {
            domains: distinct(addresses().map(domain)),
            outside_domains: distinct(outside.iter().map(|address| domain(address))),
            outside: distinct(outside.iter().map(|address| address.as_str())),
            includes: includes.collect(),
            settings: Settings(&group.value.settings),
            group,
            estate,
        }
    }
}

impl Item for MailingGroupThing<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let group = &self.group.value;
        match field {
            "name" => (&self.group.name).into(),
            "email" => group.email.as_str().into(),
            "domain" => domain(&group.email).into(),
            "title" => group.title.as_ref().into(),
            "description" => group.description.as_ref().into(),
            "owner" => self.owner().into(),
            "closed" => group.closed.into(),
            "joined_freely" => group.joined_freely.into(),
            "owners" => texts(&group.owners),
            "managers" => texts(&group.managers),
            "members" => texts(&group.members),
            "addresses" => {
                let all = group
                    .addresses()
                    .map(|(_, address)| Value::Text(address.as_str()));
                all.collect()
            }
            "domains" => Value::list(&self.domains),
            "outside" => Value::list(&self.outside),
            "outside_domains" => Value::list(&self.outside_domains),
            "includes" => Value::list(&self.includes),
            "settings" => Value::Map(&self.settings),
            _ => Value::Missing,
        }
    }
}

impl Subject for MailingGroupThing<'_> {
    fn id(&self) -> &str {
        &self.group.name
    }

    fn name(&self) -> &str {
        &self.group.name
    }

    fn subject(&self) -> String {
        self.group.subject()
    }

    fn span(&self) -> Span {
        self.group.span
    }

    fn written(&self, field: &str) -> Option<Span> {
        let group = &self.group.value;
        let way = Way::of(field);
        let listed = |list: &[base::Spanned<Email>]| {
            way.among(list).or(list.first()).map(|address| address.span)
        };
        match way.field {
            "email" | "domain" => Some(group.email.span),
            "owner" => group.owner.as_ref().map(|owner| owner.span),
            "owners" => listed(&group.owners),
            "managers" => listed(&group.managers),
            "members" => listed(&group.members),
            "outside" | "outside_domains" => {
                let wanted = way.among(&self.outside).or(self.outside.first())?;
                let mut all = group.addresses().map(|(_, address)| address);
                all.find(|address| address.as_str() == *wanted)
                    .map(|address| address.span)
            }
            "settings" => group.settings.entries.first().map(|(key, _)| key.span),
            _ => None,
        }
    }

    fn owner(&self) -> Option<&str> {
        let owner = self.group.value.owner.as_ref()?;
        Some(declared(self.estate, owner))
    }

    fn is_flawed(&self) -> bool {
        self.estate
            .tables
            .is_flawed(KindId::MailingGroup, &self.group.name)
    }
}
