#![no_main]
//! Any text as `sigs.yaml`.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    commonhold_fuzz::adopt("sigs.yaml", "adopted/sigs.yaml", "adopted/sigs.yaml", input);
});
