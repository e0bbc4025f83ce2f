//! `README.md` of an item: its record for people, made from what happened.

use std::collections::BTreeSet;

use charter::procedure::Rules;
use jiff::Timestamp;

use crate::item::{Record, State};
use crate::names::ItemId;

/// What the page is of.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The item.
    pub item: &'a ItemId,
    /// Its number, once it has one.
    pub number: Option<u32>,
    /// How it stands; an item that another took the place of is superseded.
    pub record: &'a Record,
    /// What it is decided by.
    pub rules: &'a Rules,
    /// The commit whose charter that is.
    pub charter: Option<&'a str>,
    /// The item that took its place.
    pub superseded_by: Option<&'a ItemId>,
}

impl Page<'_> {
    /// The state to show.
    pub fn state(&self) -> State {
        match self.superseded_by {
            Some(_) => State::Superseded,
            None => self.record.state,
        }
    }

    /// The page, as Markdown with a front matter of YAML.
    pub fn markdown(&self) -> String {
        let mut text = self.front_matter();
        text += &format!("\n# {}\n\n", self.title());
        text += "This page is made from the signed events beside it; what is written here by hand is overwritten.\n";
        self.summary(&mut text);
        self.conditions(&mut text);
        self.vote(&mut text);
        self.objections(&mut text);
        self.history(&mut text);
        text
    }

    fn title(&self) -> String {
        let title = plain(&self.record.title);
        match self.number {
            Some(number) => format!("{number}. {title}"),
            None => title,
        }
    }

    fn front_matter(&self) -> String {
        let record = self.record;
        let mut lines = vec![format!("status: {}", self.state().word().replace(' ', "-"))];
        lines.push(format!("item: {}", self.item));
        lines.extend(self.number.map(|number| format!("number: {number}")));
        if let Some(matter) = &record.matter {
            lines.push(format!("kind: {}", matter.kind));
            if !matter.supersedes.is_empty() {
                let all: Vec<&str> = matter.supersedes.iter().map(ItemId::as_str).collect();
                lines.push(format!("supersedes: [{}]", all.join(", ")));
            }
        }
        lines.push(format!("body: {}", quoted(&self.rules.body)));
        lines.push(format!("procedure: {}", quoted(&self.rules.name)));
        lines.extend(self.charter.map(|commit| format!("charter: {commit}")));
        lines.extend(record.text.map(|text| format!("content: {text}")));
        let time = |key: &str, at: Option<Timestamp>| at.map(|at| format!("{key}: {at}"));
        lines.extend(time("proposed", record.proposed));
        lines.extend(time("opened", record.opened));
        lines.extend(time("closes", record.closes));
        lines.extend(time("since", record.since));
        let deciders = record.votes.keys().chain(record.approvals.keys());
        let deciders: BTreeSet<&String> = deciders.collect();
        let deciders: Vec<String> = deciders.into_iter().map(|name| quoted(name)).collect();
        lines.push(format!("deciders: [{}]", deciders.join(", ")));
        lines.extend(
            self.superseded_by
                .map(|item| format!("superseded-by: {item}")),
        );
        format!("---\n{}\n---\n", lines.join("\n"))
    }

    fn summary(&self, text: &mut String) {
        let record = self.record;
        let since = record
            .since
            .map_or_else(String::new, |at| format!(" since {at}"));
        *text += &format!("\nIt is **{}**{since}.", self.state().word());
        if let Some(item) = self.superseded_by {
            *text += &format!(" [{item}](../{item}/README.md) took its place.");
        }
        if let Some(proposer) = &record.proposer {
            *text += &format!(
                " Proposed by {}; {} decides by `{}`.",
                plain(proposer),
                plain(&self.rules.body),
                self.rules.name
            );
        }
        *text += " The text is in [proposal.md](proposal.md).\n";
    }

    fn conditions(&self, text: &mut String) {
        if self.record.conditions.is_empty() {
            return;
        }
        *text += "\n## What it needs\n\n";
        for one in &self.record.conditions {
            let mark = if one.met { 'x' } else { ' ' };
            *text += &format!("- [{mark}] {}\n", plain(&one.text));
        }
    }

    fn vote(&self, text: &mut String) {
        if self.record.votes.is_empty() {
            return;
        }
        *text += "\n## Vote\n\n| who | how |\n| --- | --- |\n";
        for (who, choice) in &self.record.votes {
            *text += &format!("| {} | {choice} |\n", plain(who));
        }
    }

    fn objections(&self, text: &mut String) {
        if self.record.objections.is_empty() {
            return;
        }
        *text += "\n## Objections\n\n";
        for one in &self.record.objections {
            let advises = if one.binding { "" } else { " (advises)" };
            *text += &format!(
                "- {}{advises}, {}: {}\n",
                plain(&one.by),
                one.at,
                plain(&one.reason)
            );
            for (at, by, answer) in &one.answers {
                *text += &format!("  - {}, {at}: {}\n", plain(by), plain(answer));
            }
            if let Some((at, how)) = &one.ended {
                *text += &format!("  - {how}, {at}\n");
            }
        }
    }

    fn history(&self, text: &mut String) {
        *text += "\n## What happened\n\n| when | state | why |\n| --- | --- | --- |\n";
        for step in &self.record.history {
            *text += &format!(
                "| {} | {} | {} |\n",
                step.at,
                step.state.word(),
                plain(&step.why)
            );
        }
        if self.record.ignored.is_empty() {
            return;
        }
        *text +=
            "\n## What does not count\n\n| when | who | what | why |\n| --- | --- | --- | --- |\n";
        for one in &self.record.ignored {
            *text += &format!(
                "| {} | {} | {} | {} ({}) |\n",
                one.at,
                plain(&one.by),
                one.act,
                plain(&one.what),
                one.reason
            );
        }
    }
}

/// Text that people wrote, so that it stays text: no markup, no table's cell, one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '|' | '<' | '>' | '*' | '_' | '`' | '[' | ']' | '#' | '\\' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A text in YAML, double-quoted as JSON has it.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
