//! The review of what a group has given: a list to go through and sign.

mod markdown;

use base::{Span, Spanned};
use estate::kinds::{Group, MailingRole, Team};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;
use serde::Serialize;

use super::people::PersonAt;
use super::teams::TeamAt;
use super::{BREAK_GLASS_DAYS, Matrix};

/// After so many days a grant should be confirmed again: a year.
pub const CONFIRMED_FOR_DAYS: i32 = 365;

/// All that a group answers for, for somebody to go through and sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The group, by name.
    pub group: String,
    /// What people call it.
    pub title: String,
    /// The day it was drawn up for.
    pub day: Date,
    /// What is given, in the order of teams, mailing groups and services.
    pub lines: Vec<ReviewLine>,
}

/// One thing that is given to some people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewLine {
    /// What may be done.
    pub what: String,
    /// The team, mailing group or service by which it is given, as `kind/name`.
    pub through: String,
    /// Those who have it: logins, or addresses in mailing groups.
    pub holders: Vec<String>,
    /// Why it is given.
    pub reason: Option<String>,
    /// The day on which somebody last said that it is needed.
    pub confirmed: Option<Date>,
    /// The last day; none if it has no end.
    pub until: Option<Date>,
    /// Where it is written, as `path:line`.
    pub declared_at: String,
    /// What is wrong with it; nothing if it is empty.
    pub wrong: Vec<String>,
}

/// What all sorts of grants say of themselves.
struct Terms<'e> {
    reason: Option<&'e str>,
    confirmed: Option<Date>,
    until: Option<Date>,
    break_glass: bool,
}

/// The review of a group on a day; none where there is no such group.
pub fn review(estate: &Estate, day: Date, group: &str) -> Option<Review> {
    Matrix::of(estate, day).review(group)
}

impl Matrix<'_> {
    /// The review of a group; none where there is no such group.
    pub fn review(&self, group: &str) -> Option<Review> {
        let item = self.estate.tables.groups.get(group)?;
        let mut lines = Vec::new();
        for (at, team) in self.teams.items.iter().enumerate() {
            if self.is_of(team.value.owner.as_ref(), item) {
                self.of_team(at, team, &mut lines);
            }
        }
        for list in &self.mailing.items {
            if self.is_of(list.value.owner.as_ref(), item) {
                self.of_list(list, &mut lines);
            }
        }
        for service in self.estate.tables.services.items() {
            if self.is_of(service.value.owner.as_ref(), item) {
                lines.push(self.of_service_line(service));
            }
        }
        Some(Review {
            group: item.name.clone(),
            title: item.title().to_owned(),
            day: self.day,
            lines,
        })
    }

    fn is_of(&self, owner: Option<&Ref<Group>>, group: &Item<Group>) -> bool {
        let owner = owner.and_then(|owner| self.estate.find(owner));
        owner.is_some_and(|owner| owner.name == group.name)
    }

    fn of_team(&self, at: TeamAt, team: &Item<Team>, lines: &mut Vec<ReviewLine>) {
        let holders = self.logins(self.teams.seats[at].keys().copied());
        let reach = self.teams.downwards(at).into_iter();
        let parts = reach.filter_map(|way| way.first().copied());
        let mut reached: Vec<PersonAt> = parts
            .flat_map(|part| self.teams.seats[part].keys().copied())
            .collect();
        reached.sort_unstable();
        reached.dedup();
        let reached = self.logins(reached);
        let mut line = |what: String, holders: &[String], span: Span, terms: Option<&Terms<'_>>| {
            lines.push(self.line(what, &team.subject(), holders, span, terms));
        };
        line(
            format!("be in {}", team.subject()),
            &holders,
            team.span,
            None,
        );
        for timed in &team.value.temporary {
            let named = self.people.find(&timed.person);
            let what = format!("be {} of {} for a time", timed.role, team.subject());
            let terms = Terms {
                reason: timed.reason.as_deref(),
                confirmed: None,
                until: Some(timed.until.value),
                break_glass: timed.break_glass,
            };
            line(what, &self.logins(named), timed.person.span, Some(&terms));
        }
        for grant in &team.value.grants {
            let what = format!("{} {}", grant.permission, grant.repository);
            let terms = Terms {
                reason: grant.reason.as_deref(),
                confirmed: day_of(grant.confirmed.as_ref()),
                until: day_of(grant.until.as_ref()),
                break_glass: grant.break_glass,
            };
            line(what, &reached, grant.repository.span, Some(&terms));
        }
        for role in &team.value.roles {
            let name = role.role.as_ref();
            let group = role.group.as_ref().or(name);
            let list = role.mailing_group.as_ref().map(|list| list.span);
            let span = list.or(group.map(|group| group.span)).unwrap_or(team.span);
            let has_lists = role.mailing_group.is_some() || role.group.is_some();
            let terms = Terms {
                reason: role.reason.as_deref(),
                confirmed: day_of(role.confirmed.as_ref()),
                until: day_of(role.until.as_ref()),
                break_glass: role.break_glass,
            };
            let holders = if has_lists { &holders } else { &reached };
            line(role_words(role), holders, span, Some(&terms));
        }
        if let Some(group) = &team.value.directory_group {
            line(
                format!("be in directory group {group}"),
                &holders,
                group.span,
                None,
            );
        }
    }

    fn of_list(&self, list: &Item<estate::kinds::MailingGroup>, lines: &mut Vec<ReviewLine>) {
        let members = self.mailing(&list.name);
        for (role, verb) in [
            (MailingRole::Owner, "own"),
            (MailingRole::Manager, "manage"),
            (MailingRole::Member, "receive"),
        ] {
            let of_role = members.iter().filter(|member| member.role == role);
            let holders: Vec<String> = of_role.map(|member| member.address.clone()).collect();
            if holders.is_empty() && role != MailingRole::Member {
                continue;
            }
            let strangers = members
                .iter()
                .filter(|one| one.role == role)
                .filter(|one| one.person.is_none() && one.mailing_group.is_none());
            let strangers: Vec<String> = strangers
                .map(|one| format!("{} is nobody the estate knows", one.address))
                .collect();
            let what = format!("{verb} {}", list.value.email);
            let mut line = self.line(what, &list.subject(), &holders, list.span, None);
            line.wrong.extend(strangers);
            lines.push(line);
        }
    }

    fn of_service_line(&self, service: &Item<estate::kinds::Service>) -> ReviewLine {
        let by = service
            .value
            .administration
            .as_ref()
            .and_then(|by| by.team.as_ref());
        let found = by.and_then(|by| Some((self.estate.find(by)?, by.span)));
        let placed = found.and_then(|(team, span)| Some((self.teams.place(&team.name)?, span)));
        let what = format!("deploy {}", service.subject());
        let Some((team, span)) = placed else {
            let mut line = self.line(what, &service.subject(), &[], service.span, None);
            line.wrong = vec!["no team administers it".to_owned()];
            return line;
        };
        let reach = self.teams.downwards(team).into_iter();
        let parts = reach.filter_map(|way| way.first().copied());
        let mut people: Vec<PersonAt> = parts
            .flat_map(|part| self.teams.seats[part].keys().copied())
            .collect();
        people.sort_unstable();
        people.dedup();
        let through = self.teams.items[team].subject();
        self.line(what, &through, &self.logins(people), span, None)
    }

    fn logins(&self, people: impl IntoIterator<Item = PersonAt>) -> Vec<String> {
        let logins = people
            .into_iter()
            .map(|person| self.people.login(person).to_owned());
        let mut logins: Vec<String> = logins.collect();
        logins.sort_by_cached_key(|login| login.to_lowercase());
        logins
    }

    fn line(
        &self,
        what: String,
        through: &str,
        holders: &[String],
        span: Span,
        terms: Option<&Terms<'_>>,
    ) -> ReviewLine {
        let over = |terms: &Terms<'_>| terms.until.is_some_and(|until| until < self.day);
        let is_over = terms.is_some_and(over);
        let mut wrong = terms.map(|terms| self.wrong(terms)).unwrap_or_default();
        if holders.is_empty() && !is_over {
            wrong.push("nobody has it".to_owned());
        }
        ReviewLine {
            what,
            through: through.to_owned(),
            holders: if is_over {
                Vec::new()
            } else {
                holders.to_vec()
            },
            reason: terms
                .as_ref()
                .and_then(|terms| terms.reason.map(str::to_owned)),
            confirmed: terms.and_then(|terms| terms.confirmed),
            until: terms.and_then(|terms| terms.until),
            declared_at: self.estate.sources.line_of(span),
            wrong,
        }
    }

    fn wrong(&self, terms: &Terms<'_>) -> Vec<String> {
        let mut wrong = Vec::new();
        if terms.reason.is_none() {
            wrong.push("no reason is given".to_owned());
        }
        let age = |day: Date| days_between(day, self.day);
        match terms.confirmed {
            None => wrong.push("nobody has confirmed it".to_owned()),
            Some(day) if age(day) > CONFIRMED_FOR_DAYS => {
                wrong.push(format!("last confirmed {} days ago", age(day)));
            }
            Some(_) => {}
        }
        let left = terms.until.map(|until| days_between(self.day, until));
        if left.is_some_and(|left| left < 0) {
            wrong.push("it has ended: remove it".to_owned());
        } else if terms.break_glass {
            wrong.push("it was taken in an emergency: look at what was done with it".to_owned());
            if left.is_none_or(|left| left > BREAK_GLASS_DAYS) {
                wrong.push("an emergency does not last so long".to_owned());
            }
        }
        wrong
    }
}

fn day_of(day: Option<&Spanned<Date>>) -> Option<Date> {
    day.map(|day| day.value)
}

/// How many days after one day another is; less than nothing where it is before it.
pub(crate) fn days_between(from: Date, to: Date) -> i32 {
    // Both lie within the years that can be written, so days do not overflow.
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// What a role gives, as a verb.
fn role_words(role: &estate::kinds::RoleGrant) -> String {
    let name = role.role.as_ref().map_or("member", |name| name.as_str());
    let system = role.system.as_ref().map(|system| format!(" at {system}"));
    let system = system.unwrap_or_default();
    if let Some(list) = &role.mailing_group {
        return format!("be {name} of {list}");
    }
    if let Some(group) = &role.group {
        return format!("be in directory group {group}{system}");
    }
    let on = role
        .on
        .as_ref()
        .map(|on| format!(" on {on}"))
        .unwrap_or_default();
    format!("use {name}{on}{system}")
}
