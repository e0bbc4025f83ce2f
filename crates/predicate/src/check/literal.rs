//! Fixed values, read as what they are compared with.

use super::{
    Checker, Constant, Date, Fixed, Literal, Mistake, Operand, Term, TermForm, Type, duration,
    number, quantity,
};

impl Checker {
    /// A fixed value as one of a type.
    pub(super) fn fixed(&mut self, term: &Term, of: Type) -> Option<Operand> {
        let TermForm::Literal(literal) = &term.form else {
            return None;
        };
        if !of.plain() {
            let help = "ask with `any(…, …)`, `contains` or `count(…)`";
            let message = format!("{of} is not compared as a whole");
            return self.wrong(Mistake::new(&term.at, message).help(help));
        }
        self.constant(literal, of).map(Operand::Constant)
    }

    pub(super) fn constant(&mut self, literal: &Literal, of: Type) -> Option<Constant> {
        let read = match (&literal.word, of) {
            (Fixed::Truth(truth), Type::Truth) => Some(Constant::Truth(*truth)),
            (Fixed::Text(text), Type::Text) => Some(Constant::Text(text.as_str().into())),
            (Fixed::Measure(measure), _) => measured(measure, of),
            _ => None,
        };
        if read.is_some() {
            return read;
        }
        let written = match &literal.word {
            Fixed::Truth(truth) => format!("`{truth}`"),
            Fixed::Text(_) => "a text".to_owned(),
            Fixed::Measure(measure) => format!("`{measure}`"),
        };
        let article = of.to_string();
        let noun = article.strip_prefix("a ").unwrap_or(&article);
        self.wrong(
            Mistake::new(&literal.at, format!("{written} is no {noun}"))
                .help(format!("write {}", of.example())),
        )
    }

    /// Today, or so many days before or after it.
    pub(super) fn today(&mut self, offset: Option<&(bool, Literal)>) -> Option<Operand> {
        let Some((back, literal)) = offset else {
            return Some(Operand::Today(0, "".into()));
        };
        if let Some((days, written)) = days(literal) {
            let (sign, days) = if *back { ('-', -days) } else { ('+', days) };
            return Some(Operand::Today(days, format!(" {sign} {written}").into()));
        }
        self.wrong(
            Mistake::new(&literal.at, "this is no number of whole days")
                .help("write one up to 36525d, as 30d or 2w"),
        )
    }
}

/// A century; what is further away is a slip.
const FURTHEST: i64 = 36_525;

fn days(literal: &Literal) -> Option<(i32, &str)> {
    const DAY: i64 = 24 * 3600;
    let Fixed::Measure(written) = &literal.word else {
        return None;
    };
    let span = duration(written)?;
    let whole = span.as_secs() % DAY == 0 && span.subsec_nanos() == 0;
    let days = span.as_secs() / DAY;
    let sound = whole && (0..=FURTHEST).contains(&days);
    let days = i32::try_from(days).ok().filter(|_| sound)?;
    Some((days, written))
}

fn measured(written: &str, of: Type) -> Option<Constant> {
    match of {
        Type::Number => number(written).map(|read| Constant::Number(read, written.into())),
        Type::Quantity => quantity(written).map(|read| Constant::Quantity(read, written.into())),
        Type::Duration => duration(written).map(|read| Constant::Duration(read, written.into())),
        Type::Date => {
            let read: Date = written.parse().ok()?;
            // Only `2026-01-31`: not the same day in other spellings, nor a day with a time.
            (read.to_string() == written).then_some(Constant::Date(read))
        }
        _ => None,
    }
}
