#![no_main]
//! Any text as the place where a list of the API goes on.

use libfuzzer_sys::fuzz_target;
use portal::api;

fuzz_target!(|text: &str| {
    if let Some(again) = api::cursor(text) {
        assert_eq!(api::cursor(&again).as_ref(), Some(&again));
    }
});
