//! What each field of each type is, from the world.

mod lists;
mod protection;
mod repository;

use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::run::{Connection, Part, Runner};
use crate::fakes::github::rest::render::{node_id, of_node_id, time};
use crate::fakes::github::rest::sees;
use crate::fakes::github::world::{
    Account, Invitation, Org, Permission, Privacy, Repo, Role, Team, World,
};

/// Something that has fields.
#[derive(Debug, Clone)]
pub(super) enum Thing<'a> {
    Query,
    RateLimit,
    User(&'a Account),
    Org(&'a Org),
    Team(&'a Org, &'a Team),
    Repo(&'a Repo),
    Invitation(&'a Org, &'a Invitation),
    /// The protection of a branch.
    Rule(&'a Repo, &'a str, &'a Value),
    /// A branch.
    Branch(&'a Repo, String),
    /// A check that has to succeed: its member of `PUT .../protection`.
    Check(String, Option<i64>),
    App(i64, String),
    /// Somebody whom a rule exempts.
    Allowance(String, Box<Thing<'a>>),
    /// Why somebody may do something with a repository.
    Source(&'a Org, Permission, Box<Thing<'a>>),
    Part(Rc<Part<'a>>),
    Edge(Rc<Part<'a>>, usize),
    PageInfo(Rc<Part<'a>>),
}

/// What a field is.
#[derive(Debug, Clone)]
pub(super) enum Got<'a> {
    Value(Value),
    Nothing,
    Thing(Thing<'a>),
    List(Vec<Thing<'a>>),
    Connection(Connection<'a>),
}

impl Thing<'_> {
    /// The type, where the field alone does not say it.
    pub(super) fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Query => "Query",
            Self::RateLimit => "RateLimit",
            Self::User(_) => "User",
            Self::Org(_) => "Organization",
            Self::Team(..) => "Team",
            Self::Repo(_) => "Repository",
            Self::Invitation(..) => "OrganizationInvitation",
            Self::Rule(..) => "BranchProtectionRule",
            Self::Branch(..) => "Ref",
            Self::Check(..) => "RequiredStatusCheckDescription",
            Self::App(..) => "App",
            Self::Source(..) => "PermissionSource",
            Self::PageInfo(_) => "PageInfo",
            Self::Allowance(..) | Self::Part(_) | Self::Edge(..) => return None,
        })
    }
}

fn found(thing: Option<Thing<'_>>) -> Got<'_> {
    thing.map_or(Got::Nothing, Got::Thing)
}

/// The field of a thing. The query fits the schema, so that the last arm of each type stands
/// for what the world knows nothing of.
pub(super) fn resolve<'a>(
    runner: &mut Runner<'a, '_>,
    thing: &Thing<'a>,
    name: &str,
    given: &Map<String, Value>,
) -> Got<'a> {
    match thing {
        Thing::Query => query(runner, name, given),
        Thing::RateLimit => Got::Value(rate_limit(runner, name)),
        Thing::User(account) => Got::Value(user(runner, account, name)),
        Thing::Org(org) => organization(runner, org, name, given),
        Thing::Team(org, one) => team(runner, org, one, name, given),
        Thing::Repo(repo) => repository::field(runner, repo, name, given),
        Thing::Invitation(org, one) => invitation(runner.world, org, one, name),
        Thing::Rule(repo, branch, rule) => {
            protection::field(runner.world, repo, (branch, rule), name)
        }
        Thing::Branch(repo, branch) => Got::Value(match name {
            "name" => json!(branch),
            "prefix" => json!("refs/heads/"),
            _ => json!(format!("REF_{}_{branch}", repo.id)),
        }),
        Thing::Check(context, app) => match name {
            "context" => Got::Value(json!(context)),
            _ => found(app.map(|app| Thing::App(app, format!("app-{app}")))),
        },
        Thing::App(id, slug) => Got::Value(match name {
            "databaseId" => json!(id),
            "id" => json!(node_id("A", u64::try_from(*id).unwrap_or_default())),
            _ => json!(slug),
        }),
        Thing::Allowance(id, actor) => match name {
            "id" => Got::Value(json!(id)),
            _ => Got::Thing((**actor).clone()),
        },
        Thing::Source(org, permission, source) => match name {
            "organization" => Got::Thing(Thing::Org(org)),
            "source" => Got::Thing((**source).clone()),
            "roleName" => Got::Value(json!(permission.role_name())),
            // Triage and maintain are shown as what they build on.
            _ => Got::Value(json!(match permission {
                Permission::Pull | Permission::Triage => "READ",
                Permission::Push | Permission::Maintain => "WRITE",
                Permission::Admin => "ADMIN",
            })),
        },
        Thing::Part(_) | Thing::Edge(..) | Thing::PageInfo(_) => Got::Nothing,
    }
}

fn query<'a>(runner: &mut Runner<'a, '_>, name: &str, given: &Map<String, Value>) -> Got<'a> {
    let world = runner.world;
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let missing = |runner: &mut Runner<'a, '_>, what: &str, name: &str| {
        let message = format!("Could not resolve to {what} '{name}'.");
        runner.not_found(&message);
        Got::Nothing
    };
    match name {
        "viewer" => found(world.accounts.get(&runner.actor).map(Thing::User)),
        "rateLimit" => Got::Thing(Thing::RateLimit),
        "organization" => match world.org(text("login")) {
            Some(org) => Got::Thing(Thing::Org(org)),
            None => missing(runner, "an Organization with the login of", text("login")),
        },
        "user" => match world.account(text("login")) {
            Some(account) => Got::Thing(Thing::User(account)),
            None => missing(runner, "a User with the login of", text("login")),
        },
        "repository" => {
            let full_name = format!("{}/{}", text("owner"), text("name"));
            let follow = given.get("followRenames") == Some(&Value::Bool(true));
            match visible_repo(runner, &full_name, follow) {
                Some(repo) => Got::Thing(Thing::Repo(repo)),
                None => missing(runner, "a Repository with the name", &full_name),
            }
        }
        _ => match node(world, text("id")) {
            Some(thing) => Got::Thing(thing),
            None => missing(runner, "a node with the global id of", text("id")),
        },
    }
}

/// The repository of this name, also a former one, if it may be seen.
fn visible_repo<'a>(runner: &Runner<'a, '_>, full_name: &str, follow: bool) -> Option<&'a Repo> {
    let world = runner.world;
    let moved = || {
        let id = world.redirects.get(&full_name.to_ascii_lowercase());
        world.repos.get(id.filter(|_| follow)?)
    };
    let repo = world.repo(full_name).or_else(moved)?;
    let open = repo.visibility == "public";
    (open || world.reach(repo).contains_key(&runner.actor)).then_some(repo)
}

fn node<'a>(world: &'a World, id: &str) -> Option<Thing<'a>> {
    let (prefix, id) = of_node_id(id)?;
    match prefix {
        "U" => world.accounts.get(&id).map(Thing::User),
        "O" => world.orgs.get(&id).map(Thing::Org),
        "R" => world.repos.get(&id).map(Thing::Repo),
        "T" => world
            .orgs
            .values()
            .find_map(|org| Some(Thing::Team(org, org.teams.get(&id)?))),
        _ => None,
    }
}

fn rate_limit(runner: &Runner<'_, '_>, name: &str) -> Value {
    let (left, cost) = (runner.left, runner.query.cost());
    match name {
        "cost" => json!(cost),
        "limit" => json!(left.limit),
        "nodeCount" => json!(runner.query.nodes),
        "remaining" => json!(left.remaining().saturating_sub(cost)),
        "used" => json!(left.used + cost),
        _ => json!(time(left.reset)),
    }
}

fn user(runner: &Runner<'_, '_>, account: &Account, name: &str) -> Value {
    match name {
        "id" => json!(node_id("U", account.id)),
        "databaseId" => json!(account.id),
        "login" => json!(account.login),
        "name" => json!(account.name),
        // An address that is not shown is an empty one here, not null.
        "email" => json!(account.email.as_deref().unwrap_or_default()),
        "url" => json!(format!("https://github.com/{}", account.login)),
        "isViewer" => json!(account.id == runner.actor),
        _ => json!("2011-01-25T18:44:36Z"),
    }
}

fn organization<'a>(
    runner: &mut Runner<'a, '_>,
    org: &'a Org,
    name: &str,
    given: &Map<String, Value>,
) -> Got<'a> {
    let setting = |name: &str| org.settings.get(name).cloned().unwrap_or_default();
    let owner = org.members.get(&runner.actor) == Some(&Role::Owner);
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    let on = |name: &str| json!(setting(name) == json!(true));
    Got::Value(match name {
        "id" => json!(node_id("O", org.id)),
        "databaseId" => json!(org.id),
        "login" => json!(org.login),
        "name" | "description" | "location" => setting(name),
        "email" => setting("email"),
        "websiteUrl" => setting("blog"),
        "twitterUsername" => setting("twitter_username"),
        "organizationBillingEmail" if owner => setting("billing_email"),
        "organizationBillingEmail" => Value::Null,
        "url" => json!(format!("https://github.com/{}", org.login)),
        "membersCanForkPrivateRepositories" => on("members_can_fork_private_repositories"),
        "webCommitSignoffRequired" => on("web_commit_signoff_required"),
        "requiresTwoFactorAuthentication" => on("two_factor_requirement_enabled"),
        "viewerCanAdminister" => json!(owner),
        "viewerIsAMember" => json!(org.members.contains_key(&runner.actor)),
        "viewerCanCreateRepositories" | "viewerCanCreateTeams" => json!(owner),
        "isVerified" => json!(false),
        "archivedAt" => json!(org.archived.then(|| time(runner.world.now))),
        "createdAt" => json!("2008-05-11T04:37:31Z"),
        "team" => {
            let team = org.team(text("slug"));
            let team = team.filter(|team| sees(org, team, runner.actor));
            return found(team.map(|team| Thing::Team(org, team)));
        }
        "repository" => {
            let full_name = format!("{}/{}", org.login, text("name"));
            let follow = given.get("followRenames") == Some(&Value::Bool(true));
            return found(visible_repo(runner, &full_name, follow).map(Thing::Repo));
        }
        _ => return Got::Connection(lists::of_org(runner, org, name, given)),
    })
}

fn team<'a>(
    runner: &mut Runner<'a, '_>,
    org: &'a Org,
    team: &'a Team,
    name: &str,
    given: &Map<String, Value>,
) -> Got<'a> {
    let owner = org.members.get(&runner.actor) == Some(&Role::Owner);
    Got::Value(match name {
        "id" => json!(node_id("T", team.id)),
        "databaseId" => json!(team.id),
        "name" => json!(team.name),
        "slug" => json!(team.slug),
        "combinedSlug" => json!(format!("{}/{}", org.login, team.slug)),
        "description" => json!(team.description),
        "privacy" => json!(match team.privacy {
            Privacy::Secret => "SECRET",
            Privacy::Closed => "VISIBLE",
        }),
        "notificationSetting" => json!(if team.notifies {
            "NOTIFICATIONS_ENABLED"
        } else {
            "NOTIFICATIONS_DISABLED"
        }),
        "url" => json!(format!(
            "https://github.com/orgs/{}/teams/{}",
            org.login, team.slug
        )),
        "viewerCanAdminister" => json!(owner),
        "createdAt" | "updatedAt" => json!(time(runner.world.now)),
        "organization" => return Got::Thing(Thing::Org(org)),
        "parentTeam" => {
            let parent = team.parent.and_then(|id| org.teams.get(&id));
            return found(parent.map(|parent| Thing::Team(org, parent)));
        }
        _ => return Got::Connection(lists::of_team(runner, (org, team), name, given)),
    })
}

fn invitation<'a>(world: &'a World, org: &'a Org, one: &'a Invitation, name: &str) -> Got<'a> {
    let user = |id: u64| found(world.accounts.get(&id).map(Thing::User));
    Got::Value(match name {
        "id" => json!(node_id("OI", one.id)),
        "email" => json!(one.email),
        "createdAt" => json!(time(one.created)),
        "invitationSource" => json!("MEMBER"),
        "invitationType" if one.account.is_some() => json!("USER"),
        "invitationType" => json!("EMAIL"),
        "role" => json!(match one.role {
            Role::Owner => "ADMIN",
            Role::Member => "DIRECT_MEMBER",
        }),
        "organization" => return Got::Thing(Thing::Org(org)),
        "invitee" => return one.account.map_or(Got::Nothing, user),
        _ => return user(one.inviter),
    })
}
