//! The files as TestGrid knows them (`pb/config/config.proto` of testgrid).

use base::Spanned;
use jobs::Opaque;
use yaml::record;

record! {
    /// A file.
    #[derive(Default)]
    pub struct BoardsEntry {
        /// Results.
        pub test_groups: Vec<TestGroupEntry>,
        /// Pages.
        pub dashboards: Vec<DashboardEntry>,
        /// Pages under one name.
        pub dashboard_groups: Vec<DashboardGroupEntry>,
        /// What results are taken to say where they do not.
        pub default_test_group: Option<Opaque>,
        /// What tabs are taken to say where they do not.
        pub default_dashboard_tab: Option<Opaque>,
    }
}

record! {
    /// Pages under one name.
    pub struct DashboardGroupEntry {
        /// Its name.
        pub name: Spanned<String>,
        /// The pages.
        pub dashboard_names: Vec<Spanned<String>>,
        /// Known.
        pub description: Option<Opaque>,
    }
}

record! {
    /// A page.
    pub struct DashboardEntry {
        /// Its name.
        pub name: Spanned<String>,
        /// Its tabs.
        pub dashboard_tab: Vec<TabEntry>,
        /// Known.
        pub notifications: Option<Opaque>,
        /// Known.
        pub default_tab: Option<Opaque>,
        /// Known.
        pub downplay_failing_tabs: Option<Opaque>,
        /// Known.
        pub highlight_failing_tabs: Option<Opaque>,
        /// Known.
        pub highlight_today: Option<Opaque>,
        /// Known.
        pub description: Option<Opaque>,
    }
}

record! {
    /// A tab.
    pub struct TabEntry {
        /// Its name.
        pub name: Spanned<String>,
        /// The results it shows.
        pub test_group_name: Spanned<String>,
        /// What it is about.
        pub description: Option<String>,
        /// Who is told.
        pub alert_options: Option<AlertEntry>,
        /// Known.
        pub bug_component: Option<Opaque>,
        /// Known.
        pub code_search_path: Option<Opaque>,
        /// Known.
        pub num_columns_recent: Option<Opaque>,
        /// Known.
        pub base_options: Option<Opaque>,
        /// Known.
        pub open_test_template: Option<Opaque>,
        /// Known.
        pub file_bug_template: Option<Opaque>,
        /// Known.
        pub attach_bug_template: Option<Opaque>,
        /// Known.
        pub results_text: Option<Opaque>,
        /// Known.
        pub results_url_template: Option<Opaque>,
        /// Known.
        pub code_search_url_template: Option<Opaque>,
        /// Known.
        pub tabular_names_regex: Option<Opaque>,
        /// Known.
        pub flakiness_alert_options: Option<Opaque>,
        /// Known.
        pub status_customization_options: Option<Opaque>,
        /// Known.
        pub about_dashboard_url: Option<Opaque>,
        /// Known.
        pub open_bug_template: Option<Opaque>,
        /// Known.
        pub auto_file_bugs: Option<Opaque>,
        /// Known.
        pub display_local_time: Option<Opaque>,
        /// Known.
        pub context_menu_template: Option<Opaque>,
        /// Known.
        pub broken_column_threshold: Option<Opaque>,
        /// Known.
        pub beta_autobug_options: Option<Opaque>,
        /// Known.
        pub health_analysis_options: Option<Opaque>,
        /// Known.
        pub column_diff_link_templates: Option<Opaque>,
    }
}

record! {
    /// Who is told when a tab fails.
    pub struct AlertEntry {
        /// Addresses, with commas between them.
        pub alert_mail_to_addresses: Option<Spanned<String>>,
        /// Known.
        pub alert_stale_results_hours: Option<Opaque>,
        /// Known.
        pub num_failures_to_alert: Option<Opaque>,
        /// Known.
        pub num_passes_to_disable_alert: Option<Opaque>,
        /// Known.
        pub subject: Option<Opaque>,
        /// Known.
        pub debug_url: Option<Opaque>,
        /// Known.
        pub debug_message: Option<Opaque>,
        /// Known.
        pub wait_minutes_between_emails: Option<Opaque>,
        /// Known.
        pub alert_mail_failure_message: Option<Opaque>,
    }
}

record! {
    /// Results.
    pub struct TestGroupEntry {
        /// Their name.
        pub name: Spanned<String>,
        /// Where they are kept.
        pub gcs_prefix: Option<Spanned<String>>,
        /// For how many days they are shown.
        pub days_of_results: Option<u32>,
        /// How many columns are recent.
        pub num_columns_recent: Option<u32>,
        /// After how many failures somebody is told.
        pub num_failures_to_alert: Option<u32>,
        /// Known.
        pub ignore_pending: Option<Opaque>,
        /// Known.
        pub ignore_built: Option<Opaque>,
        /// Known.
        pub tests_name_policy: Option<Opaque>,
        /// Known.
        pub ignore_test_substring: Option<Opaque>,
        /// Known.
        pub column_header: Option<Opaque>,
        /// Known.
        pub fallback_grouping: Option<Opaque>,
        /// Known.
        pub alert_stale_results_hours: Option<Opaque>,
        /// Known.
        pub bug_component: Option<Opaque>,
        /// Known.
        pub code_search_path: Option<Opaque>,
        /// Known.
        pub use_test_metadata: Option<Opaque>,
        /// Known.
        pub alert_mail_to_addresses: Option<Opaque>,
        /// Known.
        pub alert_mail_subject: Option<Opaque>,
        /// Known.
        pub alert_mail_failure_message: Option<Opaque>,
        /// Known.
        pub alert_mail_debug_url: Option<Opaque>,
        /// Known.
        pub min_elapsed_minutes_between_mails: Option<Opaque>,
        /// Known.
        pub enable_flaky_status: Option<Opaque>,
        /// Known.
        pub disable_merged_status: Option<Opaque>,
        /// Known.
        pub use_kubernetes_client: Option<Opaque>,
        /// Known.
        pub disable_prowjob_analysis: Option<Opaque>,
        /// Known.
        pub is_external: Option<Opaque>,
        /// Known.
        pub test_name_config: Option<Opaque>,
        /// Known.
        pub notifications: Option<Opaque>,
        /// Known.
        pub primary_grouping: Option<Opaque>,
        /// Known.
        pub enable_test_methods: Option<Opaque>,
        /// Known.
        pub test_annotations: Option<Opaque>,
        /// Known.
        pub max_test_methods_per_test: Option<Opaque>,
        /// Known.
        pub test_metadata_options: Option<Opaque>,
        /// Known.
        pub test_tag_pattern: Option<Opaque>,
        /// Known.
        pub auto_bug_options: Option<Opaque>,
        /// Known.
        pub max_test_runtime_hours: Option<Opaque>,
        /// Known.
        pub num_passes_to_disable_alert: Option<Opaque>,
        /// Known.
        pub link_bugs_by_group: Option<Opaque>,
        /// Known.
        pub test_method_properties: Option<Opaque>,
        /// Known.
        pub gather_bugs: Option<Opaque>,
        /// Known.
        pub short_text_metric: Option<Opaque>,
        /// Known.
        pub build_override_configuration_value: Option<Opaque>,
        /// Known.
        pub link_bugs_by_test_methods: Option<Opaque>,
        /// Known.
        pub test_method_match_regex: Option<Opaque>,
        /// Known.
        pub test_method_unmatch_regex: Option<Opaque>,
        /// Known.
        pub use_full_method_names: Option<Opaque>,
        /// Known.
        pub fallback_grouping_configuration_value: Option<Opaque>,
        /// Known.
        pub result_source: Option<Opaque>,
        /// Known.
        pub custom_evaluator_rule_set: Option<Opaque>,
        /// Known.
        pub read_state_from_storage: Option<Opaque>,
        /// Known.
        pub ignore_old_results: Option<Opaque>,
        /// Known.
        pub ignore_skip: Option<Opaque>,
        /// Known.
        pub build_override_strftime: Option<Opaque>,
        /// Known.
        pub user_property: Option<Opaque>,
        /// Known.
        pub issue_gather_options: Option<Opaque>,
    }
}
