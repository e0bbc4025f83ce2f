#![no_main]
//! Any text as a master file; what was read is printed, and reads the same.

use dns::master_file::{parse, print};
use estate::records::DomainName;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let zone = DomainName::absolute("example.org.").expect("a name");
    let (mut file, problems) = parse(text, &zone);
    for problem in &problems {
        assert!(problem.line >= 1 && problem.column >= 1, "{problem}");
        assert!(!problem.what.is_empty());
    }
    let printed = print(&file, &zone);
    let (again, problems) = parse(&printed, &zone);
    assert!(problems.is_empty(), "{problems:?}\n{printed}");
    // What signers made is not printed.
    file.made_by_servers.clear();
    assert_eq!(again, file, "{printed}");
});
