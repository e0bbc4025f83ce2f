//! Buckets, and how they are set up.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

use http_client::aws::xml;
use roxmltree::Node;
use serde_json::{Map, Value};

use super::ask::{Asker, Question, Starts};
use super::{REGION, is_region, policy};
use crate::{Failed, secret};

/// What the names of buckets begin with.
pub(super) const BUCKET: &str = "bucket/";
/// How many buckets are looked at at once.
const AT_ONCE: usize = 8;
/// How deep an answer may be nested.
const DEEPEST: usize = 32;
/// Elements of which there may be several, also where there is one.
const LISTS: [&str; 6] = [
    "And",
    "NoncurrentVersionTransition",
    "Rule",
    "Statement",
    "Tag",
    "Transition",
];

/// A part of how a bucket is set up.
#[derive(Debug, Clone, Copy)]
pub struct BucketPart {
    /// What it is called here.
    pub name: &'static str,
    /// What is asked for it.
    asked: &'static str,
    /// What the root of the answer may be called.
    roots: &'static [&'static str],
    /// The codes by which the service says that it is not set.
    absent: &'static [&'static str],
}

/// All that is exported of a bucket beside its region.
pub const PARTS: [BucketPart; 6] = [
    BucketPart {
        name: "encryption",
        asked: "encryption",
        roots: &["ServerSideEncryptionConfiguration"],
        absent: &["ServerSideEncryptionConfigurationNotFoundError"],
    },
    BucketPart {
        name: "lifecycle",
        asked: "lifecycle",
        roots: &["LifecycleConfiguration"],
        absent: &["NoSuchLifecycleConfiguration"],
    },
    BucketPart {
        name: "policy",
        asked: "policy",
        roots: &[],
        absent: &["NoSuchBucketPolicy"],
    },
    BucketPart {
        name: "public_access_block",
        asked: "publicAccessBlock",
        roots: &["PublicAccessBlockConfiguration"],
        absent: &["NoSuchPublicAccessBlockConfiguration"],
    },
    BucketPart {
        name: "tags",
        asked: "tagging",
        roots: &["Tagging"],
        absent: &["NoSuchTagSet"],
    },
    BucketPart {
        name: "versioning",
        asked: "versioning",
        // The second is what moto calls it.
        roots: &["VersioningConfiguration", "GetBucketVersioningResponse"],
        absent: &[],
    },
];

/// All buckets of an account.
pub(super) fn collect(asker: &Asker) -> Result<BTreeMap<String, Value>, Failed> {
    let names = listed(asker)?;
    // Some seven questions a bucket: one after the other they would take minutes.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut seen = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(at) else {
                return seen;
            };
            let found = bucket(asker, name);
            if found.is_err() {
                next.store(names.len(), Ordering::Relaxed);
            }
            seen.push((name, found));
        }
    };
    let mut seen: Vec<(&String, Result<Value, Failed>)> = thread::scope(|scope| {
        let some = AT_ONCE.min(names.len());
        let workers: Vec<_> = (0..some).map(|_| scope.spawn(work)).collect();
        let seen = workers.into_iter().map(ScopedJoinHandle::join);
        seen.flat_map(|seen| seen.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    // Of several that failed at once, always the first is told.
    seen.sort_by_key(|(name, _)| *name);
    let named = seen.into_iter().map(|(name, found)| match found {
        Ok(value) => Ok((format!("{BUCKET}{name}"), value)),
        Err(failed) => {
            let what = format!("bucket {name}: {failed}");
            Err(Failed { what, ..failed })
        }
    });
    named.collect()
}

/// The names of all buckets, sorted.
fn listed(asker: &Asker) -> Result<Vec<String>, Failed> {
    let (mut names, mut starts) = (Vec::new(), Starts::default());
    let mut token: Option<String> = None;
    loop {
        let mut query = vec![("max-buckets", "1000")];
        query.extend(token.as_deref().map(|token| ("continuation-token", token)));
        let answer = asker.get(Question::new("/", &query))?;
        let (page, next) = buckets(&answer).map_err(Failed::untrusted)?;
        names.extend(page);
        let Some(start) = next else { break };
        starts.come_to(start.clone())?;
        token = Some(start);
    }
    names.sort_unstable();
    let mut pairs = names.iter().zip(names.iter().skip(1));
    if let Some((twice, _)) = pairs.find(|(one, next)| one == next) {
        let what = format!("it lists the bucket {twice} twice");
        return Err(Failed::untrusted(what));
    }
    Ok(names)
}

/// The names on a page of buckets, and where the next page starts.
///
/// # Errors
/// It is no such page, or cut short.
pub fn buckets(text: &str) -> Result<(Vec<String>, Option<String>), String> {
    let document = xml::document(text)?;
    let root = document.root_element();
    if root.tag_name().name() != "ListAllMyBucketsResult" {
        return Err("it does not list its buckets".to_owned());
    }
    let list = xml::child(root, "Buckets").ok_or("its list of buckets is cut short")?;
    let names = list.children().filter(Node::is_element).map(|bucket| {
        let name = xml::text(bucket, "Name").ok_or("it lists a bucket without a name")?;
        // The name goes into a path.
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_name = !name.is_empty() && name.bytes().all(sound) && !matches!(name, "." | "..");
        let odd = || format!("`{}` is not the name of a bucket", name.escape_debug());
        is_name.then(|| name.to_owned()).ok_or_else(odd)
    });
    let names = names.collect::<Result<Vec<String>, String>>()?;
    let next = xml::text(root, "ContinuationToken").filter(|token| !token.is_empty());
    Ok((names, next.map(str::to_owned)))
}

fn bucket(asker: &Asker, name: &str) -> Result<Value, Failed> {
    let path = format!("/{name}");
    let asked = [("location", "")];
    let answer = asker.get(Question::new(&path, &asked))?;
    let region = location(&answer).map_err(Failed::untrusted)?;
    let mut value = Map::new();
    for part in PARTS {
        let question = Question {
            region: Some(&region),
            path: &path,
            query: &[(part.asked, "")],
        };
        if let Some(answer) = asker.find(question, part.absent)? {
            let wrong = |what| Failed::untrusted(format!("{}: {what}", part.name));
            let read = part.read(&answer).map_err(wrong)?;
            value.insert(part.name.to_owned(), read);
        }
    }
    value.insert("location".to_owned(), Value::from(region));
    Ok(Value::Object(value))
}

/// The region of a bucket.
///
/// # Errors
/// The answer does not say it.
pub fn location(text: &str) -> Result<String, String> {
    let document = xml::document(text)?;
    let root = document.root_element();
    if root.tag_name().name() != "LocationConstraint" {
        return Err("it does not say where the bucket is".to_owned());
    }
    match root.text().unwrap_or("").trim() {
        "" => Ok(REGION.to_owned()),
        // As the oldest buckets of Europe still say.
        "EU" => Ok("eu-west-1".to_owned()),
        region if is_region(region) => Ok(region.to_owned()),
        other => Err(format!(
            "`{}` is not the name of a region",
            other.escape_debug()
        )),
    }
}

impl BucketPart {
    /// Reads the answer.
    ///
    /// # Errors
    /// It is something else, or cut short.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        if self.name == "policy" {
            return policy::document(text);
        }
        let document = xml::document(text)?;
        let root = document.root_element();
        let called = root.tag_name().name();
        if !self.roots.contains(&called) {
            return Err(format!("it answers with `{}`", called.escape_debug()));
        }
        if self.name == "tags" {
            return tags(root);
        }
        value(root, DEEPEST)
    }
}

fn tags(root: Node<'_, '_>) -> Result<Value, String> {
    let set =
        xml::child(root, "TagSet").ok_or("it has no tags, and no word that there are none")?;
    let mut tags = Map::new();
    for tag in set.children().filter(Node::is_element) {
        let key = xml::text(tag, "Key").ok_or("a tag has no key")?;
        let text = xml::text(tag, "Value").unwrap_or("");
        tags.insert(key.to_owned(), secret::hidden(key, text));
    }
    Ok(Value::Object(tags))
}

/// An element as a value: its text, or what is in it by name. What there may be several of is a list.
fn value(node: Node<'_, '_>, deepest: usize) -> Result<Value, String> {
    let mut children = node.children().filter(Node::is_element).peekable();
    if children.peek().is_none() {
        let text = node.text().unwrap_or("").trim();
        let is_whole = node.parent_element().is_none();
        return Ok(match text {
            "" if is_whole => Value::Object(Map::new()),
            text => secret::hidden(node.tag_name().name(), text),
        });
    }
    if deepest == 0 {
        return Err(format!("it is nested more than {DEEPEST} deep"));
    }
    let mut fields: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for child in children {
        let name = child.tag_name().name().to_owned();
        fields
            .entry(name)
            .or_default()
            .push(value(child, deepest - 1)?);
    }
    let fields = fields.into_iter().map(|(name, mut values)| {
        let alone = values.len() == 1 && !LISTS.contains(&name.as_str());
        let value = if alone {
            values.remove(0)
        } else {
            Value::Array(values)
        };
        (name, value)
    });
    Ok(Value::Object(fields.collect()))
}
