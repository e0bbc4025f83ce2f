//! How things stood, day after day, and what became of them in between.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Serialize;

use super::words::Word;

/// What is known of a thing in one version of the file it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// What it is called wherever it stands. Several things may share an id: they are counted, and
    /// not told apart.
    pub id: Word,
    /// The thing of which it is a copy for a release, if it is one.
    pub parent: Option<Word>,
    /// Where it runs.
    pub cluster: Word,
    /// Whose it is.
    pub owner: Word,
    /// What sets it off.
    pub kind: Word,
    /// What it would be moved with: the file it stands in, for example.
    pub batch: Word,
    /// Whether the goal holds for it.
    pub moved: bool,
    /// Whether nothing is known to hold it back.
    pub free: bool,
}

/// By what a curve is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Where things run.
    Cluster,
    /// Whose they are.
    Owner,
    /// What sets them off.
    Kind,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Cluster, Self::Owner, Self::Kind];

    /// What it is called in headings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Owner => "owner",
            Self::Kind => "kind",
        }
    }

    fn of(self, fact: &Fact) -> Word {
        match self {
            Self::Cluster => fact.cluster,
            Self::Owner => fact.owner,
            Self::Kind => fact.kind,
        }
    }
}

/// How many there are, moved and not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// For which the goal holds.
    pub moved: usize,
    /// For which it does not.
    pub left: usize,
}

impl Count {
    /// Both.
    pub fn total(self) -> usize {
        self.moved + self.left
    }

    fn add(&mut self, fact: &Fact) {
        *(if fact.moved {
            &mut self.moved
        } else {
            &mut self.left
        }) += 1;
    }
}

/// What became of things from one sample to the next. A thing under a new name is one that went and
/// one that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Flow {
    /// Came, and are still to be moved.
    pub added_left: usize,
    /// Of those, copies for a release of something that was there.
    pub copied_left: usize,
    /// Were to be moved, and are.
    pub moved: usize,
    /// Were to be moved, and are no more.
    pub retired: usize,
    /// Of those, copies for a release, which end with it.
    pub expired: usize,
    /// Came where they should be.
    pub added_moved: usize,
    /// Had been moved, and are no more.
    pub retired_moved: usize,
    /// Had been moved, and are to be moved again.
    pub moved_back: usize,
}

impl Flow {
    /// By how much more is left.
    pub fn left(&self) -> i64 {
        signed(self.added_left + self.moved_back) - signed(self.moved + self.retired)
    }

    /// How many things were touched.
    pub fn size(&self) -> usize {
        self.added_left + self.moved + self.retired + self.moved_back + self.added_moved
    }

    /// This and what came after it.
    pub fn and(&self, later: &Self) -> Self {
        Self {
            added_left: self.added_left + later.added_left,
            copied_left: self.copied_left + later.copied_left,
            moved: self.moved + later.moved,
            retired: self.retired + later.retired,
            expired: self.expired + later.expired,
            added_moved: self.added_moved + later.added_moved,
            retired_moved: self.retired_moved + later.retired_moved,
            moved_back: self.moved_back + later.moved_back,
        }
    }
}

/// A count that may be taken from another.
pub(super) fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How things stood as a day began.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The day.
    pub day: Date,
    /// The commit that held then.
    pub commit: String,
    /// How many there were.
    pub count: Count,
    /// What became of things since the point before.
    pub flow: Flow,
    /// Of those that have moved, how many came so and never were to be moved.
    pub born: usize,
    /// How many files could not be read, so that they are taken as they last could.
    pub unread: usize,
    groups: [BTreeMap<Word, Count>; 3],
}

impl Point {
    /// The counts, told apart.
    pub fn by(&self, by: By) -> &BTreeMap<Word, Count> {
        &self.groups[match by {
            By::Cluster => 0,
            By::Owner => 1,
            By::Kind => 2,
        }]
    }
}

/// How one thing stood at a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stood {
    Left,
    Moved,
    Gone,
}

/// How things stood, from the first sample to the last.
#[derive(Debug, Default)]
pub struct Course {
    /// The points, in the order of their days.
    pub points: Vec<Point>,
    before: Vec<Fact>,
    /// From which point on a thing stood how.
    lives: HashMap<Word, Vec<(usize, Stood)>>,
    /// What was left at points half a year apart.
    origins: Vec<(usize, Vec<Fact>)>,
}

/// How many days lie between two points from which an order is tried.
const HALF_YEAR: i32 = 182;

impl Course {
    /// Adds how things stood as a later day began.
    pub fn record(&mut self, day: Date, commit: &str, mut facts: Vec<Fact>, unread: usize) {
        facts.sort_by_key(|fact| (fact.id, fact.moved));
        let is_first = self.points.is_empty();
        let flow = if is_first {
            Flow::default()
        } else {
            flow(&self.before, &facts)
        };
        let mut count = Count::default();
        let mut groups: [BTreeMap<Word, Count>; 3] = Default::default();
        for fact in &facts {
            count.add(fact);
            for (group, by) in groups.iter_mut().zip(By::ALL) {
                group.entry(by.of(fact)).or_default().add(fact);
            }
        }
        let born = self.live(&facts);
        self.keep(day, &facts);
        self.points.push(Point {
            day,
            commit: commit.to_owned(),
            count,
            flow,
            born,
            unread,
            groups,
        });
        self.before = facts;
    }

    /// How the things of the last point stood, by their ids.
    pub fn facts(&self) -> &[Fact] {
        &self.before
    }

    /// What was left at points half a year apart, by the places of the points.
    pub(super) fn origins(&self) -> &[(usize, Vec<Fact>)] {
        &self.origins
    }

    fn keep(&mut self, day: Date, facts: &[Fact]) {
        let last = self.origins.last().map(|(at, _)| self.points[*at].day);
        let due = last.is_none_or(|last| (day - last).get_days() >= HALF_YEAR);
        if due && facts.iter().any(|fact| !fact.moved) {
            let left = facts.iter().filter(|fact| !fact.moved);
            self.origins
                .push((self.points.len(), left.copied().collect()));
        }
    }

    /// Writes down how each thing stands; says how many have moved without ever being left.
    fn live(&mut self, facts: &[Fact]) -> usize {
        let at = self.points.len();
        let mut born = 0;
        for fact in facts {
            // Of several with one id, those to be moved come first, and one is enough.
            let stood = if fact.moved {
                Stood::Moved
            } else {
                Stood::Left
            };
            let life = self.lives.entry(fact.id).or_default();
            let never_left = life.iter().all(|(_, stood)| *stood != Stood::Left);
            born += usize::from(fact.moved && never_left);
            match life.last() {
                Some((when, _)) if *when == at => {}
                Some((_, last)) if *last == stood => {}
                _ => life.push((at, stood)),
            }
        }
        for (id, _) in runs(&self.before) {
            if facts.binary_search_by_key(&id, |fact| fact.id).is_err() {
                self.lives.entry(id).or_default().push((at, Stood::Gone));
            }
        }
        born
    }

    /// When after a point a thing that was to be moved there first stood otherwise, and how.
    pub(super) fn left_off(&self, id: Word, after: usize) -> Option<(usize, Stood)> {
        let life = self.lives.get(&id)?;
        let later = life
            .iter()
            .find(|(at, stood)| *at > after && *stood != Stood::Left);
        later.copied()
    }
}

/// Facts of one id each, in the order of the ids.
fn runs(facts: &[Fact]) -> impl Iterator<Item = (Word, &[Fact])> {
    facts
        .chunk_by(|one, next| one.id == next.id)
        .map(|run| (run[0].id, run))
}

/// What became of things, by their ids. Both lists are sorted by them.
fn flow(before: &[Fact], after: &[Fact]) -> Flow {
    let mut flow = Flow::default();
    let (mut earlier, mut later) = (runs(before).peekable(), runs(after).peekable());
    loop {
        let order = match (earlier.peek(), later.peek()) {
            (None, None) => return flow,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((one, _)), Some((other, _))) => one.cmp(other),
        };
        let was = earlier
            .next_if(|_| order.is_le())
            .map_or(&[][..], |(_, run)| run);
        let is = later
            .next_if(|_| order.is_ge())
            .map_or(&[][..], |(_, run)| run);
        flow = flow.and(&between(was, is));
    }
}

/// What became of the things of one id: as many as can be are taken to have stayed as they were, then
/// to have moved.
fn between(was: &[Fact], is: &[Fact]) -> Flow {
    let count = |facts: &[Fact]| {
        let mut count = Count::default();
        for fact in facts {
            count.add(fact);
        }
        count
    };
    let (mut was_count, mut is_count) = (count(was), count(is));
    take(&mut was_count.left, &mut is_count.left);
    take(&mut was_count.moved, &mut is_count.moved);
    let moved = take(&mut was_count.left, &mut is_count.moved);
    let moved_back = take(&mut was_count.moved, &mut is_count.left);
    let copies = |facts: &[Fact], of: usize| {
        let copies = facts
            .iter()
            .filter(|fact| !fact.moved && fact.parent.is_some());
        copies.count().min(of)
    };
    Flow {
        added_left: is_count.left,
        copied_left: copies(is, is_count.left),
        moved,
        retired: was_count.left,
        expired: copies(was, was_count.left),
        added_moved: is_count.moved,
        retired_moved: was_count.moved,
        moved_back,
    }
}

/// Takes from both as many as both have.
fn take(one: &mut usize, other: &mut usize) -> usize {
    let both = (*one).min(*other);
    *one -= both;
    *other -= both;
    both
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::words::Words;
    use super::*;

    /// Things by their ids: `a` is to be moved, `A` has been.
    fn recorded(samples: &[&str]) -> Course {
        let mut words = Words::default();
        let samples: Vec<Vec<Fact>> = samples
            .iter()
            .map(|sample| {
                let facts = sample.chars().map(|letter| Fact {
                    id: words.of(&letter.to_lowercase().to_string()),
                    parent: (letter.eq_ignore_ascii_case(&'z')).then(|| words.of("parent")),
                    cluster: words.of(if letter.is_uppercase() { "new" } else { "old" }),
                    owner: words.of("owner"),
                    kind: words.of("kind"),
                    batch: words.of("batch"),
                    moved: letter.is_uppercase(),
                    free: true,
                });
                facts.collect()
            })
            .collect();
        let mut course = Course::default();
        for (at, facts) in (0_i64..).zip(samples) {
            let day = date(2026, 1, 1).saturating_add(jiff::Span::new().days(at));
            course.record(day, "commit", facts, 0);
        }
        course
    }

    #[test]
    fn moved_retired_added_and_moved_back_are_told_apart() {
        let course = recorded(&["abcXYz", "ABdxE"]);
        let flow = course.points[1].flow;
        let expected = Flow {
            added_left: 1,
            copied_left: 0,
            moved: 2,
            retired: 2,
            expired: 1,
            added_moved: 1,
            retired_moved: 1,
            moved_back: 1,
        };
        assert_eq!(flow, expected);
        assert_eq!(course.points[1].count, Count { moved: 3, left: 2 });
    }

    #[test]
    fn of_several_things_with_one_id_each_counts() {
        let flow = recorded(&["aaa", "aAA"]).points[1].flow;
        assert_eq!((flow.moved, flow.retired, flow.added_moved), (2, 0, 0));
        let flow = recorded(&["aA", "A"]).points[1].flow;
        assert_eq!((flow.moved, flow.retired, flow.retired_moved), (0, 1, 0));
    }

    #[test]
    fn a_thing_that_goes_and_comes_back_has_left_off_once() {
        let course = recorded(&["a", "", "a", "A"]);
        let id = course.facts()[0].id;
        assert_eq!(course.left_off(id, 0), Some((1, Stood::Gone)));
        assert_eq!(course.left_off(id, 2), Some((3, Stood::Moved)));
        assert_eq!(course.left_off(id, 3), None);
        assert_eq!(course.points[2].flow.added_left, 1);
    }

    #[test]
    fn a_new_copy_for_a_release_is_no_news_of_its_own() {
        let flow = recorded(&["a", "azb"]).points[1].flow;
        assert_eq!((flow.added_left, flow.copied_left), (2, 1));
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_was_and_what_came_less_what_went(
            one in "[abcABCz]{0,12}",
            two in "[abcABCz]{0,12}",
        ) {
            let course = recorded(&[&one, &two]);
            let (first, second) = (&course.points[0], &course.points[1]);
            let flow = second.flow;
            prop_assert_eq!(
                signed(second.count.left),
                signed(first.count.left) + flow.left()
            );
            prop_assert_eq!(
                signed(second.count.moved) - signed(first.count.moved),
                signed(flow.moved + flow.added_moved)
                    - signed(flow.retired_moved + flow.moved_back)
            );
            for by in By::ALL {
                let sum: usize = second.by(by).values().map(|count| count.total()).sum();
                prop_assert_eq!(sum, second.count.total());
            }
        }

        #[test]
        fn the_order_of_files_does_not_matter(
            one in "[abcABC]{0,10}",
            two in "[abcABC]{0,10}",
        ) {
            let reversed: String = two.chars().rev().collect();
            prop_assert_eq!(
                recorded(&[&one, &two]).points[1].flow,
                recorded(&[&one, &reversed]).points[1].flow
            );
        }

        #[test]
        fn nothing_becomes_of_things_that_stay(one in "[abcABCz]{0,12}") {
            prop_assert_eq!(recorded(&[&one, &one]).points[1].flow, Flow::default());
        }
    }
}
