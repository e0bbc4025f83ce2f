//! From a request to an answer: what is the same for all operations.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::description::{Operation, description};
use super::graphql;
use super::limits::{Budget, Limits};
use super::rest::{self, Call, Page, Refusal, Reply};
use super::world::World;
use crate::fakes::serving::{Answer, Request, Service, locked};

/// Where an error says one can read on.
const REFERENCE: &str = "https://docs.github.com/rest";

/// All that a made-up GitHub is.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) world: Mutex<World>,
    pub(super) violations: Mutex<Vec<String>>,
    pub(super) limits: Limits,
}

impl Service for State {
    fn answer(&self, request: &Request) -> Answer {
        let budget = budget(request);
        let actor = match self.actor(request) {
            Ok(actor) => actor,
            Err(answer) => return answer,
        };
        if self.limits.left(budget).remaining() == 0 && request.path != "/rate_limit" {
            return self.exhausted(budget);
        }
        let answer = match budget {
            Budget::Graph => self.graphql(request, actor),
            Budget::Core => self.rest(request, actor),
        };
        let counts = answer.status != 304 && request.path != "/rate_limit";
        if budget == Budget::Core && counts {
            self.limits.spend(budget, 1);
        }
        self.limits
            .stated(budget, answer)
            .with("x-github-request-id", "0000:0000:0000:0000")
    }

    fn refusal(&self, request: &Request, status: u16) -> Answer {
        let message = match status {
            403 => "Forbidden",
            404 => "Not Found",
            422 => "Validation Failed",
            _ => "Server Error",
        };
        let answer = error(status, message, &[]);
        self.limits.stated(budget(request), answer)
    }

    fn limited(&self, request: &Request, secondary: bool, retry_after: Duration) -> Answer {
        let budget = budget(request);
        // Whole seconds, and not fewer than were meant.
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        if secondary {
            let text = "You have exceeded a secondary rate limit. \
                        Please wait a few minutes before you try again.";
            let answer = error(403, text, &[]);
            return self
                .limits
                .stated(budget, answer)
                .with("retry-after", seconds.to_string());
        }
        let reset = jiff::Timestamp::now().as_second() + i64::try_from(seconds).unwrap_or(0);
        exhausted_text(budget)
            .with("x-ratelimit-limit", "5000")
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-used", "5000")
            .with("x-ratelimit-reset", reset.to_string())
    }

    fn repeat_page(&self, request: &Request, mut answer: Answer) -> Answer {
        if budget(request) == Budget::Graph {
            return graphql::repeat_page(request, answer);
        }
        let page = request.parameter("page").unwrap_or_else(|| "1".to_owned());
        let next = page.parse().map_or(2, |page: usize| page + 1);
        for (name, value) in &mut answer.headers {
            if name == "link" {
                let (from, to) = (format!("page={next}>"), format!("page={page}>"));
                *value = value.replacen(&from, &to, 1);
            }
        }
        answer
    }
}

fn budget(request: &Request) -> Budget {
    if request.path == "/graphql" {
        Budget::Graph
    } else {
        Budget::Core
    }
}

fn error(status: u16, message: &str, errors: &[Value]) -> Answer {
    let mut body = json!({
        "message": message, "documentation_url": REFERENCE, "status": status.to_string(),
    });
    if !errors.is_empty() {
        body["errors"] = json!(errors);
    }
    Answer::json(status, &body)
}

fn exhausted_text(budget: Budget) -> Answer {
    let text = "API rate limit exceeded for user ID 1.";
    match budget {
        Budget::Core => error(403, text, &[]),
        // "If you exceed your primary rate limit, the response status will still be 200."
        Budget::Graph => {
            let body = json!({"errors": [{"type": "RATE_LIMITED", "message": text}]});
            Answer::json(200, &body)
        }
    }
}

impl State {
    fn exhausted(&self, budget: Budget) -> Answer {
        self.limits.stated(budget, exhausted_text(budget))
    }

    fn violated(&self, request: &Request, faults: impl IntoIterator<Item = String>) {
        let place = format!("{} {}", request.method, request.path);
        let faults = faults.into_iter().map(|fault| format!("{place}: {fault}"));
        locked(&self.violations).extend(faults);
    }

    /// Who asks, or why nobody does.
    fn actor(&self, request: &Request) -> Result<u64, Answer> {
        if request.header("user-agent").is_none_or(str::is_empty) {
            self.violated(request, ["user-agent: is missing".to_owned()]);
            let text = "Request forbidden by administrative rules. \
                        Please make sure your request has a User-Agent header.";
            return Err(error(403, text, &[]));
        }
        let Some(given) = request.header("authorization") else {
            self.violated(request, ["authorization: is missing".to_owned()]);
            return Err(error(401, "Requires authentication", &[]));
        };
        let words = given.split_once(' ');
        let known = |(scheme, _): &(&str, &str)| {
            scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")
        };
        let token = words.filter(known).map(|(_, token)| token.trim());
        if token.is_none() {
            let text = "authorization: is neither `Bearer` nor `token`";
            self.violated(request, [text.to_owned()]);
        }
        let world = locked(&self.world);
        let mut all = world.accounts.values();
        let found = all.find(|account| token.is_some() && account.token.as_deref() == token);
        found
            .map(|account| account.id)
            .ok_or_else(|| error(401, "Bad credentials", &[]))
    }

    fn graphql(&self, request: &Request, actor: u64) -> Answer {
        let mut faults = Vec::new();
        let left = self.limits.left(Budget::Graph);
        let asked = graphql::Asked {
            world: &locked(&self.world),
            actor,
            left,
        };
        let (answer, cost) = graphql::answer(&asked, request, &mut faults);
        self.violated(request, faults);
        self.limits.spend(Budget::Graph, cost);
        answer
    }

    fn rest(&self, request: &Request, actor: u64) -> Answer {
        let operation = match description().operation(request) {
            Ok(operation) => operation,
            Err(fault) => {
                self.violated(request, [fault]);
                return error(404, "Not Found", &[]);
            }
        };
        let answer = self.obeyed(request, &operation, actor);
        let answer = conditional(request, answer);
        let faults = description().answer_faults(&operation, &answer);
        let own = |fault: String| format!("our own answer {}: {fault}", answer.status);
        self.violated(request, faults.into_iter().map(own));
        answer
    }

    fn obeyed(&self, request: &Request, operation: &Operation, actor: u64) -> Answer {
        let Ok(body) = request.json() else {
            self.violated(request, ["body: is not JSON".to_owned()]);
            return error(400, "Problems parsing JSON", &[]);
        };
        let faults = description().faults(operation, request);
        let refused = faults.refused.join("; ");
        self.violated(request, faults.refused.into_iter().chain(faults.ignored));
        if !refused.is_empty() {
            return error(422, &format!("Invalid request.\n\n{refused}"), &[]);
        }
        if operation.template == "/rate_limit" {
            return self.rate_limit(operation);
        }
        let base = format!("http://{}", request.header("host").unwrap_or("127.0.0.1"));
        let mut world = locked(&self.world);
        let mut call = Call {
            world: &mut world,
            actor,
            operation,
            query: request.parameters(),
            body: body
                .and_then(|body| body.as_object().cloned())
                .unwrap_or_default(),
            accept: request.header("accept").unwrap_or_default().to_owned(),
            base: &base,
        };
        match rest::serve(&mut call) {
            Ok(reply) => replied(reply, operation, request, &base),
            Err(refusal) => refused_answer(refusal, request),
        }
    }

    fn rate_limit(&self, operation: &Operation) -> Answer {
        let shown = |budget| {
            let left = self.limits.left(budget);
            json!({
                "limit": left.limit, "used": left.used,
                "remaining": left.remaining(), "reset": left.reset,
            })
        };
        let core = shown(Budget::Core);
        let search = json!({"limit": 30, "used": 0, "remaining": 30, "reset": core["reset"]});
        let body = json!({
            "resources": {"core": core, "graphql": shown(Budget::Graph), "search": search},
            "rate": core,
        });
        Answer::json(200, &description().shaped(operation, 200, &body))
    }
}

fn refused_answer(refusal: Refusal, request: &Request) -> Answer {
    let Some(to) = refusal.moved else {
        return error(refusal.status, &refusal.message, &refusal.errors);
    };
    // A method that changes something is asked for again as it was (RFC 9110 §15.4.8).
    let status = if request.method == "GET" { 301 } else { 307 };
    error(status, &refusal.message, &[]).with("location", to)
}

fn replied(reply: Reply, operation: &Operation, request: &Request, base: &str) -> Answer {
    let shaped = |status, value: &Value| {
        Answer::json(status, &description().shaped(operation, status, value))
    };
    match reply {
        Reply::Empty(status) => Answer::empty(status),
        Reply::One(status, value) => shaped(status, &value),
        Reply::Page(page, wrapped) => {
            let link = link(&page, request, base);
            let answer = match wrapped {
                None => shaped(200, &Value::Array(page.items)),
                Some(name) => shaped(200, &json!({"total_count": page.total, name: page.items})),
            };
            match link {
                Some(link) => answer.with("link", link),
                None => answer,
            }
        }
    }
}

/// Where other pages are: "Using pagination in the REST API". A list of one page has no links.
fn link(page: &Page, request: &Request, base: &str) -> Option<String> {
    let to = |number: usize, name: &str| {
        let kept = request.query.split('&');
        let kept = kept.filter(|pair| !pair.is_empty() && !pair.starts_with("page="));
        let mut query: Vec<String> = kept.map(str::to_owned).collect();
        query.push(format!("page={number}"));
        format!(
            "<{base}{}?{}>; rel=\"{name}\"",
            request.path,
            query.join("&")
        )
    };
    let mut links = Vec::new();
    if page.number > 1 {
        links.push(to((page.number - 1).min(page.last), "prev"));
    }
    if page.number < page.last {
        links.push(to(page.number + 1, "next"));
        links.push(to(page.last, "last"));
    }
    if page.number > 1 {
        links.push(to(1, "first"));
    }
    (!links.is_empty()).then(|| links.join(", "))
}

/// "Use conditional requests": what is read has an `etag`, and is not sent again to who has it.
fn conditional(request: &Request, answer: Answer) -> Answer {
    if request.method != "GET" || answer.status != 200 {
        return answer;
    }
    let mut hasher = DefaultHasher::new();
    answer.body.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let known = request.header("if-none-match").unwrap_or_default();
    let mut known = known
        .split(',')
        .map(|one| one.trim().trim_start_matches("W/"));
    let answer = if known.any(|one| one == tag) {
        Answer {
            status: 304,
            body: Vec::new(),
            headers: answer
                .headers
                .into_iter()
                .filter(|(name, _)| name == "link")
                .collect(),
        }
    } else {
        answer
    };
    answer.with("etag", format!("W/{tag}"))
}
