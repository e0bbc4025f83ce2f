//! A key is called otherwise.

use super::page::{Form, Page, Splice};
use super::written::{Quotes, scalar};
use super::{CannotEdit, Step};
use crate::{Reading, Value};

/// The splice that gives a key another name.
pub(super) fn splice(page: &Page<'_>, path: &[Step], name: &str) -> Result<Splice, CannotEdit> {
    let Some(key) = page.key(path) else {
        return Err(page.refuse(0, "there is no such key"));
    };
    let (start, end) = (key.span.start as usize, key.span.end as usize);
    let above = path.split_last().and_then(|(_, above)| page.node(above));
    if above.is_some_and(|mapping| mapping.get(name).is_some()) {
        return Err(page.refuse(start, format!("`{name}` is there already")));
    }
    let written = page.text.get(start..end).unwrap_or("\n");
    if !matches!(key.value, Value::Scalar { .. }) || written.contains('\n') {
        return Err(page.refuse(start, "the key is more than a word on one line"));
    }
    Ok(Splice::new(start, end, scalar(name, Quotes::of(written))))
}

impl Form {
    /// The same with another name for a key.
    pub(super) fn with_name(mut self, path: &[Step], name: &str) -> Option<Self> {
        let (Step::Key(old), above) = path.split_last()? else {
            return None;
        };
        let map = above.iter().try_fold(&mut self, Self::child)?;
        let Self::Map(entries) = map else {
            return None;
        };
        let at = Self::named(entries, old)?;
        entries.get_mut(at)?.0 = Self::Scalar(name.to_owned(), Reading::Text);
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{keys, rename_key};

    #[test]
    fn a_key_keeps_its_place_its_value_and_its_quotes() {
        let text = "a: 1 # one\n\"b\": # two\n  - x\nc: 3\n";
        let renamed = rename_key(text, &keys(["b"]), "d");
        assert_eq!(renamed.unwrap(), "a: 1 # one\n\"d\": # two\n  - x\nc: 3\n");
        let in_braces = rename_key("a: {b: 1, c: 2}\n", &keys(["a", "c"]), "d");
        assert_eq!(in_braces.unwrap(), "a: {b: 1, d: 2}\n");
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let taken = rename_key("a: 1\nb: 2\n", &keys(["a"]), "b");
        assert_eq!(taken.unwrap_err().why, "`b` is there already");
        assert!(rename_key("a: 1\n", &keys(["z"]), "b").is_err());
    }
}
