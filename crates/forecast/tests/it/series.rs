//! Series as spending is: weekdays, growth, shifts, spikes and days of credits, each from a seed.

use std::f64::consts::TAU;

use forecast::History;

/// Numbers that look random and are the same on every machine (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From 0 to 1.
    #[allow(clippy::cast_precision_loss)] // 53 bits.
    fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn day(&mut self, low: usize, high: usize) -> usize {
        low + (self.bits() % (high - low) as u64) as usize
    }

    /// Normally distributed (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (TAU * self.share()).cos()
    }
}

/// A daily series.
pub(crate) struct Series {
    pub(crate) values: Vec<f64>,
    pub(crate) first_weekday: u8,
}

impl Series {
    pub(crate) fn history(&self) -> History<'_> {
        self.until(self.values.len())
    }

    pub(crate) fn until(&self, day: usize) -> History<'_> {
        History {
            values: &self.values[..day],
            first_weekday: self.first_weekday,
            left_out: &[],
        }
    }
}

/// Clean spending: a level, weekends, growth, a level that wanders a little, and noise of a
/// share of the day.
pub(crate) fn clean(seed: u64, days: usize, noise: f64) -> Series {
    let mut dice = Dice::new(seed);
    let base = dice.between(300.0, 9_000.0);
    let weekend = dice.between(0.55, 1.05);
    let monday = dice.between(0.95, 1.1);
    let growth = dice.between(-0.000_4, 0.001_2);
    let wander = dice.between(0.0, 0.003);
    let first_weekday = u8::try_from(dice.day(0, 7)).expect("small");
    let mut drift = 0.0;
    let values = (0..days)
        .map(|day| {
            let weekday = match (usize::from(first_weekday) + day) % 7 {
                0 => monday,
                5 | 6 => weekend,
                _ => 1.0,
            };
            drift += wander * dice.normal();
            #[allow(clippy::cast_precision_loss)]
            let level = base * (1.0 + growth * day as f64) * f64::exp(drift);
            level * weekday * (1.0 + noise * dice.normal())
        })
        .collect();
    Series {
        values,
        first_weekday,
    }
}

/// One of the fifty: every fifth has a level shift, a spike, a day of credits, a shift and a
/// spike, or nothing of these.
pub(crate) fn spending(number: u64) -> Series {
    let mut dice = Dice::new(1_000 + number);
    let noise = [0.02, 0.03, 0.04, 0.06, 0.08][usize::try_from(number / 5 % 5).expect("small")];
    let mut series = clean(number, 540, noise);
    let values = &mut series.values;
    let kind = number % 5;
    if matches!(kind, 1 | 4) {
        let at = dice.day(200, 460);
        let size = if dice.between(0.0, 1.0) < 0.5 {
            dice.between(0.6, 0.85)
        } else {
            dice.between(1.15, 1.5)
        };
        values[at..].iter_mut().for_each(|value| *value *= size);
    }
    if matches!(kind, 2 | 4) {
        let at = dice.day(200, 460);
        let days = dice.day(2, 21);
        let size = dice.between(1.3, 2.5);
        values[at..at + days]
            .iter_mut()
            .for_each(|value| *value *= size);
    }
    if kind == 3 {
        let at = dice.day(200, 500);
        values[at] *= -3.0;
    }
    series
}
