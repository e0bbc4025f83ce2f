//! Waves with their dates, bridges and cost.

use jiff::civil::Date;

use crate::bound::bound;
use crate::calendar::{Dated, dates};
use crate::exact::{Verdict, cheapest};
use crate::groups::{Group, groups};
use crate::model::Model;
use crate::problem::{Flaw, Problem};
use crate::search::{early, search};

/// In what order everything is moved, what that costs, and what it costs at least.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What moves as one, by first nodes.
    pub groups: Vec<Group>,
    /// The bridges that stand before the first wave, to what has moved already.
    pub today: Vec<usize>,
    /// The waves in their order.
    pub waves: Vec<Wave>,
    /// What all nodes take.
    pub effort: f64,
    /// What all bridges take.
    pub bridging: f64,
    /// What it takes that things wait for their waves.
    pub rent: f64,
    /// What bridges and rent of any plan take at least.
    pub bound: f64,
}

/// What moves side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Wave {
    /// Places in [`Plan::groups`].
    pub groups: Vec<usize>,
    /// How many working days it takes.
    pub days: f64,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// The bridges that stand while it lasts and until the next one begins: places in
    /// [`Problem::soft`] of the edges with one end in this or an earlier wave and the other in a
    /// later one.
    pub bridges: Vec<usize>,
    /// Those of them that are new.
    pub built: Vec<usize>,
    /// Those of the wave before that are needed no more.
    pub dropped: Vec<usize>,
    /// What its bridges take.
    pub bridging: f64,
    /// What it takes that things wait for later waves.
    pub rent: f64,
}

impl Problem {
    /// The cheapest plan, for up to twenty groups in most cases, else a cheap one; its
    /// [`Plan::gap`] says how much cheaper another might be.
    ///
    /// Where a wave must wait for a day of [`Problem::after`], waves may pass it, and then the
    /// plan is not always the cheapest.
    ///
    /// # Errors
    /// All that makes no sense in the problem.
    pub fn plan(&self) -> Result<Plan, Vec<Flaw>> {
        let flaws = self.flaws();
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let (groups, group_of) = groups(self);
        let model = Model::of(self, &groups, &group_of);
        let mut waves = search(&model);
        let mut least = bound(&model);
        let found = model.bridging(&waves);
        match cheapest(&model, found) {
            Verdict::Cheaper(cheapest) => {
                least = model.bridging(&cheapest);
                waves = cheapest;
            }
            Verdict::Cheapest => least = found,
            Verdict::Unknown => {}
        }
        let waves = early(&model, &waves);
        let dated = dates(self, &model, &groups, waves).map_err(|flaw| vec![flaw])?;
        let (today, waves) = self.waves(&model, dated, &group_of);
        let bridging = waves.iter().map(|wave| wave.bridging).sum::<f64>();
        let rent = waves.iter().map(|wave| wave.rent).sum::<f64>();
        Ok(Plan {
            effort: groups.iter().map(|group| group.effort).sum(),
            groups,
            today,
            waves,
            bridging,
            rent,
            bound: least.min(bridging + rent),
        })
    }

    /// The bridges that stand today, and the waves.
    fn waves(
        &self,
        model: &Model,
        dated: Vec<Dated>,
        group_of: &[Option<usize>],
    ) -> (Vec<usize>, Vec<Wave>) {
        let mut wave_of = vec![0; model.groups()];
        for (place, wave) in dated.iter().enumerate() {
            for &group in &wave.groups {
                wave_of[group] = place + 1;
            }
        }
        // Each end by the wave after which it is there; what has moved is there before the first.
        let there = |node: usize| match group_of[node] {
            Some(group) => Some(wave_of[group]),
            None => self.has_moved(node).then_some(0),
        };
        let standing = |after: usize| -> Vec<usize> {
            let crossing = |edge: &usize| {
                let soft = &self.soft[*edge];
                let ends = there(soft.one).zip(there(soft.other));
                ends.is_some_and(|(one, other)| one.min(other) <= after && after < one.max(other))
            };
            (0..self.soft.len()).filter(crossing).collect()
        };
        let today = standing(0);
        let rent_after = |after: usize| -> f64 {
            let nodes = self.nodes.iter().enumerate();
            let waiting = nodes.filter(|(node, _)| there(*node).is_some_and(|wave| wave > after));
            waiting.map(|(_, node)| node.rent).sum()
        };
        let mut waves: Vec<Wave> = Vec::with_capacity(dated.len());
        for (place, dated) in dated.into_iter().enumerate() {
            let bridges = standing(place + 1);
            let earlier = waves.last().map_or(&today, |wave| &wave.bridges);
            let days = model.wave(&dated.groups).unwrap_or(0.0);
            let per_day = bridges.iter().map(|&edge| self.soft[edge].per_day);
            waves.push(Wave {
                built: lacking(&bridges, earlier),
                dropped: lacking(earlier, &bridges),
                bridging: per_day.sum::<f64>() * days,
                rent: rent_after(place + 1) * days,
                bridges,
                days,
                groups: dated.groups,
                first: dated.first,
                last: dated.last,
            });
        }
        (today, waves)
    }
}

/// What is in one rising list and not in another.
fn lacking(list: &[usize], other: &[usize]) -> Vec<usize> {
    let new = |edge: &&usize| other.binary_search(edge).is_err();
    list.iter().filter(new).copied().collect()
}

impl Plan {
    /// What the plan takes: all nodes, all bridges and what waits.
    pub fn cost(&self) -> f64 {
        self.effort + self.bridging + self.rent
    }

    /// What any plan takes at least.
    pub fn least(&self) -> f64 {
        self.effort + self.bound
    }

    /// How much cheaper another plan might be, as a share of what this one takes: 0 if this is
    /// proven to be the cheapest.
    pub fn gap(&self) -> f64 {
        share(self.cost() - self.least(), self.cost())
    }

    /// The same of bridges and rent alone, which are what another order could change.
    pub fn order_gap(&self) -> f64 {
        let order = self.bridging + self.rent;
        share(order - self.bound, order)
    }

    /// The last day of the last wave; nothing if nothing moves.
    pub fn ends(&self) -> Option<Date> {
        self.waves.last().map(|wave| wave.last)
    }
}

/// What floats leave over is no share.
fn share(part: f64, whole: f64) -> f64 {
    if whole <= 0.0 || part <= whole * 1e-12 {
        return 0.0;
    }
    part / whole
}
