//! The words in which people say how often.

use jiff::civil::Weekday;

use crate::rule::Frequency;

/// A word by its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Rate(Frequency, u32),
    /// Every two weeks for most, twice a week for some.
    Biweekly,
    Every,
    Other,
    Unit(Frequency),
    /// The days from Monday to Friday.
    Weekday,
    Day(Weekday),
    /// First is 1, last is -1.
    Place(i8),
    Number(u32),
    Month(i8),
    /// `starting`, `since`.
    Start,
    /// `alternating`, `interleaved`.
    Alternating,
    /// Says nothing by itself.
    Filler,
    /// Changes when it is, in a way that no rule here says.
    Exception,
    Unknown,
    /// Between two parts of a sentence.
    Break,
}

/// A word or break, with its place in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) meaning: Meaning,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words of a text. Hyphens within words are passed over, so that `bi-weekly` is `biweekly`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let in_word = |c: char| c.is_alphanumeric() || c == '-' || c == '\'';
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if !in_word(c) {
            if matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '/' | '|' | '\n') {
                tokens.push(Token {
                    meaning: Meaning::Break,
                    start,
                    end,
                });
            } else if !(c.is_whitespace() || matches!(c, '.' | ':' | '&' | '#' | '*' | '_')) {
                tokens.push(Token {
                    meaning: Meaning::Unknown,
                    start,
                    end,
                });
            }
            continue;
        }
        while let Some((at, next)) = chars.next_if(|(_, next)| in_word(*next)) {
            end = at + next.len_utf8();
        }
        let word: String = text[start..end]
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let meaning = if text[start..end].chars().all(|c| c == '-') {
            Meaning::Break
        } else if text[start..end].is_ascii() {
            meaning(&word.to_ascii_lowercase())
        } else {
            Meaning::Unknown
        };
        tokens.push(Token {
            meaning,
            start,
            end,
        });
    }
    tokens
}

fn meaning(word: &str) -> Meaning {
    use Frequency::{Daily, Monthly, Weekly, Yearly};
    match word {
        "daily" => Meaning::Rate(Daily, 1),
        "weekly" => Meaning::Rate(Weekly, 1),
        "biweekly" => Meaning::Biweekly,
        "fortnightly" => Meaning::Rate(Weekly, 2),
        "monthly" => Meaning::Rate(Monthly, 1),
        "quarterly" => Meaning::Rate(Monthly, 3),
        "yearly" | "annually" => Meaning::Rate(Yearly, 1),
        "every" | "each" => Meaning::Every,
        "other" | "alternate" => Meaning::Other,
        "day" | "days" => Meaning::Unit(Daily),
        "week" | "weeks" => Meaning::Unit(Weekly),
        "month" | "months" => Meaning::Unit(Monthly),
        "year" | "years" => Meaning::Unit(Yearly),
        "weekday" | "weekdays" => Meaning::Weekday,
        "starting" | "start" | "starts" | "since" | "from" | "beginning" => Meaning::Start,
        "alternating" | "alternates" | "interleaved" | "interleaving" => Meaning::Alternating,
        "the" | "of" | "on" | "in" | "at" | "a" | "an" | "and" | "date" | "with" | "to" => {
            Meaning::Filler
        }
        "after" | "before" | "except" | "excluding" | "until" | "till" | "but" | "not" | "no"
        | "or" | "odd" | "even" | "twice" | "thrice" | "once" | "times" | "semiweekly"
        | "semimonthly" | "bimonthly" | "needed" | "adhoc" | "tbd" | "tba" | "varies"
        | "varying" | "skip" | "skipped" | "cancelled" | "canceled" | "paused" | "fortnight"
        | "quarter" | "usually" | "sometimes" => Meaning::Exception,
        _ => weekday(word)
            .map(Meaning::Day)
            .or_else(|| place(word).map(Meaning::Place))
            .or_else(|| month(word).map(Meaning::Month))
            .or_else(|| number(word).map(Meaning::Number))
            .unwrap_or(Meaning::Unknown),
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mondays" | "mon" => Weekday::Monday,
        "tuesday" | "tuesdays" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wednesdays" | "wed" => Weekday::Wednesday,
        "thursday" | "thursdays" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fridays" | "fri" => Weekday::Friday,
        "saturday" | "saturdays" | "sat" => Weekday::Saturday,
        "sunday" | "sundays" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// `third`, `3rd`, `last`; `11th` too, for dates.
fn place(word: &str) -> Option<i8> {
    const WORDS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
    if word == "last" {
        return Some(-1);
    }
    if let Some(at) = WORDS.iter().position(|known| *known == word) {
        return i8::try_from(at + 1).ok();
    }
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end))?;
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn month(word: &str) -> Option<i8> {
    const WORDS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let short = |known: &str| word == known || word.len() == 3 && known.starts_with(word);
    let at = WORDS
        .iter()
        .position(|known| short(known) || word == "sept" && *known == "september")?;
    i8::try_from(at + 1).ok()
}

fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 8] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight",
    ];
    let at = WORDS.iter().position(|known| *known == word);
    at.and_then(|at| u32::try_from(at + 1).ok())
        .or_else(|| word.parse().ok().filter(|number| *number < 10_000))
}
