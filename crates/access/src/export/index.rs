//! The list of all files with their digests, and the check of files against it.

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The folder that all files are in; it names the version.
pub(super) const ROOT: &str = "v1";
/// The path of the index.
pub const INDEX: &str = "v1/index.json";
/// The version of all documents below [`ROOT`].
const VERSION: u32 = 1;

/// What an export is of, and what belongs to it.
#[derive(Serialize, Deserialize)]
pub(super) struct Index {
    version: u32,
    day: Date,
    commit: Option<String>,
    files: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
struct Listed {
    path: String,
    digest: Digest,
    /// In octets.
    size: u64,
}

pub(super) fn of(files: &BTreeMap<String, String>, day: Date, commit: Option<&str>) -> Index {
    let files = files.iter().map(|(path, text)| Listed {
        path: path.clone(),
        digest: Digest::of(text.as_bytes()),
        size: text.len() as u64,
    });
    Index {
        version: VERSION,
        day,
        commit: commit.map(str::to_owned),
        files: files.collect(),
    }
}

/// Checks the files of an export against the bytes of its index, which must be known to be genuine:
/// every file that it lists is there and as it was, and of those `present` (all paths that are
/// there, such as `v1/people.json`) none is beside them. Gives how many files were checked.
///
/// `files` gives what is in a file. It is asked only for paths that stay below the folder of
/// the export, whatever the index says.
///
/// # Errors
/// Everything that is wrong, each in a sentence.
pub fn verify(
    present: &BTreeSet<String>,
    files: &dyn Fn(&str) -> Option<Vec<u8>>,
    index: &[u8],
) -> Result<usize, Vec<String>> {
    let index: Index = serde_json::from_slice(index)
        .map_err(|error| vec![format!("{INDEX} is not the index of an export: {error}")])?;
    if index.version != VERSION {
        return Err(vec![format!(
            "{INDEX} is of version {}, and this program knows {VERSION}",
            index.version
        )]);
    }
    let mut wrong = Vec::new();
    let mut listed = BTreeSet::from([INDEX.to_owned()]);
    for file in &index.files {
        let shown = base::visible(&file.path);
        if !is_ours(&file.path) {
            wrong.push(format!("{shown} is listed, and no export has such a path"));
        } else if !listed.insert(file.path.clone()) {
            wrong.push(format!("{shown} is listed twice"));
        } else {
            match files(&file.path) {
                None => wrong.push(format!("{shown} is listed, and not there")),
                Some(bytes) if Digest::of(&bytes) != file.digest => {
                    wrong.push(format!("{shown} is not as it was when the index was made"));
                }
                Some(_) => {}
            }
        }
    }
    for path in present.difference(&listed) {
        let shown = base::visible(path);
        wrong.push(format!("{shown} is there, and not listed"));
    }
    if wrong.is_empty() {
        Ok(index.files.len())
    } else {
        Err(wrong)
    }
}

/// The files that an index lists, as far as an export can have them; none if it is no index.
pub fn listed(index: &[u8]) -> Option<Vec<String>> {
    let index: Index = serde_json::from_slice(index).ok()?;
    let paths = index.files.into_iter().map(|file| file.path);
    Some(paths.filter(|path| is_ours(path)).collect())
}

/// Whether an export can have a file of this path.
fn is_ours(path: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.~".contains(&byte);
    let sound = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    let Some(below) = path
        .strip_prefix(ROOT)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return false;
    };
    below.split('/').all(sound) && below.ends_with(".json")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made() -> (BTreeMap<String, String>, Vec<u8>) {
        let files = BTreeMap::from([
            ("v1/people.json".to_owned(), "{}\n".to_owned()),
            ("v1/people/a.json".to_owned(), "[]\n".to_owned()),
        ]);
        let day = jiff::civil::date(2026, 11, 21);
        let index = serde_json::to_vec(&of(&files, day, None)).unwrap();
        (files, index)
    }

    fn checked(files: &BTreeMap<String, String>, index: &[u8]) -> Result<usize, Vec<String>> {
        let present = files.keys().cloned().collect();
        let get = |path: &str| files.get(path).map(|text| text.clone().into_bytes());
        verify(&present, &get, index)
    }

    #[test]
    fn every_difference_is_told() {
        let (mut files, index) = made();
        assert_eq!(checked(&files, &index), Ok(2));
        files.insert("v1/people.json".to_owned(), "{} \n".to_owned());
        files.remove("v1/people/a.json");
        files.insert("v1/people/b.json".to_owned(), String::new());
        assert_eq!(
            checked(&files, &index).unwrap_err(),
            [
                "v1/people.json is not as it was when the index was made",
                "v1/people/a.json is listed, and not there",
                "v1/people/b.json is there, and not listed",
            ]
        );
    }

    #[test]
    fn no_index_leads_out_of_the_folder() {
        for path in [
            "../secret.json",
            "v1/../secret.json",
            "/v1/a.json",
            "v1//a.json",
            "v1/a",
            "v2/a.json",
            "v1/a/./b.json",
            "v1/a\\b.json",
            "v1/.json",
        ] {
            let text = format!(
                r#"{{"version":1,"day":"2026-11-21","commit":null,"files":[{{"path":{path:?},"digest":"{}","size":0}}]}}"#,
                Digest::of(b"")
            );
            let asked = |path: &str| -> Option<Vec<u8>> { panic!("asked for {path}") };
            let wrong = verify(&BTreeSet::new(), &asked, text.as_bytes()).unwrap_err();
            assert!(wrong[0].ends_with("no export has such a path"), "{wrong:?}");
        }
    }

    #[test]
    fn another_version_is_not_guessed_at() {
        let (files, index) = made();
        let text = String::from_utf8(index).unwrap();
        let later = text.replace("\"version\":1", "\"version\":2");
        assert!(checked(&files, later.as_bytes()).unwrap_err()[0].contains("version 2"));
        assert!(checked(&files, b"[]").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(verify(&BTreeSet::new(), &|_| None, &bytes).is_err());
        }
    }
}
