//! What must not be told to everybody: who is in secret teams and on closed lists.

use std::collections::BTreeSet;

use access::model::{Access, Path, Thing};
use estate::kinds::{MailingGroup, Privacy, Team};
use estate::{Estate, Item};

/// The teams and lists whose members are not for everybody.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    subjects: BTreeSet<String>,
}

/// Whether only its members see a team.
pub(super) fn is_secret(team: &Team) -> bool {
    team.privacy == Privacy::Secret
}

/// Whether who is on a list is not for everybody.
pub(super) fn is_closed(list: &MailingGroup) -> bool {
    list.closed
}

impl Secrets {
    pub(super) fn of(estate: &Estate) -> Self {
        let teams = estate.tables.teams.items();
        let teams = teams.filter(|item| is_secret(&item.value));
        let lists = estate.tables.mailing_groups.items();
        let lists = lists.filter(|item| is_closed(&item.value));
        let subjects = teams.map(Item::subject);
        Self {
            subjects: subjects.chain(lists.map(Item::subject)).collect(),
        }
    }

    /// Whether being in something is not for everybody to know.
    fn has(&self, thing: &Thing) -> bool {
        matches!(thing, Thing::Team(_) | Thing::MailingGroup(_))
            && self.subjects.contains(&thing.to_string())
    }

    /// Whether a way leads through a secret: whoever sees it knows who is in there.
    fn on(&self, way: &Path) -> bool {
        way.hops.iter().any(|hop| {
            let words = hop.said.split(|c: char| c.is_whitespace() || c == ',');
            words
                .map(|word| word.trim_end_matches([':', ';', '.']))
                .any(|word| self.subjects.contains(word))
        })
    }

    /// An answer as everybody may know it, and what of it only some may: each has the ways that it
    /// can be told by, and says no more than these give.
    pub(super) fn split(&self, answer: Access) -> [Option<Access>; 2] {
        if self.has(&answer.what) || answer.why.is_empty() {
            return [None, Some(answer)];
        }
        let (secret, open): (Vec<Path>, Vec<Path>) =
            answer.why.iter().cloned().partition(|way| self.on(way));
        if secret.is_empty() {
            return [Some(answer), None];
        }
        [open, secret].map(|why| {
            let levels = why.iter().map(|way| way.level);
            let level = levels.reduce(|most, level| {
                let more = level != most && answer.what.includes(level, most);
                if more { level } else { most }
            })?;
            let ends = why.iter().filter(|way| way.level == level);
            let until = ends
                .map(|way| way.until)
                .reduce(|one, other| Some(one?.max(other?)))
                .flatten();
            Some(Access {
                level,
                until,
                why,
                ..answer.clone()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use access::model::{Hop, Level, Principal};
    use jiff::civil::date;

    use super::*;

    fn way(level: Level, said: &str) -> Path {
        Path {
            level,
            until: None,
            hops: vec![Hop {
                said: said.to_owned(),
                at: "teams/x.yaml:1".to_owned(),
            }],
        }
    }

    fn answer(why: Vec<Path>) -> Access {
        Access {
            who: Principal::Person("ada".to_owned()),
            what: Thing::Repository("acme/site".to_owned()),
            level: why[0].level,
            until: None,
            why,
        }
    }

    fn secrets() -> Secrets {
        Secrets {
            subjects: ["team/acme/response".to_owned()].into(),
        }
    }

    #[test]
    fn what_a_secret_team_gives_is_not_in_what_everybody_sees() {
        let both = answer(vec![
            way(
                Level::Admin,
                "member of team/acme/response, which includes them",
            ),
            way(Level::Read, "member of team/acme/writers"),
        ]);
        let [open, secret] = secrets().split(both);
        let open = open.expect("one way is open");
        assert_eq!((open.level, open.why.len()), (Level::Read, 1));
        assert_eq!(secret.map(|one| one.level), Some(Level::Admin));
    }

    #[test]
    fn an_answer_of_open_ways_alone_is_for_everybody_as_it_is() {
        let mut open = answer(vec![way(Level::Write, "member of team/acme/responders")]);
        open.why[0].until = Some(date(2026, 3, 1));
        open.until = Some(date(2026, 3, 1));
        assert_eq!(secrets().split(open.clone()), [Some(open), None]);
    }

    #[test]
    fn who_is_in_a_secret_team_is_for_some_only() {
        let mut inside = answer(vec![way(Level::Member, "member of team/acme/response")]);
        inside.what = Thing::Team("acme/response".to_owned());
        assert_eq!(secrets().split(inside.clone()), [None, Some(inside)]);
    }
}
