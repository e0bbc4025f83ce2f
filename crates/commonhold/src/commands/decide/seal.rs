//! `decisions/heads.json`: how far each journal goes, signed by whoever keeps the ledger.
//!
//! Whoever can push can write journals that fit together; this they cannot write.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use base::{Digest, canonical};
use decisions::journal::Journal;
use decisions::sshsig::{SshSignature, VerifyingKey};
use decisions::{FOLDER, ItemId};
use serde::{Deserialize, Serialize};

use crate::governed::Place;
use crate::keys::SigningKey;

/// What it is signed for.
const NAMESPACE: &str = "commonhold-checkpoint";

/// The file, below the folder of decisions.
pub(super) const FILE: &str = "heads.json";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    v: u32,
    heads: BTreeMap<ItemId, Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sig: Option<String>,
}

/// Where it lies.
pub(super) fn path() -> String {
    format!("{FOLDER}/{FILE}")
}

/// The file, signed.
pub(super) fn sealed(
    place: &Place<'_>,
    journals: &BTreeMap<ItemId, Journal>,
    key: &Path,
) -> anyhow::Result<String> {
    let key = SigningKey::find(place, Some(key))?;
    let mut seal = Seal {
        v: 1,
        heads: BTreeMap::new(),
        sig: None,
    };
    for (item, journal) in journals {
        seal.heads.extend(
            journal
                .heads(item)?
                .last()
                .map(|head| (item.clone(), *head)),
        );
    }
    seal.sig = Some(key.sign(NAMESPACE, &canonical(&seal)?)?);
    Ok(canonical(&seal)? + "\n")
}

/// What a signed file says that these journals do not bear out.
pub(super) fn faults(
    text: &str,
    keeper: &str,
    journals: &BTreeMap<ItemId, Journal>,
) -> anyhow::Result<Vec<String>> {
    let mut seal: Seal = serde_json::from_str(text).with_context(path)?;
    let Some(armored) = seal.sig.take() else {
        bail!("{} is not signed", path());
    };
    let key = VerifyingKey::of_line(keeper.trim()).context("the keeper's key cannot be read")?;
    let signature = SshSignature::parse(&armored).with_context(path)?;
    signature
        .verify(canonical(&seal)?.as_bytes(), NAMESPACE, &key)
        .with_context(|| format!("{} is not signed by the keeper", path()))?;
    let mut faults = Vec::new();
    for (item, head) in &seal.heads {
        let there = journals
            .get(item)
            .map(|journal| journal.heads(item))
            .transpose()?;
        if !there.is_some_and(|there| there.contains(head)) {
            faults.push(format!(
                "{}: the keeper signed another one",
                Journal::path(item)
            ));
        }
    }
    for item in journals
        .keys()
        .filter(|item| !seal.heads.contains_key(*item))
    {
        faults.push(format!("{}: the keeper signed none", Journal::path(item)));
    }
    Ok(faults)
}
