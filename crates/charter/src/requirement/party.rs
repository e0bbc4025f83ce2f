//! Whom a procedure asks or tells.

use base::{Diagnostic, Span};
use estate::kinds::Group;
use estate::{Email, Ref};
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Shape};

/// The groups that a procedure speaks of.
#[derive(Debug, Clone)]
pub enum Party {
    /// The groups that own what is changed.
    Owners,
    /// The groups behind the change in the dependency graph.
    Affected,
    /// The group that the charter calls `infrastructure`.
    Infrastructure,
    /// The group that the charter calls `contributor_experience`.
    ContributorExperience,
    /// A group by its name.
    Group(Ref<Group>),
}

impl Party {
    const WORDS: [(&'static str, Self); 4] = [
        ("owners", Self::Owners),
        ("affected", Self::Affected),
        ("infrastructure", Self::Infrastructure),
        ("contributor-experience", Self::ContributorExperience),
    ];

    /// As it is written.
    pub fn word(&self) -> &str {
        match self {
            Self::Owners => "owners",
            Self::Affected => "affected",
            Self::Infrastructure => "infrastructure",
            Self::ContributorExperience => "contributor-experience",
            Self::Group(group) => &group.name,
        }
    }
}

impl Serialize for Party {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl FromYaml for Party {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let word = node.text().unwrap_or("");
        if let Some((_, party)) = Self::WORDS.into_iter().find(|(known, _)| *known == word) {
            return Some(party);
        }
        let reference = Ref::<Group>::from_yaml(node, cx)?;
        // A group may bear the name of a word: `group/owners` is that group.
        let name = reference.name.strip_prefix("group/");
        let bare = name.map(|name| Ref::new(name, reference.span));
        Some(Self::Group(bare.unwrap_or(reference)))
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "`owners`, `affected`, `infrastructure`, `contributor-experience`, or the name of a group",
            pattern: "^\\S+$",
        }
    }
}

/// At least one party.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Parties {
    /// Each as written; never empty when read from a file.
    pub each: Vec<Party>,
    /// Where that is written; nowhere if it is built in.
    #[serde(skip)]
    pub span: Option<Span>,
}

impl FromYaml for Parties {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let each = some_of(node, cx)?;
        let span = Some(node.span);
        Some(Self { each, span })
    }

    fn shape() -> Shape {
        Shape::List(Box::new(Party::shape()))
    }
}

/// Where notice is given.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Recipient {
    /// Groups.
    Party(Party),
    /// The list that the charter calls `development_list`.
    DevelopmentList(DevelopmentList),
    /// A mail address, or a page on the web.
    Address(String),
}

/// The word for the list on which development is discussed.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum DevelopmentList {
    /// The word.
    #[serde(rename = "development-list")]
    Word,
}

impl FromYaml for Recipient {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = node.text().unwrap_or("");
        if text == "development-list" {
            return Some(Self::DevelopmentList(DevelopmentList::Word));
        }
        if text.contains('@') || text.contains("://") {
            return Address::from_yaml(node, cx).map(|address| Self::Address(address.0));
        }
        Party::from_yaml(node, cx).map(Self::Party)
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "`owners`, `affected`, `infrastructure`, `contributor-experience`, `development-list`, \
                   the name of a group, a mail address or an https URL",
            pattern: "^\\S+$",
        }
    }
}

/// At least one recipient.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Recipients {
    /// Each as written; never empty when read from a file.
    pub each: Vec<Recipient>,
    /// Where that is written; nowhere if it is built in.
    #[serde(skip)]
    pub span: Option<Span>,
}

impl FromYaml for Recipients {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let each = some_of(node, cx)?;
        let span = Some(node.span);
        Some(Self { each, span })
    }

    fn shape() -> Shape {
        Shape::List(Box::new(Recipient::shape()))
    }
}

/// A mail address, or a page on the web.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromYaml for Address {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "an address")?.trim();
        let on_the_web = text.strip_prefix("https://").is_some_and(|rest| {
            !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
        });
        if on_the_web || Email::new(text).is_some() {
            return Some(Self(text.to_owned()));
        }
        cx.bad_value(
            node.span,
            format!("\"{text}\" is no address that notice can be given to"),
            "write a mail address, or a URL that starts with https://",
        )
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a mail address or an https URL",
            pattern: "^(https://\\S+|[^@\\s<>]+@[^@\\s<>]+)$",
        }
    }
}

/// The items of a list that makes no sense without any.
fn some_of<T: FromYaml>(node: &Node, cx: &mut Decoding) -> Option<Vec<T>> {
    let items = Vec::<T>::from_yaml(node, cx)?;
    if items.is_empty() {
        // Where entries were wrong, that has been reported.
        if cx.items(node, "a list").is_some_and(<[Node]>::is_empty) {
            let finding = Diagnostic::new(&yaml::codes::BAD_VALUE, node.span, "nobody is named");
            cx.report(finding.help("name at least one, for example `owners`"));
        }
        return None;
    }
    Some(items)
}
