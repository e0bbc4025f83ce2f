//! Texts without ids and addresses.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex::Regex;

use super::Veil;
use crate::cells::{Cube, Name};

/// What stands where a text had what not everybody sees.
const GONE: &str = "(left out)";
/// The end of a resource's id is its name if it has more letters than this.
const SHORT: usize = 5;

/// Ids of accounts, sub-accounts and resources, which no text may have.
#[derive(Debug)]
pub(super) struct Secrets {
    /// Those that are one word.
    words: BTreeSet<String>,
    /// All others.
    phrases: Vec<String>,
}

impl Secrets {
    /// All of a cube, but for those that are names of owners, services and providers too.
    pub(super) fn of(cube: &Cube) -> Self {
        let mut private: BTreeSet<Name> = BTreeSet::new();
        let mut open: BTreeSet<Name> = BTreeSet::from([Name::NONE]);
        for cell in &cube.days {
            private.extend([cell.account, cell.sub_account]);
            open.extend([cell.provider, cell.whose.owner, cell.whose.service]);
        }
        for spot in &cube.hotspots {
            private.extend([spot.sub_account, spot.resource]);
        }
        let open: BTreeSet<&str> = open.iter().map(|name| cube.names.text(*name)).collect();
        let ids = private.iter().map(|name| cube.names.text(*name));
        // What a resource is called stands at the end of its id.
        let end = |id: &'_ str| -> Option<String> {
            let end = id.rsplit(['/', ':']).next()?;
            (end.len() > SHORT).then(|| end.to_owned())
        };
        let each = ids.flat_map(|id| [Some(id.to_owned()), end(id)]).flatten();
        let each = each.filter(|id| !open.contains(id.as_str()));
        let (phrases, words): (BTreeSet<String>, BTreeSet<String>) =
            each.partition(|id| id.contains(' '));
        // The longest first, so that of one in another nothing is left.
        let mut phrases: Vec<String> = phrases.into_iter().collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        Self { words, phrases }
    }

    fn has(&self, word: &str) -> bool {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        if self.words.contains(word) || self.words.contains(bare) || looks_secret(word) {
            return true;
        }
        let parts = word.split(|letter: char| !is_of_ids(letter));
        let mut parts = parts.map(|part| part.trim_matches('.'));
        parts.any(|part| self.words.contains(part))
    }
}

impl Veil<'_> {
    /// A text without ids and addresses.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for phrase in &self.secrets.phrases {
            text = text.replace(phrase.as_str(), GONE);
        }
        let shown = |word| if self.secrets.has(word) { GONE } else { word };
        text.split(' ').map(shown).collect::<Vec<_>>().join(" ")
    }

    /// Texts without ids and addresses.
    pub(super) fn texts(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.text(text)).collect()
    }
}

/// Whether a letter may stand in an id; others part the ids of a text.
fn is_of_ids(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

/// Addresses, and numbers of accounts whose charges are not known here.
fn looks_secret(word: &str) -> bool {
    static LOOKS: OnceLock<Option<Regex>> = OnceLock::new();
    // Twelve digits are an account of AWS, three times six an account of Google Cloud's billing.
    let looks = LOOKS.get_or_init(|| {
        Regex::new(r"\S@\S|\b\d{12}\b|\b[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}\b|\barn:").ok()
    });
    looks.as_ref().is_some_and(|looks| looks.is_match(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::PublicView;

    #[test]
    fn ids_and_addresses_are_gone_and_names_of_owners_stay() {
        let mut cube = Cube::default();
        for text in ["Team Account", "sig-a", "proj-77"] {
            cube.names.name(text);
        }
        let words = ["proj-77", "my-bucket"].map(str::to_owned).into();
        let view = PublicView::default();
        let veil = Veil {
            view: &view,
            private: Vec::new(),
            partner: None,
            secrets: Secrets {
                words,
                phrases: vec!["Team Account".to_owned()],
            },
        };
        for (text, shown) in [
            ("stop (proj-77), now", "stop (left out) now"),
            ("in s3://my-bucket/a", "in (left out)"),
            ("of Team Account here", "of (left out) here"),
            ("mail a@example.org.", "mail (left out)"),
            ("account 123456789012", "account (left out)"),
            ("sig-a pays $12", "sig-a pays $12"),
        ] {
            assert_eq!(veil.text(text), shown);
        }
    }
}
