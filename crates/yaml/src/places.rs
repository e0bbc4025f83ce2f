//! Where the parser is, in bytes.

use base::{FileId, Span};
use saphyr_parser::Marker;

/// The parser counts characters; everybody else counts bytes.
pub(crate) struct Places {
    pub(crate) file: FileId,
    skipped: usize,
    bytes: Option<Vec<u32>>,
    len: usize,
}

impl Places {
    pub(crate) fn new(text: &str, file: FileId) -> Self {
        let body = without_bom(text);
        let bytes = (!body.is_ascii()).then(|| {
            body.char_indices()
                .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
                .collect()
        });
        Self {
            file,
            skipped: text.len() - body.len(),
            bytes,
            len: text.len(),
        }
    }

    pub(crate) fn byte(&self, marker: &Marker) -> usize {
        let index = marker.index();
        let at = match &self.bytes {
            None => index,
            Some(bytes) => bytes.get(index).map_or(self.len, |&at| at as usize),
        };
        (at + self.skipped).min(self.len)
    }

    pub(crate) fn span(&self, span: &saphyr_parser::Span) -> Span {
        Span::new(self.file, self.byte(&span.start), self.byte(&span.end))
    }
}

pub(crate) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
