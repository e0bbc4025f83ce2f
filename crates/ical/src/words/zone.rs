//! Zones as people write them.

use super::{Unclear, ZoneWords};
use crate::moment::Zone;

/// Words that mean the clocks of one zone, in summer and in winter.
const CLEAR: [(&str, &str); 24] = [
    ("utc", "UTC"),
    ("gmt", "UTC"),
    ("coordinated universal time", "UTC"),
    ("greenwich mean time", "UTC"),
    ("aoe", "Etc/GMT+12"),
    ("anywhere on earth", "Etc/GMT+12"),
    ("pt", "America/Los_Angeles"),
    ("pacific time", "America/Los_Angeles"),
    ("us pacific", "America/Los_Angeles"),
    ("mt", "America/Denver"),
    ("mountain time", "America/Denver"),
    ("ct", "America/Chicago"),
    ("us central", "America/Chicago"),
    ("et", "America/New_York"),
    ("eastern time", "America/New_York"),
    ("us eastern", "America/New_York"),
    ("uk time", "Europe/London"),
    ("poland", "Europe/Warsaw"),
    ("india standard time", "Asia/Kolkata"),
    ("japan standard time", "Asia/Tokyo"),
    ("jst", "Asia/Tokyo"),
    ("kst", "Asia/Seoul"),
    ("sgt", "Asia/Singapore"),
    ("nzt", "Pacific/Auckland"),
];

/// Words for the clocks of half a year that are used for the whole of it.
const HALF: [(&str, &str); 20] = [
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("mdt", "America/Denver"),
    ("mst", "America/Denver"),
    ("cdt", "America/Chicago"),
    ("est", "America/New_York"),
    ("edt", "America/New_York"),
    ("pacific standard time", "America/Los_Angeles"),
    ("eastern standard time", "America/New_York"),
    ("cet", "Europe/Berlin"),
    ("cest", "Europe/Berlin"),
    ("central european time", "Europe/Berlin"),
    ("central european summer time", "Europe/Berlin"),
    ("wet", "Europe/Lisbon"),
    ("west", "Europe/Lisbon"),
    ("eet", "Europe/Athens"),
    ("eest", "Europe/Athens"),
    ("aest", "Australia/Sydney"),
    ("aedt", "Australia/Sydney"),
    ("nzst", "Pacific/Auckland"),
];

/// Words that mean several.
const AMBIGUOUS: [(&str, &[&str]); 7] = [
    ("ist", &["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
    (
        "cst",
        &["America/Chicago", "Asia/Shanghai", "America/Havana"],
    ),
    ("central time", &["America/Chicago", "Australia/Adelaide"]),
    ("bst", &["Europe/London", "Asia/Dhaka"]),
    ("ast", &["America/Halifax", "Asia/Riyadh"]),
    ("gst", &["Asia/Dubai", "Atlantic/South_Georgia"]),
    ("sst", &["Asia/Singapore", "Pacific/Pago_Pago"]),
];

enum Meaning {
    Clear(Zone),
    Half(Zone),
    Several(Vec<String>),
    Unknown,
}

/// The zone that words mean: all of them, those in brackets too, must mean the same one.
pub(super) fn zone(
    text: &str,
    known: &ZoneWords,
    taken: &mut Vec<String>,
) -> Result<Zone, Unclear> {
    let written = text.trim();
    if let Some(zone) = known.get(&normal(written)) {
        return Ok(zone.clone());
    }
    let parts = written.split(['(', ')', ',']).map(normal);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let (mut clear, mut half) = (Vec::new(), Vec::new());
    let mut several = None;
    for part in &parts {
        match meaning(part, written, known) {
            Meaning::Clear(zone) => clear.push(zone),
            Meaning::Half(zone) => half.push(zone),
            Meaning::Several(zones) => several = Some(zones),
            Meaning::Unknown => return Err(Unclear::Zone(written.to_owned())),
        }
    }
    let by_convention = clear.is_empty();
    let all: Vec<Zone> = clear.into_iter().chain(half).collect();
    let first = match (all.first(), several) {
        (None, Some(may_be)) => {
            let written = written.to_owned();
            return Err(Unclear::AmbiguousZone { written, may_be });
        }
        (None, None) => return Err(Unclear::Zone(written.to_owned())),
        // What is ambiguous alone is not beside a word that is one of its meanings.
        (Some(first), Some(may_be)) if !may_be.iter().any(|name| name == first.name()) => {
            return Err(Unclear::Zone(written.to_owned()));
        }
        (Some(first), _) => first.clone(),
    };
    if all.iter().any(|zone| *zone != first) {
        let may_be = all.iter().map(|zone| zone.name().to_owned()).collect();
        let written = written.to_owned();
        return Err(Unclear::AmbiguousZone { written, may_be });
    }
    if by_convention {
        taken.push(format!(
            "\"{written}\" is taken for the clocks of {first}, in summer and in winter"
        ));
    }
    Ok(first)
}

fn meaning(part: &str, written: &str, known: &ZoneWords) -> Meaning {
    let find = |table: &[(&str, &str)]| {
        let found = table.iter().find(|(word, _)| *word == part);
        found.and_then(|(_, name)| Zone::new(name))
    };
    if let Some(zone) = known.get(part).cloned().or_else(|| find(&CLEAR)) {
        return Meaning::Clear(zone);
    }
    if let Some(zone) = find(&HALF) {
        return Meaning::Half(zone);
    }
    if let Some((_, names)) = AMBIGUOUS.iter().find(|(word, _)| *word == part) {
        return Meaning::Several(names.iter().map(ToString::to_string).collect());
    }
    // The database has countries and cities of its own, such as `Japan`.
    let named = offset(part)
        .or_else(|| Zone::new(part))
        .or_else(|| Zone::new(written));
    named.map_or(Meaning::Unknown, Meaning::Clear)
}

/// `utc+2`, `gmt -3`: whole hours, for which the database has zones with the signs turned round.
fn offset(part: &str) -> Option<Zone> {
    let rest = part
        .strip_prefix("utc")
        .or_else(|| part.strip_prefix("gmt"))?;
    let rest = rest.trim_start();
    let sign = match rest.chars().next()? {
        '+' => '-',
        '-' | '\u{2212}' => '+',
        _ => return None,
    };
    let hours = rest.trim_start_matches(['+', '-', '\u{2212}']).trim_start();
    let hours = hours.strip_suffix(":00").unwrap_or(hours);
    let hours: u8 = hours.parse().ok()?;
    match hours {
        0 => Some(Zone::utc()),
        _ => Zone::new(&format!("Etc/GMT{sign}{hours}")),
    }
}

/// In lower case, with single spaces.
pub(super) fn normal(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Unclear, Zone, ZoneWords, zone};

    #[test]
    fn a_zone_is_read_if_all_its_words_mean_the_same() {
        for (text, name, convention) in [
            ("PT (Pacific Time)", "America/Los_Angeles", false),
            ("Eastern Time (ET)", "America/New_York", false),
            ("EST (Eastern Time)", "America/New_York", false),
            ("EST", "America/New_York", true),
            ("CET (Central European Time)", "Europe/Berlin", true),
            ("utc", "UTC", false),
            ("UTC+2", "Etc/GMT-2", false),
            ("GMT -3", "Etc/GMT+3", false),
            ("Poland", "Europe/Warsaw", false),
            ("IST (India Standard Time)", "Asia/Kolkata", false),
            ("europe/berlin", "Europe/Berlin", false),
        ] {
            let mut taken = Vec::new();
            let found = zone(text, &ZoneWords::new(), &mut taken).unwrap();
            assert_eq!(
                (found.name(), taken.len()),
                (name, usize::from(convention)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_means_several_zones_or_none_is_named() {
        let of = |text: &str| zone(text, &ZoneWords::new(), &mut Vec::new());
        for text in ["IST", "PT (Eastern Time)", "BST", "CST"] {
            assert!(
                matches!(of(text), Err(Unclear::AmbiguousZone { .. })),
                "{text}"
            );
        }
        for text in ["", "here", "PT (west coast)", "UTC+5:30", "IST (Poland)"] {
            assert!(matches!(of(text), Err(Unclear::Zone(_))), "{text}");
        }
    }

    #[test]
    fn what_the_community_means_by_a_word_counts() {
        let known = ZoneWords::from([("ist".to_owned(), Zone::new("Asia/Kolkata").unwrap())]);
        let found = zone("IST", &known, &mut Vec::new()).unwrap();
        assert_eq!(found.name(), "Asia/Kolkata");
    }
}
