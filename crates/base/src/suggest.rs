//! "Did you mean ...?"

/// The candidate nearest to what was written, if it is near enough to be a slip:
/// the same but for case or separators, or within a third of its letters.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let folded = fold(written);
    let allowed = (folded.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
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

fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
    fn ties_are_broken_by_the_alphabet() {
        assert_eq!(nearest("cat", ["car", "cab"]), Some("cab"));
    }
}
