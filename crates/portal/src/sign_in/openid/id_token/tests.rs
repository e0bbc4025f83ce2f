use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://id.example";
const NOW: &str = "2026-01-01T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn ed25519() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

/// The provider's keys: one of each kind that can be made here.
fn keys() -> KeySet {
    let key = ed25519();
    let set = json!({"keys": [
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "e", "alg": "EdDSA", "use": "sig", "x": base64(key.public_key().as_ref())},
        {"kty": "OKP", "crv": "Ed25519", "kid": "other", "x": base64(&[9; 32])},
        {"kty": "RSA", "kid": "broken", "n": "!"},
        "nonsense",
    ]});
    KeySet::read(set.to_string().as_bytes()).unwrap()
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: ISSUER,
        client: "portal",
        nonce: "n",
        now: now(),
    }
}

fn claims() -> Value {
    let at = now().as_second();
    json!({"iss": ISSUER, "sub": "1", "aud": "portal", "exp": at + 300, "iat": at, "nonce": "n", "name": "Ada"})
}

fn signed(header: &Value, claims: &Value) -> String {
    let text = format!(
        "{}.{}",
        base64(header.to_string().as_bytes()),
        base64(claims.to_string().as_bytes())
    );
    let signature = ed25519().sign(text.as_bytes());
    format!("{text}.{}", base64(signature.as_ref()))
}

fn judged(header: &Value, claims: &Value) -> Result<Map<String, Value>, Unsound> {
    verify(&signed(header, claims), &keys(), &expected())
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn header() -> Value {
    json!({"alg": "EdDSA", "kid": "e"})
}

#[test]
fn a_sound_token_tells_who_somebody_is() {
    let claims = judged(&header(), &claims()).unwrap();
    assert_eq!(claims["sub"], "1");
    assert_eq!(claims["name"], "Ada");
    let several = with("aud", json!(["portal", "api"]));
    assert_eq!(judged(&header(), &several), Err(Unsound::Audience));
    let mut several = several;
    several["azp"] = json!("portal");
    assert!(judged(&header(), &several).is_ok());
}

#[test]
fn a_token_for_somebody_or_something_else_is_not_believed() {
    let at = now().as_second();
    for (name, value, wanted) in [
        ("iss", json!("https://id.example/"), Unsound::Issuer),
        ("iss", json!("https://evil.example"), Unsound::Issuer),
        ("aud", json!("other"), Unsound::Audience),
        ("aud", json!(["other"]), Unsound::Audience),
        ("aud", json!([]), Unsound::Audience),
        ("azp", json!("other"), Unsound::Audience),
        ("nonce", json!("m"), Unsound::Nonce),
        ("nonce", Value::Null, Unsound::Nonce),
        ("exp", json!(at - 61), Unsound::Time),
        ("iat", json!(at + 61), Unsound::Time),
        ("iat", json!(at - 3600), Unsound::Time),
        ("nbf", json!(at + 61), Unsound::Time),
        ("sub", json!(""), Unsound::Subject),
        ("sub", json!("a\nb"), Unsound::Subject),
        ("sub", json!(1), Unsound::Form),
        ("exp", json!("never"), Unsound::Form),
    ] {
        let found = judged(&header(), &with(name, value.clone()));
        assert_eq!(found, Err(wanted), "{name}: {value}");
    }
}

#[test]
fn a_token_that_is_not_signed_by_the_provider_is_not_believed() {
    for (header, wanted) in [
        (json!({"alg": "none"}), Unsound::Algorithm),
        (json!({"alg": "None", "kid": "e"}), Unsound::Algorithm),
        (json!({"alg": "HS256", "kid": "shared"}), Unsound::Algorithm),
        (json!({"alg": "HS256", "kid": "e"}), Unsound::Algorithm),
        (json!({"alg": "RS256", "kid": "e"}), Unsound::Signature),
        (json!({"alg": "EdDSA", "kid": "new"}), Unsound::UnknownKey),
        (json!({"alg": "EdDSA", "kid": "other"}), Unsound::Signature),
        // Two keys could have signed it, and nobody says which.
        (json!({"alg": "EdDSA"}), Unsound::Signature),
        (
            json!({"alg": "EdDSA", "kid": "e", "crit": ["b64"], "b64": false}),
            Unsound::Form,
        ),
        // Keys that it brings along are nobody's.
        (
            json!({"alg": "EdDSA", "kid": "new", "jku": "https://evil.example/keys"}),
            Unsound::UnknownKey,
        ),
    ] {
        assert_eq!(judged(&header, &claims()), Err(wanted), "{header}");
    }
}

#[test]
fn a_token_is_three_parts_and_none_is_empty() {
    let token = signed(&header(), &claims());
    let (signed, _) = token.rsplit_once('.').unwrap();
    for broken in [
        String::new(),
        "..".to_owned(),
        format!("{signed}."),
        signed.to_owned(),
        format!("{token}.a"),
        "a".repeat(70_000),
    ] {
        assert!(verify(&broken, &keys(), &expected()).is_err(), "{broken}");
    }
}

#[test]
fn curves_are_told_apart() {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random)
            .unwrap();
    let point = pair.public_key().as_ref();
    let set = |curve: &str| {
        let set = json!({"keys": [{"kty": "EC", "crv": curve, "kid": "p", "x": base64(&point[1..33]), "y": base64(&point[33..])}]});
        KeySet::read(set.to_string().as_bytes()).unwrap()
    };
    let text = format!(
        "{}.{}",
        base64(br#"{"alg":"ES256","kid":"p"}"#),
        base64(claims().to_string().as_bytes())
    );
    let signature = pair.sign(&random, text.as_bytes()).unwrap();
    let token = format!("{text}.{}", base64(signature.as_ref()));
    assert!(verify(&token, &set("P-256"), &expected()).is_ok());
    assert_eq!(
        verify(&token, &set("P-384"), &expected()),
        Err(Unsound::UnknownKey)
    );
}

proptest! {
    #[test]
    fn no_byte_of_a_token_can_be_changed(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_.-]") {
        let token = signed(&header(), &claims());
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &letter);
        // The last letter of base64 has bits that say nothing, and they must be zero.
        prop_assert_eq!(verify(&changed, &keys(), &expected()).is_ok(), changed == token);
    }

    #[test]
    fn no_text_breaks_it(token in "\\PC{0,60}|[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
        prop_assert!(verify(&token, &keys(), &expected()).is_err());
        let _ = KeySet::read(token.as_bytes());
        let _ = key_id(&token);
    }
}
