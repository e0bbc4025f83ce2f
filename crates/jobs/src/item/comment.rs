//! What the comment that is suggested to set off a job really sets off.

use predicate::Value;

use super::JobItem;
use crate::job::{Job, Kind, Presubmit};

impl<'c> JobItem<'c> {
    /// What the comment names.
    pub(super) fn rerun_name(&self) -> Value<'_> {
        let Kind::Presubmit(job) = &self.job.kind else {
            return Value::Missing;
        };
        match &job.trigger {
            Some(trigger) => {
                let conventions = self.subjects.catalogue.conventions;
                conventions.named_by(&trigger.command.value).into()
            }
            None => (&self.job.name.value).into(),
        }
    }

    /// The other jobs of its repository that the comment sets off.
    pub(super) fn also_started(&self) -> Value<'_> {
        let Kind::Presubmit(own) = &self.job.kind else {
            return Value::Missing;
        };
        let subjects = self.subjects;
        let jobs = &subjects.catalogue.jobs;
        let conventions = subjects.catalogue.conventions;
        let mut started: Vec<&'c str> = Vec::new();
        // Those that say for themselves which comments set them off.
        let particular = subjects.triggers.get(own.repository.value.as_str());
        if let Some(particular) = particular {
            let usual = conventions.command_for(&self.job.name);
            let said = own.trigger.as_ref();
            let comment = said.map_or(&usual, |trigger| &trigger.command.value);
            let matching = particular.iter().map(|at| &jobs[*at]);
            started.extend(
                matching
                    .filter(|job| heeds(job, comment))
                    .map(|job| job.name.value.as_str()),
            );
        }
        // The others are set off by their names.
        if let Some(trigger) = &own.trigger
            && let Some(named) = conventions.named_by(&trigger.command.value)
        {
            let words = named.split_whitespace();
            let words = words.map(|word| word.trim_end_matches(','));
            let named = words.filter_map(|word| subjects.named.get(word)).flatten();
            let usual = named.map(|at| &jobs[*at]).filter(|job| match &job.kind {
                Kind::Presubmit(Presubmit {
                    repository,
                    trigger: None,
                    ..
                }) => *repository == own.repository,
                _ => false,
            });
            started.extend(usual.map(|job| job.name.value.as_str()));
        }
        started.retain(|name| *name != self.job.name.value);
        started.sort_unstable();
        started.dedup();
        started.into_iter().map(Value::Text).collect()
    }

    /// Names that programs give to branches, and that set it off.
    pub(super) fn bot_branches(&self) -> Value<'_> {
        let Some(branches) = self.job.branches() else {
            return Value::Missing;
        };
        let names = self.subjects.catalogue.conventions.bot_branches.iter();
        let those = names.filter(|name| branches.include(name));
        those.map(|name| Value::Text(name)).collect()
    }
}

/// Whether a comment sets off a job that says which do.
fn heeds(job: &Job, comment: &str) -> bool {
    let Kind::Presubmit(job) = &job.kind else {
        return false;
    };
    let regex = job.trigger.as_ref().and_then(|own| own.regex.as_ref());
    regex.is_some_and(|regex| regex.is_match(comment))
}
