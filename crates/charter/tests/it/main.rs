//! The rules, each on the estate of its own page; the risk of changes, and what that requires.

mod examples;
mod procedure;
mod requirement;
mod risk;
mod risk_laws;
mod support;
