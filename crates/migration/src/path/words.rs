//! Edges and ways round, in words.

use super::common::Common;
use super::left::Left;
use super::links::Link;
use super::parts::{Edge, Parts, Rule, Tie, Why};

/// How many of what two parts use in common are named.
const NAMED: usize = 3;

/// Where the two ends of a bridge are: whether each has moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) one: bool,
    pub(super) other: bool,
}

/// Here is the old place and there the new one.
fn place(moved: bool) -> &'static str {
    if moved { " there" } else { " here" }
}

/// What needs a bridge, with the places of its ends if they are known.
pub(super) fn bridge(left: &Left, parts: &Parts, edge: &Edge, ends: Option<Ends>) -> String {
    let one = ends.map_or("", |ends| place(ends.one));
    let other = ends.map_or("", |ends| place(ends.other));
    match &edge.tie {
        Tie::Link(at) => {
            let Link { from, to, how, .. } = &left.links[*at];
            let (from, to) = (&left.things[*from].id, &left.things[*to].id);
            format!("{from}{one} {how} {to}{other}")
        }
        Tie::Shares(commons) => {
            let of = |part: usize| parts.all[part].id.as_str();
            let shared = commons.iter().map(|&common| &left.commons[common]);
            let shared: Vec<&Common> = shared.collect();
            let named = shared_words(&shared);
            format!(
                "{}{one} and {}{other} share {named}",
                of(edge.one),
                of(edge.other)
            )
        }
    }
}

/// The dearest to keep at two places first.
fn shared_words(shared: &[&Common]) -> String {
    let mut shared = shared.to_vec();
    shared.sort_by(|one, two| two.share.total_cmp(&one.share));
    let name = |common: &&Common| format!("the {} {}", common.kind, common.name);
    let names: Vec<String> = shared.iter().take(NAMED).map(name).collect();
    match shared.len().saturating_sub(NAMED) {
        0 => list(&names),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Why one part moves before another.
pub(super) fn rule(left: &Left, parts: &Parts, rule: &Rule) -> String {
    let of = |part: usize| parts.all[part].id.as_str();
    match rule.why {
        Why::Link(at) => {
            let link = &left.links[at];
            let (from, to) = (&left.things[link.from].id, &left.things[link.to].id);
            format!("{from} {} {to}", link.how)
        }
        Why::Lock => format!("{} waits for it", of(rule.then)),
        Why::Batch => format!("{} and {} are one batch", of(rule.first), of(rule.then)),
    }
}

/// A way round: `a runs on b, which is found through a`.
pub(super) fn round(steps: &[(String, &str)]) -> String {
    let Some((first, how)) = steps.first() else {
        return String::new();
    };
    let mut text = format!("{first} {how}");
    for (name, how) in &steps[1..] {
        text += &format!(" {name}, which {how}");
    }
    text + &format!(" {first}")
}

/// A count of days: to a tenth, as few of them are exact.
pub(super) fn days(number: f64) -> String {
    let text = format!("{number:.1}");
    let short = text.strip_suffix(".0").unwrap_or(&text);
    if short == "-0" {
        "0".to_owned()
    } else {
        short.to_owned()
    }
}

/// A count of days with its noun.
pub(super) fn counted_days(number: f64) -> String {
    let text = days(number);
    let noun = if text == "1" { "day" } else { "days" };
    format!("{text} {noun}")
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", days(100.0 * share))
}

#[cfg(test)]
mod tests {
    use super::{counted_days, days, list, round};

    #[test]
    fn a_way_round_ends_where_it_began() {
        let steps = [("a".to_owned(), "calls"), ("b".to_owned(), "runs on")];
        assert_eq!(round(&steps), "a calls b, which runs on a");
        assert_eq!(round(&steps[..1]), "a calls a");
    }

    #[test]
    fn numbers_and_lists_read_as_people_write_them() {
        assert_eq!((days(2.04), days(2.06)), ("2".to_owned(), "2.1".to_owned()));
        assert_eq!(
            (days(-0.01), counted_days(1.0)),
            ("0".to_owned(), "1 day".to_owned())
        );
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&names), "a, b and c");
        assert_eq!(
            (list(&names[..2]), list(&names[..1])),
            ("a and b".to_owned(), "a".to_owned())
        );
    }
}
