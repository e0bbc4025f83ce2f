//! How the community decides on what is no change to a real system: policies, roles,
//! requests, its charter.
//!
//! The charter's `decisions.procedures` says it as data; [`rules`] makes of that the people
//! of one body on one day. What each act then does is for the `decisions` crate.

mod check;
mod portion;
mod resolve;
mod written;

pub(crate) use check::check;
pub use portion::{Comparison, Portion};
pub use resolve::{NoRules, Ratifiers, Rules, Veto, rules};
pub use written::{
    AmendRule, AppealRule, Base, Close, EscalateRule, ItemKind, KindRule, ObjectionRule,
    OverrideRule, Procedure, RatifyMode, RatifyRule, SecondRule, SignOffRule, VetoRule, VoteRule,
};
