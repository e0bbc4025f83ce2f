//! The sums of one bill as bytes, column by column.
//!
//! A file has its form's name, the length of its first part, and two parts in zstd with checksums:
//! what it is of with all texts, then the cells. Numbers are little-endian.

use std::io::{Read as _, Write as _};

use base::{Currency, Decimal, Month};
use jiff::civil::Date;

use super::bill::Bill;
use crate::cells::{
    Amounts, Attribution, Category, Commitment, DayCell, Kind, MonthCell, Name, Pricing,
};
use crate::scan;
use crate::store::Key;

/// The name of the form; another number with each change of it, and of what is summed.
const FORM: &[u8; 8] = b"SUMS 01\n";
/// Higher levels take longer and save a tenth.
const LEVEL: i32 = 1;
/// How much memory is set aside for a part before it is read, at most.
const AHEAD: u64 = 1 << 26;

/// How many bytes a cell takes.
const LEVEL_CELL: usize = 4 + 5 * 4 + 2 + 3 + 4 * 16 + 8;
const HOTSPOT_CELL: usize = 7 * 4 + 3 + 16;

/// The bytes of a bill's sums; `stamp` says which bill and which rules they are of.
pub(super) fn bytes(bill: &Bill, stamp: &str) -> Vec<u8> {
    let mut head = Vec::new();
    put_text(&mut head, stamp);
    put_count(&mut head, bill.texts.len());
    for text in &bill.texts {
        put_text(&mut head, text);
    }
    let mut body = Vec::new();
    for count in [bill.days.len(), bill.months.len(), bill.hotspots.len()] {
        put_count(&mut body, count);
    }
    let days = bill.days.iter().map(|cell| Level {
        day: cell.day,
        names: [
            cell.sub_account,
            cell.credit,
            cell.whose.owner,
            cell.whose.service,
            cell.whose.funding,
        ],
        kind: cell.kind,
        currency: cell.currency,
        amounts: cell.amounts,
        rows: cell.rows,
    });
    put_levels(&mut body, &days.collect::<Vec<_>>());
    let months = bill.months.iter().map(|cell| Level {
        day: cell.month.first_day(),
        names: [
            cell.sub_account,
            cell.vendor_service,
            cell.whose.owner,
            cell.whose.service,
            cell.whose.funding,
        ],
        kind: cell.kind,
        currency: cell.currency,
        amounts: cell.amounts,
        rows: cell.rows,
    });
    put_levels(&mut body, &months.collect::<Vec<_>>());
    for cell in &bill.hotspots {
        let whose = cell.whose;
        for name in [
            cell.sub_account,
            cell.vendor_service,
            cell.sku,
            cell.resource,
            whose.owner,
            whose.service,
            whose.funding,
        ] {
            body.extend(name.0.to_le_bytes());
        }
        body.extend(cell.currency.code().as_bytes());
        body.extend(cell.gross.units().to_le_bytes());
    }
    let (head, body) = (packed(&head), packed(&body));
    let mut bytes = FORM.to_vec();
    put_count(&mut bytes, head.len());
    bytes.extend(head);
    bytes.extend(body);
    bytes
}

/// What a day and a month have alike.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// Of a month, its first.
    day: Date,
    names: [Name; 5],
    kind: Kind,
    currency: Currency,
    amounts: Amounts,
    rows: u64,
}

fn put_levels(body: &mut Vec<u8>, cells: &[Level]) {
    body.extend(
        cells
            .iter()
            .flat_map(|cell| scan::day_number(cell.day).to_le_bytes()),
    );
    for name in 0..5 {
        body.extend(
            cells
                .iter()
                .flat_map(|cell| cell.names[name].0.to_le_bytes()),
        );
    }
    body.extend(
        cells
            .iter()
            .flat_map(|cell| kind_number(cell.kind).to_le_bytes()),
    );
    body.extend(
        cells
            .iter()
            .flat_map(|cell| cell.currency.code().as_bytes()),
    );
    for cost in [
        |amounts: &Amounts| amounts.billed,
        |amounts: &Amounts| amounts.effective,
        |amounts: &Amounts| amounts.listed,
        |amounts: &Amounts| amounts.contracted,
    ] {
        body.extend(
            cells
                .iter()
                .flat_map(|cell| cost(&cell.amounts).units().to_le_bytes()),
        );
    }
    body.extend(cells.iter().flat_map(|cell| cell.rows.to_le_bytes()));
}

fn put_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend((count as u64).to_le_bytes());
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_count(bytes, text.len());
    bytes.extend(text.as_bytes());
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let in_memory = "memory takes what is written to it";
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), LEVEL).expect(in_memory);
    encoder.include_checksum(true).expect(in_memory);
    encoder
        .set_pledged_src_size(Some(bytes.len() as u64))
        .expect(in_memory);
    encoder.write_all(bytes).expect(in_memory);
    encoder.finish().expect(in_memory)
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = zstd::zstd_safe::get_frame_content_size(bytes)
        .ok()
        .flatten()
        .unwrap_or(0);
    let mut all = Vec::with_capacity(usize::try_from(size.min(AHEAD)).ok()?);
    zstd::stream::Decoder::with_buffer(bytes)
        .ok()?
        .single_frame()
        .read_to_end(&mut all)
        .ok()?;
    Some(all)
}

/// A sort of charge in nine bits.
fn kind_number(kind: Kind) -> u16 {
    let category = match kind.category {
        Category::Usage => 0,
        Category::Purchase => 1,
        Category::Tax => 2,
        Category::Credit => 3,
        Category::Adjustment => 4,
    };
    let pricing = match kind.pricing {
        Pricing::None => 0,
        Pricing::Standard => 1,
        Pricing::Dynamic => 2,
        Pricing::Committed => 3,
        Pricing::Other => 4,
    };
    let commitment = match kind.commitment {
        Commitment::None => 0,
        Commitment::Used => 1,
        Commitment::Unused => 2,
    };
    category | pricing << 3 | commitment << 6 | u16::from(kind.correction) << 8
}

fn kind_of(number: u16) -> Option<Kind> {
    Some(Kind {
        category: match number & 7 {
            0 => Category::Usage,
            1 => Category::Purchase,
            2 => Category::Tax,
            3 => Category::Credit,
            4 => Category::Adjustment,
            _ => return None,
        },
        pricing: match number >> 3 & 7 {
            0 => Pricing::None,
            1 => Pricing::Standard,
            2 => Pricing::Dynamic,
            3 => Pricing::Committed,
            4 => Pricing::Other,
            _ => return None,
        },
        commitment: match number >> 6 & 3 {
            0 => Commitment::None,
            1 => Commitment::Used,
            2 => Commitment::Unused,
            _ => return None,
        },
        correction: number >> 8 == 1,
    })
}

/// Costs of one currency added up, in the order of FOCUS and then gross, in units of 10^-18.
#[derive(Debug, Clone, Copy)]
pub(super) struct LevelSum {
    pub(super) currency: Currency,
    pub(super) costs: [i128; 5],
    pub(super) rows: u64,
}

/// The sums of one bill as they are kept, looked at, and their cells still packed as columns.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) texts: Vec<String>,
    body: Vec<u8>,
    days: usize,
    months: usize,
    hotspots: usize,
    sums: [Vec<LevelSum>; 2],
}

impl Kept {
    /// Opens kept sums; nothing if they are damaged, or not of this bill and these rules.
    pub(super) fn open(bytes: impl AsRef<[u8]>, stamp: &str) -> Option<Self> {
        let mut bytes = bytes.as_ref().strip_prefix(FORM)?;
        let length = count(&mut bytes)?;
        let (head, body) = bytes.split_at_checked(length)?;
        let head = unpacked(head)?;
        let mut head = head.as_slice();
        if text(&mut head)? != stamp {
            return None;
        }
        let texts = count(&mut head)?;
        let texts: Vec<String> = (0..texts)
            .map_while(|_| text(&mut head).map(str::to_owned))
            .collect();
        let body = unpacked(body)?;
        let mut counts = body.as_slice();
        let (days, months, hotspots) = (
            count(&mut counts)?,
            count(&mut counts)?,
            count(&mut counts)?,
        );
        let cells = days.checked_add(months)?.checked_mul(LEVEL_CELL)?;
        let needed = cells.checked_add(hotspots.checked_mul(HOTSPOT_CELL)?)?;
        if counts.len() != needed || texts.is_empty() {
            return None;
        }
        let mut kept = Self {
            texts,
            body,
            days,
            months,
            hotspots,
            sums: [Vec::new(), Vec::new()],
        };
        kept.sums = [
            kept.added(kept.day_columns())?,
            kept.added(kept.month_columns())?,
        ];
        let names = u32::try_from(kept.texts.len()).ok()?;
        let known = kept
            .hotspots()
            .all(|(names_of, ..)| names_of.iter().all(|name| name.0 < names));
        known.then_some(kept)
    }

    /// What the days come to, by currency.
    pub(super) fn day_sums(&self) -> &[LevelSum] {
        &self.sums[0]
    }

    /// What the months come to, by currency.
    pub(super) fn month_sums(&self) -> &[LevelSum] {
        &self.sums[1]
    }

    pub(super) fn counts(&self) -> (usize, usize) {
        (self.days, self.months)
    }

    fn day_columns(&self) -> Columns<'_> {
        Columns::new(&self.body[3 * 8..][..self.days * LEVEL_CELL], self.days)
    }

    fn month_columns(&self) -> Columns<'_> {
        let from = 3 * 8 + self.days * LEVEL_CELL;
        Columns::new(&self.body[from..][..self.months * LEVEL_CELL], self.months)
    }

    /// Adds up cells; nothing if one of them cannot be.
    fn added(&self, columns: Columns<'_>) -> Option<Vec<LevelSum>> {
        let names = u32::try_from(self.texts.len()).ok()?;
        let mut sums: Vec<LevelSum> = Vec::new();
        let mut at_last = 0;
        let mut last = LastDay::default();
        for at in 0..columns.count {
            let cell = columns.cell(at, &mut last)?;
            if cell.names.iter().any(|name| name.0 >= names) {
                return None;
            }
            if sums
                .get(at_last)
                .is_none_or(|sum| sum.currency != cell.currency)
            {
                let known = sums.iter().position(|sum| sum.currency == cell.currency);
                at_last = known.unwrap_or(sums.len());
            }
            if at_last == sums.len() {
                sums.push(LevelSum {
                    currency: cell.currency,
                    costs: [0; 5],
                    rows: 0,
                });
            }
            let sum = &mut sums[at_last];
            let amounts = cell.amounts;
            let gross = match cell.kind.category {
                Category::Credit => Decimal::ZERO,
                _ => amounts.effective,
            };
            let costs = [
                amounts.billed,
                amounts.effective,
                amounts.listed,
                amounts.contracted,
                gross,
            ];
            for (sum, cost) in sum.costs.iter_mut().zip(costs) {
                *sum = sum.checked_add(cost.units())?;
            }
            sum.rows = sum.rows.checked_add(cell.rows)?;
        }
        Some(sums)
    }

    /// The days, with the names that its texts have elsewhere.
    pub(super) fn days<'k>(
        &'k self,
        key: &'k Key,
        bill: [Name; 2],
        names: &'k [Name],
    ) -> impl Iterator<Item = DayCell> + 'k {
        let columns = self.day_columns();
        let mut last = LastDay::default();
        (0..self.days)
            .filter_map(move |at| columns.cell(at, &mut last))
            .map(move |cell| {
                let [sub_account, credit, owner, service, funding] =
                    cell.names.map(|name| names[name.0 as usize]);
                DayCell {
                    day: cell.day,
                    billed_in: key.period,
                    provider: bill[0],
                    account: bill[1],
                    sub_account,
                    credit,
                    whose: Attribution {
                        owner,
                        service,
                        funding,
                    },
                    kind: cell.kind,
                    currency: cell.currency,
                    amounts: cell.amounts,
                    rows: cell.rows,
                }
            })
    }

    /// The months, likewise.
    pub(super) fn months<'k>(
        &'k self,
        key: &'k Key,
        bill: [Name; 2],
        names: &'k [Name],
    ) -> impl Iterator<Item = MonthCell> + 'k {
        let columns = self.month_columns();
        let mut last = LastDay::default();
        (0..self.months)
            .filter_map(move |at| columns.cell(at, &mut last))
            .map(move |cell| {
                let [sub_account, vendor_service, owner, service, funding] =
                    cell.names.map(|name| names[name.0 as usize]);
                MonthCell {
                    month: Month::of(cell.day),
                    billed_in: key.period,
                    provider: bill[0],
                    account: bill[1],
                    sub_account,
                    vendor_service,
                    whose: Attribution {
                        owner,
                        service,
                        funding,
                    },
                    kind: cell.kind,
                    currency: cell.currency,
                    amounts: cell.amounts,
                    rows: cell.rows,
                }
            })
    }

    /// The names, the currency and the gross cost of each hotspot.
    pub(super) fn hotspots(&self) -> impl Iterator<Item = ([Name; 7], Currency, Decimal)> + '_ {
        let from = 3 * 8 + (self.days + self.months) * LEVEL_CELL;
        self.body[from..]
            .chunks_exact(HOTSPOT_CELL)
            .take(self.hotspots)
            .filter_map(|cell| {
                let mut names = [Name::NONE; 7];
                for (at, name) in names.iter_mut().enumerate() {
                    *name = Name(u32::from_le_bytes(array(cell, at)?));
                }
                let currency = currency(&cell[28..31])?;
                let gross = i128::from_le_bytes(cell[31..].try_into().ok()?);
                Some((names, currency, Decimal::from_units(gross)?))
            })
    }
}

/// The columns of days or months.
#[derive(Debug, Clone, Copy)]
struct Columns<'k> {
    count: usize,
    days: &'k [u8],
    names: [&'k [u8]; 5],
    kinds: &'k [u8],
    currencies: &'k [u8],
    costs: [&'k [u8]; 4],
    rows: &'k [u8],
}

impl<'k> Columns<'k> {
    /// Of bytes that are as long as so many cells.
    fn new(mut bytes: &'k [u8], count: usize) -> Self {
        let mut take = |width: usize| {
            let (column, rest) = bytes.split_at(count * width);
            bytes = rest;
            column
        };
        Self {
            count,
            days: take(4),
            names: [take(4), take(4), take(4), take(4), take(4)],
            kinds: take(2),
            currencies: take(3),
            costs: [take(16), take(16), take(16), take(16)],
            rows: take(8),
        }
    }

    fn cell(&self, at: usize, last: &mut LastDay) -> Option<Level> {
        let mut names = [Name::NONE; 5];
        for (name, column) in names.iter_mut().zip(self.names) {
            *name = Name(u32::from_le_bytes(array(column, at)?));
        }
        let cost = |column| Decimal::from_units(i128::from_le_bytes(array(column, at)?));
        Some(Level {
            day: last.day(i32::from_le_bytes(array(self.days, at)?))?,
            names,
            kind: kind_of(u16::from_le_bytes(array(self.kinds, at)?))?,
            currency: currency(&array::<3>(self.currencies, at)?)?,
            amounts: Amounts {
                billed: cost(self.costs[0])?,
                effective: cost(self.costs[1])?,
                listed: cost(self.costs[2])?,
                contracted: cost(self.costs[3])?,
            },
            rows: u64::from_le_bytes(array(self.rows, at)?),
        })
    }
}

/// The day that was last asked for: cells are sorted by it, and calendars are slow.
#[derive(Debug, Clone, Copy, Default)]
struct LastDay(Option<(i32, Date)>);

impl LastDay {
    fn day(&mut self, number: i32) -> Option<Date> {
        match self.0 {
            Some((known, day)) if known == number => Some(day),
            _ => {
                let day = scan::day_of(number)?;
                self.0 = Some((number, day));
                Some(day)
            }
        }
    }
}

/// One of many numbers of the same width.
fn array<const WIDTH: usize>(column: &[u8], at: usize) -> Option<[u8; WIDTH]> {
    column.get(at * WIDTH..)?.first_chunk().copied()
}

fn currency(code: &[u8]) -> Option<Currency> {
    // Looked for in a list otherwise, for each cell.
    if code == b"USD" {
        return Some(Currency::USD);
    }
    str::from_utf8(code).ok()?.parse().ok()
}

fn count(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    usize::try_from(u64::from_le_bytes(*number)).ok()
}

fn text<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    let length = count(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    str::from_utf8(text).ok()
}
