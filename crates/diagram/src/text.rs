//! Text of drawings: how wide it is, shortening it, and escaping it for XML.

/// A conservative estimate of a character's width in the fonts that `system-ui` stands for, as a
/// share of the font size. Erring wide only costs a little room.
fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 0.44,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.98,
        'A'..='Z' | '&' | '#' | '+' | '=' | '<' | '>' | '~' => 0.76,
        '\0'..='\u{7f}' => 0.63,
        '\u{80}'..='\u{2ff}' => 0.70,
        // Combining marks take no room of their own.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{370}'..='\u{52f}' => 0.78,
        '\u{530}'..='\u{10ff}' => 0.95,
        '\u{2010}'..='\u{2027}' => 0.9,
        // Ideographs, emoji and everything else: a full square and a bit.
        _ => 1.1,
    }
}

/// The text's width at a font size.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// The text, or as much of it as fits with an ellipsis. Never splits a base character from its
/// combining marks.
pub fn fit(text: &str, size: f64, room: f64) -> String {
    let text = plain(text);
    if width(&text, size) <= room {
        return text;
    }
    let room = room - advance('\u{2026}') * size;
    let mut used = 0.0;
    let mut kept = String::new();
    for character in text.chars() {
        used += advance(character) * size;
        if used > room {
            break;
        }
        kept.push(character);
    }
    let mut kept = kept.trim_end().to_owned();
    kept.push('\u{2026}');
    kept
}

/// One line without control characters, which neither XML nor a label can hold, and without
/// marks that turn the direction of the text that follows.
pub(crate) fn plain(text: &str) -> String {
    let turns =
        |character: &char| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|character| !turns(character))
        .map(|character| {
            let line_end = matches!(character, '\u{2028}' | '\u{2029}');
            if character.is_control() || line_end {
                ' '
            } else {
                character
            }
        })
        .filter(|character| !matches!(character, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// Escaped for XML text and attribute values alike.
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
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

/// The address, if it is one that a drawing may lead to: relative, or of a harmless scheme.
pub(crate) fn harmless(link: &str) -> Option<&str> {
    let link = link.trim();
    let head = link.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = head.split_once(':').map(|(scheme, _)| scheme);
    let allowed = scheme.is_none_or(|scheme| {
        ["http", "https", "mailto"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
    });
    let clean = !link.is_empty() && !link.chars().any(char::is_control);
    (allowed && clean).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_stays_and_long_text_is_shortened() {
        assert_eq!(fit("dns", 13.0, 100.0), "dns");
        let short = fit(&"long ".repeat(50), 13.0, 100.0);
        assert!(short.ends_with('\u{2026}') && width(&short, 13.0) <= 100.0);
    }

    #[test]
    fn xml_is_escaped_and_control_characters_are_gone() {
        assert_eq!(xml("<a b='\"&\u{1}\n>"), "&lt;a b=&#39;&quot;&amp;  &gt;");
    }

    #[test]
    fn links_that_run_scripts_are_refused() {
        assert_eq!(
            harmless("services/dns.html#x:y"),
            Some("services/dns.html#x:y")
        );
        assert_eq!(harmless("https://example.org"), Some("https://example.org"));
        assert_eq!(harmless("javascript:alert(1)"), None);
        assert_eq!(harmless(" JaVaScRiPt:alert(1)"), None);
        assert_eq!(harmless("java\nscript:alert(1)"), None);
        assert_eq!(harmless("data:text/html,x"), None);
    }
}
