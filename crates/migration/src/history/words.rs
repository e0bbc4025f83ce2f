//! Texts that come again and again, each kept once.

use std::collections::HashMap;
use std::sync::Arc;

/// A text, by its place among [`Words`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(u32);

/// The texts of a history: the same few thousand names stand in every version of its files.
#[derive(Debug, Default)]
pub struct Words {
    known: HashMap<Arc<str>, Word>,
    texts: Vec<Arc<str>>,
}

impl Words {
    /// The word for a text.
    pub fn of(&mut self, text: &str) -> Word {
        if let Some(word) = self.known.get(text) {
            return *word;
        }
        let kept: Arc<str> = Arc::from(text);
        // No history has four thousand million names; were it so, the last would share a word.
        let word = Word(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(Arc::clone(&kept));
        self.known.insert(kept, word);
        word
    }

    /// The text of a word; nothing for one of other words.
    pub fn text(&self, word: Word) -> &str {
        let at = usize::try_from(word.0).ok();
        at.and_then(|at| self.texts.get(at)).map_or("", |text| text)
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_text_is_one_word_and_comes_back_as_it_was() {
        let mut words = Words::default();
        let (one, two) = (words.of("one"), words.of("two"));
        assert_eq!(words.of("one"), one);
        assert_ne!(one, two);
        assert_eq!((words.text(one), words.text(two)), ("one", "two"));
    }
}
