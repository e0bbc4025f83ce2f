//! `commonhold show`

mod columns;
mod detail;

use anyhow::bail;
use estate::{AnyItem, Estate, KindId};

use crate::cli::ShowArguments;
use crate::project::{Project, group, one_item};
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &ShowArguments) -> anyhow::Result<Outcome> {
    let (estate, notes) = project.ask()?;
    let filtered = arguments.owner.is_some()
        || arguments.unowned
        || arguments.employer.is_some()
        || arguments.place.is_some();
    let output = arguments.question.output;
    let what = match (&arguments.what, &arguments.name) {
        (Some(kind), Some(name)) => Some(format!("{kind}/{name}")),
        (what, _) => what.clone(),
    };
    let data = match what.as_deref() {
        None if filtered => {
            return Ok(Outcome::usage(
                "a filter needs a kind, for example `commonhold show services --unowned`",
            ));
        }
        None => kinds(&estate).print(output, "kinds", project.surroundings),
        Some(word) => match KindId::named(word) {
            Some(kind) => {
                let items = filter(&estate, kind, arguments, project)?;
                columns::table(&estate, kind, &items, project.day).print(
                    output,
                    kind.folder(),
                    project.surroundings,
                )
            }
            None if filtered => {
                return Ok(Outcome::usage("filters apply to kinds, not to one item"));
            }
            None => detail::print(&estate, one_item(&estate, word)?, output, project),
        },
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}

fn kinds(estate: &Estate) -> Table {
    let mut table = Table::new(&["kind", "count", "what it is"]);
    for kind in KindId::ALL {
        let count = estate.tables.of_kind(*kind).len();
        table.row([
            Cell::from(kind.folder()),
            Cell::from(count),
            Cell::from(kind.about()),
        ]);
    }
    table
}

fn filter<'e>(
    estate: &'e Estate,
    kind: KindId,
    arguments: &ShowArguments,
    project: &Project<'_>,
) -> anyhow::Result<Vec<AnyItem<'e>>> {
    let mut items = estate.tables.of_kind(kind);
    items.sort_by_key(|item| item.name);
    let answering = |item: &AnyItem<'_>| {
        estate
            .graph
            .node(item.kind, item.name)
            .map_or(Vec::new(), |node| estate.answering(node))
    };
    if let Some(owner) = &arguments.owner {
        let owner = group(estate, owner)?.name;
        items.retain(|item| answering(item).iter().any(|name| name == owner));
    }
    if arguments.unowned {
        if matches!(kind, KindId::Person | KindId::Group | KindId::Organisation) {
            bail!(
                "{} are not owned by groups, so --unowned does not apply",
                kind.folder()
            );
        }
        let active = |name: &String| {
            estate
                .tables
                .groups
                .get(name)
                .is_some_and(|group| group.value.standing == estate::kinds::Standing::Active)
        };
        items.retain(|item| !answering(item).iter().any(active));
    }
    if let Some(employer) = &arguments.employer {
        let people = columns::people_of(estate, employer, project.day);
        if people.is_empty() {
            bail!(
                "nobody in the estate works for \"{employer}\" on {}",
                project.day
            );
        }
        items.retain(|item| {
            columns::people_behind(estate, item)
                .iter()
                .any(|person| people.contains(person))
        });
    }
    if let Some(place) = &arguments.place {
        if kind != KindId::Service && kind != KindId::Account {
            bail!(
                "only services and accounts are somewhere, so --where does not apply to {}",
                kind.folder()
            );
        }
        items.retain(|item| {
            columns::places(estate, item)
                .iter()
                .any(|name| name.eq_ignore_ascii_case(place))
        });
    }
    Ok(items)
}
