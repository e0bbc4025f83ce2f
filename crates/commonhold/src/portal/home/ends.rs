//! What runs out, and when.

use base::Span;
use charter::RULES;
use estate::kinds::{Group, Privacy, Standing, Team};
use estate::{Estate, Item, KindId};
use jiff::civil::Date;
use portal::model::Link;
use portal::{Audience, Private};

use crate::portal::items;
use crate::portal::parts::members_of;
use crate::portal::secret_teams::SecretTeams;
use crate::project::Checked;

/// Something that ends.
#[derive(Debug, Clone)]
pub(crate) struct End {
    /// The last day.
    pub(crate) day: Date,
    pub(crate) what: Link,
    pub(crate) kind: &'static str,
    pub(crate) span: Span,
    pub(crate) audience: Audience,
    /// The person whom it is about.
    pub(crate) person: Option<String>,
}

/// All that ends on a day that is written, or after a time that is; by day.
pub(crate) fn ends(checked: &Checked, day: Date, secret: &SecretTeams) -> Vec<End> {
    let estate = &checked.estate;
    let mut ends = Vec::new();
    for group in estate.tables.groups.items() {
        if group.value.standing == Standing::Active {
            of_group(estate, group, day, &mut ends);
        }
    }
    for team in estate.tables.teams.items() {
        of_team(estate, team, &mut ends);
    }
    of_services(estate, &mut ends);
    of_money(checked, &mut ends);
    of_rules(checked, secret, &mut ends);
    ends.retain(|end| end.day >= day);
    ends.sort_by(|a, b| (a.day, a.kind, &a.what.text).cmp(&(b.day, b.kind, &b.what.text)));
    ends
}

fn end(day: Date, what: Link, kind: &'static str, span: Span) -> End {
    End {
        day,
        what,
        kind,
        span,
        audience: Audience::Everybody,
        person: None,
    }
}

fn of_group(estate: &Estate, group: &Item<Group>, day: Date, ends: &mut Vec<End>) {
    let seats = group.value.seats.as_ref();
    for lead in group.value.leads_on(day) {
        let over = seats.filter(|seats| seats.are_for(&lead.role));
        let over = over.and_then(|seats| seats.over(lead)?.yesterday().ok());
        let Some(last) = lead.until.or(over) else {
            continue;
        };
        let person = estate.find(&lead.person);
        let name = person.map_or(lead.person.name.as_str(), Item::title);
        let role = lead.role.value.replace('-', " ");
        let what = Link {
            text: format!("{name}, {role} of {}", group.name),
            to: items::path(KindId::Group, &group.name),
        };
        ends.push(End {
            person: person.map(|person| person.name.clone()),
            ..end(last, what, "term", lead.person.span)
        });
    }
    let to = items::path(KindId::Group, &group.name);
    for one in &group.value.commitments {
        let text = format!(
            "{} people of {} for {}",
            one.people, one.employer.value, group.name
        );
        let what = Link {
            text,
            to: to.clone(),
        };
        ends.push(end(
            one.until.value,
            what,
            "promise of an employer",
            one.until.span,
        ));
    }
    for one in &group.value.policies {
        let what = Link {
            text: one.title.value.clone(),
            to: to.clone(),
        };
        ends.push(end(
            one.review.value,
            what,
            "review of a policy",
            one.review.span,
        ));
    }
}

/// Access that was given for a time. It is for those who may see memberships where the team is secret.
fn of_team(estate: &Estate, team: &Item<Team>, ends: &mut Vec<End>) {
    let secret = team.value.privacy == Privacy::Secret;
    let audience = members_of(secret);
    let to = items::path(KindId::Team, &team.name);
    for one in &team.value.temporary {
        let person = estate.find(&one.person);
        let name = person.map_or(one.person.name.as_str(), Item::title);
        let what = Link {
            text: format!("{name} in {}", team.name),
            to: to.clone(),
        };
        ends.push(End {
            audience: audience.clone(),
            person: person.map(|person| person.name.clone()),
            ..end(one.until.value, what, "access for a time", one.until.span)
        });
    }
    let grants = team.value.grants.iter().filter_map(|grant| {
        let until = grant.until.as_ref()?;
        Some((grant.repository.value.clone(), until))
    });
    let roles = team.value.roles.iter().filter_map(|role| {
        let until = role.until.as_ref()?;
        let on = role.on.as_ref().or(role.system.as_ref());
        Some((on.map_or_else(String::new, |on| on.value.clone()), until))
    });
    for (on, until) in grants.chain(roles) {
        let what = Link {
            text: format!("{} to {on}", team.name),
            to: to.clone(),
        };
        // What a role is on may be the id of an account. Who may see those need not know of a secret team.
        let audience = if secret {
            members_of(true)
        } else {
            Audience::Private(Private::Accounts)
        };
        ends.push(End {
            audience,
            ..end(until.value, what, "access of a team", until.span)
        });
    }
}

fn of_services(estate: &Estate, ends: &mut Vec<End>) {
    for service in estate.tables.services.items() {
        let due = service.value.migration.as_ref();
        if let Some(due) = due.and_then(|migration| migration.due.as_ref()) {
            let what = items::titled_link(service);
            ends.push(end(due.value, what, "move of a service", due.span));
        }
    }
    for migration in estate.tables.migrations.items() {
        if let Some(due) = &migration.value.due {
            let what = items::item(KindId::Migration, &migration.name);
            ends.push(end(due.value, what, "migration", due.span));
        }
    }
}

/// Grants of credits, and what was decided to be paid for. Whether that is public is said where
/// the spend is; here it is for those who may see money.
fn of_money(checked: &Checked, ends: &mut Vec<End>) {
    let tables = &checked.estate.tables;
    let grants = tables.grants.items().map(|grant| {
        let day = &grant.value.end;
        (grant.title(), day, "grant of credits")
    });
    let funding = tables.funding.items().map(|funding| {
        let day = &funding.value.review_by;
        (funding.title(), day, "review of what is paid for")
    });
    for (title, day, kind) in grants.chain(funding) {
        let what = Link {
            text: title.to_owned(),
            to: Some("/spend".to_owned()),
        };
        ends.push(End {
            audience: Audience::Private(Private::Money),
            ..end(day.value, what, kind, day.span)
        });
    }
}

/// Exceptions from rules, and what audits let be.
fn of_rules(checked: &Checked, secret: &SecretTeams, ends: &mut Vec<End>) {
    let settings = RULES
        .iter()
        .filter_map(|rule| Some((rule, checked.charter.settings(rule)?)));
    for (rule, settings) in settings {
        for one in &settings.exceptions {
            let what = Link {
                text: format!("{} from {}", one.subject.value, rule.code.id),
                to: Some(format!("/findings/{}", rule.code.id)),
            };
            ends.push(End {
                audience: members_of(secret.has(&one.subject)),
                ..end(
                    one.until.value,
                    what,
                    "exception from a rule",
                    one.until.span,
                )
            });
        }
    }
    for one in &checked.estate.manifest.audit_ignore {
        let what = Link::text(one.value.thing.value.clone());
        ends.push(End {
            audience: Audience::Private(Private::Takeovers),
            ..end(
                one.value.until.value,
                what,
                "what an audit lets be",
                one.value.until.span,
            )
        });
    }
}
