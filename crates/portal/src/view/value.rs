//! What stands in a cell.

use base::Decimal;
use document::{Money, amount};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::scene::{Scene, shown};
use crate::model::{Audience, Cell, ColumnKind, Link, Mood, Value, grouped};

/// The sign of a mood. A word always stands beside it.
pub(super) fn sign(mood: Mood) -> &'static str {
    match mood {
        Mood::Good => "\u{2713}",
        Mood::Plain => "\u{2022}",
        Mood::Waiting => "\u{25d0}",
        Mood::Warn => "\u{25b2}",
        Mood::Bad => "\u{2715}",
        Mood::Quiet => "\u{25cb}",
    }
}

/// A word with its sign.
pub(super) fn state(mood: Mood, word: &str) -> Markup {
    html! {
        span class={ "st " (mood.word()) } {
            span aria-hidden="true" { (sign(mood)) }
            span { (shown(word)) }
        }
    }
}

/// A cell, of which the reader may see everything.
pub(super) fn cell(scene: &Scene<'_>, cell: &Cell) -> Markup {
    let to = cell.to.as_deref().and_then(|to| scene.href(to));
    let value = value(scene, &cell.value);
    html! {
        @match to {
            Some(to) => a href=(to) { (value) },
            None => (value),
        }
        @if cell.audience != Audience::Everybody { " " (lock(&cell.audience)) }
    }
}

/// Says that something is not for everybody.
pub(super) fn lock(audience: &Audience) -> Markup {
    let says = match audience {
        Audience::Everybody => return html! {},
        Audience::Private(_) => "not public",
        Audience::Person(_) => "only for you",
        Audience::SignedIn => "not public",
    };
    html! { span.lock { "(" (says) ")" } }
}

fn value(scene: &Scene<'_>, value: &Value) -> Markup {
    html! {
        @match value {
            Value::None => {},
            Value::Text(text) => (shown(text)),
            Value::Number(number) => (grouped(&number.to_string())),
            Value::Decimal(number) => (grouped(&number.to_string())),
            Value::Money(amount, currency) => (Money::new(*amount, *currency)),
            Value::Share(share) => (percent(*share)),
            Value::Day(date) => (day(*date)),
            Value::Instant(at) => (instant(*at)),
            Value::Truth(truth) => (if *truth { "yes" } else { "no" }),
            Value::State(mood, word) => (state(*mood, word)),
            Value::Links(links) => (self::links(scene, links)),
            Value::Code(text) => code { (shown(text)) },
            Value::Private => span.private { "private" },
        }
    }
}

/// Several words with commas between them; a line each where they have commas themselves.
pub(super) fn links(scene: &Scene<'_>, links: &[Link]) -> Markup {
    let have_commas = links.iter().any(|link| link.text.contains(", "));
    html! {
        @for (at, one) in links.iter().enumerate() {
            @if at > 0 {
                @if have_commas { "; " br; } @else { ", " }
            }
            (link(scene, one))
        }
    }
}

/// Words that may lead somewhere.
pub(super) fn link(scene: &Scene<'_>, link: &Link) -> Markup {
    html! {
        @match link.to.as_deref().and_then(|to| scene.href(to)) {
            Some(to) => a href=(to) { (shown(&link.text)) },
            None => bdi { (shown(&link.text)) },
        }
    }
}

/// A share of one in per cent; whole per cents have no digit after the point.
fn percent(share: Decimal) -> String {
    let text = amount::percent(share);
    text.replace(".0\u{a0}", "\u{a0}")
}

/// A day, `15 Jan 2021`.
pub(super) fn day(date: Date) -> Markup {
    html! { time datetime=(date) { (said(date)) } }
}

fn said(date: Date) -> String {
    date.strftime("%-d\u{a0}%b\u{a0}%Y").to_string()
}

/// An instant, `15 Jan 2021, 14:03 UTC`.
pub(super) fn instant(at: Timestamp) -> Markup {
    html! { time datetime=(seconds(at)) { (said_at(at)) } }
}

/// An instant in words.
pub(super) fn said_at(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::UTC);
    format!("{}, {}", said(at.date()), at.strftime("%H:%M\u{a0}UTC"))
}

fn seconds(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second())
        .unwrap_or(at)
        .to_string()
}

/// How a column stands: numbers to the right, days and states in one line.
pub(super) fn class(kind: ColumnKind) -> Option<&'static str> {
    match kind {
        ColumnKind::Number | ColumnKind::Decimal | ColumnKind::Money | ColumnKind::Share => {
            Some("n")
        }
        ColumnKind::Day | ColumnKind::Instant => Some("d"),
        ColumnKind::State => Some("s"),
        ColumnKind::Text | ColumnKind::Truth | ColumnKind::List => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_said_in_utc_and_to_the_second_for_programs() {
        let at: Timestamp = "2021-01-15T14:03:09.25Z".parse().unwrap();
        assert_eq!(
            instant(at).into_string(),
            "<time datetime=\"2021-01-15T14:03:09Z\">15\u{a0}Jan\u{a0}2021, 14:03\u{a0}UTC</time>"
        );
    }

    #[test]
    fn whole_per_cents_have_no_point() {
        let share = |text: &str| percent(text.parse().unwrap());
        assert_eq!(share("0.5"), "50\u{a0}%");
        assert_eq!(share("0.474"), "47.4\u{a0}%");
    }
}
