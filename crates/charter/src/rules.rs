//! All rules, one file each. A new rule is a copy of the nearest, named in both lists below.

pub mod access_after_leaving;
pub mod backup_present;
pub mod closed_group_outsider;
pub mod dependency_cycle;
pub mod depends_on_unowned;
pub mod employer_share;
pub mod employer_spelling;
pub mod employer_unknown;
pub mod escalation_ends;
pub mod journey_documented;
pub mod lead_standing;
pub mod migration_overdue;
pub mod minimum_staff;
pub mod naming;
pub mod on_call_rota;
pub mod owner_active;
pub mod owner_present;
pub mod owners_outsider;
pub mod person_idle;
pub mod private_contact_clear;
pub mod private_contact_recipients;
pub mod restore_test;
pub mod retention_present;
pub mod role_twice;
pub mod runbook_present;
pub mod source_present;
pub mod subproject_twice;
pub mod team_empty;
pub mod vendor_without_migration;

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
