//! Services: anything that runs or is hosted.

use base::Spanned;
use jiff::civil::Date;
use yaml::{choice, record};

use super::{Account, Group, Kind, KindId, Person, Team};
use crate::reference::{Ref, References, Relation};

record! {
    /// Anything that runs or is hosted: an app, a bot, a site, a zone, a bucket, a registry, a cluster, a data set.
    pub struct Service {
        /// What people call it.
        pub name: String,
        /// What it does, for whom, in a sentence.
        pub summary: String,
        /// Whether the project wrote it.
        pub kind: Build,
        /// What happens when it fails.
        pub criticality: Criticality = Criticality::Useful,
        /// The day it went into service; rules may be patient with a young service.
        pub started: Option<Date>,
        /// Where it runs.
        pub runs_at: Vec<Place>,
        /// The DNS names it is found under, for example `www.example.org`.
        pub hostnames: Vec<Spanned<String>>,
        /// Where its source is.
        pub source: Vec<SourceCode>,
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// The people who keep it running.
        pub staff: Vec<Ref<Person>>,
        /// What it cannot do without.
        pub depends_on: Vec<Dependency>,
        /// How it is changed.
        pub administration: Option<Administration>,
        /// Who is called when it fails.
        pub on_call: Option<OnCall>,
        /// What data it holds, and how they are kept.
        pub data: Option<Data>,
        /// What its users must be able to do, whatever happens.
        pub journeys: Vec<Journey>,
        /// The accounts that its costs are charged to, where they differ from those it runs at.
        pub cost_accounts: Vec<Ref<Account>>,
        /// Whence and whither it moves. Its state is computed from where it runs.
        pub migration: Option<ServiceMove>,
    }
}

choice! {
    /// Whether the project wrote a service.
    pub enum Build {
        /// Written by the project.
        Custom = "custom",
        /// Taken as it is, from a vendor or another project.
        OffTheShelf = "off-the-shelf",
    }
}

choice! {
    /// What happens when a service fails.
    pub enum Criticality {
        /// Users or releases are harmed at once.
        Critical = "critical",
        /// Contributors are held up.
        Important = "important",
        /// Somebody misses it.
        Useful = "useful",
    }
}

record! {
    /// Where a service runs.
    pub struct Place {
        /// The account, and so the provider and who holds the contract.
        pub account: Ref<Account>,
        /// The cluster in it.
        pub cluster: Option<String>,
        /// The region or zone in it.
        pub region: Option<String>,
        /// The name there: a namespace, a bucket, a host.
        pub resource: Option<String>,
    }
}

record! {
    /// Where a source is.
    pub struct SourceCode {
        /// The repository, as `organisation/name`, or its URL.
        pub repository: Spanned<String>,
        /// The folder in it.
        pub path: Option<String>,
    }
}

record! {
    /// Something that a service cannot do without.
    pub struct Dependency {
        /// The other service.
        pub service: Ref<Service>,
        /// How it depends.
        pub how: Edge,
        /// What for, where that is not plain.
        pub why: Option<String>,
        /// It goes on, if poorer, without the other.
        pub optional: bool = false,
    }
}

choice! {
    /// How one service depends on another.
    pub enum Edge {
        /// Calls its interface.
        Calls = "calls",
        /// Reads data it holds.
        Reads = "reads",
        /// Writes data it holds.
        Writes = "writes",
        /// Uses a credential it issues or keeps.
        Credential = "credential",
        /// Runs an image it serves.
        Image = "image",
        /// Is found under a name it serves.
        Dns = "dns",
        /// Runs on it: an app on a cluster, a page on a host.
        RunsOn = "runs-on",
        /// Is put into service by it; once there, it goes on without.
        DeploysBy = "deploys-by",
    }
}

record! {
    /// How a service is changed.
    pub struct Administration {
        /// The team whose members may.
        pub team: Option<Ref<Team>>,
        /// By which means.
        pub by: Means,
        /// What to do when it fails.
        pub runbook: Option<String>,
    }
}

choice! {
    /// By which means a service is changed.
    pub enum Means {
        /// A merge changes it.
        Gitops = "gitops",
        /// Somebody runs a script.
        Scripts = "scripts",
        /// Somebody clicks.
        Console = "console",
    }
}

record! {
    /// Who is called when a service fails.
    pub struct OnCall {
        /// Who takes turns.
        pub rota: Vec<Ref<Person>>,
        /// When they do, for example `business hours, Europe and Americas`; all the time if not said.
        pub hours: Option<String>,
        /// Who is called when they do not answer, in this order.
        pub escalation: Vec<EscalationStep>,
    }
}

record! {
    /// One step of an escalation. It names one person, group or service; a service stands for its own rota.
    pub struct EscalationStep {
        /// A person.
        pub person: Option<Ref<Person>>,
        /// The leads of a group.
        pub group: Option<Ref<Group>>,
        /// Whoever is called for a service.
        pub service: Option<Ref<Service>>,
        /// Minutes to wait before this step.
        pub after_minutes: u32 = 30,
    }
}

record! {
    /// The data a service holds.
    pub struct Data {
        /// What they are.
        pub holds: Spanned<String>,
        /// Who may see them.
        pub classification: Classification,
        /// How long they are kept, and why.
        pub retention: Option<String>,
        /// The copy from which they come back.
        pub backup: Option<Backup>,
    }
}

choice! {
    /// Who may see data.
    pub enum Classification {
        /// Everybody.
        Public = "public",
        /// Contributors.
        Internal = "internal",
        /// The owners: personal data, unpublished work.
        Confidential = "confidential",
        /// Named people: embargoed vulnerabilities, keys.
        Restricted = "restricted",
    }
}

record! {
    /// A copy of data in another place.
    pub struct Backup {
        /// Where the copy is.
        pub to: Spanned<String>,
        /// How often it is made.
        pub schedule: Option<String>,
        /// The day on which a restore from it was last seen to work.
        pub restore_tested: Option<Spanned<Date>>,
    }
}

record! {
    /// What users of a service must be able to do.
    pub struct Journey {
        /// What they do.
        pub name: Spanned<String>,
        /// The document that tells how it works and how it is tested.
        pub document: Option<String>,
    }
}

record! {
    /// A move from one holder to another.
    pub struct ServiceMove {
        /// The account it leaves.
        pub from: Ref<Account>,
        /// The account it goes to.
        pub to: Option<Ref<Account>>,
        /// Where the work is tracked.
        pub tracked_by: Option<String>,
        /// The day by which it should be done.
        pub due: Option<Spanned<Date>>,
    }
}

impl Kind for Service {
    const NAME: &'static str = "service";
    const FOLDER: &'static str = "services";
    const ID: KindId = KindId::Service;

    fn title(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(
            self.runs_at.iter().map(|place| &place.account),
            Relation::RunsAt,
        );
        names.each(&self.owner, Relation::OwnedBy);
        names.each(&self.staff, Relation::StaffedBy);
        for dependency in &self.depends_on {
            let relation = Relation::Depends {
                how: dependency.how,
                optional: dependency.optional,
            };
            names.because(&dependency.service, relation, dependency.why.as_deref());
        }
        names.each(
            self.administration.iter().filter_map(|by| by.team.as_ref()),
            Relation::AdministeredBy,
        );
        names.each(
            self.on_call.iter().flat_map(|on_call| &on_call.rota),
            Relation::Pages,
        );
        for step in self.on_call.iter().flat_map(|on_call| &on_call.escalation) {
            names.each(&step.person, Relation::EscalatesTo);
            names.each(&step.group, Relation::EscalatesTo);
            names.each(&step.service, Relation::EscalatesTo);
        }
        names.each(&self.cost_accounts, Relation::ChargedTo);
        names.each(
            self.migration.iter().map(|migration| &migration.from),
            Relation::MovesFrom,
        );
        names.each(
            self.migration
                .iter()
                .filter_map(|migration| migration.to.as_ref()),
            Relation::MovesTo,
        );
    }
}

/// How far a move has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// Nothing runs at the new place.
    NotStarted,
    /// It runs at both.
    UnderWay,
    /// Nothing runs at the old place.
    Done,
}

impl MigrationState {
    /// As it is shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::UnderWay => "under way",
            Self::Done => "done",
        }
    }
}

impl Service {
    /// How far its move has come, computed from where it runs; `None` if it has none.
    pub fn migration_state(&self) -> Option<MigrationState> {
        let migration = self.migration.as_ref()?;
        let runs_at =
            |account: &Ref<Account>| self.runs_at.iter().any(|place| place.account.same(account));
        let old = runs_at(&migration.from);
        let elsewhere = self
            .runs_at
            .iter()
            .any(|place| !place.account.same(&migration.from));
        Some(match (old, elsewhere) {
            (true, true) => MigrationState::UnderWay,
            (false, true) => MigrationState::Done,
            _ => MigrationState::NotStarted,
        })
    }

    /// Whether its loss, or the loss of what it holds, would be felt.
    pub fn holds_data_or_is_critical(&self) -> bool {
        self.data.is_some() || self.criticality == Criticality::Critical
    }
}
