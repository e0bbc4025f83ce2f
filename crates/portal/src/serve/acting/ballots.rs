//! Ballots. Of one that is cast blind, nobody learns here whose it is: no session of whoever casts it is looked at, and no
//! cookie is set.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{handed, refused};
use crate::model::{Cell, Fact, Field, FieldKind, Form, Mood, Page, Part, Section, Value};
use crate::serve::Shared;
use crate::sign_in::said::{Sent, Visit};
use crate::{BallotForm, Reader, Refusal, Voted};

/// The parts of an election's key.
type Key = Vec<(String, String)>;

fn joined(key: &Key) -> String {
    let parts: Vec<&str> = key.iter().map(|(_, part)| part.as_str()).collect();
    parts.join("/")
}

/// The ballot, and whose request it is: nobody's, if it is cast blind.
async fn opened(
    shared: Shared,
    headers: &HeaderMap,
    election: &str,
) -> (Visit, Result<BallotForm, Refusal>) {
    let nobody = Visit::of_nobody(Shared::clone(&shared));
    let asked = election.to_owned();
    let seen = handed(&nobody, move |hands, _| {
        hands.ballot(&Reader::anybody(), &asked)
    })
    .await;
    if seen.as_ref().is_ok_and(|ballot| ballot.blind) {
        return (nobody, seen);
    }
    let visit = Visit::of(shared, headers).await;
    let (who, asked) = (visit.reader().clone(), election.to_owned());
    let seen = handed(&visit, move |hands, _| hands.ballot(&who, &asked)).await;
    (visit, seen)
}

/// Shows a ballot.
pub(super) async fn show(
    State(shared): State<Shared>,
    Path(key): Path<Key>,
    headers: HeaderMap,
) -> Response {
    let election = joined(&key);
    let (visit, ballot) = opened(shared, &headers, &election).await;
    match ballot {
        Ok(ballot) => filled(
            &visit,
            &election,
            ballot,
            StatusCode::OK,
            &Sent::new(),
            None,
        ),
        Err(refusal) => refused(&visit, &refusal, &format!("/elections/{election}/ballot")),
    }
}

fn filled(
    visit: &Visit,
    election: &str,
    ballot: BallotForm,
    status: StatusCode,
    typed: &Sent,
    problem: Option<String>,
) -> Response {
    let BallotForm {
        mut page,
        mut fields,
        blind,
    } = ballot;
    for field in fields
        .iter_mut()
        .filter(|field| field.kind != FieldKind::Hidden)
    {
        if let Some(typed) = typed.get(&field.name) {
            field.value.clone_from(typed);
        }
    }
    if blind {
        let text = "You are not asked who you are: the token lets one ballot in, and nobody can tell whose it was. Whoever \
                    wants the network to know nothing either opens this page in a private window.";
        page.add(Part::Notice(Mood::Plain, text.to_owned(), None));
    }
    page.add(Part::Form(Form {
        action: format!("/elections/{election}/ballot"),
        fields,
        button: "Cast the ballot".to_owned(),
        problem,
        anonymous: blind,
        ..Form::default()
    }));
    visit.page(status, &page)
}

/// Takes a ballot, and shows its receipt, which is kept by nobody but the voter.
pub(super) async fn vote(
    State(shared): State<Shared>,
    Path(key): Path<Key>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let election = joined(&key);
    let back = format!("/elections/{election}/ballot");
    let (visit, ballot) = opened(shared, &headers, &election).await;
    let ballot = match ballot {
        Ok(ballot) => ballot,
        Err(refusal) => return refused(&visit, &refusal, &back),
    };
    let sent = if ballot.blind {
        visit.sent(&headers, &body)
    } else if visit.is_signed_in() {
        visit.genuine(&headers, &body)
    } else {
        return visit.sign_in(&back);
    };
    let sent = match sent {
        Ok(sent) => sent,
        Err(refused) => return *refused,
    };
    let names = ballot.fields.iter().map(|field| &field.name);
    let answers = names.filter_map(|name| Some((name.clone(), sent.get(name)?.clone())));
    let answers: BTreeMap<String, String> = answers.collect();
    let (who, of) = (visit.reader().clone(), election.clone());
    let voted = handed(&visit, move |hands, _| hands.vote(&who, &of, &answers)).await;
    match voted {
        Ok(voted) => visit.page(StatusCode::OK, &receipt(&election, &voted)),
        Err(Refusal::Wrong(what)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            filled(&visit, &election, ballot, status, &sent, Some(what))
        }
        Err(refusal) => refused(&visit, &refusal, &back),
    }
}

fn receipt(election: &str, voted: &Voted) -> Page {
    let path = format!("/elections/{election}/ballot");
    let mut page = Page::new(Section::Elections, path, "Your ballot was cast");
    page.state = Some((Mood::Good, "received".to_owned()));
    "Keep the receipt. With it you find your ballot on the board after the close, and nobody else can show \
                    how you voted. It is shown this once.".clone_into(&mut page.summary);
    let fact = |id, label: &str, value| Fact {
        id,
        label: label.to_owned(),
        value,
        source: None,
    };
    let mut facts = vec![fact(
        "receipt",
        "Receipt",
        Cell::new(Value::Code(voted.receipt.clone())),
    )];
    if let Some(at) = voted.at {
        facts.push(fact("received", "Received", Cell::instant(Some(at))));
    }
    facts.push(fact(
        "election",
        "Election",
        Cell::link(election, format!("/elections/{election}")),
    ));
    page.add(Part::Facts(facts));
    page
}

/// Asks for the blinded token that is to be signed.
pub(super) async fn token(
    State(shared): State<Shared>,
    Path(key): Path<Key>,
    headers: HeaderMap,
) -> Response {
    let election = joined(&key);
    let visit = Visit::of(shared, &headers).await;
    if !visit.is_signed_in() {
        return visit.sign_in(&format!("/elections/{election}/token"));
    }
    visit.page(StatusCode::OK, &token_page(&election, "", None))
}

fn token_page(election: &str, typed: &str, problem: Option<String>) -> Page {
    let path = format!("/elections/{election}/token");
    let mut page = Page::new(Section::Elections, path.clone(), "Your token to vote");
    "Election".clone_into(&mut page.kind);
    "You are a voter once, and your ballot is nobody's: what you send here is blinded, so that nobody who \
                    signs it can tell the token when it comes back with a ballot.".clone_into(&mut page.summary);
    page.add(Part::Command {
        about: "Make a request for a token. The poll is on the page of the election.".to_owned(),
        text: "commonhold elect ask poll.json --out vote.token > request.json".to_owned(),
    });
    let mut blinded = Field::line("blinded", "What is in request.json").kind(FieldKind::Paste);
    typed.clone_into(&mut blinded.value);
    blinded.problem = problem;
    page.add(Part::Form(Form {
        action: path,
        fields: vec![blinded],
        button: "Have it signed".to_owned(),
        ..Form::default()
    }));
    page
}

/// Shows what the registrar answers to a request for a token.
pub(super) async fn sign_token(
    State(shared): State<Shared>,
    Path(key): Path<Key>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let election = joined(&key);
    let back = format!("/elections/{election}/token");
    let visit = Visit::of(shared, &headers).await;
    if !visit.is_signed_in() {
        return visit.sign_in(&back);
    }
    let sent = match visit.genuine(&headers, &body) {
        Ok(sent) => sent,
        Err(refused) => return *refused,
    };
    let blinded = sent.get("blinded").cloned().unwrap_or_default();
    let (who, of, asked) = (visit.reader().clone(), election.clone(), blinded.clone());
    let signed = handed(&visit, move |hands, _| hands.token(&who, &of, asked.trim())).await;
    match signed {
        Ok(answer) => {
            let mut page = Page::new(Section::Elections, back, "Your token is signed");
            page.state = Some((Mood::Good, "signed".to_owned()));
            "Save this as answer.json, make the token of it, and vote whenever you like until the close.".clone_into(&mut page.summary);
            page.add(Part::Command {
                about: "The answer to your request.".to_owned(),
                text: answer,
            });
            page.add(Part::Command {
                about: "Make the token.".to_owned(),
                text: "commonhold elect accept vote.token answer.json".to_owned(),
            });
            visit.page(StatusCode::OK, &page)
        }
        Err(Refusal::Wrong(what)) => {
            let page = token_page(&election, &blinded, Some(what));
            visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(refusal) => refused(&visit, &refusal, &back),
    }
}
