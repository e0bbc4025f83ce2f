//! Notice of items: sent once, written down when it is confirmed, taken back when it bounces.

use std::path::Path;

use anyhow::Context;
use base::Digest;
use change::journal::Journal;
use change::journal::items::{Sent, sent};
use decisions::Act;
use decisions::item::{Happened, Record, State};
use decisions::journal::{Bounced, Noted, Told};
use jiff::Timestamp;
use ledger::Ledger;
use notice::{Draft, bounce};

use crate::docket::{Case, Docket, text_path};
use crate::governed::WallClock;
use crate::ways::Way;

/// What is said of it: to standard output, and to standard error.
#[derive(Default)]
pub(super) struct Said {
    pub(super) data: String,
    pub(super) notes: String,
}

/// Reads what came back, and takes back what was confirmed too early.
pub(super) fn bounces(
    docket: &mut Docket<'_>,
    ledger: &mut Ledger,
    trusted: &str,
    mailbox: &Path,
) -> anyhow::Result<Said> {
    let mut said = Said::default();
    let place = docket.place;
    let full = place.surroundings.folder.join(mailbox);
    let letters =
        bounce::letters(&full).with_context(|| format!("{} cannot be read", mailbox.display()))?;
    let clock = WallClock(place.surroundings);
    for letter in letters {
        let name = letter
            .path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let (Some(bounce), Some(name)) = (letter.bounce, name) else {
            continue;
        };
        // A Maildir renames what was looked at: its flags come after a colon.
        let name = name.split(':').next().unwrap_or(&name).to_owned();
        let Some(message) = bounce.message() else {
            continue;
        };
        for (item, told) in docket.told(&message) {
            if docket.has_letter(&item, &name) {
                continue;
            }
            let theirs = bounce.failed.iter().find(|failed| {
                told.to
                    .iter()
                    .any(|to| to.eq_ignore_ascii_case(&failed.recipient))
            });
            let Some(failed) = theirs else { continue };
            let bounced = Bounced {
                channel: told.channel.clone(),
                why: failed.to_string(),
                letter: name.clone(),
            };
            said.data += &format!(
                "{item}: {} was not told: {}\n",
                told.channel,
                base::visible(&failed.to_string())
            );
            let mut journal = Journal::new(ledger, &clock, place.actor());
            journal.bounced(&item, bounced, trusted, &mut docket.journals)?;
        }
    }
    Ok(said)
}

/// Tells those who must be told of items and were not.
pub(super) fn notices(
    docket: &mut Docket<'_>,
    ledger: &mut Ledger,
    trusted: &str,
) -> anyhow::Result<Said> {
    let mut said = Said::default();
    let place = docket.place;
    let clock = WallClock(place.surroundings);
    let side = docket.side(trusted)?;
    let (stand, _) = docket.stand(trusted, place.now())?;
    // Also where somebody else's word has opened it: a program that can tell them does.
    let told = |record: &Record| {
        record.proposed.is_some() && !record.state.is_over() && !record.state.is_accepted()
    };
    for (case, record) in stand.iter().filter(|(_, record)| told(record)) {
        let Some(proposed) = record.proposed else {
            continue;
        };
        let text = docket.text(&case.item).unwrap_or_default();
        if record.text != Some(Digest::of(text.as_bytes())) {
            said.notes += &format!(
                "warning: {}: nobody is told of it, for {} is not the text that stands\n",
                case.item,
                text_path(&case.item)
            );
            continue;
        }
        for notice in &case.basis.rules.notice {
            let way = Way::of(notice, &side.estate);
            let by_hand = way.is_by_hand() && record.opened.is_some();
            if by_hand || docket.is_told(&case.item, &way.channel) {
                continue;
            }
            if let Some(why) = docket.came_back(&case.item, &way) {
                let channel = base::visible(&way.channel);
                said.notes += &format!(
                    "warning: {}: {channel} is not told again, for it came back: {why}\n",
                    case.item
                );
                continue;
            }
            let draft = Draft {
                subject: subject(case, record, "is proposed"),
                text: proposal(case, record, &text),
                html: None,
                thread: case.item.to_string(),
                to: way.recipients(),
                written: proposed,
            };
            match way.tell(place.surroundings, draft) {
                Ok((evidence, message)) => {
                    said.data += &format!(
                        "{}: told {}: {}\n",
                        case.item,
                        base::visible(&way.channel),
                        base::visible(&evidence)
                    );
                    let told = Told {
                        channel: way.channel.clone(),
                        evidence,
                        message,
                        to: way.recipients(),
                    };
                    let mut journal = Journal::new(ledger, &clock, place.actor());
                    journal.told(&case.item, told, trusted, &mut docket.journals)?;
                }
                Err(why) => {
                    let why = base::visible(&format!("{why:#}"));
                    said.notes += &format!(
                        "warning: {}: {} is not told yet: {why}\n",
                        case.item,
                        base::visible(&way.channel)
                    );
                }
            }
        }
    }
    Ok(said)
}

/// Sends what nothing depends on: a reminder half way, the last call, the outcome. Each once.
pub(super) fn news(
    docket: &Docket<'_>,
    ledger: &mut Ledger,
    trusted: &str,
) -> anyhow::Result<Said> {
    let mut said = Said::default();
    let place = docket.place;
    let now = place.now();
    let clock = WallClock(place.surroundings);
    let side = docket.side(trusted)?;
    let known = sent(ledger)?;
    let (stand, _) = docket.stand(trusted, now)?;
    let each = stand.iter().flat_map(|(case, record)| {
        let occasions = amended(case, record)
            .into_iter()
            .chain(occasion(record, now));
        occasions.map(move |occasion| (case, record, occasion))
    });
    for (case, record, (about, at, words)) in each {
        for notice in &case.basis.rules.notice {
            let way = Way::of(notice, &side.estate);
            let this = Sent {
                item: case.item.clone(),
                channel: way.channel.clone(),
                about: about.clone(),
            };
            if known.contains(&this) || way.is_by_hand() {
                continue;
            }
            let draft = Draft {
                subject: subject(case, record, &words),
                text: state_of(case, record),
                html: None,
                thread: case.item.to_string(),
                to: way.recipients(),
                written: at,
            };
            match way.tell(place.surroundings, draft) {
                Ok(_) => {
                    Journal::new(ledger, &clock, place.actor()).sent(&this)?;
                    said.data += &format!(
                        "{}: told {} that it {words}\n",
                        case.item,
                        base::visible(&way.channel)
                    );
                }
                Err(why) => {
                    let why = base::visible(&format!("{why:#}"));
                    said.notes += &format!(
                        "warning: {}: {} does not know yet that it {words}: {why}\n",
                        case.item,
                        base::visible(&way.channel)
                    );
                }
            }
        }
    }
    Ok(said)
}

/// What there is to say of an item: its name, since when, and in words.
type Occasion = (String, Timestamp, String);

/// That another text stands than the one that was told of.
fn amended(case: &Case, record: &Record) -> Option<Occasion> {
    let text = record.text.filter(|_| !record.state.is_over())?;
    let amended = case.entries.iter().rev().find(|entry| match &entry.what {
        Happened::Act(one) => {
            matches!(one.event.act(), Act::Amend { .. })
                && one.event.content().text() == Some(&text)
        }
        _ => false,
    })?;
    Some((
        format!("amended {text}"),
        amended.at,
        "is amended".to_owned(),
    ))
}

/// What there is to say of how an item stands now.
fn occasion(record: &Record, now: Timestamp) -> Option<Occasion> {
    let since = record.since?;
    if record.state.is_over() || record.state.is_accepted() {
        let word = record.state.word();
        let words = match record.state {
            State::Affirming => "is accepted, and can still be stopped".to_owned(),
            State::Stayed => "rests until an appeal is heard".to_owned(),
            _ => format!("is {word}"),
        };
        return Some((format!("{word} since {since}"), since, words));
    }
    let (opened, closes) = (record.opened?, record.closes?);
    let length = closes.duration_since(opened);
    if now >= closes {
        return None;
    }
    if record.state == State::LastCall
        || closes.duration_since(now) <= jiff::SignedDuration::from_hours(24)
    {
        return Some((
            format!("last call {closes}"),
            opened,
            format!("closes at {closes}"),
        ));
    }
    let half = opened.checked_add(length / 2).ok()?;
    (now >= half).then(|| {
        (
            format!("reminder {closes}"),
            half,
            format!("is open until {closes}"),
        )
    })
}

fn subject(case: &Case, record: &Record, words: &str) -> String {
    let kind = record
        .matter
        .as_ref()
        .map_or("item", |matter| matter.kind.word());
    let number = case
        .number
        .map_or_else(String::new, |number| format!(" {number}"));
    format!("[{kind}{number}] {} {words}", record.title)
}

/// What those are told of whom the time depends on.
fn proposal(case: &Case, record: &Record, text: &str) -> String {
    let rules = &case.basis.rules;
    let by = record.proposer.as_deref().unwrap_or("somebody");
    let mut said = format!(
        "{by} proposes: {}\n\n{} decides on it by `{}`.\n",
        record.title, rules.body, rules.name
    );
    if let Some(lazy) = &rules.procedure.lazy {
        said += &format!(
            "Whoever is against it says so, with a reason, within {} from when all were told; silence is agreement.\n",
            lazy.period
        );
    }
    if let Some(vote) = &rules.procedure.vote {
        said += &format!("A vote on it is open for at most {}.\n", vote.max_open);
    }
    said += &format!("\nItem: {}\nText: {}", case.item, text_path(&case.item));
    if let Some(digest) = record.text {
        said += &format!(" ({digest})");
    }
    said + &format!("\n\n{}\n", text.trim_end())
}

fn state_of(case: &Case, record: &Record) -> String {
    let mut said = format!("{}\n\nIt is {}.\n", record.title, record.state.word());
    for one in record
        .conditions
        .iter()
        .filter(|one| !one.met && !record.state.is_over())
    {
        said += &format!("- {}\n", one.text);
    }
    if let Some(step) = record.history.last() {
        said += &format!("{}\n", step.why);
    }
    said + &format!("\nItem: {}\n", case.item)
}

impl Docket<'_> {
    fn notes_of(&self, item: &decisions::ItemId) -> impl Iterator<Item = &Noted> {
        let journal = self.journals.get(item).into_iter();
        journal
            .flat_map(|journal| &journal.notes)
            .map(|note| &note.what)
    }

    /// The items that a message was about, with what was confirmed of it.
    fn told(&self, message: &Digest) -> Vec<(decisions::ItemId, Told)> {
        let all = self.journals.iter().filter_map(|(item, journal)| {
            let mut of = journal
                .notes
                .iter()
                .rev()
                .filter_map(|note| match &note.what {
                    Noted::Told(told) if told.message == *message => {
                        Some((item.clone(), told.clone()))
                    }
                    _ => None,
                });
            of.next()
        });
        all.collect()
    }

    fn has_letter(&self, item: &decisions::ItemId, letter: &str) -> bool {
        self.notes_of(item)
            .any(|what| matches!(what, Noted::Bounced(one) if one.letter == letter))
    }

    /// Whether a channel confirmed it, and that did not come back.
    fn is_told(&self, item: &decisions::ItemId, channel: &str) -> bool {
        let mut told = false;
        for what in self.notes_of(item) {
            match what {
                Noted::Told(one) if one.channel == channel => told = true,
                Noted::Bounced(one) if one.channel == channel => told = false,
                _ => {}
            }
        }
        told
    }

    /// Why the last message to the same people came back.
    fn came_back(&self, item: &decisions::ItemId, way: &Way) -> Option<String> {
        let mut last: Option<&Told> = None;
        let mut why = None;
        for what in self.notes_of(item) {
            match what {
                Noted::Told(one) if one.channel == way.channel => (last, why) = (Some(one), None),
                Noted::Bounced(one) if one.channel == way.channel => why = Some(one.why.clone()),
                _ => {}
            }
        }
        let same = last.is_some_and(|told| told.to == way.recipients());
        why.filter(|_| same).map(|why| base::visible(&why))
    }
}
