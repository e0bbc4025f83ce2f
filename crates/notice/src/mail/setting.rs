//! The URL of a mail server.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::{Login, Mail, Safety};
use crate::BadSetting;
use crate::hidden::Hidden;
use crate::message::address;

const EXAMPLE: &str = "smtps://user:password@mail.example.org:465?from=infra@example.org";
const TIMEOUT: Duration = Duration::from_secs(60);
const LONGEST_TIMEOUT: u64 = 600;

/// What may stand after the `?`.
#[derive(Default)]
struct Options {
    from: Option<String>,
    bounces: Option<String>,
    roots: Option<PathBuf>,
    timeout: Option<Duration>,
}

impl Mail {
    /// A server by its URL: `smtps://user:password@mail.example.org:465?from=infra@example.org`.
    ///
    /// `smtps` is TLS from the first octet, port 465; `smtp` is STARTTLS, port 587, or without
    /// TLS on this machine, port 25. Prefer `smtps`: before STARTTLS takes effect, whoever sits
    /// on the wire can speak in the server's name. A user or password with `@`, `:`, `/`, `?`,
    /// `#` or `%` in it has them written as `%40` and so on. After the `?`, joined by `&`:
    ///
    /// - `from`: the sender's address, which is needed;
    /// - `bounces`: where mail that cannot be delivered comes back to, otherwise the sender;
    /// - `ca`: a PEM file of the certificates to trust instead of the roots of Mozilla;
    /// - `timeout`: seconds of each wait for the server, 1 to 600, otherwise 60.
    ///
    /// # Errors
    /// What is wrong with it. The URL is not repeated: it may hold a password.
    pub fn of(url: &str) -> Result<Self, BadSetting> {
        read(url.trim()).map_err(|what| BadSetting::of(Self::VARIABLE, what))
    }

    /// The server of the environment variable [`Mail::VARIABLE`], which `variable` looks up.
    ///
    /// # Errors
    /// It is not set, or wrong.
    pub fn found(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        match variable(Self::VARIABLE) {
            Some(url) if !url.trim().is_empty() => Self::of(&url),
            _ => Err(BadSetting::of(
                Self::VARIABLE,
                format!("is not set, so that no mail can be sent; set it as `{EXAMPLE}`"),
            )),
        }
    }
}

fn read(text: &str) -> Result<Mail, String> {
    let url = Url::parse(text).map_err(|error| {
        format!("is not a URL ({error}); write it as `{EXAMPLE}`, with %40 for an @ in a password")
    })?;
    let host = url
        .host_str()
        .map(|host| host.trim_start_matches('[').trim_end_matches(']'))
        .filter(|host| !host.is_empty())
        .ok_or_else(|| format!("names no server; write it as `{EXAMPLE}`"))?;
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(format!(
            "has a path or a `#`; write it as `{EXAMPLE}`, with %2F for a / and %23 for a # in a password"
        ));
    }
    let options = options(&url)?;
    let near = is_near(host);
    let (safety, port) = match url.scheme() {
        "smtps" => (
            Safety::Tls {
                roots: options.roots,
            },
            465,
        ),
        "smtp" if near && options.roots.is_none() => (Safety::Plain, 25),
        "smtp" => (
            Safety::Upgraded {
                roots: options.roots,
            },
            587,
        ),
        _ => return Err("is neither `smtps://` nor `smtp://`".to_owned()),
    };
    let from = options
        .from
        .ok_or("does not say who sends; add `?from=` and an address")?;
    Ok(Mail {
        host: host.to_owned(),
        port: url.port().unwrap_or(port),
        safety,
        login: login(&url)?,
        bounces: options.bounces.unwrap_or_else(|| from.clone()),
        from,
        timeout: options.timeout.unwrap_or(TIMEOUT),
    })
}

fn options(url: &Url) -> Result<Options, String> {
    let mut options = Options::default();
    let query = url.query().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // A plus is a plus: addresses have them.
        let value = decoded(value).ok_or_else(|| format!("has a `{name}=` that is no UTF-8"))?;
        let given = match name {
            "from" => options.from.replace(mailbox(name, &value)?).is_some(),
            "bounces" => options.bounces.replace(mailbox(name, &value)?).is_some(),
            "ca" if value.is_empty() => return Err("has a `ca=` without a file".to_owned()),
            "ca" => options.roots.replace(value.into()).is_some(),
            "timeout" => options.timeout.replace(seconds(&value)?).is_some(),
            _ => {
                return Err(
                    "has an option that is none of `from`, `bounces`, `ca` and `timeout`"
                        .to_owned(),
                );
            }
        };
        if given {
            return Err(format!("has `{name}=` twice"));
        }
    }
    Ok(options)
}

fn mailbox(name: &str, value: &str) -> Result<String, String> {
    address(value).map_err(|error| format!("has a `{name}=` that is wrong: {error}"))
}

fn seconds(value: &str) -> Result<Duration, String> {
    match value.parse() {
        Ok(seconds) if (1..=LONGEST_TIMEOUT).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err("has a `timeout=` that is no number of seconds from 1 to 600".to_owned()),
    }
}

fn login(url: &Url) -> Result<Option<Login>, String> {
    let user = decoded(url.username()).ok_or("has a user that is no UTF-8")?;
    match (user.is_empty(), url.password()) {
        (true, None) => Ok(None),
        (false, Some(password)) => {
            let password = decoded(password).ok_or("has a password that is no UTF-8")?;
            Ok(Some(Login {
                user,
                password: Hidden(password),
            }))
        }
        _ => Err("has a user or a password without the other".to_owned()),
    }
}

/// A part of a URL as it was meant (RFC 3986 §2.1).
fn decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&octet, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| octet == b'%');
        let value = pair.and_then(|pair| {
            let digit = |octet: u8| char::from(octet).to_digit(16);
            u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
        });
        octets.push(value.unwrap_or(octet));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(octets).ok()
}

/// Whether it is this machine.
fn is_near(host: &str) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_as_whom() {
        let mail = Mail::of(
            "smtps://in%40fra:p%2Fa%25ss@mail.example.org?from=infra@example.org&bounces=b+1@example.org&timeout=5",
        )
        .unwrap();
        assert_eq!((mail.host.as_str(), mail.port), ("mail.example.org", 465));
        assert_eq!(mail.safety, Safety::Tls { roots: None });
        assert_eq!(
            (mail.from.as_str(), mail.domain()),
            ("infra@example.org", "example.org")
        );
        assert_eq!(mail.bounces(), "b+1@example.org");
        assert_eq!(mail.timeout, Duration::from_secs(5));
        let login = mail.login.as_ref().unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.0.as_str()),
            ("in@fra", "p/a%ss")
        );
        let shown = format!("{mail} {mail:?}");
        assert!(
            !shown.contains("p/a%ss") && !shown.contains("p%2F"),
            "{shown}"
        );
    }

    #[test]
    fn only_this_machine_is_reached_without_encryption() {
        let safety = |host: &str, more: &str| {
            let mail = Mail::of(&format!("smtp://{host}?from=a@example.org{more}")).unwrap();
            (mail.safety, mail.port)
        };
        for near in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert_eq!(safety(near, ""), (Safety::Plain, 25), "{near}");
        }
        for far in [
            "mail.example.org",
            "10.0.0.1",
            "127.0.0.1.example.org",
            "[::2]",
        ] {
            assert_eq!(
                safety(far, ""),
                (Safety::Upgraded { roots: None }, 587),
                "{far}"
            );
        }
        let roots = Some("/a.pem".into());
        assert_eq!(
            safety("localhost", "&ca=/a.pem").0,
            Safety::Upgraded { roots }
        );
    }

    #[test]
    fn a_wrong_url_is_explained_and_never_shown() {
        for (url, reason) in [
            ("mail.example.org", "is not a URL"),
            ("smtps://u:s3cret@/?from=a@b.example", "is not a URL"),
            ("smtps:u:s3cret@a.example", "names no server"),
            ("http://u:s3cret@a.example?from=a@b.example", "neither"),
            ("smtps://u:s3cret@a.example", "who sends"),
            ("smtps://u:s3cret@a.example?from=a", "`from=` that is wrong"),
            (
                "smtps://u:s3cret@a.example?from=a@b.example%0d%0aX:",
                "`from=` that is wrong",
            ),
            ("smtps://u@a.example?from=a@b.example", "without the other"),
            (
                "smtps://u:s3cret/x@a.example?from=a@b.example",
                "is not a URL",
            ),
            ("smtps://a.example/u?from=a@b.example", "has a path"),
            (
                "smtps://a.example?from=a@b.example&from=c@b.example",
                "twice",
            ),
            ("smtps://a.example?from=a@b.example&s3cret=1", "none of"),
            (
                "smtps://a.example?from=a@b.example&timeout=0",
                "from 1 to 600",
            ),
            ("smtps://a.example?from=a@b.example&ca=", "without a file"),
            ("smtps://u:%ff@a.example?from=a@b.example", "no UTF-8"),
        ] {
            let error = Mail::of(url).unwrap_err().to_string();
            assert!(error.contains(reason), "{url}: {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
        let error = Mail::found(&|_| None).unwrap_err().to_string();
        assert!(error.starts_with("COMMONHOLD_SMTP is not set"), "{error}");
    }
}
