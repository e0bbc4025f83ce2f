//! A plan that is being changed.

use crate::model::{Model, whole};

/// Groups in waves, some of them empty, with what each wave takes.
#[derive(Debug, Clone)]
pub(crate) struct State<'m> {
    model: &'m Model,
    /// The wave of each group.
    pub(crate) at: Vec<usize>,
    /// Per wave and owner: days and groups.
    loads: Vec<(f64, u32)>,
    size: Vec<usize>,
    length: Vec<f64>,
    /// Per wave: what its bridges take a day.
    cut: Vec<f64>,
}

/// A group in another wave, and how much dearer the plan then is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move {
    pub(crate) group: usize,
    pub(crate) to: usize,
    pub(crate) dearer: f64,
}

impl<'m> State<'m> {
    /// A plan with an empty wave before, between and after all of its own.
    pub(crate) fn of(model: &'m Model, waves: &[Vec<usize>]) -> Self {
        let count = 2 * waves.len() + 1;
        let mut state = Self {
            model,
            at: vec![0; model.groups()],
            loads: vec![(0.0, 0); count * model.owners],
            size: vec![0; count],
            length: vec![0.0; count],
            cut: vec![0.0; count],
        };
        for (place, wave) in waves.iter().enumerate() {
            let place = 2 * place + 1;
            for &group in wave {
                state.at[group] = place;
                state.size[place] += 1;
                state.load(group, place, true);
            }
            state.length[place] = state.length_of(place);
        }
        for (group, near) in model.near.iter().enumerate() {
            for &(other, weight) in near {
                for wave in state.at[group]..state.at[other] {
                    state.cut[wave] += weight;
                }
            }
            for cut in &mut state.cut[..state.at[group]] {
                *cut += model.drops[group];
            }
        }
        state
    }

    /// Its waves without the empty ones.
    pub(crate) fn waves(&self) -> Vec<Vec<usize>> {
        let mut waves = vec![Vec::new(); self.size.len()];
        for (group, &wave) in self.at.iter().enumerate() {
            waves[wave].push(group);
        }
        waves.retain(|wave| !wave.is_empty());
        waves
    }

    /// The waves in which a group may be by the hard edges: the first and one past the last.
    pub(crate) fn room(&self, group: usize) -> (usize, usize) {
        let after = self.model.before[group].iter();
        let until = self.model.behind[group].iter();
        let first = after.map(|&other| self.at[other] + 1).max();
        let last = until.map(|&other| self.at[other]).min();
        (first.unwrap_or(0), last.unwrap_or(self.size.len()))
    }

    /// The cheapest other wave of a group that is within the limits.
    pub(crate) fn best(&self, group: usize, scratch: &mut Vec<f64>) -> Option<Move> {
        let (first, last) = self.room(group);
        let from = self.at[group];
        let shorter = self.length_without(group, from);
        self.changes(group, first, last, scratch);
        let mut best: Option<Move> = None;
        let mut consider = |to: usize, dearer: f64| {
            if best.is_none_or(|best| dearer < best.dearer) {
                best = Some(Move { group, to, dearer });
            }
        };
        // Later: in the waves that it no longer has moved by, its edges turn round.
        let mut dearer = 0.0;
        for to in from + 1..last {
            let wave = to - 1;
            let change = scratch[wave - first];
            dearer += if wave == from {
                (self.cut[wave] + change) * shorter - self.cut[wave] * self.length[wave]
            } else {
                change * self.length[wave]
            };
            if let Some(longer) = self.length_with(group, to) {
                consider(to, dearer + self.cut[to] * (longer - self.length[to]));
            }
        }
        // Earlier: the same, and the wave it leaves is shorter.
        let mut dearer = self.cut[from] * (shorter - self.length[from]);
        for to in (first..from).rev() {
            let change = -scratch[to - first];
            if let Some(longer) = self.length_with(group, to) {
                let own = (self.cut[to] + change) * longer - self.cut[to] * self.length[to];
                consider(to, dearer + own);
            }
            dearer += change * self.length[to];
        }
        best
    }

    /// How much dearer the plan is with a group in another wave, if that is within the limits.
    pub(crate) fn dearer(&self, group: usize, to: usize, scratch: &mut Vec<f64>) -> Option<f64> {
        let from = self.at[group];
        let longer = self.length_with(group, to)?;
        let shorter = self.length_without(group, from);
        let (first, last) = (from.min(to), from.max(to));
        self.changes(group, first, last, scratch);
        let sign = if to > from { 1.0 } else { -1.0 };
        let mut dearer = 0.0;
        for (wave, change) in (first..last).zip(scratch.iter()) {
            dearer += sign * change * self.length[wave];
        }
        let cut = |wave: usize| {
            let change = scratch
                .get(wave.wrapping_sub(first))
                .filter(|_| wave < last);
            self.cut[wave] + sign * change.copied().unwrap_or(0.0)
        };
        dearer += cut(from) * (shorter - self.length[from]);
        Some(dearer + cut(to) * (longer - self.length[to]))
    }

    /// By how much the cut of each wave from the first changes if the group moves after it
    /// rather than by then.
    fn changes(&self, group: usize, first: usize, last: usize, changes: &mut Vec<f64>) {
        changes.clear();
        changes.resize(last.saturating_sub(first), 0.0);
        let mut base = self.model.drops[group];
        for &(other, weight) in &self.model.near[group] {
            base -= weight;
            let wave = self.at[other].max(first);
            if wave < last {
                changes[wave - first] += 2.0 * weight;
            }
        }
        for change in changes {
            base += *change;
            *change = base;
        }
    }

    /// Moves a group.
    pub(crate) fn apply(&mut self, group: usize, to: usize) {
        let from = self.at[group];
        let mut changes = Vec::new();
        let (first, last) = (from.min(to), from.max(to));
        self.changes(group, first, last, &mut changes);
        let sign = if to > from { 1.0 } else { -1.0 };
        for (cut, change) in self.cut[first..last].iter_mut().zip(changes) {
            *cut = (*cut + sign * change).max(0.0);
        }
        self.at[group] = to;
        self.size[from] -= 1;
        self.size[to] += 1;
        self.load(group, from, false);
        self.load(group, to, true);
        self.length[from] = self.length_of(from);
        self.length[to] = self.length_of(to);
    }

    pub(crate) fn cost(&self) -> f64 {
        let waves = self.cut.iter().zip(&self.length);
        waves.map(|(cut, length)| cut * length).sum()
    }

    /// A wave past all others, in which a group can wait for its place.
    pub(crate) fn rest(&self) -> usize {
        self.size.len() - 1
    }

    /// Whether a group may be in a wave with those that are there.
    pub(crate) fn takes(&self, group: usize, wave: usize) -> bool {
        self.length_with(group, wave).is_some()
    }

    /// Whether a wave is longer with a group.
    pub(crate) fn stretches(&self, group: usize, wave: usize) -> bool {
        let longer = self.length_with(group, wave);
        longer.is_none_or(|longer| longer > self.length[wave])
    }

    fn load(&mut self, group: usize, wave: usize, comes: bool) {
        for &(owner, days) in &self.model.loads[group] {
            let load = &mut self.loads[wave * self.model.owners + owner];
            if comes {
                *load = (load.0 + days, load.1 + 1);
            } else {
                load.1 -= 1;
                load.0 = if load.1 == 0 { 0.0 } else { load.0 - days };
            }
        }
    }

    fn length_of(&self, wave: usize) -> f64 {
        let least = if self.size[wave] == 0 { 0.0 } else { 1.0 };
        let loads = &self.loads[wave * self.model.owners..][..self.model.owners];
        loads.iter().map(|load| whole(load.0)).fold(least, f64::max)
    }

    fn length_with(&self, group: usize, wave: usize) -> Option<f64> {
        if self.size[wave] >= self.model.most {
            return None;
        }
        let mut length = self.length[wave].max(1.0);
        for &(owner, days) in &self.model.loads[group] {
            let load = self.loads[wave * self.model.owners + owner];
            let (days, groups) = (load.0 + days, load.1 as usize + 1);
            if !self.model.fits(days, groups) {
                return None;
            }
            length = length.max(whole(days));
        }
        Some(length)
    }

    fn length_without(&self, group: usize, wave: usize) -> f64 {
        if self.size[wave] == 1 {
            return 0.0;
        }
        let loads = &self.loads[wave * self.model.owners..][..self.model.owners];
        let own = &self.model.loads[group];
        let left = loads.iter().enumerate().map(|(owner, load)| {
            let own = own.iter().find(|own| own.0 == owner);
            whole(load.0 - own.map_or(0.0, |own| own.1))
        });
        left.fold(1.0, f64::max)
    }
}
