//! The content as the portal asks for it.

use jiff::Timestamp;
use portal::model::Listing;
use portal::{Content, Found, Reader, Stamp};

use super::shown::Known;
use super::{
    access, beside, calendar, changes, decisions, elections, employers, findings, groups, home,
    jobs, ledger, migration, people, services, spend, wiring, zones,
};

/// One state of an estate, ready to be shown.
pub(crate) struct Shown {
    stamp: Stamp,
    listings: Vec<Listing>,
    known: Known,
}

impl Shown {
    pub(crate) fn new(stamp: Stamp, known: Known) -> Self {
        let listings = [
            services::listings(&known),
            groups::listings(&known),
            people::listings(&known),
            wiring::listings(&known),
            findings::listings(&known),
            changes::listings(&known),
            decisions::listings(&known),
            elections::listings(&known),
            access::listings(&known),
            employers::listings(&known),
            spend::listings(&known),
            migration::listings(&known),
            jobs::listings(&known),
            zones::listings(&known),
            calendar::listings(&known),
            ledger::listings(&known),
        ];
        Self {
            stamp,
            listings: beside::linked(listings.into_iter().flatten().collect()),
            known,
        }
    }

    /// What it is made of.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }
}

impl Content for Shown {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }

    fn page(&self, path: &str, reader: &Reader, now: Timestamp) -> Found {
        let known = &self.known;
        let (area, rest) = path
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or((path.trim_start_matches('/'), ""));
        match area {
            "" => home::page(known, &self.stamp, reader, now),
            "services" => services::page(known, rest, now),
            "groups" => groups::page(known, rest, now),
            "people" => people::page(known, rest, now),
            "wiring" => wiring::page(known, rest, now),
            "findings" => findings::page(known, rest, now),
            "changes" => changes::page(known, rest, reader, now),
            "decisions" => decisions::page(known, rest, reader, now),
            "elections" => elections::page(known, rest, reader, now),
            "access" | "teams" | "mailing-groups" => access::page(known, area, rest, now),
            "spend" | "budgets" | "credits" => spend::page(known, area, rest, now),
            "migration" | "migrations" => migration::page(known, area, rest),
            "zones" => zones::page(known, rest),
            "jobs" => jobs::page(known, rest),
            "calendar" => calendar::page(known, rest, now),
            "ledger" | "records" => ledger::page(known, area, rest),
            _ => Found::Nothing,
        }
    }

    fn paths(&self) -> Vec<String> {
        let paths = ["/", "/wiring", "/access", "/spend", "/calendar"];
        let mut paths = paths.map(str::to_owned).to_vec();
        paths.extend(wiring::paths(&self.known));
        paths.extend(findings::paths(&self.known));
        paths.extend(access::paths(&self.known));
        paths.extend(changes::paths(&self.known));
        paths.extend(ledger::paths());
        paths.extend(migration::paths(&self.known));
        paths.extend(calendar::paths(&self.known));
        paths
    }

    fn file(&self, path: &str) -> Option<(&'static str, String)> {
        let affairs =
            || ledger::file(&self.known, path).or_else(|| elections::file(&self.known, path));
        calendar::file(&self.known, path).or_else(affairs)
    }
}
