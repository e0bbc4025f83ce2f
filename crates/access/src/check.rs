//! What is wrong with who may do what, in an estate on a day.
//!
//! That somebody is in a list twice, or in a team and not in its organisation, is for the rules
//! of the charter to say; here is what they do not see: circles, inclusions, times, systems.

mod circles;
mod grants;
mod mailing;
mod names;
mod settings;
mod systems;
mod teams;

use std::collections::BTreeSet;

use base::{Diagnostic, Span, Spanned};
use estate::kinds::Group;
use estate::{Estate, Ref};
use jiff::civil::Date;

use crate::model::Matrix;

/// All that is wrong with who may do what, on a day.
pub fn check(estate: &Estate, day: Date) -> Vec<Diagnostic> {
    let matrix = Matrix::of(estate, day);
    let mut findings = Vec::new();
    teams::check(estate, &matrix, &mut findings);
    names::check(estate, &mut findings);
    grants::check(estate, day, &mut findings);
    systems::check(estate, &matrix, &mut findings);
    mailing::check(estate, &matrix, &mut findings);
    settings::check(estate, &mut findings);
    findings
}

/// What both sorts of inclusion say.
struct Inclusion<'e> {
    group: Option<&'e Ref<Group>>,
    /// Where the team is named, if one is.
    team: Option<Span>,
    roles: Vec<&'e Spanned<String>>,
    /// Where the item that holds it is declared, for one that names nothing.
    span: Span,
}

impl Inclusion<'_> {
    /// What is wrong with it, where that is, and what to do.
    fn wrong(&self, estate: &Estate) -> Option<(String, Span, String)> {
        let (message, span, help) = match (self.group, self.team) {
            (Some(group), Some(_)) => (
                format!("an inclusion names the group {group} and a team"),
                group.span,
                "write two inclusions".to_owned(),
            ),
            (None, None) => (
                "an inclusion names no group and no team".to_owned(),
                self.roles.first().map_or(self.span, |role| role.span),
                "write `group:` or `team:`".to_owned(),
            ),
            (None, Some(_)) => {
                let role = self.roles.first()?;
                (
                    format!("an inclusion asks for the role `{role}` of a team"),
                    role.span,
                    "groups have roles: remove the role, or name a group".to_owned(),
                )
            }
            (Some(group), None) => {
                let found = estate.find(group)?;
                let role = self.roles.iter().find(|role| !found.value.has_role(role))?;
                let mut known: Vec<&str> = found
                    .value
                    .leads
                    .iter()
                    .map(|lead| lead.role.as_str())
                    .collect();
                known.extend([
                    Group::LEAD,
                    Group::MEMBER,
                    Group::LIAISON,
                    Group::SUBPROJECT_LEAD,
                ]);
                let mut seen = BTreeSet::new();
                known.retain(|role| seen.insert(*role));
                let help = match base::nearest(role, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has: {}", known.join(", ")),
                };
                (
                    format!("{} has no role `{role}`", found.subject()),
                    role.span,
                    help,
                )
            }
        };
        Some((message, span, help))
    }
}
