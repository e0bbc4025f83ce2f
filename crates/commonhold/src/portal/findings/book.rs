//! All findings with what they are called, for whom they are and whom they concern.

use std::collections::{BTreeMap, HashMap};

use base::{Diagnostic, Digest, Severity};
use estate::{Estate, KindId};
use portal::Audience;

use super::audience::audience;
use crate::portal::secret_teams::SecretTeams;
use crate::project::Checked;

/// All findings, by what pages ask for.
pub(crate) struct Book {
    /// One for each finding, in their order.
    entries: Vec<Entry>,
    by_key: HashMap<String, usize>,
    by_subject: HashMap<String, Vec<usize>>,
    /// By the id that they are shown under.
    by_rule: BTreeMap<String, Vec<usize>>,
    /// By the group that answers for what they are about, the worst first.
    by_owner: HashMap<String, Vec<usize>>,
    /// How many errors and warnings about an item everybody may see.
    counts: HashMap<String, (usize, usize)>,
}

/// What a finding is called, and whom it concerns.
pub(super) struct Entry {
    /// The same for as long as it is there: `RULE/DIGEST`.
    pub(super) key: String,
    pub(super) audience: Audience,
    /// The groups that answer for what it is about.
    pub(super) owners: Vec<String>,
}

impl Book {
    pub(crate) fn of(
        checked: &Checked,
        owners_of_jobs: &HashMap<String, String>,
        secret: &SecretTeams,
    ) -> Self {
        let estate = &checked.estate;
        let mut book = Self {
            entries: Vec::with_capacity(checked.findings.len()),
            by_key: HashMap::new(),
            by_subject: HashMap::new(),
            by_rule: BTreeMap::new(),
            by_owner: HashMap::new(),
            counts: HashMap::new(),
        };
        for (at, finding) in checked.findings.iter().enumerate() {
            let key = book.free_key(estate, finding);
            book.by_key.insert(key.clone(), at);
            if let Some(subject) = &finding.subject {
                let known = book.by_subject.entry(subject.clone()).or_default();
                known.push(at);
            }
            let rule = book.by_rule.entry(finding.id().to_owned()).or_default();
            rule.push(at);
            let owners = owners(estate, finding, owners_of_jobs);
            for owner in &owners {
                book.by_owner.entry(owner.clone()).or_default().push(at);
            }
            book.entries.push(Entry {
                key,
                audience: audience(finding, secret),
                owners,
            });
        }
        let lists = book
            .by_subject
            .values_mut()
            .chain(book.by_owner.values_mut());
        for places in lists {
            places.sort_by_key(|&at| (std::cmp::Reverse(checked.findings[at].severity), at));
        }
        book.count_severities(&checked.findings);
        book
    }

    /// A key that no earlier finding has. It is made of what stays when other lines of the file
    /// change: the rule, the file, the item and what stands there.
    fn free_key(&self, estate: &Estate, finding: &Diagnostic) -> String {
        let file = estate.sources.file(finding.span.file);
        let subject = finding.subject.as_deref().unwrap_or_default();
        // A digest of a few private characters could be turned around.
        let closed = finding.withheld || file.private;
        let said = (!closed)
            .then(|| {
                let (start, end) = (finding.span.start as usize, finding.span.end as usize);
                file.text.get(start..end.min(start + 200))
            })
            .flatten()
            .unwrap_or_default();
        let parts = [finding.id(), &file.path, subject, said];
        let numbers = (1..).map(|number| {
            let text = format!("{}\n{number}", parts.join("\n"));
            let digest = Digest::of(text.as_bytes()).hex();
            format!("{}/{}", finding.id(), &digest[..12])
        });
        let mut free = numbers.filter(|key| !self.by_key.contains_key(key));
        free.next().unwrap_or_default()
    }

    fn count_severities(&mut self, findings: &[Diagnostic]) {
        for (finding, entry) in findings.iter().zip(&self.entries) {
            let Some(subject) = &finding.subject else {
                continue;
            };
            if entry.audience != Audience::Everybody {
                continue;
            }
            let (errors, warnings) = self.counts.entry(subject.clone()).or_default();
            match finding.severity {
                Severity::Error => *errors += 1,
                Severity::Warning => *warnings += 1,
                Severity::Note => {}
            }
        }
    }

    /// How many errors and warnings about an item everybody may see.
    pub(crate) fn count(&self, subject: &str) -> (usize, usize) {
        self.counts.get(subject).copied().unwrap_or_default()
    }

    pub(super) fn entry(&self, at: usize) -> &Entry {
        &self.entries[at]
    }

    /// The place of the finding of a key.
    pub(super) fn at(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The places of the findings about an item, the worst first.
    pub(super) fn about(&self, subject: &str) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// The places of the findings about what a group answers for, itself among it; the worst first.
    pub(crate) fn concerning(&self, group: &str) -> &[usize] {
        self.by_owner.get(group).map_or(&[], Vec::as_slice)
    }

    /// Whether everybody may see a finding.
    pub(crate) fn is_public(&self, at: usize) -> bool {
        self.entries[at].audience == Audience::Everybody
    }

    /// How many findings are for some only.
    pub(crate) fn kept_back(&self, audience: &Audience) -> usize {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.audience == *audience).count()
    }

    /// The places of the findings of a rule.
    pub(crate) fn of_rule(&self, rule: &str) -> &[usize] {
        self.by_rule.get(rule).map_or(&[], Vec::as_slice)
    }

    /// The rules that are broken, by their ids.
    pub(in crate::portal) fn rules(&self) -> impl Iterator<Item = (&str, &[usize])> {
        let rules = self.by_rule.iter();
        rules.map(|(rule, places)| (rule.as_str(), places.as_slice()))
    }
}

/// The groups that answer for what a finding is about.
fn owners(
    estate: &Estate,
    finding: &Diagnostic,
    owners_of_jobs: &HashMap<String, String>,
) -> Vec<String> {
    let Some(subject) = &finding.subject else {
        return Vec::new();
    };
    let node = subject
        .split_once('/')
        .and_then(|(kind, name)| estate.node(KindId::named(kind)?, name));
    match node {
        Some(node) => estate.answering(node),
        None => owners_of_jobs.get(subject).cloned().into_iter().collect(),
    }
}
