//! A plan as text, Markdown, HTML and JSON.

mod html;
mod markdown;
mod text;

use std::path::Path;

use base::Digest;
use change::Change;
use change::plan::{Plan, Planned, ScopePlan};
use charter::requirement::{Requirement, requirement};
use charter::risk::Reach;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::machine::JSON_VERSION;
use crate::cli::PlanOutput;
use crate::governed::{Authors, Side};
use crate::surroundings::Surroundings;

/// A plan with all that is shown of it.
pub(crate) struct Shown<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) digest: &'a Digest,
    /// Those who judge it, where they are known.
    pub(crate) court: Option<(&'a Side, &'a Authors)>,
    /// The file it is in.
    pub(crate) file: Option<&'a Path>,
    pub(crate) day: Date,
}

impl Shown<'_> {
    pub(crate) fn print(&self, output: PlanOutput, surroundings: &Surroundings) -> String {
        match output {
            PlanOutput::Text => text::print(self, surroundings.terminal && !surroundings.no_color),
            PlanOutput::Markdown => markdown::print(self),
            PlanOutput::Html => html::print(self),
            PlanOutput::Json => self.json(),
        }
    }

    fn json(&self) -> String {
        let requirements: Vec<Value> = self
            .plan
            .changes()
            .map(|(_, planned)| json!({ "digest": planned.digest, "requirement": self.requirement(planned) }))
            .collect();
        let json = json!({
            "version": JSON_VERSION,
            "digest": self.digest,
            "plan": self.plan,
            "authors": self.court.map(|(_, authors)| &authors.known),
            "requirements": requirements,
        });
        format!("{json:#}\n")
    }

    /// What a change requires.
    fn requirement(&self, planned: &Planned) -> Option<Requirement> {
        let (side, _) = self.court?;
        let effect = &planned.change.effect;
        let reach = Reach::of(&effect.touches, &side.estate, &side.charter.risk.settings());
        let owners = &planned.change.owners;
        Some(requirement(
            planned.risk,
            owners,
            &reach,
            &side.charter,
            &side.estate,
            self.day,
        ))
    }

    /// What the changes of a scope require, each thing once, the highest risk first.
    fn required(&self, scope: &ScopePlan) -> Vec<String> {
        let mut all: Vec<Requirement> = Vec::new();
        for planned in &scope.changes {
            let known = all.iter().any(|one| one.risk == planned.risk);
            if !known {
                all.extend(self.requirement(planned));
            }
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.risk));
        let mut lines = Vec::new();
        for one in all {
            for line in one.explain() {
                lines.push(format!("{} risk: {line}", one.risk));
            }
        }
        lines
    }
}

/// What is there, or shall be there, in a line: its values and for how long they are kept.
pub(crate) fn in_a_line(value: &Value) -> String {
    let Some(values) = value["values"].as_array() else {
        return base::visible(&value.to_string());
    };
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    base::visible(&format!("{} (TTL {})", texts.join(", "), value["ttl"]))
}

/// Who answers for what changes, in a line.
fn owners(change: &Change) -> String {
    if change.owners.is_empty() {
        return "nobody".to_owned();
    }
    change.owners.join(", ")
}

/// `2 deletes, 1 update, 5 creates`.
fn counts(scope: &ScopePlan) -> String {
    use change::Action;
    let count = |action: Action| {
        let of = scope
            .changes
            .iter()
            .filter(|planned| planned.change.action == action);
        match of.count() {
            0 => None,
            count => Some(base::counted(
                count,
                action.word(),
                &format!("{}s", action.word()),
            )),
        }
    };
    let counts: Vec<String> = [Action::Delete, Action::Update, Action::Create]
        .into_iter()
        .filter_map(count)
        .collect();
    if counts.is_empty() {
        return "no changes".to_owned();
    }
    counts.join(", ")
}

/// Whether a scope has anything to do or to tell.
fn says_something(scope: &ScopePlan) -> bool {
    !scope.changes.is_empty() || !scope.kept.is_empty()
}

/// The changes that a commit causes, and those that undo what others did.
fn by_origin(scope: &ScopePlan) -> Vec<(&'static str, Vec<&Planned>)> {
    use change::Origin;
    let of = |origin: Origin| -> Vec<&Planned> {
        scope
            .changes
            .iter()
            .filter(|planned| planned.change.origin == origin)
            .collect()
    };
    let groups = [
        ("caused by this commit", of(Origin::Commit)),
        ("drift that was there before", of(Origin::Drift)),
        ("undoing what was applied", of(Origin::Revert)),
    ];
    groups
        .into_iter()
        .filter(|(_, planned)| !planned.is_empty())
        .collect()
}
