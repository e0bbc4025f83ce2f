//! What one thread does with the batches it reads.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use focus::Month;

use super::groups::{Chosen, Groups};
use super::plan::{Lane, Part, Plan, Stream, Take};
use super::source::{Opened, day_of};
use super::texts::{BLANK, NONE, Texts};
use super::whose::Owners;
use super::{ScanError, Test, tags, values};
use crate::ownership::Ownership;

/// Groups and their sums.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) groups: Groups,
    /// The sums of each group, one group after the other.
    pub(super) costs: Vec<i128>,
    pub(super) rows: Vec<u64>,
}

/// What one thread keeps while it reads.
pub(super) struct Worker<'p> {
    plan: &'p Plan,
    pub(super) texts: Texts,
    streams: Vec<Read>,
    /// The numbers of each lane that is no stream, row by row.
    lanes: Vec<Vec<u32>>,
    owners: Option<Owners<'p>>,
    months: Months,
    /// For each filter, what it said of each number: 0 for not yet.
    verdicts: Vec<Vec<u8>>,
    credit: u32,
    pub(super) sums: Vec<Sums>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    days: Vec<i32>,
    billed: Vec<i32>,
    places: Vec<u32>,
    chosen: Vec<u32>,
}

/// A stream as it is read.
#[derive(Default)]
struct Read {
    /// The values of the dictionary that `numbers` are of; kept so that it is known again.
    values: Option<ArrayRef>,
    /// The number of each value of the dictionary.
    numbers: Vec<u32>,
    /// The number of each row.
    rows: Vec<u32>,
    /// The column as it was read last.
    column: Option<ArrayRef>,
}

impl<'p> Worker<'p> {
    pub(super) fn new(plan: &'p Plan, ownership: &'p Ownership) -> Self {
        let mut texts = Texts::default();
        let sums = plan.groupings.iter().map(|lanes| Sums {
            groups: Groups::new(lanes.len()),
            costs: Vec::new(),
            rows: Vec::new(),
        });
        Self {
            plan,
            streams: plan.streams.iter().map(|_| Read::default()).collect(),
            lanes: vec![Vec::new(); plan.lanes.len()],
            owners: plan
                .asked
                .as_ref()
                .map(|asked| Owners::new(asked, ownership)),
            months: Months::default(),
            verdicts: vec![Vec::new(); plan.filters.len()],
            credit: texts.number("Credit"),
            sums: sums.collect(),
            scratch: Scratch::default(),
            texts,
        }
    }

    /// Adds the charges of a batch.
    pub(super) fn add(&mut self, file: &Opened, batch: &RecordBatch) -> Result<(), ScanError> {
        let rows = batch.num_rows();
        self.read_streams(file, batch);
        let mut scratch = std::mem::take(&mut self.scratch);
        for (wanted, days) in [
            (self.plan.charged, &mut scratch.days),
            (self.plan.billed, &mut scratch.billed),
        ] {
            if let Some(wanted) = wanted {
                read_days(file, batch, wanted, self.plan, days)?;
            }
        }
        self.fill_lanes(file, rows, &scratch)?;
        let all = self.choose(rows, &mut scratch.chosen);
        let chosen = if all {
            Chosen::All(rows)
        } else {
            Chosen::Some(&scratch.chosen)
        };
        for at in 0..self.plan.groupings.len() {
            let lanes = &self.plan.groupings[at];
            let mut sums = std::mem::replace(&mut self.sums[at], Sums::nothing());
            let columns: Vec<&[u32]> = lanes.iter().map(|&lane| self.column(lane)).collect();
            sums.groups
                .place_all(&columns, &chosen, &mut scratch.places);
            let done = self.sum(file, batch, &mut sums, &chosen, &scratch.places);
            self.sums[at] = sums;
            done?;
        }
        self.scratch = scratch;
        Ok(())
    }

    fn read_streams(&mut self, file: &Opened, batch: &RecordBatch) {
        for (read, stream) in self.streams.iter_mut().zip(&self.plan.streams) {
            let Some(place) = file.places[stream.wanted] else {
                read.column = None;
                read.rows.clear();
                read.rows.resize(batch.num_rows(), NONE);
                continue;
            };
            let column = batch.column(place);
            let texts = &mut self.texts;
            let mut number = |text: &str| taken(stream, text, texts);
            read.take(column, &mut number);
            read.column = Some(column.clone());
        }
    }

    /// The numbers of a lane, row by row.
    fn column(&self, lane: usize) -> &[u32] {
        match self.plan.lanes[lane] {
            Lane::Text(stream) => &self.streams[stream].rows,
            _ => &self.lanes[lane],
        }
    }

    fn fill_lanes(
        &mut self,
        file: &Opened,
        rows: usize,
        scratch: &Scratch,
    ) -> Result<(), ScanError> {
        if let Some(owners) = &mut self.owners {
            let streams = &self.streams;
            let numbers = |stream: usize| streams[stream].rows.as_slice();
            let text = |stream: usize, row: usize| streams[stream].text(row);
            owners
                .resolve(rows, &scratch.days, numbers, text, &mut self.texts)
                .map_err(|message| file.refused(message))?;
        }
        for (at, lane) in self.plan.lanes.iter().enumerate() {
            let mut filled = std::mem::take(&mut self.lanes[at]);
            filled.clear();
            match lane {
                Lane::Text(_) => {}
                Lane::Day => filled.extend(scratch.days.iter().map(|&day| day_key(day))),
                Lane::Month => self.months.fill(&scratch.days, &mut filled),
                Lane::Billed => self.months.fill(&scratch.billed, &mut filled),
                Lane::First(streams) => {
                    let first = |row: usize| {
                        let numbers = streams.iter().map(|&at| self.streams[at].rows[row]);
                        numbers.into_iter().find(|&number| number != NONE)
                    };
                    filled.extend((0..rows).map(|row| first(row).unwrap_or(NONE)));
                }
                Lane::Credit {
                    category,
                    description,
                } => {
                    let categories = &self.streams[*category].rows;
                    let named = categories.iter().zip(&self.streams[*description].rows);
                    let credit = self.credit;
                    filled.extend(named.map(
                        |(&category, &name)| {
                            if category == credit { name } else { NONE }
                        },
                    ));
                }
                Lane::Whose(part) => {
                    let owners = self.owners.as_ref().expect("made with the lane");
                    filled.extend(owners.rows().iter().map(|whose| match part {
                        Part::Owner => whose.owner,
                        Part::Service => whose.service,
                        Part::Funding => whose.funding,
                    }));
                }
            }
            self.lanes[at] = filled;
        }
        Ok(())
    }

    /// Which rows pass all filters; says whether that needs no list, as there are none.
    fn choose(&mut self, rows: usize, chosen: &mut Vec<u32>) -> bool {
        if self.plan.filters.is_empty() {
            return true;
        }
        let mut verdicts = std::mem::take(&mut self.verdicts);
        chosen.clear();
        // A batch has `BATCH` rows.
        #[allow(clippy::cast_possible_truncation)]
        chosen.extend(0..rows as u32);
        for ((lane, test), known) in self.plan.filters.iter().zip(&mut verdicts) {
            let numbers = self.column(*lane);
            let kind = &self.plan.lanes[*lane];
            let texts = &self.texts;
            chosen.retain(|&row| {
                let number = numbers[row as usize];
                match kind {
                    Lane::Day | Lane::Month | Lane::Billed => admitted(kind, number, test),
                    _ => {
                        let at = number as usize;
                        if known.len() <= at {
                            known.resize(texts.len().max(at + 1), 0);
                        }
                        if known[at] == 0 {
                            known[at] = 1 + u8::from(test.passes(texts.text(number)));
                        }
                        known[at] == 2
                    }
                }
            });
        }
        self.verdicts = verdicts;
        false
    }

    fn sum(
        &self,
        file: &Opened,
        batch: &RecordBatch,
        sums: &mut Sums,
        chosen: &Chosen<'_>,
        places: &[u32],
    ) -> Result<(), ScanError> {
        let width = self.plan.sums.len();
        sums.costs.resize(sums.groups.len() * width, 0);
        sums.rows.resize(sums.groups.len(), 0);
        for &place in places {
            sums.rows[place as usize] += 1;
        }
        let mut over = false;
        let mut units = Vec::new();
        for (at, &(wanted, gross)) in self.plan.sums.iter().enumerate() {
            let Some(column) = file.places[wanted] else {
                continue;
            };
            let costs = values::costs(batch.column(column), &mut units).map_err(|message| {
                file.refused(format!("{} {message}", self.plan.wanted[wanted].name))
            })?;
            let (numbers, factor, nulls) = (costs.numbers, costs.factor, costs.nulls);
            let most = i128::MAX / factor;
            let categories = self.plan.category.filter(|_| gross);
            let categories = categories.map(|stream| self.streams[stream].rows.as_slice());
            for (index, &place) in places.iter().enumerate() {
                let row = chosen.row(index);
                if nulls.is_some_and(|nulls| nulls.is_null(row))
                    || categories.is_some_and(|categories| categories[row] == self.credit)
                {
                    continue;
                }
                let number = numbers[row];
                over |= number > most || number < -most;
                let cell = &mut sums.costs[place as usize * width + at];
                let (sum, past) = cell.overflowing_add(number.wrapping_mul(factor));
                *cell = sum;
                over |= past;
            }
        }
        if over {
            return Err(file.refused("its costs are too large to be summed".to_owned()));
        }
        Ok(())
    }
}

impl Sums {
    /// What stands in while the sums are worked on.
    fn nothing() -> Self {
        Self {
            groups: Groups::new(0),
            costs: Vec::new(),
            rows: Vec::new(),
        }
    }
}

fn taken(stream: &Stream, text: &str, texts: &mut Texts) -> u32 {
    match &stream.take {
        Take::Whole => texts.number(text),
        Take::Tag(key) => tags::value(text, key).map_or(NONE, |value| texts.number(&value)),
        Take::Ruled(key) => match tags::value(text, key) {
            None => NONE,
            Some(value) if value.is_empty() => BLANK,
            Some(value) => texts.number(&value),
        },
    }
}

impl Read {
    fn take(&mut self, column: &ArrayRef, number: &mut impl FnMut(&str) -> u32) {
        self.rows.clear();
        let Some(dictionary) = column.as_dictionary_opt::<Int32Type>() else {
            let texts = column.as_string::<i32>();
            self.rows
                .extend(texts.iter().map(|text| text.map_or(NONE, &mut *number)));
            return;
        };
        let values = dictionary.values();
        if !self
            .values
            .as_ref()
            .is_some_and(|known| is_same(known, values))
        {
            self.numbers.clear();
            let texts = values.as_string::<i32>();
            self.numbers
                .extend(texts.iter().map(|text| text.map_or(NONE, &mut *number)));
            self.values = Some(values.clone());
        }
        let keys = dictionary.keys();
        let numbers = &self.numbers;
        // Keys of a dictionary are its places: not negative, but for nulls, which have any.
        let of = |key: i32| numbers.get(usize::try_from(key).unwrap_or(usize::MAX));
        match keys.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => self.rows.extend(
                keys.values()
                    .iter()
                    .map(|&key| of(key).copied().unwrap_or(NONE)),
            ),
            Some(nulls) => self.rows.extend(
                keys.values()
                    .iter()
                    .zip(nulls)
                    .map(|(&key, there)| of(key).filter(|_| there).copied().unwrap_or(NONE)),
            ),
        }
    }

    /// The text of a row of the last batch.
    fn text(&self, row: usize) -> &str {
        let Some(column) = self.column.as_ref().filter(|column| column.is_valid(row)) else {
            return "";
        };
        match column.as_dictionary_opt::<Int32Type>() {
            Some(dictionary) => {
                let at = dictionary.key(row).unwrap_or_default();
                dictionary.values().as_string::<i32>().value(at)
            }
            None => column.as_string::<i32>().value(row),
        }
    }
}

/// Whether two arrays are the same texts in memory: each batch wraps the dictionary anew.
fn is_same(one: &ArrayRef, other: &ArrayRef) -> bool {
    let (one, other): (&StringArray, &StringArray) = (one.as_string(), other.as_string());
    one.len() == other.len()
        && one.value_data().as_ptr() == other.value_data().as_ptr()
        && one.value_offsets().as_ptr() == other.value_offsets().as_ptr()
}

/// A day as a number whose order is that of the days.
fn day_key(day: i32) -> u32 {
    day.cast_unsigned() ^ (1 << 31)
}

/// The day of such a number.
pub(super) fn day_from(key: u32) -> i32 {
    (key ^ (1 << 31)).cast_signed()
}

/// The months of days, as numbers whose order is theirs.
#[derive(Debug, Default)]
struct Months {
    /// Of each day from 1970 on, plus one; 0 where it was not asked yet.
    known: Vec<u32>,
}

/// The month of such a number.
pub(super) fn month_from(key: u32) -> Option<Month> {
    let (year, month) = (key / 12, key % 12 + 1);
    let year = i16::try_from(i64::from(year) - 10_000).ok()?;
    Month::new(year, i8::try_from(month).ok()?)
}

impl Months {
    fn fill(&mut self, days: &[i32], months: &mut Vec<u32>) {
        months.extend(days.iter().map(|&day| match usize::try_from(day) {
            Ok(at) if at < (1 << 16) => {
                if self.known.len() <= at {
                    self.known.resize(at + 1, 0);
                }
                if self.known[at] == 0 {
                    self.known[at] = month_key(day) + 1;
                }
                self.known[at] - 1
            }
            _ => month_key(day),
        }));
    }
}

fn month_key(day: i32) -> u32 {
    day_of(day).map_or(0, |day| {
        let months = (i32::from(day.year()) + 10_000) * 12 + i32::from(day.month()) - 1;
        months.cast_unsigned()
    })
}

fn admitted(lane: &Lane, number: u32, test: &Test) -> bool {
    let day = match lane {
        Lane::Day => day_of(day_from(number)),
        _ => month_from(number).map(Month::first_day),
    };
    day.is_some_and(|day| test.admits(day))
}

/// The day of each row's instant, counted from 1970-01-01.
fn read_days(
    file: &Opened,
    batch: &RecordBatch,
    wanted: usize,
    plan: &Plan,
    days: &mut Vec<i32>,
) -> Result<(), ScanError> {
    days.clear();
    let name = &plan.wanted[wanted].name;
    let column = file.places[wanted].map(|place| batch.column(place));
    let column = column.ok_or_else(|| file.refused(format!("there is no column {name}")))?;
    if column.null_count() > 0 {
        return Err(file.refused(format!(
            "{name} is null in a row, where each charge needs it"
        )));
    }
    values::days(column, days).map_err(|message| file.refused(format!("{name} {message}")))?;
    // The first and the last suffice: a calendar has no holes.
    let ends = [days.iter().min(), days.iter().max()];
    if ends.into_iter().flatten().any(|&day| day_of(day).is_none()) {
        return Err(file.refused(format!("{name} has a day before -9999 or after 9999")));
    }
    Ok(())
}

impl Worker<'_> {
    /// Adds the sums of another thread.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), ScanError> {
        let mut numbers: Vec<u32> = Vec::with_capacity(other.texts.len());
        // A text's number never reaches the number of texts.
        #[allow(clippy::cast_possible_truncation)]
        for number in 0..other.texts.len() as u32 {
            numbers.push(self.texts.number(other.texts.text(number)));
        }
        let width = self.plan.sums.len();
        for ((mine, theirs), lanes) in self
            .sums
            .iter_mut()
            .zip(&other.sums)
            .zip(&self.plan.groupings)
        {
            for group in 0..theirs.groups.len() {
                let numbered = theirs.groups.key(group).iter().zip(lanes);
                let key: Vec<u32> = numbered
                    .map(|(&number, &lane)| match self.plan.lanes[lane] {
                        Lane::Day | Lane::Month | Lane::Billed => number,
                        _ => numbers[number as usize],
                    })
                    .collect();
                let place = mine.groups.place(&key) as usize;
                mine.costs.resize(mine.groups.len() * width, 0);
                mine.rows.resize(mine.groups.len(), 0);
                mine.rows[place] += theirs.rows[group];
                let theirs = &theirs.costs[group * width..][..width];
                for (cell, cost) in mine.costs[place * width..].iter_mut().zip(theirs) {
                    *cell = cell.checked_add(*cost).ok_or(ScanError::TooLarge)?;
                }
            }
        }
        Ok(())
    }

    /// The sums of each grouping, and the texts of their numbers.
    pub(super) fn finished(self) -> (Vec<Sums>, Texts) {
        (self.sums, self.texts)
    }
}
