#![no_main]
//! Any text as a filled-in form that asks for a change of DNS.

use dns::request::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match parse(text) {
    Ok(request) => {
        assert!(request.domain_line >= 1);
        for snippet in request.existing.iter().chain(&request.new) {
            assert!(snippet.line >= 1);
            assert!(snippet.line <= text.lines().count() + 1);
        }
    }
    Err(problems) => {
        assert!(!problems.is_empty());
        for problem in problems {
            assert!(problem.line >= 1 && problem.column >= 1, "{problem}");
        }
    }
});
