//! Something can be started first.

use base::{Code, Severity};
use estate::{KindId, Relation};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "dependency-cycle",
        title: "Services depend on each other in a circle",
        severity: Severity::Error,
        page: "After an outage of all, none of them can be started, because each waits for another. One of the dependencies has to \
               become `optional: true`, and be so in truth, or go. The finding names the services in order of dependence.",
    },
    &[
        (
            "services/a.yaml",
            "name: A\nsummary: First.\nkind: off-the-shelf\ndepends_on: [{service: b, how: calls}]\n"
        ),
        (
            "services/b.yaml",
            "name: B\nsummary: Second.\nkind: off-the-shelf\ndepends_on: [{service: a, how: calls}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let graph = &case.estate.graph;
    let counts = |link: &estate::Link| {
        matches!(
            link.relation,
            Relation::Depends {
                optional: false,
                ..
            }
        )
    };
    for cycle in graph.cycles(&counts) {
        let Some(&start) = cycle.first() else {
            continue;
        };
        let within: Vec<_> = graph
            .outgoing(start)
            .filter(|link| counts(link) && cycle.contains(&link.to))
            .collect();
        let ways = within
            .iter()
            .filter_map(|link| Some((*link, graph.path_along(link.to, start, &counts)?)));
        // Of a tangle, the shortest circle through its first service is shown.
        let Some((first, back)) = ways.min_by_key(|(_, back)| back.len()) else {
            continue;
        };
        let mut names = vec![graph.item(start).1, graph.item(first.to).1];
        names.extend(back.iter().map(|link| graph.item(link.to).1));
        let subject = format!("{}/{}", KindId::Service.name(), graph.item(start).1);
        if first.to == start {
            let finding = case.finding(first.span, format!("{subject} depends on itself"));
            case.report(finding.about(subject).help("remove the dependency"));
            continue;
        }
        let message = format!("a circle of dependencies: {}", names.join(" → "));
        let finding = case.finding(first.span, message).about(subject);
        let mut finding = finding.label(format!(
            "{} {}",
            first.relation.words(),
            graph.item(first.to).1
        ));
        for link in back {
            finding = finding.related(
                link.span,
                format!(
                    "{} {} {}",
                    graph.item(link.from).1,
                    link.relation.words(),
                    graph.item(link.to).1
                ),
            );
        }
        case.report(finding.help("make one of them optional, in truth, or remove it"));
    }
}
