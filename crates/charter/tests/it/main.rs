//! The rules, each on the estate of its own page.

mod examples;
