//! How items name each other.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use base::Span;
use serde::Serialize;
use yaml::{Decoding, Dialect, FromYaml, Node, Shape};

use crate::kinds::{Edge, Kind, KindId};

/// The name of an item of kind `K`, where it was written.
pub struct Ref<K> {
    /// The name as written.
    pub name: String,
    /// Where.
    pub span: Span,
    kind: PhantomData<fn() -> K>,
}

impl<K> Ref<K> {
    /// A name found somewhere else than under a key of its own.
    pub fn new(name: impl Into<String>, span: Span) -> Self {
        Self {
            name: name.into(),
            span,
            kind: PhantomData,
        }
    }

    /// Whether both lead to the same name.
    pub fn same(&self, other: &Self) -> bool {
        fold(&self.name) == fold(&other.name)
    }
}

/// Names and logins compare without case; `@` before a login is decoration.
pub(crate) fn fold(name: &str) -> Cow<'_, str> {
    let name = name.strip_prefix('@').unwrap_or(name);
    if name.bytes().any(|b| b.is_ascii_uppercase()) || !name.is_ascii() {
        Cow::Owned(name.to_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl<K> Clone for Ref<K> {
    fn clone(&self) -> Self {
        Self::new(self.name.clone(), self.span)
    }
}

impl<K> fmt::Debug for Ref<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ref({})", self.name)
    }
}

impl<K> fmt::Display for Ref<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl<K> Serialize for Ref<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<K: Kind> FromYaml for Ref<K> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, format_args!("the name of a {}", K::NAME))?;
        let name = if cx.dialect() == Dialect::Go {
            text.trim()
        } else {
            text
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            let message = format!("\"{name}\" cannot be the name of a {}", K::NAME);
            return cx.bad_value(
                node.span,
                message,
                "names hold no white space and are not empty",
            );
        }
        Some(Self::new(name, node.span))
    }

    fn shape() -> Shape {
        Shape::Reference(K::NAME)
    }
}

/// One item naming another.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// The kind of the item named.
    pub kind: KindId,
    /// Its name as written.
    pub name: &'a str,
    /// Where.
    pub span: Span,
    /// How they are related.
    pub relation: Relation,
    /// Why, in the writer's words.
    pub why: Option<&'a str>,
}

/// Passes on what an item names.
pub struct References<'v, 'a> {
    visit: &'v mut dyn FnMut(Reference<'a>),
}

impl<'v, 'a> References<'v, 'a> {
    pub(crate) fn new(visit: &'v mut dyn FnMut(Reference<'a>)) -> Self {
        Self { visit }
    }

    /// All of these are named, in one relation.
    pub fn each<K: Kind>(
        &mut self,
        named: impl IntoIterator<Item = &'a Ref<K>>,
        relation: Relation,
    ) {
        for target in named {
            self.because(target, relation, None);
        }
    }

    /// This one is named, for a reason.
    pub fn because<K: Kind>(
        &mut self,
        target: &'a Ref<K>,
        relation: Relation,
        why: Option<&'a str>,
    ) {
        (self.visit)(Reference {
            kind: K::ID,
            name: &target.name,
            span: target.span,
            relation,
            why,
        });
    }
}

/// How an item is related to one that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// A service cannot do without another.
    Depends {
        /// How.
        how: Edge,
        /// It goes on, if poorer.
        optional: bool,
    },
    /// A service runs at an account.
    RunsAt,
    /// A team lives in an organisation.
    HostedBy,
    /// A group answers for it.
    OwnedBy,
    /// A person keeps it running.
    StaffedBy,
    /// A team may change it.
    AdministeredBy,
    /// A person is called for it.
    Pages,
    /// Somebody is called for it next.
    EscalatesTo,
    /// An account pays for it.
    ChargedTo,
    /// It leaves an account.
    MovesFrom,
    /// It goes to an account.
    MovesTo,
    /// It is a part of another.
    PartOf,
    /// A person leads it.
    LedBy,
    /// A person led it.
    Honours,
    /// Somebody may change its membership.
    HasMaintainer,
    /// Somebody is in it.
    HasMember,
    /// Another has a say in it.
    Consults,
    /// It holds what another holds.
    CopyOf,
    /// A server answers for it.
    ServedBy,
    /// It keeps who may do what there.
    Holds,
    /// It says what may be spent on it.
    Limits,
    /// What it allows is paid by a grant.
    PaidFrom,
    /// A person asks for it again.
    RenewedBy,
}

impl Relation {
    /// As words between the two names.
    pub fn words(self) -> &'static str {
        match self {
            Self::Depends {
                how: Edge::Calls, ..
            } => "calls",
            Self::Depends {
                how: Edge::Reads, ..
            } => "reads from",
            Self::Depends {
                how: Edge::Writes, ..
            } => "writes to",
            Self::Depends {
                how: Edge::Credential,
                ..
            } => "takes a credential from",
            Self::Depends {
                how: Edge::Image, ..
            } => "runs an image of",
            Self::Depends { how: Edge::Dns, .. } => "is found through",
            Self::Depends {
                how: Edge::RunsOn, ..
            } => "runs on",
            Self::Depends {
                how: Edge::DeploysBy,
                ..
            } => "is deployed by",
            Self::RunsAt => "runs at",
            Self::HostedBy => "lives in",
            Self::OwnedBy => "is owned by",
            Self::StaffedBy => "is kept running by",
            Self::AdministeredBy => "is administered by",
            Self::Pages => "calls out",
            Self::EscalatesTo => "escalates to",
            Self::ChargedTo => "is charged to",
            Self::MovesFrom => "moves away from",
            Self::MovesTo => "moves to",
            Self::PartOf => "is part of",
            Self::LedBy => "is led by",
            Self::Honours => "was led by",
            Self::HasMaintainer => "is maintained by",
            Self::HasMember => "has the member",
            Self::Consults => "consults",
            Self::CopyOf => "is a copy of",
            Self::ServedBy => "is served by",
            Self::Holds => "holds",
            Self::Limits => "limits what is spent on",
            Self::PaidFrom => "is paid from",
            Self::RenewedBy => "is renewed by",
        }
    }

    /// What the loss of the item named does to the one that names it.
    pub fn strength(self) -> Strength {
        match self {
            Self::Depends {
                how: Edge::DeploysBy,
                ..
            } => Strength::Weakens,
            Self::Depends {
                optional: false, ..
            }
            | Self::RunsAt
            | Self::ServedBy
            | Self::HostedBy => Strength::Breaks,
            Self::Honours
            | Self::MovesFrom
            | Self::MovesTo
            | Self::Consults
            | Self::Holds
            | Self::Limits => Strength::Nothing,
            Self::Depends { optional: true, .. }
            | Self::OwnedBy
            | Self::StaffedBy
            | Self::AdministeredBy
            | Self::Pages
            | Self::EscalatesTo
            | Self::ChargedTo
            | Self::PartOf
            | Self::CopyOf
            | Self::LedBy
            | Self::HasMaintainer
            | Self::HasMember
            | Self::PaidFrom
            | Self::RenewedBy => Strength::Weakens,
        }
    }
}

/// What the loss of one item does to one that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// It does not notice.
    Nothing,
    /// It goes on, with somebody or something less.
    Weakens,
    /// It stops.
    Breaks,
}
