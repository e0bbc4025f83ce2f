//! The community's rules, `charter.yaml`, and what they make of an estate.
//!
//! Of estates it makes findings, of changes their risk and what that requires.
//!
//! One file a rule in `rules/`; [`check`] runs them, applies the charter's
//! severities and exceptions, and reports exceptions that have run out.
//!
//! [`risk`] judges a change by what it does and by what stands behind it in the
//! dependency graph; [`requirement`] says who then has to agree, who is told, and
//! how long objections may be made. [`procedure`] says the same of what is no change.
//!
//! This crate must never know a network, a disk, or the clock: the day is an
//! argument. What the rules are about is the estate's; what is right or wrong
//! is the charter's; no community's name appears here.

mod age;
mod bodies;
mod charter;
mod check;
pub mod codes;
mod count;
mod disband;
mod employers;
pub mod procedure;
pub mod requirement;
pub mod risk;
mod rule;
mod rules;
mod share;

pub use charter::{
    Charter, Employer, Exception, Level, MeetingPolicy, PrivateContactsPolicy, RuleSettings,
};
pub use check::{check, check_told};
pub use count::Count;
pub use disband::DisbandPolicy;
pub use employers::{Affiliation, Employers};
pub use rule::{Case, NoParameters, Rule, Told};
pub use rules::RULES;
pub use share::{Relation, Share};
