//! Times of day.

use jiff::civil::Time;

/// Reads `9:00`, `09:30`, `14:30`, `2PM`, `9:30 am`, `noon`; no bare number, as
/// nobody knows which half of the day is meant.
pub(super) fn time(text: &str) -> Option<Time> {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "noon" => return Some(Time::constant(12, 0, 0, 0)),
        "midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let dotless = text.replace("a.m.", "am").replace("p.m.", "pm");
    let (clock, afternoon) = match (dotless.strip_suffix("am"), dotless.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(false)),
        (_, Some(clock)) => (clock, Some(true)),
        (None, None) => (dotless.as_str(), None),
    };
    let clock = clock.trim_end();
    let (hour, minute) = match clock.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return None,
        None if afternoon.is_some() => (number(clock)?, 0),
        None => return None,
    };
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn number(text: &str) -> Option<i8> {
    let digits = matches!(text.len(), 1 | 2) && text.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_of_day_is_read_if_it_can_be_one_only() {
        for (text, shown) in [
            ("9:00", "09:00:00"),
            (" 17:30 ", "17:30:00"),
            ("2PM", "14:00:00"),
            ("12 am", "00:00:00"),
            ("12:15 p.m.", "12:15:00"),
            ("noon", "12:00:00"),
        ] {
            assert_eq!(time(text).unwrap().to_string(), shown, "{text}");
        }
        for text in [
            "", "9", "24:00", "13PM", "0am", "9:5", "9:00 PT", "-1:00", "9:00:00",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
