//! Ids and coordinates; the text itself is drawn as in all drawings.

pub(crate) use diagram::text::{fit, width, xml};

/// What may stand in an `id`: other letters become hyphens.
pub(crate) fn id(text: &str) -> String {
    let letter = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => letter,
        _ => '-',
    };
    format!("ch-{}", text.chars().map(letter).collect::<String>())
}

/// A coordinate with at most one digit after the point, which is finer than anyone sees.
pub(crate) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if tenths % 10.0 == 0.0 {
        // Adding zero turns a negative zero into a plain one.
        format!("{:.0}", tenths / 10.0 + 0.0)
    } else {
        format!("{:.1}", tenths / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_have_no_negative_zero() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(-0.01), "0");
        assert_eq!(number(3.24), "3.2");
    }

    #[test]
    fn text_that_does_not_fit_ends_with_an_ellipsis() {
        assert_eq!(fit("storage", 10.0, 100.0), "storage");
        let short = fit("a very long name of a service", 10.0, 60.0);
        assert!(short.ends_with('\u{2026}') && width(&short, 10.0) <= 60.0);
    }

    #[test]
    fn nothing_in_a_text_becomes_markup_or_turns_the_line() {
        assert_eq!(
            xml("<a & \"b'\n\u{0}\u{202e}x>"),
            "&lt;a &amp; &quot;b&#39;  x&gt;"
        );
        assert_eq!(id("a b/ü"), "ch-a-b--");
    }
}
