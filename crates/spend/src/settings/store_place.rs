//! Where bills are kept.

use std::fmt;

use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Shape};

/// Where bills are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorePlace {
    /// A folder below the estate.
    Folder(String),
    /// What an environment variable of this name says: a path or a URL.
    Variable(String),
    /// A bucket of S3 or what has its interface, and the prefix in it, which may be empty.
    S3 {
        /// The bucket.
        bucket: String,
        /// What the names of all objects begin with; without slashes at its ends.
        prefix: String,
    },
    /// A bucket of Google Cloud Storage, and the prefix in it, which may be empty.
    Gs {
        /// The bucket.
        bucket: String,
        /// What the names of all objects begin with; without slashes at its ends.
        prefix: String,
    },
}

impl Default for StorePlace {
    fn default() -> Self {
        Self::Folder(".commonhold/spend".to_owned())
    }
}

impl StorePlace {
    /// A place, as it is written in `spend.yaml` or in the variable that `env/NAME` names.
    ///
    /// # Errors
    /// What is wrong with the text, as half a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(name) = text.strip_prefix("env/") {
            let sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if name.is_empty() || !name.bytes().all(sound) {
                return Err("the name of an environment variable has letters, digits and `_`");
            }
            return Ok(Self::Variable(name.to_owned()));
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = in_bucket(rest)?;
            return Ok(Self::S3 { bucket, prefix });
        }
        if let Some(rest) = text.strip_prefix("gs://") {
            let (bucket, prefix) = in_bucket(rest)?;
            return Ok(Self::Gs { bucket, prefix });
        }
        if text.contains("://") {
            return Err("buckets are those of s3:// and gs://");
        }
        if text.is_empty() || text.contains(char::is_control) {
            return Err("this is no path");
        }
        let leaves = text.split('/').any(|part| part == "..");
        if text.starts_with('/') || text.contains('\\') || leaves {
            return Err("the folder is below the estate; `env/NAME` may lead out of it");
        }
        Ok(Self::Folder(text.trim_end_matches('/').to_owned()))
    }
}

fn in_bucket(rest: &str) -> Result<(String, String), &'static str> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if bucket.is_empty() || !bucket.bytes().all(sound) {
        return Err("the name of a bucket has letters, digits, `-`, `_` and `.`");
    }
    let prefix = prefix.trim_matches('/');
    let odd = |part: &str| part == ".." || part == "." || part.contains(char::is_control);
    if prefix.split('/').any(odd) {
        return Err("the prefix in a bucket has no `.` and no `..`");
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, bucket, prefix) = match self {
            Self::Folder(path) => return f.write_str(path),
            Self::Variable(name) => return write!(f, "env/{name}"),
            Self::S3 { bucket, prefix } => ("s3", bucket, prefix),
            Self::Gs { bucket, prefix } => ("gs", bucket, prefix),
        };
        let slash = if prefix.is_empty() { "" } else { "/" };
        write!(f, "{scheme}://{bucket}{slash}{prefix}")
    }
}

impl Serialize for StorePlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for StorePlace {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a path or a bucket")?;
        Self::parse(text).map_or_else(
            |why| {
                let message = format!("\"{text}\" is no place for bills: {why}");
                let help = "write a folder such as .commonhold/spend, env/NAME, s3://BUCKET/PREFIX or gs://BUCKET/PREFIX";
                cx.bad_value(node.span, message, help)
            },
            Some,
        )
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a folder below the estate, `env/NAME`, or the URL of a bucket",
            pattern: "^([^/\\\\:][^\\\\:]*|s3://.+|gs://.+)$",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StorePlace;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for (text, written) in [
            (".commonhold/spend", ".commonhold/spend"),
            ("bills/", "bills"),
            ("env/SPEND_STORE", "env/SPEND_STORE"),
            ("s3://bills", "s3://bills"),
            ("s3://bills/a/b/", "s3://bills/a/b"),
            ("gs://our.bills/2026", "gs://our.bills/2026"),
        ] {
            let place = StorePlace::parse(text).map(|place| place.to_string());
            assert_eq!(place.as_deref(), Ok(written), "{text}");
        }
    }

    #[test]
    fn a_place_outside_the_estate_is_none() {
        for text in [
            "",
            "/var/bills",
            "../bills",
            "a/../../b",
            "env/",
            "env/A B",
            "s3://",
            "s3:///a",
            "gs://b/../c",
            "https://example.org/bills",
            "c:\\bills",
        ] {
            assert!(StorePlace::parse(text).is_err(), "{text}");
        }
    }
}
