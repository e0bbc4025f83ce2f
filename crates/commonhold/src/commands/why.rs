//! `commonhold why`

use crate::Exit;
use crate::cli::{Output, WhyArguments};
use crate::project::{Project, one_item};
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &WhyArguments) -> anyhow::Result<Outcome> {
    let (estate, notes) = project.ask()?;
    let (from, to) = (
        one_item(&estate, &arguments.from)?,
        one_item(&estate, &arguments.to)?,
    );
    let node = |item: estate::AnyItem<'_>| estate.graph.node(item.kind, item.name);
    let (Some(start), Some(end)) = (node(from), node(to)) else {
        return Ok(Outcome::data(String::new()));
    };
    let forth = estate.graph.path(start, end);
    let back = || estate.graph.path(end, start);
    let (way, turned) = match forth {
        Some(way) => (way, false),
        None => {
            if let Some(way) = back() {
                (way, true)
            } else {
                let notes = format!(
                    "{notes}nothing leads from {} to {}, nor back\n",
                    from.subject(),
                    to.subject()
                );
                return Ok(Outcome {
                    notes,
                    ..Outcome::data(String::new())
                }
                .exit(Exit::Findings));
            }
        }
    };
    let subject = |node| {
        let (kind, name) = estate.graph.item(node);
        format!("{}/{name}", kind.name())
    };
    let mut table = Table::new(&["from", "how", "to", "says", "because"]);
    for link in &way {
        let says = estate.sources.line_of(link.span);
        let cells = [
            subject(link.from),
            link.relation.words().to_owned(),
            subject(link.to),
            says,
        ];
        table.row(
            cells
                .map(Cell::from)
                .into_iter()
                .chain([Cell::from(link.why.clone())]),
        );
    }
    let mut data = table.print(arguments.question.output, "way", project.surroundings);
    if arguments.question.output == Output::Text {
        let steps = if way.len() == 1 {
            "one step".to_owned()
        } else {
            format!("{} steps", way.len())
        };
        let first = if turned {
            (to.subject(), from.subject())
        } else {
            (from.subject(), to.subject())
        };
        data = format!("{} leads to {} in {steps}:\n\n{data}", first.0, first.1);
    }
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}
