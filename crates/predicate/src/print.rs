//! Predicates as they are written.

use std::fmt;

use crate::node::{Constant, Leaf, Node, Operand, Written};
use crate::syntax::{Manner, State, Step};
use crate::words::quote;

/// How tightly parts of a predicate are bound; the loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
}

impl Node {
    fn binding(&self) -> Binding {
        match self {
            Self::Or(_) => Binding::Or,
            Self::And(_) => Binding::And,
            Self::Not(_) | Self::Leaf(_) => Binding::Not,
        }
    }

    /// In brackets, unless it is bound as tightly as is needed.
    fn part(&self, f: &mut fmt::Formatter<'_>, needed: Binding) -> fmt::Result {
        if self.binding() >= needed {
            write!(f, "{self}")
        } else {
            write!(f, "({self})")
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word, needed) = match self {
            Self::Leaf(leaf) => return leaf.fmt(f),
            Self::Not(inner) => {
                f.write_str("not ")?;
                return inner.part(f, Binding::Not);
            }
            Self::And(parts) => (parts, " and ", Binding::Not),
            Self::Or(parts) => (parts, " or ", Binding::And),
        };
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                f.write_str(word)?;
            }
            part.part(f, needed)?;
        }
        Ok(())
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        match self {
            Self::Fixed(truth) => truth.fmt(f),
            Self::Truth(operand) | Self::There(operand) => operand.fmt(f),
            Self::Compare(one, sign, two) => write!(f, "{one} {} {two}", sign.text()),
            Self::Among(operand, choices, negated) => {
                write!(f, "{operand} {}in [", not(negated))?;
                for (place, choice) in choices.iter().enumerate() {
                    write!(f, "{}{choice}", if place > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Within {
                element,
                whole,
                written,
                negated,
            } => match written {
                Written::In => write!(f, "{element} {}in {whole}", not(negated)),
                Written::Contains => write!(f, "{whole} {}contains {element}", not(negated)),
            },
            Self::Part(whole, part, negated) => {
                write!(f, "{whole} {}contains {part}", not(negated))
            }
            Self::Like(operand, pattern, negated) => {
                let sign = match (pattern.manner(), negated) {
                    (Manner::Glob, false) => "~",
                    (Manner::Glob, true) => "!~",
                    (Manner::Regex, false) => "matches",
                    (Manner::Regex, true) => "not matches",
                };
                write!(f, "{operand} {sign} {}", quote(&pattern.text))
            }
            Self::Is(operand, state, negated) => {
                let state = match state {
                    State::Missing => "missing",
                    State::Empty => "empty",
                };
                write!(f, "{operand} is {}{state}", not(negated))
            }
            Self::Each(quantifier, list, body) => {
                write!(f, "{}({list}, {body})", quantifier.text())
            }
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(constant) => constant.fmt(f),
            Self::Today(_, offset) => write!(f, "today{offset}"),
            Self::Count(list, None) => write!(f, "count({list})"),
            Self::Count(list, Some(body)) => write!(f, "count({list}, {body})"),
            Self::Path { out, it, steps } => {
                for _ in 0..*out {
                    f.write_str("outer.")?;
                }
                f.write_str(if *it { "it" } else { "" })?;
                for (place, step) in steps.iter().enumerate() {
                    match step {
                        Step::Field(name) if place == 0 && !it => f.write_str(name)?,
                        Step::Field(name) => write!(f, ".{name}")?,
                        Step::Key(key) => write!(f, "[{}]", quote(key))?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth(truth) => truth.fmt(f),
            Self::Number(_, written) | Self::Quantity(_, written) | Self::Duration(_, written) => {
                f.write_str(written)
            }
            Self::Date(date) => date.fmt(f),
            Self::Text(text) => f.write_str(&quote(text)),
        }
    }
}
