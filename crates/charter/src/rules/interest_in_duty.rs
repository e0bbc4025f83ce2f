//! Nobody answers for what they have an interest in, unless that was decided.

use base::{Code, Severity};
use estate::kinds::Person;
use estate::{AnyItem, Item, KindId, Relation};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "interest-in-duty",
        title: "A person answers for something in which they have an interest",
        severity: Severity::Warning,
        page: "A declared interest in an item of the estate, under `interests` of the person, and a duty for the same \
               item, in its staff, on its rota, as maintainer, or as lead of the group that owns it, is a conflict \
               that somebody else has to look at. So is an interest in the vendor of an account whose group the \
               person leads. Interests that are over are not counted; who is only a member of the owning group \
               has no such duty.\n\n\
               Let the group decide how it deals with that, for example by recusal, and write where as `decision` \
               of the interest; or pass the duty on.",
    },
    &[
        (
            "people/ada.yaml",
            "interests: {declared: 2020-06-01, list: [{about: service/mail, nature: sells the same}]}\n"
        ),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: off-the-shelf\nstaff: [ada]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let today = case.today;
    for person in case.estate.tables.people.items() {
        if person.value.has_left(case.today) {
            continue;
        }
        let list = person.value.interests.iter().flat_map(|own| &own.list);
        for interest in list.filter(|own| own.decision.is_none() && own.lasts_on(today)) {
            for duty in duties(case, person, &interest.about) {
                let message = format!(
                    "{} has an interest in {} and {duty}",
                    person.subject(),
                    interest.about
                );
                let finding = case.finding(interest.about.span, message);
                case.report(
                    finding.about(person.subject()).help(
                        "have it decided, and write where as `decision`, or pass the duty on",
                    ),
                );
            }
        }
    }
}

/// What a person has to do with what an interest is about, in words.
fn duties(case: &Case<'_>, person: &Item<Person>, about: &str) -> Vec<String> {
    let item = about
        .split_once('/')
        .and_then(|(kind, name)| case.estate.item(KindId::named(kind)?, name));
    if let Some(item) = item {
        return own_duty(case, person, item)
            .or_else(|| leading(case, person, item))
            .into_iter()
            .collect();
    }
    let Some(company) = case.employers.counted_as(about) else {
        return Vec::new();
    };
    let accounts = case.estate.tables.accounts.items();
    let theirs = accounts.filter(|account| {
        let vendor = account.value.vendor.as_ref();
        vendor.and_then(|vendor| case.employers.counted_as(vendor)) == Some(company.clone())
    });
    theirs
        .filter_map(|account| {
            let group = led(case, person, KindId::Account, &account.name)?;
            Some(format!(
                "leads {group}, which owns their {}",
                account.subject()
            ))
        })
        .collect()
}

/// The duty that an item itself gives a person.
fn own_duty(case: &Case<'_>, person: &Item<Person>, item: AnyItem<'_>) -> Option<String> {
    let graph = &case.estate.graph;
    let (from, to) = (
        graph.node(item.kind, item.name)?,
        case.estate.node_of(person)?,
    );
    let relation = graph
        .outgoing(from)
        .filter(|link| link.to == to)
        .find_map(|link| match link.relation {
            Relation::StaffedBy => Some("keeps it running"),
            Relation::Pages => Some("is called for it"),
            Relation::HasMaintainer => Some("maintains it"),
            _ => None,
        });
    let leads = (item.kind == KindId::Group).then(|| leading(case, person, item));
    relation.map(str::to_owned).or(leads.flatten())
}

/// What a person has to do with an item by leading the group that answers for it.
fn leading(case: &Case<'_>, person: &Item<Person>, item: AnyItem<'_>) -> Option<String> {
    let group = led(case, person, item.kind, item.name)?;
    Some(match item.kind {
        KindId::Group => "leads it".to_owned(),
        _ => format!("leads {group}, which owns it"),
    })
}

/// The group that answers for an item, if a person leads it.
fn led(case: &Case<'_>, person: &Item<Person>, kind: KindId, name: &str) -> Option<String> {
    let node = case.estate.graph.node(kind, name)?;
    let groups = case.estate.answering(node);
    let mut groups = groups
        .iter()
        .filter_map(|name| case.estate.tables.groups.get(name));
    let led = groups.find(|group| {
        let mut leads = group.value.leads_on(case.today);
        leads.any(|lead| {
            let found = case.estate.find(&lead.person);
            found.is_some_and(|found| found.name == person.name)
        })
    });
    led.map(Item::subject)
}
