//! What breaks the rules of an estate's policies.

use base::{Diagnostic, SourceMap, Span};
use estate::kinds::About;
use estate::{Estate, Tree};
use jiff::civil::Date;

use crate::approval::{Listed, approvals};
use crate::ratchet::Ratchet;
use crate::{Fixes, Rule, Rules, Subject, Things, codes, say};

/// What policies make of an estate.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Diagnostic>,
    /// Lists that became smaller, to be written.
    pub shrunk: Vec<Shrunk>,
    /// Files of approvals that are not as they should be.
    pub listed: Vec<Listed>,
}

/// A baseline that became smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shrunk {
    /// What it is the list of: a rule as `POLICY/RULE`, or `migration/NAME`.
    pub of: String,
    /// Its file, in the tree of the estate.
    pub path: String,
    /// What the file says now.
    pub before: String,
    /// What it shall say.
    pub text: String,
    /// What is no more on it.
    pub gone: Vec<String>,
    /// How many ids stay.
    pub left: usize,
    /// Where the first of those that go stands.
    pub span: Span,
}

impl Shrunk {
    /// What is said of it where it is not written.
    pub fn finding(&self) -> Diagnostic {
        let count = base::counted(self.gone.len(), "thing", "things");
        let message = format!(
            "the list of `{}` has {count} that need not be on it any more",
            self.of
        );
        let finding = Diagnostic::new(&codes::SLACK, self.span, message);
        finding.help("run `commonhold check` and commit what it writes")
    }
}

/// Judges an estate by its policies on a day. Baselines are read from the tree and put into
/// `sources`, as findings may be about places in them; nothing is written.
pub fn check(
    estate: &Estate,
    things: &Things<'_>,
    sources: &mut SourceMap,
    tree: &dyn Tree,
    today: Date,
) -> Report {
    let rules = Rules::read(estate, sources);
    let fixes = Fixes::read(&rules, sources);
    let mut report = Report::default();
    report.findings.extend(rules.findings);
    report.findings.extend(fixes.findings);
    let approvals = approvals(estate, things, sources, tree, today);
    report.findings.extend(approvals.findings);
    report.listed = approvals.files;
    let mut judged: Vec<&Rule<'_>> = Vec::new();
    for rule in &rules.all {
        report.findings.extend(
            rule.excuses
                .expired(today)
                .into_iter()
                .map(|finding| finding.about(rule.policy.subject())),
        );
        match nothing_to_judge(rule, things) {
            Some(finding) => report.findings.push(finding),
            None if rule.unsure(things).is_none() => judged.push(rule),
            None => {}
        }
    }
    for about in [
        About::Job,
        About::Preset,
        About::Tab,
        About::Service,
        About::Account,
        About::MailingGroup,
    ] {
        let of_kind: Vec<&Rule<'_>> = judged
            .iter()
            .copied()
            .filter(|rule| rule.about() == about)
            .collect();
        if !of_kind.is_empty() {
            judge(about, &of_kind, things, sources, tree, today, &mut report);
        }
    }
    report
}

/// That a rule says nothing because no source declares what it is about, or what it asks for.
fn nothing_to_judge(rule: &Rule<'_>, things: &Things<'_>) -> Option<Diagnostic> {
    let about = rule.about();
    let (span, message, help) = if things.are_read(about) {
        let lacking = rule
            .fields()
            .find_map(|field| Some((field, things.lacks(about, field)?)));
        let (field, noun) = lacking?;
        (
            rule.rule.must.span,
            format!(
                "`{}` asks for `{field}`, and no source of {noun} is named",
                rule.id()
            ),
            format!("name one under `sources` in commonhold.yaml, or do not ask for `{field}`"),
        )
    } else {
        (
            rule.rule.id.span,
            format!(
                "`{}` is said of jobs, and no source of jobs is named",
                rule.id()
            ),
            "name one under `sources` in commonhold.yaml, or remove the rule".to_owned(),
        )
    };
    let finding = Diagnostic::new(&codes::NO_SOURCE, span, message);
    Some(finding.help(help).about(rule.policy.subject()))
}

/// Judges all things of one kind by the rules about them, thing by thing: each is looked at once.
fn judge(
    about: About,
    rules: &[&Rule<'_>],
    things: &Things<'_>,
    sources: &mut SourceMap,
    tree: &dyn Tree,
    today: Date,
    report: &mut Report,
) {
    let subjects = things.of_kind(about);
    let mut broken: Vec<Vec<&dyn Subject>> = vec![Vec::new(); rules.len()];
    let mut used: Vec<Vec<bool>> = rules
        .iter()
        .map(|rule| vec![false; rule.excuses.len()])
        .collect();
    for subject in &subjects {
        for (nth, rule) in rules.iter().enumerate() {
            if !rule.is_broken_by(*subject, today) {
                continue;
            }
            if rule.excuses.first(*subject, today).is_some() {
                rule.excuses.mark(*subject, today, &mut used[nth]);
            } else {
                broken[nth].push(*subject);
            }
        }
    }
    let complete = things.are_complete(about);
    for ((rule, broken), used) in rules.iter().zip(&broken).zip(&used) {
        if complete {
            let unused = rule.excuses.unused(used, today).into_iter();
            report
                .findings
                .extend(unused.map(|finding| finding.about(rule.policy.subject())));
        }
        if rule.rule.ratchet {
            ratchet(rule, broken, things, sources, tree, today, report);
        } else {
            report.findings.extend(
                broken
                    .iter()
                    .flat_map(|subject| say::each(rule, *subject, today)),
            );
        }
    }
}

/// Tells what is new among what breaks a rule that may only be broken less.
fn ratchet(
    rule: &Rule<'_>,
    broken: &[&dyn Subject],
    things: &Things<'_>,
    sources: &mut SourceMap,
    tree: &dyn Tree,
    today: Date,
    report: &mut Report,
) {
    let (path, subject) = (rule.baseline(), rule.policy.subject());
    let ratchet = Ratchet {
        of: rule.id(),
        subject: &subject,
        span: rule.rule.id.span,
        about: rule.about(),
        path: &path,
    };
    let turned = ratchet.turn(broken, things, sources, tree);
    report.findings.extend(turned.findings);
    report.shrunk.extend(turned.shrunk);
    let listed = turned.baseline.map_or(0, |baseline| baseline.len());
    report.findings.extend(turned.new.iter().map(|subject| {
        let message = format!(
            "{}: {}; this is new, and `{}` may only be broken less ({listed} on its list)",
            subject.name(),
            rule.rule.title,
            rule.id(),
        );
        let span = say::place_of(rule, *subject, today);
        let mut finding = Diagnostic::new(&codes::GROWN, span, message);
        finding.owner = Some(rule.owner.to_owned());
        let help = format!(
            "mend it, or ask {} for an exception; {path} is not added to",
            rule.owner
        );
        finding
            .about(subject.subject())
            .help_if(rule.rule.help.clone())
            .help_if(Some(help))
    }));
}
