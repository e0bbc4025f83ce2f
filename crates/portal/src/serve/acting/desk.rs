//! The front desk: what one can ask for, asking for it, and where it stands.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::{handed, may_not_act, refused};
use crate::model::{
    Cell, Column, ColumnKind, Field, FieldKind, Form, Link, Mood, Page, Part, Row, Section, Table,
};
use crate::serve::{Parts, Shared};
use crate::sign_in::said::{Sent, Visit, see};
use crate::sign_in::{By, kept_key, one_time};
use crate::{Hands, Problem, Refusal, RequestKind};

/// The field that tells one form from another.
const ONCE: &str = "form";

const KINDS: [Column; 3] = [
    Column::new(
        "want",
        "I want to \u{2026}",
        ColumnKind::Text,
        "What one can ask for",
    ),
    Column::new(
        "about",
        "What happens then",
        ColumnKind::Text,
        "What happens then, and who looks at it",
    ),
    Column::new(
        "promise",
        "First answer",
        ColumnKind::Text,
        "What is promised about the first answer",
    ),
];
const REQUESTS: [Column; 2] = [
    Column::new("request", "Request", ColumnKind::Text, "What was asked for"),
    Column::new("state", "State", ColumnKind::State, "How it stands"),
];

/// All that one can ask for.
pub(super) async fn kinds(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let kinds = match handed(&visit, |hands, _| Ok(hands.requests())).await {
        Ok(kinds) => kinds,
        Err(refusal) => return refused(&visit, &refusal, "/desk"),
    };
    let mut page = Page::new(Section::Desk, "/desk", "Front desk");
    "Ask here for what you need. Each request goes to those who may grant it, and you see where it stands.".clone_into(&mut page.summary);
    if visit.is_signed_in() {
        let text = "What you have asked for, and how it stands:".to_owned();
        let link = Link::new("your requests", "/desk/requests");
        page.add(Part::Notice(Mood::Plain, text, Some(link)));
    }
    let rows = kinds.into_iter().map(|kind| Row {
        key: kind.id.to_owned(),
        cells: vec![
            Cell::link(kind.want, format!("/desk/{}", kind.id)),
            Cell::text(kind.about),
            Cell::text(kind.promise.unwrap_or_default()),
        ],
        ..Row::default()
    });
    page.add(Part::Table(Table {
        id: "kinds".into(),
        caption: "What you can ask for".to_owned(),
        columns: KINDS.to_vec(),
        rows: rows.collect(),
        none: "Nothing can be asked for here.".to_owned(),
    }));
    visit.page(StatusCode::OK, &page)
}

/// The form of one kind of request.
pub(super) async fn form(
    State(shared): State<Shared>,
    Path(kind): Path<String>,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    filled(&visit, &kind, StatusCode::OK, &Sent::new(), &[]).await
}

/// The form with what was typed, and what is wrong with it.
async fn filled(
    visit: &Visit,
    kind: &str,
    status: StatusCode,
    typed: &Sent,
    problems: &[Problem],
) -> Response {
    let back = format!("/desk/{kind}");
    let kind = match handed(visit, kind_named(kind.to_owned())).await {
        Ok(kind) => kind,
        Err(refusal) => return refused(visit, &refusal, &back),
    };
    let Ok(once) = one_time() else {
        return visit.later("The form could not be made.");
    };
    let mut fields: Vec<Field> = kind
        .fields
        .iter()
        .map(|field| typed_in(field, typed, problems))
        .collect();
    fields.push(Field::hidden(ONCE, once));
    let known = |problem: &&Problem| kind.fields.iter().any(|field| field.name == problem.field);
    let (of_fields, of_all): (Vec<&Problem>, Vec<&Problem>) = problems.iter().partition(known);
    let of_all = of_all.iter().map(|problem| problem.what.as_str());
    let mut whole = of_all.collect::<Vec<_>>().join(" ");
    if whole.is_empty() && !of_fields.is_empty() {
        "Some answers are not as they should be:".clone_into(&mut whole);
    }
    let mut page = Page::new(
        Section::Desk,
        back.clone(),
        format!("I want to {}", kind.want),
    );
    "Request".clone_into(&mut page.kind);
    page.summary.clone_from(&kind.about);
    if let Some(promise) = &kind.promise {
        page.say(promise.clone());
    }
    page.add(Part::Form(Form {
        action: back,
        fields,
        button: "Ask for it".to_owned(),
        beside: Some(Link::new("All you can ask for", "/desk")),
        problem: (!whole.is_empty()).then_some(whole),
        ..Form::default()
    }));
    visit.page(status, &page)
}

fn kind_named(
    name: String,
) -> impl FnOnce(&dyn Hands, &Parts) -> Result<RequestKind, Refusal> + Send + 'static {
    move |hands, _| {
        let mut kinds = hands.requests().into_iter();
        kinds.find(|kind| kind.id == name).ok_or_else(|| {
            Refusal::Unknown(
                "This cannot be asked for here; the front desk lists what can.".to_owned(),
            )
        })
    }
}

fn typed_in(field: &Field, typed: &Sent, problems: &[Problem]) -> Field {
    let problem = problems.iter().find(|problem| problem.field == field.name);
    let mut field = field.clone();
    // A tick that was taken away is not sent at all.
    let sent = typed.get(&field.name).cloned();
    let untouched = typed.is_empty() || field.kind == FieldKind::Hidden;
    if !untouched {
        field.value = sent.unwrap_or_default();
    }
    field.problem = problem.map(|problem| problem.what.clone());
    field
}

/// Asks for something.
pub(super) async fn ask(
    State(shared): State<Shared>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let back = format!("/desk/{kind}");
    if !visit.is_signed_in() {
        return visit.sign_in(&back);
    }
    if visit.session.by == (By::Program { acts: false }) {
        return may_not_act(&visit);
    }
    let sent = match visit.genuine(&headers, &body) {
        Ok(sent) => sent,
        Err(refused) => return *refused,
    };
    let known = match handed(&visit, kind_named(kind.clone())).await {
        Ok(known) => known,
        Err(refusal) => return refused(&visit, &refusal, &back),
    };
    let names = known.fields.iter().map(|field| &field.name);
    let answers = names.filter_map(|name| Some((name.clone(), sent.get(name)?.clone())));
    let answers: BTreeMap<String, String> = answers.collect();
    // The same form with the same answers is the same request, also when it is sent twice at once or after a crash.
    // Whoever goes back and answers otherwise asks for something else.
    let once = kept_key(&json!([kind, sent.get(ONCE), answers]).to_string());
    let (who, id) = (visit.reader().clone(), known.id);
    let asked = handed(&visit, move |hands, _| {
        Ok(hands.ask(&who, id, &answers, Some(&once)))
    });
    match asked.await {
        Ok(Ok(asked)) => see(&format!(
            "/desk/requests/{}",
            http_client::segment(&asked.id)
        )),
        Ok(Err(problems)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            filled(&visit, &kind, status, &sent, &problems).await
        }
        Err(refusal) => refused(&visit, &refusal, &back),
    }
}

/// What one has asked for.
pub(super) async fn mine(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let visit = Visit::of(shared, &headers).await;
    if !visit.is_signed_in() {
        return visit.sign_in("/desk/requests");
    }
    let who = visit.reader().clone();
    let found = match handed(&visit, move |hands, _| hands.asked(&who)).await {
        Ok(found) => found,
        Err(refusal) => return refused(&visit, &refusal, "/desk/requests"),
    };
    let rows = found.into_iter().map(|one| Row {
        cells: vec![
            Cell::link(one.title, one.to.clone()),
            one.state
                .map_or(Cell::none(), |(mood, word)| Cell::state(mood, word)),
        ],
        key: one.to,
        ..Row::default()
    });
    let mut page = Page::new(Section::Desk, "/desk/requests", "Your requests");
    page.add(Part::Table(Table {
        id: "requests".into(),
        caption: "What you have asked for, the newest first".to_owned(),
        columns: REQUESTS.to_vec(),
        rows: rows.collect(),
        none: "You have asked for nothing yet.".to_owned(),
    }));
    let text = "Everything you can ask for is at the front desk.".to_owned();
    page.add(Part::Notice(
        Mood::Plain,
        text,
        Some(Link::new("Front desk", "/desk")),
    ));
    visit.page(StatusCode::OK, &page)
}

/// Where a request stands.
pub(super) async fn request(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let (who, asked) = (visit.reader().clone(), id.clone());
    let found = handed(&visit, move |hands, _| {
        hands.request(&who, &asked).ok_or_else(|| {
            Refusal::Unknown("There is no such request, or it is not for you to see.".to_owned())
        })
    });
    match found.await {
        Ok(page) => visit.page(StatusCode::OK, &page),
        Err(refusal) => refused(&visit, &refusal, &format!("/desk/requests/{id}")),
    }
}
