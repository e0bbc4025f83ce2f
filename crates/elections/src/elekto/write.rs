//! New files, in the shape that Elekto's own are written in.

use crate::Login;
use crate::login::not_text;

use super::candidate::{CandidateFile, DASHES};
use super::election::ElectionFile;

/// The text of `election.yaml`.
pub fn election(election: &ElectionFile) -> String {
    let truth = |yes: bool| if yes { "True" } else { "False" }.to_owned();
    let mut text = String::new();
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            text += &format!("{key}: {value}\n");
        }
    };
    line("name", Some(scalar(&election.name)));
    line("organization", Some(scalar(&election.organization)));
    line("start_datetime", Some(election.start_datetime.to_string()));
    line("end_datetime", Some(election.end_datetime.to_string()));
    let seats = election
        .no_winners
        .map(|seats| seats.value.get().to_string());
    line("no_winners", seats);
    line("allow_no_opinion", election.allow_no_opinion.map(truth));
    line("delete_after", election.delete_after.map(truth));
    let fields = election.show_candidate_fields.0.iter();
    text += &list("show_candidate_fields", fields.map(|field| scalar(field)));
    let officers = election.election_officers.iter();
    text += &list(
        "election_officers",
        officers.map(|officer| scalar(officer.value.as_str())),
    );
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            text += &format!("{key}: {value}\n");
        }
    };
    line("eligibility", election.eligibility.as_deref().map(scalar));
    let description = election.exception_description.as_deref();
    line("exception_description", description.map(scalar));
    let due = election.exception_due.as_ref();
    line("exception_due", due.map(ToString::to_string));
    text
}

/// The text of `voters.yaml`.
pub fn voters<'l>(logins: impl IntoIterator<Item = &'l Login>) -> String {
    let mut text = String::from("eligible_voters:\n");
    for login in logins {
        text += &format!("- {}\n", scalar(login.as_str()));
    }
    if text.lines().count() == 1 {
        text = String::from("eligible_voters: []\n");
    }
    text
}

/// The text of `candidate-ID.md`.
pub fn candidate(candidate: &CandidateFile) -> String {
    let mut text = format!("{DASHES}\nname: {}\n", scalar(&candidate.name));
    text += &format!("ID: {}\n", scalar(candidate.id.value.as_str()));
    if !candidate.info.0.is_empty() {
        text += "info:\n";
    }
    for (name, value) in &candidate.info.0 {
        text += &format!("  - {}: {}\n", scalar(name), scalar(value));
    }
    text + DASHES + "\n" + &candidate.statement
}

fn list(key: &str, items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("  - {item}\n")).collect();
    if items.is_empty() {
        format!("{key}: []\n")
    } else {
        format!("{key}:\n{items}")
    }
}

/// A text as a YAML scalar on one line, that every reader takes for this text.
pub(super) fn scalar(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')
            || ('\u{fdd0}'..='\u{fdef}').contains(&c)
            || (u32::from(c) & 0xfffe) == 0xfffe
    };
    if text.contains(odd) {
        return double_quoted(text, odd);
    }
    let begins = |c: char| "-?:,[]{}#&*!|>'\"%@`=".contains(c);
    // A plain `<<` merges mappings.
    let misread = text.is_empty()
        || text == "<<"
        || text.trim() != text
        || text.starts_with(begins)
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(" #")
        || text.starts_with("...")
        || starts_like_a_time(text)
        || not_text(text).is_some();
    if misread {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        text.to_owned()
    }
}

/// PyYAML makes times of texts that begin like one.
fn starts_like_a_time(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

fn double_quoted(text: &str, odd: impl Fn(char) -> bool) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            c if odd(c) => quoted += &format!("\\U{:08x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
