//! A page of its own, for where a plan is kept or looked at with a browser.

use change::plan::{Planned, ScopePlan};

use super::{Shown, by_origin, counts, in_a_line, owners};

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8886;--bad:#b3261e;--mind:#8a5a00;--good:#1b6e33}\
@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--mind:#ffcc66;--good:#8ddb9c}}\
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}\
th,td{border-bottom:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top}\
code{overflow-wrap:anywhere}.low{color:var(--good)}.medium{color:var(--mind)}.high{color:var(--bad);font-weight:700}\
summary:focus-visible{outline:3px solid}";

pub(super) fn print(shown: &Shown<'_>) -> String {
    let plan = shown.plan;
    let all = base::counted(plan.changes().count(), "change", "changes");
    let risk = plan.risk().map_or("no", |risk| risk.word());
    let title = format!("Plan: {all}, {risk} risk");
    let mut body = format!("<h1>{title}</h1>\n");
    for scope in plan
        .scopes
        .iter()
        .filter(|scope| super::says_something(scope))
    {
        body += &one(shown, scope);
    }
    for stopped in &plan.stopped {
        body += &format!(
            "<section><h2>{}</h2><p class=high>Left out: {}</p><p>{}</p></section>\n",
            escaped(&stopped.scope.to_string()),
            escaped(&stopped.what),
            escaped(&stopped.help)
        );
    }
    if plan.is_empty() {
        body += "<p>Nothing to do.</p>\n";
    }
    let commit = plan.commit.as_ref().map_or(String::new(), |commit| {
        format!(" of commit <code>{commit}</code>")
    });
    body += &format!(
        "<footer><p>Plan <code>{}</code>{commit}</p></footer>\n",
        shown.digest
    );
    format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<meta name=viewport content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn one(shown: &Shown<'_>, scope: &ScopePlan) -> String {
    let mut text = format!(
        "<section>\n<h2>{}</h2>\n<p>{}</p>\n",
        escaped(&scope.scope.to_string()),
        counts(scope)
    );
    for (origin, planned) in by_origin(scope) {
        text += &format!(
            "<div class=wide tabindex=0 role=region aria-label=\"{origin}\">\n<table>\n<caption>{origin}</caption>\n"
        );
        text += "<thead><tr><th scope=col>Action<th scope=col>Resource<th scope=col>Before<th scope=col>After<th scope=col>Risk<th scope=col>Owners</tr></thead>\n<tbody>\n";
        for planned in planned {
            text += &row(planned);
        }
        text += "</tbody>\n</table>\n</div>\n";
    }
    for exceeded in &scope.exceeded {
        text += &format!(
            "<p class=high>Over the limit: {}</p>\n",
            escaped(&exceeded.text())
        );
    }
    if !scope.kept.is_empty() {
        let count = base::counted(scope.kept.len(), "resource stays", "resources stay");
        text += &format!("<details><summary>{count} that nobody declares</summary>\n<ul>\n");
        for kept in &scope.kept {
            text += &format!(
                "<li><code>{}</code>: {}\n",
                escaped(&kept.resource),
                escaped(&kept.why)
            );
        }
        text += "</ul>\n</details>\n";
    }
    let required = shown.required(scope);
    if !required.is_empty() {
        text += "<h3>Required</h3>\n<ul>\n";
        for line in required {
            text += &format!("<li>{}\n", escaped(&line));
        }
        text += "</ul>\n";
    }
    text + "</section>\n"
}

fn row(planned: &Planned) -> String {
    let change = &planned.change;
    let value = |value: &Option<serde_json::Value>| {
        value.as_ref().map_or(String::new(), |value| {
            format!("<code>{}</code>", escaped(&in_a_line(value)))
        })
    };
    let reasons: Vec<String> = planned
        .reasons
        .iter()
        .map(|reason| format!("<br>{}", escaped(&reason.text)))
        .collect();
    let risk = planned.risk;
    format!(
        "<tr><td>{}<td><code>{}</code><td>{}<td>{}<td><span class={risk}>{risk}</span>{}<td>{}</tr>\n",
        change.action.word(),
        escaped(&change.resource),
        value(&change.before),
        value(&change.after),
        reasons.concat(),
        escaped(&owners(change)),
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in base::visible(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}
