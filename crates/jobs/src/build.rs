//! Parts of a job from what a file says, with what is wrong with it.

use base::{Code, Diagnostic, Span, Spanned};

use crate::job::{PathPattern, Run, Schedule, Trigger};
use crate::{Branches, Conventions, Cron, Duration, Patterns, codes};

/// Builds the parts of one job and collects what is wrong with them.
#[derive(Debug)]
pub struct Build<'b> {
    /// The job's name.
    pub name: &'b Spanned<String>,
    /// Whether part of it could not be read: what it lacks is not held against it.
    pub flawed: bool,
    /// Patterns compiled so far.
    pub patterns: &'b Patterns,
    /// What the system takes for granted.
    pub conventions: &'b Conventions,
    /// What was found wrong.
    pub findings: &'b mut Vec<Diagnostic>,
}

impl Build<'_> {
    fn report(&mut self, code: &'static Code, span: Span, message: String, help: &str) {
        let finding = Diagnostic::new(code, span, message).help(help);
        self.findings
            .push(finding.about(format!("job/{}", self.name)));
    }

    fn bad_pattern(&mut self, key: &str, pattern: &Spanned<String>, reason: &str) {
        let message = format!("`{key}` is no pattern: {reason}");
        let help = "patterns are RE2's; a sign that stands for itself needs a `\\` before it";
        self.report(&codes::JOB_PATTERN, pattern.span, message, help);
    }

    /// Branches by their two lists.
    pub fn branches(&mut self, only: Vec<Spanned<String>>, skip: Vec<Spanned<String>>) -> Branches {
        let (branches, bad) = Branches::new(only, skip, self.patterns);
        for bad in bad {
            let key = if bad.skip {
                "skip_branches"
            } else {
                "branches"
            };
            self.bad_pattern(key, &bad.entry, &bad.reason);
        }
        branches
    }

    /// Paths that set a job off, by the two keys that exclude each other and `always_run`.
    pub fn run(
        &mut self,
        if_changed: Option<Spanned<String>>,
        unless_only: Option<Spanned<String>>,
        always: Option<Spanned<bool>>,
    ) -> Run {
        let said = |text: &Spanned<String>| !text.value.is_empty();
        let (if_changed, unless_only) = (if_changed.filter(said), unless_only.filter(said));
        if always.is_some_and(|always| always.value) {
            let keys = [
                ("run_if_changed", &if_changed),
                ("skip_if_only_changed", &unless_only),
            ];
            for (key, pattern) in keys {
                if let Some(pattern) = pattern {
                    let message = format!("it always runs, so `{key}` decides nothing");
                    let help = format!("remove `always_run`, or `{key}`");
                    self.report(&codes::JOB_TRIGGER, pattern.span, message, &help);
                }
            }
        }
        if let (Some(_), Some(second)) = (&if_changed, &unless_only) {
            let message =
                "`run_if_changed` and `skip_if_only_changed` exclude each other".to_owned();
            self.report(
                &codes::JOB_TRIGGER,
                second.span,
                message,
                "remove one of the two",
            );
        }
        match (if_changed, unless_only) {
            (Some(text), _) => Run::IfChanged(self.path_pattern("run_if_changed", text)),
            (None, Some(text)) => {
                Run::UnlessOnlyChanged(self.path_pattern("skip_if_only_changed", text))
            }
            (None, None) => Run::Any,
        }
    }

    fn path_pattern(&mut self, key: &str, text: Spanned<String>) -> PathPattern {
        let regex = match self.patterns.compile(&text) {
            Ok(regex) => Some(regex),
            Err(reason) => {
                self.bad_pattern(key, &text, &reason);
                None
            }
        };
        PathPattern { text, regex }
    }

    /// The comments that set a job off, where they are not the usual ones.
    pub fn trigger(
        &mut self,
        pattern: Option<Spanned<String>>,
        command: Option<Spanned<String>>,
    ) -> Option<Trigger> {
        let said = |text: &Spanned<String>| !text.value.is_empty();
        let (pattern, command) = match (pattern.filter(said), command.filter(said)) {
            (None, None) => return None,
            (Some(pattern), Some(command)) => (pattern, command),
            _ if self.flawed => return None,
            (Some(one), None) | (None, Some(one)) => {
                let message = "`trigger` and `rerun_command` stand together or not at all";
                let help = format!(
                    "remove it for the usual comment, `{}`, or give both",
                    self.conventions.command_for(self.name)
                );
                self.report(&codes::JOB_TRIGGER, one.span, message.to_owned(), &help);
                return None;
            }
        };
        let regex = match self.patterns.compile(&pattern) {
            Ok(regex) => Some(regex),
            Err(reason) => {
                self.bad_pattern("trigger", &pattern, &reason);
                None
            }
        };
        if regex
            .as_ref()
            .is_some_and(|regex| !regex.is_match(&command))
        {
            let message = format!("the comment `{command}` does not set the job off");
            let help = "change `rerun_command`, or `trigger`, so that the one matches the other";
            self.report(&codes::JOB_TRIGGER, command.span, message, help);
        }
        Some(Trigger {
            pattern,
            regex,
            command,
        })
    }

    /// When a job recurs, by the three keys of which exactly one is given.
    pub fn schedule(
        &mut self,
        cron: Option<Spanned<String>>,
        interval: Option<Spanned<Duration>>,
        minimum: Option<Spanned<Duration>>,
    ) -> Option<Schedule> {
        let cron = cron.filter(|text| !text.is_empty());
        let spans = [
            cron.as_ref().map(|cron| cron.span),
            interval.map(|interval| interval.span),
            minimum.map(|minimum| minimum.span),
        ];
        let mut said = spans.into_iter().flatten();
        let Some(_) = said.next() else {
            if !self.flawed {
                let message = "nothing says when it runs".to_owned();
                let help = "give one of `cron`, `interval` and `minimum_interval`";
                self.report(&codes::JOB_SCHEDULE, self.name.span, message, help);
            }
            return None;
        };
        if let Some(second) = said.next() {
            let message = "`cron`, `interval` and `minimum_interval` exclude each other".to_owned();
            self.report(&codes::JOB_SCHEDULE, second, message, "keep one of them");
            return None;
        }
        if let Some(text) = cron {
            return match Cron::parse(&text) {
                Ok(cron) => Some(Schedule::Cron(text, cron)),
                Err(why) => {
                    let help = "write for example `17 */6 * * *`";
                    self.report(&codes::JOB_SCHEDULE, text.span, why.to_string(), help);
                    None
                }
            };
        }
        interval
            .map(Schedule::Interval)
            .or_else(|| minimum.map(Schedule::MinimumInterval))
    }
}
