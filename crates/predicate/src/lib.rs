//! A small language for what is said of an item, in rules, migrations and ratchets.
//!
//! ```text
//! cluster == "old" and not (path ~ "trusted/**" or owner is missing)
//! any(containers, image matches ":latest$")     all(approvers, it != "bot")
//! cpu > 7 or memory <= 27Gi                     timeout > 2h30m
//! labels["team"]                                any(labels, key ~ "preset-*" and value == "true")
//! name in ["a", "b"]                            count(approvers) < 3
//! until < today + 30d                           "lead" not in roles
//! ```
//!
//! A predicate is read once against a [`Vocabulary`]: a field that is none, a text where a number
//! belongs, a pattern that is none are mistakes then and there, each with its place. Then it is
//! asked of any [`Item`]; a question takes no memory, cannot fail and always ends.
//!
//! Everything is true or false. What is missing compares with nothing: `cpu > 7` and `cpu <= 7`
//! both do not hold for it, `cpu != 7` and `not (cpu == 7)` both do. So the laws of logic hold,
//! and `is missing` asks for it. A list that is missing has no elements.
//!
//! `~` holds a text whole against a glob, in which only `**` crosses `/`; `matches` looks for a
//! regular expression anywhere in it. In `any`, `all`, `none` and `count`, names are fields of the
//! element, `it` is the element itself, and `outer.` leads to what the list stands in. `and` binds
//! more tightly than `or`, and `not` more than both. In texts, a backslash before a quote or a
//! backslash is none; before anything else it stays.
//!
//! This crate must never know what the items are, nor any file, network, clock or disk.

mod check;
mod depends;
mod explain;
mod measure;
mod mistake;
mod node;
mod pattern;
mod print;
mod syntax;
mod value;
mod vocabulary;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

pub use explain::{Explanation, Reason};
pub use measure::{duration, quantity};
pub use mistake::Mistake;
pub use value::{AsValue, Elements, Item, List, Map, Value};
pub use vocabulary::{Field, RESERVED, Type, Vocabulary, Words};

use node::{Node, Scope};

/// Something that is said of items of one kind, and holds for each of them or does not.
///
/// Equal are those that say the same in the same words; printed, it reads as an equal one.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    node: Node,
}

impl Predicate {
    /// Reads a predicate about items with these fields.
    ///
    /// # Errors
    /// The first mistake of form; or, where the form is sound, every mistake about fields, types
    /// and patterns, in the order in which they are written.
    pub fn parse(text: &str, vocabulary: &'static dyn Vocabulary) -> Result<Self, Vec<Mistake>> {
        let said = syntax::read(text).map_err(|mistake| vec![mistake])?;
        let node = check::check(&said, vocabulary)?;
        Ok(Self { node })
    }

    /// Whether it holds for an item on a day.
    pub fn holds(&self, item: &dyn Item, today: Date) -> bool {
        let it = Value::Item(item);
        self.node.holds(&Scope {
            it: &it,
            outer: None,
            today,
        })
    }

    /// Whether it holds for an item on a day, and which parts of it and values decide that.
    pub fn why(&self, item: &dyn Item, today: Date) -> Explanation {
        let it = Value::Item(item);
        let scope = Scope {
            it: &it,
            outer: None,
            today,
        };
        explain::explain(&self.node, &scope)
    }

    /// The fields of the item that it looks at; if none of them changes, nor the day, it holds
    /// as before.
    pub fn fields(&self) -> BTreeSet<&str> {
        let mut fields = BTreeSet::new();
        self.node.fields(0, &mut fields);
        fields
    }

    /// Whether what it says depends on the day.
    pub fn depends_on_day(&self) -> bool {
        self.node.depends_on_day()
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
