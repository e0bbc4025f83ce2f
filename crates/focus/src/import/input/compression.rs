//! Unpacking what is packed, found out by its first bytes.

use std::io::{self, Read};

use super::source::Source;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Compression {
    Plain,
    Gzip,
    Zstd,
}

impl Compression {
    pub(in crate::import) fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// What it is called; nothing for what is not packed.
    pub(in crate::import) fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("Zstandard"),
        }
    }

    /// The bytes of the file, unpacked; of several packed parts, one after the other.
    pub(in crate::import) fn unpacked(self, source: Source) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Plain => Box::new(source),
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(source)),
            // The library's own bound on a window, 128 MB, keeps the memory of it in bounds.
            Self::Zstd => Box::new(zstd::Decoder::new(source)?),
        })
    }
}

/// What other formats say of themselves at their beginning, and what to do with them.
pub(in crate::import) fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let unpack = "unpack it, and import the files in it";
    let utf8 = "save it as UTF-8; a spreadsheet offers it as `CSV UTF-8`";
    Some(match head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => (
            "this is a ZIP archive or a spreadsheet",
            "unpack the archive, or save the spreadsheet as CSV",
        ),
        [b'B', b'Z', b'h', ..] => ("this is packed with bzip2", unpack),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => ("this is packed with xz", unpack),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("this text is UTF-16", utf8),
        [b'O', b'b', b'j', 1, ..] => ("this is Avro", "export it as Parquet, JSON or CSV"),
        [b'O', b'R', b'C', ..] => ("this is ORC", "export it as Parquet, JSON or CSV"),
        [b'%', b'P', b'D', b'F', ..] => ("this is a PDF", "fetch the bill as CSV or JSON"),
        _ => return None,
    })
}
