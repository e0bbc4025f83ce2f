//! Drawings that were made, so that a page which is asked for again is not drawn again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that are kept; beyond them all are forgotten and made again when they are asked for.
const MOST: usize = 32 * 1024 * 1024;

/// The drawings of one state, by what they show.
#[derive(Default)]
pub(crate) struct Drawings {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    drawings: HashMap<String, Arc<str>>,
    bytes: usize,
}

impl Drawings {
    /// The drawing of a name. Two who ask at once may both draw it: the drawings are the same.
    pub(crate) fn get(&self, name: &str, draw: impl FnOnce() -> String) -> String {
        let known = |kept: &Kept| kept.drawings.get(name).map(|svg| svg.as_ref().to_owned());
        let held = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(svg) = known(&held) {
            return svg;
        }
        // Others need not wait while this one is drawn.
        drop(held);
        let svg = draw();
        let mut held = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if held.bytes + svg.len() > MOST {
            *held = Kept::default();
        }
        held.bytes += svg.len();
        held.drawings.insert(name.to_owned(), svg.as_str().into());
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawings, MOST};

    #[test]
    fn a_drawing_is_made_once_and_room_is_made_for_others() {
        let drawings = Drawings::default();
        assert_eq!(drawings.get("a", || "one".to_owned()), "one");
        assert_eq!(drawings.get("a", || panic!("drawn again")), "one");
        drawings.get("b", || " ".repeat(MOST));
        assert_eq!(drawings.get("a", || "anew".to_owned()), "anew");
    }
}
