//! Migrations: what is meant to be otherwise, how far it is, and until when.
//!
//! What state a thing is in is computed from what is, and typed nowhere.

use base::{Decimal, Spanned};
use jiff::civil::Date;
use yaml::{Map, choice, record};

use super::{About, Account, Excuse, Group, Kind, KindId};
use crate::reference::{Ref, References, Relation};

record! {
    /// A move of many things.
    pub struct Migration {
        /// What people call it.
        pub title: Option<String>,
        /// What moves.
        pub about: About,
        /// Which of them; all if not said.
        pub scope: Option<Spanned<String>>,
        /// What holds of a thing that has moved.
        pub goal: Spanned<String>,
        /// The group that answers for it.
        pub owner: Ref<Group>,
        /// The accounts that are left.
        pub from: Vec<Ref<Account>>,
        /// The accounts that are gone to.
        pub to: Vec<Ref<Account>>,
        /// The day it began; nothing before it counts as new.
        pub started: Option<Spanned<Date>>,
        /// The day by which it should be done.
        pub due: Option<Spanned<Date>>,
        /// What to do with one thing: a text, or where it stands.
        pub guidance: Option<String>,
        /// Whether what has not moved is listed beside it, and nothing may be added to that list.
        pub ratchet: bool = false,
        /// What must hold before a thing can be moved at all; nothing if not said.
        pub ready: Option<Spanned<String>>,
        /// What holds of a thing that is being moved: a copy runs at the new place, a change is open.
        pub in_flight: Option<Spanned<String>>,
        /// What holds things back.
        pub blockers: Vec<Blocker>,
        /// What stays where it is, and until when.
        pub exceptions: Vec<Excuse>,
        /// What is moved in one go: all things that agree on this field.
        pub batch: Option<Spanned<String>>,
        /// What moving takes.
        pub effort: Effort = Effort::default(),
        /// How many days a week each group has for it; two if not said.
        pub capacity: Map<Decimal>,
        /// When nothing is moved.
        pub freezes: Vec<MigrationFreeze>,
        /// Names of the vendor: what refers to them is counted until nothing does.
        pub vendor_names: Vec<Spanned<String>>,
        /// What happened on the way, for the curve.
        pub events: Vec<MigrationEvent>,
    }
}

record! {
    /// Something that holds things back.
    pub struct Blocker {
        /// What it is called.
        pub id: Spanned<String>,
        /// What it holds back: all things for which this holds.
        pub applies as "where": Option<Spanned<String>>,
        /// Or: things hang on what this field of theirs lists, each a blocker of its own.
        pub each: Option<Spanned<String>>,
        /// Which of those listed; `*` stands for any characters. All if not said.
        pub matching: Vec<Spanned<String>>,
        /// Which of those listed hold nothing back any more.
        pub freed: Vec<Spanned<String>>,
        /// What to do about it.
        pub about: Option<String>,
        /// Who frees it.
        pub owner: Option<Ref<Group>>,
        /// How many days that takes.
        pub effort: Option<Spanned<Decimal>>,
        /// How strongly things are held: whether they must wait, or move with a bridge.
        pub hold: Hold = Hold::Hard,
    }
}

choice! {
    /// How strongly things are held.
    pub enum Hold {
        /// They cannot move before it is freed.
        Hard = "hard",
        /// They can, with a bridge for as long.
        Soft = "soft",
    }
}

record! {
    /// What moving takes, in days of one person.
    pub struct Effort {
        /// For each batch.
        pub batch: Decimal = Decimal::whole(1),
        /// For each thing in it.
        pub each: Decimal = Decimal::default(),
        /// For each working day and bridge, while one end has moved and the other has not.
        pub bridge: Decimal = Decimal::default(),
    }
}

impl Default for Effort {
    /// A day a batch.
    fn default() -> Self {
        Self {
            batch: Decimal::whole(1),
            each: Decimal::default(),
            bridge: Decimal::default(),
        }
    }
}

record! {
    /// Days on which nothing is moved.
    pub struct MigrationFreeze {
        /// The first.
        pub from: Spanned<Date>,
        /// The last.
        pub until: Spanned<Date>,
        /// For which group; for all if not said.
        pub group: Option<Ref<Group>>,
        /// Why.
        pub why: Option<String>,
    }
}

record! {
    /// Something that happened on the way.
    pub struct MigrationEvent {
        /// When.
        pub day: Spanned<Date>,
        /// What.
        pub what: String,
    }
}

impl Kind for Migration {
    const NAME: &'static str = "migration";
    const FOLDER: &'static str = "migrations";
    const ID: KindId = KindId::Migration;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each([&self.owner], Relation::OwnedBy);
        names.each(&self.from, Relation::MovesFrom);
        names.each(&self.to, Relation::MovesTo);
        for blocker in &self.blockers {
            names.each(&blocker.owner, Relation::OwnedBy);
        }
        for freeze in &self.freezes {
            names.each(&freeze.group, Relation::Limits);
        }
    }
}
