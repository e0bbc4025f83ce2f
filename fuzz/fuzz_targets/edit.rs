#![no_main]
//! Any text and any edit of it: what was edited reads as it should, or nothing was edited.

use libfuzzer_sys::fuzz_target;
use yaml::edit::{self, Order, Written, changes, insert_entry, keys, remove_entry, set_key};

fuzz_target!(|input: &str| {
    let (head, text) = input.split_once('\n').unwrap_or(("", input));
    let mut words = head.split(' ');
    let value = words.next().unwrap_or_default();
    let at: usize = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let path = keys(words);
    let written = Written::Text(value.to_owned());
    let edits = [
        insert_entry(text, &path, &written, Order::Sorted),
        insert_entry(text, &path, &written, Order::Last),
        set_key(text, &path, &written),
        remove_entry(text, at),
    ];
    for edited in edits.into_iter().flatten() {
        changes(text, &edited);
        edit::each_scalar(&edited, &mut |_, at| assert!(edited.is_char_boundary(at)));
    }
    let mut left = 16;
    edit::each_scalar(text, &mut |_, at| {
        if left > 0 {
            left -= 1;
            let _ = remove_entry(text, at);
        }
    });
});
