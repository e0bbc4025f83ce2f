//! All rules, one file each. A new rule is a copy of the nearest, named in both lists below.

mod access_after_leaving;
mod backup_present;
mod closed_group_outsider;
mod dependency_cycle;
mod depends_on_unowned;
mod employer_share;
mod employer_spelling;
mod employer_unknown;
mod escalation_ends;
mod journey_documented;
mod lead_standing;
mod migration_overdue;
mod minimum_staff;
mod naming;
mod on_call_rota;
mod owner_active;
mod owner_present;
mod owners_outsider;
mod person_idle;
mod private_contact_clear;
mod private_contact_recipients;
mod restore_test;
mod retention_present;
mod role_twice;
mod runbook_present;
mod source_present;
mod subproject_twice;
mod team_empty;
mod vendor_without_migration;

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
    &depends_on_unowned::RULE,
    &dependency_cycle::RULE,
    &vendor_without_migration::RULE,
    &migration_overdue::RULE,
    &subproject_twice::RULE,
    &private_contact_clear::RULE,
    &private_contact_recipients::RULE,
    &person_idle::RULE,
];
