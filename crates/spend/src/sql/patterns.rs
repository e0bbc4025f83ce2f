//! Patterns as conditions.

/// Conditions on a text.
pub(super) mod matches {
    use super::like;
    use crate::scan;
    use crate::scan::Piece;
    use crate::settings::{Lookup, Pattern};
    use crate::sql::Dialect;

    /// That a filter's pattern fits it.
    pub(in crate::sql) fn filter(dialect: Dialect, text: &str, pattern: &scan::Pattern) -> String {
        match pattern.pieces() {
            Some(pieces) => like(dialect, text, &pieces),
            None => dialect.has(text, pattern.expression()),
        }
    }

    /// That a rule's pattern matches it.
    pub(in crate::sql) fn rule(dialect: Dialect, text: &str, pattern: &Pattern) -> String {
        if pattern.lookup() == Lookup::Any {
            return format!("{text} IS NOT NULL");
        }
        if pattern.is_expression() {
            return dialect.has(text, pattern.text());
        }
        let pieces = pattern.text().chars().map(|letter| match letter {
            '*' => Piece::Any,
            '?' => Piece::One,
            letter => Piece::Letter(letter),
        });
        like(dialect, text, &pieces.collect::<Vec<_>>())
    }
}

use super::Dialect;
use super::dialect::Escape;
use crate::scan::Piece;

/// Stands before a letter that `LIKE` would take for a wildcard; seldom in names.
const ESCAPE: char = '!';

/// That a text is like a pattern; where it has no wildcards, that it is that text.
fn like(dialect: Dialect, text: &str, pieces: &[Piece]) -> String {
    let letters: Option<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Letter(letter) => Some(*letter),
            Piece::One | Piece::Any => None,
        })
        .collect();
    if let Some(exact) = letters {
        return format!("{text} = {}", dialect.literal(&exact));
    }
    let (mark, clause) = match dialect.escape() {
        Escape::Clause => (ESCAPE, true),
        Escape::Backslash => ('\\', false),
    };
    let (mut pattern, mut escaped) = (String::new(), false);
    for piece in pieces {
        match piece {
            Piece::Any => pattern.push('%'),
            Piece::One => pattern.push('_'),
            Piece::Letter(letter) => {
                if *letter == mark || matches!(letter, '%' | '_') {
                    pattern.push(mark);
                    escaped = true;
                }
                pattern.push(*letter);
            }
        }
    }
    let pattern = dialect.literal(&pattern);
    // Spark takes a backslash for its own mark where no other is named.
    let named = clause && (escaped || dialect == Dialect::Spark);
    let clause = if named {
        format!(" ESCAPE '{ESCAPE}'")
    } else {
        String::new()
    };
    format!("{text} LIKE {pattern}{clause}")
}
