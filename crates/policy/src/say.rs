//! What a finding about a broken rule says, and where.

use base::{Diagnostic, Span};
use jiff::civil::Date;
use jobs::item::Way;
use predicate::{Explanation, Value};

use crate::{Rule, Subject, codes};

/// How many values are told.
const TOLD: usize = 3;
/// As many characters of a value are told.
const LONGEST: usize = 80;

/// A value that decides, with the way to it.
#[derive(Debug, PartialEq, Eq)]
struct Decisive {
    way: String,
    value: String,
}

/// The finding that a thing breaks a rule.
pub(crate) fn broken(rule: &Rule<'_>, subject: &dyn Subject, today: Date) -> Diagnostic {
    let mut decisive = Vec::new();
    collect(&rule.must().why(subject, today), "", &mut decisive);
    let span = place(rule.at, subject, &decisive);
    let mut finding = Diagnostic::new(&codes::BROKEN, span, message(rule, subject, &decisive));
    finding.severity = rule.severity();
    finding.owner = Some(rule.owner.to_owned());
    finding
        .of_house(&rule.house)
        .about(subject.subject())
        .help_if(rule.rule.help.clone())
}

/// The findings that a thing breaks a rule: one, or one for each element of the list that the rule
/// names.
pub(crate) fn each(rule: &Rule<'_>, subject: &dyn Subject, today: Date) -> Vec<Diagnostic> {
    let whole = broken(rule, subject, today);
    let list = rule.each.map(|list| (list, subject.get(list)));
    let Some((list, Value::List(elements))) = list else {
        return vec![whole];
    };
    let mut found = Vec::new();
    elements.elements().find(&mut |element| {
        let way = format!("{list}[{}]", found.len() + 1);
        let said = match element {
            Value::Text(text) => format!(" (`{}`)", shortened(text)),
            _ => String::new(),
        };
        let mut finding = whole.clone();
        finding.message = base::visible(&format!("{}: {}{said}", subject.name(), rule.rule.title));
        finding.span = subject.place(&way);
        found.push(finding);
        false
    });
    // Broken in another way.
    if found.is_empty() {
        found.push(whole);
    }
    found
}

/// Where a thing breaks a rule.
pub(crate) fn place_of(rule: &Rule<'_>, subject: &dyn Subject, today: Date) -> Span {
    let mut decisive = Vec::new();
    collect(&rule.must().why(subject, today), "", &mut decisive);
    place(rule.at, subject, &decisive)
}

fn message(rule: &Rule<'_>, subject: &dyn Subject, decisive: &[Decisive]) -> String {
    let title = &rule.rule.title;
    let told: Vec<String> = decisive
        .iter()
        .filter(|one| !one.value.contains("an item"))
        .take(TOLD)
        .map(|one| format!("`{}` is {}", one.way, shortened(&one.value)))
        .collect();
    let told = if told.is_empty() {
        String::new()
    } else {
        format!(" ({})", told.join(", "))
    };
    format!("{}: {title}{told}", subject.name())
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// The place of `at`, in the element that decides where one does; or of the first value that
/// decides and is written anywhere; or of the thing.
fn place(at: Option<&str>, subject: &dyn Subject, decisive: &[Decisive]) -> Span {
    let Some(at) = at else {
        let written = decisive.iter().find_map(|one| subject.written(&one.way));
        return written.unwrap_or_else(|| subject.span());
    };
    let wanted = Way::of(at);
    let deciding = decisive.iter().find(|one| {
        let way = Way::of(&one.way);
        wanted.element.is_none() && way.field == wanted.field && way.element.is_some()
    });
    let Some(deciding) = deciding else {
        return subject.place(at);
    };
    // `containers.image` asked for, and `containers[2].pull_policy` decides: `containers[2].image`.
    let end = deciding
        .way
        .find(']')
        .map_or(deciding.way.len(), |end| end + 1);
    let element = &deciding.way[..end];
    let rest = if wanted.rest.is_empty() {
        deciding.way[end..].to_owned()
    } else {
        format!(".{}", wanted.rest)
    };
    subject.place(&format!("{element}{rest}"))
}

/// The values that decide, elements of lists by their places.
fn collect(why: &Explanation, within: &str, found: &mut Vec<Decisive>) {
    for reason in &why.reasons {
        if reason.elements.is_empty() {
            for (operand, value) in &reason.found {
                let Some(way) = way_of(operand, within) else {
                    continue;
                };
                let decisive = Decisive {
                    way,
                    value: value.clone(),
                };
                if !found.contains(&decisive) {
                    found.push(decisive);
                }
            }
            continue;
        }
        let list = reason
            .found
            .first()
            .and_then(|(operand, _)| way_of(operand, within));
        let Some(list) = list else { continue };
        for (place, inner) in &reason.elements {
            let before = found.len();
            collect(inner, &format!("{list}[{place}]"), found);
            if found.len() == before {
                found.push(Decisive {
                    way: format!("{list}[{place}]"),
                    value: "an item".to_owned(),
                });
            }
        }
    }
}

/// The way to what an operand names, from the thing; `None` for what is no field.
fn way_of(operand: &str, within: &str) -> Option<String> {
    let inner = operand.strip_prefix("count(").map_or(operand, |inner| {
        inner.find([',', ')']).map_or(inner, |end| &inner[..end])
    });
    if inner == "today" || inner.starts_with("today ") {
        return None;
    }
    if let Some(outer) = inner.strip_prefix("outer.") {
        let above = within.rfind('[').map_or("", |end| &within[..end]);
        let above = above.rfind('.').map_or("", |end| &within[..end]);
        return way_of(outer, above);
    }
    let inner = inner.strip_prefix("it.").unwrap_or(inner);
    Some(match (within, inner) {
        (within, "it") => within.to_owned(),
        ("", field) => field.to_owned(),
        // An entry of a map is found by its place.
        (within, "key" | "value") => within.to_owned(),
        (within, field) => format!("{within}.{field}"),
    })
}
