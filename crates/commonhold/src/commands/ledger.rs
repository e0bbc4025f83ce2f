//! `commonhold ledger`

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};

use anyhow::{Context, bail};
use change::journal::Journal;
use ledger::{Against, Ledger, Record, SignedCheckpoint};
use serde_json::json;

use crate::cli::{LedgerArguments, LedgerCommand, LedgerShowArguments};
use crate::court::short;
use crate::governed::{Place, WallClock};
use crate::keys::SigningKey;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// What checkpoints are signed for: a signature for something else does not count.
pub(crate) const CHECKPOINT_NAMESPACE: &str = "commonhold-checkpoint";

pub(crate) fn run(project: &Project<'_>, arguments: &LedgerArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let there = || -> anyhow::Result<Ledger> {
        place
            .existing_ledger_here(project)?
            .context("there is no ledger yet; `commonhold ledger init` makes one")
    };
    match &arguments.command {
        LedgerCommand::Init { trust } => init(&place, project, trust),
        LedgerCommand::Trust { commit } => {
            let mut ledger = place.ledger(project)?;
            trust(&place, &mut ledger, commit)
        }
        LedgerCommand::Show(arguments) => show(&mut there()?, arguments, project),
        LedgerCommand::Verify { checkpoint } => {
            let kept = checkpoint.iter().map(|path| {
                let path = project.surroundings.folder.join(path);
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("{} cannot be read", path.display()))?;
                SignedCheckpoint::parse(&text)
                    .with_context(|| format!("{} is no checkpoint", path.display()))
            });
            let kept = kept.collect::<anyhow::Result<Vec<_>>>()?;
            let checker = checker(&place, project)?;
            let summary = there()?.verify(Against {
                checkpoints: &kept,
                checker: Some(&checker),
            })?;
            Ok(Outcome::data(format!(
                "the ledger is whole: {}, the last is {}\n",
                base::counted(
                    usize::try_from(summary.records).unwrap_or(usize::MAX),
                    "record",
                    "records"
                ),
                summary.head.digest
            )))
        }
        LedgerCommand::Export { out } => {
            let mut ledger = there()?;
            let mut lines = Vec::new();
            match out {
                None => {
                    ledger.export(&mut lines)?;
                    Ok(Outcome::data(String::from_utf8(lines)?))
                }
                Some(out) => {
                    let path = project.surroundings.folder.join(out);
                    let file = File::create_new(&path)
                        .with_context(|| format!("{} cannot be made", out.display()))?;
                    let mut file = BufWriter::new(file);
                    let records = ledger.export(&mut file)?;
                    file.flush()?;
                    Ok(Outcome::data(format!(
                        "wrote {records} records to {}\n",
                        out.display()
                    )))
                }
            }
        }
        LedgerCommand::Import { file } => {
            let path = project.surroundings.folder.join(file);
            let lines =
                File::open(&path).with_context(|| format!("{} cannot be read", file.display()))?;
            let mut ledger = place.new_ledger(project)?;
            let summary = ledger
                .import(BufReader::new(lines), Against::default())
                .with_context(|| file.display().to_string())?;
            Ok(Outcome::data(format!(
                "imported {} records\n",
                summary.records
            )))
        }
        LedgerCommand::Checkpoint { key, out } => {
            let key = SigningKey::find(&place, key.as_deref())?;
            let mut ledger = place.ledger(project)?;
            let at = format!("{:.3}", place.now());
            let record = ledger.checkpoint(&at, &place.actor(), |text| {
                key.sign(CHECKPOINT_NAMESPACE, text)
            })?;
            let signed = SignedCheckpoint::of_record(&record)
                .context("the ledger has no checkpoint where it wrote one")?;
            let text = signed.text();
            if let Some(out) = out {
                crate::files::replace(&project.surroundings.folder.join(out), &text)?;
                return Ok(Outcome::data(format!("wrote {}\n", out.display())));
            }
            Ok(Outcome::data(text))
        }
    }
}

/// Makes a ledger, and says where trust starts.
fn init(place: &Place<'_>, project: &Project<'_>, commit: &str) -> anyhow::Result<Outcome> {
    if let Some(ledger) = place.existing_ledger_here(project)? {
        bail!("there is a ledger at {} already", ledger.place());
    }
    let mut ledger = place.new_ledger(project)?;
    let made = format!("made {}\n", ledger.place());
    let trusted = trust(place, &mut ledger, commit)?;
    Ok(Outcome::data(made + &trusted.data))
}

/// Writes down that the people and the charter at a commit may judge what comes after it.
fn trust(place: &Place<'_>, ledger: &mut Ledger, commit: &str) -> anyhow::Result<Outcome> {
    let commit = place.git()?.commit(commit)?;
    let clock = WallClock(place.surroundings);
    Journal::new(ledger, &clock, place.actor()).trust(&commit)?;
    Ok(Outcome::data(format!(
        "from here on the people and the charter at commit {} judge what comes after it\n",
        short(&commit)
    )))
}

/// Checks the signature of a checkpoint: by a key of somebody of the estate.
fn checker(
    place: &Place<'_>,
    project: &Project<'_>,
) -> anyhow::Result<impl Fn(&str, &str) -> Result<(), String> + use<>> {
    let _ = place;
    let (estate, _) = formats::load(&project.tree()?)
        .map_err(|_| anyhow::anyhow!("the estate cannot be read; `commonhold check` says why"))?;
    let people = estate.tables.people.items();
    let keys: Vec<String> = people
        .flat_map(|person| person.value.keys.iter().map(|key| key.as_str().to_owned()))
        .collect();
    Ok(move |text: &str, signature: &str| {
        let by = |key: &String| {
            decisions::sshsig::verify(signature, text.as_bytes(), CHECKPOINT_NAMESPACE, key).is_ok()
        };
        if keys.iter().any(by) {
            Ok(())
        } else {
            Err("no key of anybody in the estate made its signature".to_owned())
        }
    })
}

fn show(
    ledger: &mut Ledger,
    arguments: &LedgerShowArguments,
    project: &Project<'_>,
) -> anyhow::Result<Outcome> {
    if let Some(id) = &arguments.id {
        let record = match id.parse() {
            Ok(seq) => ledger.get(seq)?,
            Err(_) => ledger.find(id)?,
        };
        let record = record.with_context(|| format!("the ledger has no record {id}"))?;
        return Ok(Outcome::data(format!("{:#}\n", as_json(&record))));
    }
    let kind = arguments.kind.as_deref().unwrap_or("");
    let mut last: std::collections::VecDeque<Record> = std::collections::VecDeque::new();
    for record in ledger.records_of(arguments.from.unwrap_or(0), kind) {
        last.push_back(record?);
        if last.len() > arguments.limit {
            last.pop_front();
        }
    }
    if arguments.question.output == crate::cli::Output::Json {
        let records: Vec<_> = last.iter().map(as_json).collect();
        let json = json!({ "version": JSON_VERSION, "records": records });
        return Ok(Outcome::data(format!("{json:#}\n")));
    }
    let mut table = Table::new(&["record", "at", "kind", "by", "what"]);
    for record in &last {
        table.row([
            Cell::from(record.seq().to_string()),
            Cell::from(record.at()),
            Cell::from(record.kind()),
            Cell::from(record.actor()),
            Cell::from(in_a_line(record)),
        ]);
    }
    Ok(Outcome::data(table.print(
        arguments.question.output,
        "records",
        project.surroundings,
    )))
}

fn as_json(record: &Record) -> serde_json::Value {
    json!({
        "seq": record.seq(),
        "prev": record.prev(),
        "at": record.at(),
        "kind": record.kind(),
        "actor": record.actor(),
        "body": record.body(),
        "digest": record.digest(),
    })
}

/// What a record says, in a line.
pub(crate) fn in_a_line(record: &Record) -> String {
    use change::journal::items::{BOUNCED, DOWN, SENT, TOLD};
    use change::journal::{FINISHED, INTENT, OUTCOME, REACHED, RECEIVED, TRUSTED};
    let body = record.body();
    let text = |key: &str| body[key].as_str().unwrap_or("").to_owned();
    let scope = || {
        let part = |key: &str| body["scope"][key].as_str().unwrap_or("");
        format!("{} at {}", part("name"), part("at"))
    };
    match record.kind() {
        INTENT => {
            let count = body["changes"].as_array().map_or(0, Vec::len);
            let undoing = if body["rollback"] == true {
                ", undoing"
            } else {
                ""
            };
            format!(
                "{} in {}{undoing}",
                base::counted(count, "change", "changes"),
                scope()
            )
        }
        OUTCOME => {
            let why = body["why"]
                .as_str()
                .map_or(String::new(), |why| format!(": {why}"));
            format!("record {}: {}{why}", body["intent"], text("fate"))
        }
        FINISHED => format!("{} {}, {} done", scope(), text("result"), body["done"]),
        RECEIVED => format!("{} by {}", text("act"), text("by")),
        REACHED => format!("{} is as {} wants it", scope(), short(&text("commit"))),
        TRUSTED => format!("trust starts at {}", short(&text("commit"))),
        TOLD => format!("{} was told of {}", text("channel"), text("item")),
        BOUNCED => format!("{}: {}", text("channel"), text("why")),
        SENT => format!("{} to {}: {}", text("item"), text("channel"), text("about")),
        DOWN => format!("nothing was received: {}", text("why")),
        "ledger.checkpoint" => format!("the ledger at record {}, signed", body["seq"]),
        _ => String::new(),
    }
}
