//! The content as the portal asks for it.

use portal::model::Listing;
use portal::{AsOf, Content, Found, Reader, Stamp};

use super::beside::{Beside, OVERVIEWS};
use super::shown::Known;
use super::{
    access, calendar, changes, decisions, elections, employers, findings, groups, home, jobs,
    ledger, migration, people, services, shows, spend, wiring, zones,
};

/// One state of an estate, ready to be shown.
pub(crate) struct Shown {
    stamp: Stamp,
    listings: Vec<Listing>,
    beside: Beside,
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
        let mut listings: Vec<Listing> = listings.into_iter().flatten().collect();
        Self {
            stamp,
            beside: Beside::of(&mut listings),
            listings,
            known,
        }
    }

    /// What it is made of.
    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// Makes what is kept with the state once it is asked for, so that nobody waits for it who asks first.
    pub(crate) fn warm(&self) {
        let (anybody, now) = (Reader::anybody(), AsOf::new(self.stamp.read));
        for (_, path, _) in OVERVIEWS {
            self.page(path, &anybody, &now);
        }
        self.page("/", &anybody, &now);
    }

    fn found(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        let known = &self.known;
        let (area, rest) = path
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or((path.trim_start_matches('/'), ""));
        match area {
            "" => home::page(known, &self.stamp, reader, now),
            "services" => services::page(known, rest, now),
            "groups" => groups::page(known, rest),
            "people" => people::page(known, rest, now),
            "wiring" => wiring::page(known, rest),
            "findings" => findings::page(known, rest),
            "changes" => changes::page(known, rest, reader),
            "decisions" => decisions::page(known, rest, reader),
            "elections" => elections::page(known, rest, reader, now),
            "access" | "teams" | "mailing-groups" => access::page(known, area, rest),
            "spend" | "budgets" | "credits" => spend::page(known, area, rest),
            "migration" | "migrations" => migration::page(known, area, rest),
            "zones" => zones::page(known, rest),
            "jobs" => jobs::page(known, rest),
            "calendar" => calendar::page(known, rest),
            "ledger" | "records" => ledger::page(known, area, rest),
            _ => Found::Nothing,
        }
    }
}

impl Content for Shown {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }

    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        let mut found = self.found(path, reader, now);
        if let Found::Page(page) = &mut found {
            self.beside.add(page);
            if self.stamp.only_shows {
                shows::only(page);
            }
        }
        found
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
