//! Texts of files that may be gzipped.

use std::io::Read;

use estate::{Tree, Unreadable};
use flate2::read::GzDecoder;

/// What a gzipped file may hold; the reader of YAML takes no more.
const MOST: u64 = 16 << 20;

/// The text of a file.
pub(super) fn read(tree: &dyn Tree, path: &str) -> Result<String, Unreadable> {
    tree.read(path)
        .or_else(|refused| unzipped(tree, path, refused))
}

/// The texts of many files, in their order.
pub(super) fn read_all(tree: &dyn Tree, paths: &[String]) -> Vec<Result<String, Unreadable>> {
    let texts = tree.read_all(paths).into_iter().zip(paths);
    let text = |(text, path): (Result<String, Unreadable>, &String)| {
        text.or_else(|refused| unzipped(tree, path, refused))
    };
    texts.map(text).collect()
}

/// The text of a file that is no text as it stands.
fn unzipped(tree: &dyn Tree, path: &str, refused: Unreadable) -> Result<String, Unreadable> {
    if refused.missing {
        return Err(refused);
    }
    let bytes = tree.read_bytes(path)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(refused);
    }
    let mut text = String::new();
    let because = |reason: String| Unreadable {
        path: path.to_owned(),
        reason,
        missing: false,
    };
    let read = GzDecoder::new(bytes.as_slice())
        .take(MOST + 1)
        .read_to_string(&mut text);
    match read {
        Ok(size) if size as u64 > MOST => {
            Err(because(format!("gzipped, it holds more than {MOST} bytes")))
        }
        Ok(_) => Ok(text),
        Err(error) => Err(because(format!("it is gzipped, and not whole: {error}"))),
    }
}
