//! References that lead nowhere, and what was probably meant.

use std::collections::HashMap;

use base::{Diagnostic, Span, article};

use crate::codes;
use crate::kinds::{EscalationStep, KindId, Tables};
use crate::people::{AddressBook, Addressee};
use crate::scalars::Email;

/// Reports every reference that leads nowhere.
pub(crate) fn check(tables: &Tables, book: &AddressBook, findings: &mut Vec<Diagnostic>) {
    // What was meant is looked for once a name: where a folder is lost, thousands name what was in it.
    let mut known: HashMap<(KindId, &str), String> = HashMap::new();
    tables.each(&mut |item| {
        item.references(&mut |reference| {
            let (kind, name) = (reference.kind, reference.name);
            if !tables.knows(kind, name) {
                let help = known
                    .entry((kind, name))
                    .or_insert_with(|| meant(tables, book, kind, name));
                let finding = nowhere(kind, name, reference.span).help(help.as_str());
                findings.push(finding.about(item.subject()));
            }
        });
    });
    for service in tables.services.items() {
        if let Some(on_call) = &service.value.on_call {
            let start = on_call
                .rota
                .first()
                .map_or(service.span, |first| first.span);
            let steps = on_call.escalation.iter();
            let found = steps.filter_map(|step| undecided(step, start));
            findings.extend(found.map(|finding| finding.about(service.subject())));
        }
    }
}

/// A reference that leads nowhere, with what was probably meant.
pub fn unknown(
    tables: &Tables,
    book: &AddressBook,
    kind: KindId,
    name: &str,
    span: Span,
) -> Diagnostic {
    nowhere(kind, name, span).help(meant(tables, book, kind, name))
}

fn nowhere(kind: KindId, name: &str, span: Span) -> Diagnostic {
    let noun = kind.name().replace('-', " ");
    let message = format!("there is no {noun} `{name}`");
    Diagnostic::new(&codes::UNKNOWN_REFERENCE, span, message)
}

fn meant(tables: &Tables, book: &AddressBook, kind: KindId, name: &str) -> String {
    if let Some((_, bare)) = name
        .split_once('/')
        .filter(|(prefix, _)| KindId::named(prefix) == Some(kind))
    {
        return format!("the kind is plain here: write `{bare}`");
    }
    if let Some(Addressee::Person(person)) = Email::new(name)
        .as_ref()
        .and_then(|email| book.whose(email))
    {
        return format!("that is an address of person/{person}: write `{person}`");
    }
    let titled = tables
        .of_kind(kind)
        .into_iter()
        .find(|item| item.title.eq_ignore_ascii_case(name));
    if let Some(titled) = titled {
        return format!("refer to it by the name of its file: `{}`", titled.name);
    }
    if let Some(near) = base::nearest(name, tables.names(kind)) {
        return format!("did you mean `{near}`?");
    }
    if let Some(other) = KindId::ALL
        .iter()
        .copied()
        .find(|other| tables.find_any(*other, name).is_some())
    {
        let (noun, wanted) = (
            other.name().replace('-', " "),
            kind.name().replace('-', " "),
        );
        return format!(
            "`{name}` is {}, and {} is wanted here",
            article(&noun),
            article(&wanted)
        );
    }
    format!(
        "declare it in {}/{}.yaml",
        kind.folder(),
        name.to_lowercase()
    )
}

/// A step that does not name exactly one place to go; one that names none is shown at the rota.
fn undecided(step: &EscalationStep, start: Span) -> Option<Diagnostic> {
    let person = step.person.as_ref().map(|person| person.span);
    let group = step.group.as_ref().map(|group| group.span);
    let service = step.service.as_ref().map(|service| service.span);
    let given: Vec<Span> = [person, group, service].into_iter().flatten().collect();
    match given.as_slice() {
        [_] => None,
        [] => {
            let finding = Diagnostic::new(
                &codes::EMPTY_ESCALATION,
                start,
                "an escalation step names nobody",
            );
            Some(finding.help("give each step a `person`, a `group` or a `service`"))
        }
        [first, second, ..] => {
            let message = "this step names several places to go";
            let finding = Diagnostic::new(&codes::EMPTY_ESCALATION, *second, message);
            Some(
                finding
                    .related(*first, "and this one")
                    .help("make a step of each"),
            )
        }
    }
}
