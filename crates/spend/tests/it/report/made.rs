//! A project whose figures are known beforehand, and its report.

use std::collections::BTreeMap;

use base::{Currency, Decimal, Month};
use estate::Estate;
use jiff::civil::{Date, date};
use spend::alerts::{Circumstances, QuotaStanding, facts};
use spend::budgets::Budgets;
use spend::cells::{
    Amounts, Attribution, Category, Commitment, Cube, DayCell, Hotspot, Kind, MonthCell, Pricing,
    UNALLOCATED,
};
use spend::events::Event;
use spend::grants::Grants;
use spend::outlook::{Known, Measure, Outlook, Scope, after};
use spend::pools::Unshared;
use spend::report::{Audience, Inputs, Previous, Report, compose};
use spend::settings::Settings;
use spend::store::{Key, Partition, Snapshot, Status, Totals};
use yaml::{Decoding, Profile};

use crate::bills::{amount, estate};

/// The day of every report here.
pub(crate) const TODAY: Date = date(2026, 11, 21);

/// One line of a bill that comes each day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Daily<'a> {
    pub provider: &'a str,
    pub account: &'a str,
    pub sub_account: &'a str,
    pub service: &'a str,
    pub resource: &'a str,
    pub owner: &'a str,
    pub funding: &'a str,
    pub a_day: &'a str,
    /// What the credit is called that pays for all of it; empty if none does.
    pub credit: &'a str,
    pub from: Date,
}

pub(crate) const GCP: Daily<'static> = Daily {
    provider: "Google Cloud",
    account: "0A1B2C-3D4E5F-A6B7C8",
    sub_account: "prod-artifacts-7731",
    service: "Compute Engine",
    resource: "//compute/instances/secret-vm-1",
    owner: "sig-release",
    funding: "",
    a_day: "2643",
    credit: "",
    from: date(2026, 1, 1),
};

pub(crate) const AWS: Daily<'static> = Daily {
    provider: "AWS",
    account: "123456789012",
    sub_account: "210987654321",
    service: "Amazon EC2",
    resource: "arn:aws:s3:::secret-bucket",
    owner: UNALLOCATED,
    a_day: "1225",
    credit: "Promotional credit",
    ..GCP
};

pub(crate) const FASTLY: Daily<'static> = Daily {
    provider: "Fastly",
    account: "fastly-customer-99",
    sub_account: "",
    service: "CDN",
    resource: "",
    owner: "sig-cdn",
    a_day: "25",
    ..GCP
};

/// The three of the meeting: 74, 34 and 0.7 thousand in 28 days.
pub(crate) const SEED: [Daily<'static>; 3] = [GCP, AWS, FASTLY];

pub(crate) const GRANT: &str = "title: AWS credits 2026\ngiver: Amazon\nprovider: AWS\namount: 489400\n\
    currency: USD\nstart: 2026-01-01\nend: 2027-06-30\nowner: infra\nrenewal: {contact: credits@example.org}\n";

pub(crate) const BUDGET: &str = "title: All of a year\namount: 3000000\ncurrency: USD\nperiod: year\nowner: infra\n\
    thresholds:\n  - {at: 50, action: tell the committee}\n  - {at: 30, action: look at it}\n";

/// All that a report is made from, owned.
pub(crate) struct Made {
    pub estate: Estate,
    pub settings: Settings,
    pub own: Cube,
    pub shared: Cube,
    pub bills: Snapshot,
    pub previous: Option<(Date, Cube, Snapshot)>,
    pub events: Vec<Event>,
    pub quotas: Vec<QuotaStanding>,
    pub unshared: Vec<Unshared>,
    pub notes: Vec<String>,
}

impl Made {
    pub(crate) fn of(lines: &[Daily<'_>]) -> Self {
        let cube = cube(lines, after(TODAY, -3));
        Self {
            estate: estate(&[
                ("grants/aws-2026.yaml", GRANT),
                ("budgets/all.yaml", BUDGET),
            ]),
            settings: Settings::default(),
            shared: cube.clone(),
            bills: snapshot(&cube),
            own: cube,
            previous: None,
            events: Vec::new(),
            quotas: Vec::new(),
            unshared: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(crate) fn seed() -> Self {
        Self::of(&SEED)
    }

    pub(crate) fn settings(mut self, text: &str) -> Self {
        let file = base::SourceMap::default().add("spend.yaml", text.to_owned());
        let (settings, findings) = Decoding::read_text::<Settings>(text, file, Profile::NATIVE);
        assert!(findings.is_empty(), "{findings:#?}");
        self.settings = settings.expect("settings");
        self
    }

    pub(crate) fn report(&self) -> Report {
        self.report_for(Audience::Members)
    }

    pub(crate) fn public(&self) -> Report {
        self.report_for(Audience::Everybody)
    }

    fn report_for(&self, audience: Audience) -> Report {
        let known = Known::of(&self.shared, TODAY, self.settings.complete_after_days);
        let grants = Grants::of(&known, &self.estate);
        let budgets = Budgets::of(&known, &self.estate);
        let everything = Scope::everything();
        let outlook = Outlook::of(&known, &everything, Measure::Gross, self.settings.currency);
        let facts = facts(&Circumstances {
            estate: &self.estate,
            settings: &self.settings,
            today: TODAY,
            budgets: &budgets,
            grants: &grants,
            events: &[],
            unallocated: &[],
            quotas: &self.quotas,
        });
        let previous = self.previous.as_ref();
        compose(&Inputs {
            day: TODAY,
            audience,
            estate: &self.estate,
            settings: &self.settings,
            own: &self.own,
            shared: &self.shared,
            bills: &self.bills,
            outlook: outlook.as_ref(),
            grants: &grants,
            budgets: &budgets,
            facts: &facts,
            events: &self.events,
            quotas: &self.quotas,
            unshared: &self.unshared,
            notes: &self.notes,
            previous: previous.map(|(day, cube, bills)| Previous {
                day: *day,
                cube,
                bills,
            }),
        })
    }
}

pub(crate) fn every_format(report: &Report) -> [(&'static str, String); 5] {
    let parquet = report.parquet().expect("Parquet");
    [
        ("HTML", report.html()),
        ("Markdown", report.markdown()),
        ("CSV", report.csv()),
        ("JSON", report.json().expect("JSON")),
        ("Parquet", String::from_utf8_lossy(&parquet).into_owned()),
    ]
}

/// The lines on each day until one.
pub(crate) fn cube(lines: &[Daily<'_>], until: Date) -> Cube {
    let mut cube = Cube::default();
    for line in lines {
        let cost = amount(line.a_day);
        let mut day = line.from;
        while day <= until {
            charge(&mut cube, line, day, Category::Usage, "", cost);
            if !line.credit.is_empty() {
                charge(&mut cube, line, day, Category::Credit, line.credit, -cost);
            }
            day = after(day, 1);
        }
    }
    cube.days
        .sort_by_key(|cell| (cell.day, cell.billed_in, cell.provider));
    cube
}

pub(crate) fn charge(
    cube: &mut Cube,
    line: &Daily<'_>,
    day: Date,
    category: Category,
    credit: &str,
    cost: Decimal,
) {
    let names = &mut cube.names;
    let month = Month::of(day);
    let cell = DayCell {
        day,
        billed_in: month,
        provider: names.name(line.provider),
        account: names.name(line.account),
        sub_account: names.name(line.sub_account),
        credit: names.name(credit),
        whose: Attribution {
            owner: names.name(line.owner),
            service: names.name(""),
            funding: names.name(line.funding),
        },
        kind: Kind {
            category,
            correction: false,
            pricing: Pricing::Standard,
            commitment: Commitment::None,
        },
        currency: Currency::USD,
        amounts: Amounts {
            billed: cost,
            effective: cost,
            listed: cost + cost,
            contracted: cost,
        },
        rows: 1,
    };
    let service = names.name(line.service);
    let sku = names.name(&format!("secret price of {}", line.service));
    let resource = names.name(line.resource);
    cube.months.push(MonthCell {
        month,
        billed_in: month,
        provider: cell.provider,
        account: cell.account,
        sub_account: cell.sub_account,
        vendor_service: service,
        whose: cell.whose,
        kind: cell.kind,
        currency: cell.currency,
        amounts: cell.amounts,
        rows: 1,
    });
    if category != Category::Credit {
        cube.hotspots.push(Hotspot {
            billed_in: month,
            provider: cell.provider,
            sub_account: cell.sub_account,
            vendor_service: service,
            sku,
            resource,
            whose: cell.whose,
            currency: cell.currency,
            gross: cost,
        });
    }
    cube.days.push(cell);
}

/// The bills that a cube is of.
pub(crate) fn snapshot(cube: &Cube) -> Snapshot {
    let mut bills: BTreeMap<Key, Partition> = BTreeMap::new();
    for cell in &cube.days {
        let key = Key {
            provider: cube.names.text(cell.provider).to_owned(),
            account: cube.names.text(cell.account).to_owned(),
            period: cell.billed_in,
        };
        let bill = bills.entry(key.clone()).or_insert_with(|| Partition {
            key,
            status: Status::Open,
            changed: date(2026, 11, 20),
            parts: Vec::new(),
            totals: Totals::default(),
        });
        bill.totals.rows += 1;
        bill.totals.days.0.insert(cell.day);
    }
    Snapshot {
        partitions: bills.into_values().collect(),
        ..Snapshot::default()
    }
}
