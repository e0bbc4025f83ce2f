//! What is true at the made-up GitHub: accounts, organisations, teams, repositories.
//!
//! Names are looked up without case and kept with it. Numbers of accounts and organisations
//! are of one sequence, as they are at GitHub. Nothing here knows HTTP.

mod invite;
mod reach;
pub(super) mod seed;
pub(super) mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

pub use snapshot::Snapshot;

/// What somebody is in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `member`.
    Member,
    /// An owner: `admin` to the REST interface.
    Owner,
}

/// What somebody is in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TeamRole {
    /// `member`.
    Member,
    /// `maintainer`.
    Maintainer,
}

/// Who sees a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Owners and its members: `secret`.
    Secret,
    /// All members of the organisation: `closed`, or `VISIBLE` to GraphQL.
    Closed,
}

/// What may be done with a repository, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// `pull`, or `read`.
    Pull,
    /// `triage`.
    Triage,
    /// `push`, or `write`.
    Push,
    /// `maintain`.
    Maintain,
    /// `admin`.
    Admin,
}

impl Permission {
    /// All of them, in rising order.
    pub const ALL: [Self; 5] = [
        Self::Pull,
        Self::Triage,
        Self::Push,
        Self::Maintain,
        Self::Admin,
    ];

    /// As requests name it: `pull`, `triage`, `push`, `maintain`, `admin`.
    pub fn name(self) -> &'static str {
        ["pull", "triage", "push", "maintain", "admin"][self as usize]
    }

    /// As `role_name` and invitations name it: `read`, `triage`, `write`, `maintain`, `admin`.
    pub fn role_name(self) -> &'static str {
        ["read", "triage", "write", "maintain", "admin"][self as usize]
    }

    /// The one with this name, of either kind.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.name() == name || one.role_name() == name)
    }
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number, which never changes.
    pub id: u64,
    /// Its login, with its case.
    pub login: String,
    /// The name that the person shows.
    pub name: Option<String>,
    /// The address that the person shows.
    pub email: Option<String>,
    /// Whether it signs in with two factors.
    pub two_factor: bool,
    /// What it is authorised with, where it has a token.
    pub token: Option<String>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Org {
    /// Its number.
    pub id: u64,
    /// Its login, with its case.
    pub login: String,
    /// What `PATCH /orgs/{org}` takes, by the names it takes it.
    pub settings: Map<String, Value>,
    /// Members, by account.
    pub members: BTreeMap<u64, Role>,
    /// Invitations that wait for an answer, by number.
    pub invitations: BTreeMap<u64, Invitation>,
    /// Invitations that came to nothing, by number.
    pub failed: BTreeMap<u64, Invitation>,
    /// Teams, by number.
    pub teams: BTreeMap<u64, Team>,
    /// Accounts that the organisation blocked.
    pub blocked: BTreeSet<u64>,
    /// Whether it is archived, which leaves it readable only.
    pub archived: bool,
}

/// An invitation to an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its number.
    pub id: u64,
    /// Who is invited, if by account.
    pub account: Option<u64>,
    /// Who is invited, if by address.
    pub email: Option<String>,
    /// As what.
    pub role: Role,
    /// Who invited, by account.
    pub inviter: u64,
    /// The teams that the invited joins with the organisation.
    pub teams: BTreeMap<u64, TeamRole>,
    /// When it was sent, in seconds since 1970.
    pub created: i64,
    /// When it came to nothing, and why.
    pub failed: Option<(i64, String)>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its number.
    pub id: u64,
    /// Its name, as it was given.
    pub name: String,
    /// What it is called in paths; made of the name.
    pub slug: String,
    /// What it is for.
    pub description: Option<String>,
    /// Who sees it.
    pub privacy: Privacy,
    /// Whether its mention notifies its members.
    pub notifies: bool,
    /// The team it is a part of.
    pub parent: Option<u64>,
    /// Its own members, by account: not those of teams below it.
    pub members: BTreeMap<u64, TeamRole>,
    /// What it was given itself, by repository: not what it inherits.
    pub repos: BTreeMap<u64, Permission>,
    /// What a repository is given with when nothing is said: `permission` of the team.
    pub default_permission: Permission,
}

/// A repository of an organisation or of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Repo {
    /// Its number.
    pub id: u64,
    /// The number of the organisation or account that it belongs to.
    pub owner: u64,
    /// Its name, with its case.
    pub name: String,
    /// What `PATCH /repos/{owner}/{repo}` takes, by the names it takes it, without `name`,
    /// `archived`, `private` and `visibility`.
    pub settings: Map<String, Value>,
    /// `public`, `private` or `internal`.
    pub visibility: String,
    /// Whether it is archived: nothing but that can be changed then.
    pub archived: bool,
    /// Its branches. An empty repository has none.
    pub branches: BTreeSet<String>,
    /// Those who were given something by themselves, by account.
    pub collaborators: BTreeMap<u64, Permission>,
    /// Invitations of collaborators, by number.
    pub invitations: BTreeMap<u64, RepoInvitation>,
    /// What protects its branches: the body of `PUT .../protection`, by branch.
    pub protections: BTreeMap<String, Value>,
    /// The repository it was forked from.
    pub parent: Option<u64>,
}

/// An invitation to work on a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoInvitation {
    /// Its number.
    pub id: u64,
    /// Who is invited, by account.
    pub account: u64,
    /// Who invited, by account.
    pub inviter: u64,
    /// With what.
    pub permission: Permission,
    /// When it was sent, in seconds since 1970.
    pub created: i64,
    /// Whether it was not answered in seven days.
    pub expired: bool,
}

/// An app that is installed in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its number.
    pub id: u64,
    /// The number of the app.
    pub app_id: u64,
    /// What the app is called in addresses.
    pub app_slug: String,
    /// The organisation, by number.
    pub org: u64,
    /// The repositories it reaches; nothing means all.
    pub repos: Option<BTreeSet<u64>>,
}

/// Everything.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// Accounts, by number. A deleted one is not there.
    pub accounts: BTreeMap<u64, Account>,
    /// Organisations, by number.
    pub orgs: BTreeMap<u64, Org>,
    /// Repositories, by number.
    pub repos: BTreeMap<u64, Repo>,
    /// Installed apps, by number.
    pub installations: BTreeMap<u64, Installation>,
    /// Where repositories were before: `owner/name` in lower case, and the number.
    pub redirects: BTreeMap<String, u64>,
    /// What time it is there, in seconds since 1970. It stands still unless a test moves it.
    pub now: i64,
    last_id: u64,
}

/// Monday, 5 January 2026, 09:00 UTC.
const BEGINNING: i64 = 1_767_603_600;

impl Default for World {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            orgs: BTreeMap::new(),
            repos: BTreeMap::new(),
            installations: BTreeMap::new(),
            redirects: BTreeMap::new(),
            now: BEGINNING,
            last_id: 9_000_000,
        }
    }
}

/// Whether two names are the same to GitHub.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// What a team of this name is called in paths: lower case, with a dash for each run of
/// characters that are not letters, digits, dashes or underscores.
///
/// "My `TEam` Näme" becomes `my-team-name` in GitHub's reference; letters beyond ASCII that have
/// no plain twin become dashes here.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().map(plain) {
        let kept = letter.is_ascii_alphanumeric() || letter == '_';
        if kept {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A letter without its marks, for the commonest of western Europe.
fn plain(letter: char) -> char {
    match letter {
        'à'..='å' | 'À'..='Å' => 'a',
        'è'..='ë' | 'È'..='Ë' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' => 'i',
        'ò'..='ö' | 'Ò'..='Ö' => 'o',
        'ù'..='ü' | 'Ù'..='Ü' => 'u',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        other => other,
    }
}

impl World {
    /// A number that nothing has yet.
    pub(super) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The account with this login.
    pub fn account(&self, login: &str) -> Option<&Account> {
        self.accounts
            .values()
            .find(|account| same(&account.login, login))
    }

    /// The organisation with this login.
    pub fn org(&self, login: &str) -> Option<&Org> {
        self.orgs.values().find(|org| same(&org.login, login))
    }

    /// The team with this slug.
    pub fn team(&self, org: &str, slug: &str) -> Option<&Team> {
        self.org(org)?.team(slug)
    }

    /// The repository of this full name, `owner/name`. Former names are not looked up.
    pub fn repo(&self, full_name: &str) -> Option<&Repo> {
        let mut all = self.repos.values();
        all.find(|repo| same(&self.full_name(repo), full_name))
    }

    /// The login of an account or organisation; empty if there is none.
    pub fn login_of(&self, id: u64) -> &str {
        let account = self.accounts.get(&id).map(|account| &account.login);
        let login = account.or_else(|| self.orgs.get(&id).map(|org| &org.login));
        login.map_or("", String::as_str)
    }

    /// `owner/name`.
    pub fn full_name(&self, repo: &Repo) -> String {
        format!("{}/{}", self.login_of(repo.owner), repo.name)
    }
}

impl Org {
    /// The team with this slug.
    pub fn team(&self, slug: &str) -> Option<&Team> {
        self.teams.values().find(|team| same(&team.slug, slug))
    }

    /// The teams right below a team.
    pub fn children(&self, team: u64) -> impl Iterator<Item = &Team> {
        let all = self.teams.values();
        all.filter(move |one| one.parent == Some(team))
    }

    /// The teams below a team, to any depth, without itself.
    pub fn descendants(&self, team: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let mut open = vec![team];
        while let Some(id) = open.pop() {
            for child in self.children(id) {
                // A ring cannot be made through the interface, but by a test.
                if child.id != team && !found.contains(&child.id) {
                    found.push(child.id);
                    open.push(child.id);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The teams above a team, from its parent to the top.
    pub fn ancestors(&self, team: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let mut at = self.teams.get(&team).and_then(|team| team.parent);
        while let Some(id) = at.filter(|id| *id != team && !found.contains(id)) {
            found.push(id);
            at = self.teams.get(&id).and_then(|team| team.parent);
        }
        found
    }

    /// The invitation of an account that waits for an answer.
    pub fn invitation_of(&self, account: u64) -> Option<&Invitation> {
        let mut all = self.invitations.values();
        all.find(|invitation| invitation.account == Some(account))
    }
}
