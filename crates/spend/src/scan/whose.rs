//! Whose each row is, asked once for all that the rules cannot tell apart.

use jiff::civil::Date;

use super::groups::{Chosen, Groups};
use super::plan::Asked;
use super::source::day_number;
use super::texts::Texts;
use crate::cells::Category;
use crate::ownership::{Charge, Ownership};

/// Whose a row is, as numbers of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Whose {
    pub(super) owner: u32,
    pub(super) service: u32,
    pub(super) funding: u32,
}

/// An answer of the rules: whose from each day on, the first from ever.
#[derive(Debug)]
struct Answer {
    first: Whose,
    later: Vec<(i32, Whose)>,
}

/// The rules, and what they answered.
pub(super) struct Owners<'p> {
    asked: &'p Asked,
    ownership: &'p Ownership,
    /// What the rules can tell apart.
    kinds: Groups,
    answers: Vec<Answer>,
    places: Vec<u32>,
    rows: Vec<Whose>,
}

impl<'p> Owners<'p> {
    pub(super) fn new(asked: &'p Asked, ownership: &'p Ownership) -> Self {
        let width = asked.streams().count();
        Self {
            asked,
            ownership,
            kinds: Groups::new(width),
            answers: Vec::new(),
            places: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Whose each row of the last batch is.
    pub(super) fn rows(&self) -> &[Whose] {
        &self.rows
    }

    /// Asks whose each row is. `numbers` gives a stream's numbers, `text` the text of a row.
    pub(super) fn resolve<'a>(
        &mut self,
        rows: usize,
        days: &[i32],
        numbers: impl Fn(usize) -> &'a [u32],
        text: impl Fn(usize, usize) -> &'a str,
        texts: &mut Texts,
    ) -> Result<(), String> {
        let columns: Vec<&[u32]> = self.asked.streams().map(&numbers).collect();
        let mut places = std::mem::take(&mut self.places);
        self.kinds
            .place_all(&columns, &Chosen::All(rows), &mut places);
        self.rows.clear();
        for (row, &place) in places.iter().enumerate() {
            // Places are given in the order in which kinds are met.
            if place as usize == self.answers.len() {
                let answer = self.ask(|stream| text(stream, row), texts)?;
                self.answers.push(answer);
            }
            let answer = &self.answers[place as usize];
            let whose = if answer.later.is_empty() {
                answer.first
            } else {
                answer.on(days[row])
            };
            self.rows.push(whose);
        }
        self.places = places;
        Ok(())
    }

    fn ask<'a>(
        &self,
        text: impl Fn(usize) -> &'a str,
        texts: &mut Texts,
    ) -> Result<Answer, String> {
        let asked = self.asked;
        let maybe = |stream: Option<usize>| stream.map_or("", &text);
        let charge = Charge {
            provider: text(asked.provider),
            account: text(asked.account),
            sub_account: text(asked.sub_account),
            vendor_service: maybe(asked.vendor_service),
            sku: maybe(asked.sku),
            resource: maybe(asked.resource),
            // Tags that the rules do not look at may be another row's.
            tags: maybe(asked.tags.first().copied()),
            category: match asked.category {
                Some(stream) => category(text(stream))?,
                None => Category::Usage,
            },
        };
        let resolution = self.ownership.resolve(&charge);
        let mut number = |whose: &crate::ownership::Whose| Whose {
            owner: texts.number(&whose.owner),
            service: texts.number(&whose.service),
            funding: texts.number(&whose.funding),
        };
        let mut steps = resolution.steps.iter();
        let first = steps.next().map(|(_, whose)| number(whose));
        let later = steps.map(|(from, whose)| {
            let from = from.unwrap_or(Date::MIN);
            (day_number(from), number(whose))
        });
        Ok(Answer {
            later: later.collect(),
            first: first.unwrap_or_default(),
        })
    }
}

impl Answer {
    fn on(&self, day: i32) -> Whose {
        let begun = self.later.iter().rev().find(|(from, _)| *from <= day);
        begun.map_or(self.first, |(_, whose)| *whose)
    }
}

impl Asked {
    fn streams(&self) -> impl Iterator<Item = usize> {
        [
            Some(self.provider),
            Some(self.account),
            Some(self.sub_account),
            self.vendor_service,
            self.sku,
            self.resource,
            self.category,
        ]
        .into_iter()
        .flatten()
        .chain(self.tags.iter().copied())
    }
}

/// FOCUS's word for a category.
pub(crate) fn category_word(category: Category) -> &'static str {
    match category {
        Category::Usage => "Usage",
        Category::Purchase => "Purchase",
        Category::Tax => "Tax",
        Category::Credit => "Credit",
        Category::Adjustment => "Adjustment",
    }
}

/// A category by FOCUS's word for it.
pub(crate) fn category(text: &str) -> Result<Category, String> {
    Ok(match text {
        "Usage" => Category::Usage,
        "Purchase" => Category::Purchase,
        "Tax" => Category::Tax,
        "Credit" => Category::Credit,
        "Adjustment" => Category::Adjustment,
        other => {
            return Err(format!(
                "ChargeCategory is `{}`, where FOCUS knows Usage, Purchase, Tax, Credit and Adjustment",
                base::visible(other)
            ));
        }
    })
}
