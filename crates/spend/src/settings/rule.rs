//! Whose a charge is, as it is written.

use base::Spanned;
use estate::Ref;
use estate::kinds::{Funding, Group, Service};
use jiff::civil::Date;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Map, Node, Shape, Value, record};

use super::When;

record! {
    /// Whose the charges are that match; the first rule that matches says it. It names an `owner` or a `pool`.
    pub struct OwnerRule {
        /// Which charges; `{}` for all.
        pub when: When,
        /// The first day of charges for which it holds; from ever if not said.
        pub from: Option<Spanned<Date>>,
        /// The first day of charges for which it holds no more; for ever if not said.
        pub until: Option<Spanned<Date>>,
        /// The group whose they are, by name or from a tag.
        pub owner: Option<RuleOwner>,
        /// The pool they are in, because several use it together.
        pub pool: Option<Spanned<String>>,
        /// The service of the estate that they are for.
        pub service: Option<Ref<Service>>,
        /// What it was decided to be paid for.
        pub funding: Option<Ref<Funding>>,
    }
}

/// Whose charges are.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum RuleOwner {
    /// A group.
    Group(Ref<Group>),
    /// The group that the value of a tag names.
    Tag(TagOwner),
}

record! {
    /// The group that the value of a tag names, by its name or an alias, without regard to case. A value that names no
    /// group does not match: the next rule is tried.
    pub struct TagOwner {
        /// The key of the tag.
        pub tag: Spanned<String>,
        /// Groups by values of the tag that are not their names, without regard to case.
        pub names: Map<Ref<Group>>,
    }
}

impl FromYaml for RuleOwner {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        match &node.value {
            Value::Mapping(_) => TagOwner::from_yaml(node, cx).map(Self::Tag),
            _ => Ref::from_yaml(node, cx).map(Self::Group),
        }
    }

    fn shape() -> Shape {
        Shape::Either(vec![Ref::<Group>::shape(), TagOwner::shape()])
    }
}
