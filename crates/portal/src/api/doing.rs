//! What people do, by a program: acts, requests, ballots.

#![expect(
    clippy::unnecessary_wraps,
    reason = "whatever answers is of one type, whether it can fail or not"
)]

use serde_json::{Value as Json, json};

use super::call::{Call, Reply};
use super::operation::{Answer, Needs, Operation, Parameter, Place};
use super::page;
use super::problem::{self, Problem};
use super::schema::{ANY, INSTANT, Member, Schema};
use super::twice;
use crate::hands::{Act, Hands, RequestKind, Signed};
use crate::model::{Field, Reader};

/// The longest text that is signed or pasted.
const LONG: usize = 100_000;

/// All of them.
pub(crate) fn operations() -> Vec<Operation> {
    [acts(), requests(), ballots()]
        .into_iter()
        .flatten()
        .collect()
}

/// The schemas that they name.
pub(crate) fn names() -> [(&'static str, Schema); 2] {
    let kind = Schema::answer(vec![
        text("id", "Its name in URLs."),
        text("want", "What one wants: `I want to` goes before it."),
        text("about", "What happens then, and who looks at it."),
        Member::new(
            "promise",
            Schema::text().or_null(),
            "What is promised about the first answer.",
        ),
        Member::new(
            "fields",
            Schema::list(Schema::named("Field")),
            "What is asked.",
        ),
    ]);
    let done = Schema::answer(vec![
        text("says", "What happened, in a sentence."),
        text("page", "The path of the page that shows it."),
    ]);
    [("RequestKind", kind), ("Done", done)]
}

fn text(name: &'static str, about: &'static str) -> Member {
    Member::new(name, Schema::text(), about)
}

fn needed(name: &'static str, most: usize, about: &'static str) -> Member {
    Member::new(name, Schema::sized(&ANY, 1, most), about)
}

fn answers(about: &'static str) -> Member {
    let each = Schema::sized(&ANY, 0, LONG);
    Member::new("answers", Schema::Map(Box::new(each)), about)
}

fn key(name: &'static str, about: &'static str, example: &'static str) -> Parameter {
    Parameter::new(
        Place::Path,
        name,
        about,
        Schema::sized(&ANY, 1, 500),
        example,
    )
}

/// By which the same request is done once however often it comes.
fn once() -> Parameter {
    Parameter::new(
        Place::Header,
        "idempotency-key",
        "A text of your choice, one for each request. The same request under the same key is done once, and answered alike for a day.",
        Schema::sized(&super::schema::TOKEN, 1, 200),
        "7b1c9c0e-4c9e-4f8b-9d0a-2f3f6a1d5b6e",
    )
}

fn acts() -> Vec<Operation> {
    let to_sign = Schema::answer(vec![
        text("says", "What it says, for people."),
        text("statement", "The bytes that are signed, and nothing else."),
        text("command", "The exact command, which prints the signature."),
    ]);
    let prepare = Operation::done(
        "/acts/prepare",
        "prepare-act",
        "acts",
        "Prepare an act",
        ok("What has to be signed.", to_sign),
        prepare,
    )
    .about("An act is somebody's when it is signed with an SSH key of theirs. This makes what is signed; nothing is done yet.")
    .sends(
        Schema::sent(vec![
            needed("act", 100, "What is done: `approve`, `object`, `vote`, `second`, ... The page of the item says which there are."),
            needed("item", 500, "To what: the id or number of an item, the digest of a plan."),
            Member::new("with", Schema::Map(Box::new(Schema::sized(&ANY, 0, LONG))), "What else the act needs: `reason`, `choice`, `event`, `group`, `changes`.").optional(),
        ]),
        json!({"act": "object", "item": "12", "with": {"reason": "It has no owner."}}),
    )
    .may([&problem::NOT_FOUND, &problem::CONFLICT]);
    let take = Operation::done(
        "/acts",
        "do-act",
        "acts",
        "Do an act that was signed",
        ok("The act was taken and is kept.", Schema::named("Done")),
        take,
    )
    .about("Whoever sends it, it is the act of whoever signed it.")
    .sends(
        Schema::sent(vec![
            needed("statement", LONG, "The bytes that were signed."),
            needed("signature", LONG, "The armoured SSH signature."),
        ]),
        json!({"statement": "...", "signature": "-----BEGIN SSH SIGNATURE-----\n...\n-----END SSH SIGNATURE-----\n"}),
    )
    .may([&problem::NOT_FOUND, &problem::CONFLICT]);
    vec![prepare, take]
}

fn ok(about: &'static str, schema: Schema) -> Answer {
    Answer::new(200, about, Some(schema))
}

fn requests() -> Vec<Operation> {
    let kinds = Schema::answer(vec![Member::new(
        "kinds",
        Schema::list(Schema::named("RequestKind")),
        "What one can ask for.",
    )]);
    let list = Operation::read(
        "/requests",
        "list-request-kinds",
        "requests",
        "List what one can ask for",
        kinds,
        list_kinds,
    )
    .about("The front desk: each kind with the fields that it asks.");
    let asked = Schema::answer(vec![
        text("id", "What the request is called from now on."),
        text("page", "The path of its page."),
    ]);
    let about = "The request was taken and is kept.";
    let answer = Answer::new(201, about, Some(asked)).with_place();
    let ask = Operation::done(
        "/requests/{kind}",
        "ask",
        "requests",
        "Ask for something",
        answer,
        ask,
    )
    .with(key(
        "kind",
        "What is asked for: the `id` of one of the kinds.",
        "dns-record",
    ))
    .with(once())
    .sends(
        Schema::sent(vec![answers("An answer for each field, by its name.")]),
        json!({"answers": {"name": "docs.example.org", "why": "The new documentation"}}),
    )
    .may([&problem::CONFLICT]);
    let shown = Schema::named("Page");
    let show = Operation::read(
        "/requests/{kind}/{id}",
        "get-request",
        "requests",
        "See how a request stands",
        shown,
        show,
    )
    .with(key("kind", "What was asked for.", "dns-record"))
    .with(key("id", "What the request is called.", "7"));
    let show = Operation {
        work: super::operation::Work::Waits,
        ..show
    };
    vec![list, ask, show]
}

fn ballots() -> Vec<Operation> {
    let election = || key("key", "The election.", "2021-steering");
    let form = Schema::answer(vec![
        Member::new(
            "fields",
            Schema::list(Schema::named("Field")),
            "What is asked.",
        ),
        Member::new(
            "blind",
            Schema::Truth,
            "Whether nobody may learn whose it is: send it with a `token` among the answers, and without signing in.",
        ),
        Member::new("page", Schema::named("Page"), "What is said around it."),
    ]);
    let show = Operation::read(
        "/elections/{key}/ballot",
        "get-ballot",
        "ballots",
        "Get the ballot of an election",
        form,
        ballot,
    )
    .with(election())
    .may([&problem::FORBIDDEN, &problem::INVALID, &problem::CONFLICT]);
    let show = Operation {
        work: super::operation::Work::Waits,
        ..show
    };
    let receipt = Schema::answer(vec![
        text(
            "receipt",
            "With which the voter finds the ballot after the close.",
        ),
        Member::new(
            "at",
            Schema::of(&INSTANT).or_null(),
            "When it was received.",
        ),
    ]);
    let vote = Operation::done("/elections/{key}/ballot", "cast-ballot", "ballots", "Cast a ballot", ok("The ballot was taken and is kept.", receipt), vote)
        .about("Whoever votes blind sends the token among the answers, and neither a session nor a bearer token.")
        .with(election())
        .sends(
            Schema::sent(vec![answers("An answer for each field, by its name.")]),
            json!({"answers": {"ada": "1", "bob": "2"}}),
        )
        .may([&problem::CONFLICT]);
    let vote = Operation {
        needs: Needs::Nobody,
        ..vote
    };
    let signed = Schema::answer(vec![text("signed", "The blind signature.")]);
    let token = Operation::done("/elections/{key}/ballot/token", "sign-ballot-token", "ballots", "Have a blinded token signed", ok("The token was signed; it is once for each voter.", signed), token)
        .about("The voter's own program makes and blinds a token; signed and unblinded, it lets one ballot in that nobody can tell to be theirs.")
        .with(election())
        .sends(
            Schema::sent(vec![needed("blinded", LONG, "What the voter blinded.")]),
            json!({"blinded": "..."}),
        )
        .may([&problem::CONFLICT]);
    vec![show, vote, token]
}

fn prepare(call: &Call) -> Result<Reply, Problem> {
    let act = Act {
        act: call.sent("act").to_owned(),
        item: call.sent("item").to_owned(),
        with: call.answers("with"),
    };
    let to_sign = call.hands()?.prepare(call.reader(), &act)?;
    Ok(Reply::new(json!({
        "says": to_sign.says,
        "statement": to_sign.statement,
        "command": to_sign.command,
    })))
}

fn take(call: &Call) -> Result<Reply, Problem> {
    let signed = Signed {
        statement: call.sent("statement").to_owned(),
        signature: call.sent("signature").to_owned(),
    };
    let done = call.hands()?.take(call.reader(), &signed)?;
    Ok(Reply::new(json!({"says": done.says, "page": done.to})))
}

fn list_kinds(call: &Call) -> Result<Reply, Problem> {
    let kinds = call.hands().map(Hands::requests).unwrap_or_default();
    let each: Vec<Json> = kinds.iter().map(kind_json).collect();
    Ok(Reply::new(json!({"kinds": each})))
}

fn kind_json(kind: &RequestKind) -> Json {
    json!({
        "id": kind.id,
        "want": kind.want,
        "about": kind.about,
        "promise": kind.promise,
        "fields": page::fields(&kind.fields),
    })
}

fn kind_of(call: &Call) -> Result<RequestKind, Problem> {
    let wanted = call.path("kind");
    let kinds = call.hands()?.requests();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.id).collect();
    let near = base::nearest(wanted, names.iter().copied());
    let hint = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
    let says = format!("Nobody can ask for `{wanted}` here.{hint}");
    let found = kinds.into_iter().find(|kind| kind.id == wanted);
    found.ok_or_else(|| Problem::new(&problem::NOT_FOUND, says))
}

fn ask(call: &Call) -> Result<Reply, Problem> {
    let kind = kind_of(call)?;
    let answers = call.answers("answers");
    refuse_unknown(&kind.fields, &answers)?;
    twice::once(call, |once| {
        let asked = call.hands()?.ask(call.reader(), kind.id, &answers, once);
        let asked = asked.map_err(|problems| Problem::fields("/answers", problems))?;
        let body = json!({"id": asked.id, "page": format!("/desk/requests/{}", asked.id)});
        let id = http_client::segment(&asked.id);
        Ok(Reply::created(
            body,
            format!("/api/v1/requests/{}/{id}", kind.id),
        ))
    })
}

/// A name that no field has is a slip, and what was meant would be missing.
fn refuse_unknown(
    fields: &[Field],
    answers: &std::collections::BTreeMap<String, String>,
) -> Result<(), Problem> {
    let unknown = answers
        .keys()
        .filter(|name| !fields.iter().any(|field| field.name == **name));
    let problem = |name: &String| {
        let near = base::nearest(name, fields.iter().map(|field| field.name.as_str()));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        crate::hands::Problem {
            field: name.clone(),
            what: format!("is not asked here{hint}"),
        }
    };
    let problems: Vec<_> = unknown.map(problem).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Problem::fields("/answers", problems))
    }
}

fn show(call: &Call) -> Result<Reply, Problem> {
    let hands = call.hands()?;
    let says = "No request is called this, or it is not for you.";
    let nothing = || Problem::new(&problem::NOT_FOUND, says);
    kind_of(call)?;
    let found = hands.request(call.reader(), call.path("id"));
    let found = found.ok_or_else(nothing)?;
    let seen = found.seen_by(call.reader()).ok_or_else(nothing)?;
    Ok(Reply::new(page::page(
        &seen,
        call.reader(),
        call.content.stamp(),
    )))
}

fn ballot(call: &Call) -> Result<Reply, Problem> {
    let form = call.hands()?.ballot(call.reader(), call.path("key"))?;
    let seen = form.page.seen_by(call.reader());
    let seen = seen.ok_or_else(|| Problem::new(&problem::NOT_FOUND, "It is not for you."))?;
    Ok(Reply::new(json!({
        "fields": page::fields(&form.fields),
        "blind": form.blind,
        "page": page::page(&seen, call.reader(), call.content.stamp()),
    })))
}

fn vote(call: &Call) -> Result<Reply, Problem> {
    let answers = call.answers("answers");
    // Whoever brings a token is nobody, even to a program that signs in wherever it goes.
    let nobody = Reader::anybody();
    let who = if answers.contains_key("token") {
        &nobody
    } else {
        call.reader()
    };
    let voted = call.hands()?.vote(who, call.path("key"), &answers)?;
    let at = voted.at.map(|at| at.to_string());
    Ok(Reply::new(json!({"receipt": voted.receipt, "at": at})))
}

fn token(call: &Call) -> Result<Reply, Problem> {
    let (election, blinded) = (call.path("key"), call.sent("blinded"));
    let signed = call.hands()?.token(call.reader(), election, blinded)?;
    Ok(Reply::new(json!({"signed": signed})))
}
