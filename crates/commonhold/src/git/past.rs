//! What one file held in the past, at days spread over its history.

use jiff::Timestamp;

use super::Repository;

impl Repository {
    /// What a file held after some of the commits that changed it, with when they were made, the oldest
    /// first: the first, the last, and others at even steps between them, so many at most.
    pub(crate) fn past_of(
        &self,
        path: &str,
        most: usize,
    ) -> anyhow::Result<Vec<(Timestamp, String)>> {
        let said = self.git(&[
            "log",
            "--first-parent",
            "--reverse",
            "--format=%H %ct",
            "HEAD",
            "--",
            &format!("./{path}"),
        ])?;
        let commits: Vec<(&str, Timestamp)> = said
            .lines()
            .filter_map(|line| {
                let (hash, second) = line.split_once(' ')?;
                let at = Timestamp::from_second(second.parse().ok()?).ok()?;
                Some((hash, at))
            })
            .collect();
        let inside = format!("{}{path}", self.prefix);
        let held = |at: usize| {
            let (hash, made) = commits[at];
            let asked = ["show", "--end-of-options", &format!("{hash}:{inside}")];
            // A commit that took the file away holds none.
            Some((made, self.git(&asked).ok()?))
        };
        Ok(spread(commits.len(), most)
            .into_iter()
            .filter_map(held)
            .collect())
    }
}

/// Places among so many, the first and the last with others at even steps between them.
fn spread(all: usize, most: usize) -> Vec<usize> {
    if all <= most || most < 2 {
        return (0..all.min(most)).collect();
    }
    let last = most - 1;
    (0..most).map(|step| step * (all - 1) / last).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::spread;

    proptest! {
        #[test]
        fn places_rise_from_the_first_to_the_last_and_are_not_too_many(all in 1_usize..500, most in 2_usize..40) {
            let places = spread(all, most);
            prop_assert!(places.len() <= most.min(all));
            prop_assert_eq!((places[0], places[places.len() - 1]), (0, all - 1));
            prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
