//! The tally sheets of Debian's votes: prose, a line `Option 1 --------->: name` an option,
//! then `V: 1-23` and a name or a hash a ballot.

use super::MOST_CANDIDATES;
use super::fault::{Code, Faults, said};
use super::gather::{Gathering, too_many_candidates};
use super::lines::{Layout, Line, Lines};
use super::poll::{Poll, Standing, Unsayable, is_plain, plain};
use crate::Rank;

/// The ranks have one digit.
const LAST: Rank = 9;
const MOST_ROWS: u64 = 10_000_000;

/// Whether a line of the file is a ballot.
pub(super) fn has_vote(bytes: &[u8]) -> bool {
    bytes.starts_with(b"V: ") || bytes.windows(4).any(|four| four == b"\nV: ")
}

pub(super) fn read(bytes: &[u8], faults: &mut Faults) -> Option<Poll> {
    let mut lines = Lines::of(bytes);
    let mut named: Vec<Standing> = Vec::new();
    let mut labels = Vec::new();
    let mut ballots: Option<(Gathering, Vec<Rank>)> = None;
    while let Some(line) = lines.next_saying(None, faults) {
        let Some(vote) = line.bytes.strip_prefix(b"V:") else {
            match &ballots {
                // What stands before the first ballot is for people.
                None => named.extend(option(&line, named.len() + 1, faults)),
                Some(_) => faults.add(&line, 0, Code::Line, || {
                    "a line among the ballots that does not begin with V:".to_owned()
                }),
            }
            continue;
        };
        let at = line.bytes.len() - vote.trim_ascii_start().len();
        let vote = vote.trim_ascii();
        let end = vote
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(vote.len());
        let (marks, label) = vote.split_at(end);
        let (ballots, ranks) = ballots.get_or_insert_with(|| {
            let width = if named.is_empty() {
                marks.len().min(MOST_CANDIDATES)
            } else {
                named.len()
            };
            (Gathering::new(width), vec![0; width])
        });
        if ballot(&line, at, marks, ranks, faults) {
            ballots.push(&line, ranks, 1, faults);
            labels.push(String::from_utf8_lossy(label).trim().to_owned());
        }
    }
    let Some((ballots, ranks)) = ballots else {
        let last = lines.last;
        faults.add_first(&last, Code::Empty, || {
            "no line is a ballot; one begins with V:".to_owned()
        });
        return None;
    };
    if named.is_empty() {
        named.extend((1..=ranks.len()).map(|number| Standing {
            name: format!("Option {number}"),
            party: None,
        }));
    }
    let mut poll = ballots.poll_of(named, Layout::of(bytes))?;
    if labels.iter().any(|label| !label.is_empty()) {
        poll.labels = labels;
    }
    Some(poll)
}

/// A line `  |/  Option 3 --------->: name`, with the strokes that lead down to its column.
fn option(line: &Line<'_>, expected: usize, faults: &mut Faults) -> Option<Standing> {
    let text = line.text();
    let text = text.trim_start_matches(|one: char| one.is_whitespace() || "|/\\".contains(one));
    let (number, rest) = text.strip_prefix("Option ")?.split_once(' ')?;
    let (arrow, name) = rest.split_once(':')?;
    if !arrow.trim().ends_with("->") {
        return None;
    }
    let at = line.bytes.len() - text.len();
    if number != expected.to_string() {
        faults.add(line, at, Code::Names, || {
            format!(
                "\"Option {}\" where Option {expected} belongs",
                said(number.as_bytes())
            )
        });
        return None;
    }
    if expected > MOST_CANDIDATES {
        faults.add(line, at, Code::TooMany, || too_many_candidates(expected));
        return None;
    }
    let name = name.trim();
    if !is_plain(name) {
        faults.add(line, at, Code::Name, || "the option has no name".to_owned());
        return None;
    }
    Some(Standing {
        name: name.to_owned(),
        party: None,
    })
}

fn ballot(
    line: &Line<'_>,
    at: usize,
    marks: &[u8],
    ranks: &mut [Rank],
    faults: &mut Faults,
) -> bool {
    let expected = ranks.len();
    if marks.len() != expected || expected == 0 {
        let (code, many) = if marks.len() <= expected {
            (Code::ShortRow, "few")
        } else {
            (Code::LongRow, "many")
        };
        let found = marks.len();
        faults.add(line, at, code, || {
            format!("{found} marks for {expected} options are too {many}")
        });
        return false;
    }
    let mut sound = true;
    for (place, (rank, mark)) in ranks.iter_mut().zip(marks).enumerate() {
        *rank = match mark {
            b'-' => 0,
            b'1'..=b'9' => Rank::from(mark - b'0'),
            _ => {
                sound = false;
                faults.add(line, at + place, Code::Rank, || {
                    format!(
                        "\"{}\" is no mark; write 1 to {LAST}, or - for none",
                        said(&[*mark])
                    )
                });
                0
            }
        };
    }
    sound
}

pub(super) fn write(poll: &Poll) -> Result<String, Unsayable> {
    let mut text = String::new();
    for (number, one) in (1..).zip(&poll.standing) {
        text += &format!("Option {number} --------->: {}\n", plain(&one.name, &[])?);
    }
    let mut rows = 0_u64;
    for (at, (ranks, weight)) in poll.profile.ballots().enumerate() {
        rows = rows.saturating_add(weight);
        if weight == 0 || rows > MOST_ROWS || weight > 1 && !poll.labels.is_empty() {
            return Err(Unsayable::Weight(at + 1, weight));
        }
        let mut row = "V: ".to_owned();
        for rank in ranks {
            match rank {
                0 => row.push('-'),
                rank if *rank <= LAST => row += &rank.to_string(),
                rank => return Err(Unsayable::Rank(at + 1, *rank, LAST)),
            }
        }
        if let Some(label) = poll.labels.get(at).filter(|label| !label.is_empty()) {
            row += &format!("\t{}", plain(label, &[])?);
        }
        row.push('\n');
        for _ in 0..weight {
            text += &row;
        }
    }
    Ok(text)
}
