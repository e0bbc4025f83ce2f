//! One text for one value, and a digest of it.

mod writer;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The canonical JSON of a value: keys sorted, no white space (RFC 8785). Numbers are doubles
/// there, so that integers beyond 2^53 - 1 lose what a double does not hold.
///
/// # Errors
/// The value cannot be JSON: a key that is no text or is there twice, or a number that is
/// not finite.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer)?;
    writer.into_text()
}

/// As [`canonical`], but of a value that keeps all it says, at most so many levels of lists
/// and objects deep.
///
/// # Errors
/// Those of [`canonical`]; an integer beyond 2^53 - 1, where JSON's readers differ; a value
/// that is nested deeper.
pub fn canonical_within<T: Serialize + ?Sized>(
    value: &T,
    depth: usize,
) -> Result<String, serde_json::Error> {
    let mut writer = writer::Writer::within(depth);
    value.serialize(&mut writer)?;
    writer.into_text()
}

/// A SHA-256 digest, written as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// What every written digest starts with.
    const PREFIX: &'static str = "sha256:";

    /// How many letters a written digest has.
    pub const LENGTH: usize = Self::PREFIX.len() + 64;

    /// Of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of what was digested elsewhere, for example as it was written.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Of a value, by its [`canonical`] JSON.
    pub fn of_json<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self::of(canonical(value)?.as_bytes()))
    }

    /// The first 12 hexadecimal digits, for people.
    pub fn short(&self) -> String {
        self.hex()[..12].to_owned()
    }

    /// All hexadecimal digits, without the prefix.
    pub fn hex(&self) -> String {
        let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
        let mut hex = String::with_capacity(64);
        for byte in self.0 {
            hex.push(digit(byte >> 4));
            hex.push(digit(byte & 15));
        }
        hex
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADigest;

impl fmt::Display for NotADigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not `sha256:` and 64 lower-case hexadecimal digits")
    }
}

impl std::error::Error for NotADigest {}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let hex = text.strip_prefix(Self::PREFIX).ok_or(NotADigest)?;
        if hex.len() != 64 {
            return Err(NotADigest);
        }
        let half = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(NotADigest),
        };
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = half(pair[0])? << 4 | half(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn equal_values_have_one_text() {
        let one: serde_json::Value = serde_json::from_str(r#"{"b": 1, "a": ["é"]}"#).unwrap();
        let other: serde_json::Value = serde_json::from_str(r#"{"a":["\u00e9"],"b":1.0}"#).unwrap();
        assert_eq!(canonical(&one).unwrap(), r#"{"a":["é"],"b":1}"#);
        assert_eq!(canonical(&one).unwrap(), canonical(&other).unwrap());
    }

    #[test]
    fn keys_go_by_their_utf16_units_and_are_texts() {
        let pair: serde_json::Value = serde_json::json!({
            "\u{1f600}": 1, "\u{fb33}": 2, "\n": 3, "\"": 4, "\u{20ac}": 5, "": 6,
        });
        let text = r#"{"":6,"\n":3,"\"":4,"€":5,"😀":1,"\ufb33":2}"#.replace("\\ufb33", "\u{fb33}");
        assert_eq!(canonical(&pair).unwrap(), text);
        let numbers = BTreeMap::from([(10, 'a'), (9, 'b'), (-1, 'c')]);
        assert_eq!(
            canonical(&numbers).unwrap(),
            r#"{"-1":"c","10":"a","9":"b"}"#
        );
        assert!(canonical(&BTreeMap::from([(vec![1], 1)])).is_err());
        assert!(canonical(&BTreeMap::from([(None::<u8>, 1)])).is_err());
    }

    #[test]
    fn every_kind_of_value_is_as_serde_json_has_it() {
        #[derive(Serialize)]
        #[serde(rename_all = "lowercase")]
        enum Kind {
            Unit,
            Newtype(u8),
            Tuple(u8, char),
            Struct { b: Option<bool>, a: () },
        }
        #[derive(Serialize)]
        struct Nothing;
        let kinds = (
            [Kind::Unit, Kind::Newtype(1), Kind::Tuple(2, '"')],
            Kind::Struct { b: None, a: () },
            (Nothing, -1.5_f32, i128::from(i64::MIN), u64::MAX, -0.0),
        );
        let expected = serde_json_canonicalizer::to_string(&kinds).unwrap();
        assert_eq!(canonical(&kinds).unwrap(), expected);
        assert!(canonical(&[f64::NAN]).is_err());
        assert!(canonical(&f32::INFINITY).is_err());
    }

    #[test]
    fn what_would_be_lost_or_is_too_deep_is_refused() {
        #[derive(Serialize)]
        enum Kind {
            Newtype(u8),
            Tuple(u8, u8),
            Struct { a: u8 },
        }
        let within = |value: &Value| canonical_within(value, 2).map_err(|e| e.to_string());
        let good = serde_json::json!([{"a": 9_007_199_254_740_991_u64}, [-1.5]]);
        assert_eq!(within(&good).unwrap(), canonical(&good).unwrap());
        for large in [serde_json::json!(1_u64 << 53), serde_json::json!(i64::MIN)] {
            assert!(within(&large).unwrap_err().contains("write it as a text"));
        }
        assert!(canonical_within(&(1_i128 << 53), 2).is_err());
        assert!(canonical_within(&(1_u128 << 53), 2).is_err());
        for deep in [serde_json::json!([[[]]]), serde_json::json!({"a": [{}]})] {
            assert_eq!(within(&deep).unwrap_err(), "nested deeper than 2 levels");
        }
        for kind in [Kind::Newtype(1), Kind::Tuple(1, 2), Kind::Struct { a: 1 }] {
            let levels = if matches!(kind, Kind::Newtype(_)) {
                1
            } else {
                2
            };
            let twice = [&kind, &kind];
            assert!(canonical_within(&twice, levels + 1).is_ok());
            assert!(canonical_within(&twice, levels).is_err());
        }
    }

    #[test]
    fn one_key_twice_is_refused() {
        struct Twice;
        impl Serialize for Twice {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map([("a", 1), ("b", 2), ("a", 3)])
            }
        }
        let error = canonical(&[Twice]).unwrap_err();
        assert_eq!(error.to_string(), "the key \"a\" is there twice");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let text = prop_oneof![any::<String>(), "[a-c\n\"\\\\€\u{fb33}\u{1f600}]{0,3}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i8>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, move |inner| {
            let fields = proptest::collection::vec((text.clone(), inner.clone()), 0..8);
            prop_oneof![
                proptest::collection::vec(inner, 0..8).prop_map(Value::from),
                fields.prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_as_another_implementation_has_it(value in any_json()) {
            let expected = serde_json_canonicalizer::to_string(&value).unwrap();
            prop_assert_eq!(canonical(&value).unwrap(), expected);
        }

        #[test]
        fn any_digest_reads_as_it_is_written(bytes: [u8; 32]) {
            let digest = Digest(bytes);
            prop_assert_eq!(digest.to_string().parse(), Ok(digest));
        }
    }

    #[test]
    fn a_digest_reads_what_it_writes_and_nothing_else() {
        let digest = Digest::of(b"");
        assert_eq!(
            digest.to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for wrong in [
            "",
            "sha256:",
            &digest.hex(),
            &digest.to_string().to_uppercase(),
        ] {
            assert_eq!(wrong.parse::<Digest>(), Err(NotADigest), "{wrong}");
        }
    }
}
