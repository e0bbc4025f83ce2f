#![no_main]
//! Any text as the keys of a provider and a token of it; then its first line as a header and the rest as claims, signed
//! with a key that the provider lists, so that what tokens say is judged too.

use commonhold_fuzz::base64;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use portal::sign_in::openid::{Expected, KeySet, verify};
use ring::signature::{Ed25519KeyPair, KeyPair};

fuzz_target!(|text: &str| {
    let expected = Expected {
        issuer: "https://id.example",
        client: "portal",
        nonce: "n",
        now: Timestamp::from_second(1_767_268_800).unwrap(),
    };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(keys) = KeySet::read(first.as_bytes()) {
        // Nobody knows a secret half here.
        assert!(verify(rest.trim(), &keys, &expected).is_err());
    }
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let point = url_safe(&base64(pair.public_key().as_ref()));
    let listed = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","kid":"e","x":"{point}"}}]}}"#);
    let keys = KeySet::read(listed.as_bytes()).unwrap();
    let part = |text: &str| url_safe(&base64(text.as_bytes()));
    let signed = format!("{}.{}", part(first), part(rest));
    let signature = url_safe(&base64(pair.sign(signed.as_bytes()).as_ref()));
    if let Ok(claims) = verify(&format!("{signed}.{signature}"), &keys, &expected) {
        assert_eq!(claims["iss"], expected.issuer);
        assert_eq!(claims["nonce"], expected.nonce);
        assert!(claims["aud"].to_string().contains("\"portal\""));
        assert!(claims["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
    }
});

fn url_safe(text: &str) -> String {
    text.trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_")
}
