//! Rows in, verdicts out.

use std::collections::{BTreeMap, HashMap};

use base::Severity;
use serde::Serialize;

use super::builtin;
use super::causes::{self, Cause};
use super::cells::{Cells, Read};
use super::laws::{HEADER, Judged, Law, ONE_FOR, ROWS, Row, Terms};
use super::model::Model;
use super::rule::{Check, Found, Rule, Subject};
use crate::Column;

/// How many places are kept of what a rule finds.
const EXAMPLES: usize = 3;
/// How many different values are remembered to compare others with, and how long they may be
/// together.
const MOST: usize = 1_000_000;
const LONGEST: usize = 32 * 1024 * 1024;

/// Which rules hold that depend on what a provider has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Criteria {
    /// A provider has what its file has columns for.
    #[default]
    Inferred,
    /// It has everything, so every conditional column must be there.
    All,
}

/// What a rule found: how many rows, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many rows break it; 1 for what is not about rows.
    pub rows: u64,
    /// The first of them, by their numbers, with the values they have.
    pub examples: Vec<(u64, String)>,
    /// What else is to be said.
    pub notes: Vec<String>,
}

impl Tally {
    pub(super) fn add(&mut self, row: u64, value: &str) {
        self.rows += 1;
        if self.examples.len() < EXAMPLES {
            let value: String = value.chars().take(120).collect();
            self.examples.push((row, value));
        }
    }

    pub(super) fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }
}

/// How a rule stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing breaks it.
    Passed,
    /// Something does.
    Failed(Tally),
    /// It was not held against, for this reason.
    Skipped(String),
}

/// A rule with how it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Judgement {
    /// The rule's id in the model, or that of a law of ours.
    pub rule: String,
    /// What it is about.
    pub column: String,
    /// What it asks.
    pub words: String,
    /// How much it matters; nothing if it only allows.
    pub severity: Option<Severity>,
    /// How it stands.
    pub verdict: Verdict,
}

/// What came of a file.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// How many rows there were.
    pub rows: u64,
    /// Every rule with how it stands, by id.
    pub rules: Vec<Judgement>,
    /// What is wrong, each thing once; the worst first.
    pub causes: Vec<Cause>,
}

/// A file on its way through the rules: [`Self::row`] for each row, then [`Self::finish`].
pub struct Conformance<'m> {
    columns: Vec<String>,
    places: HashMap<String, usize>,
    by_column: [usize; Column::COUNT],
    rules: &'m [Rule],
    own: Vec<Rule>,
    criteria: Criteria,
    leaves: Vec<Leaf>,
    ones: Vec<One>,
    row_laws: Vec<(usize, Tally)>,
    terms: Option<Terms>,
    rows: u64,
    numbers: Vec<Read>,
}

/// A rule that each row is held against.
struct Leaf {
    rule: usize,
    conditions: Vec<Found>,
    requirement: Found,
    shows: usize,
    tally: Tally,
}

/// That one column always has the same for what another has.
struct One {
    of: usize,
    other: usize,
    /// Where it stands within what that holds; beyond the columns for no such thing.
    within: usize,
    /// The rule of the model, or the law of ours.
    rule: Result<usize, Law>,
    seen: HashMap<Box<str>, Box<str>>,
    /// How long what was seen is together.
    length: usize,
    key: String,
    tally: Tally,
}

impl<'m> Conformance<'m> {
    /// A file with these columns, against a model, or against what this program knows of FOCUS.
    pub fn new(columns: &[String], model: Option<&'m Model>, criteria: Criteria) -> Self {
        let places: HashMap<String, usize> = columns
            .iter()
            .enumerate()
            .map(|(at, name)| (name.clone(), at))
            .collect();
        let by_column = std::array::from_fn(|at| {
            let name = Column::ALL[at].name();
            places.get(name).copied().unwrap_or(usize::MAX)
        });
        let mut conformance = Self {
            columns: columns.to_vec(),
            by_column,
            rules: model.map_or(&[], |model| &model.rules),
            own: if model.is_none() {
                builtin::rules(columns)
            } else {
                Vec::new()
            },
            criteria,
            leaves: Vec::new(),
            ones: Vec::new(),
            row_laws: Vec::new(),
            terms: None,
            rows: 0,
            numbers: vec![Read::NotYet; columns.len()],
            places,
        };
        conformance.prepare();
        conformance
    }

    fn all_rules(&self) -> &[Rule] {
        if self.own.is_empty() {
            self.rules
        } else {
            &self.own
        }
    }

    fn prepare(&mut self) {
        let place = |name: &str| self.places.get(name).copied();
        let mut leaves = Vec::new();
        let mut ones = Vec::new();
        let rules = self.all_rules();
        let by_id: HashMap<&str, &Rule> =
            rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
        for (at, rule) in rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.severity.is_some())
        {
            if let Subject::Rows(Check::OneOf(of, one)) = &rule.subject {
                if let (Some(of), Some(one)) = (place(of), place(one)) {
                    ones.push(One::new(of, one, usize::MAX, Ok(at)));
                }
                continue;
            }
            let Some(check) = requirement(rule, &by_id) else {
                continue;
            };
            let conditions: Option<Vec<Found>> = rule
                .conditions
                .iter()
                .map(|check| Found::of(check, &place))
                .collect();
            if let (Some(conditions), Some(requirement)) = (conditions, Found::of(&check, &place)) {
                let shows = check.columns().first().and_then(|name| place(name));
                leaves.push(Leaf {
                    rule: at,
                    conditions,
                    requirement,
                    shows: shows.unwrap_or(usize::MAX),
                    tally: Tally::default(),
                });
            }
        }
        let there = |law: &Law| {
            law.columns
                .iter()
                .all(|column| self.by_column[*column as usize] != usize::MAX)
        };
        for one in ONE_FOR.iter().filter(|one| there(&one.law)) {
            let at = |column: Column| self.by_column[column as usize];
            let [of, other] = [0, 1].map(|index| at(one.law.columns[index]));
            ones.push(One::new(of, other, at(one.within), Err(one.law)));
        }
        let laws = ROWS.iter().enumerate().filter(|(_, one)| there(&one.law));
        self.row_laws = laws.map(|(at, _)| (at, Tally::default())).collect();
        self.terms = there(Terms::law()).then(Terms::default);
        self.leaves = leaves;
        self.ones = ones;
    }

    /// Takes a row: its number, and what stands in each of the columns.
    pub fn row(&mut self, number: u64, texts: &[Option<&str>]) {
        self.rows += 1;
        let mut cells = Cells::new(texts, &mut self.numbers);
        for leaf in &mut self.leaves {
            let asked = leaf.conditions.iter().all(|check| check.holds(&mut cells));
            if asked && !leaf.requirement.holds(&mut cells) {
                let value = cells.raw(leaf.shows).unwrap_or("null");
                leaf.tally.add(number, value);
            }
        }
        for one in &mut self.ones {
            one.see(&cells, number);
        }
        let mut row = Row {
            cells: &mut cells,
            places: &self.by_column,
        };
        for (at, tally) in &mut self.row_laws {
            let law = &ROWS[*at];
            if let Some(shown) = law.broken(&mut row) {
                tally.add(number, &shown);
            }
        }
        if let Some(terms) = &mut self.terms {
            terms.see(&mut row, number);
        }
    }

    /// What came of it.
    pub fn finish(mut self) -> Outcome {
        let laws = self.laws();
        let mut found: BTreeMap<usize, Tally> = BTreeMap::new();
        for leaf in std::mem::take(&mut self.leaves) {
            found.insert(leaf.rule, leaf.tally);
        }
        for one in std::mem::take(&mut self.ones) {
            if let Ok(rule) = one.rule {
                found.insert(rule, one.tally);
            }
        }
        let rules = self.all_rules();
        let mut verdicts: Vec<Verdict> = rules
            .iter()
            .enumerate()
            .map(|(at, rule)| self.verdict(rule, found.remove(&at), &laws))
            .collect();
        compose(rules, &mut verdicts);
        let mut judgements: Vec<Judgement> = rules
            .iter()
            .zip(verdicts)
            .map(|(rule, verdict)| Judgement {
                rule: rule.id.clone(),
                column: rule.column.clone(),
                words: rule.words.clone(),
                severity: rule.severity,
                verdict,
            })
            .collect();
        let causes = causes::of(rules, &judgements, &laws, &self.columns);
        judgements.extend(laws.into_iter().map(|judged| {
            Judgement {
                rule: judged.law.id.to_owned(),
                column: judged
                    .law
                    .columns
                    .iter()
                    .map(|c| c.name())
                    .collect::<Vec<_>>()
                    .join(", "),
                words: judged.law.words.to_owned(),
                severity: Some(judged.law.severity),
                verdict: match judged.tally.rows {
                    0 => Verdict::Passed,
                    _ => Verdict::Failed(judged.tally),
                },
            }
        }));
        judgements.sort_by(|a, b| a.rule.cmp(&b.rule));
        Outcome {
            rows: self.rows,
            rules: judgements,
            causes,
        }
    }

    /// The laws that were held against, with what they found.
    fn laws(&mut self) -> Vec<Judged> {
        let header = HEADER.iter().map(|one| {
            let mut tally = Tally::default();
            for name in (one.broken)(&self.columns) {
                tally.add(1, &name);
            }
            Judged {
                law: one.law,
                tally,
            }
        });
        let rows = std::mem::take(&mut self.row_laws).into_iter();
        let rows = rows.map(|(at, tally)| Judged {
            law: ROWS[at].law,
            tally,
        });
        let ones = self.ones.iter().filter_map(|one| {
            let law = *one.rule.as_ref().err()?;
            let tally = one.tally.clone();
            Some(Judged { law, tally })
        });
        let mut all: Vec<Judged> = header.chain(rows).chain(ones).collect();
        all.extend(self.terms.take().map(Terms::judged));
        all
    }

    fn verdict(&self, rule: &Rule, found: Option<Tally>, laws: &[Judged]) -> Verdict {
        let skipped = |why: &str| Verdict::Skipped(why.to_owned());
        if rule.severity.is_none() {
            return skipped("it allows, and asks nothing");
        }
        match &rule.subject {
            Subject::Defective(why) => skipped(&format!("the published rule is wrong: {why}")),
            Subject::Alternative => skipped("one of several is enough"),
            Subject::Presence if self.places.contains_key(&rule.column) => Verdict::Passed,
            Subject::Presence if rule.conditional && self.criteria == Criteria::Inferred => {
                skipped("it asks for what the provider may not have")
            }
            Subject::Presence => Verdict::Failed(Tally {
                rows: self.rows,
                ..Tally::default()
            }),
            Subject::Words => by_laws(&rule.id, laws),
            Subject::Parts { any: false, .. } => Verdict::Passed,
            Subject::Parts { .. } | Subject::Rows(_) => match found {
                Some(tally) if tally.rows > 0 => Verdict::Failed(tally),
                Some(_) => Verdict::Passed,
                None => Verdict::Skipped(format!("{} is not in the file", self.missing(rule))),
            },
        }
    }

    /// The column that a rule looks for in vain.
    fn missing<'r>(&self, rule: &'r Rule) -> &'r str {
        let checks = match &rule.subject {
            Subject::Rows(check) => Some(check),
            _ => None,
        };
        let columns = checks
            .into_iter()
            .chain(&rule.conditions)
            .flat_map(Check::columns);
        let mut missing = columns.filter(|name| !self.places.contains_key(*name));
        missing.next().unwrap_or(&rule.column)
    }
}

/// What a rule asks of each row; of one that is made of alternatives, that one of them holds.
fn requirement(rule: &Rule, by_id: &HashMap<&str, &Rule>) -> Option<Check> {
    match &rule.subject {
        Subject::Rows(check) => Some(check.clone()),
        Subject::Parts { rules, any: true } => {
            let parts = rules.iter().map(|id| {
                let part = by_id.get(id.as_str())?;
                match &part.subject {
                    Subject::Rows(check) => Some(check.clone()),
                    _ => None,
                }
            });
            Some(Check::Any(parts.collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}

/// How a rule in words stands by the laws that check it.
fn by_laws(rule: &str, laws: &[Judged]) -> Verdict {
    let covering = laws
        .iter()
        .filter(|judged| judged.law.covers.contains(&rule));
    let mut any = false;
    for judged in covering {
        any = true;
        if judged.tally.rows > 0 {
            return Verdict::Failed(judged.tally.clone());
        }
    }
    if any {
        Verdict::Passed
    } else {
        Verdict::Skipped("it is in words only".to_owned())
    }
}

/// A rule made of others fails where one of them does. Parts stand deeper, never in a circle that
/// is longer than there are rules.
fn compose(rules: &[Rule], verdicts: &mut [Verdict]) {
    let places: HashMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| (rule.id.as_str(), at))
        .collect();
    let mut changed = true;
    let mut left = rules.len();
    while changed && left > 0 {
        changed = false;
        left -= 1;
        for (at, rule) in rules.iter().enumerate() {
            let Subject::Parts {
                rules: parts,
                any: false,
            } = &rule.subject
            else {
                continue;
            };
            if rule.severity.is_none() || matches!(verdicts[at], Verdict::Failed(_)) {
                continue;
            }
            let failed = parts.iter().filter_map(|part| places.get(part.as_str()));
            let failed = failed.filter(|part| {
                matches!(verdicts[**part], Verdict::Failed(_))
                    && rules[**part].severity == Some(Severity::Error)
            });
            let failed = failed.count();
            if failed > 0 {
                let mut tally = Tally {
                    rows: failed as u64,
                    ..Tally::default()
                };
                tally.note("of its parts fail");
                verdicts[at] = Verdict::Failed(tally);
                changed = true;
            }
        }
    }
}

impl One {
    fn new(of: usize, other: usize, within: usize, rule: Result<usize, Law>) -> Self {
        Self {
            of,
            other,
            within,
            rule,
            seen: HashMap::new(),
            length: 0,
            key: String::new(),
            tally: Tally::default(),
        }
    }

    fn see(&mut self, cells: &Cells<'_>, number: u64) {
        let (Some(of), Some(one)) = (cells.text(self.of), cells.text(self.other)) else {
            return;
        };
        self.key.clear();
        if let Some(within) = cells.text(self.within) {
            self.key.push_str(within);
            self.key.push('\n');
        }
        self.key.push_str(of);
        match self.seen.get(self.key.as_str()) {
            Some(first) if **first != *one => {
                self.tally.add(number, &format!("{of}: {first} and {one}"));
            }
            Some(_) => {}
            None if self.seen.len() < MOST && self.length < LONGEST => {
                self.length += self.key.len() + one.len();
                self.seen.insert(self.key.as_str().into(), one.into());
            }
            None => {
                if self.tally.notes.is_empty() {
                    let seen = self.seen.len();
                    self.tally.note(&format!(
                        "only the first {seen} different values were compared"
                    ));
                }
            }
        }
    }
}
