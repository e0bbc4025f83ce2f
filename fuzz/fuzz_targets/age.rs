#![no_main]
//! Any text as somebody's private contacts and as somebody's key, and any
//! header in sound armour.

use std::fmt::Write;

use commonhold_fuzz::{base64, check, tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (key, contacts) = input.split_once('\n').unwrap_or(("", input));
    for body in [contacts.to_owned(), base64(contacts.as_bytes())] {
        let armored =
            format!("-----BEGIN AGE ENCRYPTED FILE-----\n{body}\n-----END AGE ENCRYPTED FILE-----");
        let indented = armored.lines().collect::<Vec<_>>().join("\n  ");
        let ada = format!(
            "keys: [\"{}\"]\nprivate_contacts: |\n  {indented}\n",
            quoted(key)
        );
        check(&tree([
            ("commonhold.yaml", "commonhold: 1\nname: Fuzz\n"),
            ("charter.yaml", "private_contacts: {readable_by: readers}\n"),
            ("teams/readers.yaml", "members: [ada]\n"),
            ("people/ada.yaml", ada.as_str()),
        ]));
    }
});

/// Any text as YAML writes it in double quotes: `a` is `\U00000061`.
fn quoted(text: &str) -> String {
    text.chars().fold(String::new(), |mut quoted, c| {
        let _ = write!(quoted, "\\U{:08x}", u32::from(c));
        quoted
    })
}
