//! BLT: candidates by number, preferences up to a 0.

use super::fault::{Code, Faults, said};
use super::gather::{Gathering, candidates, prefer, seats, weight};
use super::lines::{Layout, Line, Lines};
use super::poll::{Poll, Standing, Unsayable, groups, is_plain, plain};
use crate::{Candidate, Rank};

/// The most ranks in a row that a ballot may skip when it is written.
const MOST_SKIPPED: Rank = 100;

pub(super) fn read(bytes: &[u8], faults: &mut Faults) -> Option<Poll> {
    let mut lines = Lines::of(bytes);
    let Some((line, tokens)) = next(&mut lines, faults) else {
        let line = lines.last;
        faults.add_first(&line, Code::Empty, || {
            "there is no first line; it gives the numbers of candidates and seats".to_owned()
        });
        return None;
    };
    let [(at, many), (seats_at, few)] = tokens[..] else {
        faults.add(&line, 0, Code::Header, || {
            "the first line gives two numbers: of candidates, and of seats".to_owned()
        });
        return None;
    };
    let many = candidates(&line, at, many, faults);
    let seats = seats(&line, seats_at, few, faults);
    let many = many?;
    let mut ballots = Gathering::new(many);
    let withdrawn = body(&mut lines, many, &mut ballots, faults);
    let (standing, title) = names(&mut lines, many, faults)?;
    let mut poll = ballots.poll_of(standing, Layout::of(bytes))?;
    poll.seats = seats;
    poll.withdrawn = withdrawn;
    poll.title = title;
    Some(poll)
}

type Token<'b> = (usize, &'b [u8]);

/// The next line that holds more than a comment, as what stands between its spaces.
fn next<'b>(lines: &mut Lines<'b>, faults: &mut Faults) -> Option<(Line<'b>, Vec<Token<'b>>)> {
    loop {
        let line = lines.next(faults)?;
        let end = line.bytes.iter().position(|byte| *byte == b'#');
        let bytes = &line.bytes[..end.unwrap_or(line.bytes.len())];
        let mut tokens = Vec::new();
        let mut at = 0;
        for token in bytes.split(u8::is_ascii_whitespace) {
            if !token.is_empty() {
                tokens.push((at, token));
            }
            at += token.len() + 1;
        }
        if !tokens.is_empty() {
            return Some((line, tokens));
        }
    }
}

/// The ballots up to the line `0`; the candidates who withdrew.
fn body(
    lines: &mut Lines<'_>,
    many: usize,
    ballots: &mut Gathering,
    faults: &mut Faults,
) -> Vec<Candidate> {
    let mut gone = vec![0; many];
    let mut ranks = vec![0; many];
    loop {
        let Some((line, tokens)) = next(lines, faults) else {
            let last = lines.last;
            faults.add(&last, last.bytes.len(), Code::Unended, || {
                "the ballots do not end; a line 0 comes after them".to_owned()
            });
            break;
        };
        match tokens[..] {
            [(_, b"0")] => break,
            [(_, first), ..] if first.starts_with(b"-") => {
                withdraw(&line, &tokens, &mut gone, faults);
            }
            [(at, first), ..] if first.starts_with(b"[") => {
                option(&line, at, &tokens, &mut gone, faults);
            }
            _ => {
                ranks.fill(0);
                if let Some(weight) = ballot(&line, &tokens, &mut ranks, faults) {
                    ballots.push(&line, &ranks, weight, faults);
                }
            }
        }
    }
    let withdrawn = gone.iter().zip(0..).filter(|(gone, _)| **gone > 0);
    withdrawn.map(|(_, candidate)| candidate).collect()
}

/// A line `-3 -5`.
fn withdraw(line: &Line<'_>, tokens: &[Token<'_>], gone: &mut [Rank], faults: &mut Faults) {
    for (at, token) in tokens {
        match token.strip_prefix(b"-") {
            Some(number) => {
                prefer((line, *at), number, 1, gone, faults);
            }
            None => faults.add(line, *at, Code::Line, || {
                format!(
                    "\"{}\" does not begin with - as the others that withdrew do",
                    said(token)
                )
            }),
        }
    }
}

/// A line `[withdrawn 3 5]` or `[tie 1 2 3]`, as Droop writes them.
fn option(
    line: &Line<'_>,
    at: usize,
    tokens: &[Token<'_>],
    gone: &mut [Rank],
    faults: &mut Faults,
) {
    match tokens[0].1 {
        b"[withdrawn" => {
            for (at, token) in &tokens[1..] {
                let number = token.strip_suffix(b"]").unwrap_or(token);
                if !number.is_empty() {
                    prefer((line, *at), number, 1, gone, faults);
                }
            }
        }
        // The order of a lot and the rule belong to the count, not to the ballots.
        b"[tie" | b"[droop" => {}
        other => faults.add(line, at, Code::Line, || {
            format!(
                "the option \"{}\" is not known; [withdrawn …] is",
                said(other)
            )
        }),
    }
}

/// A line `weight 3 1=2 - 4 0`, with or without an id in brackets before it.
fn ballot(
    line: &Line<'_>,
    tokens: &[Token<'_>],
    ranks: &mut [Rank],
    faults: &mut Faults,
) -> Option<u64> {
    let tokens = match tokens {
        [(_, id), rest @ ..] if id.starts_with(b"(") && id.ends_with(b")") => rest,
        tokens => tokens,
    };
    let [(at, first), rest @ ..] = tokens else {
        faults.add(line, 0, Code::Weight, || {
            "the ballot does not say for how many voters it stands".to_owned()
        });
        return None;
    };
    let weight = weight(line, *at, first, faults);
    let [preferences @ .., (_, b"0")] = rest else {
        faults.add(line, line.bytes.len(), Code::Unended, || {
            "the ballot does not end; write 0 at its end".to_owned()
        });
        return None;
    };
    let mut sound = true;
    for (rank, (at, token)) in (1..).zip(preferences) {
        if *token == b"-" {
            continue;
        }
        let mut at = *at;
        for number in token.split(|byte| *byte == b'=') {
            sound &= prefer((line, at), number, rank, ranks, faults);
            at += number.len() + 1;
        }
    }
    weight.filter(|_| sound)
}

/// The names of the candidates, then the title; what may come after that says nothing of
/// the ballots.
fn names(
    lines: &mut Lines<'_>,
    many: usize,
    faults: &mut Faults,
) -> Option<(Vec<Standing>, Option<String>)> {
    let mut names: Vec<String> = Vec::with_capacity(many);
    while names.len() <= many {
        let Some(line) = lines.next_saying(Some(b"#"), faults) else {
            break;
        };
        let before = names.len();
        strings(&line, &mut names, faults);
        for (at, name) in names.iter().enumerate().skip(before) {
            if at < many && !is_plain(name) {
                faults.add(&line, 0, Code::Name, || {
                    format!("\"{}\" is no name", said(name.as_bytes()))
                });
            }
        }
    }
    if names.len() < many {
        let found = names.len();
        let last = lines.last;
        faults.add(&last, last.bytes.len(), Code::Names, || {
            format!("{found} names for {many} candidates")
        });
        return None;
    }
    let mut names = names.into_iter();
    let standing = names.by_ref().take(many);
    let standing = standing
        .map(|name| Standing { name, party: None })
        .collect();
    Some((standing, names.next().filter(|title| is_plain(title))))
}

/// What a line says: the texts in its quotation marks, or without any the whole of it.
fn strings(line: &Line<'_>, into: &mut Vec<String>, faults: &mut Faults) {
    let mut rest = line.text().trim();
    if !rest.starts_with('"') {
        let name = rest.split(" #").next().unwrap_or(rest);
        into.push(name.trim_end().to_owned());
        return;
    }
    while let Some(text) = rest.strip_prefix('"') {
        // A mark inside a name is closed by none: only one before a space or the end closes.
        let close = text.match_indices('"').map(|(at, _)| at).find(|at| {
            let after = &text[at + 1..];
            after.is_empty() || after.starts_with([' ', '\t', '#'])
        });
        let Some(close) = close else {
            faults.add(line, line.bytes.len(), Code::Quote, || {
                "a quotation mark is not closed".to_owned()
            });
            return;
        };
        into.push(text[..close].trim().to_owned());
        rest = text[close + 1..].trim_start();
    }
    if !rest.is_empty() && !rest.starts_with('#') {
        let at = line.text().len() - rest.len();
        faults.add(line, at, Code::Quote, || {
            format!(
                "\"{}\" stands behind a name in quotation marks",
                said(rest.as_bytes())
            )
        });
    }
}

pub(super) fn write(poll: &Poll) -> Result<String, Unsayable> {
    let seats = poll.needs_seats()?;
    let mut text = format!("{} {seats}\n", poll.standing.len());
    if !poll.withdrawn.is_empty() {
        let gone: Vec<String> = poll
            .withdrawn
            .iter()
            .map(|one| format!("-{}", one + 1))
            .collect();
        text += &format!("{}\n", gone.join(" "));
    }
    for (ballot, (ranks, weight)) in (1..).zip(poll.profile.ballots()) {
        if weight == 0 {
            return Err(Unsayable::Weight(ballot, weight));
        }
        text += &weight.to_string();
        let mut expected = 1;
        for (rank, group) in groups(ranks) {
            if rank - expected > MOST_SKIPPED {
                return Err(Unsayable::Gap(ballot));
            }
            for _ in expected..rank {
                text += " -";
            }
            expected = rank + 1;
            let numbers: Vec<String> = group.iter().map(|one| (one + 1).to_string()).collect();
            text += &format!(" {}", numbers.join("="));
        }
        text += " 0\n";
    }
    text += "0\n";
    for one in &poll.standing {
        text += &format!("\"{}\"\n", plain(&one.name, &['"'])?);
    }
    if let Some(title) = poll.needs_title()? {
        text += &format!("\"{}\"\n", plain(title, &['"'])?);
    }
    Ok(text)
}
