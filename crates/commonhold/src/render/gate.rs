//! How changes stand at the gate.

use change::gate::{Judgement, Verdict};
use serde_json::json;

use super::machine::JSON_VERSION;
use crate::cli::DataOutput;
use crate::governed::Authors;

/// Changes that stand alike are told once.
pub(crate) fn print(judgements: &[Judgement], authors: &Authors, output: DataOutput) -> String {
    if output == DataOutput::Json {
        let json = json!({
            "version": JSON_VERSION,
            "authors": authors.known,
            "unknown_authors": authors.strangers,
            "changes": judgements,
        });
        return format!("{json:#}\n");
    }
    let mut text = String::new();
    let mut alike: Vec<(&Judgement, Vec<&str>)> = Vec::new();
    for judgement in judgements {
        let same = |(first, _): &&mut (&Judgement, Vec<&str>)| {
            first.verdict == judgement.verdict
                && first.risk == judgement.risk
                && first.scope == judgement.scope
        };
        match alike.iter_mut().find(same) {
            Some((_, resources)) => resources.push(&judgement.resource),
            None => alike.push((judgement, vec![&judgement.resource])),
        }
    }
    for (judgement, resources) in alike {
        text += &visible(&one(judgement, &resources));
    }
    if !authors.known.is_empty() || !authors.strangers.is_empty() {
        let names = authors.known.iter().chain(&authors.strangers);
        let names: Vec<&str> = names.map(String::as_str).collect();
        text += &format!(
            "authors, who do not count as approvers: {}\n",
            base::visible(&names.join(", "))
        );
    }
    text
}

/// Text of others, each line harmless to a terminal.
pub(super) fn visible(text: &str) -> String {
    text.lines()
        .map(|line| base::visible(line) + "\n")
        .collect()
}

/// How many resources are named before the rest is counted.
const NAMED: usize = 5;

fn one(judgement: &Judgement, resources: &[&str]) -> String {
    let word = match &judgement.verdict {
        Verdict::Passed { .. } => "passed",
        Verdict::Waiting { .. } => "waiting",
        Verdict::Blocked { .. } => "blocked",
    };
    let named = resources
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let more = resources.len().saturating_sub(NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let mut text = format!(
        "{word}: {} risk: {named}{more} ({})\n",
        judgement.risk, judgement.scope
    );
    match &judgement.verdict {
        Verdict::Passed { by } => {
            for by in by {
                text += &format!("  {by}\n");
            }
        }
        Verdict::Waiting { until, for_ } => text += &format!("  until {until}: {for_}\n"),
        Verdict::Blocked { because } => {
            for blocker in because {
                text += &format!("  {}: {}\n", blocker.code, blocker.text);
            }
            text += "  it requires\n";
            for line in judgement.requirement.explain() {
                text += &format!("    {line}\n");
            }
        }
    }
    text
}
