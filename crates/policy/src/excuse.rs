//! What is excused for a time.

use base::Diagnostic;
use estate::kinds::Excuse;
use jiff::civil::Date;
use predicate::{Predicate, Vocabulary};

use crate::{Reader, Subject, codes};

/// The exceptions of a rule or a migration, ready to be asked.
#[derive(Debug, Default)]
pub struct Excuses<'e> {
    list: Vec<Excused<'e>>,
}

#[derive(Debug)]
struct Excused<'e> {
    excuse: &'e Excuse,
    applies: Predicate,
}

impl<'e> Excuses<'e> {
    /// Reads exceptions; what cannot be read excuses nothing and is reported.
    pub fn read(
        excuses: &'e [Excuse],
        vocabulary: &'static dyn Vocabulary,
        reader: &mut Reader<'_>,
    ) -> Self {
        let mut list = Vec::with_capacity(excuses.len());
        for excuse in excuses {
            if excuse.until.is_none() {
                let message = "this exception has no end";
                let span = excuse.applies.span;
                let finding = Diagnostic::new(&codes::EXCEPTION_ENDLESS, span, message);
                reader.report(finding.help("give it `until`, the last day on which it holds"));
            }
            if let Some(applies) = reader.predicate(&excuse.applies, vocabulary) {
                list.push(Excused { excuse, applies });
            }
        }
        Self { list }
    }

    /// How many can be asked.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first exception that excuses a thing on a day, by its place.
    pub(crate) fn first(&self, subject: &dyn Subject, today: Date) -> Option<usize> {
        self.list.iter().position(|one| one.holds(subject, today))
    }

    /// The exception that excuses a thing on a day: of several, the one that holds longest.
    pub fn of(&self, subject: &dyn Subject, today: Date) -> Option<&'e Excuse> {
        let holding = self.list.iter().filter(|one| one.holds(subject, today));
        let end = |one: &&Excused<'_>| one.excuse.until.as_ref().map_or(Date::MAX, |day| day.value);
        holding.max_by_key(end).map(|one| one.excuse)
    }

    /// Marks all exceptions that excuse a thing on a day.
    pub(crate) fn mark(&self, subject: &dyn Subject, today: Date, used: &mut [bool]) {
        for (one, used) in self.list.iter().zip(used) {
            *used = *used || one.holds(subject, today);
        }
    }

    /// Those that ran out before a day.
    pub fn expired(&self, today: Date) -> Vec<Diagnostic> {
        let ended = self.list.iter().filter_map(|one| {
            let until = one
                .excuse
                .until
                .as_ref()
                .filter(|until| until.value < today)?;
            let message = format!("this exception ran out on {until}");
            let finding = Diagnostic::new(&codes::EXCEPTION_EXPIRED, until.span, message);
            let help = "mend what it was for and remove it, or decide on a new end";
            Some(finding.help(help))
        });
        ended.collect()
    }

    /// Those that hold on a day and were not used, by their places.
    pub(crate) fn unused(&self, used: &[bool], today: Date) -> Vec<Diagnostic> {
        let idle = self
            .list
            .iter()
            .zip(used)
            .filter(|(one, used)| !**used && !one.is_over(today));
        let finding = |(one, _): (&Excused<'_>, _)| {
            let span = one.excuse.applies.span;
            let message = "this exception excuses nothing";
            let help = "remove it: what it was for is mended or gone";
            Diagnostic::new(&codes::EXCEPTION_UNUSED, span, message).help(help)
        };
        idle.map(finding).collect()
    }
}

impl Excused<'_> {
    fn is_over(&self, today: Date) -> bool {
        self.excuse
            .until
            .as_ref()
            .is_some_and(|until| until.value < today)
    }

    fn holds(&self, subject: &dyn Subject, today: Date) -> bool {
        !self.is_over(today) && self.applies.holds(subject, today)
    }
}
