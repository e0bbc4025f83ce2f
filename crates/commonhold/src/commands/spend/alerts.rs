//! `commonhold spend alerts`

use base::visible;
use facts::Committed;
use jiff::civil::Date;
use notice::{Draft, Message};
use serde_json::{Value, json};
use spend::alerts::{self, Alert, Change, State, Told};

use super::books::Books;
use super::standing::Standing;
use crate::Exit;
use crate::cli::{AlertsArguments, Output};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;
use crate::ways::Way;

/// Under what the store remembers what was told.
const REMEMBERED: &str = "alerts";

pub(super) fn run(project: &Project<'_>, arguments: &AlertsArguments) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let standing = Standing::of(&books, &sums)?;
    let facts = standing.facts(&books);
    let log = books.store.state::<State>(REMEMBERED);
    let kept = log.current()?;
    let (version, mut before) = kept.map_or((0, State::default()), |kept| {
        (kept.version.number, kept.manifest)
    });
    before.follow(&standing.unusual);
    let (after, due) = alerts::step(&before, &facts, project.day);
    let mut notes = std::mem::take(&mut books.notes);
    let mut exit = Exit::Well;
    let mut told = Vec::new();
    if arguments.send {
        let mut telling = Telling {
            books: &books,
            after: &after,
            version,
            notes: &mut notes,
        };
        told = telling.all(&due)?;
        if told.iter().any(|told| !told) {
            exit = Exit::Findings;
        }
    } else if !due.is_empty() {
        exit = Exit::Findings;
    }
    let output = arguments.question.output;
    let data = if output == Output::Json {
        let due: Vec<_> = due.iter().map(machine).collect();
        let standing: Vec<_> = after
            .standing()
            .map(|(id, since)| json!({ "id": id, "since": since }))
            .collect();
        let json =
            json!({ "version": JSON_VERSION, "due": due, "told": told, "standing": standing });
        format!("{json:#}\n")
    } else if output == Output::Text {
        text(&due, &after, arguments.send)
    } else {
        let mut table = Table::new(&["id", "what", "subject", "to"]);
        for alert in &due {
            table.row([
                Cell::from(alert.id.as_str()),
                Cell::from(change(alert)),
                Cell::from(alert.subject.as_str()),
                Cell::from(alert.to.iter().map(Told::to_string).collect::<Vec<_>>()),
            ]);
        }
        table.print(output, "alerts", project.surroundings)
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    }
    .exit(exit))
}

/// Tells alerts one after the other, each once whatever happens in between.
struct Telling<'t> {
    books: &'t Books<'t>,
    /// The state after all of them are told.
    after: &'t State,
    version: u64,
    notes: &'t mut String,
}

impl Telling<'_> {
    /// Tells all, and says of each whether everybody was told.
    fn all(&mut self, due: &[Alert]) -> anyhow::Result<Vec<bool>> {
        // What is not told yet is owed, and that is kept before each message: a run that dies
        // tells one of them twice at the most, and none never.
        let mut told = Vec::new();
        let mut failed: Vec<Alert> = Vec::new();
        self.keep(&failed, due)?;
        for (at, alert) in due.iter().enumerate() {
            let missed: Vec<Told> = alert
                .to
                .iter()
                .filter(|to| !self.one(alert, to))
                .cloned()
                .collect();
            let nobody = alert.to.is_empty();
            if nobody {
                *self.notes += &format!(
                    "warning: nobody is named who is told: {}\n",
                    visible(&alert.subject)
                );
            }
            told.push(missed.is_empty() && !nobody);
            if !missed.is_empty() {
                failed.push(Alert {
                    to: missed,
                    ..alert.clone()
                });
            }
            self.keep(&failed, &due[at + 1..])?;
        }
        Ok(told)
    }

    /// Keeps the state, with what could not be told and what is yet to be.
    fn keep(&mut self, failed: &[Alert], left: &[Alert]) -> anyhow::Result<()> {
        let mut state = self.after.clone();
        for alert in failed.iter().chain(left) {
            state.owe(alert.clone());
        }
        let log = self.books.store.state::<State>(REMEMBERED);
        let (Committed::Done(version) | Committed::Unchanged(version)) =
            log.commit(self.version, &state, self.books.now(), "tell")?;
        self.version = version.number;
        Ok(())
    }

    /// Tells one of those whom an alert is for.
    fn one(&mut self, alert: &Alert, to: &Told) -> bool {
        let way = match to {
            Told::Address(address) => Way::to(address),
            Told::Group(group) => Way::group(group, &self.books.estate),
        };
        if way.is_by_hand() {
            *self.notes += &format!(
                "warning: {} was not told of `{}`: the estate has no mail address of it; give the group a mailing list, or name somebody under `alerts: to:` in spend.yaml\n",
                visible(&to.to_string()),
                visible(&alert.subject)
            );
            return false;
        }
        let draft = Draft {
            subject: alert
                .subject
                .chars()
                .take(Message::LONGEST_SUBJECT)
                .collect(),
            text: alert.body.clone(),
            html: None,
            thread: format!("spend/{}", alert.id),
            to: way.recipients(),
            written: written(alert.day),
        };
        match way.tell(self.books.project.surroundings, draft) {
            Ok(_) => true,
            Err(error) => {
                *self.notes += &format!(
                    "warning: {} was not told of `{}`: {}\n",
                    visible(&to.to_string()),
                    visible(&alert.subject),
                    visible(&format!("{error:#}"))
                );
                false
            }
        }
    }
}

/// An alert for programs, without the addresses of webhooks.
fn machine(alert: &Alert) -> Value {
    let to = alert.to.iter().map(|told| match told {
        Told::Group(_) => json!(told),
        Told::Address(_) => json!({ "address": told.to_string() }),
    });
    let to: Vec<Value> = to.collect();
    let mut value = json!(alert);
    value["to"] = json!(to);
    value
}

/// The start of a day in UTC: the same whenever it is sent.
fn written(day: Date) -> jiff::Timestamp {
    let start = day.to_zoned(jiff::tz::TimeZone::UTC);
    start.map_or(jiff::Timestamp::UNIX_EPOCH, |start| start.timestamp())
}

fn change(alert: &Alert) -> &'static str {
    match alert.change {
        Change::Raised => "raised",
        Change::Withdrawn => "withdrawn",
    }
}

fn text(due: &[Alert], after: &State, sent: bool) -> String {
    let mut text = String::new();
    for alert in due {
        let to: Vec<String> = alert.to.iter().map(Told::to_string).collect();
        text += &format!(
            "{} ({}, to {})\n",
            visible(&alert.subject),
            change(alert),
            to.join(", ")
        );
        for line in alert.body.lines() {
            text += &format!("  {}\n", visible(line));
        }
    }
    match (due.len(), sent) {
        (0, _) => text += "nothing new is to be told\n",
        (_, false) => text += "\nnothing was told; --send tells it\n",
        (_, true) => {}
    }
    let standing = after.standing().count();
    text + &format!(
        "{} now\n",
        base::counted(standing, "alert stands", "alerts stand")
    )
}
