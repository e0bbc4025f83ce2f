//! What was measured, day by day.

/// A daily series without gaps in its days, of which some do not count.
///
/// Days are numbered from 0, the first one.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The value of each day. What is no finite number counts as left out.
    pub values: &'a [f64],
    /// The weekday of the first day, 0 for Monday to 6 for Sunday.
    pub first_weekday: u8,
    /// Which days say nothing about other days: incomplete ones, planned ones, those on which a
    /// year was paid at once. They are not taken as zero. Days beyond its end are not left out.
    pub left_out: &'a [bool],
}

impl History<'_> {
    /// How many days it spans.
    pub(crate) fn days(&self) -> usize {
        self.values.len()
    }

    /// The value of a day, if it counts.
    pub(crate) fn usable(&self, day: usize) -> Option<f64> {
        let left_out = self.left_out.get(day).copied().unwrap_or(false);
        let value = *self.values.get(day)?;
        (!left_out && value.is_finite()).then_some(value)
    }

    /// The weekday of a day, also of one to come.
    pub(crate) fn weekday(&self, day: usize) -> usize {
        (usize::from(self.first_weekday) + day) % 7
    }

    /// How many days count.
    pub(crate) fn usable_days(&self) -> usize {
        (0..self.days())
            .filter(|&day| self.usable(day).is_some())
            .count()
    }
}
