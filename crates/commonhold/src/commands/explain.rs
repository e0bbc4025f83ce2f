//! `commonhold explain`

use crate::cli::{ExplainArguments, Output};
use crate::pages;
use crate::render::table::{Cell, Table};
use crate::surroundings::{Outcome, Surroundings};

pub(crate) fn run(arguments: &ExplainArguments, surroundings: &Surroundings) -> Outcome {
    let Some(id) = &arguments.id else {
        let mut table = Table::new(&["id", "severity", "what it says"]);
        for code in pages::codes() {
            table.row([
                Cell::from(code.id),
                Cell::from(code.severity.to_string()),
                Cell::from(code.title),
            ]);
        }
        let list = table.print(Output::Text, "findings", surroundings);
        return Outcome::data(list);
    };
    match pages::code(id) {
        Some(code) => Outcome::data(pages::page(code)),
        None => Outcome::usage(&pages::unknown(id)),
    }
}
