//! For a comment on a pull request.

use change::plan::{Planned, ScopePlan};

use super::{Shown, by_origin, counts, in_a_line, owners};

pub(super) fn print(shown: &Shown<'_>) -> String {
    let plan = shown.plan;
    let risk = plan.risk().map_or("no", |risk| risk.word());
    let all = base::counted(plan.changes().count(), "change", "changes");
    let mut text = format!("### Plan: {all}, {risk} risk\n\n");
    for scope in plan
        .scopes
        .iter()
        .filter(|scope| super::says_something(scope))
    {
        text += &one(shown, scope);
    }
    for stopped in &plan.stopped {
        text += &format!(
            "> **Left out: {}.** {} {}\n\n",
            cell(&stopped.scope.to_string()),
            cell(&stopped.what),
            cell(&stopped.help)
        );
    }
    if plan.is_empty() {
        text += "Nothing to do.\n\n";
    }
    text += &format!("<sub>Plan `{}`", shown.digest);
    if let Some(commit) = &plan.commit {
        text += &format!(" of commit `{commit}`");
    }
    text + "</sub>\n"
}

fn one(shown: &Shown<'_>, scope: &ScopePlan) -> String {
    let mut text = format!(
        "#### {}\n\n{}.\n\n",
        cell(&scope.scope.to_string()),
        counts(scope)
    );
    for (origin, planned) in by_origin(scope) {
        text += &format!("**{}**\n\n", capital(origin));
        text += "| | Resource | Before | After | Risk | Owners |\n| --- | --- | --- | --- | --- | --- |\n";
        for planned in planned {
            text += &row(planned);
        }
        text.push('\n');
    }
    for exceeded in &scope.exceeded {
        text += &format!("> **Over the limit:** {}.\n\n", exceeded.text());
    }
    if !scope.kept.is_empty() {
        let count = base::counted(scope.kept.len(), "resource stays", "resources stay");
        text += &format!("<details><summary>{count} that nobody declares</summary>\n\n");
        for kept in &scope.kept {
            text += &format!("- {}: {}\n", code(&kept.resource), cell(&kept.why));
        }
        text += "\n</details>\n\n";
    }
    let required = shown.required(scope);
    if !required.is_empty() {
        text += "**Required**\n\n";
        for line in required {
            text += &format!("- {}\n", cell(&line));
        }
        text.push('\n');
    }
    text
}

fn row(planned: &Planned) -> String {
    let change = &planned.change;
    let value = |value: &Option<serde_json::Value>| {
        value
            .as_ref()
            .map_or(String::new(), |value| code(&in_a_line(value)))
    };
    let reasons: Vec<String> = planned
        .reasons
        .iter()
        .map(|reason| cell(&reason.text))
        .collect();
    let risk = if reasons.is_empty() {
        planned.risk.word().to_owned()
    } else {
        format!("**{}**: {}", planned.risk, reasons.join("; "))
    };
    format!(
        "| {} | {} | {} | {} | {risk} | {} |\n",
        change.action.word(),
        code(&change.resource),
        value(&change.before),
        value(&change.after),
        cell(&owners(change)),
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Text that a table of Markdown takes for nothing but text.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in base::visible(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' | '@' => {
                safe.push('\\');
                safe.push(letter);
            }
            _ => safe.push(letter),
        }
    }
    safe
}

/// Text as code, whatever backticks and bars are in it.
fn code(text: &str) -> String {
    let text = base::visible(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        return format!("{fence} {text} {fence}");
    }
    format!("{fence}{text}{fence}")
}
