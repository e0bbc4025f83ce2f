//! Names of files for names of anything.

use base::Digest;

use super::index::ROOT;

/// The longest name that is written in full, in octets: file systems end at 255.
const LONGEST: usize = 180;

/// The path of the file of one item. Names have no case, so paths are in lower case.
pub(super) fn path(list: &str, name: &str) -> String {
    format!("{ROOT}/{list}/{}.json", file(name))
}

/// The path of the file of an item that is in another, for example in an organisation.
pub(super) fn path_in(list: &str, of: &str, name: &str) -> String {
    // A folder with a dot could meet the name of a file beside it.
    let folder = file(of).replace('.', "~2e");
    format!("{ROOT}/{list}/{folder}/{}.json", file(name))
}

/// A name that every file system and every URL can hold as it is: what is not a lower-case
/// letter, a digit, `-`, `_` or a dot that does not stand first is `~` and two digits for each octet.
fn file(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for (at, octet) in name.to_lowercase().bytes().enumerate() {
        match octet {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => text.push(char::from(octet)),
            b'.' if at > 0 => text.push('.'),
            _ => text += &format!("~{octet:02x}"),
        }
    }
    if text.len() > LONGEST {
        let start: String = text.chars().take(LONGEST - 16).collect();
        // No octet is written with a `x`, so it is nobody else's name.
        text = format!(
            "{start}~x{}",
            Digest::of(name.to_lowercase().as_bytes()).short()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder() {
        for (name, wanted) in [
            ("sig-apps", "sig-apps"),
            ("acme/team-apps", "acme~2fteam-apps"),
            ("x.io-Admins", "x.io-admins"),
            ("..", "~2e."),
            ("../../etc/passwd", "~2e.~2f..~2fetc~2fpasswd"),
            (".git", "~2egit"),
            ("a b~c%2f\\d", "a~20b~7ec~252f~5cd"),
            ("ł", "~c5~82"),
            ("", ""),
        ] {
            assert_eq!(file(name), wanted);
        }
        assert_eq!(path_in("teams", "x.json", "y"), "v1/teams/x~2ejson/y.json");
        assert!(file(&"ł".repeat(1_000)).len() <= LONGEST);
    }

    proptest! {
        #[test]
        fn two_names_have_two_files(names in prop::collection::btree_set("[a-b./~ł]{0,3}|[a-b]{179,182}", 0..8)) {
            let files: BTreeSet<_> = names.iter().map(|name| file(name)).collect();
            prop_assert_eq!(files.len(), names.len());
        }
    }
}
