//! From what is left to a plan of waves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, Weekday};
use waves::{Flaw, Freeze, Hard, Limits, Node, Plan, Problem, Soft};

use super::against::{Against, Held, follows};
use super::course::Course;
use super::find::{Unknown, find};
use super::left::{Fate, Left};
use super::pace::WORKED;
use super::parts::{Part, PartKind, Parts, Why, amount};
use super::{tell, words};

/// What a part of the mean size takes a day until it moves, as a share of what a bridge takes: so
/// that what is large, or holds many, does not come last for nothing.
const WAITING: f64 = 0.1;

/// What is left of a migration as parts that move in one go, with the edges between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub(super) left: Left,
    pub(super) parts: Parts,
    /// By name, and last those parts that nobody owns.
    pub(super) owners: Vec<Option<String>>,
    pub(super) problem: Problem,
}

/// When to begin, and how much a wave may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The day before which nothing is moved.
    pub start: Date,
    /// How many working days a wave may take each owner.
    pub days: u32,
    /// How many groups of parts a wave may move; any number if not said.
    pub groups: Option<usize>,
}

/// What if.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WhatIf {
    /// These are left where they are.
    pub without: Vec<String>,
    /// These are not moved before a day.
    pub after: Vec<(String, Date)>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPath {
    /// A word means nothing that moves.
    Unknown(Unknown),
    /// What the migration says makes no sense, in words.
    Senseless(Vec<String>),
}

impl fmt::Display for NoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => unknown.fmt(f),
            Self::Senseless(flaws) => f.write_str(&flaws.join("; ")),
        }
    }
}

impl std::error::Error for NoPath {}

impl Path {
    /// What is left as parts, with the edges between them.
    pub fn of(left: Left, ask: &Ask) -> Self {
        let parts = Parts::of(&left);
        let moving = parts.all.iter().filter(|part| moves(part));
        let named: BTreeSet<Option<&str>> = moving.map(|part| part.owner.as_deref()).collect();
        // Nobody would be the first by name.
        let nobody = named.contains(&None).then_some(None);
        let named = named
            .into_iter()
            .flatten()
            .map(|name| Some(name.to_owned()));
        let owners: Vec<Option<String>> = named.chain(nobody).collect();
        let problem = problem(&left, &parts, &owners, ask);
        Self {
            left,
            parts,
            owners,
            problem,
        }
    }

    /// What is left.
    pub fn left(&self) -> &Left {
        &self.left
    }

    /// What moves in one go, and what is at rest.
    pub fn parts(&self) -> &[Part] {
        &self.parts.all
    }

    /// The plan, and with a what-if what that changes.
    ///
    /// # Errors
    /// A word of the what-if means nothing that moves, or what the migration says makes no sense.
    pub fn course(&self, what_if: &WhatIf) -> Result<Course, NoPath> {
        if what_if.without.is_empty() && what_if.after.is_empty() {
            return Ok(tell::course(
                self,
                &self.problem,
                &self.plan(&self.problem)?,
            ));
        }
        let mut problem = self.problem.clone();
        let (mut asked, mut notes) = (Vec::new(), Vec::new());
        let mut found = |word: &str| {
            let found = find(&self.left, &self.parts.all, word).map_err(NoPath::Unknown)?;
            notes.extend(found.note);
            Ok(found.parts)
        };
        let mut without = BTreeSet::new();
        for word in &what_if.without {
            without.extend(found(word)?);
            asked.push(format!("without {word}"));
        }
        for (word, day) in &what_if.after {
            problem = problem.after(*day, found(word)?);
            asked.push(format!("{word} not before {day}"));
        }
        let held = self.held(&mut without);
        problem.without.extend(without);
        let base = tell::course(self, &self.problem, &self.plan(&self.problem)?);
        let mut course = tell::course(self, &problem, &self.plan(&problem)?);
        course.notes.extend(notes);
        course.against = Some(Against::of(&course, &base, asked, held));
        Ok(course)
    }

    /// What stays, with what cannot move without it.
    fn held(&self, without: &mut BTreeSet<usize>) -> Vec<Held> {
        let id = |part: usize| self.parts.all[part].id.clone();
        let asked = without.iter().map(|&part| Held {
            part: id(part),
            because: None,
        });
        let mut held: Vec<Held> = asked.collect();
        for (part, rule) in follows(&self.parts.rules, without) {
            let because = words::rule(&self.left, &self.parts, &self.parts.rules[rule]);
            held.push(Held {
                part: id(part),
                because: Some(because),
            });
            without.insert(part);
        }
        held
    }

    fn plan(&self, problem: &Problem) -> Result<Plan, NoPath> {
        problem.plan().map_err(|flaws| {
            let words = flaws.iter().map(|flaw| self.senseless(flaw));
            let words: BTreeSet<String> = words.collect();
            NoPath::Senseless(words.into_iter().collect())
        })
    }

    /// What makes no sense, in the words of whoever wrote it.
    fn senseless(&self, flaw: &Flaw) -> String {
        match *flaw {
            Flaw::Capacity(owner) => {
                let name = self.owners[owner].as_deref().unwrap_or("nobody");
                format!(
                    "`capacity` gives {name} no days a week, and then what it owns never moves; give it more than 0"
                )
            }
            Flaw::Effort(part) => format!(
                "moving {} would take fewer days than none; `effort` holds numbers of at least 0",
                self.parts.all[part].id
            ),
            Flaw::Weight(_) => {
                "a bridge would take fewer days than none; `effort: bridge:` is at least 0"
                    .to_owned()
            }
            Flaw::Freeze(freeze) => {
                let Freeze { from, until, .. } = self.problem.freezes[freeze];
                format!("the freeze from {from} until {until} ends before it begins")
            }
            Flaw::Endless => {
                "`freezes` leave no days on which all could be moved within a century".to_owned()
            }
            other => other.to_string(),
        }
    }
}

/// Whether a part moves at all.
pub(super) fn moves(part: &Part) -> bool {
    matches!(part.kind, PartKind::Things | PartKind::Lock(_))
}

fn problem(left: &Left, parts: &Parts, owners: &[Option<String>], ask: &Ask) -> Problem {
    let place = |owner: &Option<String>| owners.iter().position(|known| known == owner);
    let things = amount(left.count(Fate::Moves));
    let moving = parts
        .all
        .iter()
        .filter(|part| part.kind == PartKind::Things);
    let mean = things / amount(moving.count().max(1));
    let nodes = parts.all.iter().map(|part| Node {
        name: part.id.clone(),
        effort: part.effort,
        owner: place(&part.owner).unwrap_or(0),
        rent: match part.kind {
            PartKind::Things => WAITING * left.pace.bridge * amount(part.things.len()) / mean,
            PartKind::Lock(_) | PartKind::Moved | PartKind::Stays => 0.0,
        },
    });
    let hard = parts.rules.iter().map(|rule| match rule.why {
        Why::Batch => Hard::Together(rule.first, rule.then),
        Why::Link(_) | Why::Lock => Hard::Before(rule.first, rule.then),
    });
    let soft = parts.edges.iter().map(|edge| Soft {
        one: edge.one,
        other: edge.other,
        per_day: edge.share * left.pace.bridge,
    });
    let at_rest = |kind: PartKind| {
        let places = parts.all.iter().enumerate();
        let of_kind = places.filter(move |(_, part)| part.kind == kind);
        of_kind.map(|(place, _)| place)
    };
    Problem {
        owners: owners
            .iter()
            .map(|owner| waves::Owner {
                name: owner.clone().unwrap_or_default(),
                capacity: left.pace.days_a_week(owner.as_deref()) / WORKED,
            })
            .chain(owners.is_empty().then(|| waves::Owner {
                name: String::new(),
                capacity: 1.0,
            }))
            .collect(),
        nodes: nodes.collect(),
        hard: hard.collect(),
        soft: soft.collect(),
        freezes: freezes(left, owners),
        off: vec![Weekday::Saturday, Weekday::Sunday],
        start: ask.start,
        limits: Limits {
            days: ask.days,
            groups: ask.groups.unwrap_or(usize::MAX),
        },
        moved: at_rest(PartKind::Moved).collect(),
        without: at_rest(PartKind::Stays).collect(),
        after: BTreeMap::new(),
    }
}

/// When nothing is moved. A freeze of a group that moves nothing holds nobody up.
fn freezes(left: &Left, owners: &[Option<String>]) -> Vec<Freeze> {
    let freezes = left.pace.pauses.iter().filter_map(|pause| {
        let owner = match &pause.group {
            None => None,
            group => Some(owners.iter().position(|known| known == group)?),
        };
        Some(Freeze {
            from: pause.from,
            until: pause.until,
            owner,
        })
    });
    freezes.collect()
}

impl Left {
    /// Whether nothing moves any more.
    pub fn is_empty(&self) -> bool {
        self.count(Fate::Moves) == 0
    }
}
