//! Organisations: homes of repositories and teams on a forge.

use base::Spanned;
use yaml::{Map, choice, record};

use super::{Kind, KindId, Permission, Person};
use crate::reference::{Ref, References, Relation};

record! {
    /// A home of repositories and teams on a forge.
    pub struct Organisation {
        /// What people call it.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// Who may do everything.
        pub admins: Vec<Ref<Person>>,
        /// Who else belongs to it.
        pub members: Vec<Ref<Person>>,
        /// How it is set up; what is not said is left as it is.
        pub settings: OrganisationSettings = OrganisationSettings::default(),
        /// Its repositories by name, as far as they are declared.
        pub repositories: Map<Repository>,
        /// The programs installed in it by name, each with what it may reach.
        pub apps: Map<App>,
    }
}

record! {
    /// How an organisation is set up.
    #[derive(Default)]
    pub struct OrganisationSettings {
        /// Where bills go.
        pub billing_email: Option<String>,
        /// Shown on its page.
        pub company: Option<String>,
        /// Shown on its page.
        pub email: Option<String>,
        /// Shown on its page.
        pub location: Option<String>,
        /// Whether it has projects.
        pub has_organization_projects: Option<bool>,
        /// Whether its repositories may have projects.
        pub has_repository_projects: Option<bool>,
        /// What members may do to any repository.
        pub default_repository_permission: Option<DefaultPermission>,
        /// Whether members may make repositories.
        pub members_can_create_repositories: Option<bool>,
    }
}

choice! {
    /// What members may do to any repository of their organisation.
    pub enum DefaultPermission {
        /// Nothing.
        None = "none",
        /// See and copy it.
        Read = "read",
        /// Change it.
        Write = "write",
        /// Everything.
        Admin = "admin",
    }
}

record! {
    /// A repository; what is not said is left as it is.
    #[derive(Default)]
    pub struct Repository {
        /// What it is.
        pub description: Option<String>,
        /// Where its page is.
        pub homepage: Option<String>,
        /// Who can see it.
        pub visibility: Option<Visibility>,
        /// Whether it has issues.
        pub has_issues: Option<bool>,
        /// Whether it has projects.
        pub has_projects: Option<bool>,
        /// Whether it has a wiki.
        pub has_wiki: Option<bool>,
        /// A way to merge.
        pub allow_squash_merge: Option<bool>,
        /// A way to merge.
        pub allow_merge_commit: Option<bool>,
        /// A way to merge.
        pub allow_rebase_merge: Option<bool>,
        /// How squashed commits are called.
        pub squash_merge_commit_title: Option<String>,
        /// What squashed commits say.
        pub squash_merge_commit_message: Option<String>,
        /// The branch that is shown.
        pub default_branch: Option<String>,
        /// Whether it is closed.
        pub archived: Option<bool>,
        /// Names it had before.
        pub previously: Vec<String>,
        /// What to do when it is made.
        pub on_create: Option<RepositoryCreation>,
        /// The repository it is made from, as `organisation/name`.
        pub fork_from: Option<String>,
        /// Whether only that one's default branch is taken.
        pub default_branch_only: Option<bool>,
        /// Who may do what without a team, by login.
        pub collaborators: Map<Permission>,
        /// What may not be done to a branch, by its name.
        pub branches: Map<BranchRules>,
    }
}

choice! {
    /// Who can see a repository.
    pub enum Visibility {
        /// Everybody.
        Public = "public",
        /// Whom it is granted to.
        Private = "private",
        /// Everybody in the enterprise.
        Internal = "internal",
    }
}

record! {
    /// What to do when a repository is made.
    #[derive(Default)]
    pub struct RepositoryCreation {
        /// Whether it begins with a commit.
        pub auto_init: Option<bool>,
        /// What its `.gitignore` is made from.
        pub gitignore_template: Option<String>,
        /// What its licence is made from.
        pub license_template: Option<String>,
    }
}

record! {
    /// What may not be done to a branch.
    #[derive(Default)]
    pub struct BranchRules {
        /// How many must approve what is merged.
        pub required_approvals: u32 = 0,
        /// Whether an approval is gone when the change is another.
        pub dismiss_stale_approvals: bool = false,
        /// Checks that must pass.
        pub required_checks: Vec<String>,
        /// Whether the rules bind administrators too.
        pub binds_admins: bool = false,
        /// Whether history may be overwritten.
        pub allow_force_pushes: bool = false,
        /// Whether it may be deleted.
        pub allow_deletions: bool = false,
        /// The teams of the organisation that may push; with people, all that may.
        pub push_teams: Vec<String>,
        /// The people who may push, by login.
        pub push_people: Vec<String>,
    }
}

record! {
    /// A program installed in an organisation.
    #[derive(Default)]
    pub struct App {
        /// The repositories that it may reach, by name.
        pub repositories: Vec<Spanned<String>>,
    }
}

impl Kind for Organisation {
    const NAME: &'static str = "organisation";
    const FOLDER: &'static str = "organisations";
    const ID: KindId = KindId::Organisation;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.admins, Relation::HasMaintainer);
        names.each(&self.members, Relation::HasMember);
    }
}

impl Organisation {
    /// Everybody in it: admins, then members.
    pub fn people(&self) -> impl Iterator<Item = &Ref<Person>> {
        self.admins.iter().chain(&self.members)
    }
}
