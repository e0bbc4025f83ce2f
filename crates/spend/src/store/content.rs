//! What charges say, as digests: of all of them together, and of each by what it is for.

use std::fmt;
use std::str::FromStr;

use focus::{Cell, Column, Row};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::snapshot::by_text;

/// The digest of a multiset of charges: the sum of the SHA-256 of each, modulo 2^256.
///
/// It does not depend on their order, on how they lie in files, or on the order of a file's
/// columns. Where a charge came from is not a part of it. It finds mistakes, not forgery: who can
/// make up any rows can make up some that have a given sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Content([u64; 4]);

impl Content {
    /// Adds other charges.
    pub fn add(&mut self, other: Self) {
        let mut carry = false;
        for (word, more) in self.0.iter_mut().zip(other.0) {
            let (sum, over) = word.overflowing_add(more);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            *word = sum;
            carry = over || again;
        }
    }

    fn of_one(digest: [u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(digest.chunks_exact(8)) {
            *word = bytes
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Self(words)
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .rev()
            .try_for_each(|word| write!(f, "{word:016x}"))
    }
}

impl FromStr for Content {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = [0; 4];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("a digest of content has 64 hexadecimal digits");
        }
        for (word, digits) in words.iter_mut().rev().zip(text.as_bytes().chunks_exact(16)) {
            let digits = str::from_utf8(digits).unwrap_or_default();
            *word = u64::from_str_radix(digits, 16).unwrap_or_default();
        }
        Ok(Self(words))
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer)
    }
}

/// Makes digests of the charges of one file.
#[derive(Debug)]
pub(crate) struct Digester {
    /// What stands before a cell: four bytes that are its column's by name, so that neither the
    /// order of columns nor a new one changes what was digested.
    tags: Vec<[u8; 4]>,
    /// Which of the file's own columns, in the order of their names, with their tags.
    extra: Vec<(usize, [u8; 4])>,
    bytes: Vec<u8>,
}

fn tag(name: &str) -> [u8; 4] {
    let digest = Sha256::digest(name.as_bytes());
    [digest[0], digest[1], digest[2], digest[3]]
}

impl Digester {
    pub(crate) fn new(extra: &[String]) -> Self {
        let mut order: Vec<usize> = (0..extra.len()).collect();
        order.sort_by_key(|place| &extra[*place]);
        Self {
            tags: Column::ALL
                .iter()
                .map(|column| tag(column.name()))
                .collect(),
            extra: order
                .into_iter()
                .map(|place| (place, tag(&extra[place])))
                .collect(),
            bytes: Vec::with_capacity(2048),
        }
    }

    /// The digest of what one charge says.
    pub(crate) fn digest(&mut self, row: &Row<'_>) -> Content {
        let bytes = &mut self.bytes;
        bytes.clear();
        for (column, tag) in Column::ALL.iter().zip(&self.tags) {
            match row.get(*column) {
                Cell::Null => {}
                Cell::Text(text) => put_text(bytes, *tag, text),
                Cell::Number(number) => {
                    bytes.extend_from_slice(tag);
                    bytes.extend_from_slice(&number.units().to_le_bytes());
                }
                Cell::Instant(instant) => {
                    bytes.extend_from_slice(tag);
                    bytes.extend_from_slice(&instant.as_microsecond().to_le_bytes());
                }
            }
        }
        for (place, tag) in &self.extra {
            match row.extra.get(*place) {
                Some(text) if !text.is_empty() => put_text(bytes, *tag, text),
                _ => {}
            }
        }
        Content::of_one(Sha256::digest(bytes).into())
    }
}

fn put_text(bytes: &mut Vec<u8>, tag: [u8; 4], text: &str) {
    bytes.extend_from_slice(&tag);
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_do_not_depend_on_order(digests: Vec<[u8; 32]>) {
            let sum = |digests: &[[u8; 32]]| {
                let mut sum = Content::default();
                for digest in digests {
                    sum.add(Content::of_one(*digest));
                }
                sum
            };
            let mut turned = digests.clone();
            turned.reverse();
            prop_assert_eq!(sum(&digests), sum(&turned));
            prop_assert_eq!(sum(&digests).to_string().parse(), Ok(sum(&digests)));
        }
    }

    #[test]
    fn sums_carry_over_all_words() {
        let mut sum = Content([u64::MAX, u64::MAX, u64::MAX, 0]);
        sum.add(Content([1, 0, 0, 0]));
        assert_eq!(sum, Content([0, 0, 0, 1]));
    }

    #[test]
    fn the_order_of_columns_and_where_a_charge_came_from_do_not_count() {
        let mut row = Row::default();
        row.set_text(Column::ServiceName, "Compute");
        row.extra = vec!["1".into(), "2".into()];
        let names = ["x_b".to_owned(), "x_a".to_owned()];
        let one = Digester::new(&names).digest(&row);
        row.extra.reverse();
        row.number = 7;
        row.mended = "date".into();
        let names = ["x_a".to_owned(), "x_b".to_owned()];
        assert_eq!(Digester::new(&names).digest(&row), one);
        row.extra.pop();
        assert_ne!(Digester::new(&names).digest(&row), one);
        let without = Digester::new(&names).digest(&row);
        row.extra.push("".into());
        assert_eq!(Digester::new(&names).digest(&row), without);
    }
}
