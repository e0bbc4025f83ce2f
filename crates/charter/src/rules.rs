//! All rules, one file each. A new rule is a copy of the nearest, named in both lists below.

mod access_after_leaving;
mod backup_present;
mod closed_group_outsider;
mod commitment_kept;
mod decision_procedure;
mod dependency_cycle;
mod depends_on_unowned;
mod election_overdue;
mod employer_share;
mod employer_spelling;
mod employer_unknown;
mod escalation_ends;
mod escalation_orphan;
mod group_preconditions;
mod interest_in_duty;
mod interests_declared;
mod journey_documented;
mod ladder_rung;
mod lead_rung;
mod lead_standing;
mod migration_overdue;
mod minimum_staff;
mod naming;
mod office_hours;
mod on_call_rota;
mod owner_active;
mod owner_present;
mod owners_few;
mod owners_outsider;
mod person_idle;
mod policy_review;
mod private_contact_clear;
mod private_contact_recipients;
mod promise_kept;
mod restore_test;
mod retention_present;
mod role_twice;
mod runbook_present;
mod seats_filled;
mod source_present;
mod subproject_leads;
mod subproject_twice;
mod team_empty;
mod term_limit;
mod vendor_without_migration;

pub(crate) use self::ladder_rung::Ladder;
use crate::Rule;

/// Every rule, in the order they run and are listed.
pub static RULES: &[&Rule] = &[
    &minimum_staff::RULE,
    &employer_share::RULE,
    &employer_unknown::RULE,
    &employer_spelling::RULE,
    &owner_present::RULE,
    &owner_active::RULE,
    &lead_standing::RULE,
    &on_call_rota::RULE,
    &escalation_ends::RULE,
    &runbook_present::RULE,
    &source_present::RULE,
    &backup_present::RULE,
    &restore_test::RULE,
    &retention_present::RULE,
    &journey_documented::RULE,
    &naming::RULE,
    &team_empty::RULE,
    &role_twice::RULE,
    &access_after_leaving::RULE,
    &closed_group_outsider::RULE,
    &owners_outsider::RULE,
    &owners_few::RULE,
    &depends_on_unowned::RULE,
    &dependency_cycle::RULE,
    &vendor_without_migration::RULE,
    &migration_overdue::RULE,
    &subproject_twice::RULE,
    &private_contact_clear::RULE,
    &private_contact_recipients::RULE,
    &person_idle::RULE,
    &ladder_rung::RULE,
    &lead_rung::RULE,
    &term_limit::RULE,
    &election_overdue::RULE,
    &seats_filled::RULE,
    &subproject_leads::RULE,
    &group_preconditions::RULE,
    &office_hours::RULE,
    &promise_kept::RULE,
    &decision_procedure::RULE,
    &escalation_orphan::RULE,
    &policy_review::RULE,
    &commitment_kept::RULE,
    &interests_declared::RULE,
    &interest_in_duty::RULE,
];
