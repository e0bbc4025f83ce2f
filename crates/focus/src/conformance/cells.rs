//! The values of one row, each number read at most once.

use base::Decimal;

/// The number of a cell, as far as it was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Read {
    #[default]
    NotYet,
    AsNone,
    As(Decimal),
}

/// A row as it stands in a file, null where nothing or a word for nothing stands.
pub(super) struct Cells<'a> {
    texts: &'a [Option<&'a str>],
    numbers: &'a mut [Read],
}

impl<'a> Cells<'a> {
    /// A row; `numbers` is as long, and is used again from row to row.
    pub(super) fn new(texts: &'a [Option<&'a str>], numbers: &'a mut [Read]) -> Self {
        numbers.fill(Read::NotYet);
        Self { texts, numbers }
    }

    /// What stands in a column, null if it is a word for null.
    pub(super) fn text(&self, at: usize) -> Option<&'a str> {
        self.raw(at).filter(|text| !is_placeholder(text))
    }

    /// What stands in a column.
    pub(super) fn raw(&self, at: usize) -> Option<&'a str> {
        self.texts
            .get(at)
            .copied()
            .flatten()
            .filter(|text| !text.is_empty())
    }

    /// The number in a column, if it is one.
    pub(super) fn number(&mut self, at: usize) -> Option<Decimal> {
        let text = self.text(at);
        let known = self.numbers.get_mut(at)?;
        match *known {
            Read::As(number) => Some(number),
            Read::AsNone => None,
            Read::NotYet => {
                let number = text.and_then(|text| Decimal::parse(text.as_bytes()).ok());
                let number = number.map(|parsed| parsed.value);
                *known = number.map_or(Read::AsNone, Read::As);
                number
            }
        }
    }
}

/// Words that some exports write where nothing is (Null Handling, §2.9 of FOCUS 1.2).
pub(super) fn is_placeholder(text: &str) -> bool {
    matches!(text, "NULL" | "null" | "(null)")
}
