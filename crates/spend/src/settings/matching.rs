//! Which charges are meant.

use std::fmt;

use base::Span;
use regex::{Regex, RegexBuilder};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Map, Node, Shape, Value, choice, record};

use crate::cells::Category;

record! {
    /// Which charges are meant: those on which all of these agree. Names are compared with their case.
    #[derive(Default)]
    pub struct When {
        /// The provider, as its bills call it (`ProviderName`).
        pub provider: Option<OneOrMore<Pattern>>,
        /// The billing account (`BillingAccountId`).
        pub account: Option<OneOrMore<Pattern>>,
        /// The sub-account, for example a project (`SubAccountId`).
        pub sub_account: Option<OneOrMore<Pattern>>,
        /// The service, as the vendor calls it (`ServiceName`).
        pub service: Option<OneOrMore<Pattern>>,
        /// The price list's number (`SkuId`).
        pub sku: Option<OneOrMore<Pattern>>,
        /// The resource (`ResourceId`).
        pub resource: Option<OneOrMore<Pattern>>,
        /// Tags by their key: the charge has each, with a value that is meant. A tag without a value is `true`.
        pub tag: Map<OneOrMore<Pattern>>,
        /// What sort of charge (`ChargeCategory`).
        pub category: Option<OneOrMore<ChargeCategory>>,
    }
}

choice! {
    /// What sort of charge, in the words of FOCUS.
    pub enum ChargeCategory {
        /// What was used.
        Usage = "Usage",
        /// What was bought.
        Purchase = "Purchase",
        /// Taxes.
        Tax = "Tax",
        /// What grants pay.
        Credit = "Credit",
        /// Adjustments of a bill.
        Adjustment = "Adjustment",
    }
}

impl From<ChargeCategory> for Category {
    fn from(category: ChargeCategory) -> Self {
        match category {
            ChargeCategory::Usage => Self::Usage,
            ChargeCategory::Purchase => Self::Purchase,
            ChargeCategory::Tax => Self::Tax,
            ChargeCategory::Credit => Self::Credit,
            ChargeCategory::Adjustment => Self::Adjustment,
        }
    }
}

/// One value or a list of them; never none.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct OneOrMore<T> {
    /// Each as written.
    pub each: Vec<T>,
    /// Where they stand.
    #[serde(skip)]
    pub span: Span,
}

impl<T: FromYaml> FromYaml for OneOrMore<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let each = match &node.value {
            Value::Sequence(items) if items.is_empty() => {
                let help = "name at least one, or remove the key";
                return cx.bad_value(node.span, "an empty list means nothing", help);
            }
            Value::Sequence(items) => {
                let read: Vec<T> = items
                    .iter()
                    .filter_map(|item| T::from_yaml(item, cx))
                    .collect();
                // What is left of a list with a mistake in it would mean something else.
                if read.len() < items.len() {
                    return None;
                }
                read
            }
            _ => vec![T::from_yaml(node, cx)?],
        };
        Some(Self {
            each,
            span: node.span,
        })
    }

    fn shape() -> Shape {
        Shape::Either(vec![T::shape(), Shape::List(Box::new(T::shape()))])
    }
}

/// What names are held against: a text with wildcards, or a regular expression.
///
/// `*` stands for any characters, none among them, and `?` for one. A regular expression is
/// found anywhere in the name, unless `^` and `$` hold it.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    form: Form,
    span: Span,
}

#[derive(Debug, Clone)]
enum Form {
    Any,
    Exact,
    /// What stands before the one `*` at the end.
    Prefix,
    /// What stands behind the one `*` at the start.
    Suffix,
    Wildcards(Regex),
    Expression(Regex),
}

/// What of a pattern can be looked up without trying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'p> {
    /// Every name matches.
    Any,
    /// This name.
    Exact(&'p str),
    /// Names that begin so.
    Prefix(&'p str),
    /// Names that end so.
    Suffix(&'p str),
    /// It has to be tried.
    Tried,
}

/// More than any name needs, and little enough that many can be held.
const LARGEST_EXPRESSION: usize = 1 << 18;

impl Pattern {
    /// A text with wildcards.
    ///
    /// # Errors
    /// It has more wildcards than can be tried in a sensible time.
    pub fn wildcards(text: &str, span: Span) -> Result<Self, regex::Error> {
        let plain = |text: &str| !text.contains(['*', '?']);
        let form = match text {
            "*" => Form::Any,
            text if plain(text) => Form::Exact,
            text if text.strip_suffix('*').is_some_and(plain) => Form::Prefix,
            text if text.strip_prefix('*').is_some_and(plain) => Form::Suffix,
            text => {
                let mut expression = String::from("(?s)^");
                for c in text.chars() {
                    match c {
                        '*' => expression.push_str(".*"),
                        '?' => expression.push('.'),
                        c => expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
                    }
                }
                expression.push('$');
                Form::Wildcards(compiled(&expression)?)
            }
        };
        Ok(Self {
            text: text.to_owned(),
            form,
            span,
        })
    }

    /// A regular expression.
    ///
    /// # Errors
    /// It is none, or a larger one than is tried.
    pub fn expression(text: &str, span: Span) -> Result<Self, regex::Error> {
        Ok(Self {
            text: text.to_owned(),
            form: Form::Expression(compiled(text)?),
            span,
        })
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a regular expression.
    pub fn is_expression(&self) -> bool {
        matches!(self.form, Form::Expression(_))
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What of it can be looked up.
    pub fn lookup(&self) -> Lookup<'_> {
        match &self.form {
            Form::Any => Lookup::Any,
            Form::Exact => Lookup::Exact(&self.text),
            Form::Prefix => Lookup::Prefix(&self.text[..self.text.len() - 1]),
            Form::Suffix => Lookup::Suffix(&self.text[1..]),
            Form::Wildcards(_) | Form::Expression(_) => Lookup::Tried,
        }
    }

    /// Whether a name matches.
    pub fn matches(&self, name: &str) -> bool {
        match &self.form {
            Form::Wildcards(regex) | Form::Expression(regex) => regex.is_match(name),
            _ => match self.lookup() {
                Lookup::Exact(text) => name == text,
                Lookup::Prefix(text) => name.starts_with(text),
                Lookup::Suffix(text) => name.ends_with(text),
                Lookup::Any | Lookup::Tried => true,
            },
        }
    }

    /// Whether every name that the other matches is matched for certain; no for what is not plain.
    pub fn covers(&self, other: &Self) -> bool {
        if self.text == other.text && self.is_expression() == other.is_expression() {
            return true;
        }
        match (self.lookup(), other.lookup()) {
            (Lookup::Any, _) => true,
            (_, Lookup::Exact(name)) => self.matches(name),
            (Lookup::Prefix(short), Lookup::Prefix(long)) => long.starts_with(short),
            (Lookup::Suffix(short), Lookup::Suffix(long)) => long.ends_with(short),
            _ => false,
        }
    }
}

fn compiled(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text)
        .size_limit(LARGEST_EXPRESSION)
        .build()
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_expression() {
            return serializer.serialize_str(&self.text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("regex", &self.text)?;
        map.end()
    }
}

record! {
    /// Names that a regular expression is found in.
    pub struct Expression {
        /// The expression; `^` and `$` hold it at the ends.
        pub regex: String,
    }
}

impl FromYaml for Pattern {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let read = match &node.value {
            Value::Mapping(_) => {
                let expression = Expression::from_yaml(node, cx)?;
                Self::expression(&expression.regex, node.span)
            }
            _ => Self::wildcards(cx.text(node, "a name or a pattern")?, node.span),
        };
        read.map_or_else(
            |why| {
                let why = match why {
                    regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                    // The first lines draw where it is; the last says what.
                    why => why.to_string().lines().last().unwrap_or("").to_owned(),
                };
                let why = why.trim_start_matches("error: ");
                let message = format!("this pattern cannot be used: {why}");
                cx.bad_value(
                    node.span,
                    message,
                    "write a name, with `*` for any characters; or {regex: EXPRESSION}, in quotes",
                )
            },
            Some,
        )
    }

    fn shape() -> Shape {
        let name = Shape::Form {
            name: "a name, with `*` for any characters and `?` for one",
            pattern: "",
        };
        Shape::Either(vec![name, Expression::shape()])
    }
}

#[cfg(test)]
mod tests {
    use base::{SourceMap, Span};

    use super::Pattern;

    fn pattern(text: &str) -> Pattern {
        let span = Span::start_of(SourceMap::default().add("spend.yaml", ""));
        Pattern::wildcards(text, span).unwrap()
    }

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        for (text, name, matches) in [
            ("*", "", true),
            ("?*", "", false),
            ("infra-*", "infra-", true),
            ("infra-*", "Infra-a", false),
            ("*-prod", "a/b-prod", true),
            ("a*z", "a/b\nz", true),
            ("a?z", "aéz", true),
            ("a?z", "az", false),
            ("a.z", "abz", false),
            ("*a*", "bab", true),
            ("a[1]", "a[1]", true),
        ] {
            assert_eq!(pattern(text).matches(name), matches, "{text} {name}");
        }
    }

    #[test]
    fn a_pattern_covers_another_only_where_that_is_certain() {
        for (wide, narrow, covers) in [
            ("*", "a?b", true),
            ("a*", "ab*", true),
            ("ab*", "a*", false),
            ("*b", "*ab", true),
            ("a?b", "axb", true),
            ("a?b", "a?b", true),
            ("a?b", "a?*", false),
            ("a", "a", true),
            ("a*", "*a", false),
        ] {
            assert_eq!(
                pattern(wide).covers(&pattern(narrow)),
                covers,
                "{wide} {narrow}"
            );
        }
    }
}
