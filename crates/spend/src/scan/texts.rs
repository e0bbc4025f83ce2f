//! Texts as numbers while charges are read, each text kept once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Texts that are kept, by number; the empty one is 0.
#[derive(Debug)]
pub(super) struct Texts {
    all: String,
    /// Where each begins and ends.
    spans: Vec<(usize, usize)>,
    places: HashTable<u32>,
    state: DefaultHashBuilder,
}

/// The number of the empty text.
pub(super) const NONE: u32 = 0;
/// The number of an empty text that is not the same as none.
pub(super) const BLANK: u32 = 1;

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Self {
            all: String::new(),
            spans: Vec::new(),
            places: HashTable::new(),
            state: DefaultHashBuilder::default(),
        };
        texts.number("");
        // Nothing finds it by its text.
        texts.spans.push((0, 0));
        texts
    }
}

impl Texts {
    /// The number of a text, given to it now if it had none.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        let hash = self.state.hash_one(text);
        let (all, spans) = (&self.all, &self.spans);
        let of = |&at: &u32| {
            let (from, to) = spans[at as usize];
            &all[from..to]
        };
        if let Some(&known) = self.places.find(hash, |at| of(at) == text) {
            return known;
        }
        let number = u32::try_from(spans.len()).expect("fewer than 2^32 different texts");
        let state = &self.state;
        self.places
            .insert_unique(hash, number, |at| state.hash_one(of(at)));
        let from = self.all.len();
        self.all.push_str(text);
        self.spans.push((from, self.all.len()));
        number
    }

    /// A text by its number.
    pub(super) fn text(&self, number: u32) -> &str {
        let (from, to) = self.spans[number as usize];
        &self.all[from..to]
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number_and_the_empty_one_is_none() {
        let mut texts = Texts::default();
        let numbers: Vec<u32> = (0..1000).map(|i| texts.number(&format!("t{i}"))).collect();
        for (i, &number) in numbers.iter().enumerate() {
            assert_eq!(texts.text(number), format!("t{i}"));
            assert_eq!(texts.number(&format!("t{i}")), number);
        }
        assert_eq!((texts.number(""), texts.len()), (NONE, 1002));
    }
}
