//! Text: how wide it is, shortening it, and escaping it for XML.

/// A generous estimate of a character's width in the fonts of systems, as a share of their size.
fn advance(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 0.44,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.98,
        'A'..='Z' | '&' | '#' | '+' | '=' | '<' | '>' | '~' => 0.76,
        '\0'..='\u{7f}' => 0.63,
        '\u{80}'..='\u{2ff}' => 0.7,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{370}'..='\u{52f}' => 0.78,
        '\u{530}'..='\u{10ff}' => 0.95,
        '\u{2010}'..='\u{2027}' => 0.9,
        _ => 1.1,
    }
}

/// How wide a text is at a size.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// As much of the text as fits, with an ellipsis where something is left out.
pub(crate) fn fit(text: &str, size: f64, room: f64) -> String {
    let text = plain(text);
    if width(&text, size) <= room {
        return text;
    }
    let room = room - advance('\u{2026}') * size;
    let mut used = 0.0;
    let fits = |letter: &char| {
        used += advance(*letter) * size;
        used <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}\u{2026}", kept.trim_end())
}

/// One line, without what XML cannot hold and without marks that turn the direction of the text
/// that follows.
fn plain(text: &str) -> String {
    let turns = |letter| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = |letter: &char| !turns(*letter) && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let shown = |letter: char| {
        if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            letter
        }
    };
    text.chars().filter(kept).map(shown).collect()
}

/// Escaped for the text and the attributes of XML and HTML alike.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in plain(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

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
