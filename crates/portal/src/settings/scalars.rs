//! The values of `portal.yaml` that have a form of their own.

use jiff::SignedDuration;
use serde::Serialize;
use url::Url;
use yaml::{Decoding, FromYaml, Node, Shape};

/// Where the portal is reached: scheme, host and port, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PortalUrl(String);

impl PortalUrl {
    /// Reads it; why it is none, as half a sentence, if it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = safe_url(text)?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(
                "has a path or more behind the host: the portal is at the root of its host"
                    .to_owned(),
            );
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// As it is used.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who says who somebody is: the URL of a provider, exactly as it calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Issuer(String);

impl Issuer {
    /// Reads it; why it is none, as half a sentence, if it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = safe_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("has a query or a fragment; an issuer has none".to_owned());
        }
        // Issuers are compared letter by letter, so it stays as it was written.
        Ok(Self(text.to_owned()))
    }

    /// As it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a line of a file can be looked at, with places to fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SourceUrl(String);

impl SourceUrl {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long something lasts, in hours: from one to those of thirty days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Hours(u32);

impl Hours {
    const MOST: u32 = 720;

    /// So many; as many as there may be, if they are more or none.
    pub(super) const fn of(hours: u32) -> Self {
        match hours {
            0 => Self(1),
            1..Self::MOST => Self(hours),
            _ => Self(Self::MOST),
        }
    }

    /// How long that is.
    pub fn lasting(self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.0))
    }
}

/// A URL over which a secret may go: `https`, or `http` to this machine.
pub(crate) fn safe_url(text: &str) -> Result<Url, String> {
    let form = "is not of the form `https://host.example`";
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\'' | '"' | '\\' | '`' | '$');
    if text.contains(odd) {
        return Err(form.to_owned());
    }
    let url = Url::parse(text).map_err(|_| form.to_owned())?;
    let host = url.host_str().unwrap_or_default();
    if !url.username().is_empty() || url.password().is_some() || host.is_empty() {
        return Err(form.to_owned());
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if http_client::is_loopback(host) => Ok(url),
        "http" => Err("would send sessions and secrets in the clear".to_owned()),
        _ => Err(form.to_owned()),
    }
}

impl FromYaml for PortalUrl {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a URL")?;
        Self::parse(text).map_or_else(
            |wrong| {
                let help = "write `https://` and the name of the host; `http://` is for this machine alone";
                cx.bad_value(node.span, format!("`{text}` {wrong}"), help)
            },
            Some,
        )
    }

    fn shape() -> Shape {
        URL
    }
}

impl FromYaml for Issuer {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a URL")?;
        Self::parse(text).map_or_else(
            |wrong| {
                let help =
                    "write the provider's URL as its own discovery document has it under `issuer`";
                cx.bad_value(node.span, format!("`{text}` {wrong}"), help)
            },
            Some,
        )
    }

    fn shape() -> Shape {
        URL
    }
}

impl FromYaml for SourceUrl {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a URL")?;
        let rest = text
            .strip_prefix("https://")
            .or(text.strip_prefix("http://"));
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>');
        let sound = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(odd));
        if sound && text.contains("{path}") {
            return Some(Self(text.to_owned()));
        }
        cx.bad_value(
            node.span,
            format!("`{text}` is not of the form `https://host.example/{{commit}}/{{path}}#L{{line}}`"),
            "write the URL of a file at your forge, and `{commit}`, `{path}` and `{line}` where they stand in it",
        )
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a URL with `{path}` in it",
            pattern: "^https?://.*\\{path\\}",
        }
    }
}

impl FromYaml for Hours {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let hours = u32::from_yaml(node, cx)?;
        if (1..=Self::MOST).contains(&hours) {
            return Some(Self(hours));
        }
        cx.bad_value(
            node.span,
            format!("{hours} hours are out of range"),
            "the range is 1 to 720 hours, which is thirty days",
        )
    }

    fn shape() -> Shape {
        Shape::Whole
    }
}

const URL: Shape = Shape::Form {
    name: "a URL that starts with `https://`",
    pattern: "^https?://",
};
