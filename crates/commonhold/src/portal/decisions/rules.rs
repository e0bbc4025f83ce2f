//! What an item is decided by, in words.

use charter::procedure::{Close, Comparison, Procedure, Rules, VoteRule};
use charter::requirement::Requirement;
use charter::risk::Risk;

/// Each rule in a line, after a word for it.
pub(super) fn lines(rules: &Rules) -> Vec<(&'static str, String)> {
    let asked = Requirement {
        risk: Risk::Low,
        review: rules.review.clone(),
        consult: rules.consult.clone(),
        notice: rules.notice.clone(),
        lazy: rules.lazy.clone(),
        impossible: rules.impossible.clone(),
    };
    let asked = asked.explain().into_iter();
    let mut lines: Vec<(&str, String)> = asked.map(|line| ("Agreement", line)).collect();
    let procedure = &rules.procedure;
    if let Some(second) = &procedure.second {
        let others = portal::model::counted(second.count.get() as usize, "other", "others");
        let line = format!(
            "supported by {others} within {} before it is voted on",
            second.within
        );
        lines.push(("Support", line));
    }
    if let Some(sign_off) = &procedure.sign_off {
        let more = more(sign_off.relation);
        let line = format!("signed off by {more} {} of the members", sign_off.share);
        lines.push(("Sign-off", line));
    }
    if let Some(rule) = &procedure.vote {
        let when = match rules.lazy {
            Some(_) => "if one is called for: ",
            None => "",
        };
        lines.push(("Vote", format!("{when}{}", vote(rule))));
    }
    if procedure.objection.is_some() {
        let who: Vec<&str> = rules
            .objectors
            .iter()
            .map(|one| one.person.as_str())
            .collect();
        lines.push(("Objection", format!("of {} holds it", listed(&who))));
    }
    lines.extend(afterwards(procedure));
    if let Some(expires) = procedure.expires {
        lines.push(("End", format!("over without an outcome after {expires}")));
    }
    lines
}

/// What may come of it after it was accepted, or where it finds no outcome.
fn afterwards(procedure: &Procedure) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(veto) = &procedure.veto {
        lines.push(("Veto", format!("within {} of being accepted", veto.within)));
    }
    if let Some(ratify) = &procedure.ratify {
        let line = format!(
            "unless {} object within {}",
            ratify.objections, ratify.within
        );
        lines.push(("Affirmed", line));
    }
    if let Some(appeal) = &procedure.appeal {
        let count =
            portal::model::counted(appeal.count.get() as usize, "person asks", "people ask");
        let line = format!(
            "looked at again by {} if {count} for it within {}",
            appeal.to.name, appeal.within
        );
        lines.push(("Appeal", line));
    }
    if let Some(escalate) = &procedure.escalate {
        let line = format!(
            "taken over by {} after {} without an outcome",
            escalate.to.name, escalate.after
        );
        lines.push(("No outcome", line));
    }
    lines
}

fn vote(rule: &VoteRule) -> String {
    let mut text = format!(
        "a vote with {} {} of the {} in favour, open for {}",
        more(rule.relation),
        rule.threshold,
        rule.base.word(),
        rule.max_open
    );
    if let Some(quorum) = &rule.quorum {
        text += &format!(", in which {quorum} must take part");
    }
    if rule.close == Close::Decided {
        text += ", or until no missing vote can change it";
    }
    text
}

fn more(relation: Comparison) -> &'static str {
    match relation {
        Comparison::Above => "more than",
        Comparison::AtLeast => "at least",
    }
}

/// Names, the rest of many counted.
fn listed(names: &[&str]) -> String {
    const NAMED: usize = 6;
    match names.len() {
        0 => "nobody".to_owned(),
        1..=NAMED => names.join(", "),
        more => format!("{} and {} more", names[..NAMED].join(", "), more - NAMED),
    }
}
