//! A backup is what has been restored.

use base::{Code, Severity};
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// How old the last test may be.
    pub struct Parameters {
        /// Days since a restore was last seen to work.
        pub maximum_age_days: u32 = 365,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "restore-test",
        title: "Nobody has lately seen a restore work",
        severity: Severity::Warning,
        page: "Backups fail in silence. The only proof is a restore that somebody did and looked at; write its day \
               under `data.backup.restore_tested`.",
    },
    &[(
        "services/mail.yaml",
        "name: Mail\nsummary: Sends.\nkind: off-the-shelf\ndata:\n  holds: Letters\n  classification: public\n  backup: {to: Another disk, restore_tested: 2019-05-01}\n",
    )]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    let age = jiff::Span::new().try_days(with.maximum_age_days);
    let oldest = age.and_then(|age| case.today.checked_sub(age));
    for service in case.estate.tables.services.items() {
        let Some(backup) = service
            .value
            .data
            .as_ref()
            .and_then(|data| data.backup.as_ref())
        else {
            continue;
        };
        let (span, message) = match &backup.restore_tested {
            None => (
                backup.to.span,
                format!("nobody has seen a restore of {} work", service.subject()),
            ),
            Some(day) if oldest.as_ref().is_ok_and(|oldest| day.value < *oldest) => (
                day.span,
                format!(
                    "a restore of {} was last seen to work on {}",
                    service.subject(),
                    day.value
                ),
            ),
            Some(day) if day.value > case.today => (
                day.span,
                format!(
                    "a restore of {} cannot have been seen on {}, which is to come",
                    service.subject(),
                    day.value
                ),
            ),
            Some(_) => continue,
        };
        let finding = case.finding(span, message).about(service.subject());
        case.report(finding.help(format!(
            "restore it somewhere, look, and write the day down; every {} days",
            with.maximum_age_days
        )));
    }
}
