//! The pages of rules are Markdown of a few forms: paragraphs, lists, headings, tables, blocks of code.

use portal::model::Part;

/// The paragraphs and blocks of a text. Headings and tables are left out: what they hold is shown
/// from where it comes from.
pub(super) fn parts(markdown: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut code = false;
    for line in markdown.lines() {
        let fence = line.trim_start().starts_with("```");
        let between = !code && line.trim().is_empty();
        if fence || between {
            flush(&mut parts, &mut lines, code);
            code ^= fence;
        } else {
            lines.push(line);
        }
    }
    flush(&mut parts, &mut lines, code);
    parts
}

fn flush(parts: &mut Vec<Part>, lines: &mut Vec<&str>, code: bool) {
    let first = lines.first().map_or("", |line| line.trim_start());
    let skipped = !code && (first.starts_with('#') || first.starts_with('|'));
    if !lines.is_empty() && !skipped {
        parts.push(if code {
            Part::Command {
                about: String::new(),
                text: lines.join("\n"),
            }
        } else {
            Part::Text(plain(&lines.join(" ")))
        });
    }
    lines.clear();
}

/// A text without the signs of Markdown: what is marked as code stands in quotation marks.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut open = false;
    for c in text.chars() {
        if c == '`' {
            plain.push(if open { '”' } else { '“' });
            open = !open;
        } else {
            plain.push(c);
        }
    }
    plain.replace("**", "")
}

/// A message as a sentence begins: in upper case, unless it begins with a name.
pub(super) fn capital(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let name = first.contains(['`', '/', '.', '_', '"', '@']);
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if !name => plain(&format!("{}{}", letter.to_uppercase(), letters.as_str())),
        _ => plain(text),
    }
}

#[cfg(test)]
mod tests {
    use portal::model::Part;

    use super::{capital, parts};

    #[test]
    fn a_page_is_paragraphs_and_blocks() {
        let text = "# id\n\nWrite `a`\nor b.\n\n| x |\n| --- |\n\n```yaml\na: 1\n\nb: 2\n```\nEnd.";
        let said: Vec<String> = parts(text)
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => format!("text {text}"),
                Part::Command { text, .. } => format!("code {text}"),
                other => format!("{other:?}"),
            })
            .collect();
        // An empty line within a block is part of it.
        assert_eq!(
            said,
            ["text Write “a” or b.", "code a: 1\n\nb: 2", "text End."]
        );
    }

    #[test]
    fn no_page_of_a_finding_makes_an_empty_text() {
        for code in crate::pages::codes() {
            assert!(!parts(code.page).is_empty(), "{}", code.id);
        }
    }

    #[test]
    fn names_keep_their_case_at_the_beginning_of_a_sentence() {
        assert_eq!(capital("nobody owns `a`"), "Nobody owns “a”");
        assert_eq!(
            capital("service/mail has no owner"),
            "service/mail has no owner"
        );
        assert_eq!(capital("`a` is unknown"), "“a” is unknown");
        assert_eq!(capital(""), "");
    }
}
