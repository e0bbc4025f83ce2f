//! Acts: shown with what has to be signed, and taken with the signature.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::{handed, refused};
use crate::model::{Field, FieldKind, Form, Page, Part, Section};
use crate::serve::Shared;
use crate::sign_in::said::{self, Sent, TOKEN, Visit};
use crate::{Act, Refusal, Signed, ToSign};

const STATEMENT: &str = "statement";
const SIGNATURE: &str = "signature";

/// The act that fields name, with all they say beside.
fn act_of(sent: &Sent) -> Result<Act, Refusal> {
    let own = ["item", "act", TOKEN, STATEMENT, SIGNATURE];
    let field = |name: &str| sent.get(name).map_or("", |value| value.trim()).to_owned();
    let act = Act {
        act: field("act"),
        item: field("item"),
        with: sent
            .iter()
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    };
    if act.act.is_empty() || act.item.is_empty() {
        let text =
            "The address does not say what is to be done to what. Begin at the page of the item.";
        return Err(Refusal::Unknown(text.to_owned()));
    }
    Ok(act)
}

/// The address at which an act is asked about.
fn place(act: &Act) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("act", &act.act)
        .append_pair("item", &act.item);
    query.extend_pairs(&act.with);
    format!("/act?{}", query.finish())
}

/// Shows what has to be signed.
pub(super) async fn ask(State(shared): State<Shared>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(shared, &headers).await;
    prepared(&visit, &said::query(&uri)).await
}

/// The same, for reasons that are too long for an address.
pub(super) async fn ask_by_form(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    match genuine(&visit, &headers, &body) {
        Ok(sent) => prepared(&visit, &sent).await,
        Err(refused) => *refused,
    }
}

/// What a form of somebody's session sent; who has none is led to signing in, and back to what they wanted.
fn genuine(visit: &Visit, headers: &HeaderMap, body: &Bytes) -> Result<Sent, Box<Response>> {
    if visit.is_signed_in() {
        return visit.genuine(headers, body);
    }
    let sent = visit.sent(headers, body)?;
    let back = act_of(&sent).map_or_else(|_| "/".to_owned(), |act| place(&act));
    Err(Box::new(visit.sign_in(&back)))
}

async fn prepared(visit: &Visit, sent: &Sent) -> Response {
    let act = match act_of(sent) {
        Ok(act) => act,
        Err(refusal) => return refused(visit, &refusal, "/"),
    };
    if !visit.is_signed_in() {
        return visit.sign_in(&place(&act));
    }
    to_sign(visit, act, StatusCode::OK, None).await
}

/// The page with what has to be signed; the form of what is missing, where something is.
async fn to_sign(visit: &Visit, act: Act, status: StatusCode, problem: Option<String>) -> Response {
    let (who, asked) = (visit.reader().clone(), act.clone());
    let prepared = handed(visit, move |hands, _| hands.prepare(&who, &asked)).await;
    match prepared {
        Ok(to_sign) => visit.page(status, &sign_page(&act, &to_sign, problem)),
        Err(Refusal::Wrong(what)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            visit.page(status, &missing_page(&act, what))
        }
        Err(refusal) => refused(visit, &refusal, &place(&act)),
    }
}

fn sign_page(act: &Act, to_sign: &ToSign, problem: Option<String>) -> Page {
    let mut page = Page::new(section(act), "/act", "Sign it with your key");
    page.summary.clone_from(&to_sign.says);
    page.say("It is yours once you have signed it: run the command, and paste what it prints. Nothing has happened yet.");
    page.add(Part::Command {
        about: "Run this where your key is. For another key, change the path behind -f.".to_owned(),
        text: to_sign.command.clone(),
    });
    let mut signature = Field::line(SIGNATURE, "What the command printed").kind(FieldKind::Paste);
    "All of it, from -----BEGIN SSH SIGNATURE----- to -----END SSH SIGNATURE-----."
        .clone_into(&mut signature.help);
    signature.problem = problem;
    let mut fields = hidden(act);
    fields.push(Field::hidden(STATEMENT, to_sign.statement.clone()));
    fields.push(signature);
    page.add(Part::Form(Form {
        action: "/act/take".to_owned(),
        fields,
        button: "Send it".to_owned(),
        ..Form::default()
    }));
    let exact = vec![Part::Quote(to_sign.statement.clone())];
    page.add(Part::Folded("Exactly what is signed".to_owned(), exact));
    page
}

fn hidden(act: &Act) -> Vec<Field> {
    let own = [
        Field::hidden("act", &act.act),
        Field::hidden("item", &act.item),
    ];
    let with = act
        .with
        .iter()
        .map(|(name, value)| Field::hidden(name, value));
    own.into_iter().chain(with).collect()
}

fn missing_page(act: &Act, what: String) -> Page {
    let mut page = Page::new(section(act), "/act", "Something is missing");
    let mut fields = vec![
        Field::hidden("act", &act.act),
        Field::hidden("item", &act.item),
    ];
    for (name, value) in act.with.iter().filter(|(name, _)| *name != "reason") {
        let mut field = Field::line(name, label(name));
        field.value.clone_from(value);
        fields.push(field);
    }
    let mut reason = Field::line("reason", "Reason").kind(FieldKind::Lines);
    reason.value = act.with.get("reason").cloned().unwrap_or_default();
    reason.required = false;
    fields.push(reason);
    page.add(Part::Form(Form {
        action: "/act".to_owned(),
        fields,
        button: "Go on".to_owned(),
        problem: Some(what),
        ..Form::default()
    }));
    page
}

/// The name of a field as people read it.
fn label(name: &str) -> String {
    let mut letters = name.replace(['_', '-'], " ");
    if let Some(first) = letters.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    letters
}

fn section(act: &Act) -> Section {
    // Changes are named by the digest of their plan.
    if act.with.contains_key("changes") {
        Section::Changes
    } else {
        Section::Decisions
    }
}

/// Takes what was signed.
pub(super) async fn take(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let sent = match genuine(&visit, &headers, &body) {
        Ok(sent) => sent,
        Err(refused) => return *refused,
    };
    let field = |name: &str| sent.get(name).cloned().unwrap_or_default();
    let signed = Signed {
        statement: field(STATEMENT),
        signature: format!("{}\n", field(SIGNATURE).trim()),
    };
    let who = visit.reader().clone();
    let taken = handed(&visit, move |hands, _| hands.take(&who, &signed)).await;
    match taken {
        Ok(done) => said::see_with_notice(&visit, &done.to, &done.says),
        // The statement may have become old while it was signed, so there is a new one.
        Err(Refusal::Wrong(what)) => match act_of(&sent) {
            Ok(act) => to_sign(&visit, act, StatusCode::UNPROCESSABLE_ENTITY, Some(what)).await,
            Err(_) => refused(&visit, &Refusal::Wrong(what), "/"),
        },
        Err(refusal) => {
            let back = act_of(&sent).map_or_else(|_| "/".to_owned(), |act| place(&act));
            refused(&visit, &refusal, &back)
        }
    }
}
