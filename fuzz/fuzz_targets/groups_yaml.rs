#![no_main]
//! Any files as a folder of `groups.yaml`.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    commonhold_fuzz::adopt("groups.yaml", "adopted", "adopted/groups.yaml", input);
});
