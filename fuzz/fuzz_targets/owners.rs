#![no_main]
//! Any files as a repository with `OWNERS`; then who owns any path.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (paths, files) = input.split_once("\n\n").unwrap_or(("", input));
    let Some(estate) = commonhold_fuzz::adopt("owners", "adopted", "adopted/OWNERS", files) else {
        return;
    };
    for path in paths.lines() {
        for tree in &estate.ownership {
            let resolution = tree.resolve(path);
            let broken = resolution.broken_at.is_some();
            assert!(!broken || resolution.approvers.is_empty());
            assert!(resolution.leaf_approvers.is_subset(&resolution.approvers));
        }
        let _ = estate::who_owns(&estate, path);
    }
});
