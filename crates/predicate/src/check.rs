//! A tree of words to one of fields, held against the vocabulary.

use base::nearest;
use jiff::civil::Date;

use crate::Mistake;
use crate::measure::{duration, number, quantity};
use crate::node::{Constant, Leaf, Node, Operand, Written};
use crate::pattern::Pattern;
use crate::syntax::{
    Choices, Fixed, Form, Literal, Manner, Place, Quantifier, Said, Sign, State, Step, Term,
    TermForm,
};
use crate::vocabulary::{Type, Vocabulary};

mod literal;
mod path;

/// The predicate of a tree, or every mistake in it.
pub(crate) fn check(
    said: &Said,
    vocabulary: &'static dyn Vocabulary,
) -> Result<Node, Vec<Mistake>> {
    let mut checker = Checker {
        scopes: vec![Element::Value(Type::Item(vocabulary))],
        mistakes: Vec::new(),
    };
    match checker.said(said) {
        Some(node) if checker.mistakes.is_empty() => Ok(node),
        _ => Err(checker.mistakes),
    }
}

/// What is asked about at one depth.
#[derive(Debug, Clone, Copy)]
enum Element {
    /// An item, or an element of a list.
    Value(Type),
    /// An entry of a map, with a `key` and a `value`.
    Entry(Type),
}

/// The type of a term: that of its values, or that it is a fixed one whose type is said by what
/// it is compared with.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Of(Type),
    Fixed,
}

struct Checker {
    scopes: Vec<Element>,
    mistakes: Vec<Mistake>,
}

impl Checker {
    fn wrong<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.mistakes.push(mistake);
        None
    }

    fn said(&mut self, said: &Said) -> Option<Node> {
        let leaf = match &said.form {
            Form::Not(inner) => return Some(Node::Not(Box::new(self.said(inner)?))),
            Form::And(parts) => return self.parts(parts).map(Node::And),
            Form::Or(parts) => return self.parts(parts).map(Node::Or),
            Form::Bare(term) => self.bare(term),
            Form::Compare(one, sign, two) => self.compare(one, *sign, two, &said.at),
            Form::In(term, Choices::Fixed(choices), negated) => self.among(term, choices, *negated),
            Form::In(term, Choices::Field(whole), negated) => {
                self.within(term, whole, Written::In, *negated)
            }
            Form::Contains(whole, term, negated) => self.contains(whole, term, *negated),
            Form::Like(term, manner, pattern, negated) => {
                self.like(term, *manner, pattern, *negated)
            }
            Form::Is(term, state, negated) => self.is(term, *state, *negated),
            Form::Each(quantifier, list, body) => self.each(*quantifier, list, body),
        };
        leaf.map(Node::Leaf)
    }

    /// All parts, or nothing if one is wrong; each is looked at.
    fn parts(&mut self, parts: &[Said]) -> Option<Vec<Node>> {
        let nodes: Vec<Option<Node>> = parts.iter().map(|part| self.said(part)).collect();
        nodes.into_iter().collect()
    }

    fn bare(&mut self, term: &Term) -> Option<Leaf> {
        if let TermForm::Literal(Literal {
            word: Fixed::Truth(truth),
            ..
        }) = term.form
        {
            return Some(Leaf::Fixed(truth));
        }
        let (operand, kind) = self.term(term)?;
        let of_map = matches!(&operand, Operand::Path { steps, .. }
            if matches!(steps.last(), Some(Step::Key(_))));
        let help = match kind {
            Kind::Of(Type::Truth) => return Some(Leaf::Truth(operand)),
            Kind::Of(_) if of_map => return Some(Leaf::There(operand)),
            Kind::Fixed => "compare it with a field",
            Kind::Of(Type::List(_) | Type::Map(_)) => "ask `is not empty` or `any(…, …)`",
            Kind::Of(_) => "compare it, or ask `is not missing`",
        };
        let what = match kind {
            Kind::Of(of) => of.to_string(),
            Kind::Fixed => "a fixed value".to_owned(),
        };
        self.wrong(Mistake::new(&term.at, format!("{what} is not true or false")).help(help))
    }

    fn compare(&mut self, one: &Term, sign: Sign, two: &Term, at: &Place) -> Option<Leaf> {
        let (first, second) = (self.term(one), self.term(two));
        let ((left, left_kind), (right, right_kind)) = (first?, second?);
        let (left, right, of) = match (left_kind, right_kind) {
            (Kind::Of(one), Kind::Of(two)) if one.same(two) => (left, right, one),
            (Kind::Of(one), Kind::Of(two)) => {
                let message = format!("{one} is compared with {two}");
                return self.wrong(Mistake::new(at, message));
            }
            (Kind::Of(of), Kind::Fixed) => (left, self.fixed(two, of)?, of),
            (Kind::Fixed, Kind::Of(of)) => (self.fixed(one, of)?, right, of),
            (Kind::Fixed, Kind::Fixed) => {
                return self.wrong(
                    Mistake::new(at, "two fixed values are compared")
                        .help("compare a field with a value"),
                );
            }
        };
        if !of.plain() {
            let help = "ask with `any(…, …)`, `contains` or `count(…)`";
            return self
                .wrong(Mistake::new(at, format!("{of} is not compared as a whole")).help(help));
        }
        if sign.orders() && !of.ordered() {
            let message = format!("{of} is not less or more than another");
            return self.wrong(Mistake::new(at, message).help("compare it with `==` or `~`"));
        }
        Some(Leaf::Compare(left, sign, right))
    }

    fn among(&mut self, term: &Term, choices: &[Literal], negated: bool) -> Option<Leaf> {
        let (operand, of) = self.valued(term)?;
        if !of.plain() {
            let message = format!("{of} is not one of several values");
            return self
                .wrong(Mistake::new(&term.at, message).help("ask with `any(…, it in […])`"));
        }
        let constants: Vec<Option<Constant>> = choices
            .iter()
            .map(|choice| self.constant(choice, of))
            .collect();
        let constants: Option<Vec<Constant>> = constants.into_iter().collect();
        Some(Leaf::Among(operand, constants?, negated))
    }

    fn contains(&mut self, whole: &Term, part: &Term, negated: bool) -> Option<Leaf> {
        let (text, of) = self.valued(whole)?;
        if !matches!(of, Type::Text) {
            return self.within(part, whole, Written::Contains, negated);
        }
        let (operand, kind) = self.term(part)?;
        let operand = match kind {
            Kind::Fixed => self.fixed(part, Type::Text)?,
            Kind::Of(Type::Text) => operand,
            Kind::Of(of) => {
                return self.wrong(Mistake::new(&part.at, format!("{of} is no part of a text")));
            }
        };
        Some(Leaf::Part(text, operand, negated))
    }

    fn within(&mut self, term: &Term, of: &Term, how: Written, negated: bool) -> Option<Leaf> {
        let (whole, kind) = self.valued(of)?;
        let wanted = match kind {
            Type::List(of) if of.plain() => *of,
            Type::Map(_) => Type::Text,
            Type::List(_) => {
                return self.wrong(
                    Mistake::new(&of.at, "the elements of the list are items")
                        .help("ask with `any(…, …)`"),
                );
            }
            kind => {
                return self.wrong(
                    Mistake::new(&of.at, format!("{kind} is no list"))
                        .help("write a list as [\"a\", \"b\"]"),
                );
            }
        };
        let (operand, kind) = self.term(term)?;
        let element = match kind {
            Kind::Fixed => self.fixed(term, wanted)?,
            Kind::Of(of) if of.same(wanted) => operand,
            Kind::Of(of) => {
                let message = format!("{of} is looked for where each is {wanted}");
                return self.wrong(Mistake::new(&term.at, message));
            }
        };
        Some(Leaf::Within {
            element,
            whole,
            written: how,
            negated,
        })
    }

    fn like(&mut self, term: &Term, manner: Manner, text: &Literal, no: bool) -> Option<Leaf> {
        let (operand, of) = self.valued(term)?;
        if !matches!(of, Type::Text) {
            let help = matches!(of, Type::List(_)).then(|| "ask with `any(…, it ~ …)`".to_owned());
            let message = format!("{of} does not match a pattern");
            return self.wrong(Mistake::new(&term.at, message).help_if(help));
        }
        let Fixed::Text(pattern) = &text.word else {
            return None;
        };
        match Pattern::new(pattern, manner) {
            Ok(pattern) => Some(Leaf::Like(operand, pattern, no)),
            Err(reason) => {
                let what = match manner {
                    Manner::Glob => "glob",
                    Manner::Regex => "regular expression",
                };
                self.wrong(Mistake::new(
                    &text.at,
                    format!("this is no {what}: {reason}"),
                ))
            }
        }
    }

    fn is(&mut self, term: &Term, state: State, negated: bool) -> Option<Leaf> {
        let (operand, of) = self.valued(term)?;
        let may_be_empty = matches!(of, Type::Text | Type::List(_) | Type::Map(_));
        if state == State::Empty && !may_be_empty {
            let message = format!("{of} is never empty");
            return self.wrong(Mistake::new(&term.at, message).help("ask `is missing`"));
        }
        Some(Leaf::Is(operand, state, negated))
    }

    fn each(&mut self, quantifier: Quantifier, list: &Term, body: &Said) -> Option<Leaf> {
        let (operand, element) = self.whole(list)?;
        let body = self.inside(element, body)?;
        Some(Leaf::Each(quantifier, operand, Box::new(body)))
    }

    /// A list or a map, and what its elements are.
    fn whole(&mut self, list: &Term) -> Option<(Operand, Element)> {
        let (operand, of) = self.valued(list)?;
        match of {
            Type::List(of) => Some((operand, Element::Value(*of))),
            Type::Map(of) => Some((operand, Element::Entry(*of))),
            _ => self.wrong(Mistake::new(&list.at, format!("{of} has no elements"))),
        }
    }

    fn inside(&mut self, element: Element, body: &Said) -> Option<Node> {
        self.scopes.push(element);
        let node = self.said(body);
        self.scopes.pop();
        node
    }

    /// A term that must not be a fixed value, with its type.
    fn valued(&mut self, term: &Term) -> Option<(Operand, Type)> {
        match self.term(term)? {
            (operand, Kind::Of(of)) => Some((operand, of)),
            (_, Kind::Fixed) => {
                self.wrong(Mistake::new(&term.at, "this is a fixed value").help("name a field"))
            }
        }
    }

    fn term(&mut self, term: &Term) -> Option<(Operand, Kind)> {
        match &term.form {
            // What is put here is not looked at: `fixed` reads it again once its type is known.
            TermForm::Literal(_) => Some((Operand::Constant(Constant::Truth(true)), Kind::Fixed)),
            TermForm::Today(offset) => {
                let operand = self.today(offset.as_ref())?;
                Some((operand, Kind::Of(Type::Date)))
            }
            TermForm::Count(list, body) => {
                let (operand, element) = self.whole(list)?;
                let body = match body {
                    Some(body) => Some(Box::new(self.inside(element, body)?)),
                    None => None,
                };
                let operand = Operand::Count(Box::new(operand), body);
                Some((operand, Kind::Of(Type::Number)))
            }
            TermForm::Path(path) => {
                let of = self.path(path, &term.at)?;
                let steps = path.steps.iter().map(|(step, _)| step.clone()).collect();
                let operand = Operand::Path {
                    out: path.out,
                    it: path.it,
                    steps,
                };
                Some((operand, Kind::Of(of)))
            }
        }
    }
}
