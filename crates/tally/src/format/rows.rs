//! Elekto's `ballots.csv`, and the same from CIVS: a row of ranks a ballot.

use std::collections::{BTreeMap, BTreeSet};

use super::MOST_CANDIDATES;
use super::csv;
use super::fault::{Code, Faults, said};
use super::gather::{Gathering, too_many_candidates};
use super::lines::{Layout, Line, Lines};
use super::poll::{Poll, Unsayable};
use crate::{RANK_MAX, Rank};

const NO_OPINION: &[u8] = b"No opinion";
/// The most rows that are written for ballots that stand for several voters.
const MOST_ROWS: u64 = 10_000_000;

/// What the first line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header<'c> {
    /// Ids, which differ by more than capital letters.
    Ids,
    /// The ids of these candidates, in any order.
    Of(&'c [String]),
    /// Names as people read them.
    Names,
}

pub(super) fn read(header: Header<'_>, bytes: &[u8], faults: &mut Faults) -> Option<Poll> {
    let mut lines = Lines::of(bytes);
    let Some(first) = lines.next(faults) else {
        let line = lines.last;
        faults.add_first(&line, Code::Empty, || {
            "there is no first line; it names the candidates".to_owned()
        });
        return None;
    };
    if first.number != 1 {
        // The first line was no text, and no other stands in for it.
        return None;
    }
    let names = names(header, &first, faults)?;
    let mut ranks = vec![0; names.len()];
    let mut ballots = Gathering::named(names);
    while let Some(line) = lines.next(faults) {
        if row(&line, &mut ranks, faults) {
            ballots.push(&line, &ranks, 1, faults);
        }
    }
    ballots.poll(Layout::of(bytes))
}

fn names(header: Header<'_>, line: &Line<'_>, faults: &mut Faults) -> Option<Vec<String>> {
    let fields = match csv::fields(line.text()) {
        Ok(fields) => fields,
        Err(at) => {
            faults.add(line, at, Code::Quote, || {
                "a quotation mark stands alone; write two of them inside a name".to_owned()
            });
            return None;
        }
    };
    if line.bytes.trim_ascii().is_empty() {
        faults.add(line, 0, Code::Header, || {
            "the first line is empty; it names the candidates".to_owned()
        });
        return None;
    }
    if fields.len() > MOST_CANDIDATES {
        faults.add(line, 0, Code::TooMany, || too_many_candidates(fields.len()));
        return None;
    }
    let mut seen = BTreeMap::new();
    let mut sound = true;
    for (at, name) in &fields {
        let fault = name_fault(header, name, &mut seen);
        if let Some((code, message)) = fault {
            sound = false;
            faults.add(line, *at, code, || message);
        }
    }
    let names = fields.into_iter().map(|(_, name)| name.into_owned());
    let names: Vec<String> = names.collect();
    if let Header::Of(standing) = header {
        sound &= all_have_a_column(line, standing, &names, faults);
    }
    sound.then_some(names)
}

/// What is wrong with the name of a column.
fn name_fault<'n>(
    header: Header<'_>,
    name: &'n str,
    seen: &mut BTreeMap<String, &'n str>,
) -> Option<(Code, String)> {
    let quoted = said(name.as_bytes());
    if !super::poll::is_plain(name) {
        let message =
            format!("\"{quoted}\" is no name; a candidate has one, without space around it");
        return Some((Code::Name, message));
    }
    let key = match header {
        Header::Ids | Header::Of(_) => name.to_lowercase(),
        Header::Names => name.to_owned(),
    };
    if let Some(other) = seen.insert(key, name) {
        let code = if other == name {
            Code::DupHeader
        } else {
            Code::Case
        };
        let other = said(other.as_bytes());
        let message = format!("\"{quoted}\" is already \"{other}\" in another column");
        return Some((code, message));
    }
    let Header::Of(standing) = header else {
        return None;
    };
    if standing.iter().any(|other| other == name) {
        return None;
    }
    let lower = name.to_lowercase();
    let like = standing.iter().find(|one| one.to_lowercase() == lower);
    Some(if let Some(other) = like {
        let message = format!("\"{quoted}\" is written \"{}\"", said(other.as_bytes()));
        (Code::Case, message)
    } else {
        let message = format!("\"{quoted}\" does not stand in this election");
        (Code::UnknownCandidate, message)
    })
}

/// Whether every candidate of the election has a column.
fn all_have_a_column(
    line: &Line<'_>,
    standing: &[String],
    names: &[String],
    faults: &mut Faults,
) -> bool {
    let found: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let mut all = true;
    for missing in standing
        .iter()
        .filter(|one| !found.contains(&one.to_lowercase()))
    {
        all = false;
        faults.add(line, line.bytes.len(), Code::Names, || {
            format!("\"{}\" stands and has no column", said(missing.as_bytes()))
        });
    }
    all
}

/// Reads a ballot; whether it is sound.
fn row(line: &Line<'_>, ranks: &mut [Rank], faults: &mut Faults) -> bool {
    let bytes = line.bytes;
    if bytes.is_empty() {
        faults.add(line, 0, Code::BlankLine, || {
            "an empty line; delete it".to_owned()
        });
        return false;
    }
    let expected = ranks.len();
    let (mut at, mut found, mut sound) = (0, 0, true);
    loop {
        // The cells of a sound file are a few digits: read them on the way to the comma.
        let (mut end, mut rank): (usize, Rank) = (at, 0);
        while let Some(digit) = bytes.get(end).filter(|byte| byte.is_ascii_digit()) {
            rank = rank
                .saturating_mul(10)
                .saturating_add(u32::from(digit - b'0'));
            end += 1;
        }
        let plain = end > at && bytes[at] != b'0' && rank <= RANK_MAX;
        if !plain || bytes.get(end).is_some_and(|byte| *byte != b',') {
            let rest = &bytes[end..];
            end += rest
                .iter()
                .position(|byte| *byte == b',')
                .unwrap_or(rest.len());
            rank = 0;
            let cell = &bytes[at..end];
            if cell != NO_OPINION {
                sound = false;
                if found < expected {
                    refuse(line, at, cell, faults);
                }
            }
        }
        if let Some(place) = ranks.get_mut(found) {
            *place = rank;
        }
        found += 1;
        if end == bytes.len() {
            break;
        }
        at = end + 1;
    }
    if found != expected {
        let (code, many) = if found < expected {
            (Code::ShortRow, "few")
        } else {
            (Code::LongRow, "many")
        };
        faults.add(line, bytes.len(), code, || {
            format!("{found} values for {expected} candidates are too {many}")
        });
        return false;
    }
    sound
}

/// Says why a cell is no rank.
fn refuse(line: &Line<'_>, at: usize, cell: &[u8], faults: &mut Faults) {
    let value = said(cell);
    let inner = cell.trim_ascii();
    let none = inner.eq_ignore_ascii_case(NO_OPINION);
    let (code, message) = if inner.is_empty() {
        (
            Code::EmptyCell,
            "an empty value; write a rank or No opinion".to_owned(),
        )
    } else if cell.contains(&b'"') {
        (
            Code::Quote,
            format!("{value} has quotation marks; write it without"),
        )
    } else if inner.len() != cell.len() {
        (
            Code::Space,
            format!("\"{value}\" has spaces around it; delete them"),
        )
    } else if none {
        (
            Code::Case,
            format!("\"{value}\" is written No opinion, with one capital letter"),
        )
    } else if cell == b"100000000" {
        (
            Code::Rank,
            "100000000 is how Elekto's form sends no opinion; write No opinion".to_owned(),
        )
    } else {
        (
            Code::Rank,
            format!("\"{value}\" is no rank; write 1 to {RANK_MAX}, or No opinion"),
        )
    };
    faults.add(line, at, code, || message);
}

pub(super) fn write(poll: &Poll) -> Result<String, Unsayable> {
    let mut text = String::new();
    for (at, candidate) in poll.profile.candidates().iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text += &csv::field(super::poll::plain(candidate, &[])?);
    }
    text.push('\n');
    let mut rows = 0_u64;
    for (ballot, (ranks, weight)) in (1..).zip(poll.profile.ballots()) {
        rows = rows.saturating_add(weight);
        if weight == 0 || rows > MOST_ROWS {
            return Err(Unsayable::Weight(ballot, weight));
        }
        let start = text.len();
        for (at, rank) in ranks.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            match rank {
                0 => text += "No opinion",
                rank => text += &rank.to_string(),
            }
        }
        text.push('\n');
        let row = text[start..].to_owned();
        for _ in 1..weight {
            text += &row;
        }
    }
    Ok(text)
}
