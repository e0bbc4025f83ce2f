//! Verdicts in words.

use super::{Assessment, Reach, Risk, Sample};

impl Assessment {
    /// The verdict in lines without full stops: the risk, each reason, what
    /// stands behind the change, and why the risk is not higher.
    pub fn explain(&self) -> Vec<String> {
        let mut lines = vec![format!("the risk is {}", self.risk)];
        let reasons = self.reasons.iter();
        lines.extend(reasons.map(|reason| format!("{}: {}", reason.raises_to, reason.text)));
        lines.extend(self.reach.explain());
        lines.extend(self.why_not_higher());
        lines
    }

    fn why_not_higher(&self) -> Option<String> {
        let facts = match self.risk {
            Risk::High => return None,
            Risk::Medium => {
                "nothing is known to rely on what goes, it can be undone, and it does not change who decides"
            }
            Risk::Low => {
                "it breaks nothing, can be undone at once, has few things behind it, and lets nobody do more"
            }
        };
        Some(format!("not higher: {facts}"))
    }
}

impl Reach {
    /// What stands behind the change, in lines: counts, then the ways that lead
    /// to the nearest.
    pub fn explain(&self) -> Vec<String> {
        if self.count() == 0 && self.unknown.is_empty() {
            return vec!["nothing else depends on it: 0 groups, 0 services".to_owned()];
        }
        let mut lines = vec![format!("behind it: {}", self.counts())];
        for (what, sample) in [
            ("service", &self.services),
            ("item", &self.others),
            ("name", &self.dependents),
        ] {
            lines.extend(sample.lines(what));
        }
        lines
    }

    /// `2 groups (mail, web), 3 services`.
    pub(crate) fn counts(&self) -> String {
        let number = |count: usize, one: &str, several: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {several}"),
        };
        let mut groups = number(self.groups.len(), "group", "groups");
        let names: Vec<&str> = self
            .groups
            .iter()
            .map(|group| group.name.as_str())
            .collect();
        if !names.is_empty() {
            let more = if names.len() > Self::NAMED {
                ", ..."
            } else {
                ""
            };
            let first = names.get(..Self::NAMED).unwrap_or(&names).join(", ");
            groups = format!("{groups} ({first}{more})");
        }
        let mut parts = vec![groups, number(self.services.count, "service", "services")];
        for (count, one, several) in [
            (self.repositories.count, "repository", "repositories"),
            (self.others.count, "other item", "other items"),
            (
                self.dependents.count,
                "name that hangs on it",
                "names that hang on it",
            ),
        ] {
            if count > 0 {
                parts.push(number(count, one, several));
            }
        }
        parts.join(", ")
    }

    /// The most groups named in one line.
    const NAMED: usize = 6;
}

impl Sample {
    /// The most ways that are told.
    const TOLD: usize = 5;

    fn lines(&self, what: &str) -> Vec<String> {
        let told = self.nearest.iter().take(Self::TOLD);
        let mut lines: Vec<String> = told.map(|behind| format!("{what}: {behind}")).collect();
        let left = self.count.saturating_sub(lines.len());
        if left > 0 {
            lines.push(format!("{what}: ... and {left} more"));
        }
        lines
    }
}
