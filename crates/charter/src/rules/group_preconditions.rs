//! Groups have what the charter asks of them.

use std::collections::BTreeSet;

use base::{Code, Severity};
use estate::Item;
use estate::kinds::{Channel, Group, Standing};
use yaml::{Map, record};

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// What groups must have, and for how long they may do without.
    pub struct Parameters {
        /// What groups of each kind must have, under the kind as it stands in their files, for example `sig`. Nothing is asked of other kinds.
        pub kinds: Map<Preconditions>,
        /// Days from a group's formation during which nothing is asked.
        pub grace_days: u32 = 0,
    }
}

record! {
    /// What a group must have.
    pub struct Preconditions {
        /// Roles that somebody must hold, for example `chair`.
        pub roles: Vec<String>,
        /// A charter of its own.
        pub charter: bool = false,
        /// Office hours.
        pub office_hours: bool = false,
        /// A board on which its work is planned.
        pub board: bool = false,
        /// A regular meeting.
        pub meetings: bool = false,
        /// Channels on which it promises a first response.
        pub promises: Vec<Channel>,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "group-preconditions",
        title: "A group lacks what the charter asks of groups of its kind",
        severity: Severity::Error,
        page: "A group that newcomers cannot reach, whose plans nobody can see and that has no charter holds its \
               ground without serving anybody. The charter says under `kinds` what each kind of group must have; \
               nothing is asked where it does not. Closed groups are not judged.\n\n\
               Write the missing part into the group's file, or close the group.",
    },
    &[
        (
            "charter.yaml",
            "rules:\n  group-preconditions:\n    with: {kinds: {sig: {charter: true, office_hours: true, board: true}}}\n",
        ),
        (
            "groups/infra.yaml",
            "kind: sig\nboard: https://example.org/board\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    misspelled(case, with);
    for group in case.estate.tables.groups.items() {
        let Some(kind) = &group.value.kind else {
            continue;
        };
        let Some(asked) = with.kinds.get(kind) else {
            continue;
        };
        let closed = group.value.standing != Standing::Active;
        if closed || case.in_grace(group.value.formed, with.grace_days) {
            continue;
        }
        let lacks = lacks(case, group, asked);
        if !lacks.is_empty() {
            let message = format!("{} has {}", group.subject(), lacks.join(", "));
            let finding = case.finding(group.span, message).about(group.subject());
            let help = format!("the charter asks that of every group of the kind `{kind}`");
            case.report(finding.help(help));
        }
    }
}

/// A kind that no group is of, but nearly: it would be asked of nobody.
fn misspelled(case: &mut Case<'_>, with: &Parameters) {
    let groups = case.estate.tables.groups.items();
    let known = groups.filter_map(|group| group.value.kind.as_ref().map(|kind| kind.as_str()));
    let known: BTreeSet<&str> = known.collect();
    for (kind, _) in &with.kinds.entries {
        let near = base::nearest(kind, known.iter().copied());
        if let Some(near) = near.filter(|_| !known.contains(kind.as_str())) {
            let message = format!("no group is of the kind `{kind}`");
            let finding = case.finding(kind.span, message);
            case.report(finding.help(format!("did you mean `{near}`?")));
        }
    }
}

fn lacks(case: &Case<'_>, group: &Item<Group>, asked: &Preconditions) -> Vec<String> {
    let value = &group.value;
    let named = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let parts = [
        (asked.charter, named(&value.charter), "no charter"),
        (
            asked.office_hours,
            !value.office_hours.is_empty(),
            "no office hours",
        ),
        (asked.board, named(&value.board), "no board"),
        (asked.meetings, !value.meetings.is_empty(), "no meeting"),
    ];
    let missing = parts
        .into_iter()
        .filter(|(asked, there, _)| *asked && !there);
    let mut lacks: Vec<String> = missing.map(|(_, _, what)| what.to_owned()).collect();
    for role in &asked.roles {
        let held = value
            .leads_on(case.today)
            .filter(|lead| lead.role.eq_ignore_ascii_case(role));
        let people: Vec<_> = held.map(|lead| &lead.person).collect();
        if case.all_known(people.iter().copied()) && case.humans(people).is_empty() {
            lacks.push(format!("no {role}"));
        }
    }
    for channel in &asked.promises {
        let made = value
            .promises
            .iter()
            .any(|promise| promise.channel.value == *channel);
        if !made {
            lacks.push(format!("no promise for {channel}"));
        }
    }
    lacks
}
