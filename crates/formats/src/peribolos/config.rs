//! The file as Peribolos knows it (`pkg/config/org/org.go` of prow).

use base::Spanned;
use estate::Ref;
use estate::kinds::{DefaultPermission, Permission, Person, RepositoryCreation, Visibility};
use yaml::{Map, choice, record};

record! {
    /// All organisations in one file, as prow reads them.
    pub struct FullConfig {
        /// By name.
        pub orgs: Map<OrgConfig>,
    }
}

record! {
    /// A part of an organisation in a folder of its own. The merge takes its
    /// teams and drops all else in silence, so all else is refused here.
    pub struct Shard {
        /// By name.
        pub teams: Map<TeamConfig>,
    }
}

record! {
    /// An organisation.
    pub struct OrgConfig {
        /// Where bills go.
        pub billing_email: Option<String>,
        /// Shown on its page.
        pub company: Option<String>,
        /// Shown on its page.
        pub email: Option<String>,
        /// What people call it.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// Shown on its page.
        pub location: Option<String>,
        /// Whether it has projects.
        pub has_organization_projects: Option<bool>,
        /// Whether its repositories may have projects.
        pub has_repository_projects: Option<bool>,
        /// What members may do to any repository.
        pub default_repository_permission: Option<DefaultPermission>,
        /// Whether members may create repositories.
        pub members_can_create_repositories: Option<bool>,
        /// Who may do everything.
        pub admins: Vec<Ref<Person>>,
        /// Who else is in it.
        pub members: Vec<Ref<Person>>,
        /// By name.
        pub teams: Map<TeamConfig>,
        /// By name.
        pub repos: Map<RepoConfig>,
    }
}

record! {
    /// A team.
    pub struct TeamConfig {
        /// What it is for.
        pub description: Option<String>,
        /// Who can see it.
        pub privacy: Option<TeamPrivacy>,
        /// Names it had before.
        pub previously: Vec<Spanned<String>>,
        /// Who is in it.
        pub members: Vec<Ref<Person>>,
        /// Who may change its membership.
        pub maintainers: Vec<Ref<Person>>,
        /// Its parts, by name.
        pub teams: Map<TeamConfig>,
        /// What it may do, by repository of the organisation.
        pub repos: Map<Permission>,
    }
}

choice! {
    /// Who can see a team.
    pub enum TeamPrivacy {
        /// Everybody in the organisation.
        Closed = "closed",
        /// Its members.
        Secret = "secret",
    }
}

record! {
    /// A repository.
    pub struct RepoConfig {
        /// What it is.
        pub description: Option<String>,
        /// Where its page is.
        pub homepage: Option<String>,
        /// The old way to say `visibility`.
        pub private: Option<Spanned<bool>>,
        /// Who can see it.
        pub visibility: Option<Spanned<Visibility>>,
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
        /// The repository it is made from.
        pub fork_from: Option<String>,
        /// Whether only that one's default branch is taken.
        pub default_branch_only: Option<bool>,
        /// Who may do what without a team, by login.
        pub collaborators: Map<Permission>,
    }
}

record! {
    /// What each file may grant.
    pub struct RestrictionsFile {
        /// In the order in which they are asked.
        pub restrictions: Vec<Restriction>,
    }
}

record! {
    /// What the files of a path may grant.
    pub struct Restriction {
        /// A glob over paths below the folder of organisations.
        pub path: Spanned<String>,
        /// Patterns of names of repositories; none at all forbids every grant.
        pub allowed_repos as "allowedRepos": Vec<Spanned<String>>,
    }
}
