//! Arguments of the path of least resistance.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

#[derive(Debug, Args)]
pub(crate) struct MigrationWavesArguments {
    /// The migration, by the name of its file; if not said, the only one there is, or else the
    /// services that say themselves that they move
    pub(crate) name: Option<String>,

    /// What if this stays where it is: a thing, a batch, or what holds things; may be repeated
    #[arg(long, value_name = "WHAT")]
    pub(crate) without: Vec<String>,

    /// What if this is not moved, or freed, before a day; may be repeated
    #[arg(long, value_name = "WHAT=YYYY-MM-DD", value_parser = after)]
    pub(crate) after: Vec<(String, Date)>,

    /// The day before which nothing is moved; today if not said
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) start: Option<Date>,

    /// How many working days a wave may take each owner
    #[arg(long, default_value_t = 20, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) days: u16,

    /// How many groups of things may move at a time; any number if not said
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) groups: Option<u16>,

    /// How to print the plan
    #[arg(short, long, value_enum, default_value_t = MigrationWavesOutput::Text, value_name = "FORMAT")]
    pub(crate) output: MigrationWavesOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MigrationWavesOutput {
    /// For people, at a terminal
    Text,
    /// Versioned; see `commonhold help output`
    Json,
    /// For the notes of a meeting
    Markdown,
    /// A drawing: what moves in which wave, and what refers to what
    Svg,
    /// The same for Graphviz
    Dot,
    /// The same for Mermaid
    Mermaid,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .ok()
        .filter(|_| text.len() == "2026-11-20".len())
        .ok_or_else(|| "write a day like 2026-11-20".to_owned())
}

fn after(text: &str) -> Result<(String, Date), String> {
    let ends = text.rsplit_once('=').filter(|(what, _)| !what.is_empty());
    let (what, until) =
        ends.ok_or_else(|| "write what waits and until when, like mail=2026-11-20".to_owned())?;
    Ok((what.to_owned(), day(until)?))
}

#[cfg(test)]
mod tests {
    use super::after;
    use jiff::civil::date;

    #[test]
    fn what_waits_may_hold_an_equals_sign() {
        let found = after("a=b=2026-11-20");
        assert_eq!(found, Ok(("a=b".to_owned(), date(2026, 11, 20))));
        for wrong in [
            "mail",
            "=2026-11-20",
            "mail=",
            "mail=soon",
            "mail=2026-11-2",
        ] {
            assert!(after(wrong).is_err(), "{wrong}");
        }
    }
}
