//! What is used together, shared out among those who use it.
//!
//! A rule puts charges into a pool; their owner is then `pool/NAME`. Each cell of a pool is split
//! by itself, all four of its costs, among those who bear the pool in that month and currency,
//! and what a further pool bears is split again. The parts of a cell add up to it exactly, which
//! is asserted wherever it is done. Everything but the owner stays as it was, so that totals by
//! provider, day, currency or cost are the same before and after.
//!
//! What cannot be shared out stays where it is, as a row of its own with its reason: nothing is
//! dropped and nothing goes to somebody else instead. Shares come from whole months of a whole
//! cube. Filter what comes out, never what goes in: a filter before would change who bears what.

mod bearers;
mod drivers;
mod sharing;
mod unshared;

use estate::Estate;

pub use drivers::{Driver, Drivers};
pub use sharing::{Allocation, Divisible, Part, Shared, Sharing, Usage};
pub use unshared::{Reason, Unshared};

use crate::settings::POOL;

/// The owner that a text names among those who bear pools: a group by its name or an alias, with
/// or without `group/` before it, or `pool/NAME`, whether there is such a pool or not.
pub fn bearer(text: &str, estate: &Estate) -> Option<String> {
    if text.strip_prefix(POOL).is_some_and(|name| !name.is_empty()) {
        return Some(text.to_owned());
    }
    let name = text.strip_prefix("group/").unwrap_or(text);
    let group = estate.tables.groups.get(name)?;
    Some(group.name.clone())
}
