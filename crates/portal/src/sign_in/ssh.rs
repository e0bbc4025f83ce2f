//! Signing in by signing a line of text with an SSH key.
//!
//! Nothing is kept before somebody has signed in: the line holds all that is needed to know it again, and a code over it
//! that only this portal can make. It is bound to the portal's URL, so that no other site can have it signed and use it
//! here; to the browser, so that nobody can sign somebody else in; and to an end.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use decisions::sshsig::SshSignature;
use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::json;

use super::cookies::Cookie;
use super::said::{self, Visit, blocking, see, with_cookie};
use super::sessions::Failed;
use super::{closed, door, next, secret};
use crate::model::{Field, FieldKind, Form, Identity, Page, Part, Section};
use crate::serve::{Parts, Shared};

/// Who says who somebody is, where they have shown it by a key.
pub const ISSUER: &str = "ssh";
/// The namespace of signatures by which one signs in. That of acts is another one, so that none is ever taken for an act.
pub const NAMESPACE: &str = "commonhold-sign-in";

/// How long a line can be signed.
const LASTS: SignedDuration = SignedDuration::from_mins(5);
/// Lines that were used, until their end.
const USED: &str = "challenge-used";

/// Why somebody is not let in, for them.
enum Refused {
    /// What is wrong.
    Wrong(String),
    /// It cannot be told now.
    Later,
}

impl<E: Into<Failed>> From<E> for Refused {
    fn from(_: E) -> Self {
        Self::Later
    }
}

/// The line that is to be signed.
fn challenge(key: &str, browser: &str, url: &str, nonce: &str, until: Timestamp) -> String {
    let says = format!("Sign in to {url} until {until}, once: {nonce}");
    let code = secret::derived(key, &format!("challenge\n{browser}\n{says}"));
    format!("{says}.{code}")
}

/// Shows a new line to sign.
pub(super) async fn ask(State(shared): State<Shared>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let back = next::safe(said::query(&uri).get("next").map_or("/", String::as_str));
    if visit.is_signed_in() {
        return see(&back);
    }
    offer(&visit, &headers, &back, StatusCode::OK, None).await
}

async fn offer(
    visit: &Visit,
    headers: &HeaderMap,
    back: &str,
    status: StatusCode,
    problem: Option<String>,
) -> Response {
    if !visit.shared.sign_in.ssh || closed(&visit.shared).is_some() {
        let text = "Nobody signs in by an SSH key here.";
        return visit.problem(StatusCode::NOT_FOUND, "There is no such page", text);
    }
    let held = Cookie::SignIn.read(headers, &visit.shared.url);
    let made = blocking(&visit.shared, move |parts| -> Result<_, Failed> {
        let browser = held.map_or_else(secret::random, |held| Ok(held.id))?;
        let until = (parts.wall)() + LASTS;
        let until = until.round(Unit::Second).unwrap_or(until);
        let key = parts.sign_in.key(parts)?;
        let line = challenge(&key, &browser, &parts.url, &secret::random()?, until);
        Ok((browser, line))
    });
    let Some(Ok((browser, line))) = made.await else {
        return visit.later("Nothing to sign can be made now.");
    };
    let response = visit.page(status, &page(&line, back, problem));
    let cookie = Cookie::SignIn.set(&visit.shared.url, &browser, LASTS.as_secs());
    with_cookie(response, cookie)
}

fn page(line: &str, back: &str, problem: Option<String>) -> Page {
    let mut page = Page::new(Section::Account, "/sign-in/ssh", "Sign in with an SSH key");
    "Sign one line of text with your key, and paste what comes out. The line holds for five minutes, once, \
                    for this browser and this site.".clone_into(&mut page.summary);
    page.add(Part::Command {
        about: "Run this where your key is. For another key, change the path behind -f.".to_owned(),
        text: format!(
            "printf '%s' '{line}' | ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519"
        ),
    });
    let mut signature = Field::line("signature", "What the command printed").kind(FieldKind::Paste);
    "All of it, from -----BEGIN SSH SIGNATURE----- to -----END SSH SIGNATURE-----."
        .clone_into(&mut signature.help);
    signature.problem = problem;
    page.add(Part::Form(Form {
        action: "/sign-in/ssh".to_owned(),
        fields: vec![
            Field::hidden("line", line),
            Field::hidden("next", back),
            signature,
        ],
        button: "Sign in".to_owned(),
        anonymous: true,
        ..Form::default()
    }));
    page.say(
        "A key that stands under `keys` of a person's file in the estate makes you that person. With any other key you can \
         ask for things at the front desk, for example to be added.",
    );
    page
}

/// Takes the signed line.
pub(super) async fn take(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let sent = match visit.sent(&headers, &body) {
        Ok(sent) => sent,
        Err(refused) => return *refused,
    };
    let back = next::safe(sent.get("next").map_or("/", String::as_str));
    if !visit.shared.sign_in.ssh || closed(&visit.shared).is_some() {
        return offer(&visit, &headers, &back, StatusCode::NOT_FOUND, None).await;
    }
    let held = Cookie::SignIn.read(&headers, &visit.shared.url);
    let browser = held.map(|held| held.id);
    let judged = blocking(&visit.shared, move |parts| {
        let field = |name: &str| sent.get(name).map_or("", String::as_str);
        judge(parts, browser.as_deref(), field("line"), field("signature"))
    });
    match judged.await {
        Some(Ok(who)) => door::enter(visit, &headers, who, &back).await,
        Some(Err(Refused::Wrong(what))) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            offer(&visit, &headers, &back, status, Some(what)).await
        }
        Some(Err(Refused::Later)) | None => {
            visit.later("You could not be signed in: what is kept cannot be changed.")
        }
    }
}

/// Whose signature of a line of ours it is.
fn judge(
    parts: &Parts,
    browser: Option<&str>,
    line: &str,
    signature: &str,
) -> Result<Identity, Refused> {
    let wrong = |what: &str| Err(Refused::Wrong(what.to_owned()));
    let now = (parts.wall)();
    let Some(browser) = browser else {
        return wrong(
            "This browser did not ask for that line, or too long ago, or does not keep cookies. Sign the new line above.",
        );
    };
    let Some(until) = read(parts, browser, line)? else {
        return wrong("This is not a line that this browser was given. Sign the new line above.");
    };
    if until <= now {
        return wrong("The line was to be signed within five minutes. Sign the new line above.");
    }
    let read = SshSignature::parse(signature.trim()).and_then(|read| {
        read.verify(line.as_bytes(), NAMESPACE, read.key())
            .map(|()| read)
    });
    let key = match read {
        Ok(read) => read.key().fingerprint(),
        Err(error) => return Err(Refused::Wrong(format!("{}.", sentence(&error.to_string())))),
    };
    let used = secret::kept(line);
    if !parts
        .store
        .put_new(USED, &used, &json!({}), Some(until), now)?
    {
        return wrong("This line was used already. Sign the new line above.");
    }
    Ok(Identity {
        issuer: ISSUER.to_owned(),
        name: key.clone(),
        subject: key,
        handle: None,
    })
}

/// Until when a line holds, if it is one that we gave to this browser.
fn read(parts: &Parts, browser: &str, line: &str) -> Result<Option<Timestamp>, Failed> {
    let until_nonce = line
        .strip_prefix(&format!("Sign in to {} until ", parts.url))
        .and_then(|rest| rest.split_once(", once: "));
    let Some((until, rest)) = until_nonce else {
        return Ok(None);
    };
    let parsed: Option<Timestamp> = until.parse().ok();
    let Some((until, (nonce, _))) = parsed.zip(rest.split_once('.')) else {
        return Ok(None);
    };
    let key = parts.sign_in.key(parts)?;
    let ours = challenge(&key, browser, &parts.url, nonce, until);
    Ok(secret::same(line, &ours).then_some(until))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
