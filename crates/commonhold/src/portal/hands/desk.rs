//! The front desk: what one can ask for, and how it is asked.

pub(super) mod dns;
pub(super) mod forms;
mod wanted;

use std::collections::BTreeMap;

use charter::Charter;
use estate::Estate;
use estate::kinds::Group;
use jiff::civil::Date;
use portal::model::{Field, FieldKind};
use portal::{Asked, Problem, Reader, Refusal, RequestKind};

use super::refused::Answer;
use super::requests::{self, asker};
use super::{Community, Here, plans, promises};

/// How much one may have asked for that is not settled.
const MOST_OPEN: usize = 10;
/// The longest answer in a line, and in several, in characters.
const LINE: usize = 200;
const LINES: usize = 4000;

/// What came of asking: what is wrong with the answers is no failure.
pub(super) type Outcome<T> = Result<T, Vec<Problem>>;

/// One thing that is wrong with a field; with the form as a whole if it is of none.
pub(super) fn problem<T>(field: &str, what: impl Into<String>) -> Outcome<T> {
    Err(vec![Problem {
        field: field.to_owned(),
        what: what.into(),
    }])
}

/// What one can ask for: what the estate has zones for, and what its charter says who decides.
pub(super) fn kinds(
    estate: &Estate,
    charter: &Charter,
    day: Date,
    with_key: bool,
) -> Vec<RequestKind> {
    let dns = dns::kind(estate);
    let items = forms::FORMS
        .iter()
        .filter_map(|form| form.kind(estate, charter, day, with_key));
    dns.into_iter().chain(items).collect()
}

/// What a group promises about a first answer, in words.
pub(super) fn promise(name: &str, group: &Group) -> Option<String> {
    let period = promises::in_words(promises::soonest(group)?);
    Some(format!("{name} promises a first answer within {period}."))
}

/// Whether a request is here of which it is not known yet what it does.
pub(super) fn waits_for_its_plan(here: &Here<'_>, id: &str) -> Answer<bool> {
    let request = requests::find(&here.writer(), id)?;
    let waits = |request: &requests::Request| {
        request.kind == dns::KIND
            && plans::of_commit(&here.place.folder, &request.commit).is_none()
            && !request.is_merged(&here.place)
    };
    Ok(request.as_ref().is_some_and(waits))
}

/// What somebody wants.
#[derive(Clone, Copy)]
pub(super) struct Wish<'w> {
    pub(super) answers: &'w BTreeMap<String, String>,
    /// By which it is known when it is asked for again, as the commit keeps it.
    pub(super) once: Option<&'w str>,
}

/// Asks for something.
pub(super) fn ask(
    community: &Community,
    who: &Reader,
    kind: &str,
    answers: &BTreeMap<String, String>,
    once: Option<&str>,
) -> Outcome<Asked> {
    let Some(identity) = &who.identity else {
        return problem("", "Sign in first: whoever asks is told how it stands.");
    };
    let picture = community.picture();
    let Some(kind) = picture.kinds.iter().find(|known| known.id == kind) else {
        return problem("", "This cannot be asked for here.");
    };
    let answers = tidy(&kind.fields, answers)?;
    let asked = community.in_turn(|here| {
        let mine = asker(identity);
        let all = requests::all(&here.writer())?;
        if let Some(known) = once.and_then(|once| {
            all.iter()
                .find(|one| one.is_of(&mine, kind.id, &answers, once))
        }) {
            let id = known.id.clone();
            return Ok(Ok(Asked { id }));
        }
        let mut open = 0;
        for one in all.iter().filter(|one| one.asker == mine) {
            let settled = match one.kind.as_str() {
                dns::KIND => one.is_merged(&here.place),
                _ => forms::is_settled(here, one),
            };
            open += usize::from(!settled);
        }
        let too_many = open >= MOST_OPEN;
        let wish = Wish {
            answers: &answers,
            once,
        };
        match kind.id {
            dns::KIND => dns::ask(here, who, wish, too_many),
            id => forms::ask(here, who, id, wish, too_many),
        }
    });
    let asked = match asked {
        Ok(asked) => asked?,
        Err(refusal) => return problem("", said(refusal)),
    };
    if kind.id == dns::KIND {
        // The reviewers see at once what it does; where that cannot be told now, it is tried again.
        community.settle(Some(&asked.id));
    }
    Ok(asked)
}

/// That somebody has asked for too much already.
pub(super) fn too_many<T>() -> Outcome<T> {
    problem(
        "",
        format!(
            "You have {MOST_OPEN} requests that are not settled: wait for those, or ask for one to be closed."
        ),
    )
}

/// What a refusal says.
fn said(refusal: Refusal) -> String {
    match refusal {
        Refusal::SignIn(said)
        | Refusal::Forbidden(said)
        | Refusal::Unknown(said)
        | Refusal::Wrong(said)
        | Refusal::Conflict(said)
        | Refusal::Later(said) => said,
    }
}

/// The answers to the fields of a form, without blanks around them and the line ends of forms;
/// whatever else was sent is left out.
fn tidy(fields: &[Field], answers: &BTreeMap<String, String>) -> Outcome<BTreeMap<String, String>> {
    let mut tidied = BTreeMap::new();
    let mut problems = Vec::new();
    for field in fields {
        let sent = answers
            .get(&field.name)
            .map(String::as_str)
            .unwrap_or_default();
        let text = sent
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .trim()
            .to_owned();
        if let Some(what) = wrong(field, &text) {
            let field = field.name.clone();
            problems.push(Problem { field, what });
        }
        if !text.is_empty() {
            tidied.insert(field.name.clone(), text);
        }
    }
    if problems.is_empty() {
        Ok(tidied)
    } else {
        Err(problems)
    }
}

/// What is wrong with an answer.
fn wrong(field: &Field, text: &str) -> Option<String> {
    if text.is_empty() {
        return field
            .required
            .then(|| "This has to be answered.".to_owned());
    }
    let many = matches!(field.kind, FieldKind::Lines | FieldKind::Paste);
    let most = if many { LINES } else { LINE };
    if text.chars().count() > most {
        return Some(format!(
            "This has more than {most} characters: say it shortly, and link to the rest."
        ));
    }
    let is_break = |c: char| many && matches!(c, '\n' | '\t');
    if text.contains(|c: char| (c.is_control() && !is_break(c)) || is_turning(c)) {
        return Some("This holds characters that nobody sees: type it anew.".to_owned());
    }
    match &field.kind {
        FieldKind::Choice(choices) if !choices.iter().any(|(sent, _)| sent == text) => {
            Some("Choose one of those that are offered.".to_owned())
        }
        FieldKind::Number if text.parse::<u32>().is_err() => {
            Some("Write a whole number.".to_owned())
        }
        FieldKind::Day if text.parse::<Date>().is_err() => {
            Some("Write a day, as 2027-06-30.".to_owned())
        }
        _ => None,
    }
}

/// Whether a character turns the direction of text, so that it reads as something else.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What somebody is called in what they ask for.
pub(super) fn name_of(who: &Reader) -> String {
    let elsewhere = who.identity.as_ref().map(|identity| identity.name.as_str());
    let name = who.person.as_deref().or(elsewhere).unwrap_or("somebody");
    // An address is for nobody to read.
    let name = name.split('@').next().unwrap_or(name);
    let plain: String = name
        .chars()
        .filter(|c| !c.is_control() && !is_turning(*c))
        .take(100)
        .collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> Field {
        Field::line("x", "X").kind(kind)
    }

    #[test]
    fn answers_are_bounded_and_can_be_read() {
        let choice = FieldKind::Choice(vec![("a".to_owned(), "A".to_owned())]);
        for (kind, text, fits) in [
            (FieldKind::Line, "www", true),
            (FieldKind::Line, "two\nlines", false),
            (FieldKind::Lines, "two\nlines", true),
            (FieldKind::Lines, "a bell\u{7}", false),
            (FieldKind::Line, "turned\u{202e}", false),
            (FieldKind::Line, &"x".repeat(201), false),
            (FieldKind::Number, "300", true),
            (FieldKind::Number, "-1", false),
            (FieldKind::Day, "2027-02-30", false),
            (FieldKind::Day, "2027-02-28", true),
            (choice.clone(), "a", true),
            (choice, "b", false),
        ] {
            assert_eq!(wrong(&field(kind), text).is_none(), fits, "{text}");
        }
    }

    #[test]
    fn only_what_was_asked_is_taken() {
        let sent = BTreeMap::from([
            ("x".to_owned(), " one\r\ntwo ".to_owned()),
            ("y".to_owned(), "more".to_owned()),
        ]);
        let tidied = tidy(&[field(FieldKind::Lines)], &sent).expect("answers");
        assert_eq!(
            tidied,
            BTreeMap::from([("x".to_owned(), "one\ntwo".to_owned())])
        );
        assert!(tidy(&[field(FieldKind::Line)], &BTreeMap::new()).is_err());
    }
}
