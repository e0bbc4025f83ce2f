#![no_main]
//! Any text as a plan file, and as a plan with a digest that is right.

use base::Digest;
use change::plan::Plan;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let line = text.trim_end_matches('\n');
    let digest = Digest::of(line.as_bytes());
    let filed = format!("{{\"digest\":\"{digest}\",\"plan\":{line}}}\n");
    for file in [text, &filed] {
        let Ok((plan, _)) = Plan::parse(file) else {
            continue;
        };
        // The file may be in another order than ours, so that its digest is another.
        let (again, _) = plan.to_text().expect("what was read is JSON");
        let (same, _) = Plan::parse(&again).expect("what was written is a plan");
        assert_eq!(same, plan);
        assert_eq!(plan.changes().count() == 0, plan.is_empty());
        assert_eq!(plan.risk().is_none(), plan.is_empty());
    }
});
