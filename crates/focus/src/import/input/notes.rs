//! What was put right in a file while it was read.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

use base::Rounded;

/// What was put right: words by row, and what rounding took away.
///
/// A record is read through shared references, by several readers of its cells, hence the cells
/// here.
#[derive(Default)]
pub(in crate::import) struct Notes {
    /// Words in the order in which they first came; few, as they are written in the program.
    words: RefCell<Vec<(&'static str, u64)>>,
    /// Which of them hold for the present row, a bit each.
    row: Cell<u64>,
    /// The texts of the words of rows, which many rows share.
    texts: Texts,
    rounded: Cell<u64>,
    residue: Cell<i128>,
}

/// Texts by the words in them. They stay where they are, so that charges can borrow them.
#[derive(Default)]
struct Texts(OnceCell<Box<Text>>);

struct Text {
    mask: u64,
    words: String,
    more: Texts,
}

/// So many different texts are kept; files have a handful.
const TEXTS: usize = 64;

impl Notes {
    /// Notes a word for the present row.
    pub(in crate::import) fn mend(&self, word: &'static str) {
        let mut words = self.words.borrow_mut();
        let place = words
            .iter()
            .position(|(known, _)| *known == word)
            .unwrap_or_else(|| {
                words.push((word, 0));
                words.len() - 1
            });
        // There are fewer words in the program than bits; one beyond them would share the last.
        self.row.set(self.row.get() | 1 << place.min(63));
    }

    /// Notes what rounding a number took away.
    pub(in crate::import) fn round(&self, rounded: Rounded) {
        if rounded.exact {
            return;
        }
        self.mend("rounded");
        self.rounded.set(self.rounded.get() + 1);
        let residue = self.residue.get().saturating_add(rounded.residue);
        self.residue.set(residue);
    }

    /// The words of the present row, sorted, with spaces between.
    pub(in crate::import) fn text(&self) -> Cow<'_, str> {
        let mask = self.row.get();
        if mask == 0 {
            return Cow::Borrowed("");
        }
        let mut texts = &self.texts;
        for _ in 0..TEXTS {
            let text = texts.0.get_or_init(|| {
                Box::new(Text {
                    mask,
                    words: self.words_of(mask),
                    more: Texts::default(),
                })
            });
            if text.mask == mask {
                return Cow::Borrowed(&text.words);
            }
            texts = &text.more;
        }
        Cow::Owned(self.words_of(mask))
    }

    fn words_of(&self, mask: u64) -> String {
        let words = self.words.borrow();
        let mut texts: Vec<&str> = words
            .iter()
            .enumerate()
            .filter(|(place, _)| mask >> (*place).min(63) & 1 == 1)
            .map(|(_, (word, _))| *word)
            .collect();
        texts.sort_unstable();
        texts.join(" ")
    }

    /// Ends the present row.
    pub(in crate::import) fn next_row(&self) {
        let mask = self.row.replace(0);
        if mask == 0 {
            return;
        }
        for (place, (_, rows)) in self.words.borrow_mut().iter_mut().enumerate() {
            *rows += mask >> place.min(63) & 1;
        }
    }

    /// How many rows had each word.
    pub(in crate::import) fn by_word(&self) -> BTreeMap<&'static str, u64> {
        let words = self.words.borrow();
        words
            .iter()
            .copied()
            .filter(|(_, rows)| *rows > 0)
            .collect()
    }

    /// How many numbers were rounded, and what that took away in units of 10^-36.
    pub(in crate::import) fn rounded(&self) -> (u64, i128) {
        (self.rounded.get(), self.residue.get())
    }
}
