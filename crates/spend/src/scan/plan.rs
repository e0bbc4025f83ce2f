//! What a scan has to read and compute, decided once before the first row.

use focus::Column;

use super::filter::{Span, Test};
use super::source::{Holds, Prune, Wanted};
use super::{Cost, Dimension, Scan};

/// What is taken from each value of a column of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Take {
    /// The text.
    Whole,
    /// The value of a tag in it; an empty one is none.
    Tag(String),
    /// The value of a tag in it, as rules see it: an empty one is one.
    Ruled(String),
}

/// A column of texts, as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stream {
    pub(super) wanted: usize,
    pub(super) take: Take,
}

/// Part of whose a charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Owner,
    Service,
    Funding,
}

/// What gives each row one number that it is grouped or chosen by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lane {
    Day,
    Month,
    Billed,
    /// A stream.
    Text(usize),
    /// The first of these streams that has a text.
    First(Vec<usize>),
    /// The description of a credit.
    Credit {
        category: usize,
        description: usize,
    },
    Whose(Part),
}

/// The streams that the rules look at.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) provider: usize,
    pub(super) account: usize,
    pub(super) sub_account: usize,
    pub(super) vendor_service: Option<usize>,
    pub(super) sku: Option<usize>,
    pub(super) resource: Option<usize>,
    /// One a tag.
    pub(super) tags: Vec<usize>,
    pub(super) category: Option<usize>,
}

/// A scan, ready to run.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) wanted: Vec<Wanted>,
    pub(super) prunes: Vec<Prune>,
    pub(super) streams: Vec<Stream>,
    pub(super) lanes: Vec<Lane>,
    /// The lanes of each grouping; the last is the currency's.
    pub(super) groupings: Vec<Vec<usize>>,
    pub(super) filters: Vec<(usize, Test)>,
    pub(super) asked: Option<Asked>,
    /// The columns of the sums, and for each whether credits are left out.
    pub(super) sums: Vec<(usize, bool)>,
    /// The stream of the categories, where credits have to be known.
    pub(super) category: Option<usize>,
    pub(super) charged: Option<usize>,
    pub(super) billed: Option<usize>,
}

impl Plan {
    pub(super) fn of(scan: &Scan<'_>) -> Self {
        let mut plan = Self::default();
        for by in &scan.groupings {
            let mut lanes: Vec<usize> = by.iter().map(|by| plan.lane(by, scan)).collect();
            lanes.push(plan.lane(&Dimension::Currency, scan));
            plan.groupings.push(lanes);
        }
        for filter in &scan.filters {
            let lane = plan.lane(&filter.dimension, scan);
            plan.filters.push((lane, filter.test.clone()));
            plan.prune(&filter.dimension, &filter.test);
        }
        for cost in &scan.costs {
            let gross = *cost == Cost::Gross;
            if gross {
                plan.category = Some(plan.text(Column::ChargeCategory));
            }
            let wanted = plan.want(Wanted::column(cost.column()));
            plan.sums.push((wanted, gross));
        }
        plan
    }

    fn want(&mut self, wanted: Wanted) -> usize {
        place(&mut self.wanted, wanted)
    }

    fn stream(&mut self, wanted: Wanted, take: Take) -> usize {
        let wanted = self.want(wanted);
        place(&mut self.streams, Stream { wanted, take })
    }

    fn text(&mut self, column: Column) -> usize {
        self.stream(Wanted::column(column), Take::Whole)
    }

    fn charged(&mut self) {
        self.charged = Some(self.want(Wanted::column(Column::ChargePeriodStart)));
    }

    fn lane(&mut self, by: &Dimension, scan: &Scan<'_>) -> usize {
        let lane = match by {
            Dimension::Day | Dimension::Month => {
                self.charged();
                if *by == Dimension::Day {
                    Lane::Day
                } else {
                    Lane::Month
                }
            }
            Dimension::BilledMonth => {
                self.billed = Some(self.want(Wanted::column(Column::BillingPeriodStart)));
                Lane::Billed
            }
            Dimension::Owner => self.whose(Part::Owner, scan),
            Dimension::Service => self.whose(Part::Service, scan),
            Dimension::Funding => self.whose(Part::Funding, scan),
            Dimension::Meter => Lane::First(
                [Column::SkuMeter, Column::ChargeDescription, Column::SkuId]
                    .map(|column| self.text(column))
                    .to_vec(),
            ),
            Dimension::Credit => Lane::Credit {
                category: self.text(Column::ChargeCategory),
                description: self.text(Column::ChargeDescription),
            },
            Dimension::Tag(key) => {
                let tags = Wanted::column(Column::Tags);
                Lane::Text(self.stream(tags, Take::Tag(key.clone())))
            }
            Dimension::Extra(name) => {
                let wanted = Wanted {
                    name: name.clone(),
                    holds: Holds::Text,
                    must: false,
                };
                Lane::Text(self.stream(wanted, Take::Whole))
            }
            plain => {
                let column = plain.column().expect("all others are one column");
                Lane::Text(self.text(column))
            }
        };
        place(&mut self.lanes, lane)
    }

    fn whose(&mut self, part: Part, scan: &Scan<'_>) -> Lane {
        if self.asked.is_none() {
            self.charged();
            let looks = scan.ownership.looks();
            let mut when = |looks: bool, column| looks.then(|| self.text(column));
            let (vendor_service, sku, resource, category) = (
                when(looks.vendor_service, Column::ServiceName),
                when(looks.sku, Column::SkuId),
                when(looks.resource, Column::ResourceId),
                when(looks.category, Column::ChargeCategory),
            );
            let keys = scan.ownership.tag_keys().iter();
            let tags = keys.map(|key| {
                let tags = Wanted::column(Column::Tags);
                self.stream(tags, Take::Ruled(key.clone()))
            });
            let tags = tags.collect();
            self.asked = Some(Asked {
                provider: self.text(Column::ProviderName),
                account: self.text(Column::BillingAccountId),
                sub_account: self.text(Column::SubAccountId),
                vendor_service,
                sku,
                resource,
                tags,
                category,
            });
        }
        Lane::Whose(part)
    }

    /// Lets the statistics of a file deny a condition, where they can.
    fn prune(&mut self, by: &Dimension, test: &Test) {
        let Some(column) = by.column().filter(|_| !matches!(by, Dimension::Tag(_))) else {
            return;
        };
        let test = match test {
            // A month that begins within the days has days after them.
            Test::Within(span) if *by != Dimension::Day => Test::Within(Span {
                from: span.from,
                until: span.until.last_of_month(),
            }),
            Test::Within(_) | Test::Is(_) => test.clone(),
            _ => return,
        };
        let wanted = self.want(Wanted::column(column));
        self.prunes.push(Prune { wanted, test });
    }
}

/// The place of an item in a list, at its end if it was not in it.
fn place<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    if let Some(at) = list.iter().position(|known| *known == item) {
        return at;
    }
    list.push(item);
    list.len() - 1
}
