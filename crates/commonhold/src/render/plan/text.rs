//! For people at a terminal.

use change::Action;
use change::plan::{Planned, ScopePlan};
use charter::risk::Risk;

use super::{Shown, by_origin, counts, in_a_line, owners};
use crate::court::short;

/// How many undeclared resources are named before the rest is counted.
const KEPT: usize = 10;

pub(super) fn print(shown: &Shown<'_>, colour: bool) -> String {
    let plan = shown.plan;
    let mut text = String::new();
    for scope in plan
        .scopes
        .iter()
        .filter(|scope| super::says_something(scope))
    {
        text += &one(shown, scope, colour);
    }
    for stopped in &plan.stopped {
        text += &format!(
            "{}: left out: {}\n  {}\n\n",
            stopped.scope, stopped.what, stopped.help
        );
    }
    if plan.is_empty() {
        text += if plan.stopped.is_empty() && plan.scopes.is_empty() {
            "nothing is planned: no file says where zones are served, or who holds access\n"
        } else if plan.stopped.is_empty() {
            "nothing to do: all is as declared\n"
        } else {
            "nothing to do where it could be told\n"
        };
        return text;
    }
    let all = plan.changes().count();
    text += &format!(
        "plan {}: {}",
        shown.digest.short(),
        base::counted(all, "change", "changes")
    );
    if let Some(risk) = plan.risk() {
        text += &format!(
            ", of {} risk at most",
            painted(risk.word(), of_risk(risk), colour)
        );
    }
    if let Some(commit) = &plan.commit {
        text += &format!("; estate at {}", short(commit));
    }
    text.push('\n');
    if let Some(file) = shown.file {
        let file = file.display();
        text += &format!(
            "next: `commonhold gate {file}` says what it still needs, `commonhold approve {file}` agrees to it\n"
        );
    }
    text
}

fn one(shown: &Shown<'_>, scope: &ScopePlan, colour: bool) -> String {
    let observed = &scope.observed;
    let mut text = format!(
        "{}: {} ({} there)\n",
        scope.scope,
        counts(scope),
        base::counted(observed.resources, "resource", "resources")
    );
    for (origin, planned) in by_origin(scope) {
        text += &format!("  {origin}\n");
        for planned in planned {
            text += &change(planned, colour);
        }
    }
    for exceeded in &scope.exceeded {
        text += &format!("  over the limit: {}\n", exceeded.text());
    }
    if !scope.kept.is_empty() {
        let count = base::counted(scope.kept.len(), "resource stays", "resources stay");
        text += &format!("  {count} that nobody declares\n");
        for kept in scope.kept.iter().take(KEPT) {
            text += &format!("      {}: {}\n", kept.resource, kept.why);
        }
        if scope.kept.len() > KEPT {
            text += &format!(
                "      and {} more; --output json lists them\n",
                scope.kept.len() - KEPT
            );
        }
    }
    let required = shown.required(scope);
    if !required.is_empty() {
        text += "  required\n";
        for line in required {
            text += &format!("    {line}\n");
        }
    }
    text.push('\n');
    text
}

fn change(planned: &Planned, colour: bool) -> String {
    let change = &planned.change;
    let paint = match change.action {
        Action::Delete => "31",
        Action::Update => "33",
        Action::Create => "32",
    };
    let mark = painted(&change.action.mark().to_string(), paint, colour);
    let risk = painted(planned.risk.word(), of_risk(planned.risk), colour);
    let place = change
        .declared_at
        .as_ref()
        .map_or(String::new(), |place| format!(", {place}"));
    let mut text = format!(
        "  {mark} {}  [{risk}, {}{place}]\n",
        change.resource,
        owners(change)
    );
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            text += &format!("      {}\n   -> {}\n", in_a_line(before), in_a_line(after));
        }
        (Some(value), None) | (None, Some(value)) => {
            text += &format!("      {}\n", in_a_line(value));
        }
        (None, None) => {}
    }
    for reason in &planned.reasons {
        text += &format!("      {}: {}\n", reason.raises_to, reason.text);
    }
    text
}

fn of_risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "32",
        Risk::Medium => "33",
        Risk::High => "31",
    }
}

fn painted(text: &str, paint: &str, colour: bool) -> String {
    if colour {
        format!("\x1b[{paint}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
