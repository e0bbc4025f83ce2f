//! A plan as it is told, for people and for programs.

use jiff::civil::Date;
use serde::Serialize;

use super::against::Against;

/// In what order what is left is moved, by whom, when, and with which bridges.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Course {
    /// The migration; nothing where services say themselves that they move.
    pub migration: Option<String>,
    /// What people call it.
    pub title: String,
    /// What moves: `jobs`, `services`.
    pub about: String,
    /// How many things move, stay and have moved.
    pub counts: Counts,
    /// The day before which nothing is moved.
    pub start: Date,
    /// The last day of the last wave; nothing if nothing moves.
    pub ends: Option<Date>,
    /// The day by which it should be done.
    pub due: Option<Date>,
    /// How many working days a wave may take each owner.
    pub days: u32,
    /// How many groups of parts a wave may move; any number if not said.
    pub groups: Option<usize>,
    /// Who moves things, by name; who is not known is last.
    pub owners: Vec<Owner>,
    /// What moves in one go, by name, and the locks that are freed.
    pub parts: Vec<Unit>,
    /// What must move before or with another.
    pub orders: Vec<Order>,
    /// What needs a bridge while one end has moved and the other has not.
    pub bridges: Vec<Bridge>,
    /// What goes round.
    pub cycles: Vec<Cycle>,
    /// The bridges that stand today: places in `bridges`.
    pub today: Vec<usize>,
    /// The waves in their order.
    pub waves: Vec<Wave>,
    /// The bridges that stand when all waves are over, as one end stays: places in `bridges`.
    /// They are not in the cost.
    pub lasting: Vec<usize>,
    /// What so many use that it is at both places from the first wave to the last, whatever the
    /// order. It is not in the cost.
    pub throughout: Vec<String>,
    /// What all parts take, in days of one person.
    pub effort: f64,
    /// What all bridges take.
    pub bridging: f64,
    /// What it takes that things wait for their waves.
    pub waiting: f64,
    /// All of it together.
    pub cost: f64,
    /// What any plan within the limits costs at least.
    pub least: f64,
    /// How much cheaper another plan might be, as a share of the cost.
    pub gap: f64,
    /// What bridges and waiting take at least in any plan.
    pub order_least: f64,
    /// The gap of bridges and waiting alone, which are what another order could change.
    pub order_gap: f64,
    /// The order in which to free what holds things.
    pub unlock: Vec<Opened>,
    /// What ends later than it is due.
    pub late: Vec<Late>,
    /// What is otherwise than in the plan without `--without` and `--after`.
    pub against: Option<Against>,
    /// What whoever reads the plan should know.
    pub notes: Vec<String>,
}

/// How many things move, stay and have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Those that move.
    pub left: usize,
    /// Those that stay by an exception.
    pub stays: usize,
    /// Those that have moved.
    pub moved: usize,
}

/// Somebody who moves things.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Owner {
    /// The group; nothing for what nobody owns.
    pub name: Option<String>,
    /// How many days a week it has for it.
    pub days_a_week: f64,
    /// What its parts take.
    pub effort: f64,
}

/// What moves in one go, or a lock that is freed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unit {
    /// What it is called.
    pub id: String,
    /// Whether it is a lock.
    pub lock: bool,
    /// Who moves or frees it.
    pub owner: Option<String>,
    /// What that takes, in days of one person.
    pub effort: f64,
    /// Its things; of a lock, those that wait for it.
    pub things: Vec<String>,
    /// The locks that must be freed before.
    pub waits_for: Vec<String>,
    /// Its wave, from 1; nothing if it stays.
    pub wave: Option<usize>,
}

/// A part that moves before another, or with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// What moves first.
    pub first: String,
    /// What moves in a later wave.
    pub then: String,
    /// Whether they move in one wave, as one batch or for a cycle.
    pub together: bool,
    /// Why.
    pub because: String,
}

/// What needs a bridge while one end has moved and the other has not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bridge {
    /// One part.
    pub one: String,
    /// The other.
    pub other: String,
    /// The things, and how the one refers to the other; nothing for what is used in common.
    pub link: Option<Reference>,
    /// What both use.
    pub shares: Vec<String>,
    /// What it takes each working day.
    pub per_day: f64,
    /// All of it in words.
    pub says: String,
}

/// A thing that refers to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The thing that refers.
    pub from: String,
    /// How.
    pub how: String,
    /// The thing it refers to.
    pub to: String,
    /// Why, in the words of whoever wrote it.
    pub why: Option<String>,
}

/// Parts of which each refers to the next and the last to the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cycle {
    /// The parts on a shortest way round.
    pub parts: Vec<String>,
    /// Whether they move as one, as no bridge helps.
    pub as_one: bool,
    /// It in words.
    pub says: String,
}

/// What moves side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wave {
    /// Its number, from 1.
    pub number: usize,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// How many working days it takes.
    pub days: f64,
    /// Who does what.
    pub work: Vec<Share>,
    /// The bridges that stand while it lasts and until the next one begins.
    pub bridges: Vec<Standing>,
    /// The bridges of before that are needed no more: places in [`Course::bridges`].
    pub dropped: Vec<usize>,
    /// What its bridges take.
    pub bridging: f64,
}

/// What one owner does in a wave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// Who; nothing for what nobody owns.
    pub owner: Option<String>,
    /// What it takes, in days of one person.
    pub effort: f64,
    /// What the owner has in so many days.
    pub capacity: f64,
    /// The parts.
    pub parts: Vec<String>,
}

/// A bridge that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its place in [`Course::bridges`].
    pub bridge: usize,
    /// Whether it is new.
    pub built: bool,
    /// It in words, with what is here, at the old place, and there, at the new one.
    pub says: String,
}

/// A lock in the order in which they are freed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Opened {
    /// Its name.
    pub name: String,
    /// Who frees it.
    pub owner: Option<String>,
    /// What that takes, in days of one person.
    pub effort: f64,
    /// Whether things can move before, with a bridge.
    pub soft: bool,
    /// How many things it holds.
    pub holds: usize,
    /// How many nothing holds any more once it is freed after those before it.
    pub frees: usize,
    /// How many are held still.
    pub left: usize,
    /// What to do about it.
    pub about: Option<String>,
}

/// Something that ends later than it is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// What: a thing, or the whole.
    pub what: String,
    /// When it is due.
    pub due: Date,
    /// When its wave ends.
    pub ends: Date,
}
