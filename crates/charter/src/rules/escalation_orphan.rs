//! What a group does not settle goes to somebody.

use base::{Code, Severity, Span};
use estate::kinds::{Group, Standing};
use estate::{Item, KindId, Ref};
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// Where all escalations end.
    pub struct Parameters {
        /// The group to which everything comes in the end. With it, every active group is judged.
        pub top: Option<Ref<Group>>,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "escalation-orphan",
        title: "What a group does not settle goes to nobody",
        severity: Severity::Error,
        page: "A question that a group cannot settle goes to the groups under `escalation`, each after its time, and \
               from the last of them on; where a group names none, to the group it is part of. That way must not \
               lead to a group that is closed or has no leads, nor in a circle. Where the rule is given a `top`, \
               for example the steering body, everything must arrive there. Without it only groups that name an \
               `escalation` are judged.\n\n\
               Name the next group under `escalation` with the time after which it takes over, or as `parent`. \
               What happens when a service's rota does not answer is the matter of `escalation-ends`.",
    },
    &[
        (
            "groups/infra.yaml",
            "escalation: [{to: old, after: 10bd}]\n"
        ),
        ("groups/old.yaml", "standing: retired\n"),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    let top = with.top.as_ref().and_then(|top| named(case, top));
    for group in case.estate.tables.groups.items() {
        let judged = top.is_some() || !group.value.escalation.is_empty();
        if group.value.standing != Standing::Active || !judged {
            continue;
        }
        if let Some((span, message)) = fault(case, group, top) {
            let finding = case.finding(span, message).about(group.subject());
            case.report(finding.help("name the next group under `escalation`, or as `parent`"));
        }
    }
}

/// The group that a parameter names; one that is not there is reported.
pub(crate) fn named<'e>(case: &mut Case<'e>, group: &Ref<Group>) -> Option<&'e Item<Group>> {
    let estate = case.estate;
    let found = estate.find(group);
    if found.is_none() && !estate.tables.knows(KindId::Group, &group.name) {
        let (tables, book) = (&estate.tables, &estate.address_book);
        let (name, span) = (&group.name, group.span);
        case.report(estate::unknown(tables, book, KindId::Group, name, span));
    }
    found
}

/// What is wrong with the way from a group, and where that is written.
fn fault(
    case: &Case<'_>,
    group: &Item<Group>,
    top: Option<&Item<Group>>,
) -> Option<(Span, String)> {
    let from = group.subject();
    let named = group.value.escalation.iter().map(|next| &next.to);
    let parent = next(group).filter(|_| group.value.escalation.is_empty());
    for to in named.chain(parent) {
        // What leads nowhere has been reported as such.
        let body = case.estate.find(to)?;
        if let Some(why) = deaf(case, body) {
            let message = format!("{from} escalates to {}, which {why}", body.subject());
            return Some((to.span, message));
        }
    }
    let start = next(group).map_or(group.span, |next| next.span);
    let mut way = vec![group];
    while let Some(on) = way.last().and_then(|last| next(last)) {
        if top.is_some_and(|top| way.last().is_some_and(|last| last.name == top.name)) {
            break;
        }
        let body = case.estate.find(on)?;
        let circle = way.iter().any(|earlier| earlier.name == body.name);
        way.push(body);
        if circle {
            let names: Vec<&str> = way.iter().map(|group| group.name.as_str()).collect();
            let message = format!(
                "the escalation of {from} goes in a circle: {}",
                names.join(" → ")
            );
            return Some((start, message));
        }
    }
    let (end, top) = (*way.last()?, top?);
    if end.name == top.name {
        return None;
    }
    let message = if end.name == group.name {
        format!("what {from} does not settle goes to nobody")
    } else {
        format!(
            "the escalation of {from} ends at {} and does not reach {}",
            end.subject(),
            top.subject()
        )
    };
    Some((start, message))
}

/// Where it goes on from a group: to the last that it names, or to the group it is part of.
fn next(group: &Item<Group>) -> Option<&Ref<Group>> {
    let last = group.value.escalation.last().map(|next| &next.to);
    last.or(group.value.parent.as_ref())
}

/// Why nothing can be brought to a group.
fn deaf(case: &Case<'_>, body: &Item<Group>) -> Option<&'static str> {
    if body.value.standing != Standing::Active {
        return Some("is closed");
    }
    let leads = || body.value.leads_on(case.today).map(|lead| &lead.person);
    (case.all_known(leads()) && case.humans(leads()).is_empty()).then_some("has no leads")
}
