//! Moves end when they were meant to.

use base::{Code, Severity};
use estate::kinds::MigrationState;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "migration-overdue",
        title: "A migration is overdue",
        severity: Severity::Warning,
        page: "The day by which the service should have moved is over and it still runs at the old place. Finish the move, or set a \
               new day and say why where the work is tracked.",
    },
    &[
        (
            "accounts/theirs.yaml",
            "provider: cloud\nid: theirs\nholder: vendor\n"
        ),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: off-the-shelf\nruns_at: [{account: theirs}]\nmigration: {from: theirs, due: 2020-06-30}\n",
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        let Some(migration) = &service.value.migration else {
            continue;
        };
        let done = service.value.migration_state() == Some(MigrationState::Done);
        let due = migration.due.as_ref();
        if let Some(due) = due.filter(|due| due.value < case.today && !done) {
            let message = format!(
                "{} should have left {} by {due}",
                service.subject(),
                migration.from
            );
            let finding = case.finding(due.span, message).about(service.subject());
            case.report(finding.help("finish the move, or set a new day and say why"));
        }
    }
}
