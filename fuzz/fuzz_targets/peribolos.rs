#![no_main]
//! Any files as a folder of peribolos, and any text as its one file.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    commonhold_fuzz::adopt("peribolos", "adopted", "adopted/org/org.yaml", input);
    commonhold_fuzz::adopt("peribolos", "org.yaml", "org.yaml", input);
});
