//! `PrefLib`'s orders: lines `# KEY: value`, then `voters: 1,2,{3,4}`.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Code, Faults, said};
use super::gather::{Gathering, candidates, number, prefer, weight};
use super::lines::{Layout, Line, Lines};
use super::poll::{Poll, Standing, Unsayable, groups, is_plain, plain};
use crate::Rank;

/// What the head of the file says that the ballots must keep to.
#[derive(Clone, Copy)]
struct Kind {
    complete: bool,
    strict: bool,
}

impl Kind {
    fn named(name: &[u8]) -> Option<Self> {
        let (complete, strict) = match name {
            b"soc" => (true, true),
            b"soi" => (false, true),
            b"toc" => (true, false),
            b"toi" => (false, false),
            _ => return None,
        };
        Some(Self { complete, strict })
    }

    fn as_str(self) -> &'static str {
        match (self.strict, self.complete) {
            (true, true) => "soc",
            (true, false) => "soi",
            (false, true) => "toc",
            (false, false) => "toi",
        }
    }
}

#[derive(Default)]
struct Head<'b> {
    title: Option<String>,
    kind: Option<Kind>,
    many: Option<usize>,
    voters: Option<(Line<'b>, u64)>,
    names: BTreeMap<u64, String>,
}

pub(super) fn read(bytes: &[u8], faults: &mut Faults) -> Option<Poll> {
    let mut lines = Lines::of(bytes);
    let mut head = Head::default();
    let mut ballots: Option<Gathering> = None;
    let mut ranks = Vec::new();
    while let Some(line) = lines.next_saying(None, faults) {
        if line.bytes.starts_with(b"#") {
            head.line(&line, faults);
            continue;
        }
        let Some(many) = head.many else {
            faults.add(&line, 0, Code::Header, || {
                "a ballot before \"# NUMBER ALTERNATIVES: n\"".to_owned()
            });
            return None;
        };
        ranks.clear();
        ranks.resize(many, 0);
        let ballots = ballots.get_or_insert_with(|| Gathering::new(many));
        if let Some(weight) = ballot(&line, head.kind, &mut ranks, faults) {
            ballots.push(&line, &ranks, weight, faults);
        }
    }
    let last = lines.last;
    let Some(many) = head.many else {
        faults.add_first(&last, Code::Header, || {
            "no line \"# NUMBER ALTERNATIVES: n\" says how many candidates stand".to_owned()
        });
        return None;
    };
    let ballots = ballots.unwrap_or_else(|| Gathering::new(many));
    if let Some((line, said)) = head.voters
        && said != ballots.voters()
    {
        let found = ballots.voters();
        faults.add(&line, 0, Code::Count, || {
            format!("the head says {said} voters, and the ballots are of {found}")
        });
    }
    let standing = head.standing(many, &last, faults)?;
    let mut poll = ballots.poll_of(standing, Layout::of(bytes))?;
    poll.title = head.title;
    Some(poll)
}

impl<'b> Head<'b> {
    fn line(&mut self, line: &Line<'b>, faults: &mut Faults) {
        let Some(colon) = line.bytes.iter().position(|byte| *byte == b':') else {
            return;
        };
        let key = line.bytes[1..colon].trim_ascii();
        let value = &line.bytes[colon + 1..];
        let at = line.bytes.len() - value.trim_ascii_start().len();
        let value = value.trim_ascii();
        match key {
            b"TITLE" => {
                let title = String::from_utf8_lossy(value).trim().to_owned();
                self.title = Some(title).filter(|title| is_plain(title));
            }
            b"DATA TYPE" => {
                self.kind = Kind::named(value);
                if self.kind.is_none() {
                    faults.add(line, at, Code::Type, || {
                        format!(
                            "the type \"{}\" has no orders; soc, soi, toc and toi have",
                            said(value)
                        )
                    });
                }
            }
            b"NUMBER ALTERNATIVES" if self.many.is_some() => {
                faults.add(line, 0, Code::Header, || {
                    "the number of alternatives stands twice".to_owned()
                });
            }
            b"NUMBER ALTERNATIVES" => self.many = candidates(line, at, value, faults),
            b"NUMBER VOTERS" => match number(value) {
                Some(voters) => self.voters = Some((*line, voters)),
                None => faults.add(line, at, Code::Count, || {
                    format!("\"{}\" is no number of voters", said(value))
                }),
            },
            _ => self.name(line, key, (at, value), faults),
        }
    }

    /// A line `# ALTERNATIVE NAME 3: name`.
    fn name(
        &mut self,
        line: &Line<'_>,
        key: &[u8],
        (at, value): (usize, &[u8]),
        faults: &mut Faults,
    ) {
        let Some(place) = key.strip_prefix(b"ALTERNATIVE NAME ") else {
            return;
        };
        let name = String::from_utf8_lossy(value).trim().to_owned();
        if !is_plain(&name) {
            faults.add(line, at, Code::Name, || {
                format!("\"{}\" is no name", said(value))
            });
            return;
        }
        let many = self.many.map_or(u64::MAX, |many| many as u64);
        match number(place.trim_ascii()).filter(|place| (1..=many).contains(place)) {
            None => faults.add(line, 2, Code::UnknownCandidate, || {
                format!("\"{}\" is no number of an alternative", said(place))
            }),
            Some(place) => {
                if self.names.insert(place, name).is_some() {
                    faults.add(line, 2, Code::DupHeader, || {
                        format!("alternative {place} is named twice")
                    });
                }
            }
        }
    }

    fn standing(&self, many: usize, last: &Line<'_>, faults: &mut Faults) -> Option<Vec<Standing>> {
        if self.names.len() != many {
            let found = self.names.len();
            faults.add(last, last.bytes.len(), Code::Names, || {
                format!("{found} names for {many} alternatives")
            });
            return None;
        }
        let names = self.names.values().cloned();
        Some(names.map(|name| Standing { name, party: None }).collect())
    }
}

/// A line `voters: 1,{2,3},4`.
fn ballot(
    line: &Line<'_>,
    kind: Option<Kind>,
    ranks: &mut [Rank],
    faults: &mut Faults,
) -> Option<u64> {
    let Some(colon) = line.bytes.iter().position(|byte| *byte == b':') else {
        faults.add(line, 0, Code::Line, || {
            "neither \"# KEY: value\" nor \"voters: 1,2,3\"".to_owned()
        });
        return None;
    };
    let many = weight(line, 0, line.bytes[..colon].trim_ascii(), faults);
    let strict = order(line, colon + 1, ranks, faults)?;
    let complete = ranks.iter().all(|rank| *rank > 0);
    if let Some(kind) = kind
        && (kind.strict && !strict || kind.complete && !complete)
    {
        let what = if kind.strict && !strict {
            "puts alternatives equal"
        } else {
            "leaves out alternatives"
        };
        faults.add(line, colon + 1, Code::Type, || {
            format!(
                "the order {what}, which the type {} does not",
                kind.as_str()
            )
        });
        return None;
    }
    many
}

/// Reads the order from this byte on; whether no two are equal.
fn order(line: &Line<'_>, from: usize, ranks: &mut [Rank], faults: &mut Faults) -> Option<bool> {
    let (mut rank, mut within, mut strict, mut sound) = (0, 0, true, true);
    let mut at = from;
    for cell in line.bytes[from..].split(|byte| *byte == b',') {
        let start = at + (cell.len() - cell.trim_ascii_start().len());
        at += cell.len() + 1;
        let mut token = cell.trim_ascii();
        let opens = token.starts_with(b"{");
        let closes = token.ends_with(b"}");
        if opens && within > 0 || closes && within == 0 && !opens {
            faults.add(line, start, Code::Unended, || {
                "brackets that do not pair: { and } stand around equals".to_owned()
            });
            return None;
        }
        token = token.strip_prefix(b"{").unwrap_or(token);
        token = token.strip_suffix(b"}").unwrap_or(token);
        if within == 0 {
            rank += 1;
        }
        strict &= within == 0;
        within = if closes {
            0
        } else if opens || within > 0 {
            within + 1
        } else {
            0
        };
        sound &= prefer(
            (line, start + usize::from(opens)),
            token.trim_ascii(),
            rank,
            ranks,
            faults,
        );
    }
    if within > 0 {
        faults.add(line, line.bytes.len(), Code::Unended, || {
            "a { is not closed; write } behind the last equal".to_owned()
        });
        return None;
    }
    sound.then_some(strict)
}

pub(super) fn write(poll: &Poll) -> Result<String, Unsayable> {
    let (mut strict, mut complete, mut voters) = (true, true, 0_u64);
    let mut orders = String::new();
    let mut unique = BTreeSet::new();
    for (ballot, (ranks, weight)) in (1..).zip(poll.profile.ballots()) {
        let groups = groups(ranks);
        let last = groups.last().map_or(0, |group| group.0);
        if groups.is_empty() {
            return Err(Unsayable::Blank(ballot));
        }
        if usize::try_from(last) != Ok(groups.len()) {
            return Err(Unsayable::Gap(ballot));
        }
        if weight == 0 {
            return Err(Unsayable::Weight(ballot, weight));
        }
        voters = voters.saturating_add(weight);
        complete &= ranks.iter().all(|rank| *rank > 0);
        let parts = groups.iter().map(|(_, group)| {
            let numbers: Vec<String> = group.iter().map(|one| (one + 1).to_string()).collect();
            match numbers.len() {
                1 => numbers.concat(),
                _ => format!("{{{}}}", numbers.join(",")),
            }
        });
        let parts: Vec<String> = parts.collect();
        strict &= groups.iter().all(|(_, group)| group.len() == 1);
        orders += &format!("{weight}: {}\n", parts.join(","));
        unique.insert(parts.join(","));
    }
    let kind = Kind { complete, strict };
    let mut text = String::new();
    if let Some(title) = poll.needs_title()? {
        text += &format!("# TITLE: {title}\n");
    }
    text += &format!("# DATA TYPE: {}\n", kind.as_str());
    text += &format!("# NUMBER ALTERNATIVES: {}\n", poll.standing.len());
    text += &format!("# NUMBER VOTERS: {voters}\n");
    text += &format!("# NUMBER UNIQUE ORDERS: {}\n", unique.len());
    for (number, one) in (1..).zip(&poll.standing) {
        text += &format!("# ALTERNATIVE NAME {number}: {}\n", plain(&one.name, &[])?);
    }
    Ok(text + &orders)
}
