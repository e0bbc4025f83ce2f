//! `commonhold spend acknowledge`

use std::fs;

use anyhow::{Context, bail};
use spend::events;
use spend::settings::Settings;
use yaml::edit::{self, Order, Written};

use super::books::Books;
use crate::cli::AcknowledgeArguments;
use crate::files;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &AcknowledgeArguments,
) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let known = books.known(&sums.shared.cube);
    let events = events::find(&known, &books.settings);
    let event = events::named(&events, &arguments.event)?;
    if !event.status.is_open() {
        bail!("{}: {}", event.id, event.status);
    }
    if let Some(by) = &arguments.by
        && books.estate.tables.people.get(by).is_none()
    {
        bail!("the estate has no person `{by}`");
    }
    let path = project.root()?.join(Settings::FILE);
    let text = if path.exists() {
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", Settings::FILE))?
    } else {
        "acknowledged: []\n".to_owned()
    };
    let today = project.day.to_string();
    let said = [
        ("event", Some(event.id.as_str())),
        ("reason", Some(arguments.reason.as_str())),
        ("by", arguments.by.as_deref()),
        ("on", Some(today.as_str())),
    ];
    let entry = said
        .into_iter()
        .filter_map(|(key, text)| Some((key.to_owned(), Written::from(text?))))
        .collect();
    let list = edit::keys(["acknowledged"]);
    let edited = edit::insert_entry(&text, &list, &Written::Mapping(entry), Order::Last)
        .with_context(|| {
            format!(
                "{} cannot be edited; write it there yourself",
                Settings::FILE
            )
        })?;
    files::replace(&path, &edited)
        .with_context(|| format!("{} cannot be written", Settings::FILE))?;
    Ok(Outcome::data(format!(
        "{} is written down in {}; commit it\n",
        event.id,
        Settings::FILE
    )))
}
