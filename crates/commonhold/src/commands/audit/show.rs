//! What an audit found, for people and for programs.

use audit::{Class, Coverage, Difference, Field};
use serde_json::{Value, json};

use super::see::Refusal;
use crate::Exit;
use crate::cli::{Output, QuestionArguments};
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::{Outcome, Surroundings};

/// The longest text of one value in a table, in characters.
const LONGEST: usize = 60;

/// What became of a system.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// It was seen, and nothing was to be written.
    Seen,
    /// Its file is what it was.
    Unchanged,
    /// Its file is another.
    Written,
    /// It was not seen whole, and its file is what it was.
    Failed(Refusal),
}

/// What is told of a system.
#[derive(Debug, Clone)]
pub(super) struct SystemReport {
    pub(super) system: String,
    pub(super) state: State,
    pub(super) path: Option<String>,
    pub(super) things: usize,
    pub(super) coverage: Coverage,
}

impl SystemReport {
    pub(super) fn new(system: &str) -> Self {
        Self {
            system: system.to_owned(),
            state: State::Seen,
            path: None,
            things: 0,
            coverage: Coverage::default(),
        }
    }

    pub(super) fn failure(&self) -> Option<&Refusal> {
        match &self.state {
            State::Failed(refusal) => Some(refusal),
            _ => None,
        }
    }

    fn word(&self) -> &'static str {
        match self.state {
            State::Seen => "seen",
            State::Unchanged => "unchanged",
            State::Written => "written",
            State::Failed(_) => "failed",
        }
    }
}

/// All that is told.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) systems: Vec<SystemReport>,
    pub(super) differences: Vec<Difference>,
}

impl Report {
    pub(super) fn failed(&self) -> bool {
        self.systems.iter().any(|one| one.failure().is_some())
    }

    /// How many differences somebody has to look at.
    pub(super) fn open(&self) -> usize {
        self.differences.iter().filter(|one| one.is_open()).count()
    }

    pub(super) fn outcome(
        &self,
        question: &QuestionArguments,
        surroundings: &Surroundings,
        mut notes: String,
        exit: Exit,
    ) -> Outcome {
        for (system, refusal) in self
            .systems
            .iter()
            .filter_map(|one| Some((one, one.failure()?)))
        {
            notes += &format!(
                "error: {}: {}\n  help: {}\n",
                base::visible(&system.system),
                base::visible(&refusal.what),
                base::visible(&refusal.help)
            );
            if let Some(path) = &system.path {
                notes += &format!("  {} stays as it was\n", base::visible(path));
            }
        }
        notes += &self.summary();
        let differences = self.table();
        let data = match question.output {
            Output::Json => self.json(),
            Output::Csv => differences.print(Output::Csv, "differences", surroundings),
            output if differences.is_empty() => {
                self.overview().print(output, "systems", surroundings)
            }
            output => format!(
                "{}\n{}",
                self.overview().print(output, "systems", surroundings),
                differences.print(output, "differences", surroundings)
            ),
        };
        Outcome { data, notes, exit }
    }

    fn coverage(&self) -> Coverage {
        let each = self.systems.iter().map(|one| one.coverage);
        each.fold(Coverage::default(), Coverage::plus)
    }

    fn overview(&self) -> Table {
        let mut table = Table::new(&["system", "result", "things", "declared"]);
        for one in &self.systems {
            let seen = one.failure().is_none();
            table.row([
                Cell::from(one.system.as_str()),
                Cell::from(one.word()),
                Cell::from(seen.then(|| one.things.to_string())),
                Cell::from(seen.then(|| part(one.coverage))),
            ]);
        }
        table
    }

    fn table(&self) -> Table {
        let headings = ["system", "thing", "is", "since", "owners", "how", "because"];
        let mut table = Table::new(&headings);
        for one in &self.differences {
            let how = one.otherwise.iter().map(|field| said(field, "declared"));
            let moved = one.moved.iter().map(|field| said(field, "was"));
            let how: Vec<String> = how.chain(moved).collect();
            table.row([
                Cell::from(one.system.as_str()),
                Cell::from(one.thing.as_str()),
                Cell::from(one.class.word()),
                Cell::from(one.since.map(|since| since.word().to_owned())),
                Cell::from(one.owners.clone()),
                Cell::from((!how.is_empty()).then(|| how.join("; "))),
                Cell::from(because(one)),
            ]);
        }
        table
    }

    fn json(&self) -> String {
        let systems: Vec<Value> = self
            .systems
            .iter()
            .map(|one| {
                json!({
                    "system": one.system,
                    "result": one.word(),
                    "path": one.path,
                    "things": one.failure().is_none().then_some(one.things),
                    "coverage": one.failure().is_none().then_some(one.coverage),
                    "failure": one.failure().map(|refusal| {
                        json!({"why": refusal.why, "what": refusal.what, "help": refusal.help})
                    }),
                })
            })
            .collect();
        let json = json!({
            "version": JSON_VERSION,
            "systems": systems,
            "differences": self.differences,
            "coverage": self.coverage(),
            "open": self.open(),
        });
        format!("{json:#}\n")
    }

    /// `3 of 5 things are declared; 1 is missing, 2 are unmanaged; 1 more is known`.
    fn summary(&self) -> String {
        let coverage = self.coverage();
        if self.failed() && coverage.total == 0 && self.differences.is_empty() {
            return "nothing was seen\n".to_owned();
        }
        let told = if self.failed() {
            "of what could be seen, "
        } else {
            ""
        };
        let mut text = format!(
            "{told}{} of {} declared",
            coverage.managed,
            base::counted(coverage.total, "thing is", "things are")
        );
        let open = |class| {
            let all = self.differences.iter();
            all.filter(|one| one.is_open() && one.class == class)
                .count()
        };
        let mut parts: Vec<String> = Vec::new();
        for class in [Class::Missing, Class::Changed, Class::Unmanaged] {
            let count = open(class);
            if count > 0 {
                parts.push(format!("{count} {}", class.word()));
            }
        }
        let known = self
            .differences
            .iter()
            .filter(|one| one.known.is_some())
            .count();
        let explained = self.differences.len() - self.open() - known;
        for (count, word) in [(known, "known and let be"), (explained, "explained")] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        if parts.is_empty() && !self.failed() {
            parts.push("all is as declared".to_owned());
        }
        if !parts.is_empty() {
            text += &format!("; {}", parts.join(", "));
        }
        format!("{text}\n")
    }
}

/// `3 of 5`.
fn part(coverage: Coverage) -> String {
    format!("{} of {}", coverage.managed, coverage.total)
}

/// `ttl 60, declared 300`.
fn said(field: &Field, word: &str) -> String {
    let name = if field.name.is_empty() {
        "it"
    } else {
        &field.name
    };
    format!(
        "{name} {}, {word} {}",
        value(field.to.as_ref()),
        value(field.from.as_ref())
    )
}

fn value(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => return "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST - 3).collect();
    format!("{start}...")
}

fn because(one: &Difference) -> Option<String> {
    let known = one.known.as_ref().map(|known| {
        format!(
            "{} lets it be until {}: {}",
            known.owner, known.until, known.reason
        )
    });
    known
        .or_else(|| one.expected_by.clone())
        .or_else(|| one.why.clone())
}
