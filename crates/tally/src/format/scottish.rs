//! The CSV of MGGG's data set of Scottish elections: `N,S,`, then `voters,c1,c2,…,`, then
//! `"Candidate k","name","party",`, then `"ward",`; each line with a comma at its end.

use super::csv;
use super::fault::{Code, Faults, said};
use super::gather::{Gathering, candidates, number, prefer, seats, weight};
use super::lines::{Layout, Line, Lines};
use super::poll::{Poll, Standing, Unsayable, is_plain, order, plain};

/// Whether a file begins as one of these does, with two numbers and no more.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or(b"");
    let first = first.strip_suffix(b"\r").unwrap_or(first);
    let mut values = cells(first).into_iter();
    let two = [values.next(), values.next()].into_iter().flatten();
    two.filter(|(_, value)| number(value).is_some()).count() == 2 && values.next().is_none()
}

pub(super) fn read(bytes: &[u8], faults: &mut Faults) -> Option<Poll> {
    let mut lines = Lines::of(bytes);
    let Some(first) = lines.next_saying(None, faults) else {
        let line = lines.last;
        faults.add_first(&line, Code::Empty, || {
            "there is no first line; it gives the numbers of candidates and seats".to_owned()
        });
        return None;
    };
    let [(at, many), (seats_at, few)] = cells(first.bytes)[..] else {
        faults.add(&first, 0, Code::Header, || {
            "the first line gives two numbers: of candidates, and of seats".to_owned()
        });
        return None;
    };
    let many = candidates(&first, at, many, faults);
    let seats = seats(&first, seats_at, few, faults);
    let many = many?;
    let mut ballots = Gathering::new(many);
    let mut ranks = vec![0; many];
    let (mut standing, mut title) = (Vec::new(), None);
    while let Some(line) = lines.next_saying(None, faults) {
        if !line.bytes.starts_with(b"\"") {
            ranks.fill(0);
            if !standing.is_empty() {
                faults.add(&line, 0, Code::Line, || {
                    "a ballot behind the candidates; ballots come first".to_owned()
                });
            } else if let Some(weight) = ballot(&line, &mut ranks, faults) {
                ballots.push(&line, &ranks, weight, faults);
            }
        } else if standing.len() < many {
            standing.extend(candidate(&line, standing.len() + 1, faults));
        } else if title.replace(ward(&line, faults)).is_some() {
            faults.add(&line, 0, Code::Line, || "a line behind the ward".to_owned());
        }
    }
    if standing.len() != many {
        let (last, found) = (lines.last, standing.len());
        faults.add(&last, last.bytes.len(), Code::Names, || {
            format!("{found} names for {many} candidates")
        });
        return None;
    }
    let mut poll = ballots.poll_of(standing, Layout::of(bytes))?;
    poll.seats = seats;
    poll.title = title.flatten();
    Some(poll)
}

/// The values of a line of numbers, without the empty one behind the last comma.
fn cells(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let bytes = bytes.strip_suffix(b",").unwrap_or(bytes);
    let mut at = 0;
    let cells = bytes.split(|byte| *byte == b',').map(|cell| {
        let start = at;
        at += cell.len() + 1;
        (start, cell)
    });
    cells.collect()
}

fn ballot(line: &Line<'_>, ranks: &mut [u32], faults: &mut Faults) -> Option<u64> {
    let cells = cells(line.bytes);
    let [(at, first), preferences @ ..] = &cells[..] else {
        return None;
    };
    let weight = weight(line, *at, first, faults);
    let mut sound = true;
    for (rank, (at, cell)) in (1..).zip(preferences) {
        sound &= prefer((line, *at), cell, rank, ranks, faults);
    }
    weight.filter(|_| sound)
}

/// A line `"Candidate 3","name","party",`.
fn candidate(line: &Line<'_>, expected: usize, faults: &mut Faults) -> Option<Standing> {
    let text = line.text();
    let fields = match csv::fields(text.strip_suffix(',').unwrap_or(text)) {
        Ok(fields) => fields,
        Err(at) => {
            faults.add(line, at, Code::Quote, || {
                "a quotation mark stands alone; write two of them inside a name".to_owned()
            });
            return None;
        }
    };
    let [(at, label), (name_at, name), party @ ..] = &fields[..] else {
        faults.add(line, 0, Code::Names, || {
            format!("a candidate is \"Candidate {expected}\",\"name\",\"party\",")
        });
        return None;
    };
    if *label != format!("Candidate {expected}") {
        faults.add(line, *at, Code::Names, || {
            format!(
                "\"{}\" where \"Candidate {expected}\" belongs",
                said(label.as_bytes())
            )
        });
        return None;
    }
    if !is_plain(name) {
        faults.add(line, *name_at, Code::Name, || {
            format!("\"{}\" is no name", said(name.as_bytes()))
        });
        return None;
    }
    let party = party.first().map(|(_, party)| party.to_string());
    Some(Standing {
        name: name.to_string(),
        party: party.filter(|party| is_plain(party)),
    })
}

/// A line `"ward",`; where the name has a comma, the data set has two quotation marks.
fn ward(line: &Line<'_>, faults: &mut Faults) -> Option<String> {
    let text = line.text().trim_end();
    let text = text.strip_suffix(',').unwrap_or(text);
    let (mut inner, mut marks) = (text, 0);
    while marks < 2 {
        let Some(less) = inner
            .strip_prefix('"')
            .and_then(|less| less.strip_suffix('"'))
        else {
            break;
        };
        (inner, marks) = (less, marks + 1);
    }
    if marks == 0 || inner.contains('"') {
        faults.add(line, 0, Code::Quote, || {
            "the ward does not stand between quotation marks".to_owned()
        });
        return None;
    }
    is_plain(inner).then(|| inner.to_owned())
}

pub(super) fn write(poll: &Poll) -> Result<String, Unsayable> {
    let seats = poll.needs_seats()?;
    let mut text = format!("{},{seats},\n", poll.standing.len());
    for (ballot, (ranks, weight)) in (1..).zip(poll.profile.ballots()) {
        if weight == 0 {
            return Err(Unsayable::Weight(ballot, weight));
        }
        text += &format!("{weight},");
        for candidate in order(ballot, ranks)? {
            text += &format!("{},", candidate + 1);
        }
        text.push('\n');
    }
    for (number, one) in (1..).zip(&poll.standing) {
        let name = csv::always(plain(&one.name, &[])?);
        let party = match &one.party {
            Some(party) => plain(party, &[])?,
            None => "",
        };
        text += &format!("\"Candidate {number}\",{name},{},\n", csv::always(party));
    }
    match poll.needs_title()? {
        Some(title) if title.contains(',') => {
            text += &format!("\"\"{}\"\",\n", plain(title, &['"'])?);
        }
        Some(title) => text += &format!("\"{}\",\n", plain(title, &['"'])?),
        None => {}
    }
    Ok(text)
}
