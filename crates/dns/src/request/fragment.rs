//! The records of a request, read as the records of zone files are.

use base::{Severity, SourceMap, Span, Spanned};
use estate::kinds::{Foreign, Zone, ZoneLimits, ZoneReading};
use estate::records::{DomainName, RecordKey, RecordSet};
use estate::{Item, MemoryTree};
use formats::octodns::{DeclaredSet, Reading, read_zone};

use super::{Problem, Snippet};

/// A record that a request speaks of, and the line it does so on.
pub(super) struct Asked {
    pub(super) key: RecordKey,
    pub(super) set: RecordSet,
    pub(super) line: usize,
}

/// The records of a snippet, names relative to `domain`.
pub(super) fn read(
    snippet: &Snippet,
    domain: &DomainName,
    zone: &Zone,
    problems: &mut Vec<Problem>,
) -> Vec<Asked> {
    let mut sources = SourceMap::default();
    let nowhere = Span::start_of(sources.add("", ""));
    let item = Item {
        name: domain.undotted().to_owned(),
        span: nowhere,
        value: settings(zone, nowhere),
    };
    // Lines in front make the lines of the snippet those of the request.
    let padded = format!("{}{}", "\n".repeat(snippet.line - 1), snippet.text);
    let tree = MemoryTree::default().with("request", padded);
    let reading = read_zone(&item, &tree, &mut sources);
    let place = |span: Span| {
        let inside = sources.file(span.file).path == "request";
        let position = sources.position(span);
        if inside {
            (position.line, position.column + snippet.indent)
        } else {
            (snippet.line, 1)
        }
    };
    for finding in &reading.findings {
        if finding.severity == Severity::Error || reading.zone.is_none() {
            let (line, column) = place(finding.span);
            let help = finding.help.clone().unwrap_or_default();
            let mut problem = Problem::new(line, finding.message.clone(), help);
            problem.column = column;
            problems.push(problem);
        }
    }
    collect(reading, &place, snippet, problems)
}

fn collect(
    reading: Reading,
    place: &dyn Fn(Span) -> (usize, usize),
    snippet: &Snippet,
    problems: &mut Vec<Problem>,
) -> Vec<Asked> {
    for left in &reading.left_alone {
        let what = format!(
            "{} {} is not a record that a request can change",
            left.name, left.rtype
        );
        problems.push(Problem::new(
            place(left.span).0,
            what,
            "change the zone file by hand",
        ));
    }
    let Some(zone) = reading.zone else {
        if problems.is_empty() {
            problems.push(Problem::new(snippet.line, "the records cannot be read", ""));
        }
        return Vec::new();
    };
    if zone.sets.is_empty() && reading.left_alone.is_empty() {
        let help = "give the name, and below it `type:` and `value:`";
        problems.push(Problem::new(snippet.line, "no record is given here", help));
    }
    let mut asked = Vec::new();
    for (key, declared) in zone.sets {
        let (line, _) = place(declared.span);
        if says_more(&declared) {
            let what =
                format!("{key}: a request changes the TTL and the values of a record, no options");
            problems.push(Problem::new(
                line,
                what,
                "leave them out, and say in the reason what else is wanted",
            ));
        }
        asked.push(Asked {
            key,
            set: declared.set,
            line,
        });
    }
    asked
}

fn says_more(declared: &DeclaredSet) -> bool {
    let notes = &declared.notes;
    declared.lenient
        || !declared.included.is_empty()
        || !declared.excluded.is_empty()
        || !declared.needs.is_empty()
        || notes.owner.is_some()
        || notes.purpose.is_some()
        || notes.expires.is_some()
        || notes.request.is_some()
}

/// A zone of its own for the snippet, with the conventions of the zone it is for.
fn settings(zone: &Zone, nowhere: Span) -> Zone {
    Zone {
        owner: None,
        service: None,
        records: vec![Spanned::new("request".to_owned(), nowhere)],
        copy: None,
        servers: Vec::new(),
        default_ttl: zone.default_ttl,
        foreign: Foreign::Keep,
        absent: Vec::new(),
        limits: ZoneLimits::default(),
        validators: Vec::new(),
        without_validators: zone.without_validators.clone(),
        reading: ZoneReading {
            enforce_order: false,
            escaped_semicolons: zone.reading.escaped_semicolons,
        },
    }
}
