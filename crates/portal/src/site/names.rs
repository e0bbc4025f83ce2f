//! Names of files for paths of pages, whose keys are whatever people called things. They are the
//! same on every file system and need no encoding in a link.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base::Digest;

/// The page of a folder, as web hosts know it.
pub(super) const INDEX: &str = "index.html";
/// How long a name may be, in bytes. File systems take 255, and a digest may follow.
const LONGEST: usize = 180;

/// The names that are given, no two of them the same where case is ignored.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The folders, by the path of the page in each.
    folders: BTreeMap<String, String>,
    /// All files and folders, in lower case.
    taken: BTreeSet<String>,
}

impl Names {
    /// The file of the page at a path: `services/dns/index.html`.
    pub(super) fn page(&mut self, path: &str) -> String {
        self.folder(path.strip_prefix('/').unwrap_or(path)) + INDEX
    }

    /// The file of what is at a path and is no page: `calendar.ics`.
    pub(super) fn file(&mut self, path: &str) -> String {
        let path = path.strip_prefix('/').unwrap_or(path);
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folder(above);
        let end = |end: &&str| {
            (1..=8).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match name.rsplit_once('.').filter(|(_, last)| end(last)) {
            Some((stem, end)) => self.take(&folder, path, stem, &format!(".{end}")),
            None => self.take(&folder, path, name, ""),
        }
    }

    /// The folder of a path, with a slash at its end; empty for that of the site.
    fn folder(&mut self, path: &str) -> String {
        if let Some(known) = self.folders.get(path) {
            return known.clone();
        }
        let folder = if path.is_empty() {
            String::new()
        } else {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            let above = self.folder(above);
            self.take(&above, path, name, "") + "/"
        };
        // Nothing else may be called what its page is.
        self.taken
            .insert(format!("{folder}{INDEX}").to_ascii_lowercase());
        self.folders.insert(path.to_owned(), folder.clone());
        folder
    }

    /// A name in a folder that nothing has yet; a digest of the path tells it from what is called alike.
    fn take(&mut self, folder: &str, path: &str, name: &str, end: &str) -> String {
        let safe = safe(name);
        let mut taken = format!("{folder}{safe}{end}");
        let mut again = 0_u64;
        while !self.taken.insert(taken.to_ascii_lowercase()) {
            let digest = Digest::of(format!("{again} {path}").as_bytes()).short();
            taken = format!("{folder}{safe}~{digest}{end}");
            again += 1;
        }
        taken
    }
}

/// A name of letters, digits and a few signs. Every other byte becomes `~` and its two digits.
pub(super) fn safe(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        let is_end = at == 0 || at + 1 == name.len();
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'@' | b'+' | b',' | b'=' => {
                text.push(char::from(byte));
            }
            // At the front it hides a file or climbs; at the end Windows drops it.
            b'.' if !is_end => text.push('.'),
            _ => {
                let _ = write!(text, "~{byte:02x}");
            }
        }
    }
    if text.is_empty() || is_device(&text) {
        text.push('~');
    }
    if text.len() > LONGEST {
        text.truncate(LONGEST);
        let digest = Digest::of(name.as_bytes()).short();
        let _ = write!(text, "~{digest}");
    }
    text
}

/// Whether Windows takes it for a device, whatever its end.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" => true,
        stem => {
            let number = stem
                .strip_prefix("com")
                .or_else(|| stem.strip_prefix("lpt"));
            number.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_paths_keep_their_names() {
        let mut names = Names::default();
        assert_eq!(names.page("/"), "index.html");
        assert_eq!(names.page("/services"), "services/index.html");
        assert_eq!(names.page("/services/dns"), "services/dns/index.html");
        assert_eq!(names.file("/services/dns.json"), "services/dns.json");
        assert_eq!(names.file("/calendar.ics"), "calendar.ics");
    }

    #[test]
    fn what_is_odd_in_a_key_is_written_in_digits() {
        let mut names = Names::default();
        assert_eq!(names.page("/a/../b"), "a/~2e~2e/b/index.html");
        assert_eq!(names.page("/a/c:\\d"), "a/c~3a~5cd/index.html");
        assert_eq!(names.page("/a/.git"), "a/~2egit/index.html");
        assert_eq!(names.page("/a/50%"), "a/50~25/index.html");
        assert_eq!(names.page("/a/nul.txt"), "a/nul.txt~/index.html");
    }

    #[test]
    fn what_differs_in_case_only_is_told_apart() {
        let mut names = Names::default();
        let one = names.page("/people/Ada");
        let other = names.page("/people/ada");
        assert_eq!(one, "people/Ada/index.html");
        assert!(other.starts_with("people/ada~"), "{other}");
        // What is below each stays with it.
        assert!(
            names
                .file("/people/ada/key.txt")
                .starts_with(other.trim_end_matches(INDEX))
        );
    }

    #[test]
    fn a_page_that_is_called_like_a_file_does_not_take_its_place() {
        let mut names = Names::default();
        let page = names.page("/services/index.html");
        assert!(page.starts_with("services/index.html~"), "{page}");
        assert_eq!(names.page("/services"), "services/index.html");
        assert_eq!(names.file("/services/a"), "services/a");
        assert!(names.page("/services/a").starts_with("services/a~"));
    }

    proptest! {
        #[test]
        fn no_two_paths_share_a_file(paths in prop::collection::btree_set("(/[aA.~é\\\\ b]{0,3}){1,3}", 1..12)) {
            let mut names = Names::default();
            let mut all = BTreeSet::new();
            let mut folders = BTreeSet::new();
            for path in &paths {
                for file in [names.page(path), names.file(&format!("{path}.json"))] {
                    let file = file.to_ascii_lowercase();
                    let above = file.match_indices('/').map(|(at, _)| file[..at].to_owned());
                    folders.extend(above);
                    prop_assert!(all.insert(file.clone()), "{}", file);
                }
            }
            prop_assert!(all.is_disjoint(&folders));
        }

        #[test]
        fn a_name_is_safe_whatever_the_key(key in "\\PC{0,300}") {
            let name = safe(&key);
            prop_assert!(!name.is_empty() && name.len() <= 200);
            prop_assert!(!name.starts_with('.') && !name.ends_with('.'));
            prop_assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_@+,=.~".contains(&byte)));
        }
    }
}
