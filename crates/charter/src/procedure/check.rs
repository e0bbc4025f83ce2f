//! What procedures lack.

use base::{Diagnostic, Span};
use estate::{Estate, KindId};

use super::portion::Comparison;
use super::written::{AppealRule, Base, ItemKind, Procedure, VoteRule};
use crate::requirement::{self, ConsultRule, DecisionPolicy, Parties, Silence, Written};
use crate::{Charter, codes};

/// Reports procedures, kinds and groups that are named and not there, procedures that
/// nobody has to agree in, and votes that lack a number they need.
pub(crate) fn check(charter: &Charter, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let policy = &charter.decisions;
    for (name, written) in &policy.procedures.entries {
        let Written {
            rule: Some(rule),
            span,
        } = written
        else {
            continue;
        };
        consent(&name.value, rule, *span, findings);
        votes(rule, *span, findings);
        appeals(&name.value, rule, *span, findings);
        parties(rule, charter, estate, findings);
    }
    kinds(policy, estate, findings);
    for group in estate.tables.groups.items() {
        if let Some(named) = &group.value.decides_by {
            known(policy, &named.value, named.span, findings);
        }
    }
}

fn known(policy: &DecisionPolicy, name: &str, span: Span, findings: &mut Vec<Diagnostic>) {
    if policy.procedures.get(name).is_some() {
        return;
    }
    let names = policy.procedures.entries.iter();
    let near = base::nearest(name, names.map(|(key, _)| key.value.as_str()));
    let message = format!("the charter has no procedure `{name}`");
    let help = near.map_or_else(
        || "write it under `decisions.procedures` of charter.yaml".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    findings.push(Diagnostic::new(&codes::PROCEDURE_UNKNOWN, span, message).help(help));
}

fn kinds(policy: &DecisionPolicy, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    if let Some(name) = &policy.procedure {
        known(policy, &name.value, name.span, findings);
    }
    for (kind, rule) in &policy.kinds.entries {
        let words = ItemKind::ALL.iter().map(|kind| kind.word());
        if !words.clone().any(|word| word == kind.value) {
            let message = format!("`{}` is no kind of item", kind.value);
            let all = words.clone().collect::<Vec<_>>().join(", ");
            let help = base::nearest(&kind.value, words)
                .map_or(format!("there are: {all}"), |near| {
                    format!("did you mean `{near}`?")
                });
            findings
                .push(Diagnostic::new(&yaml::codes::UNKNOWN_KEY, kind.span, message).help(help));
        }
        if let Some(name) = &rule.procedure {
            known(policy, &name.value, name.span, findings);
        }
        if let Some(body) = &rule.body
            && !estate.tables.knows(KindId::Group, &body.name)
        {
            findings.push(unknown_group(estate, &body.name, body.span));
        }
    }
}

fn unknown_group(estate: &Estate, name: &str, span: Span) -> Diagnostic {
    estate::unknown(
        &estate.tables,
        &estate.address_book,
        KindId::Group,
        name,
        span,
    )
}

/// That somebody has to agree, and silence is only of those who were told.
fn consent(name: &str, rule: &Procedure, span: Span, findings: &mut Vec<Diagnostic>) {
    let agree = rule.review.is_some() || rule.lazy.is_some() || rule.vote.is_some();
    if !agree {
        let message = format!("nobody has to agree by the procedure `{name}`");
        let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
        findings.push(finding.help("give it a `review`, a `vote`, or a `notice` with `lazy`"));
    }
    if rule.lazy.is_some() && rule.notice.is_none() {
        let message = format!("by `{name}` silence is agreement, but nobody is told");
        let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
        findings
            .push(finding.help("say in `notice` who is told: silence counts for those who knew"));
    }
    if rule.sign_off.is_some() && rule.lazy.is_none() {
        let message = format!("`{name}` has a `sign_off` and no `lazy` that would follow it");
        let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
        findings.push(finding.help("say in `lazy` how long others may object after the sign-off"));
    }
    if rule.expires.is_none() && rule.escalate.is_none() && !ends_by_itself(rule) {
        let message = format!("an item decided by `{name}` could stay open for ever");
        let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
        findings
            .push(finding.help("say when it `expires`, or to whom it goes then, with `escalate`"));
    }
}

/// Whether it finds an outcome whatever people do and leave undone: only a vote does, if
/// nothing else has to be given and no objection outlasts it.
fn ends_by_itself(rule: &Procedure) -> bool {
    let silence = |consult: &ConsultRule| consult.silence == Silence::Consents;
    let asked = rule.consult.as_ref().is_none_or(silence);
    let supported = rule.lazy.as_ref().is_none_or(|lazy| lazy.support == 0);
    let nothing_else = rule.review.is_none() && rule.sign_off.is_none() && asked && supported;
    let last_word = rule.lazy.is_some() || rule.objection.is_none();
    rule.vote.is_some() && nothing_else && last_word
}

/// That what rests is decided one day.
fn appeals(name: &str, rule: &Procedure, span: Span, findings: &mut Vec<Diagnostic>) {
    let endless = |rule: &AppealRule| rule.stays && rule.decide_within.is_none();
    if rule.appeal.as_ref().is_some_and(endless) {
        let message = format!("an appeal by `{name}` could let what was accepted rest for ever");
        let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
        findings.push(finding.help("say in `decide_within` how long the body has that hears it"));
    }
}

/// That a share of seats has seats, and can be exceeded where it must be.
fn votes(rule: &Procedure, span: Span, findings: &mut Vec<Diagnostic>) {
    let ratify = rule.ratify.as_ref().and_then(|rule| rule.vote.as_ref());
    let all: Vec<&VoteRule> = rule.vote.as_ref().into_iter().chain(ratify).collect();
    let lacks = |vote: &&VoteRule| vote.base == Base::Seats && vote.seats.is_none();
    if all.iter().any(lacks) {
        let message = "the threshold is a share of the seats, and nothing says how many there are";
        let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
        findings.push(finding.help("add `seats` to the vote, vacant ones included"));
    }
    let shares = all.iter().map(|vote| (vote.threshold, vote.relation));
    let signed = rule.sign_off.iter().map(|rule| (rule.share, rule.relation));
    for (share, relation) in shares.chain(signed) {
        if relation == Comparison::Above && share.numerator == share.denominator {
            let message = format!("more than {share} of something is never in favour");
            let finding = Diagnostic::new(&codes::PROCEDURE_INCOMPLETE, span, message);
            findings.push(finding.help("write `>=` where all have to be in favour"));
        }
    }
}

impl Procedure {
    /// Every list of parties in it.
    fn parties(&self) -> Vec<&Parties> {
        let mut found: Vec<&Parties> = Vec::new();
        found.extend(self.second.iter().filter_map(|rule| rule.by.as_ref()));
        found.extend(self.review.iter().map(|rule| &rule.by));
        found.extend(self.consult.iter().map(|rule| &rule.groups));
        found.extend(self.lazy.iter().filter_map(|rule| rule.by.as_ref()));
        found.extend(self.objection.iter().filter_map(|rule| rule.by.as_ref()));
        found.extend(self.veto.iter().map(|rule| &rule.by));
        let overridden = self.veto.iter().filter_map(|rule| rule.overridden.as_ref());
        found.extend(overridden.map(|rule| &rule.by));
        found.extend(self.ratify.iter().map(|rule| &rule.by));
        found.extend(self.appeal.iter().map(|rule| &rule.by));
        found
    }
}

/// That every group exists, and every word stands for one.
fn parties(rule: &Procedure, charter: &Charter, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let bodies = rule.appeal.iter().map(|rule| &rule.to);
    let bodies = bodies.chain(rule.escalate.iter().map(|rule| &rule.to));
    for body in bodies.filter(|body| !estate.tables.knows(KindId::Group, &body.name)) {
        findings.push(unknown_group(estate, &body.name, body.span));
    }
    for parties in rule.parties() {
        for party in &parties.each {
            requirement::look(party, parties.span, charter, estate, findings);
        }
    }
    if let Some(notice) = &rule.notice {
        requirement::told(notice, charter, estate, findings);
    }
}
