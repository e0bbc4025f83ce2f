//! Where a value of JSON ends, before it is read.

use std::ops::Range;

/// What a scanner has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The value ends before this byte.
    Whole(usize),
    /// A member of a known name is an array, which begins before this byte.
    Array(usize),
    /// There is no end yet.
    Part,
}

/// Looks for the end of an object. It goes on where it stopped when more of the same bytes are
/// there.
pub(super) struct Scanner {
    at: usize,
    depth: usize,
    /// Whether members that are arrays of records are looked for.
    watch: bool,
    text: Option<usize>,
    /// The last text at the first depth, and whether a colon follows it.
    name: Range<usize>,
    named: bool,
}

impl Scanner {
    /// For an object that is a record.
    pub(super) fn plain() -> Self {
        Self {
            at: 0,
            depth: 0,
            watch: false,
            text: None,
            name: 0..0,
            named: false,
        }
    }

    /// For an object that may hold an array of records.
    pub(super) fn before() -> Self {
        Self {
            watch: true,
            ..Self::plain()
        }
    }

    /// For the rest of an object behind such an array.
    pub(super) fn within() -> Self {
        Self {
            depth: 1,
            ..Self::before()
        }
    }

    /// Looks at the bytes from the beginning of the value up to where they are there.
    pub(super) fn scan(&mut self, bytes: &[u8], wrappers: &[&[u8]]) -> Extent {
        while let Some(byte) = bytes.get(self.at) {
            if let Some(from) = self.text {
                match byte {
                    // What is escaped may be a quote; its letter is passed with it.
                    b'\\' if self.at + 1 == bytes.len() => return Extent::Part,
                    b'\\' => self.at += 1,
                    b'"' => {
                        self.text = None;
                        if self.depth == 1 {
                            self.name = from..self.at;
                            self.named = false;
                        }
                    }
                    _ => {}
                }
                self.at += 1;
                continue;
            }
            self.at += 1;
            match byte {
                b'"' => self.text = Some(self.at),
                b':' => self.named = self.depth == 1,
                b',' if self.depth == 1 => self.named = false,
                b'[' if self.watch && self.is_wrapper(bytes, wrappers) => {
                    return Extent::Array(self.at);
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Extent::Whole(self.at);
                    }
                }
                _ => {}
            }
        }
        Extent::Part
    }

    fn is_wrapper(&self, bytes: &[u8], wrappers: &[&[u8]]) -> bool {
        let name = bytes.get(self.name.clone()).unwrap_or_default();
        self.depth == 1 && self.named && wrappers.contains(&name)
    }
}
