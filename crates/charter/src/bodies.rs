//! The bodies of people that rules count: the staff of services, the leads of groups.

use base::Span;
use estate::Item;
use estate::kinds::{Person, Standing};
use jiff::civil::Date;

use crate::Case;

/// The people who answer for one item.
#[derive(Debug)]
pub(crate) struct Body<'e> {
    pub(crate) subject: String,
    pub(crate) span: Span,
    /// `staff` or `leads`.
    pub(crate) called: &'static str,
    /// Since when it exists, if known.
    pub(crate) since: Option<Date>,
    /// Distinct people, each where first named.
    pub(crate) people: Vec<(&'e Item<Person>, Span)>,
}

/// The staff of every service and the leads of every active group.
pub(crate) fn bodies<'e>(case: &Case<'e>) -> Vec<Body<'e>> {
    let services = case.estate.tables.services.items();
    let services = services.filter(|service| case.all_known(&service.value.staff));
    let services = services.map(|service| Body {
        subject: service.subject(),
        span: service
            .value
            .staff
            .first()
            .map_or(service.span, |first| first.span),
        called: "staff",
        since: service.value.started,
        people: case.humans(&service.value.staff),
    });
    let active = |group: &&Item<estate::kinds::Group>| group.value.standing == Standing::Active;
    let groups = case
        .estate
        .tables
        .groups
        .items()
        .filter(active)
        .filter(|group| case.all_known(group.value.leads.iter().map(|lead| &lead.person)))
        .map(|group| Body {
            subject: group.subject(),
            span: group
                .value
                .leads
                .first()
                .map_or(group.span, |first| first.person.span),
            called: "leads",
            since: group.value.formed,
            people: case.humans(group.value.leads_on(case.today).map(|lead| &lead.person)),
        });
    services.chain(groups).collect()
}
