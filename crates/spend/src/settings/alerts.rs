//! Who is told, and what everybody may see, as it is written.

use base::Spanned;
use estate::kinds::Group;
use estate::{Email, Ref};
use serde::Serialize;
use yaml::{Decoding, FromYaml, Map, Node, Shape, record};

use super::{OneOrMore, Pattern};

record! {
    /// Who is told of what needs doing.
    #[derive(Default)]
    pub struct AlertSettings {
        /// Channels by the names that budgets call them.
        pub channels: Map<OneOrMore<Recipient>>,
        /// Channels or recipients for what names none itself: events, quotas, grants that end.
        pub to: Vec<Spanned<String>>,
    }
}

/// Somebody who is told, by mail or webhook.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Recipient {
    /// A group, through its list or chat; through its leads where it has neither.
    Group(Ref<Group>),
    /// A mail address, or the https URL of a webhook.
    Address(String),
}

impl Recipient {
    /// A recipient as it is written; nothing for an address that is none.
    pub fn parse(text: &str, span: base::Span) -> Option<Self> {
        if text.contains('@') || text.contains("://") {
            let url = text.strip_prefix("https://");
            let odd = |c: char| c.is_whitespace() || c.is_control();
            let sound = url.is_some_and(|rest| !rest.is_empty() && !rest.contains(odd));
            let address = sound || Email::new(text).is_some();
            return address.then(|| Self::Address(text.to_owned()));
        }
        let name = text.strip_prefix("group/").unwrap_or(text);
        let sound = !name.is_empty() && !name.contains(char::is_whitespace);
        sound.then(|| Self::Group(Ref::new(name, span)))
    }
}

impl FromYaml for Recipient {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a group or an address")?;
        Self::parse(text, node.span).or_else(|| {
            cx.bad_value(
                node.span,
                format!("\"{text}\" is nobody who can be told"),
                "write the name of a group, a mail address, or a URL that starts with https://",
            )
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "the name of a group, a mail address or an https URL",
            pattern: "^\\S+$",
        }
    }
}

record! {
    /// What the report for everybody leaves out. Account numbers, resources and addresses are never in it.
    #[derive(Default)]
    pub struct PublicView {
        /// Providers whose prices are nobody's business: their costs are part of totals, and not shown by themselves.
        pub private_prices: Vec<Pattern>,
    }
}
