//! What a provider says of itself.

use serde::Deserialize;
use url::Url;

use crate::settings::scalars::safe_url;

/// The parts of its description that we use (Discovery 1.0 §3).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Discovery {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
    /// Whether its answers always say who it is (RFC 9207 §3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    /// Where it is for an issuer.
    pub(super) fn place(issuer: &str) -> String {
        format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        )
    }

    /// Reads it; what is wrong with it, otherwise.
    pub(super) fn read(text: &[u8], issuer: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_slice(text)
            .map_err(|error| format!("its description cannot be read ({error})"))?;
        if read.issuer != issuer {
            return Err(format!(
                "it calls itself `{}`, and portal.yaml calls it `{issuer}`",
                read.issuer
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(200)
                    .collect::<String>()
            ));
        }
        let local = issuer.starts_with("http://");
        let endpoints = [
            &read.authorization_endpoint,
            &read.token_endpoint,
            &read.jwks_uri,
        ];
        for endpoint in endpoints.into_iter().chain(&read.userinfo_endpoint) {
            let sound = safe_url(endpoint).is_ok_and(|url: Url| local || url.scheme() == "https");
            if !sound {
                return Err("its description names an address that is not https".to_owned());
            }
        }
        Ok(read)
    }

    /// Whether the client's secret goes into the form and not the header.
    pub(super) fn secret_in_form(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|method| method == name);
        has("client_secret_post") && !has("client_secret_basic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(issuer: &str, token_endpoint: &str) -> String {
        format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/auth","token_endpoint":"{token_endpoint}","jwks_uri":"{issuer}/jwks"}}"#
        )
    }

    #[test]
    fn a_provider_that_calls_itself_otherwise_is_not_believed() {
        let text = described("https://id.example", "https://id.example/token");
        let read = |issuer| Discovery::read(text.as_bytes(), issuer);
        assert!(read("https://id.example").is_ok());
        assert!(read("https://id.example/").is_err());
        assert!(read("https://other.example").is_err());
    }

    #[test]
    fn no_code_is_sent_in_the_clear() {
        for place in [
            "http://id.example/token",
            "http://127.0.0.1/token",
            "ftp://id.example",
            "",
            "https://a@id.example/t",
        ] {
            let text = described("https://id.example", place);
            assert!(
                Discovery::read(text.as_bytes(), "https://id.example").is_err(),
                "{place}"
            );
        }
        let text = described("http://127.0.0.1:1", "http://127.0.0.1:1/token");
        assert!(Discovery::read(text.as_bytes(), "http://127.0.0.1:1").is_ok());
    }
}
