//! What the charter's procedures lack.

use base::{Diagnostic, Span};
use estate::{Estate, KindId};

use super::party::{Party, Recipient};
use super::policy::{ChangeProcedure, DecisionPolicy, NoticeRule};
use crate::risk::Risk;
use crate::{Charter, Count, codes};

/// Reports groups that do not exist, and procedures that ask for too little or
/// for what nobody can give.
pub(crate) fn check(charter: &Charter, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let policy = &charter.decisions;
    for risk in Risk::ALL.iter().copied() {
        let Some(written) = policy.written(risk) else {
            continue;
        };
        if let Some(procedure) = &written.rule {
            check_parties(procedure, charter, estate, findings);
            check_consent(risk, procedure, written.span, findings);
        }
    }
    check_order(policy, findings);
    let emergency = policy.emergency.as_ref();
    if let Some((rule, span)) =
        emergency.and_then(|written| Some((written.rule.as_ref()?, written.span)))
    {
        let employers = rule.employers.unwrap_or(Count::ONE);
        let people = rule.approvers.get();
        if employers > rule.approvers {
            findings.push(too_many_employers("an emergency", employers, people, span));
        }
    }
}

/// That every group exists, and every word stands for one.
fn check_parties(
    procedure: &ChangeProcedure,
    charter: &Charter,
    estate: &Estate,
    findings: &mut Vec<Diagnostic>,
) {
    for parties in procedure.parties() {
        for party in &parties.each {
            look(party, parties.span, charter, estate, findings);
        }
    }
    if let Some(notice) = &procedure.notice {
        told(notice, charter, estate, findings);
    }
}

/// That whoever is to be told is somebody.
pub(crate) fn told(
    notice: &NoticeRule,
    charter: &Charter,
    estate: &Estate,
    findings: &mut Vec<Diagnostic>,
) {
    for recipient in &notice.to.each {
        if let Recipient::Party(party) = recipient {
            look(party, notice.to.span, charter, estate, findings);
        }
    }
    let list = |recipient: &Recipient| matches!(recipient, Recipient::DevelopmentList(_));
    if charter.development_list.is_none() && notice.to.each.iter().any(list) {
        let found = notice
            .to
            .span
            .map(|span| unset_key("development-list", "development_list", span));
        findings.extend(found);
    }
}

/// That a group exists, or a word stands for one.
pub(crate) fn look(
    party: &Party,
    span: Option<Span>,
    charter: &Charter,
    estate: &Estate,
    findings: &mut Vec<Diagnostic>,
) {
    let unset = match party {
        Party::Infrastructure => charter.infrastructure.is_none().then_some("infrastructure"),
        Party::ContributorExperience => {
            let unset = charter.contributor_experience.is_none();
            unset.then_some("contributor_experience")
        }
        Party::Group(group) if !estate.tables.knows(KindId::Group, &group.name) => {
            findings.push(estate::unknown(
                &estate.tables,
                &estate.address_book,
                KindId::Group,
                &group.name,
                group.span,
            ));
            None
        }
        Party::Owners | Party::Affected | Party::Group(_) => None,
    };
    findings.extend(
        unset
            .zip(span)
            .map(|(key, span)| unset_key(party.word(), key, span)),
    );
}

fn unset_key(word: &str, key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::DECISION_IMPOSSIBLE,
        span,
        format!("`{word}` is named here, but the charter does not say who that is"),
    )
    .help(format!("set `{key}` at the top of charter.yaml"))
}

/// That somebody has to agree, and that as many can.
fn check_consent(
    risk: Risk,
    procedure: &ChangeProcedure,
    span: Span,
    findings: &mut Vec<Diagnostic>,
) {
    if procedure.review.is_none() && procedure.lazy.is_none() {
        let finding = Diagnostic::new(
            &codes::DECISION_WEAK,
            span,
            format!("nobody has to agree to a change of {risk} risk"),
        );
        findings.push(finding.help("give it a `review`, or a `notice` with `lazy`"));
    }
    if procedure.lazy.is_some() && procedure.notice.is_none() {
        let message =
            format!("silence is agreement to a change of {risk} risk, but nobody is told of it");
        let finding = Diagnostic::new(&codes::DECISION_WEAK, span, message);
        findings
            .push(finding.help("say in `notice` who is told: silence counts for those who knew"));
    }
    let review = procedure.review.as_ref();
    let review = review.map(|rule| (rule.employers, rule.count.get()));
    let lazy = procedure.lazy.as_ref();
    let lazy = lazy.map(|rule| (rule.employers, rule.support));
    for (employers, people) in [review, lazy].into_iter().flatten() {
        let employers = employers.unwrap_or(Count::ONE);
        if employers.get() > people.max(1) {
            let what = format!("a change of {risk} risk");
            findings.push(too_many_employers(&what, employers, people, span));
        }
    }
}

fn too_many_employers(what: &str, employers: Count, people: u32, span: Span) -> Diagnostic {
    let people = base::counted(people as usize, "person", "people");
    let message = format!(
        "{what} asks {people} to come from {} employers",
        employers.get()
    );
    Diagnostic::new(&codes::DECISION_IMPOSSIBLE, span, message)
        .help("ask for as many people as employers, or for fewer employers")
}

/// That more risk never asks for less.
fn check_order(policy: &DecisionPolicy, findings: &mut Vec<Diagnostic>) {
    for (lower, higher) in [
        (Risk::Low, Risk::Medium),
        (Risk::Low, Risk::High),
        (Risk::Medium, Risk::High),
    ] {
        let written = policy.written(higher).or_else(|| policy.written(lower));
        let procedures = policy.procedure(lower).zip(policy.procedure(higher));
        let Some((written, (less, more))) = written.zip(procedures) else {
            continue;
        };
        // A procedure without consent has been reported.
        let none = more.review.is_none() && more.lazy.is_none();
        let (less, more) = (less.consent(), more.consent());
        if none || (more.0 >= less.0 && more.1 >= less.1) {
            continue;
        }
        let message = format!(
            "a change of {higher} risk needs {}, one of {lower} risk {}",
            consent(more),
            consent(less)
        );
        let finding = Diagnostic::new(&codes::DECISION_WEAK, written.span, message);
        findings.push(finding.help(format!(
            "ask for at least as much at {higher} as at {lower} risk"
        )));
        return;
    }
}

fn consent((people, employers): (u32, u32)) -> String {
    let people = base::counted(people as usize, "person", "people");
    match employers {
        0 | 1 => people,
        employers => format!("{people} of {employers} employers"),
    }
}
