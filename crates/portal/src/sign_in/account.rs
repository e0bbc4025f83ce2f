//! One's own: who one is here, one's sessions, and the tokens of one's programs.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::said::{Visit, blocking, see};
use super::tokens::LONGEST_DAYS;
use super::{By, sessions, sessions_of, tokens, tokens_of};
use crate::model::{
    Cell, Column, ColumnKind, Fact, Field, FieldKind, Form, Identity, Link, Mood, Page, Part, Row,
    Section, Table, Value,
};
use crate::serve::Shared;

const SESSION_COLUMNS: [Column; 4] = [
    Column::new(
        "browser",
        "Browser",
        ColumnKind::Text,
        "What the browser calls itself",
    ),
    Column::new("begun", "Signed in", ColumnKind::Instant, "When it began"),
    Column::new(
        "seen",
        "Last used",
        ColumnKind::Instant,
        "When it was last used, within five minutes",
    ),
    Column::new(
        "state",
        "Which",
        ColumnKind::State,
        "Whether it is the one that this page was asked for with",
    ),
];
const TOKEN_COLUMNS: [Column; 4] = [
    Column::new("name", "Token", ColumnKind::Text, "What its maker calls it"),
    Column::new(
        "scope",
        "May",
        ColumnKind::Text,
        "What a program may do with it",
    ),
    Column::new("made", "Made", ColumnKind::Instant, "When it was made"),
    Column::new("ends", "Ends", ColumnKind::Instant, "When it stops to hold"),
];

/// What somebody has here.
#[derive(Default)]
struct Own {
    sessions: Vec<(String, sessions::Kept)>,
    tokens: Vec<(String, tokens::Kept)>,
}

pub(super) async fn show(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let visit = Visit::of(shared, &headers).await;
    if !visit.is_signed_in() {
        return visit.sign_in("/account");
    }
    account(&visit, StatusCode::OK, None, None).await
}

async fn account(
    visit: &Visit,
    status: StatusCode,
    made: Option<String>,
    problem: Option<(&str, &str)>,
) -> Response {
    let Some(who) = visit.reader().identity.clone() else {
        return visit.sign_in("/account");
    };
    let asked = who.clone();
    let own = blocking(
        &visit.shared,
        move |parts| -> Result<Own, crate::store::StoreError> {
            Ok(Own {
                sessions: sessions_of(parts).of(&asked)?,
                tokens: tokens_of(parts).of(&asked)?,
            })
        },
    );
    let Some(Ok(own)) = own.await else {
        return visit.later("Your sessions and tokens cannot be read.");
    };
    let mut page = Page::new(Section::Account, "/account", "Your account");
    if let Some(token) = made {
        page.add(Part::Notice(
            Mood::Good,
            "The token was made. It is shown this once; keep it where the program finds it."
                .to_owned(),
            None,
        ));
        page.add(Part::Command {
            about: "The token, for the header Authorization: Bearer TOKEN.".to_owned(),
            text: token,
        });
    }
    page.add(Part::Facts(facts(visit, &who)));
    page.add(Part::Form(Form {
        action: "/sign-out".to_owned(),
        button: "Sign out".to_owned(),
        ..Form::default()
    }));
    sessions_part(&mut page, visit, &own.sessions);
    tokens_part(&mut page, &own.tokens, problem);
    visit.page(status, &page)
}

fn facts(visit: &Visit, who: &Identity) -> Vec<Fact> {
    let fact = |id, label: &str, value| Fact {
        id,
        label: label.to_owned(),
        value,
        source: None,
    };
    let person = match &visit.reader().person {
        Some(person) => Cell::link(person.clone(), format!("/people/{person}")),
        None => Cell::state(Mood::Waiting, "not known to the estate"),
    };
    let may = visit.reader().may.iter();
    let may: Vec<Link> = may.map(|kind| Link::text(kind.word())).collect();
    vec![
        fact("person", "Person", person),
        fact("name", "Known as", Cell::text(who.name.clone())),
        fact("issuer", "Vouched for by", Cell::text(who.issuer.clone())),
        fact(
            "subject",
            "Id there",
            Cell::new(Value::Code(who.subject.clone())),
        ),
        fact("may", "May see of what is private", Cell::links(may)),
    ]
}

fn sessions_part(page: &mut Page, visit: &Visit, sessions: &[(String, sessions::Kept)]) {
    let own = match &visit.session.by {
        By::Browser { key } => key.as_str(),
        _ => "",
    };
    page.heading("sessions", "Sessions");
    let rows = sessions.iter().map(|(key, session)| Row {
        cells: vec![
            Cell::text(named(&session.browser)),
            Cell::instant(Some(session.made)),
            Cell::instant(Some(session.seen)),
            if key == own {
                Cell::state(Mood::Good, "this one")
            } else {
                Cell::state(Mood::Plain, "another")
            },
        ],
        ..Row::default()
    });
    page.add(Part::Table(Table {
        id: "sessions".into(),
        caption: "Where you are signed in".to_owned(),
        columns: SESSION_COLUMNS.to_vec(),
        rows: rows.collect(),
        none: "You are signed in nowhere.".to_owned(),
    }));
    let others = sessions.iter().filter(|(key, _)| key != own);
    let others = others.map(|(key, session)| {
        let says = format!("{}, since {}", named(&session.browser), session.made);
        (key.clone(), says)
    });
    let mut choices: Vec<(String, String)> = others.collect();
    if choices.is_empty() {
        return;
    }
    choices.insert(0, ("all".to_owned(), "All but this one".to_owned()));
    page.add(Part::Form(Form {
        action: "/account/sessions".to_owned(),
        fields: vec![Field::line("session", "Session").kind(FieldKind::Choice(choices))],
        button: "End it".to_owned(),
        ..Form::default()
    }));
}

fn named(browser: &str) -> &str {
    if browser.is_empty() {
        "a browser without a name"
    } else {
        browser
    }
}

fn scope(token: &tokens::Kept) -> &'static str {
    if token.acts { "read and act" } else { "read" }
}

fn tokens_part(page: &mut Page, tokens: &[(String, tokens::Kept)], problem: Option<(&str, &str)>) {
    page.heading("tokens", "Tokens for programs");
    page.say(
        "A program that has a token sees what you see, and does what you may do if the token says so. What needs a \
         signature needs yours all the same.",
    );
    let rows = tokens.iter().map(|(_, token)| Row {
        cells: vec![
            Cell::text(token.name.clone()),
            Cell::text(scope(token)),
            Cell::instant(Some(token.made)),
            Cell::instant(Some(token.ends)),
        ],
        ..Row::default()
    });
    page.add(Part::Table(Table {
        id: "tokens".into(),
        caption: "Your tokens".to_owned(),
        columns: TOKEN_COLUMNS.to_vec(),
        rows: rows.collect(),
        none: "You have made none.".to_owned(),
    }));
    if !tokens.is_empty() {
        let choices = tokens
            .iter()
            .map(|(key, token)| (key.clone(), format!("{}, made {}", token.name, token.made)));
        page.add(Part::Form(Form {
            title: "Take a token back".to_owned(),
            action: "/account/tokens/end".to_owned(),
            fields: vec![Field::line("end", "Token").kind(FieldKind::Choice(choices.collect()))],
            button: "Take it back".to_owned(),
            ..Form::default()
        }));
    }
    let said = |name: &str| {
        let found = problem.filter(|(field, _)| *field == name);
        found.map(|(_, what)| what.to_owned())
    };
    let scopes = [("read", "Read only"), ("act", "Read and act")];
    let scopes = scopes.map(|(word, says)| (word.to_owned(), says.to_owned()));
    let mut name = Field::line("name", "Name").help("What runs with it, and where.");
    name.problem = said("name");
    let mut days = Field::line("days", "Days").kind(FieldKind::Number);
    days.help = format!("How long it holds, {LONGEST_DAYS} days at most.");
    "90".clone_into(&mut days.value);
    days.problem = said("days");
    page.add(Part::Form(Form {
        title: "Make a token".to_owned(),
        action: "/account/tokens".to_owned(),
        fields: vec![
            name,
            Field::line("scope", "May").kind(FieldKind::Choice(scopes.to_vec())),
            days,
        ],
        button: "Make it".to_owned(),
        ..Form::default()
    }));
}

/// Ends one of one's other sessions, or all of them.
pub(super) async fn end_session(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let (who, sent) = match own(&visit, &headers, &body) {
        Ok(own) => own,
        Err(refused) => return *refused,
    };
    let By::Browser { key: this } = visit.session.by.clone() else {
        return see("/account");
    };
    let ended = blocking(&visit.shared, move |parts| {
        let sessions = sessions_of(parts);
        let chosen = sent.get("session").map_or("", String::as_str);
        for (key, _) in sessions.of(&who)? {
            if key == chosen || (chosen == "all" && key != this) {
                sessions.end_one(&who, &key)?;
            }
        }
        Ok::<(), crate::store::StoreError>(())
    });
    match ended.await {
        Some(Ok(())) => see("/account"),
        _ => visit.later("The session could not be ended: what is kept cannot be changed."),
    }
}

/// Makes a token, and shows it once.
pub(super) async fn make_token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let (who, sent) = match own(&visit, &headers, &body) {
        Ok(own) => own,
        Err(refused) => return *refused,
    };
    // A token that could make others would never end.
    if !matches!(visit.session.by, By::Browser { .. }) {
        let text = "Sign in with a browser to make a token.";
        return visit.problem(StatusCode::FORBIDDEN, "Not with a token", text);
    }
    let unwell = StatusCode::UNPROCESSABLE_ENTITY;
    let name: String = sent
        .get("name")
        .map_or("", String::as_str)
        .trim()
        .to_owned();
    if name.is_empty() || name.chars().count() > 80 || name.contains(char::is_control) {
        let problem = ("name", "Give it a name of up to 80 characters.");
        return account(&visit, unwell, None, Some(problem)).await;
    }
    let days = sent
        .get("days")
        .and_then(|days| days.trim().parse::<i64>().ok());
    let Some(days) = days.filter(|days| (1..=LONGEST_DAYS).contains(days)) else {
        let problem = ("days", "Write a number of days from 1 to 366.");
        return account(&visit, unwell, None, Some(problem)).await;
    };
    let acts = sent.get("scope").is_some_and(|scope| scope == "act");
    let made = blocking(&visit.shared, move |parts| {
        let tokens = tokens_of(parts);
        if tokens.of(&who)?.len() >= sessions::MOST {
            return Ok(None);
        }
        tokens.make(&who, &name, acts, days).map(Some)
    });
    match made.await {
        Some(Ok(Some(token))) => account(&visit, StatusCode::OK, Some(token), None).await,
        Some(Ok(None)) => {
            let problem = ("name", "You have a hundred tokens. Take one back first.");
            account(&visit, StatusCode::CONFLICT, None, Some(problem)).await
        }
        _ => visit.later("The token could not be made: what is kept cannot be changed."),
    }
}

/// Takes a token back.
pub(super) async fn end_token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let (who, sent) = match own(&visit, &headers, &body) {
        Ok(own) => own,
        Err(refused) => return *refused,
    };
    let ended = blocking(&visit.shared, move |parts| {
        let key = sent.get("end").map_or("", String::as_str);
        tokens_of(parts).end(&who, key)
    });
    match ended.await {
        Some(Ok(_)) => see("/account"),
        _ => visit.later("The token could not be taken back: what is kept cannot be changed."),
    }
}

/// Who sent a form of their own, and what is in it.
fn own(
    visit: &Visit,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Identity, super::said::Sent), Box<Response>> {
    let Some(who) = visit.reader().identity.clone() else {
        return Err(Box::new(visit.sign_in("/account")));
    };
    Ok((who, visit.genuine(headers, body)?))
}
