//! The fields of jobs, presets, tabs and what is in them.

use predicate::{Field, Type, Words};

/// Declares what can be said of a kind of item, a line a field.
macro_rules! words {
    ($(#[doc = $about:literal])+ $NAME:ident = $noun:literal { $($field:ident: $holds:expr, $doc:literal;)+ }) => {
        $(#[doc = $about])+
        pub static $NAME: Words = Words {
            noun: $noun,
            fields: &[$(Field { name: stringify!($field), holds: $holds, doc: $doc }),+],
        };
    };
}

static TEXT: Type = Type::Text;
static QUANTITY: Type = Type::Quantity;
static NUMBER: Type = Type::Number;
static OF_CONTAINER: Type = Type::Item(&CONTAINER);
static OF_MOUNT: Type = Type::Item(&MOUNT);
static OF_VOLUME: Type = Type::Item(&VOLUME);
static OF_CHECKOUT: Type = Type::Item(&CHECKOUT);
static OF_TWIN: Type = Type::Item(&TWIN);

const TEXTS: Type = Type::List(&TEXT);
const BY_NAME: Type = Type::Map(&TEXT);
const AMOUNTS: Type = Type::Map(&QUANTITY);

words! {
    /// What can be said of a job as it runs: with its presets and with what holds for all jobs.
    JOB = "job" {
        id: Type::Text, "What it is called here, for ever: `periodic/NAME`, `presubmit/ORGANISATION/REPOSITORY/NAME`.";
        name: Type::Text, "What it is called.";
        name_length: Type::Number, "How many characters its name has.";
        kind: Type::Text, "What sets it off: `presubmit`, `postsubmit` or `periodic`.";
        path: Type::Text, "The file it stands in.";
        folder: Type::Text, "The folder of that file.";
        repository: Type::Text, "The repository whose changes set it off, as `organisation/name`; a periodic job has none.";
        organisation: Type::Text, "The organisation of that repository.";
        about: Type::Text, "The repository it is about: its own, or the first that is checked out for it.";
        cluster: Type::Text, "The cluster it runs on, with the default.";
        agent: Type::Text, "Which program starts it, with the default.";
        namespace: Type::Text, "The namespace it asks for.";
        decorated: Type::Truth, "Whether it is prepared, and its results are kept, by the system.";
        timeout: Type::Duration, "How long it may take, by its own words or those for many jobs.";
        grace_period: Type::Duration, "How long it has to end in order after that.";
        interval: Type::Duration, "How long after it was begun it is begun again.";
        minimum_interval: Type::Duration, "How long after it ended it is begun again.";
        cron: Type::Text, "When it is begun, by the calendar.";
        longest_gap: Type::Duration, "The longest time between two of its runs on an ordinary day; missing where some day has none.";
        tags: TEXTS, "Words under which it is found.";
        always_run: Type::Truth, "Whether every change sets it off.";
        optional: Type::Truth, "Whether a change may be taken though it fails.";
        required: Type::Truth, "Whether a change must pass it: it is not optional and reports.";
        automatic: Type::Truth, "Whether some change sets it off without anybody asking.";
        before_merge: Type::Truth, "Whether it runs once more before a change is taken.";
        run_if_changed: Type::Text, "The pattern of paths that set it off.";
        skip_if_only_changed: Type::Text, "The pattern of paths that do not set it off.";
        skip_report: Type::Truth, "Whether it says nothing at the change.";
        context: Type::Text, "What its result is called at the change.";
        trigger: Type::Text, "The pattern of comments that set it off, with the default.";
        rerun_command: Type::Text, "The comment that is suggested to set it off, with the default.";
        rerun_name: Type::Text, "What that comment names.";
        also_started: TEXTS, "The other jobs of its repository that the comment sets off.";
        max_concurrency: Type::Number, "How often it may run at once; 0 is any number.";
        queue: Type::Text, "The queue whose limit it shares.";
        branches: TEXTS, "The branches it is for, as patterns; all if there are none.";
        skip_branches: TEXTS, "The branches it is not for, as patterns.";
        bot_branches: TEXTS, "Names that programs give to branches of what they propose, and that set it off.";
        labels: BY_NAME, "Its labels.";
        annotations: BY_NAME, "Its notes for other programs.";
        description: Type::Text, "What it is for.";
        dashboards: TEXTS, "The dashboards that show it.";
        tab: Type::Text, "What it is called on the first of them.";
        tabs: TEXTS, "What it is called on each of them.";
        alert_email: Type::Text, "Who is told when it fails, as the job says it.";
        alert_addresses: TEXTS, "Every address that is told when it fails, by the job's words and those of its tabs.";
        channel: Type::Text, "Where it reports in chat.";
        image: Type::Text, "The image of its first container.";
        images: TEXTS, "The images of its containers.";
        containers: Type::List(&OF_CONTAINER), "Its containers, with what presets add.";
        init_containers: Type::List(&OF_CONTAINER), "Its containers that run before the others, or beside them.";
        volumes: Type::List(&OF_VOLUME), "What its containers may mount, with what presets add.";
        secrets: TEXTS, "Every secret it is given: by itself, its presets and its decoration.";
        service_account: Type::Text, "The identity it runs under.";
        host_network: Type::Truth, "Whether it shares the network of its machine.";
        node_selector: BY_NAME, "Labels that its machine must have.";
        tolerations: TEXTS, "The keys of taints that do not keep it away, with what presets add.";
        priority_class: Type::Text, "How urgent it is.";
        presets: TEXTS, "The presets it is given, as `key: value`.";
        dead_presets: TEXTS, "Its labels that ask for presets which do not exist, as `key: value`.";
        dead_labels: TEXTS, "The keys of those whose key no preset has at all.";
        unknown_annotations: TEXTS, "The keys of its annotations that no program reads.";
        extra_refs: Type::List(&OF_CHECKOUT), "Repositories that are checked out for it beside its own.";
        path_alias: Type::Text, "Under which path of imports its repository is checked out.";
        clone_depth: Type::Number, "How many commits are checked out; 0 is all.";
        approvers: TEXTS, "Who may approve changes to its file, by the nearest folder that names anybody.";
        owners_folder: Type::Text, "That folder.";
        owner: Type::Text, "The group it belongs to: by its dashboards, or else by its folder.";
        twins: Type::List(&OF_TWIN), "The other jobs of its name.";
        pools: TEXTS, "The types of resources that it asks pools for.";
        fork: Type::Truth, "Whether it is copied for each release.";
        parent: Type::Text, "The id of the job that it is a release's copy of.";
        rerun_anyone: Type::Truth, "Whether anybody may run it again.";
        rerun_users: TEXTS, "Who may run it again, by login.";
        rerun_teams: TEXTS, "Teams whose members may run it again, as `organisation/team`.";
        rerun_team_ids: Type::List(&NUMBER), "Teams whose members may run it again, by numbers that nobody can read.";
        rerun_organisations: TEXTS, "Organisations whose members may run it again.";
        hidden: Type::Truth, "Whether only some may see it.";
        error_on_eviction: Type::Truth, "Whether the loss of its machine is an error of the job.";
    }
}

words! {
    /// What can be said of a container of a job.
    CONTAINER = "container" {
        name: Type::Text, "What it is called beside others.";
        image: Type::Text, "What runs.";
        command: TEXTS, "The program, in place of the image's own.";
        args: TEXTS, "What the program is told.";
        pull_policy: Type::Text, "Whether the image is fetched anew.";
        cpu_request: Type::Quantity, "Processors that are kept for it.";
        cpu_limit: Type::Quantity, "Processors that it may use at most.";
        memory_request: Type::Quantity, "Memory that is kept for it.";
        memory_limit: Type::Quantity, "Memory that it may use at most.";
        requests: AMOUNTS, "What is kept for it, by resource.";
        limits: AMOUNTS, "What it may use at most, by resource.";
        privileged: Type::Truth, "Whether it may do everything to its machine.";
        escalation: Type::Truth, "Whether what it starts may do more than itself.";
        capabilities: TEXTS, "What it may do beyond the usual.";
        env: BY_NAME, "Its variables, with what presets add; empty texts for those that come from elsewhere.";
        secrets: TEXTS, "Secrets that its variables come from.";
        mounts: Type::List(&OF_MOUNT), "What it mounts, with what presets add.";
        working_dir: Type::Text, "Where it starts.";
        restart_policy: Type::Text, "Whether it is started again when it ends.";
    }
}

words! {
    /// What can be said of where a container sees a volume.
    MOUNT = "mount" {
        name: Type::Text, "The volume.";
        path: Type::Text, "Where it is seen.";
        read_only: Type::Truth, "Whether it can only be read.";
    }
}

words! {
    /// What can be said of something that containers mount.
    VOLUME = "volume" {
        name: Type::Text, "What it is called.";
        host_path: Type::Text, "The folder or file of the machine that it is.";
        secret: Type::Text, "The secret that it is.";
        secrets: TEXTS, "Every secret in it.";
        config_map: Type::Text, "The set of settings that it is.";
        empty_dir: Type::Truth, "Whether it is a folder that is empty at first.";
    }
}

words! {
    /// What can be said of a repository that is checked out for a job.
    CHECKOUT = "checkout" {
        organisation: Type::Text, "Whose it is.";
        repository: Type::Text, "Its name, without the organisation.";
        branch: Type::Text, "The branch; the usual one if missing.";
        auxiliary: Type::Truth, "Whether it is only a help.";
        work_dir: Type::Truth, "Whether the job starts in it.";
        path_alias: Type::Text, "Under which path of imports.";
    }
}

words! {
    /// What can be said of another job of the same name.
    TWIN = "twin" {
        id: Type::Text, "What it is called here.";
        kind: Type::Text, "What sets it off.";
        path: Type::Text, "The file it stands in.";
        repository: Type::Text, "The repository whose changes set it off.";
        max_concurrency: Type::Number, "How often it may run at once; 0 is any number.";
        cluster: Type::Text, "The cluster it runs on.";
        dashboards: TEXTS, "The dashboards that show it.";
        earlier: Type::Truth, "Whether it is read before this one.";
        required: Type::Truth, "Whether a change must pass it.";
        automatic: Type::Truth, "Whether some change sets it off without anybody asking.";
        branches: TEXTS, "The branches it is for, as patterns.";
    }
}

words! {
    /// What can be said of a preset.
    PRESET = "preset" {
        id: Type::Text, "Its labels, as `key: value`.";
        labels: BY_NAME, "The labels that ask for it.";
        env: BY_NAME, "The variables it adds.";
        volumes: Type::List(&OF_VOLUME), "The volumes it adds.";
        mounts: Type::List(&OF_MOUNT), "The mounts it adds.";
        secrets: TEXTS, "The secrets it gives.";
        tolerations: TEXTS, "The keys of taints that it keeps from keeping jobs away.";
        jobs: Type::Number, "How many jobs are given it.";
    }
}

words! {
    /// What can be said of a table of results on a dashboard.
    TAB = "tab" {
        id: Type::Text, "The dashboard and the tab, with a `#` between them.";
        name: Type::Text, "What it is called.";
        dashboard: Type::Text, "The dashboard it is on.";
        groups: TEXTS, "The groups of dashboards that the dashboard is in.";
        results: Type::Text, "The results it shows: the name of a job, in most cases.";
        declared: Type::Truth, "Whether the dashboard declares it; otherwise a job asks for it.";
        jobs: Type::Number, "How many jobs have results of that name.";
        description: Type::Text, "What it is about.";
        alert_addresses: TEXTS, "Who is told when it fails, by its own words and the job's.";
        days: Type::Number, "For how many days results are shown, where that is declared.";
        failures_to_alert: Type::Number, "After how many failures somebody is told, where that is declared.";
    }
}
