//! Messages to a web server.
//!
//! The body is the message's JSON. Its HMAC-SHA256 (RFC 2104) with the shared secret is in the
//! header [`SIGNATURE`], so that the receiver knows who sends; the digest is in the header
//! [`IDEMPOTENCY_KEY`], so that one sent again counts once. A recorded request that is played
//! back has the old digest, in the signed body too.

use std::fmt;
use std::time::Duration;

use jiff::fmt::rfc2822;
use ring::hmac;
use ureq::http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, HeaderName, Response};
use ureq::{Agent, Body, Timeout};
use url::{Host, Url};

use crate::BadSetting;
use crate::hidden::{Hidden, line};
use crate::message::Message;
use crate::outcome::{Evidence, Failure};

/// The header of the signature: `sha256=` and the hexadecimal digits of the code of the body.
pub const SIGNATURE: &str = "commonhold-signature";
/// The header of the digest, in double quotes.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

const TIMEOUT: Duration = Duration::from_secs(30);
/// The longest wait that a server can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// An address that takes messages by POST.
///
/// No redirect is followed: what was signed for one host is not for another.
#[derive(Clone)]
pub struct Webhook {
    /// Whoever knows it may be able to post, so that only its host is shown.
    url: Url,
    secret: Hidden,
    timeout: Duration,
}

impl Webhook {
    /// The environment variable that the address is in where nothing else is said.
    pub const VARIABLE: &str = "COMMONHOLD_WEBHOOK";
    /// The environment variable that the shared secret is in where nothing else is said.
    pub const SECRET_VARIABLE: &str = "COMMONHOLD_WEBHOOK_SECRET";
    /// The least length of a secret, in octets.
    pub const SHORTEST_SECRET: usize = 16;

    /// An address and the secret that the receiver knows too, as they stand in these variables.
    ///
    /// # Errors
    /// The address is not `https://`, or `http://` to this machine; the secret is short.
    pub fn of(url: &str, secret: &str) -> Result<Self, BadSetting> {
        let wrong = |what: &str| BadSetting::of(Self::VARIABLE, what);
        let url = Url::parse(url.trim())
            .map_err(|_| wrong("is not a URL, as `https://hooks.example.org/decisions`"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "holds a user or a password; requests are signed, leave them out",
            ));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_near(&url) => {}
            "http" => return Err(wrong("would send in the clear; use `https://`")),
            _ => return Err(wrong("is neither `https://` nor `http://`")),
        }
        if secret.len() < Self::SHORTEST_SECRET {
            return Err(BadSetting::of(
                Self::SECRET_VARIABLE,
                "is missing or shorter than 16 characters; share a longer one with the receiver",
            ));
        }
        Ok(Self {
            url,
            secret: Hidden(secret.to_owned()),
            timeout: TIMEOUT,
        })
    }

    /// The same with another limit for the whole request; otherwise it is 30 seconds.
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// What the header [`SIGNATURE`] says of this body.
    pub fn signature(&self, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.0.as_bytes());
        let code = hmac::sign(&key, body);
        code.as_ref()
            .iter()
            .fold("sha256=".to_owned(), |text, octet| {
                text + &format!("{octet:02x}")
            })
    }

    pub(crate) fn post(&self, message: &Message) -> Result<Evidence, Failure> {
        let body = message.json();
        let answered = self
            .agent()
            .post(self.url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(IDEMPOTENCY_KEY, format!("\"{}\"", message.digest()))
            .header(SIGNATURE, self.signature(body.as_bytes()))
            .send(body);
        match answered {
            Ok(response) => self.judge(response),
            Err(error) => Err(self.failure(&error)),
        }
    }

    fn agent(&self) -> Agent {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("commonhold")
            .timeout_global(Some(self.timeout))
            .max_idle_connections(0);
        if is_near(&self.url) {
            // This machine is reached without a proxy, whatever the environment says.
            config = config.proxy(None);
        }
        config.build().new_agent()
    }

    fn judge(&self, mut response: Response<Body>) -> Result<Evidence, Failure> {
        let status = response.status().as_u16();
        if response.status().is_success() {
            let location = header(response.headers(), &LOCATION).map(line);
            return Ok(Evidence::Webhook { status, location });
        }
        if response.status().is_redirection() {
            let place = header(response.headers(), &LOCATION).unwrap_or("elsewhere");
            return Err(Failure::Misconfigured(format!(
                "it answered {status}: it is now at {}; no redirect is followed, set that address",
                self.hide(place)
            )));
        }
        let pause = pause(response.headers());
        let body = response.body_mut().with_config().limit(64 * 1024);
        let text = self.hide(&body.read_to_string().unwrap_or_default());
        let what = format!("it answered {status} {text}").trim_end().to_owned();
        Err(match status {
            408 | 425 | 429 | 500 | 502..=504 | 506..=599 => Failure::Later(what, pause),
            401 | 403 | 404 | 405 | 407 | 410 => Failure::Misconfigured(what),
            _ => Failure::Refused(what),
        })
    }

    fn failure(&self, error: &ureq::Error) -> Failure {
        let what = self.hide(&error.to_string());
        match error {
            ureq::Error::Timeout(Timeout::Global) => Failure::Later(
                format!("no answer within {} s", self.timeout.as_secs_f32()),
                None,
            ),
            ureq::Error::BadUri(_)
            | ureq::Error::Http(_)
            | ureq::Error::InvalidProxyUrl
            | ureq::Error::Tls(_)
            | ureq::Error::Pem(_)
            | ureq::Error::Rustls(_) => Failure::Misconfigured(what),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Failure::Misconfigured(format!("its certificate cannot be trusted: {what}"))
            }
            _ => Failure::Later(what, None),
        }
    }

    /// A foreign text without what only we and the receiver know.
    fn hide(&self, text: &str) -> String {
        line(&self.secret.out_of(text))
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("host", &self.url.host_str())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the webhook at ")?;
        f.write_str(self.url.host_str().unwrap_or_default())?;
        match self.url.port() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// Whether it is on this machine.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// How long it asks to wait (RFC 9110 §10.2.3): seconds, or a time, which is held against the
/// server's own.
fn pause(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, &RETRY_AFTER)?.trim();
    let pause = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = rfc2822::parse(text).ok()?.timestamp();
        let now = rfc2822::parse(header(headers, &DATE)?).ok()?.timestamp();
        Duration::try_from(until.duration_since(now)).unwrap_or_default()
    };
    Some(pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a secret of some length";

    #[test]
    fn an_address_is_https_or_near() {
        for url in [
            "https://a.example/x?y=1",
            "http://127.0.0.1:80",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert!(Webhook::of(url, SECRET).is_ok(), "{url}");
        }
        for (url, reason) in [
            ("a.example", "not a URL"),
            ("http://a.example", "in the clear"),
            ("http://127.0.0.1.example", "in the clear"),
            ("ftp://a.example", "neither"),
            ("https://u:p4ss@a.example", "holds a user"),
        ] {
            let error = Webhook::of(url, SECRET).unwrap_err().to_string();
            assert!(error.contains(reason) && !error.contains("p4ss"), "{error}");
        }
        let error = Webhook::of("https://a.example", "short").unwrap_err();
        assert_eq!(error.name(), Webhook::SECRET_VARIABLE);
    }

    #[test]
    fn neither_the_secret_nor_the_path_is_shown() {
        let webhook = Webhook::of("https://a.example:8/t0ken", SECRET).unwrap();
        let shown = format!("{webhook} {webhook:?}");
        assert!(
            !shown.contains("t0ken") && !shown.contains(SECRET),
            "{shown}"
        );
        assert!(shown.starts_with("the webhook at a.example:8 "));
    }

    #[test]
    fn the_signature_is_what_pythons_hmac_says() {
        let webhook = Webhook::of("https://a.example", "Jefe what do ya want").unwrap();
        let python = "sha256=a8846d37ef6e6ea2ee881deec8a1b5af91dafe3a95db7b03839e7ebbc87186d4";
        assert_eq!(webhook.signature(b"for nothing?"), python);
    }

    #[test]
    fn a_pause_is_seconds_or_a_time_of_the_servers_own_clock() {
        let of = |after: &str, date: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, after.parse().unwrap());
            headers.insert(DATE, date.parse().unwrap());
            pause(&headers)
        };
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(of("120", date), Some(Duration::from_secs(120)));
        assert_eq!(
            of("Sun, 06 Nov 1994 08:50:37 GMT", date),
            Some(Duration::from_secs(60))
        );
        assert_eq!(
            of("Sun, 06 Nov 1994 08:40:37 GMT", date),
            Some(Duration::ZERO)
        );
        assert_eq!(of("99999999999", date), Some(LONGEST_PAUSE));
        assert_eq!(of("soon", date), None);
    }
}
