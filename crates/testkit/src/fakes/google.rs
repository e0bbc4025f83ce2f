//! Google's Directory and Groups Settings, as far as groups and their members go.
//!
//! Made from the discovery documents that Google publishes (see `vendor/README-google.md`): every
//! request and every answer is checked against them. Requests need a token, which is to be had as
//! a service account gets one. It knows no time but its own, so tokens end when a test says so.
//!
//! Not stood in for: searches, aliases, batches, partial answers, conditional requests.

mod directory;
mod discovery;
mod settings;
#[cfg(test)]
mod tests;
mod token;
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::faults::Faults;
use super::serving::{Answer, Request, Seen, Service, Serving, locked};
use discovery::{Call, Document, Fit};
use token::Tokens;
use world::{Refusal, World, account};

/// The scopes that the administrator lets the service account ask for.
const DELEGATED: [&str; 2] = [
    "https://www.googleapis.com/auth/admin.directory.group",
    "https://www.googleapis.com/auth/apps.groups.settings",
];
const TOKEN: &str = "/token";

/// Google, for one customer with one domain.
#[derive(Debug)]
pub struct Google {
    serving: Serving,
    vendor: Arc<Vendor>,
}

/// A group, as a test looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSeen {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who is in it, by address in lower case, and their role: `OWNER`, `MANAGER` or `MEMBER`.
    pub members: BTreeMap<String, String>,
    /// Its settings that are texts.
    pub settings: BTreeMap<String, String>,
}

impl Google {
    /// Its time when it starts, in seconds since 1970.
    pub const START: i64 = 1_790_000_000;

    /// Starts to listen on a free port of the loopback interface.
    pub fn start(domain: &str) -> Self {
        let account = format!("robot@stand-in.{domain}");
        let state = State {
            world: World::new(domain),
            tokens: Tokens::new(&account, &DELEGATED),
            violations: Vec::new(),
            now: Self::START,
            token_uri: String::new(),
        };
        let vendor = Arc::new(Vendor {
            administrator: format!("admin@{domain}"),
            account,
            documents: [
                Document::read(include_str!("../../vendor/google-admin.directory_v1.json")),
                settings::document(),
            ],
            state: Mutex::new(state),
        });
        let service: Arc<dyn Service> = vendor.clone();
        let serving = Serving::start(service);
        locked(&vendor.state).token_uri = format!("{}{TOKEN}", serving.url());
        Self { serving, vendor }
    }

    /// Where it listens, for both APIs.
    pub fn url(&self) -> String {
        self.serving.url()
    }

    /// The administrator that the service account may act as.
    pub fn administrator(&self) -> String {
        self.vendor.administrator.clone()
    }

    /// The key of the service account, as the file that an administrator downloads.
    pub fn key_file(&self) -> String {
        let state = locked(&self.vendor.state);
        Tokens::key_file(&self.vendor.account, &state.token_uri)
    }

    /// A token of the administrator's for both APIs.
    pub fn token(&self) -> String {
        let scopes = DELEGATED.map(str::to_owned).to_vec();
        let user = Some(self.vendor.administrator.clone());
        let mut state = locked(&self.vendor.state);
        let now = state.now;
        state.tokens.give(user, scopes, now)
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        locked(&self.vendor.state).now += seconds;
    }

    /// Lets so many requests about each group that is made from now on not find it yet, as
    /// Google's parts learn from each other with some delay.
    pub fn set_lag(&self, requests: u32) {
        locked(&self.vendor.state).world.lag = requests;
    }

    /// The faults that are planned.
    pub fn faults(&self) -> &Faults {
        self.serving.faults()
    }

    /// Makes every answer take so much longer, from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.serving.set_latency(latency);
    }

    /// What was asked until now, in the order of arrival.
    pub fn requests(&self) -> Vec<Seen> {
        self.serving.requests()
    }

    /// Forgets what was asked until now.
    pub fn forget_requests(&self) {
        self.serving.forget_requests();
    }

    /// What did not fit the vendor's description, of requests and of answers.
    pub fn violations(&self) -> Vec<String> {
        locked(&self.vendor.state).violations.clone()
    }

    /// Makes a group.
    ///
    /// # Panics
    /// There is one, or the address is of another domain.
    pub fn add_group(&self, email: &str, name: &str, description: &str) {
        let body = json!({"email": email, "name": name, "description": description});
        let mut state = locked(&self.vendor.state);
        directory::insert_group(&mut state.world, body.as_object().expect("an object"))
            .expect("a new group");
        state.world.group(email).expect("it was just made").lag = 0;
    }

    /// Puts somebody, or a group, into a group: as `OWNER`, `MANAGER` or `MEMBER`.
    ///
    /// # Panics
    /// Google would not do it.
    pub fn add_member(&self, group: &str, email: &str, role: &str) {
        let body = json!({"email": email, "role": role});
        let mut state = locked(&self.vendor.state);
        directory::insert_member(
            &mut state.world,
            group,
            body.as_object().expect("an object"),
        )
        .expect("a new member");
    }

    /// Puts everybody of the domain into a group: a member without an address.
    ///
    /// # Panics
    /// There is no such group.
    pub fn add_everybody(&self, group: &str) {
        let mut state = locked(&self.vendor.state);
        let group = state.world.group(group).expect("a group");
        group
            .members
            .insert(String::new(), world::Member::everybody());
    }

    /// Gives a group one more address.
    ///
    /// # Panics
    /// There is no such group.
    pub fn add_alias(&self, group: &str, alias: &str) {
        let mut state = locked(&self.vendor.state);
        let group = state.world.group(group).expect("a group");
        group.aliases.push(alias.to_lowercase());
    }

    /// Sets up a group, in the words of the API.
    ///
    /// # Panics
    /// There is no such group.
    pub fn set(&self, group: &str, setting: &str, value: &str) {
        let mut state = locked(&self.vendor.state);
        let group = state.world.group(group).expect("a group");
        group.settings.insert(setting.to_owned(), value.into());
    }

    /// Lets an account be no more: it is in no group, and can be put into none.
    pub fn vanish(&self, email: &str) {
        let gone = account(email);
        let mut state = locked(&self.vendor.state);
        for group in state.world.groups.values_mut() {
            group.members.remove(&gone);
        }
        state.world.vanished.insert(gone);
    }

    /// What there is, by address.
    pub fn groups(&self) -> BTreeMap<String, GroupSeen> {
        let state = locked(&self.vendor.state);
        let groups = state.world.groups.values();
        groups
            .map(|group| (group.email.clone(), GroupSeen::of(group)))
            .collect()
    }
}

impl GroupSeen {
    fn of(group: &world::Group) -> Self {
        let members = group.members.values();
        let settings = group.settings.iter();
        Self {
            name: group.name.clone(),
            description: group.description.clone(),
            members: members
                .map(|member| (member.email.clone(), member.role.clone()))
                .collect(),
            settings: settings
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
        }
    }
}

#[derive(Debug)]
struct Vendor {
    administrator: String,
    account: String,
    /// The Directory and the settings.
    documents: [Document; 2],
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    world: World,
    tokens: Tokens,
    violations: Vec<String>,
    now: i64,
    token_uri: String,
}

impl Vendor {
    fn call<'d>(&'d self, request: &Request) -> Option<(&'d Document, Fit<'d>)> {
        let fits = self.documents.iter();
        let mut fits = fits.map(|document| (document, document.fit(request)));
        fits.find(|(_, fit)| !matches!(fit, Fit::Elsewhere))
    }

    fn token(&self, request: &Request) -> Answer {
        let mut state = locked(&self.state);
        let state = &mut *state;
        let is_user = |user: &str| account(user) == self.administrator;
        let (answer, violation) =
            state
                .tokens
                .answer(request, &state.token_uri, is_user, state.now);
        state.violations.extend(violation);
        answer
    }

    fn perform(
        &self,
        state: &mut State,
        document: &Document,
        call: &Call<'_>,
        request: &Request,
    ) -> Answer {
        if let Err(refusal) = self.admitted(state, call, request) {
            return refusal.answer();
        }
        let of_settings = std::ptr::eq(document, &raw const self.documents[1]);
        let outcome = if of_settings {
            settings::answer(&mut state.world, call)
        } else {
            directory::answer(&mut state.world, call)
        };
        let body = match outcome {
            Ok(body) => body,
            Err(refusal) => return refusal.answer(),
        };
        let wrong = document.wrong_answer(call.method, body.as_ref());
        state.violations.extend(wrong);
        match body {
            None => Answer::empty(204),
            // The form that this API has where nobody asks for another.
            Some(_) if of_settings && call.query.get("alt").is_none_or(|alt| alt != "json") => {
                let xml = b"<?xml version=\"1.0\"?><entry xmlns=\"http://www.w3.org/2005/Atom\"/>";
                Answer {
                    status: 200,
                    headers: Vec::new(),
                    body: xml.to_vec(),
                }
                .with("content-type", "application/atom+xml; charset=UTF-8")
            }
            Some(body) if call.method.name == "groups.insert" => Answer::json(201, &body),
            Some(body) => Answer::json(200, &body),
        }
    }

    /// Whether a request may do what it asks for.
    fn admitted(&self, state: &State, call: &Call<'_>, request: &Request) -> Result<(), Refusal> {
        let Some(grant) = state.tokens.grant(request, state.now) else {
            let what = "Request had invalid authentication credentials.";
            return Err(Refusal::new(401, "authError", what));
        };
        let scopes = &call.method.scopes;
        if !grant.scopes.iter().any(|scope| scopes.contains(scope)) {
            let what = "Request had insufficient authentication scopes.";
            return Err(Refusal::new(403, "insufficientPermissions", what));
        }
        if grant.user.as_deref().map(account).as_ref() != Some(&self.administrator) {
            let what = "Not Authorized to access this resource/API";
            return Err(Refusal::new(403, "forbidden", what));
        }
        Ok(())
    }
}

impl Service for Vendor {
    fn answer(&self, request: &Request) -> Answer {
        if request.path == TOKEN {
            return self.token(request);
        }
        let mut state = locked(&self.state);
        match self.call(request) {
            Some((document, Fit::Call(call))) => self.perform(&mut state, document, &call, request),
            Some((_, Fit::Wrong(wrong))) => {
                let asked = format!("{} {}", request.method, request.path);
                let violations = wrong.iter().map(|what| format!("{asked}: {what}"));
                state.violations.extend(violations);
                Refusal::new(
                    400,
                    "invalid",
                    format!("Invalid Value: {}", wrong.join("; ")),
                )
                .answer()
            }
            _ => {
                let asked = format!("{} {}: no such path", request.method, request.path);
                state.violations.push(asked);
                Refusal::new(404, "notFound", "Not Found").answer()
            }
        }
    }

    fn refusal(&self, request: &Request, status: u16) -> Answer {
        if request.path == TOKEN {
            let error = if status < 500 {
                "invalid_grant"
            } else {
                "internal_failure"
            };
            return Answer::json(status, &json!({"error": error}));
        }
        let (reason, message) = match status {
            400 => ("badRequest", "Bad Request"),
            401 => ("authError", "Invalid Credentials"),
            403 => ("forbidden", "Not Authorized to access this resource/API"),
            404 => ("notFound", "Resource Not Found"),
            503 => ("backendError", "Service unavailable. Please try again"),
            _ => ("internalError", "Internal Error"),
        };
        Refusal::new(status, reason, message).answer()
    }

    /// The reasons that Google's guides to both APIs name.
    fn limited(&self, request: &Request, secondary: bool, retry_after: Duration) -> Answer {
        let answer = if request.path == TOKEN {
            Answer::json(429, &json!({"error": "rate_limit_exceeded"}))
        } else if secondary {
            Refusal::new(429, "rateLimitExceeded", "Too many requests").answer()
        } else if request.method != "GET" {
            Refusal::new(403, "quotaExceeded", "Quota exceeded for quota metric").answer()
        } else if request.path.starts_with("/groups/") {
            Refusal::new(403, "rateLimitExceeded", "Rate Limit Exceeded").answer()
        } else {
            Refusal::new(403, "userRateLimitExceeded", "User Rate Limit Exceeded").answer()
        };
        if retry_after.is_zero() {
            return answer;
        }
        answer.with("retry-after", retry_after.as_secs().to_string())
    }

    fn repeat_page(&self, request: &Request, answer: Answer) -> Answer {
        let mut body = answer.value();
        let Some((_, Fit::Call(call))) = self.call(request) else {
            return answer;
        };
        if body.get("nextPageToken").is_none() {
            return answer;
        }
        let own = call.query.get("pageToken").cloned();
        body["nextPageToken"] =
            Value::String(own.unwrap_or_else(|| directory::token_after(&call, "")));
        Answer::json(answer.status, &body)
    }
}
