//! Writing lists of what may only become less, once they became smaller.

use std::fs;
use std::path::Path;

use policy::Shrunk;

use crate::files;

/// Writes lists that became smaller: each whole or not at all, and only over the text that it was
/// made from. Gives what is said of it, and the lists that could not be written.
pub(crate) fn write(shrunk: Vec<Shrunk>, root: &Path) -> (String, Vec<Shrunk>) {
    let (mut said, mut unwritten) = (String::new(), Vec::new());
    for list in shrunk {
        let path = root.join(&list.path);
        let written = match fs::read_to_string(&path) {
            Ok(now) if now == list.before => files::replace(&path, &list.text),
            Ok(_) => Err(std::io::Error::other("somebody else wrote to it meanwhile")),
            Err(error) => Err(error),
        };
        match written {
            Ok(()) => {
                let gone = list.gone.len();
                said += &format!("{}: {gone} fewer, {} left\n", list.path, list.left);
            }
            Err(error) => {
                said += &format!("warning: {} cannot be written: {error}\n", list.path);
                unwritten.push(list);
            }
        }
    }
    (said, unwritten)
}
