//! Words to a tree, before it is known what the fields are.

use std::ops::Range;

use crate::Mistake;
use crate::vocabulary::RESERVED;
use crate::words::{Token, Word, words};

/// How deep brackets, `not` and quantifiers may be nested.
const DEEPEST: usize = 64;

pub(crate) type Place = Range<usize>;

/// What is true or false.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) form: Form,
    pub(crate) at: Place,
}

#[derive(Debug)]
pub(crate) enum Form {
    Not(Box<Said>),
    And(Vec<Said>),
    Or(Vec<Said>),
    Bare(Term),
    Compare(Term, Sign, Term),
    In(Term, Choices, bool),
    Like(Term, Manner, Literal, bool),
    Contains(Term, Term, bool),
    Is(Term, State, bool),
    Each(Quantifier, Term, Box<Said>),
}

/// What has a value.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) form: TermForm,
    pub(crate) at: Place,
}

#[derive(Debug)]
pub(crate) enum TermForm {
    Literal(Literal),
    /// Today, or so many days from it.
    Today(Option<(bool, Literal)>),
    Path(Path),
    Count(Box<Term>, Option<Box<Said>>),
}

/// A fixed value as it was written.
#[derive(Debug)]
pub(crate) struct Literal {
    pub(crate) word: Fixed,
    pub(crate) at: Place,
}

#[derive(Debug)]
pub(crate) enum Fixed {
    Truth(bool),
    Text(String),
    Measure(String),
}

/// The way to a field: how many items out, whether from the element itself, and the steps.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) out: usize,
    pub(crate) it: bool,
    pub(crate) steps: Vec<(Step, Place)>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// `.name`
    Field(Box<str>),
    /// `["name"]`
    Key(Box<str>),
}

#[derive(Debug)]
pub(crate) enum Choices {
    Fixed(Vec<Literal>),
    Field(Term),
}

/// A sign between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Sign {
    const ALL: [(&'static str, Self); 6] = [
        ("==", Self::Equal),
        ("!=", Self::Unequal),
        ("<", Self::Less),
        ("<=", Self::AtMost),
        (">", Self::More),
        (">=", Self::AtLeast),
    ];

    pub(crate) fn text(self) -> &'static str {
        let own = Self::ALL.iter().find(|(_, sign)| *sign == self);
        own.map_or("==", |(text, _)| text)
    }

    /// Whether it needs values that have an order.
    pub(crate) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }
}

/// How a text is held against a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Glob,
    Regex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Missing,
    Empty,
}

/// Of how many elements something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    All,
    None,
}

impl Quantifier {
    pub(crate) const ALL: [(&'static str, Self); 3] =
        [("any", Self::Any), ("all", Self::All), ("none", Self::None)];

    pub(crate) fn text(self) -> &'static str {
        let own = Self::ALL.iter().find(|(_, quantifier)| *quantifier == self);
        own.map_or("any", |(text, _)| text)
    }
}

/// The tree of a text.
pub(crate) fn read(text: &str) -> Result<Said, Mistake> {
    let words = words(text)?;
    let mut parser = Parser {
        words,
        next: 0,
        depth: 0,
    };
    if parser.peek() == &Token::End {
        return Err(Mistake::new(&(0..text.len()), "a predicate says something")
            .help("write `true` for one that always holds"));
    }
    let said = parser.either()?;
    match parser.peek() {
        Token::End => Ok(said),
        _ => Err(parser.unexpected("`and`, `or` or the end")),
    }
}

struct Parser<'t> {
    words: Vec<Word<'t>>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token<'_> {
        self.words.get(self.next).map_or(&Token::End, |w| &w.token)
    }

    /// Where the next word stands.
    fn here(&self) -> Place {
        self.words
            .get(self.next)
            .or(self.words.last())
            .map_or(0..0, |word| word.at.clone())
    }

    /// From a place to the end of the last word taken.
    fn since(&self, start: usize) -> Place {
        let last = self.next.checked_sub(1).and_then(|at| self.words.get(at));
        start..last.map_or(start, |word| word.at.end)
    }

    fn take(&mut self, wanted: &Token<'_>) -> bool {
        let found = self.peek() == wanted;
        self.next += usize::from(found);
        found
    }

    fn name(&mut self, name: &'static str) -> bool {
        self.take(&Token::Name(name))
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        self.take(&Token::Sign(sign))
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Mistake> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{sign}`")))
    }

    fn unexpected(&self, wanted: &str) -> Mistake {
        let found = match self.peek() {
            Token::Name(name) => format!("`{name}`"),
            Token::Measure(measure) => format!("`{measure}`"),
            Token::Text(_) => "a text".to_owned(),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        };
        Mistake::new(&self.here(), format!("expected {wanted}, found {found}"))
    }

    fn deeper<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, Mistake>) -> Result<T, Mistake> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(
                Mistake::new(&self.here(), format!("nested more than {DEEPEST} deep"))
                    .help("say it in several predicates"),
            );
        }
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn either(&mut self) -> Result<Said, Mistake> {
        self.series("or", Self::both, Form::Or)
    }

    fn both(&mut self) -> Result<Said, Mistake> {
        self.series("and", Self::negation, Form::And)
    }

    fn series(
        &mut self,
        word: &'static str,
        part: fn(&mut Self) -> Result<Said, Mistake>,
        form: fn(Vec<Said>) -> Form,
    ) -> Result<Said, Mistake> {
        let start = self.here().start;
        let first = part(self)?;
        if self.peek() != &Token::Name(word) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.name(word) {
            parts.push(part(self)?);
        }
        Ok(Said {
            form: form(parts),
            at: self.since(start),
        })
    }

    fn negation(&mut self) -> Result<Said, Mistake> {
        let start = self.here().start;
        if !self.name("not") {
            return self.primary();
        }
        let inner = self.deeper(Self::negation)?;
        Ok(Said {
            form: Form::Not(Box::new(inner)),
            at: self.since(start),
        })
    }

    fn primary(&mut self) -> Result<Said, Mistake> {
        let start = self.here().start;
        if self.sign("(") {
            let inner = self.deeper(Self::either)?;
            self.expect(")")?;
            return Ok(inner);
        }
        for (word, quantifier) in Quantifier::ALL {
            if self.name(word) {
                self.expect("(")?;
                let list = self.term()?;
                self.expect(",")?;
                let body = self.deeper(Self::either)?;
                self.expect(")")?;
                return Ok(Said {
                    form: Form::Each(quantifier, list, Box::new(body)),
                    at: self.since(start),
                });
            }
        }
        let term = self.term()?;
        let form = self.comparison(term)?;
        let at = self.since(start);
        if matches!(form, Form::Compare(..)) && self.comparing().is_some() {
            return Err(Mistake::new(&self.here(), "two comparisons in one")
                .help("write `a < b and b < c`"));
        }
        Ok(Said { form, at })
    }

    /// The sign of comparison that comes next.
    fn comparing(&self) -> Option<Sign> {
        let signs = Sign::ALL.iter();
        let mut own = signs.filter(|(text, _)| self.peek() == &Token::Sign(text));
        own.next().map(|(_, sign)| *sign)
    }

    fn comparison(&mut self, term: Term) -> Result<Form, Mistake> {
        if let Some(sign) = self.comparing() {
            self.next += 1;
            return Ok(Form::Compare(term, sign, self.term()?));
        }
        if self.name("is") {
            let negated = self.name("not");
            let state = match self.peek() {
                Token::Name("missing") => State::Missing,
                Token::Name("empty") => State::Empty,
                _ => {
                    return Err(self
                        .unexpected("`missing` or `empty`")
                        .help("compare values with `==`"));
                }
            };
            self.next += 1;
            return Ok(Form::Is(term, state, negated));
        }
        if self.sign("~") {
            return Ok(Form::Like(term, Manner::Glob, self.pattern()?, false));
        }
        if self.sign("!~") {
            return Ok(Form::Like(term, Manner::Glob, self.pattern()?, true));
        }
        let negated = self.name("not");
        if self.name("matches") {
            return Ok(Form::Like(term, Manner::Regex, self.pattern()?, negated));
        }
        if self.name("contains") {
            return Ok(Form::Contains(term, self.term()?, negated));
        }
        if self.name("in") {
            return Ok(Form::In(term, self.choices()?, negated));
        }
        if negated {
            return Err(self.unexpected("`in`, `matches` or `contains`"));
        }
        Ok(Form::Bare(term))
    }

    fn pattern(&mut self) -> Result<Literal, Mistake> {
        let at = self.here();
        let Token::Text(text) = self.peek() else {
            return Err(self.unexpected("a text in quotes"));
        };
        let word = Fixed::Text(text.clone());
        self.next += 1;
        Ok(Literal { word, at })
    }

    fn choices(&mut self) -> Result<Choices, Mistake> {
        if !self.sign("[") {
            return Ok(Choices::Field(self.term()?));
        }
        let mut choices = Vec::new();
        loop {
            let literal = self.literal();
            choices.push(literal.ok_or_else(|| self.unexpected("a text, number or day"))?);
            if self.sign("]") {
                return Ok(Choices::Fixed(choices));
            }
            if !self.sign(",") {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn literal(&mut self) -> Option<Literal> {
        let at = self.here();
        let word = match self.peek() {
            Token::Name("true") => Fixed::Truth(true),
            Token::Name("false") => Fixed::Truth(false),
            Token::Text(text) => Fixed::Text(text.clone()),
            Token::Measure(measure) => Fixed::Measure((*measure).to_owned()),
            _ => return None,
        };
        self.next += 1;
        Some(Literal { word, at })
    }

    fn term(&mut self) -> Result<Term, Mistake> {
        let start = self.here().start;
        let form = self.term_form()?;
        let at = self.since(start);
        Ok(Term { form, at })
    }

    fn term_form(&mut self) -> Result<TermForm, Mistake> {
        if let Some(literal) = self.literal() {
            return Ok(TermForm::Literal(literal));
        }
        if self.name("today") {
            return self.today();
        }
        if self.name("count") {
            self.expect("(")?;
            let list = self.deeper(Self::term)?;
            let body = if self.sign(",") {
                Some(Box::new(self.deeper(Self::either)?))
            } else {
                None
            };
            self.expect(")")?;
            return Ok(TermForm::Count(Box::new(list), body));
        }
        self.path().map(TermForm::Path)
    }

    fn today(&mut self) -> Result<TermForm, Mistake> {
        let back = self.sign("-");
        if !back && !self.sign("+") {
            return Ok(TermForm::Today(None));
        }
        match self.literal() {
            Some(literal) => Ok(TermForm::Today(Some((back, literal)))),
            None => Err(self.unexpected("a number of days, as 30d")),
        }
    }

    fn path(&mut self) -> Result<Path, Mistake> {
        let mut path = Path {
            out: 0,
            it: false,
            steps: Vec::new(),
        };
        while self.name("outer") {
            path.out += 1;
            self.expect(".")?;
        }
        if self.name("it") {
            path.it = true;
        } else {
            path.steps.push(self.field()?);
        }
        loop {
            if self.sign(".") {
                path.steps.push(self.field()?);
            } else if self.sign("[") {
                let Literal { word, at } = self.pattern()?;
                if let Fixed::Text(key) = word {
                    path.steps.push((Step::Key(key.into()), at));
                }
                self.expect("]")?;
            } else {
                return Ok(path);
            }
        }
    }

    fn field(&mut self) -> Result<(Step, Place), Mistake> {
        let at = self.here();
        match *self.peek() {
            Token::Name(name) if !RESERVED.contains(&name) => {
                let step = Step::Field(name.into());
                self.next += 1;
                Ok((step, at))
            }
            _ => Err(self.unexpected("a field")),
        }
    }
}
