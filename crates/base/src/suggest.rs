//! "Did you mean ...?"

/// The candidate nearest to what was written, if it is near enough to be a slip:
/// the same but for case or separators, or within a third of its letters.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded = fold(written);
    let allowed = (folded.chars().count() / 3).clamp(1, 3);
    let letters = Letters::of(&folded);
    candidates
        .into_iter()
        .filter(|candidate| letters.may_become(candidate, allowed))
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&folded, &fold(candidate)),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            *distance <= allowed && *distance < candidate.chars().count()
        })
        .min_by(std::cmp::Ord::cmp)
        .map(|(_, candidate)| candidate)
}

/// A noun with its article: `a person`, `an account`.
pub fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A count with its noun: `1 person`, `2 people`.
pub fn counted(count: usize, one: &str, several: &str) -> String {
    match count {
        0 => format!("no {several}"),
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    }
}

/// A text with every control character made visible, so that it can neither move a
/// terminal's cursor nor begin a line that a CI system takes for a command.
pub fn visible(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let shown = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(shown).collect()
}

fn fold(text: &str) -> String {
    folded(text).collect()
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
}

/// How often each letter stands in a word. Most candidates lack too many of
/// them, and to see that is much cheaper than the distance itself.
struct Letters {
    counts: [u32; 32],
    length: usize,
}

impl Letters {
    fn of(folded: &str) -> Self {
        let mut counts = [0; 32];
        for c in folded.chars() {
            counts[c as usize % 32] += 1;
        }
        Self {
            counts,
            length: folded.chars().count(),
        }
    }

    /// Whether so few changes may make the candidate of the word.
    fn may_become(&self, candidate: &str, changes: usize) -> bool {
        if candidate.is_ascii() {
            let letters = candidate
                .bytes()
                .filter(|b| !matches!(b, b'-' | b'_' | b' '));
            self.allow(letters.map(|b| b.to_ascii_lowercase().into()), changes)
        } else {
            self.allow(folded(candidate), changes)
        }
    }

    fn allow(&self, letters: impl Iterator<Item = char>, changes: usize) -> bool {
        let mut left = self.counts;
        let (mut kept, mut added) = (0, 0);
        for c in letters {
            let count = &mut left[c as usize % 32];
            if *count > 0 {
                *count -= 1;
                kept += 1;
            } else {
                added += 1;
            }
            if added > changes {
                return false;
            }
        }
        self.length - kept <= changes
    }
}

#[cfg(test)]
mod tests {
    use super::{Letters, fold, nearest};

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let keys = ["owner", "staff", "on_call", "source"];
        assert_eq!(nearest("onwer", keys), Some("owner"));
        assert_eq!(nearest("onCall", keys), Some("on_call"));
        assert_eq!(nearest("sources", keys), Some("source"));
        assert_eq!(nearest("budget", keys), None);
        assert_eq!(nearest("x", keys), None);
    }

    #[test]
    fn no_candidate_near_enough_is_passed_over_for_its_letters() {
        let mut words = vec![String::new()];
        for at in 0..120 {
            let longer = ["a", "b", "É"].map(|letter| format!("{}{letter}", words[at]));
            words.extend(longer);
        }
        for (written, candidate) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            let distance = strsim::damerau_levenshtein(&fold(written), &fold(candidate));
            let letters = Letters::of(&fold(written));
            assert!(
                letters.may_become(candidate, distance),
                "{written} {candidate}"
            );
        }
    }

    #[test]
    fn ties_are_broken_by_the_alphabet() {
        assert_eq!(nearest("cat", ["car", "cab"]), Some("cab"));
    }
}
