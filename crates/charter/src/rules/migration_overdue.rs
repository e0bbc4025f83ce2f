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
        page: "The day by which a service should have moved is over and it still runs at the old place, or a migration \
               should be done and things are left. Finish the move, or set a new day and say why where the work is \
               tracked. `commonhold migration next` says what to do first.",
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
    services(case);
    migrations(case);
}

fn migrations(case: &mut Case<'_>) {
    for migration in case.estate.tables.migrations.items() {
        let left = case.told.left.get(&migration.name).copied().unwrap_or(0);
        let due = migration.value.due.as_ref();
        if let Some(due) = due.filter(|due| due.value < case.today && left > 0) {
            let subject = migration.subject();
            let left = base::counted(left, "thing is", "things are");
            let message = format!("{subject} should have been done by {due}, and {left} left");
            let finding = case.finding(due.span, message).about(subject);
            case.report(finding.help("finish the move, or set a new day and say why"));
        }
    }
}

fn services(case: &mut Case<'_>) {
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
