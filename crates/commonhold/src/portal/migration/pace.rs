//! How a migration goes: what was left, what is, and where that leads.

use chart::{About, Burn, Chart, Mark, Point, Value as Figure};
use estate::Item;
use estate::kinds::Migration;
use jiff::civil::Date;
use migration::Standing;
use portal::model::{Mood, Page, Part};

use super::moves;
use crate::portal::shown::Known;

/// A pace that would take longer says nothing.
const FURTHEST_DAYS: i32 = 10 * 366;

/// What was left, what is, and where that leads at the pace so far.
pub(super) fn burndown(
    known: &Known,
    item: &Item<Migration>,
    standing: &Standing,
    page: &mut Page,
) {
    let counts = standing.counts();
    let listed = moves::past(&known.tree, &item.name, known.day);
    let begun = standing.started.filter(|day| *day < known.day);
    let (mut past, told) = match (listed.is_empty(), begun) {
        (false, _) => (
            listed,
            "Drawn from the versions of the list of what is left, as Git has them.",
        ),
        (true, Some(begun)) => (
            vec![(begun, counts.all())],
            "Between the day it began, when all of this was left, and now nothing is recorded: the line \
             between them is no measurement.",
        ),
        (true, None) => return,
    };
    past.push((known.day, counts.left()));
    let pace = pace(&past);
    page.heading("burndown", "How it goes");
    page.add(Part::Chart(Box::new(drawn(
        item.title(),
        &past,
        pace,
        standing.due,
    ))));
    page.say(told);
    match pace {
        _ if counts.left() == 0 => {}
        Some(end) if standing.due.is_some_and(|due| due < end) => {
            let text =
                format!("At the pace since then, nothing would be left on {end}, after it is due.");
            page.add(Part::Notice(Mood::Warn, text, None));
        }
        Some(end) => {
            page.say(format!(
                "At the pace since then, nothing would be left on {end}."
            ));
        }
        None => {
            page.say("At the pace since then it would never end.");
        }
    }
}

/// The day on which nothing is left, if it goes on as from the first day to the last.
fn pace(past: &[(Date, usize)]) -> Option<Date> {
    let ((first, then), (last, now)) = (past.first()?, past.last()?);
    let gone = then.checked_sub(*now).filter(|gone| *gone > 0)?;
    let days = i64::from((*last - *first).get_days());
    let [gone, now] = [gone, *now].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let ahead = days.checked_mul(now)?.checked_add(gone - 1)? / gone;
    let ahead = i32::try_from(ahead)
        .ok()
        .filter(|days| *days <= FURTHEST_DAYS)?;
    last.checked_add(jiff::Span::new().days(ahead)).ok()
}

fn drawn(title: &str, past: &[(Date, usize)], end: Option<Date>, due: Option<Date>) -> Chart {
    let first = past.first().map_or(Date::ZERO, |(day, _)| *day);
    let place = |day: Date| (day - first).get_days();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let mark = |day: Date, what: &str| Mark {
        day: place(day),
        label: day.to_string(),
        what: what.to_owned(),
    };
    let points = past.iter().map(|(day, left)| Point {
        day: place(*day),
        label: day.to_string(),
        left: Figure::new(number(*left), left.to_string()),
    });
    let burn = Burn {
        past: points.collect(),
        // The pace so far is no forecast, and has no band.
        ahead: Vec::new(),
        ends: [None, end.map(|end| mark(end, "done at this pace")), None],
        mark: due.map(|due| mark(due, "due")),
    };
    let about = About {
        id: "burndown",
        title: &format!("{title}: what is left"),
        desc: "",
        heading: "Day",
        axis: &|number| format!("{number:.0}"),
    };
    chart::burn_down(&about, &burn)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::pace;

    #[test]
    fn the_pace_so_far_says_when_nothing_is_left() {
        let past = [(date(2026, 1, 1), 100), (date(2026, 1, 11), 50)];
        assert_eq!(pace(&past), Some(date(2026, 1, 21)));
        let done = [(date(2026, 1, 1), 100), (date(2026, 1, 11), 0)];
        assert_eq!(pace(&done), Some(date(2026, 1, 11)));
    }

    #[test]
    fn what_does_not_get_less_never_ends() {
        let still = [(date(2026, 1, 1), 100), (date(2026, 1, 11), 100)];
        assert_eq!(pace(&still), None);
        let slow = [(date(2000, 1, 1), 100_000), (date(2026, 1, 11), 99_999)];
        assert_eq!(pace(&slow), None);
        assert_eq!(pace(&[]), None);
    }
}
