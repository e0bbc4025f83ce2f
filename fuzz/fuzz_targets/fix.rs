#![no_main]
//! Any text as the file of an approval, and as a file in a part of which something is written: what
//! stands around the part stays as it is.

use libfuzzer_sys::fuzz_target;
use policy::approval::read;
use policy::fix::{Writing, written};
use yaml::edit::{Step, keys};

fuzz_target!(|input: &str| {
    let (head, text) = input.split_once('\n').unwrap_or(("", input));
    for kept in read(text) {
        assert!(text.is_char_boundary(kept.at) && !kept.lines.is_empty());
        assert!(text[kept.at..].trim_start_matches('\u{feff}').starts_with(kept.name));
    }
    let mut words = head.split(' ');
    let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let (start, length): (usize, usize) = (number(), number());
    let at: Vec<Step> = words
        .map(|word| word.parse().map_or_else(|_| Step::from(word), |at: usize| Step::from(at)))
        .collect();
    let end = start.saturating_add(length);
    let writings = [
        Writing::Set {
            at: at.clone(),
            to: "x: #".to_owned(),
        },
        Writing::Copy {
            at: [&at[..], &keys(["more"])].concat(),
            from: at.clone(),
        },
        Writing::Rename {
            at: at.clone(),
            to: "new".to_owned(),
        },
        Writing::Remove { at },
    ];
    for writing in writings {
        let Ok(changed) = written(text, start..end, &[writing]) else {
            continue;
        };
        assert!(changed.starts_with(&text[..start]));
        let line = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
        assert!(changed.ends_with(&text[line..]));
    }
});
