//! Questions to a service: signed, repeated where it is busy, and no longer than patience lasts.

use std::collections::BTreeSet;
use std::time::Duration;

use http_client::aws::{Asked, Credentials, Place, digest_of, query, sign, xml};
use http_client::http::{Request, Uri};
use http_client::{Answer, Client, Connections, Failure};
use jiff::{SignedDuration, Timestamp};

use super::{Outside, Patience, is_region};
use crate::{Failed, Why};

/// The longest wait that a busy service can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// What a service says that is asked too often.
const BUSY: [&str; 8] = [
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "SlowDown",
    "PriorRequestNotComplete",
];

/// A service that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    S3,
    Iam,
    Route53,
}

impl Service {
    /// As signatures call it.
    fn word(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Iam => "iam",
            Self::Route53 => "route53",
        }
    }
}

/// Asks one service of one account.
#[derive(Debug)]
pub(super) struct Asker {
    service: Service,
    address: Option<String>,
    region: String,
    credentials: Credentials,
    client: Client,
    clock: fn() -> Timestamp,
    wait: fn(Duration),
    patience: Patience,
    /// When patience ends.
    end: Timestamp,
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'q> {
    /// The region that has it; none for the one that is asked first.
    pub(super) region: Option<&'q str>,
    pub(super) path: &'q str,
    pub(super) query: &'q [(&'q str, &'q str)],
}

impl<'q> Question<'q> {
    pub(super) fn new(path: &'q str, query: &'q [(&'q str, &'q str)]) -> Self {
        Self {
            region: None,
            path,
            query,
        }
    }
}

/// Where the pages of a list started, so that one whose pages lead in a circle is left.
#[derive(Debug, Default)]
pub(super) struct Starts(BTreeSet<String>);

impl Starts {
    /// That no page has started there yet.
    pub(super) fn come_to(&mut self, start: String) -> Result<(), Failed> {
        if self.0.insert(start) {
            return Ok(());
        }
        Err(Failed::untrusted("its pages do not end"))
    }
}

/// Why a question has no answer.
enum Trouble {
    /// It may have one later.
    Later(Failed, Option<Duration>),
    /// The service said no, by this code.
    Refused { code: String, failed: Failed },
}

impl Asker {
    pub(super) fn new(
        service: Service,
        address: Option<String>,
        region: &str,
        credentials: Credentials,
        outside: Outside<'_>,
    ) -> Self {
        let now = (outside.clock)();
        let whole = SignedDuration::try_from(outside.patience.whole).unwrap_or(SignedDuration::MAX);
        Self {
            service,
            address,
            region: region.to_owned(),
            credentials,
            client: Client::patient_for(Connections::Kept, outside.patience.answer),
            clock: outside.clock,
            wait: outside.wait,
            patience: outside.patience,
            end: now.saturating_add(whole).unwrap_or(Timestamp::MAX),
        }
    }

    /// The text of an answer.
    pub(super) fn get(&self, question: Question<'_>) -> Result<String, Failed> {
        let said = self.find(question, &[])?;
        said.ok_or_else(|| Failed::untrusted("it says that it does not have what it listed"))
    }

    /// The text of an answer; none if the service says, by one of these codes, that there is none.
    pub(super) fn find(
        &self,
        question: Question<'_>,
        absent: &[&str],
    ) -> Result<Option<String>, Failed> {
        let mut pause = self.patience.pause;
        let mut tried = 0;
        loop {
            self.in_time()?;
            tried += 1;
            match self.once(question) {
                Ok(text) => return Ok(Some(text)),
                Err(Trouble::Refused { code, .. }) if absent.contains(&code.as_str()) => {
                    return Ok(None);
                }
                Err(Trouble::Refused { failed, .. }) => return Err(failed),
                Err(Trouble::Later(failed, _)) if tried >= self.patience.tries => {
                    let what = format!("{failed}; it was asked {tried} times");
                    return Err(Failed { what, ..failed });
                }
                Err(Trouble::Later(_, asked)) => {
                    (self.wait)(asked.unwrap_or(pause).min(LONGEST_PAUSE));
                    pause = pause.saturating_mul(2);
                }
            }
        }
    }

    fn in_time(&self) -> Result<(), Failed> {
        if (self.clock)() < self.end {
            return Ok(());
        }
        let what = format!(
            "not all of it was told within {} seconds",
            self.patience.whole.as_secs()
        );
        Err(Failed::new(Why::Unanswered, what))
    }

    fn once(&self, question: Question<'_>) -> Result<String, Trouble> {
        let request = self.request(question).map_err(|what| Trouble::Refused {
            code: String::new(),
            failed: Failed::new(Why::Setup, what),
        })?;
        // A question may be repeated: nothing changes by it.
        let answer = self.client.send(request).map_err(|failure| {
            let (Failure::Unreachable(what) | Failure::Unanswered(what)) = failure;
            Trouble::Later(
                Failed::new(Why::Unanswered, format!("there is no answer: {what}")),
                None,
            )
        })?;
        judge(answer)
    }

    /// Where a question goes.
    fn origin(&self, region: &str) -> String {
        let (end, word) = (
            if region.starts_with("cn-") { ".cn" } else { "" },
            self.service.word(),
        );
        match (&self.address, self.service) {
            (Some(address), _) => address.clone(),
            (None, Service::S3) => format!("https://s3.{region}.amazonaws.com{end}"),
            (None, _) => format!("https://{word}.amazonaws.com{end}"),
        }
    }

    fn request(&self, question: Question<'_>) -> Result<Request<Vec<u8>>, String> {
        let region = question.region.unwrap_or(&self.region);
        if !is_region(region) {
            return Err(format!(
                "`{}` is not the name of a region",
                region.escape_debug()
            ));
        }
        let uri: Uri = self
            .origin(region)
            .parse()
            .map_err(|_| "its address is no URL".to_owned())?;
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let path = format!("{}{}", uri.path().trim_end_matches('/'), question.path);
        let empty = digest_of(b"");
        let own = [("host", host), ("x-amz-content-sha256", empty.as_str())];
        let asked = Asked {
            method: "GET",
            path: &path,
            query: question.query,
            headers: if self.service == Service::S3 {
                &own
            } else {
                &own[..1]
            },
            body: b"",
        };
        let place = Place {
            region: if self.service == Service::S3 {
                region
            } else {
                world(region)
            },
            service: self.service.word(),
        };
        let signed = sign(&self.credentials, &asked, &place, (self.clock)());
        let query = query(question.query);
        let mark = if query.is_empty() { "" } else { "?" };
        let scheme = uri.scheme_str().unwrap_or("https");
        let mut builder = Request::get(format!("{scheme}://{host}{path}{mark}{query}"));
        if self.service == Service::S3 {
            builder = builder.header(own[1].0, own[1].1);
        }
        for (name, value) in signed {
            builder = builder.header(name, value);
        }
        builder.body(Vec::new()).map_err(|error| error.to_string())
    }
}

/// The region by which a service of the whole world is signed.
fn world(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "cn-north-1"
    } else {
        super::REGION
    }
}

fn judge(answer: Answer) -> Result<String, Trouble> {
    let said = xml::error(&answer.body);
    if answer.status == 200 {
        let refused = |failed| Trouble::Refused {
            code: String::new(),
            failed,
        };
        return String::from_utf8(answer.body)
            .map_err(|_| refused(Failed::untrusted("its answer is not UTF-8 text")));
    }
    let code = said.as_ref().map_or("", |(code, _)| code.as_str());
    let status = answer.status;
    let what = match &said {
        Some((_, what)) => what.clone(),
        None => format!("status {status}: {}", answer.text()),
    };
    if BUSY.contains(&code) || matches!(status, 429 | 503) {
        let failed = Failed::new(Why::Unanswered, format!("it is asked too often: {what}"));
        return Err(Trouble::Later(failed, answer.pause));
    }
    if status >= 500 {
        let failed = Failed::new(Why::Unanswered, format!("it fails: {what}"));
        return Err(Trouble::Later(failed, answer.pause));
    }
    let why = match status {
        400..500 => Why::Refused,
        _ => Why::Untrusted,
    };
    let failed = Failed::new(why, format!("it refuses: {what}"));
    Err(Trouble::Refused {
        code: code.to_owned(),
        failed,
    })
}
