//! The pages about findings, rules, files and commands, all from the code.

mod api;
mod predicates;

use std::fmt::Write;

use base::Code;
use charter::{Charter, RULES, Rule};
use estate::{KindId, Manifest};
use spend::settings::Settings;
use yaml::{FromYaml, Record, Shape};

pub use api::{api_description, api_reference};
pub(crate) use predicates::help as help_predicates;
pub use predicates::predicates_reference;

/// Every finding of `check`: about YAML, files, formats, the charter, and then the rules.
pub fn findings() -> impl Iterator<Item = &'static Code> {
    let about_files = [
        yaml::codes::ALL,
        estate::codes::ALL,
        formats::codes::ALL,
        jobs::codes::ALL,
        policy::codes::ALL,
        charter::codes::ALL,
        dns::codes::ALL,
        access::codes::ALL,
        access::owners::codes::ALL,
        migration::codes::ALL,
        audit::codes::ALL,
        spend::codes::ALL,
        spend::grants::codes::ALL,
        spend::budgets::codes::ALL,
        portal::codes::ALL,
    ];
    about_files
        .into_iter()
        .flatten()
        .copied()
        .chain(RULES.iter().map(|rule| &rule.code))
}

/// Everything that has a page: the findings of `check`, and what is wrong with elections and
/// bills, which is told where they are read.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    let others = [
        elections::codes::ALL,
        focus::codes::ALL,
        spend::store::codes::ALL,
        spend::events::codes::ALL,
    ];
    findings().chain(others.into_iter().flatten().copied())
}

/// A finding by its id.
pub fn code(id: &str) -> Option<&'static Code> {
    codes().find(|code| code.id == id)
}

pub(crate) fn unknown(id: &str) -> String {
    match base::nearest(id, codes().map(|code| code.id)) {
        Some(near) => format!("no finding is called `{id}`; did you mean `{near}`?"),
        None => format!("no finding is called `{id}`; `commonhold explain` lists them all"),
    }
}

/// What is said of a rule of a policy that no policy has.
pub(crate) fn unknown_rule(id: &str, known: &[String]) -> String {
    match base::nearest(id, known.iter().map(String::as_str)) {
        Some(near) => format!("no policy has the rule `{id}`; did you mean `{near}`?"),
        None => format!("no policy has the rule `{id}`; `commonhold show policies` lists them"),
    }
}

/// The page of a finding, as Markdown.
pub fn page(code: &Code) -> String {
    let mut page = format!(
        "# {}\n\n{}. ({})\n\n{}\n",
        code.id, code.title, code.severity, code.page
    );
    if let Some(rule) = RULES.iter().find(|rule| rule.code.id == code.id) {
        rule_sections(rule, &mut page);
    }
    page
}

fn rule_sections(rule: &Rule, page: &mut String) {
    let parameters = rule.parameters();
    if !parameters.is_empty() {
        page.push_str("\n## What can be set\n\n| parameter | takes | default | meaning |\n| --- | --- | --- | --- |\n");
        for field in &parameters {
            let default = field.default.map_or("none".to_owned(), readable_default);
            let _ = writeln!(
                page,
                "| `{}` | {} | {default} | {} |",
                field.key,
                field.shape.words(),
                tidy(field.doc)
            );
        }
    }
    page.push_str("\n## In the charter\n\n```yaml\n# charter.yaml\nrules:\n");
    let _ = writeln!(page, "  {}:", rule.code.id);
    let _ = writeln!(
        page,
        "    severity: {}          # error, warning, note or off",
        rule.code.severity
    );
    page.push_str("    owner: GROUP             # who answers for the rule\n");
    page.push_str("    exceptions:\n      - subject: KIND/NAME\n        reason: why, in a sentence\n        decision: where that was decided\n        until: 2030-12-31\n```\n");
    if !rule.example.is_empty() {
        page.push_str("\n## An estate that breaks it\n");
        for (path, text) in rule.example {
            let _ = write!(page, "\n```yaml\n# {path}\n{text}```\n");
        }
    }
}

/// `Share { numerator: 1, denominator: 3 }` as people write it.
fn readable_default(code: &'static str) -> String {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    match code.split_once(',') {
        Some((numerator, denominator)) if code.starts_with("Share") => {
            format!("`{}/{}`", digits(numerator), digits(denominator))
        }
        _ => match code.rsplit_once("::") {
            Some((_, variant)) => format!("`{}`", Record::readable_name(variant).replace(' ', "-")),
            None => format!("`{code}`"),
        },
    }
}

fn tidy(doc: &str) -> String {
    doc.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

/// The form of a file: of a kind of item, of `commonhold.yaml` (`estate`), of the charter, of
/// `spend.yaml` and `portal.yaml`.
pub fn shape(name: &str) -> Option<Shape> {
    match name {
        "estate" => Some(Manifest::shape()),
        "charter" => Some(Charter::shape()),
        "spend" => Some(Settings::form()),
        "portal" => Some(portal::settings::Settings::form()),
        kind => KindId::named(kind).map(KindId::shape),
    }
}

/// Every name that [`shape`] knows, in the order of the reference.
pub fn shapes() -> Vec<&'static str> {
    ["estate", "charter", "spend", "portal"]
        .into_iter()
        .chain(KindId::ALL.iter().map(|kind| kind.name()))
        .collect()
}

/// The reference of all files, as Markdown.
pub fn files_reference() -> String {
    let mut page = String::from(
        "# Files of an estate\n\nGenerated from the code; `commonhold schema KIND` prints the same as JSON Schema.\n\n\
         An item's name is its file's name without `.yaml`; folders below the kind's folder are part of it. \
         Names and logins compare without case. A key that is not in these tables is an error.\n",
    );
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for name in shapes() {
        let Some(shape) = shape(name) else { continue };
        let place = match KindId::named(name) {
            Some(kind) => format!("`{}/NAME.yaml`", kind.folder()),
            None if name == "estate" => format!("`{}`", Manifest::FILE),
            None if name == "spend" => format!("`{}`", Settings::FILE),
            None if name == "portal" => format!("`{}`", portal::settings::Settings::FILE),
            None => "`charter.yaml`".to_owned(),
        };
        let _ = write!(page, "\n## {place}\n");
        for record in shape
            .records()
            .iter()
            .filter(|record| record.name != "Rules")
        {
            // Two files may call records of theirs the same.
            let known = (record.name, record.doc);
            if seen.contains(&known) {
                continue;
            }
            seen.push(known);
            record_section(record, &mut page);
        }
    }
    page
}

fn record_section(record: &Record, page: &mut String) {
    let _ = write!(
        page,
        "\n### {}\n\n{}\n\n",
        Record::readable_name(record.name),
        tidy(record.doc)
    );
    let fields = (record.fields)();
    if fields.is_empty() {
        return;
    }
    page.push_str("| key | takes | | meaning |\n| --- | --- | --- | --- |\n");
    for field in fields {
        let need = match (field.required, field.default) {
            (true, _) => "required".to_owned(),
            (false, Some(default)) if !default.contains("()") => {
                format!("default {}", readable_default(default))
            }
            (false, _) => String::new(),
        };
        let takes = field.shape.words().replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {takes} | {need} | {} |",
            field.key,
            tidy(field.doc)
        );
    }
}
