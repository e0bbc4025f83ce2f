//! The ledger as a whole: how far it was verified, who signed for it, and how to verify it without
//! believing this portal.

use portal::model::{Cell, ColumnKind, Link, Mood, Page, Part, Section, Value};

use super::super::affairs::{Recorded, Said};
use super::super::decisions::person;
use super::super::parts::{card, column, fact, row, table};
use super::super::shown::Known;
use super::{files, standing};

pub(super) fn of(known: &Known) -> Page {
    let recorded = &known.affairs.recorded;
    let mut page = Page::new(Section::Ledger, "/ledger", "Ledger");
    "An append-only record of what was decided and done. Each record holds the digest of the one before it, so that nothing in it can be changed, left out or moved without being seen.".clone_into(&mut page.summary);
    let (mood, text) = standing(recorded);
    let word = match mood {
        Mood::Good => "whole",
        Mood::Bad => "broken",
        _ => "none",
    };
    page.state = Some((mood, word.to_owned()));
    page.add(Part::Notice(mood, text, None));
    if recorded.why.is_some() {
        return page;
    }
    let proof = &recorded.proof;
    page.add(Part::Cards(vec![card(
        "Records",
        recorded.records.len(),
        "the newest first",
        Mood::Plain,
        Some("/records"),
    )]));
    page.heading("verified", "What was verified");
    page.add(Part::Facts(vec![
        fact(
            "head",
            "Digest of the last record",
            Cell::new(Value::Code(proof.head.digest.to_string())),
        ),
        fact(
            "last",
            "Last record",
            Cell::new(Value::Number(
                i64::try_from(proof.head.seq).unwrap_or(i64::MAX),
            )),
        ),
        fact(
            "whole",
            "Followed from the first record at",
            Cell::instant(Some(proof.whole)),
        ),
        fact(
            "checked",
            "Followed on to the last at",
            Cell::instant(Some(proof.last)),
        ),
        fact("fault", "What is wrong", fault(recorded)),
    ]));
    page.say("A digest shows what was changed after it was seen. Keep the digest of the last record, or a signed checkpoint, where whoever keeps the ledger cannot write: then a ledger that was cut or written anew shows too.");
    checkpoints(known, recorded, &mut page);
    yourself(recorded, &mut page);
    page
}

fn fault(recorded: &Recorded) -> Cell {
    match &recorded.proof.broken {
        Some((seq, what)) => Cell::state(Mood::Bad, format!("record {seq}: {what}")),
        None => Cell::state(Mood::Good, "nothing"),
    }
}

fn checkpoints(known: &Known, recorded: &Recorded, page: &mut Page) {
    page.heading("checkpoints", "Signed checkpoints");
    let rows = recorded.records.iter().rev().filter_map(|said| {
        let checkpoint = said.checkpoint.as_ref()?;
        let by = match &checkpoint.by {
            Some(by) => person(known, by),
            None => Cell::state(Mood::Warn, "no key of the estate"),
        };
        let cells = vec![
            record(said),
            Cell::instant(Some(said.at)),
            Cell::new(Value::Number(
                i64::try_from(checkpoint.of).unwrap_or(i64::MAX),
            )),
            by,
        ];
        Some(row(cells, None))
    });
    let columns = vec![
        column("record", "Record", ColumnKind::Text),
        column("at", "When", ColumnKind::Instant),
        column("of", "Signs up to record", ColumnKind::Number),
        column("by", "Signed by", ColumnKind::Text),
    ];
    let none = "Nobody has signed one. Whoever keeps the ledger does, with “commonhold ledger checkpoint”.";
    page.add(table(
        "checkpoints",
        "Who signed that the ledger ended so",
        columns,
        rows.collect(),
        none,
    ));
}

fn record(said: &Said) -> Cell {
    Cell::link(
        format!("Record {}", said.seq),
        format!("/records/{}", said.seq),
    )
}

fn yourself(recorded: &Recorded, page: &mut Page) {
    page.heading("yourself", "Verify it yourself");
    page.say("Take the records as files, a line each, and follow the digests on your own machine. Nothing of this portal is needed for that.");
    let rows = files::paths(recorded)
        .into_iter()
        .map(|(path, from, until)| {
            let name = path
                .trim_start_matches("/ledger/")
                .trim_start_matches('/')
                .to_owned();
            let number =
                |seq: u64| Cell::new(Value::Number(i64::try_from(seq).unwrap_or(i64::MAX)));
            row(
                vec![Cell::link(name, path), number(from), number(until)],
                None,
            )
        });
    let columns = vec![
        column("file", "File", ColumnKind::Text),
        column("from", "From record", ColumnKind::Number),
        column("until", "To record", ColumnKind::Number),
    ];
    page.add(table(
        "files",
        "The records as JSON lines",
        columns,
        rows.collect(),
        "There are no records.",
    ));
    let withheld = recorded
        .records
        .iter()
        .filter(|said| said.private.is_some())
        .count();
    if withheld > 0 {
        let text = format!(
            "{} mail addresses, or who is in what nobody else may see. In the files they have their digests and nothing else, so that they too are seen to follow each other.",
            base::counted(withheld, "record holds", "records hold")
        );
        page.add(Part::Notice(Mood::Plain, text, None));
    }
    page.add(Part::Command {
        about:
            "Follow every digest with nothing but Python; join several files in their order first"
                .to_owned(),
        text: files::SNIPPET.to_owned(),
    });
    page.add(Part::Command {
        about: "The same where the ledger is, with the signatures of checkpoints".to_owned(),
        text: "commonhold ledger verify".to_owned(),
    });
    page.add(Part::Notice(
        Mood::Plain,
        "A browser can do it as well: the page of a record shows the exact text that its digest is of.".to_owned(),
        recorded.records.last().map(|said| Link::new("The last record", format!("/records/{}", said.seq))),
    ));
}
