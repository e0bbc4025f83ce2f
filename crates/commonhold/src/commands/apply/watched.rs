//! Hands that tell how far they are, and how long the rest will take at this pace.

use std::cell::Cell;
use std::time::Duration;

use change::{Change, Hand, ItemWriter, Scope, Stopped, WriteFailure, Writer, Writers};
use jiff::Timestamp;

use crate::surroundings::Surroundings;
use crate::systems::Hands;

/// Hands with somebody looking on.
pub(super) struct Watched<'z, 's> {
    pub(super) hands: Hands<'z, 's>,
    pub(super) surroundings: &'z Surroundings,
}

impl Writers for Watched<'_, '_> {
    fn open(&self, scope: &Scope) -> Result<Hand<'_>, Stopped> {
        let pace = Pace {
            surroundings: self.surroundings,
            scope: scope.clone(),
            total: Cell::default(),
            done: 0,
            start: None,
        };
        Ok(match self.hands.open(scope)? {
            Hand::Whole(writer) => Hand::Whole(Box::new(Watching { writer, pace })),
            Hand::Apart(writer) => Hand::Apart(Box::new(Watching { writer, pace })),
        })
    }
}

struct Watching<'s, W> {
    writer: W,
    pace: Pace<'s>,
}

impl<'w> Writer for Watching<'w, Box<dyn Writer + 'w>> {
    fn batches(&self, changes: Vec<Change>) -> Vec<Vec<Change>> {
        self.pace.total.set(changes.len());
        self.writer.batches(changes)
    }

    fn write(&mut self, mark: &str, batch: &[Change]) -> Result<String, WriteFailure> {
        self.pace.begin();
        let mark = self.writer.write(mark, batch)?;
        self.pace.tell(batch.len(), Duration::ZERO);
        Ok(mark)
    }
}

impl<'w> ItemWriter for Watching<'w, Box<dyn ItemWriter + 'w>> {
    fn waves(&self, changes: Vec<Change>) -> Vec<Vec<Change>> {
        self.pace.total.set(changes.len());
        self.writer.waves(changes)
    }

    fn write(&mut self, wave: &[Change]) -> Vec<Result<(), WriteFailure>> {
        self.pace.begin();
        let answers = self.writer.write(wave);
        let over = |answer: &&Result<(), WriteFailure>| {
            matches!(answer, Ok(()) | Err(WriteFailure::Refused(_)))
        };
        let waits = answers.iter().map(|answer| match answer {
            Err(WriteFailure::Later(wait)) => *wait,
            _ => Duration::ZERO,
        });
        let wait = waits.max().unwrap_or_default();
        self.pace.tell(answers.iter().filter(over).count(), wait);
        answers
    }
}

/// How far it is in one scope.
struct Pace<'s> {
    surroundings: &'s Surroundings,
    scope: Scope,
    total: Cell<usize>,
    done: usize,
    start: Option<Timestamp>,
}

impl Pace<'_> {
    fn begin(&mut self) {
        self.start.get_or_insert_with(self.surroundings.clock);
    }

    fn tell(&mut self, more: usize, wait: Duration) {
        self.done += more;
        let now = (self.surroundings.clock)();
        let spent = self.start.map_or(0, |start| (now - start).get_seconds());
        let total = self.total.get();
        let mut text = format!("{}: {} of {total} changes done", self.scope, self.done);
        if let Some(left) = left(spent, self.done, total) {
            text += &format!(", about {} left at this pace", spoken(left));
        }
        if !wait.is_zero() {
            text += &format!("; the system asks to wait {}", spoken(wait.as_secs()));
        }
        (self.surroundings.progress)(&text);
    }
}

/// How many seconds the rest takes if it goes on like this; none before that can be told.
fn left(spent: i64, done: usize, total: usize) -> Option<u64> {
    let spent = u64::try_from(spent).ok().filter(|spent| *spent >= 3)?;
    let (done, total) = (u64::try_from(done).ok()?, u64::try_from(total).ok()?);
    (done > 0 && total > done).then(|| spent * (total - done) / done)
}

fn spoken(seconds: u64) -> String {
    match seconds {
        0..90 => format!("{seconds} s"),
        90..5400 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::{left, spoken};

    #[test]
    fn what_is_left_follows_from_the_pace_so_far_and_is_not_guessed_at_first() {
        assert_eq!(left(1, 100, 200), None);
        assert_eq!(left(60, 0, 200), None);
        assert_eq!(left(60, 100, 200), Some(60));
        assert_eq!(left(60, 100, 1100), Some(600));
        assert_eq!(left(60, 200, 200), None);
        let words = [spoken(5), spoken(600), spoken(7300)];
        assert_eq!(words, ["5 s", "10 min", "2 h 1 min"]);
    }
}
