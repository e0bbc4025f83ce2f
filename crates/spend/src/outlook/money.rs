//! Costs, and which part of a whole they are.

use base::Decimal;
use serde::Serialize;

use crate::cells::DayCell;

/// Three numbers that are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Costs {
    /// What it costs before grants pay for it: the effective cost of all but credits.
    pub gross: Decimal,
    /// What it costs after grants: the effective cost of all.
    pub net: Decimal,
    /// What grants paid: what credits took away.
    pub drawn: Decimal,
}

impl Costs {
    /// Adds a cell.
    pub fn add(&mut self, cell: &DayCell) {
        self.gross += cell.gross();
        self.net += cell.net();
        self.drawn += cell.drawn();
    }
}

/// How many per cent a part is of a whole; nothing of nothing.
pub fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    let hundred = Decimal::whole(100);
    part.share(hundred, whole).map(|rounded| rounded.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_in_per_cent_and_nothing_has_none() {
        let share = percent(Decimal::whole(3), Decimal::whole(4));
        assert_eq!(share, Some(Decimal::whole(75)));
        assert_eq!(percent(Decimal::ONE, Decimal::ZERO), None);
    }
}
