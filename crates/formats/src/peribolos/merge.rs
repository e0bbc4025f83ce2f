//! The parts of one organisation to items of the estate.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use base::{Diagnostic, Severity, Span, Spanned};
use estate::kinds::{
    Grant, Group, Organisation, OrganisationSettings, Person, Privacy, Repository, Team, Visibility,
};
use estate::{Draft, Item, Ref, Sighting};
use yaml::Map;

use super::config::{OrgConfig, RepoConfig, TeamConfig, TeamPrivacy};
use crate::codes;
use crate::shards::Rule;

/// The file that teams stand in. By default it may grant anything and nobody answers for it.
#[derive(Default)]
pub(super) struct Origin<'r> {
    /// What it may grant, where that is restricted.
    pub(super) rule: Option<&'r Rule>,
    /// Its path, as the rules name it.
    pub(super) path: String,
    /// The group that answers for it.
    pub(super) owner: Option<Ref<Group>>,
}

/// One organisation while its files are merged.
pub(super) struct Merge<'d> {
    pub(super) draft: &'d mut Draft,
    org: String,
    /// Where each team of the organisation is declared, by its name without case.
    declared: HashMap<String, Spanned<String>>,
    former: Vec<(Spanned<String>, String)>,
}

impl<'d> Merge<'d> {
    pub(super) fn of(org: &str, draft: &'d mut Draft) -> Self {
        // A file that could not be decoded does not make its organisation unknown.
        draft.tables.organisations.mark_broken(org);
        Self {
            draft,
            org: org.to_owned(),
            declared: HashMap::new(),
            former: Vec::new(),
        }
    }

    /// Adds the organisation; gives back the teams that stand in its own file.
    pub(super) fn organisation(&mut self, config: OrgConfig, span: Span) -> Map<TeamConfig> {
        self.people([&config.admins, &config.members]);
        let mut repositories = Map::default();
        for (name, repo) in config.repos.entries {
            let repository = self.repository(&name, repo);
            repositories.entries.push((name, repository));
        }
        let settings = OrganisationSettings {
            billing_email: config.billing_email,
            company: config.company,
            email: config.email,
            location: config.location,
            has_organization_projects: config.has_organization_projects,
            has_repository_projects: config.has_repository_projects,
            default_repository_permission: config.default_repository_permission,
            members_can_create_repositories: config.members_can_create_repositories,
        };
        let value = Organisation {
            title: config.name,
            description: config.description,
            admins: config.admins,
            members: config.members,
            settings,
            repositories,
            apps: Map::default(),
        };
        let item = Item {
            name: self.org.clone(),
            span,
            value,
        };
        self.draft
            .tables
            .organisations
            .add(item, &mut self.draft.findings);
        config.teams
    }

    fn repository(&mut self, name: &Spanned<String>, repo: RepoConfig) -> Repository {
        if let (Some(private), Some(visibility)) = (&repo.private, &repo.visibility) {
            let message = format!("`{}/{name}` has both `private` and `visibility`", self.org);
            let finding = Diagnostic::new(&codes::PERIBOLOS_REPO_VISIBILITY, private.span, message);
            let finding = finding
                .related(visibility.span, "and this")
                .help("remove `private`");
            self.draft.findings.push(finding);
        }
        for (login, _) in &repo.collaborators.entries {
            let person = Ref::new(login.value.clone(), login.span);
            self.draft.sightings.push(Sighting::of(&person));
        }
        Repository {
            visibility: visibility(&repo),
            description: repo.description,
            homepage: repo.homepage,
            has_issues: repo.has_issues,
            has_projects: repo.has_projects,
            has_wiki: repo.has_wiki,
            allow_squash_merge: repo.allow_squash_merge,
            allow_merge_commit: repo.allow_merge_commit,
            allow_rebase_merge: repo.allow_rebase_merge,
            squash_merge_commit_title: repo.squash_merge_commit_title,
            squash_merge_commit_message: repo.squash_merge_commit_message,
            default_branch: repo.default_branch,
            archived: repo.archived,
            previously: repo.previously,
            on_create: repo.on_create,
            fork_from: repo.fork_from,
            default_branch_only: repo.default_branch_only,
            collaborators: repo.collaborators,
            branches: Map::default(),
        }
    }

    /// Adds the teams of a file.
    pub(super) fn teams(&mut self, teams: Map<TeamConfig>, origin: &Origin<'_>) {
        for (name, config) in teams.entries {
            self.team(&name, config, None, origin);
        }
    }

    fn team(
        &mut self,
        name: &Spanned<String>,
        config: TeamConfig,
        parent: Option<Ref<Team>>,
        origin: &Origin<'_>,
    ) {
        let full_name = format!("{}/{name}", self.org);
        self.people([&config.maintainers, &config.members]);
        self.restrict(name, &config, parent.is_some(), origin);
        for former in &config.previously {
            self.former.push((former.clone(), name.value.clone()));
        }
        let privacy = privacy(&config, parent.is_some());
        for (child, config) in config.teams.entries {
            let parent = Ref::new(full_name.clone(), name.span);
            self.team(&child, config, Some(parent), origin);
        }
        if !self.declare(name) {
            return;
        }
        let grant = |(repository, permission): (Spanned<String>, _)| {
            let repository = Spanned::new(format!("{}/{repository}", self.org), repository.span);
            Grant::new(repository, permission)
        };
        let value = Team {
            title: Some(name.value.clone()),
            description: config.description,
            organisation: Some(Ref::new(self.org.clone(), name.span)),
            owner: origin.owner.clone(),
            parent,
            privacy,
            maintainers: config.maintainers,
            members: config.members,
            include: Vec::new(),
            temporary: Vec::new(),
            roles: Vec::new(),
            directory_group: None,
            grants: config.repos.entries.into_iter().map(grant).collect(),
            previously: config
                .previously
                .into_iter()
                .map(|former| former.value)
                .collect(),
        };
        let item = Item {
            name: full_name,
            span: name.span,
            value,
        };
        self.draft.tables.teams.add(item, &mut self.draft.findings);
    }

    /// Takes a name; reports one that is taken.
    fn declare(&mut self, name: &Spanned<String>) -> bool {
        let earlier = match self.declared.entry(name.to_lowercase()) {
            Entry::Occupied(earlier) => earlier.get().span,
            Entry::Vacant(free) => {
                free.insert(name.clone());
                return true;
            }
        };
        let message = format!("the team `{name}` of `{}` is declared twice", self.org);
        let finding = Diagnostic::new(&codes::PERIBOLOS_TEAM_TWICE, name.span, message)
            .related(earlier, "first declared here")
            .about(format!("team/{}/{name}", self.org))
            .help("merge the two, or rename one; the merge would keep only one of them");
        self.draft.findings.push(finding);
        false
    }

    /// Takes note of people. That they stand in two lists is for the charter to say.
    fn people(&mut self, lists: [&[Ref<Person>]; 2]) {
        let people = lists.into_iter().flatten();
        self.draft.sightings.extend(people.map(Sighting::of));
    }

    fn restrict(
        &mut self,
        team: &Spanned<String>,
        config: &TeamConfig,
        nested: bool,
        origin: &Origin<'_>,
    ) {
        let Some(rule) = origin.rule else { return };
        for (repository, _) in &config.repos.entries {
            if !rule.forbids(repository) {
                continue;
            }
            let message = format!("{} may not grant `{repository}` to `{team}`", origin.path);
            let mut finding =
                Diagnostic::new(&codes::PERIBOLOS_RESTRICTED, repository.span, message);
            if nested {
                finding.severity = Severity::Warning;
            }
            let finding = finding
                .related(rule.path.span, "this rule decides")
                .about(format!("team/{}/{team}", self.org))
                .help("move the grant to the file that may make it, or allow it there");
            self.draft.findings.push(finding);
        }
    }

    /// Reports former names that lead to two teams, once all names are known.
    pub(super) fn finish(self) {
        let mut claimed: HashMap<String, Spanned<String>> = HashMap::new();
        for (former, team) in self.former {
            let key = former.to_lowercase();
            let rival = self.declared.get(&key).or_else(|| claimed.get(&key));
            if let Some(rival) = rival {
                let message = format!("`{former}`, the former name of `{team}`, is taken");
                let finding = Diagnostic::new(&codes::PERIBOLOS_FORMER_NAME, former.span, message)
                    .related(rival.span, "here it is in use")
                    .about(format!("team/{}/{team}", self.org))
                    .help("remove it from `previously`, or rename the other");
                self.draft.findings.push(finding);
            }
            claimed.entry(key).or_insert(former);
        }
    }
}

/// Who can see a repository, in the new words or the old; where it is said in both, the new.
fn visibility(repo: &RepoConfig) -> Option<Visibility> {
    let old = |private: &Spanned<bool>| {
        if private.value {
            Visibility::Private
        } else {
            Visibility::Public
        }
    };
    let new = repo.visibility.as_ref().map(|visibility| visibility.value);
    new.or_else(|| repo.private.as_ref().map(old))
}

/// Where nothing is said, GitHub's own default: families are visible, other teams secret.
fn privacy(config: &TeamConfig, nested: bool) -> Privacy {
    let family = nested || !config.teams.is_empty();
    match (config.privacy, family) {
        (Some(TeamPrivacy::Closed), _) | (None, true) => Privacy::Visible,
        (Some(TeamPrivacy::Secret), _) | (None, false) => Privacy::Secret,
    }
}
