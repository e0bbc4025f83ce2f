//! Being told what happens: webhooks, as their owners keep them.

use axum::http::Method;
use serde_json::{Map, Value as Json, json};

use super::call::{Call, Reply};
use super::operation::{Answer, Needs, Operation, Parameter, Place, Work};
use super::problem::{self, Problem};
use super::schema::{ANY, INSTANT, Member, Schema, URL, Wrong};
use crate::webhooks::{self, Delivery, Hook, Hooks, MOST, Outbox, Refused, Stands};

/// What they are called in the description.
const TAG: &str = "webhooks";
/// How many deliveries are answered.
const SHOWN: usize = 50;

/// All of them.
pub(crate) fn operations() -> Vec<Operation> {
    let all = [read(), made(), sent()];
    all.into_iter().flatten().collect()
}

fn read() -> [Operation; 2] {
    let schema = Schema::answer(vec![
        Member::new("webhooks", Schema::list(Schema::named("Webhook")), "Yours."),
        Member::new("kinds", Schema::list(kind()), "The events there are."),
    ]);
    let title = "List your webhooks";
    let list = Operation::read("/webhooks", "list-webhooks", TAG, title, schema, list_own);
    let schema = Schema::named("WebhookWithDeliveries");
    let title = "See a webhook and what became of its messages";
    let get = Operation::read("/webhooks/{id}", "get-webhook", TAG, title, schema, get);
    [list, get.with(id())].map(|operation| Operation {
        needs: Needs::SignedIn,
        work: Work::Waits,
        ..operation.may([&problem::FORBIDDEN])
    })
}

fn made() -> [Operation; 2] {
    let about = "It is told what happens from now on.";
    let answer = Answer::new(201, about, Some(Schema::named("NewWebhook"))).with_place();
    let title = "Have a place told what happens";
    let make = Operation::done("/webhooks", "create-webhook", TAG, title, answer, make)
        .about("The secret is answered once and never again. Each message is signed with it, as the Standard Webhooks specification has it.")
        .sends(wish(), json!({"url": "https://chat.example.org/hooks/infra", "events": ["finding.*", "estate.broken"]}))
        .may([&problem::CONFLICT]);
    let answer = Answer::new(204, "It is told nothing more.", None);
    let title = "Delete a webhook";
    let forget = Operation::done(
        "/webhooks/{id}",
        "delete-webhook",
        TAG,
        title,
        answer,
        forget,
    );
    let forget = Operation {
        method: Method::DELETE,
        ..forget.with(id())
    };
    [make, forget]
}

/// What somebody sends who wants to be told.
fn wish() -> Schema {
    let url = Schema::sized(&URL, 9, 2_000);
    let events = Schema::List(Box::new(Schema::sized(&ANY, 1, 100)), 50);
    let about = "The place: `https`, or `http` on the portal's own machine.";
    Schema::sent(vec![
        Member::new("url", url, about),
        Member::new(
            "events",
            events,
            "The events it is told: `finding.new`, `finding.*`, `*`.",
        ),
    ])
}

fn sent() -> [Operation; 2] {
    let schema = Schema::answer(vec![text("id", "The `webhook-id` of the message.")]);
    let answer = Answer::new(202, "A message is on its way.", Some(schema));
    let (path, title) = ("/webhooks/{id}/test", "Send a webhook a message to try it");
    let test = Operation::done(path, "test-webhook", TAG, title, answer, test)
        .with(id())
        .may([&problem::CONFLICT]);
    let about = "It is told what happens from now on.";
    let answer = Answer::new(200, about, Some(Schema::named("Webhook")));
    let (path, title) = (
        "/webhooks/{id}/resume",
        "Go on with a webhook that was paused",
    );
    let resume = Operation::done(path, "resume-webhook", TAG, title, answer, resume)
        .about(
            "One that could not be reached for a day is paused, and misses what happens meanwhile.",
        )
        .with(id());
    [test, resume]
}

fn id() -> Parameter {
    let about = "What it was called when it was made.";
    Parameter::new(
        Place::Path,
        "id",
        about,
        Schema::sized(&ANY, 1, 100),
        "wh_0123456789abcdef01234567",
    )
}

fn text(name: &'static str, about: &'static str) -> Member {
    Member::new(name, Schema::text(), about)
}

fn kind() -> Schema {
    Schema::answer(vec![
        text("kind", "What it is called."),
        text("about", "When it happens."),
    ])
}

fn at(name: &'static str, about: &'static str) -> Member {
    Member::new(name, Schema::of(&INSTANT), about)
}

/// The schemas that they name.
pub(crate) fn names() -> [(&'static str, Schema); 4] {
    let paused = Schema::answer(vec![at("since", "Since when."), text("why", "Why.")]);
    let hook = || {
        vec![
            text("id", "What it is called."),
            text("url", "The place."),
            Member::new(
                "events",
                Schema::list(Schema::text()),
                "The events it is told.",
            ),
            at("created", "When it was made."),
            Member::new(
                "paused",
                paused.clone().or_null(),
                "Why nothing is sent there, if nothing is.",
            ),
        ]
    };
    let with = |more: Member| {
        let mut members = hook();
        members.push(more);
        Schema::answer(members)
    };
    let secret = text(
        "secret",
        "What its messages are signed with. Keep it: it is never told again.",
    );
    let deliveries = Member::new(
        "deliveries",
        Schema::list(of_delivery()),
        "Its messages of the last three days, the newest first.",
    );
    let message = Schema::answer(vec![
        text("type", "What happened: `finding.new`."),
        at("timestamp", "When."),
        Member::new(
            "data",
            Schema::Any,
            "More of it: for a row of a collection `collection`, `key`, `url`, `item` as the API has it, and for a change `before` with what stood there.",
        ),
    ]);
    [
        ("Webhook", Schema::answer(hook())),
        ("NewWebhook", with(secret)),
        ("WebhookWithDeliveries", with(deliveries)),
        ("Message", message),
    ]
}

fn of_delivery() -> Schema {
    Schema::answer(vec![
        text("id", "Its `webhook-id`."),
        text("kind", "What it tells of."),
        at("at", "When that happened."),
        Member::new("state", Schema::choice(Stands::WORDS), "How it stands."),
        Member::new(
            "tries",
            Schema::Whole(0, i64::MAX),
            "How often it was sent.",
        ),
        Member::new(
            "next",
            Schema::of(&INSTANT).or_null(),
            "When it is sent next.",
        ),
        Member::new(
            "said",
            Schema::text().or_null(),
            "What came of the last try.",
        ),
    ])
}

/// What is sent, as the description of the API has it.
pub(crate) fn described() -> Json {
    let headers = [
        (
            "webhook-id",
            "What the message is called, however often it is sent. Ignore one that you know.",
        ),
        (
            "webhook-timestamp",
            "When it was sent, in seconds since 1970. Refuse one that is older than five minutes.",
        ),
        (
            "webhook-signature",
            "`v1,` and the base64 of HMAC-SHA-256 over id, timestamp and body with dots between them; the key is the base64 behind `whsec_` in the secret.",
        ),
    ];
    let header = |(name, about): (&str, &str)| json!({"name": name, "in": "header", "required": true, "description": about, "schema": {"type": "string"}});
    let mut all = Map::new();
    let operation = json!({
        "summary": "Something happened",
        "operationId": "tell",
        "tags": ["webhooks"],
        "description": "Any answer of 2xx within five seconds will do. All else is tried again for a day, after longer and longer pauses; an answer of 410 ends it.",
        "parameters": headers.map(header),
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}},
        "responses": {"2XX": {"description": "It arrived."}},
    });
    all.insert("event".to_owned(), json!({"post": operation}));
    Json::Object(all)
}

fn hooks(call: &Call) -> Hooks<'_> {
    let store = call.shared.store.as_ref();
    Hooks {
        store,
        now: call.now,
    }
}

/// Who asks, if the estate knows them.
fn owner(call: &Call) -> Result<&str, Problem> {
    let says = "Only people whom the estate knows have webhooks.";
    let person = call.reader().person.as_deref();
    person.ok_or_else(|| Problem::new(&problem::FORBIDDEN, says))
}

/// The webhook of the path, if it is theirs.
fn own(call: &Call) -> Result<Hook, Problem> {
    let owner = owner(call)?;
    let found = hooks(call).get(call.path("id"))?;
    let found = found.filter(|hook| hook.owner == owner);
    found.ok_or_else(|| Problem::new(&problem::NOT_FOUND, "You have no webhook of this name."))
}

fn hook_json(hook: &Hook) -> Json {
    let paused = hook.paused.as_ref();
    json!({
        "id": hook.id,
        "url": hook.url,
        "events": hook.events,
        "created": hook.created.to_string(),
        "paused": paused.map(|paused| json!({"since": paused.since.to_string(), "why": paused.why})),
    })
}

fn list_own(call: &Call) -> Result<Reply, Problem> {
    let own = hooks(call).of(owner(call)?)?;
    let kinds = webhooks::kinds(call.content.listings());
    let kinds = kinds
        .iter()
        .map(|(kind, about)| json!({"kind": kind, "about": about}));
    Ok(Reply::new(json!({
        "webhooks": own.iter().map(hook_json).collect::<Vec<_>>(),
        "kinds": kinds.collect::<Vec<_>>(),
    })))
}

fn make(call: &Call) -> Result<Reply, Problem> {
    let owner = owner(call)?;
    let mut wrongs = Vec::new();
    let url = webhooks::sound(call.sent("url")).unwrap_or_else(|what| {
        let pointer = "/url".to_owned();
        wrongs.push(Wrong { pointer, what });
        String::new()
    });
    let asked = call.body["events"].as_array().into_iter().flatten();
    let events: Vec<String> = asked.filter_map(Json::as_str).map(str::to_owned).collect();
    wrongs.extend(unknown(call, &events));
    if events.is_empty() {
        wrongs.push(Wrong {
            pointer: "/events".to_owned(),
            what: "names no event; `*` stands for all".to_owned(),
        });
    }
    if !wrongs.is_empty() {
        return Err(Problem::body(wrongs));
    }
    let hook = match hooks(call).make(owner, &url, &events) {
        Ok(hook) => hook,
        Err(Refused::Store(error)) => return Err(error.into()),
        Err(Refused::NoRandom) => {
            return Err(Problem::new(
                &problem::LATER,
                "No secret can be made just now.",
            ));
        }
        Err(Refused::TooMany) => {
            let says = format!("There may be {MOST} webhooks for each person; delete one first.");
            return Err(Problem::new(&problem::CONFLICT, says));
        }
    };
    let mut said = hook_json(&hook);
    said["secret"] = json!(hook.secret);
    Ok(Reply::created(
        said,
        format!("/api/v1/webhooks/{}", hook.id),
    ))
}

/// Events that never happen here.
fn unknown(call: &Call, events: &[String]) -> Vec<Wrong> {
    let kinds = webhooks::kinds(call.content.listings());
    let known = |event: &String| {
        kinds
            .iter()
            .any(|(kind, _)| webhooks::wanted(std::slice::from_ref(event), kind))
    };
    let wrong = |(place, event): (usize, &String)| {
        let near = base::nearest(event, kinds.iter().map(|(kind, _)| kind.as_str()));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Wrong {
            pointer: format!("/events/{place}"),
            what: format!("is no event here{hint}"),
        }
    };
    let events = events.iter().enumerate();
    events
        .filter(|(_, event)| !known(event))
        .map(wrong)
        .collect()
}

fn get(call: &Call) -> Result<Reply, Problem> {
    let hook = own(call)?;
    let store = call.shared.store.as_ref();
    let deliveries = Outbox {
        store,
        now: call.now,
    }
    .of(&hook.id, SHOWN)?;
    let mut said = hook_json(&hook);
    said["deliveries"] = deliveries.iter().map(delivery_json).collect();
    Ok(Reply::new(said))
}

fn delivery_json(delivery: &Delivery) -> Json {
    let waits = delivery.stands == Stands::Waiting;
    json!({
        "id": delivery.id,
        "kind": delivery.kind,
        "at": delivery.at.to_string(),
        "state": delivery.stands.word(),
        "tries": delivery.tries,
        "next": waits.then(|| delivery.due.to_string()),
        "said": delivery.said,
    })
}

fn forget(call: &Call) -> Result<Reply, Problem> {
    let hook = own(call)?;
    hooks(call).forget(&hook.id)?;
    Ok(Reply::empty())
}

fn test(call: &Call) -> Result<Reply, Problem> {
    let hook = own(call)?;
    if let Some(paused) = &hook.paused {
        let says = format!("It is paused: {}. Resume it first.", paused.why);
        return Err(Problem::new(&problem::CONFLICT, says));
    }
    let id = webhooks::random::<16>().map(|octets| {
        let digits = octets.iter().map(|octet| format!("{octet:02x}"));
        format!("msg_{}", digits.collect::<String>())
    });
    let id = id.ok_or_else(|| Problem::new(&problem::LATER, "No id can be made just now."))?;
    let data = json!({"says": "This message tries whether you are reached."});
    let body = json!({"type": webhooks::TEST, "timestamp": call.now.to_string(), "data": data});
    let delivery = Delivery::new(
        &hook,
        id.clone(),
        webhooks::TEST,
        body.to_string(),
        call.now,
    );
    let store = call.shared.store.as_ref();
    Outbox {
        store,
        now: call.now,
    }
    .put(&delivery)?;
    let mut reply = Reply::new(json!({"id": id}));
    reply.status = 202;
    Ok(reply)
}

fn resume(call: &Call) -> Result<Reply, Problem> {
    let mut hook = own(call)?;
    hook.paused = None;
    hooks(call).put(&hook)?;
    Ok(Reply::new(hook_json(&hook)))
}
