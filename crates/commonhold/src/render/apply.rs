//! What an apply did.

use change::apply::{Ending, Report};
use serde_json::json;

use super::machine::JSON_VERSION;
use crate::cli::DataOutput;
use crate::governed::Authors;

pub(crate) fn print(reports: &[Report], authors: &Authors, output: DataOutput) -> String {
    if output == DataOutput::Json {
        let json = json!({ "version": JSON_VERSION, "scopes": reports });
        return format!("{json:#}\n");
    }
    if reports.is_empty() {
        return "there is nothing to do\n".to_owned();
    }
    reports.iter().map(|report| one(report, authors)).collect()
}

fn one(report: &Report, authors: &Authors) -> String {
    let mut text = format!(
        "{}: {}",
        report.scope,
        report.ending.word().replace('-', " ")
    );
    text += &format!(", {}", base::counted(report.done, "change", "changes"));
    if report.already > 0 {
        text += &format!(", {} done before", report.already);
    }
    text.push('\n');
    for settled in &report.settled {
        text += &format!("  {settled}\n");
    }
    match &report.ending {
        Ending::Applied => {}
        Ending::NotPassed => {
            let open: Vec<_> = report
                .judgements
                .iter()
                .filter(|one| !one.passed())
                .cloned()
                .collect();
            for line in super::gate::print(&open, authors, DataOutput::Text).lines() {
                text += &format!("  {line}\n");
            }
        }
        Ending::Stale { moved } => {
            for what in moved {
                text += &format!("  {what}\n");
            }
            text += "  the plan is stale; nothing was done; plan again\n";
        }
        Ending::Stopped { why } => text += &format!("  {why}\n  nothing was done\n"),
        Ending::RolledBack { why } => {
            text += &format!("  {why}\n  what had been done before was undone\n");
        }
        Ending::Interrupted { why, left } => {
            text += &format!(
                "  {why}\n  {} left; apply the same plan again: it goes on, and does nothing twice\n",
                base::counted(*left, "change is", "changes are")
            );
        }
        Ending::Partly { failed, left } => {
            for what in failed {
                text += &format!("  {what}\n");
            }
            text += &format!(
                "  {} left, the rest is done; plan again when that is mended\n",
                base::counted(*left, "change is", "changes are")
            );
        }
        Ending::NotAsPlanned { seen } => {
            for what in seen {
                text += &format!("  {what}\n");
            }
        }
    }
    for sighting in &report.sightings {
        let seen = base::counted(sighting.as_planned, "record set", "record sets");
        text += &format!("  seen at {}: {seen} as planned\n", sighting.at);
    }
    if let Some(until) = report.old_answers_until.filter(|_| report.done > 0) {
        text += &format!("  caches may hold the old answers until {until}\n");
    }
    text
}
