//! A DNS record, from the answers of a form to a commit that has it.

use std::collections::BTreeMap;

use anyhow::Context;
use base::{Digest, SourceMap};
use dns::request::{self, Candidate, FileChange, Operation, Resolved, Snippet, ZoneText};
use estate::Estate;
use estate::kinds::Zone;
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordType};
use formats::octodns::write::{Conventions, write_zone};
use formats::octodns::{DeclaredZone, read_zone};
use portal::model::{Field, FieldKind};
use portal::{Asked, Problem, Reader, RequestKind};

use super::{Outcome, Wish, name_of, problem, promise, too_many};
use crate::git::Author;
use crate::governed::Side;
use crate::portal::hands::Here;
use crate::portal::hands::commits::New;
use crate::portal::hands::refused::Answer;
use crate::portal::hands::requests::{self, Request, Said, asker, id_of};

/// What it is called in URLs.
pub(in crate::portal::hands) const KIND: &str = "dns-record";

/// The types that are offered.
const TYPES: [&str; 9] = ["A", "AAAA", "CNAME", "TXT", "MX", "CAA", "NS", "SRV", "PTR"];
/// The types whose last field is the name of a host.
const HOSTS: [&str; 5] = ["CNAME", "MX", "NS", "SRV", "PTR"];
/// The lines that the parts of a request are said to stand on, so that what is wrong with one is
/// told of its field.
const ZONE_LINE: usize = 1;
const WAS_LINE: usize = 50;
const NEW_LINE: usize = 100;

/// The form, where the estate has zones that can be changed.
pub(super) fn kind(estate: &Estate) -> Option<RequestKind> {
    let zones = zones(estate);
    let (first, choices) = (zones.first()?, &zones);
    let choices = choices
        .iter()
        .map(|zone| (zone.name.clone(), zone.name.clone()));
    let pair = |sent: &str, read: &str| (sent.to_owned(), read.to_owned());
    let types = TYPES.map(|name| pair(name, name)).to_vec();
    let what = vec![
        pair("add", "Add it"),
        pair("change", "Change it"),
        pair("remove", "Remove it"),
    ];
    let optional = |field: Field| Field {
        required: false,
        ..field
    };
    let owner = first.value.owner.as_ref().filter(|_| zones.len() == 1);
    let owner = owner.and_then(|owner| estate.tables.groups.get(&owner.name));
    Some(RequestKind {
        id: KIND,
        want: "have a DNS record added, changed or removed".to_owned(),
        about: "It becomes a change of the zone's file. Whoever answers for the name looks at it; once it has what the charter requires, it is merged and applied. Everybody can read what you write.".to_owned(),
        fields: vec![
            Field::line("do", "What is to be done").kind(FieldKind::Choice(what)),
            Field::line("zone", "Zone").kind(FieldKind::Choice(choices.collect())),
            Field::line("name", "Name").help("Relative to the zone, as `www` or `api.dev`; `@` for the zone itself."),
            Field::line("type", "Type").kind(FieldKind::Choice(types)),
            optional(Field::line("values", "Values").kind(FieldKind::Lines))
                .help("One a line, as in a zone file: `192.0.2.1`, `10 mail.example.org.`; nothing where it is removed."),
            optional(Field::line("ttl", "Seconds that answers may be kept").kind(FieldKind::Number))
                .help("What is usual in the zone, if you leave it out."),
            Field::line("why", "What it is for").kind(FieldKind::Lines).help("The first line stands beside the record in the file."),
            optional(Field::line("until", "Until when it is needed").kind(FieldKind::Day)),
        ],
        promise: owner.and_then(|group| promise(&group.name, &group.value)),
    })
}

/// The zones that a request can change.
fn zones(estate: &Estate) -> Vec<&estate::Item<Zone>> {
    let all = estate.tables.zones.items();
    all.filter(|zone| {
        !zone.value.records.is_empty()
            && !zone.value.servers.is_empty()
            && zone.value.copy.is_none()
    })
    .collect()
}

/// What a request comes to in the files of an estate.
pub(in crate::portal::hands) struct Edited {
    pub(in crate::portal::hands) title: String,
    pub(in crate::portal::hands) files: Vec<FileChange>,
}

/// What the answers come to in a state of the estate.
pub(in crate::portal::hands) fn edited(
    side: &Side,
    answers: &BTreeMap<String, String>,
) -> Outcome<Edited> {
    let read = read(side);
    let candidates: Vec<Candidate<'_>> = read
        .iter()
        .map(|(item, declared, files)| Candidate {
            item,
            declared,
            files,
        })
        .collect();
    let said = |key: &str| answers.get(key).map(String::as_str).unwrap_or_default();
    let Some(zone) = candidates.iter().find(|one| one.item.name == said("zone")) else {
        return problem(
            "zone",
            "The files of this zone cannot be read now; its owners have to mend them.",
        );
    };
    let key = key(zone, said("name"), said("type"))?;
    let declared = zone.declared.sets.get(&key).map(|declared| &declared.set);
    let (operation, verb) = match said("do") {
        "change" => (Operation::Update, "Change"),
        "remove" => (Operation::Delete, "Remove"),
        _ => (Operation::Create, "Add"),
    };
    if operation != Operation::Create && declared.is_none() {
        return problem(
            "name",
            format!("{key} is in no file of the zone: ask for it to be added."),
        );
    }
    let was = declared.filter(|_| operation != Operation::Create);
    let new = match operation {
        Operation::Delete => None,
        _ => Some(set(zone, &key, declared, answers)?),
    };
    let written = request::Request {
        operation,
        domain: zone.declared.name.clone(),
        domain_line: ZONE_LINE,
        existing: was
            .map(|set| snippet(zone, &key, set, WAS_LINE))
            .transpose()?,
        new: new
            .as_ref()
            .map(|set| snippet(zone, &key, set, NEW_LINE))
            .transpose()?,
        reason: reason(answers),
    };
    let Resolved { files, .. } =
        request::resolve(&written, &candidates).map_err(|problems| of_fields(&problems))?;
    let title = format!("{verb} {} {}", key.name.undotted(), key.rtype);
    Ok(Edited { title, files })
}

type Read<'e> = (&'e estate::Item<Zone>, DeclaredZone, Vec<ZoneText>);

fn read(side: &Side) -> Vec<Read<'_>> {
    let all = side.estate.tables.zones.items();
    let with_files = all.filter(|zone| !zone.value.records.is_empty());
    let read = with_files.filter_map(|item| {
        let mut sources = SourceMap::default();
        let zone = read_zone(item, side.tree.as_ref(), &mut sources).zone?;
        let files = sources.files().map(|file| ZoneText {
            path: file.path.clone(),
            text: file.text.clone(),
        });
        Some((item, zone, files.collect()))
    });
    read.collect()
}

fn key(zone: &Candidate<'_>, name: &str, rtype: &str) -> Outcome<RecordKey> {
    let domain = zone.declared.name.undotted();
    let bare = name.trim_end_matches('.');
    let full = match bare {
        "" | "@" => domain.to_owned(),
        _ if bare == domain || bare.ends_with(&format!(".{domain}")) => bare.to_owned(),
        _ if name.ends_with('.') => {
            return problem(
                "name",
                format!("{name} is not in {domain}: choose the zone that it is in."),
            );
        }
        _ => format!("{bare}.{domain}"),
    };
    let Ok(name) = DomainName::absolute(&format!("{full}.")) else {
        return problem(
            "name",
            format!(
                "{full} is no name in DNS: parts of letters, digits, `-` and `_`, with dots between."
            ),
        );
    };
    match rtype.parse::<RecordType>() {
        Ok(rtype) => Ok(RecordKey { name, rtype }),
        Err(_) => problem("type", "Choose one of those that are offered."),
    }
}

/// The records that are to be.
fn set(
    zone: &Candidate<'_>,
    key: &RecordKey,
    declared: Option<&RecordSet>,
    answers: &BTreeMap<String, String>,
) -> Outcome<RecordSet> {
    let usual = declared.map_or(zone.item.value.default_ttl, |declared| declared.ttl);
    let ttl = answers
        .get("ttl")
        .and_then(|ttl| ttl.parse().ok())
        .unwrap_or(usual);
    let lines = answers
        .get("values")
        .map(String::as_str)
        .unwrap_or_default();
    let mut data = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let text = as_in_zone_files(&key.rtype.to_string(), line);
        match RecordData::parse(key.rtype, &text, &zone.declared.name) {
            Ok(one) => data.push(one),
            Err(wrong) => {
                let what = format!("`{line}` is no value of {}: {wrong}.", key.rtype);
                return problem("values", base::visible(&what));
            }
        }
    }
    if data.is_empty() {
        return problem("values", "Write at least one value, one a line.");
    }
    Ok(RecordSet::new(ttl, data))
}

/// A value as people type it, as zone files have it: a host with dots in it is a whole name, and
/// a text is quoted.
fn as_in_zone_files(rtype: &str, line: &str) -> String {
    let last = line.rsplit(char::is_whitespace).next().unwrap_or(line);
    if HOSTS.contains(&rtype) && last.contains('.') && !last.ends_with('.') {
        return format!("{line}.");
    }
    if rtype != "TXT" || line.starts_with('"') {
        return line.to_owned();
    }
    let mut parts = vec![String::new()];
    for letter in line.chars() {
        let full = parts
            .last()
            .is_some_and(|part| part.len() + letter.len_utf8() > 250);
        if full {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            if matches!(letter, '"' | '\\') {
                part.push('\\');
            }
            part.push(letter);
        }
    }
    let quoted: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
    quoted.join(" ")
}

fn snippet(
    zone: &Candidate<'_>,
    key: &RecordKey,
    set: &RecordSet,
    line: usize,
) -> Outcome<Snippet> {
    let sets = [(key.clone(), set.clone())].into_iter().collect();
    let written = write_zone(
        &zone.declared.name,
        &sets,
        Conventions::of(&zone.item.value),
    );
    if let Some(left) = written.left_out.first() {
        return problem(
            "values",
            format!(
                "This cannot be written into the zone's file: {}.",
                left.reason
            ),
        );
    }
    Ok(Snippet {
        text: written.text,
        line,
        indent: 0,
    })
}

fn reason(answers: &BTreeMap<String, String>) -> String {
    let why = answers.get("why").map(String::as_str).unwrap_or_default();
    match answers.get("until") {
        Some(until) => {
            let (first, rest) = why.split_once('\n').unwrap_or((why, ""));
            format!("{first} (until {until})\n{rest}")
                .trim_end()
                .to_owned()
        }
        None => why.to_owned(),
    }
}

fn of_fields(problems: &[request::Problem]) -> Vec<Problem> {
    let one = |problem: &request::Problem| {
        let field = match problem.line {
            ZONE_LINE => "zone",
            line if line < NEW_LINE => "name",
            _ => "values",
        };
        let help = if problem.help.is_empty() {
            String::new()
        } else {
            format!(" {}.", problem.help)
        };
        Problem {
            field: field.to_owned(),
            what: format!("{}.{help}", problem.what),
        }
    };
    problems.iter().map(one).collect()
}

/// Asks for a record: a branch with a commit that has it, in the name of whoever asks.
pub(super) fn ask(
    here: &Here<'_>,
    who: &Reader,
    wish: Wish<'_>,
    too_many_open: bool,
) -> Answer<Outcome<Asked>> {
    let answers = wish.answers;
    let Some(identity) = &who.identity else {
        return Ok(problem("", "Sign in first."));
    };
    let mine = asker(identity);
    let words = ["name", "zone", "type"]
        .map(|key| answers.get(key).map(String::as_str).unwrap_or_default());
    let writer = here.writer();
    let mut id = String::new();
    for time in 0.. {
        let text = base::canonical(&(&mine, KIND, answers, time))
            .context("the answers cannot be written")?;
        id = id_of(&words.join(" "), &Digest::of(text.as_bytes()));
        match requests::find(&writer, &id)? {
            // The same again is the same request, until it is settled.
            Some(known) if !known.is_merged(&here.place) => return Ok(Ok(Asked { id })),
            Some(_) => {}
            None => break,
        }
    }
    if too_many_open {
        return Ok(too_many());
    }
    let head = here.place.git()?.commit("HEAD")?;
    let edited = match edited(&here.place.at(&head)?, answers) {
        Ok(edited) => edited,
        Err(problems) => return Ok(Err(problems)),
    };
    let text = format!(
        "{}\n\nAsked for at the front desk by {}.",
        reason(answers),
        name_of(who)
    );
    let said = Said {
        id: &id,
        kind: KIND,
        from: &mine,
        once: wish.once,
        answers,
    };
    let message = requests::message(&edited.title, &text, &said)?;
    let author = match &who.person {
        Some(person) => here.author(person),
        // An address of nobody: whoever reviews is told that the estate does not know them.
        None => Author {
            name: name_of(who),
            email: format!("{}@desk.invalid", &mine.trim_start_matches("sha256:")[..16]),
        },
    };
    let commit = commit(here, &head, &edited, &message, &author)?;
    Request::begin(&writer, &id, &commit, true)?;
    Ok(Ok(Asked { id }))
}

/// The commit that does what is asked for.
pub(in crate::portal::hands) fn commit(
    here: &Here<'_>,
    parent: &str,
    edited: &Edited,
    message: &str,
    author: &Author,
) -> anyhow::Result<String> {
    let files = edited.files.iter();
    let files = files
        .map(|file| (file.path.clone(), Some(file.text.clone())))
        .collect();
    let new = New {
        files: &files,
        message,
        author,
    };
    here.writer().commit_on(&[parent], &new)
}

#[cfg(test)]
mod tests {
    use super::as_in_zone_files;

    #[test]
    fn values_are_read_as_people_mean_them() {
        for (rtype, typed, meant) in [
            ("CNAME", "www.example.com", "www.example.com."),
            ("CNAME", "www", "www"),
            ("MX", "10 mail.example.com", "10 mail.example.com."),
            ("A", "192.0.2.1", "192.0.2.1"),
            ("TXT", "v=spf1 -all", "\"v=spf1 -all\""),
            ("TXT", "say \"hi\"", "\"say \\\"hi\\\"\""),
            ("TXT", "\"one\" \"two\"", "\"one\" \"two\""),
        ] {
            assert_eq!(as_in_zone_files(rtype, typed), meant);
        }
        let long = as_in_zone_files("TXT", &"x".repeat(600));
        assert_eq!(long.matches('"').count(), 6);
    }
}
