//! The rules of policies, ready to be asked.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Diagnostic, HouseRule, Severity, SourceMap, Span};
use estate::kinds::{About, Policy, PolicyRule, PolicySeverity};
use estate::{Estate, Item, Ref};
use jiff::civil::Date;
use predicate::Predicate;

use crate::{Excuses, Reader, Subject, Things, codes, vocabulary};

/// A rule of a policy.
#[derive(Debug)]
pub struct Rule<'e> {
    /// The policy it is of.
    pub policy: &'e Item<Policy>,
    /// The rule as it is written.
    pub rule: &'e PolicyRule,
    /// How findings show it: `POLICY/RULE`.
    pub house: Arc<HouseRule>,
    /// The group that answers for it.
    pub owner: &'e str,
    /// What is excused.
    pub excuses: Excuses<'e>,
    applies: Option<Predicate>,
    must: Predicate,
    /// The field at whose place it is reported.
    pub(crate) at: Option<&'e str>,
    /// The list whose elements are told one by one.
    pub(crate) each: Option<&'e str>,
}

/// All rules of an estate's policies that can be asked.
#[derive(Debug, Default)]
pub struct Rules<'e> {
    /// The rules, policy by policy, in the order of the files.
    pub all: Vec<Rule<'e>>,
    /// What is wrong with how they are written.
    pub findings: Vec<Diagnostic>,
}

impl<'e> Rules<'e> {
    /// Reads the rules of all policies. `sources` hold the texts of their files.
    pub fn read(estate: &'e Estate, sources: &SourceMap) -> Self {
        let mut rules = Self::default();
        for policy in estate.tables.policies.items() {
            rules.add(policy, estate, sources);
        }
        rules
    }

    /// A rule by its id, `POLICY/RULE`.
    pub fn named(&self, id: &str) -> Option<&Rule<'e>> {
        self.all.iter().find(|rule| rule.house.id == id)
    }

    fn add(&mut self, policy: &'e Item<Policy>, estate: &'e Estate, sources: &SourceMap) {
        let mut reader = Reader::new(sources, policy.subject());
        let words = vocabulary(policy.value.about);
        let mut first: HashMap<&str, Span> = HashMap::new();
        for rule in &policy.value.rules {
            if let Some(why) = not_an_id(&rule.id) {
                let message = format!("`{}` cannot be the id of a rule: {why}", rule.id);
                let finding = Diagnostic::new(&codes::RULE, rule.id.span, message);
                reader.report(finding.help("write for example `memory-limit`"));
                continue;
            }
            if let Some(earlier) = first.get(rule.id.value.as_str()) {
                let message = format!("a second rule is called `{}`", rule.id);
                let finding = Diagnostic::new(&codes::RULE, rule.id.span, message);
                let finding = finding.related(*earlier, "the first");
                reader.report(finding.help("give it another id"));
                continue;
            }
            first.insert(&rule.id, rule.id.span);
            // All of it is read, so that every mistake is told at once.
            let applies = reader.predicate_if(rule.applies.as_ref(), words);
            let must = reader.predicate(&rule.must, words);
            let excuses = Excuses::read(&rule.exceptions, words, &mut reader);
            let at = rule.at.as_ref();
            let at = at.filter(|at| reader.field(at, words).is_some());
            let each = rule.each.as_ref();
            let each = each.filter(|each| reader.list(each, words));
            if let (Some(applies), Some(must)) = (applies, must) {
                let owner = rule.owner.as_ref().unwrap_or(&policy.value.owner);
                self.all.push(Rule {
                    policy,
                    rule,
                    house: Arc::new(page(policy, rule, declared(estate, owner))),
                    owner: declared(estate, owner),
                    excuses,
                    applies,
                    must,
                    at: at.map(|at| at.value.as_str()),
                    each: each.map(|each| each.value.as_str()),
                });
            }
        }
        self.findings.extend(reader.into_findings());
    }
}

/// The ids of all rules that policies declare, `POLICY/RULE`, in the order of the files; those too
/// that cannot be asked.
pub fn ids(estate: &Estate) -> impl Iterator<Item = String> {
    let policies = estate.tables.policies.items();
    policies.flat_map(|policy| {
        let rules = policy.value.rules.iter();
        rules.map(move |rule| format!("{}/{}", policy.name, rule.id))
    })
}

fn declared<'e>(estate: &'e Estate, owner: &'e Ref<estate::kinds::Group>) -> &'e str {
    estate
        .find(owner)
        .map_or(owner.name.as_str(), |group| group.name.as_str())
}

fn not_an_id(id: &str) -> Option<&'static str> {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    (!id.split('-').all(word))
        .then_some("it is words of small letters and digits with `-` between them")
}

impl Rule<'_> {
    /// How findings show it: `POLICY/RULE`.
    pub fn id(&self) -> &str {
        &self.house.id
    }

    /// What it is said of.
    pub fn about(&self) -> About {
        self.policy.value.about
    }

    /// What must be so.
    pub fn must(&self) -> &Predicate {
        &self.must
    }

    /// How much it matters where it is broken.
    pub fn severity(&self) -> Severity {
        match self.rule.severity {
            PolicySeverity::Error => Severity::Error,
            PolicySeverity::Warning => Severity::Warning,
            PolicySeverity::Note => Severity::Note,
        }
    }

    /// Whether a thing breaks it on a day, excused or not. What could only be read in part breaks
    /// nothing.
    pub fn is_broken_by(&self, subject: &dyn Subject, today: Date) -> bool {
        let applies = self
            .applies
            .as_ref()
            .is_none_or(|applies| applies.holds(subject, today));
        applies && !self.must.holds(subject, today) && !subject.is_flawed()
    }

    /// The things that break it on a day and are not excused, in their order; those too that a
    /// baseline lists.
    pub fn broken_by<'t>(&self, things: &'t Things<'_>, today: Date) -> Vec<&'t dyn Subject> {
        if self.unsure(things).is_some() {
            return Vec::new();
        }
        let all = things.of_kind(self.about()).into_iter();
        let broken = all.filter(|subject| self.is_broken_by(*subject, today));
        broken
            .filter(|subject| self.excuses.first(*subject, today).is_none())
            .collect()
    }

    /// A field it looks at of which nobody can say what it holds, because a source of it could not
    /// be read: then nothing is judged by it.
    pub(crate) fn unsure(&self, things: &Things<'_>) -> Option<&str> {
        let about = self.about();
        self.fields().find(|field| things.is_unsure(about, field))
    }

    /// The fields that it looks at.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let applies = self.applies.iter().flat_map(Predicate::fields);
        applies.chain(self.must.fields())
    }

    /// Where its baseline is, in the tree of the estate.
    pub fn baseline(&self) -> String {
        crate::Baseline::path_of_rule(&self.policy.name, &self.rule.id)
    }
}

/// What `explain` tells of a rule.
fn page(policy: &Item<Policy>, rule: &PolicyRule, owner: &str) -> HouseRule {
    let id = format!("{}/{}", policy.name, rule.id);
    let severity = match rule.severity {
        PolicySeverity::Error => "error",
        PolicySeverity::Warning => "warning",
        PolicySeverity::Note => "note",
    };
    let about = vocabulary(policy.value.about).noun();
    let mut page = format!("# {id}\n\n{}. ({severity})\n", rule.title);
    let mut paragraph = |text: &str| page.push_str(&format!("\n{}\n", text.trim_end()));
    if let Some(why) = &rule.why {
        paragraph(why);
    }
    if let Some(help) = &rule.help {
        paragraph(&format!("What to do: {help}"));
    }
    match &rule.applies {
        Some(applies) => paragraph(&format!(
            "Of every {about} for which this holds:\n\n    {}",
            indented(applies)
        )),
        None => paragraph(&format!("Of every {about}.")),
    }
    paragraph(&format!("This must hold:\n\n    {}", indented(&rule.must)));
    if rule.ratchet {
        let path = crate::Baseline::path_of_rule(&policy.name, &rule.id);
        paragraph(&format!(
            "What broke it when it began is listed in `{path}` and let be; nothing is added to that list."
        ));
    }
    paragraph(&format!("{owner} answers for it."));
    for excuse in &rule.exceptions {
        let until = excuse
            .until
            .as_ref()
            .map_or("for ever".to_owned(), |day| format!("until {day}"));
        paragraph(&format!(
            "Excused {until}: {} ({})\n\n    {}",
            excuse.reason,
            excuse.decision,
            indented(&excuse.applies)
        ));
    }
    HouseRule {
        id,
        title: rule.title.clone(),
        page,
    }
}

fn indented(text: &str) -> String {
    text.trim().replace('\n', "\n    ")
}
