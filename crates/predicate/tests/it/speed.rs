//! Questions are cheap.

use std::time::Instant;

use crate::jobs::{TODAY, job, parse};

#[test]
fn a_million_questions_take_seconds_at_most_even_unoptimised() {
    let job = job();
    let read =
        parse("cluster == \"old\" and cpu > 7 and path ~ \"image-pushing/**\" and not optional");
    let clock = Instant::now();
    let held = (0..1_000_000).filter(|_| read.holds(&job, TODAY)).count();
    let taken = clock.elapsed();
    eprintln!("a million questions: {taken:.2?}");
    assert_eq!(held, 1_000_000);
    assert!(taken.as_secs() < 30, "{taken:?}");
}
