//! The REST operations: who may do what, what it does, and what it answers.

mod collaborators;
mod installations;
mod members;
mod orgs;
mod protection;
pub(super) mod render;
mod repos;
mod teams;

use serde_json::{Map, Value, json};

pub(super) use teams::sees;

use super::description::{LONGEST_PAGE, Operation, USUAL_PAGE};
use super::world::{Org, Repo, Role, World, same};

/// A request that fits the description.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    /// Who asks, by account.
    pub(super) actor: u64,
    pub(super) operation: &'a Operation,
    pub(super) query: Vec<(String, String)>,
    /// The body; empty if there was none.
    pub(super) body: Map<String, Value>,
    /// What the client would like to have.
    pub(super) accept: String,
    /// Where we are: `http://127.0.0.1:PORT`.
    pub(super) base: &'a str,
}

/// What is answered, before it is shaped.
#[derive(Debug)]
pub(super) enum Reply {
    /// One thing.
    One(u16, Value),
    /// A page of things, and whether it stands in an object, under `total_count` and this name.
    Page(Page, Option<&'static str>),
    /// Nothing but a status.
    Empty(u16),
}

/// A part of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) items: Vec<Value>,
    pub(super) number: usize,
    pub(super) last: usize,
    pub(super) total: usize,
}

/// Why something is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) errors: Vec<Value>,
    /// A new address, where the refusal is that it moved.
    pub(super) moved: Option<String>,
}

pub(super) type Outcome = Result<Reply, Refusal>;

impl Refusal {
    pub(super) fn new(status: u16, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            errors: Vec::new(),
            moved: None,
        }
    }

    /// What is not there, or may not be known to be there.
    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// What only owners may do.
    pub(super) fn not_owner() -> Self {
        Self::new(403, "You must be an owner of this organization.")
    }

    /// A value that cannot be: `code` is `missing`, `missing_field`, `invalid`,
    /// `already_exists`, `unprocessable` or `custom` ("Troubleshooting", "Validation failed").
    pub(super) fn invalid(resource: &str, field: &str, code: &str, message: &str) -> Self {
        Self {
            status: 422,
            message: "Validation Failed".to_owned(),
            errors: vec![json!({
                "resource": resource, "field": field, "code": code, "message": message,
            })],
            moved: None,
        }
    }
}

/// Does what is asked.
pub(super) fn serve(call: &mut Call<'_>) -> Outcome {
    let template = call.operation.template.clone();
    let method = call.operation.method.clone();
    let path = template.as_str();
    if let Some(rest) = path.strip_prefix("/orgs/{org}/teams") {
        return teams::serve(call, &method, rest);
    }
    if let Some(rest) = path.strip_prefix("/repos/{owner}/{repo}") {
        return match rest {
            "/branches/{branch}/protection" => protection::serve(call, &method),
            "" | "/forks" | "/teams" => repos::serve(call, &method, rest),
            _ => collaborators::serve(call, &method, rest),
        };
    }
    match path {
        "/orgs/{org}/repos" => repos::serve_org(call, &method),
        "/orgs/{org}/outside_collaborators" => collaborators::outside(call),
        "/orgs/{org}/installations" => installations::serve(call, &method, path),
        _ if path.starts_with("/user/installations") => installations::serve(call, &method, path),
        "/orgs/{org}" | "/user" | "/user/{account_id}" | "/users/{username}" => {
            orgs::serve(call, &method, path)
        }
        _ => members::serve(call, &method, path.trim_start_matches("/orgs/{org}")),
    }
}

impl Call<'_> {
    /// What the path says for this name.
    pub(super) fn named(&self, name: &str) -> &str {
        let found = self.operation.path.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, given)| given.as_str())
    }

    /// The number that the path says for this name.
    pub(super) fn number(&self, name: &str) -> u64 {
        self.named(name).parse().unwrap_or_default()
    }

    /// The parameter of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, given)| given.as_str())
    }

    /// The text in the body.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// The organisation of the path.
    pub(super) fn org(&self) -> Result<&Org, Refusal> {
        let found = self.world.org(self.named("org"));
        found.ok_or_else(Refusal::not_found)
    }

    /// The number of the organisation of the path, which the caller owns.
    pub(super) fn owned(&self) -> Result<u64, Refusal> {
        let org = self.org()?;
        if org.members.get(&self.actor) != Some(&Role::Owner) {
            return Err(Refusal::not_owner());
        }
        if org.archived {
            let text = "Organization was archived so is read-only.";
            return Err(Refusal::new(403, text));
        }
        Ok(org.id)
    }

    /// The account of the path.
    pub(super) fn account(&self) -> Result<u64, Refusal> {
        let found = self.world.account(self.named("username"));
        found
            .map(|account| account.id)
            .ok_or_else(Refusal::not_found)
    }

    /// The repository of the path. One that was renamed is answered with its new address,
    /// which names it by number, as GitHub does.
    pub(super) fn repo(&self) -> Result<&Repo, Refusal> {
        let full_name = format!("{}/{}", self.named("owner"), self.named("repo"));
        if let Some(repo) = self.world.repo(&full_name) {
            return if self.may_see(repo) {
                Ok(repo)
            } else {
                Err(Refusal::not_found())
            };
        }
        let moved = self.world.redirects.get(&full_name.to_ascii_lowercase());
        let Some(repo) = moved.and_then(|id| self.world.repos.get(id)) else {
            return Err(Refusal::not_found());
        };
        let rest = self
            .operation
            .template
            .strip_prefix("/repos/{owner}/{repo}");
        let Some(rest) = rest else {
            // Below a team the name has to be the present one.
            return Err(Refusal::not_found());
        };
        let mut path = format!("/repos/{}{rest}", self.world.full_name(repo));
        for (name, given) in &self.operation.path {
            path = path.replace(&format!("{{{name}}}"), given);
        }
        let mut refusal = Refusal::new(301, "Moved Permanently");
        refusal.moved = Some(format!("{}{path}", self.base));
        Err(refusal)
    }

    /// The number of the repository of the path, which the caller administers.
    pub(super) fn administered(&self) -> Result<u64, Refusal> {
        let repo = self.repo()?;
        let reach = self.world.reach(repo);
        if reach.get(&self.actor) != Some(&super::world::Permission::Admin) {
            let text = "Must have admin rights to Repository.";
            return Err(Refusal::new(403, text));
        }
        Ok(repo.id)
    }

    /// The same, if it is not archived: an archived one cannot be changed in any way.
    pub(super) fn changeable(&self) -> Result<u64, Refusal> {
        let id = self.administered()?;
        match self.world.repos.get(&id) {
            Some(repo) if repo.archived => Err(archived()),
            _ => Ok(id),
        }
    }

    fn may_see(&self, repo: &Repo) -> bool {
        repo.visibility == "public" || self.world.reach(repo).contains_key(&self.actor)
    }

    /// The page of a list that is asked for, in the order of the list.
    pub(super) fn page<T>(&self, all: &[T], render: impl Fn(&T) -> Value) -> Reply {
        Reply::Page(self.part(all, render), None)
    }

    /// The same in an object, with the count of all.
    pub(super) fn counted<T>(
        &self,
        all: &[T],
        name: &'static str,
        render: impl Fn(&T) -> Value,
    ) -> Reply {
        Reply::Page(self.part(all, render), Some(name))
    }

    fn part<T>(&self, all: &[T], render: impl Fn(&T) -> Value) -> Page {
        let number = |name: &str| self.asked(name).and_then(|text| text.parse::<usize>().ok());
        let size = number("per_page")
            .unwrap_or(USUAL_PAGE)
            .clamp(1, LONGEST_PAGE);
        let page = number("page").unwrap_or(1).max(1);
        let start = (page - 1).saturating_mul(size).min(all.len());
        let end = (start + size).min(all.len());
        Page {
            items: all[start..end].iter().map(render).collect(),
            number: page,
            last: all.len().div_ceil(size).max(1),
            total: all.len(),
        }
    }

    /// Whether somebody of this login is blocked by an organisation.
    pub(super) fn blocked(&self, org: u64, account: u64) -> bool {
        let org = self.world.orgs.get(&org);
        org.is_some_and(|org| org.blocked.contains(&account))
    }
}

/// "Once a repository is archived, you cannot add or remove collaborators or teams", nor
/// anything else ("Archiving repositories").
pub(super) fn archived() -> Refusal {
    Refusal::new(403, "Repository was archived so is read-only.")
}

/// Whether a name may be given to a repository: GitHub takes letters, digits, `-`, `_` and `.`.
pub(super) fn repo_name(name: &str) -> String {
    let kept = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let mapped = name.chars().map(|c| if kept(c) { c } else { '-' });
    mapped.collect()
}

/// Whether an owner has another repository of this name.
pub(super) fn repo_taken(world: &World, owner: u64, name: &str, except: u64) -> bool {
    let mut all = world.repos.values();
    all.any(|repo| repo.owner == owner && repo.id != except && same(&repo.name, name))
}
