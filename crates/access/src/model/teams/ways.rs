//! Every way by which somebody is in a team.

use base::Span;
use estate::Estate;
use estate::kinds::{RoleHolder, TeamRole, TimedMember};
use jiff::civil::Date;

use super::{Reason, TeamAt, Teams};
use crate::model::people::PersonAt;
use crate::model::terms::{Hop, Path};

/// The most ways that are told of one person in one team. Inclusions in inclusions can make more
/// than anybody would read.
const MOST_WAYS: usize = 32;

/// The most steps that are taken to find them.
const MOST_STEPS: usize = 4096;

/// The search for the ways of one person into one team.
pub(super) struct Search<'t, 'e> {
    teams: &'t Teams<'e>,
    estate: &'t Estate,
    person: PersonAt,
    within: Vec<TeamAt>,
    steps: usize,
}

impl<'t, 'e> Search<'t, 'e> {
    pub(super) fn of(teams: &'t Teams<'e>, estate: &'t Estate, person: PersonAt) -> Self {
        Self {
            teams,
            estate,
            person,
            within: Vec::new(),
            steps: 0,
        }
    }

    /// Every way by which the person is in a team; none twice through one team.
    pub(super) fn ways(&mut self, team: TeamAt) -> Vec<Path> {
        let teams = self.teams;
        let reasons = teams.reasons[team].get(&self.person);
        self.within.push(team);
        let mut ways = Vec::new();
        for reason in reasons.into_iter().flatten() {
            self.steps += 1;
            if ways.len() >= MOST_WAYS || self.steps > MOST_STEPS {
                break;
            }
            self.by(team, reason, &mut ways);
        }
        self.within.pop();
        ways.truncate(MOST_WAYS);
        ways
    }

    fn by(&mut self, team: TeamAt, reason: &Reason<'_>, ways: &mut Vec<Path>) {
        let here = self.teams.items[team].subject();
        let at = |span: Span| self.estate.sources.line_of(span);
        match reason {
            Reason::Named(role, span) => {
                let said = format!("{role} of {here}");
                ways.push(way(
                    *role,
                    None,
                    vec![Hop {
                        said,
                        at: at(*span),
                    }],
                ));
            }
            Reason::Timed(timed) => {
                let said = timed_words(timed, &here);
                let at = at(timed.person.span);
                let until = Some(timed.until.value);
                ways.push(way(timed.role, until, vec![Hop { said, at }]));
            }
            Reason::Holds {
                group,
                holder,
                included,
                role,
            } => {
                let holds = Hop {
                    said: holder_words(holder, &group.subject()),
                    at: at(holder.person.span),
                };
                let taken = Hop {
                    said: format!("{role} of {here}, which includes them"),
                    at: at(*included),
                };
                ways.push(way(*role, holder.until, vec![holds, taken]));
            }
            Reason::Through { team: from, .. } if self.within.contains(from) => {}
            Reason::Through {
                team: from,
                included,
                role,
            } => {
                let taken = Hop {
                    said: format!("{role} of {here}, which includes that team"),
                    at: at(*included),
                };
                for mut before in self.ways(*from) {
                    before.hops.push(taken.clone());
                    before.level = (*role).into();
                    ways.push(before);
                }
            }
        }
    }
}

pub(super) fn way(role: TeamRole, until: Option<Date>, hops: Vec<Hop>) -> Path {
    Path {
        level: role.into(),
        until,
        hops,
    }
}

fn timed_words(timed: &TimedMember, team: &str) -> String {
    let urgent = if timed.break_glass {
        " in an emergency"
    } else {
        ""
    };
    let reason = timed.reason.as_deref().map(|reason| format!(": {reason}"));
    let reason = reason.unwrap_or_default();
    format!(
        "{} of {team} until {}{urgent}{reason}",
        timed.role, timed.until
    )
}

/// A role of a group in words.
pub(in crate::model) fn holder_words(holder: &RoleHolder<'_>, group: &str) -> String {
    let since = holder.since.map(|since| format!(" since {since}"));
    let until = holder.until.map(|until| format!(" until {until}"));
    let (since, until) = (since.unwrap_or_default(), until.unwrap_or_default());
    format!("{} of {group}{since}{until}", holder.role)
}
