//! What is given for a time, in an emergency, or as a role of a system.

use base::{Diagnostic, Span, Spanned};
use estate::kinds::{RoleGrant, Team};
use estate::{Estate, Item};
use jiff::civil::Date;

use crate::codes;
use crate::model::{BREAK_GLASS_DAYS, days_between, mailing_role};

/// What everything that is given for a time says of itself.
struct Timed<'e> {
    what: String,
    span: Span,
    until: Option<&'e Spanned<Date>>,
    reason: Option<&'e str>,
    break_glass: bool,
}

pub(super) fn check(estate: &Estate, day: Date, findings: &mut Vec<Diagnostic>) {
    for team in estate.tables.teams.items() {
        let value = &team.value;
        let members = value.temporary.iter().map(|timed| Timed {
            what: format!("the membership of {}", timed.person),
            span: timed.person.span,
            until: Some(&timed.until),
            reason: timed.reason.as_deref(),
            break_glass: timed.break_glass,
        });
        let grants = value.grants.iter().map(|grant| Timed {
            what: format!(
                "the permission to {} {}",
                grant.permission, grant.repository
            ),
            span: grant.repository.span,
            until: grant.until.as_ref(),
            reason: grant.reason.as_deref(),
            break_glass: grant.break_glass,
        });
        let roles = value.roles.iter().map(|role| Timed {
            what: role_words(role),
            span: role_span(role, team),
            until: role.until.as_ref(),
            reason: role.reason.as_deref(),
            break_glass: role.break_glass,
        });
        for timed in members.chain(grants).chain(roles) {
            let found = timed.wrong(team, day).into_iter().map(|mut finding| {
                finding.owner = value.owner.as_ref().map(|owner| owner.name.clone());
                finding.about(team.subject())
            });
            findings.extend(found);
        }
        let organisation = value.organisation.as_ref();
        let organisation = organisation.and_then(|organisation| estate.find(organisation));
        let organisation = organisation.map(|item| item.name.as_str());
        for grant in &value.grants {
            let found = elsewhere(&grant.repository, organisation);
            findings.extend(found.map(|(message, help)| {
                let message = format!("{} {message}", team.subject());
                let span = grant.repository.span;
                let mut finding = Diagnostic::new(&codes::REPOSITORY, span, message);
                finding.owner = value.owner.as_ref().map(|owner| owner.name.clone());
                finding.about(team.subject()).help(help)
            }));
        }
        for role in &value.roles {
            let span = role_span(role, team);
            findings.extend(unclear(role).map(|(message, help)| {
                let finding = Diagnostic::new(&codes::ROLE_GRANT, span, message);
                finding.about(team.subject()).help(help)
            }));
        }
    }
}

impl Timed<'_> {
    fn wrong(&self, team: &Item<Team>, day: Date) -> Vec<Diagnostic> {
        let here = team.subject();
        if let Some(until) = self.until.filter(|until| until.value < day) {
            let message = format!("{} in {here} ended on {until}", self.what);
            let finding = Diagnostic::new(&codes::EXPIRED, until.span, message);
            return vec![finding.help("remove it, or ask its owner and set another day")];
        }
        if !self.break_glass {
            return Vec::new();
        }
        let message = format!("{} in {here} was taken in an emergency", self.what);
        let active = Diagnostic::new(&codes::BREAK_GLASS, self.span, message);
        let active = active.help("look at what is done with it, and remove it when it is over");
        let terms = |message: String, span: Span, help: &str| {
            Diagnostic::new(&codes::BREAK_GLASS_TERMS, span, message).help(help)
        };
        let mut found = vec![active];
        if self.reason.is_none() {
            let message = format!(
                "{} in {here} is for an emergency and gives no reason",
                self.what
            );
            found.push(terms(message, self.span, "write the `reason`"));
        }
        match self.until {
            None => {
                let message = format!("{} in {here} is for an emergency and has no end", self.what);
                found.push(terms(
                    message,
                    self.span,
                    "set `until` to today or tomorrow",
                ));
            }
            Some(until) if days_between(day, until.value) > BREAK_GLASS_DAYS => {
                let days = days_between(day, until.value);
                let message = format!("{} in {here} lasts {days} days more", self.what);
                let help = "an emergency ends by tomorrow: set `until` so, or ask in the usual way";
                found.push(terms(message, until.span, help));
            }
            Some(_) => {}
        }
        found
    }
}

fn role_words(role: &RoleGrant) -> String {
    let name = role.role.as_ref().map_or("member", |name| name.as_str());
    match (&role.mailing_group, &role.group) {
        (Some(list), _) => format!("the role `{name}` in {list}"),
        (None, Some(group)) => format!("the directory group `{group}`"),
        (None, None) => format!("the role `{name}`"),
    }
}

fn role_span(role: &RoleGrant, team: &Item<Team>) -> Span {
    let list = role.mailing_group.as_ref().map(|list| list.span);
    let words = role
        .role
        .as_ref()
        .or(role.group.as_ref())
        .or(role.system.as_ref());
    list.or(words.map(|word| word.span)).unwrap_or(team.span)
}

/// What is wrong with a repository that is in no organisation, or in another than its team, and
/// what to do.
fn elsewhere(repository: &str, organisation: Option<&str>) -> Option<(String, String)> {
    let of_team = organisation.unwrap_or("organisation");
    let Some((of, name)) = repository.split_once('/') else {
        return Some((
            format!("is given `{repository}`, which does not say its organisation"),
            format!("write `{of_team}/{repository}`"),
        ));
    };
    if of.trim().is_empty() || name.trim().is_empty() || name.contains('/') {
        return Some((
            format!("is given `{repository}`, which is no `organisation/name`"),
            format!("write `{of_team}/` and the repository's name"),
        ));
    }
    let own = organisation.filter(|own| !own.eq_ignore_ascii_case(of))?;
    Some((
        format!("of `{own}` is given `{repository}`, which is in `{of}`"),
        format!("name a repository of `{own}`, or give it to a team of `{of}`"),
    ))
}

/// What is wrong with a role that gives nothing, and what to do.
fn unclear(role: &RoleGrant) -> Option<(String, String)> {
    match (&role.mailing_group, &role.group, &role.role) {
        (None, None, None) => Some((
            "a role of a team names no role and no group".to_owned(),
            "write `role:`, `group:` or `mailing_group:`".to_owned(),
        )),
        (Some(list), Some(group), _) => Some((
            format!("a role of a team names the mailing group {list} and the group `{group}`"),
            "write two entries".to_owned(),
        )),
        (None, Some(group), Some(name)) => Some((
            format!("a role of a team names the group `{group}` and the role `{name}`"),
            "people are in a group of a directory without a role: write two entries".to_owned(),
        )),
        (Some(list), None, Some(name)) if mailing_role(role).is_none() => Some((
            format!("the mailing group {list} has no role `{name}`"),
            "write `owner`, `manager` or `member`".to_owned(),
        )),
        _ => None,
    }
}
