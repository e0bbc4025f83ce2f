//! Many small changes of one author.

use super::{Assessment, Cause, Reason, Risk, RiskSettings};

/// Whether a change and the recent ones of its author add up to a higher risk.
///
/// `recent` holds the author's other changes of the last
/// [`days`](RiskSettings::days), those of the same plan among them; the caller
/// chooses them. Only what [accumulates](Assessment::accumulates) belongs there:
/// a low change that only adds breaks nothing however often it is made, but five
/// low removals are a large one in slices. Each stands at the risk it had by
/// itself: otherwise three sums of low changes would add up to a high one again.
///
/// With [`low`](RiskSettings::low) changes of any risk, this one among them, it
/// is at least medium; with [`medium`](RiskSettings::medium) that are at least
/// medium, this one among them, it is high. `None` where they do not raise it.
/// Neither a riskier change nor one more of them ever makes less of the sum.
pub fn accumulate(own: Risk, recent: &[Risk], settings: &RiskSettings) -> Option<Reason> {
    let days = base::counted(settings.days as usize, "day", "days");
    let reason = |count: usize, raises_to: Risk| Reason {
        cause: Cause::Accumulates,
        text: format!("it is one of {count} changes by its author within {days} that add up"),
        raises_to,
    };
    let all = recent.len().saturating_add(1);
    let of_medium = recent.iter().filter(|risk| **risk >= Risk::Medium).count() + 1;
    let sum = if all >= settings.low {
        own.max(Risk::Medium)
    } else {
        own
    };
    if sum == Risk::Medium && of_medium >= settings.medium {
        return Some(reason(of_medium, Risk::High));
    }
    (sum > own).then(|| reason(all, sum))
}

impl Assessment {
    /// Adds up the author's recent changes, as [`accumulate`] does, unless this
    /// is a low change that only adds.
    pub fn accumulate(&mut self, recent: &[Risk], settings: &RiskSettings) {
        if self.accumulates {
            let reason = accumulate(self.risk, recent, settings);
            self.add(reason);
        }
    }

    /// Raises the risk because a person judged so; a lower one changes nothing.
    pub fn raise(&mut self, to: Risk, because: &str) {
        self.add((to > self.risk).then(|| Reason {
            cause: Cause::Raised,
            text: because.to_owned(),
            raises_to: to,
        }));
    }

    fn add(&mut self, reason: Option<Reason>) {
        if let Some(reason) = reason {
            self.risk = self.risk.max(reason.raises_to);
            self.reasons.push(reason);
            self.reasons
                .sort_by_key(|reason| std::cmp::Reverse(reason.raises_to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::accumulate;
    use crate::risk::{Risk, RiskSettings};

    #[test]
    fn small_changes_add_up_where_the_settings_say() {
        use Risk::{High, Low, Medium};
        let settings = RiskSettings::default();
        for (own, recent, expected) in [
            (Low, &[Low; 3][..], None),
            (Low, &[Low; 4], Some(Medium)),
            (Low, &[Low, Low, Low, High], Some(Medium)),
            (Medium, &[Low; 4], None),
            (Medium, &[Medium], None),
            (Medium, &[Medium; 2], Some(High)),
            (Medium, &[Medium, High], Some(High)),
            (Low, &[Medium; 2], None),
            (Low, &[Medium, Medium, Low, Low], Some(High)),
            (High, &[High; 9], None),
        ] {
            let found = accumulate(own, recent, &settings).map(|reason| reason.raises_to);
            assert_eq!(found, expected, "{own} after {recent:?}");
        }
    }
}
