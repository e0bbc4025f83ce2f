//! A predicate that was checked, and the asking of it.

use std::cmp::Ordering;

use base::Decimal;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::pattern::Pattern;
use crate::syntax::{Quantifier, Sign, State, Step};
use crate::value::{Item, Value};

/// What is true or false of an item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Leaf(Leaf),
}

/// What is asked of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Fixed(bool),
    /// A field that is itself true or false.
    Truth(Operand),
    /// An entry of a map that is there.
    There(Operand),
    Compare(Operand, Sign, Operand),
    Among(Operand, Vec<Constant>, bool),
    /// The element, the list or map, and how it was written.
    Within {
        element: Operand,
        whole: Operand,
        written: Written,
        negated: bool,
    },
    /// A text within a text.
    Part(Operand, Operand, bool),
    Like(Operand, Pattern, bool),
    Is(Operand, State, bool),
    Each(Quantifier, Operand, Box<Node>),
}

/// In which order an element and its list were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    In,
    Contains,
}

/// What has a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Constant(Constant),
    /// So many days after today, and how that was written.
    Today(i32, Box<str>),
    Path {
        out: usize,
        it: bool,
        steps: Box<[Step]>,
    },
    Count(Box<Operand>, Option<Box<Node>>),
}

/// A fixed value, and for what has many spellings the one that was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constant {
    Truth(bool),
    Number(Decimal, Box<str>),
    Quantity(Decimal, Box<str>),
    Duration(SignedDuration, Box<str>),
    Date(Date),
    Text(Box<str>),
}

/// What is asked about: the element, what it is in, and the day.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) it: &'s Value<'s>,
    pub(crate) outer: Option<&'s Scope<'s>>,
    pub(crate) today: Date,
}

impl Node {
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> bool {
        match self {
            Self::Not(inner) => !inner.holds(scope),
            Self::And(parts) => parts.iter().all(|part| part.holds(scope)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(scope)),
            Self::Leaf(leaf) => leaf.holds(scope),
        }
    }
}

impl Leaf {
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> bool {
        match self {
            Self::Fixed(truth) => *truth,
            Self::Truth(operand) => matches!(operand.value(scope), Value::Truth(true)),
            Self::There(operand) => !matches!(operand.value(scope), Value::Missing),
            Self::Compare(one, sign, two) => compare(&one.value(scope), *sign, &two.value(scope)),
            Self::Among(operand, choices, negated) => {
                let value = operand.value(scope);
                choices.iter().any(|choice| same(&value, &choice.value())) != *negated
            }
            Self::Within {
                element,
                whole,
                negated,
                ..
            } => within(&element.value(scope), &whole.value(scope)) != *negated,
            Self::Part(whole, part, negated) => {
                let contains = match (whole.value(scope), part.value(scope)) {
                    (Value::Text(whole), Value::Text(part)) => whole.contains(part),
                    _ => false,
                };
                contains != *negated
            }
            Self::Like(operand, pattern, negated) => {
                let value = operand.value(scope);
                matches!(value, Value::Text(text) if pattern.fits(text)) != *negated
            }
            Self::Is(operand, state, negated) => is(&operand.value(scope), *state) != *negated,
            Self::Each(quantifier, list, body) => {
                let list = list.value(scope);
                match quantifier {
                    Quantifier::Any => first(&list, body, true, scope).is_some(),
                    Quantifier::All => first(&list, body, false, scope).is_none(),
                    Quantifier::None => first(&list, body, true, scope).is_none(),
                }
            }
        }
    }
}

impl Operand {
    pub(crate) fn value<'s>(&'s self, scope: &Scope<'s>) -> Value<'s> {
        match self {
            Self::Constant(constant) => constant.value(),
            Self::Today(days, _) => {
                let span = jiff::Span::new().days(*days);
                scope.today.checked_add(span).ok().into()
            }
            Self::Path { out, steps, .. } => walk(*out, steps, scope),
            Self::Count(list, body) => {
                let list = list.value(scope);
                match body {
                    Some(body) => counted(&list, body, scope).into(),
                    None => length(&list).unwrap_or(0).into(),
                }
            }
        }
    }
}

impl Constant {
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Truth(truth) => Value::Truth(*truth),
            Self::Number(number, _) => Value::Number(*number),
            Self::Quantity(quantity, _) => Value::Quantity(*quantity),
            Self::Duration(duration, _) => Value::Duration(*duration),
            Self::Date(date) => Value::Date(*date),
            Self::Text(text) => Value::Text(text),
        }
    }
}

fn walk<'s>(out: usize, steps: &[Step], scope: &Scope<'s>) -> Value<'s> {
    let mut scope = *scope;
    for _ in 0..out {
        match scope.outer {
            Some(outer) => scope = *outer,
            None => return Value::Missing,
        }
    }
    let mut value = scope.it.borrowed();
    for step in steps {
        value = match (step, value) {
            (Step::Field(name), Value::Item(item)) => item.get(name),
            (Step::Key(key), Value::Map(map)) => map.get(key),
            _ => return Value::Missing,
        };
    }
    value
}

/// What is missing compares with nothing, and so is unequal to everything.
fn compare(one: &Value<'_>, sign: Sign, two: &Value<'_>) -> bool {
    match sign {
        Sign::Equal => same(one, two),
        Sign::Unequal => !same(one, two),
        Sign::Less => order(one, two).is_some_and(Ordering::is_lt),
        Sign::AtMost => order(one, two).is_some_and(Ordering::is_le),
        Sign::More => order(one, two).is_some_and(Ordering::is_gt),
        Sign::AtLeast => order(one, two).is_some_and(Ordering::is_ge),
    }
}

fn same(one: &Value<'_>, two: &Value<'_>) -> bool {
    match (one, two) {
        (Value::Text(one), Value::Text(two)) => one == two,
        (Value::Truth(one), Value::Truth(two)) => one == two,
        _ => order(one, two).is_some_and(Ordering::is_eq),
    }
}

fn order(one: &Value<'_>, two: &Value<'_>) -> Option<Ordering> {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => Some(one.cmp(two)),
        (Value::Quantity(one), Value::Quantity(two)) => Some(one.cmp(two)),
        (Value::Duration(one), Value::Duration(two)) => Some(one.cmp(two)),
        (Value::Date(one), Value::Date(two)) => Some(one.cmp(two)),
        _ => None,
    }
}

fn within(element: &Value<'_>, whole: &Value<'_>) -> bool {
    match (element, whole) {
        (element, Value::List(list)) => {
            let elements = list.elements();
            elements.find(&mut |other| same(element, &other)).is_some()
        }
        (Value::Text(key), Value::Map(map)) => !matches!(map.get(key), Value::Missing),
        _ => false,
    }
}

fn is(value: &Value<'_>, state: State) -> bool {
    match (state, value) {
        (_, Value::Missing) => true,
        (State::Missing, _) => false,
        (State::Empty, Value::Text(text)) => text.is_empty(),
        (State::Empty, value) => length(value) == Some(0),
    }
}

/// How many elements or entries there are.
pub(crate) fn length(value: &Value<'_>) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.elements().count()),
        Value::Map(map) => Some(map.count()),
        _ => None,
    }
}

/// One entry of a map: an item with a `key` and a `value`.
struct Entry<'e> {
    key: &'e str,
    value: &'e Value<'e>,
}

impl Item for Entry<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "key" => Value::Text(self.key),
            "value" => self.value.borrowed(),
            _ => Value::Missing,
        }
    }
}

/// The place of the first element that is wanted.
pub(crate) fn find(
    list: &Value<'_>,
    scope: &Scope<'_>,
    wanted: &mut dyn FnMut(&Scope<'_>) -> bool,
) -> Option<usize> {
    let mut asked = |it: &Value<'_>| {
        wanted(&Scope {
            it,
            outer: Some(scope),
            today: scope.today,
        })
    };
    match list {
        Value::List(list) => list.elements().find(&mut |element| asked(&element)),
        Value::Map(map) => map.find(&mut |key, value| {
            let entry = Entry { key, value: &value };
            asked(&Value::Item(&entry))
        }),
        _ => None,
    }
}

fn first(list: &Value<'_>, body: &Node, holds: bool, scope: &Scope<'_>) -> Option<usize> {
    find(list, scope, &mut |inner| body.holds(inner) == holds)
}

fn counted(list: &Value<'_>, body: &Node, scope: &Scope<'_>) -> usize {
    let mut count = 0;
    find(list, scope, &mut |inner| {
        count += usize::from(body.holds(inner));
        false
    });
    count
}
