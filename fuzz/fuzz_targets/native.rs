#![no_main]
//! Any text as a file of each kind, as the root file and as the charter, with
//! any other files beside it: reading and checking never panic.

use commonhold_fuzz::{check, files, tree};
use estate::{KindId, counts, who_owns};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let mut files = files(input, "");
    let (_, text) = files.remove(0);
    let paths: Vec<String> = KindId::ALL
        .iter()
        .map(|kind| format!("{}/any.yaml", kind.folder()))
        .collect();
    let root = [
        ("commonhold.yaml", "commonhold: 1\nname: Fuzz\n"),
        ("charter.yaml", text),
    ];
    let each = paths.iter().map(|path| (path.as_str(), text));
    let all = root.into_iter().chain(each).chain(files.iter().copied());
    if let Some(estate) = check(&tree(all)) {
        assert!(!counts(&estate).is_empty());
        let _ = who_owns(&estate, "any");
    }
    check(&tree(files.into_iter().chain([("commonhold.yaml", text)])));
});
