//! The text of a form to its fields.

use estate::records::DomainName;

use super::snippet::{self, Found};
use super::{Operation, Problem, Request, Snippet};

/// What a heading asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Operation,
    Domain,
    Existing,
    New,
    Reason,
}

impl Field {
    const ALL: [Self; 5] = [
        Self::Operation,
        Self::Domain,
        Self::Existing,
        Self::New,
        Self::Reason,
    ];

    /// As one would head it.
    fn name(self) -> &'static str {
        match self {
            Self::Operation => "Type of DNS update",
            Self::Domain => "Domain being modified",
            Self::Existing => "Existing DNS Record",
            Self::New => "New DNS Record",
            Self::Reason => "Reason for update",
        }
    }

    /// What a heading means, by its words. The order matters: "reason for the new record" is a reason.
    fn of(heading: &str) -> Option<Self> {
        let heading = heading.to_lowercase();
        let words: Vec<&str> = heading.split(|c: char| !c.is_alphanumeric()).collect();
        let says = |any: &[&str]| words.iter().any(|word| any.contains(word));
        if says(&["reason", "why", "purpose", "rationale", "justification"]) {
            Some(Self::Reason)
        } else if says(&["existing", "current", "old"]) {
            Some(Self::Existing)
        } else if says(&["new", "desired", "wanted", "proposed"]) {
            Some(Self::New)
        } else if says(&["type", "kind", "action", "operation"]) {
            Some(Self::Operation)
        } else if says(&["domain", "zone"]) {
            Some(Self::Domain)
        } else {
            None
        }
    }
}

/// A field as it was filled in: the lines with their numbers, from 1.
struct Section<'t> {
    field: Field,
    line: usize,
    lines: Vec<(usize, &'t str)>,
}

/// Reads a filled-in form.
///
/// # Errors
/// All that is missing, not filled in, or not understood.
pub fn parse(text: &str) -> Result<Request, Vec<Problem>> {
    let text = without_comments(text.trim_start_matches('\u{feff}'));
    let mut problems = Vec::new();
    let sections = sections(&text, &mut problems);
    let section = |field: Field| sections.iter().find(|section| section.field == field);
    for field in Field::ALL {
        if section(field).is_none() {
            let what = format!("the request has no heading `{}`", field.name());
            problems.push(Problem::new(
                1,
                what,
                "take the form and fill in every part",
            ));
        }
    }
    let operation =
        section(Field::Operation).and_then(|section| keep(operation(section), &mut problems));
    let domain = section(Field::Domain).and_then(|section| keep(domain(section), &mut problems));
    let existing = section(Field::Existing).map(|section| keep(records(section), &mut problems));
    let new = section(Field::New).map(|section| keep(records(section), &mut problems));
    let reason = section(Field::Reason).and_then(|section| keep(reason(section), &mut problems));
    if let (Some(operation), Some(Some(existing)), Some(Some(new))) = (operation, &existing, &new) {
        let existing_line = section(Field::Existing).map_or(1, |section| section.line);
        let new_line = section(Field::New).map_or(1, |section| section.line);
        fits(
            operation,
            (existing_line, existing),
            (new_line, new),
            &mut problems,
        );
    }
    match (operation, domain, existing, new, reason) {
        (
            Some(operation),
            Some((domain, domain_line)),
            Some(Some(existing)),
            Some(Some(new)),
            Some(reason),
        ) if problems.is_empty() => Ok(Request {
            operation,
            domain,
            domain_line,
            existing,
            new,
            reason,
        }),
        _ => {
            problems.sort_by_key(|problem| (problem.line, problem.column));
            Err(problems)
        }
    }
}

fn keep<T>(read: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

/// The text with comments of HTML blanked out, line for line. What stands in a fence is no comment.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut fence = None;
    let mut open = false;
    for line in text.lines() {
        let mut rest = line.trim_end_matches('\r');
        if !open {
            fence = snippet::fence_after(fence, rest);
        }
        while !rest.is_empty() {
            let mark = if open { "-->" } else { "<!--" };
            let found = rest.find(mark).filter(|_| open || fence.is_none());
            let Some(at) = found else {
                if !open {
                    kept.push_str(rest);
                }
                break;
            };
            if !open {
                kept.push_str(&rest[..at]);
            }
            rest = &rest[at + mark.len()..];
            open = !open;
        }
        kept.push('\n');
    }
    kept
}

fn sections<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Vec<Section<'t>> {
    let mut sections: Vec<Section<'t>> = Vec::new();
    let mut inside = false;
    let mut fence = None;
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        let was = fence;
        fence = snippet::fence_after(fence, line);
        let heading = if was.is_none() && fence.is_none() {
            heading(line)
        } else {
            None
        };
        let Some((heading, answer)) = heading else {
            if let Some(last) = sections.last_mut().filter(|_| inside) {
                last.lines.push((number, line));
            }
            continue;
        };
        match Field::of(heading) {
            Some(field) if sections.iter().all(|section| section.field != field) => {
                inside = true;
                let lines = if answer.is_empty() {
                    Vec::new()
                } else {
                    vec![(number, answer)]
                };
                sections.push(Section {
                    field,
                    line: number,
                    lines,
                });
            }
            Some(field) => {
                let what = format!("`{}` is asked and answered twice", field.name());
                problems.push(Problem::new(
                    number,
                    what,
                    "make one request for each change",
                ));
                inside = false;
            }
            // Somebody's own heading, under which a reason may go on.
            None => match sections.last_mut().filter(|_| inside) {
                Some(last) if last.field == Field::Reason => last.lines.push((number, line)),
                _ => inside = false,
            },
        }
    }
    sections
}

/// A heading, and what stands behind its colon.
fn heading(line: &str) -> Option<(&str, &str)> {
    let trimmed = line.trim();
    let hashes = trimmed.len() - trimmed.trim_start_matches('#').len();
    let title = if (1..=6).contains(&hashes) && line.starts_with(['#', ' ']) {
        let title = &trimmed[hashes..];
        title
            .starts_with([' ', '\t'])
            .then(|| title.trim().trim_end_matches('#').trim())?
    } else {
        // `**Domain being modified:** example.org`
        let inner = trimmed.strip_prefix("**")?;
        let (title, answer) = inner.split_once("**")?;
        let title = title.trim();
        let answer = answer.trim().trim_start_matches(':').trim();
        return (!title.is_empty()).then_some((title.trim_end_matches(':'), answer));
    };
    let title = title.trim_matches('*');
    Some(match title.split_once(':') {
        Some((title, answer)) => (title.trim(), answer.trim()),
        None => (title, ""),
    })
}

/// The answer as one text, without what Markdown adds.
fn answer(section: &Section<'_>) -> (usize, String) {
    let said = |line: &&(usize, &str)| {
        let line = line.1.trim();
        !line.is_empty() && !line.starts_with("```") && !line.starts_with("~~~")
    };
    let lines: Vec<&(usize, &str)> = section.lines.iter().filter(said).collect();
    let line = lines.first().map_or(section.line, |(number, _)| *number);
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.trim()).collect();
    (line, texts.join("\n"))
}

fn operation(section: &Section<'_>) -> Result<Operation, Problem> {
    let (line, text) = answer(section);
    let lower = text.to_lowercase();
    // Boxes to tick count where one is ticked.
    let ticked: Vec<&str> = lower.lines().filter(|line| line.contains("[x]")).collect();
    let lower = if ticked.is_empty() {
        lower.clone()
    } else {
        ticked.join("\n")
    };
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let said: Vec<Operation> = [
        (
            Operation::Create,
            says(&["create", "add", "new", "creation"]),
        ),
        (Operation::Update, says(&["update", "change", "modify"])),
        (Operation::Delete, says(&["delete", "remove", "deletion"])),
    ]
    .into_iter()
    .filter_map(|(operation, said)| said.then_some(operation))
    .collect();
    match said[..] {
        [one] if !lower.contains("one of") => Ok(one),
        [] if text.is_empty() => Err(Problem::new(
            line,
            "the type of change is not filled in",
            "write Create, Update or Delete",
        )),
        [] => Err(Problem::new(
            line,
            format!("`{text}` is no type of change"),
            "write Create, Update or Delete",
        )),
        _ => Err(Problem::new(
            line,
            "the type of change is not chosen",
            "leave one of Create, Update and Delete, and remove the rest",
        )),
    }
}

fn domain(section: &Section<'_>) -> Result<(DomainName, usize), Problem> {
    let (line, text) = answer(section);
    let help = "write one domain, for example `example.org`";
    let bare = text.trim_matches(|c: char| {
        matches!(c, '`' | '*' | '"' | '\'' | '<' | '>') || c.is_whitespace()
    });
    if bare.is_empty() || is_nothing(bare) {
        return Err(Problem::new(line, "the domain is not filled in", help));
    }
    if bare.to_lowercase().starts_with("e.g") {
        return Err(Problem::new(
            line,
            "the domain is still the form's example",
            "put the domain in the place of the line",
        ));
    }
    if bare.split_whitespace().count() > 1
        || bare.contains("://")
        || bare.contains(',')
        || bare.contains('/')
    {
        return Err(Problem::new(
            line,
            format!("`{bare}` is not one domain"),
            help,
        ));
    }
    let dotted = format!("{}.", bare.trim_end_matches('.'));
    let name = DomainName::absolute(&dotted)
        .map_err(|wrong| Problem::new(line, wrong.to_string(), help))?;
    Ok((name, line))
}

fn records(section: &Section<'_>) -> Result<Option<Snippet>, Problem> {
    match snippet::find(&section.lines) {
        Found::One(snippet) => Ok(Some(snippet)),
        Found::Nothing => Ok(None),
        Found::Several(line) => {
            let what = format!("`{}` has several blocks", section.field.name());
            Err(Problem::new(
                line,
                what,
                "put all records of this part in one block",
            ))
        }
        Found::Prose(line) => {
            let (_, text) = answer(section);
            if is_nothing(&text) {
                return Ok(None);
            }
            let what = format!("under `{}` no record is found", section.field.name());
            let help = "write it as the zone files have it, between lines of ```: the name, and below it `type:` and `value:`; write N/A for none";
            Err(Problem::new(line, what, help))
        }
    }
}

fn is_nothing(text: &str) -> bool {
    let word: String = text
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    matches!(
        word.as_str(),
        "" | "na" | "none" | "nothing" | "noresponse" | "nil" | "notapplicable" | "null"
    )
}

fn reason(section: &Section<'_>) -> Result<String, Problem> {
    let (line, text) = answer(section);
    let lower = text.to_lowercase();
    if is_nothing(&text) {
        return Err(Problem::new(
            line,
            "the reason is not filled in",
            "say in a sentence what the change is for",
        ));
    }
    if lower.starts_with("example of") || lower.starts_with("e.g") {
        let what = "the reason is still the form's example";
        return Err(Problem::new(
            line,
            what,
            "say in a sentence what the change is for",
        ));
    }
    Ok(text)
}

/// Whether the records that are given are those that the kind of change needs.
fn fits(
    operation: Operation,
    (existing_line, existing): (usize, &Option<Snippet>),
    (new_line, new): (usize, &Option<Snippet>),
    problems: &mut Vec<Problem>,
) {
    let mut check = |line: usize, given: bool, wanted: bool, part: Field| {
        let name = part.name();
        match (given, wanted) {
            (false, true) => {
                let what = format!("to {operation} a record, `{name}` must say which");
                problems.push(Problem::new(
                    line,
                    what,
                    "give the record as the zone files have it",
                ));
            }
            (true, false) => {
                let what = format!("to {operation} a record, `{name}` must be empty");
                problems.push(Problem::new(
                    line,
                    what,
                    "write N/A there, or ask for an Update",
                ));
            }
            _ => {}
        }
    };
    check(
        existing_line,
        existing.is_some(),
        operation != Operation::Create,
        Field::Existing,
    );
    check(
        new_line,
        new.is_some(),
        operation != Operation::Delete,
        Field::New,
    );
}
