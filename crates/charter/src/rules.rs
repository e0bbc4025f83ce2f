//! All rules, one file each. A new rule is a copy of the nearest and a line below.

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub mod $module;)*

        /// Every rule, in the order they run and are listed.
        pub static RULES: &[&crate::Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    minimum_staff,
    employer_share,
    employer_unknown,
    employer_spelling,
    owner_present,
    owner_active,
    lead_standing,
    on_call_rota,
    escalation_ends,
    runbook_present,
    source_present,
    backup_present,
    restore_test,
    retention_present,
    journey_documented,
    naming,
    team_empty,
    role_twice,
    access_after_leaving,
    closed_group_outsider,
    owners_outsider,
    depends_on_unowned,
    dependency_cycle,
    vendor_without_migration,
    migration_overdue,
    subproject_twice,
    private_contact_clear,
    private_contact_recipients,
    person_idle,
}
