//! The version for everybody.
//!
//! Sums are taken from a cube that has no account, sub-account, credit, price or resource in it,
//! and in which providers whose prices are private are one with others: what is not there cannot
//! get out. All else is put together from named fields; a field that is new is left out until
//! somebody says otherwise here.

mod cells;
mod means;
mod rows;
mod texts;

use std::collections::BTreeMap;

use base::{Currency, Decimal, Month};

use crate::cells::{Cube, Name};
use crate::outlook::same_provider;
use crate::settings::PublicView;
use texts::Secrets;

/// What providers that are not shown by themselves are called together.
const SEVERAL: &str = "(several providers)";

/// What is kept from everybody.
#[derive(Debug)]
pub(super) struct Veil<'a> {
    view: &'a PublicView,
    /// The providers whose prices are private, and the one that they are put together with.
    private: Vec<String>,
    partner: Option<String>,
    secrets: Secrets,
}

impl<'a> Veil<'a> {
    /// By what `spend.yaml` says and the costs in one currency.
    pub(super) fn of(view: &'a PublicView, cube: &Cube, currency: Currency) -> Self {
        let mut costs: BTreeMap<Name, BTreeMap<Month, Decimal>> = BTreeMap::new();
        for cell in &cube.days {
            let months = costs.entry(cell.provider).or_default();
            if cell.currency != currency {
                continue;
            }
            *months.entry(Month::of(cell.day)).or_default() += cell.gross();
        }
        let is_private = |name: &Name| {
            let text = cube.names.text(*name);
            view.private_prices
                .iter()
                .any(|pattern| pattern.matches(text))
        };
        let (private, open): (Vec<_>, Vec<_>) =
            costs.iter().partition(|(name, _)| is_private(name));
        let total = |months: &BTreeMap<Month, Decimal>| months.values().copied().sum::<Decimal>();
        let hidden: Decimal = private.iter().map(|(_, months)| total(months)).sum();
        let of_private =
            |month: &&Month| private.iter().any(|(_, costs)| costs.contains_key(*month));
        // The best to stand with has costs in the same months, and is at least as large, so that
        // the sum says little of either; of these the smallest, so that little is lost.
        let fitness = |(name, months): &(&Name, &BTreeMap<Month, Decimal>)| {
            let size = total(months);
            let large = size >= hidden;
            let size = if large { -size } else { size };
            let shared = months.keys().filter(of_private).count();
            (
                shared,
                large,
                size,
                std::cmp::Reverse(cube.names.text(**name).to_owned()),
            )
        };
        let partner = open.iter().max_by_key(|one| fitness(&(one.0, one.1)));
        let text = |name: &Name| cube.names.text(*name).to_owned();
        Self {
            view,
            partner: partner
                .filter(|_| !private.is_empty())
                .map(|(name, _)| text(name)),
            private: private.iter().map(|(name, _)| text(name)).collect(),
            secrets: Secrets::of(cube),
        }
    }

    /// Whether a provider is not shown by itself.
    fn hides(&self, provider: &str) -> bool {
        let mut patterns = self.view.private_prices.iter();
        let mut hidden = self.private.iter().chain(&self.partner);
        patterns.any(|pattern| pattern.matches(provider))
            || hidden.any(|name| same_provider(name, provider))
    }

    fn left_out(&self) -> Vec<String> {
        let mut left_out: Vec<String> = [
            "Numbers and names of accounts and sub-accounts.",
            "Resources, and what is priced.",
            "Addresses, and links to plans.",
            "What explains unusual costs, and who looked at them.",
            "What negotiated prices and commitments save.",
            "Credits that no grant explains, and what stays in pools.",
        ]
        .map(str::to_owned)
        .to_vec();
        if !self.private.is_empty() {
            left_out.push(format!(
                "The prices of {} are private: its costs are in the totals, and shown only together with those of {}. \
                 What credits pay is left out, and so are grants, budgets, unusual costs and hotspots of these; what \
                 would be known from who spends nothing elsewhere is put together with others.",
                self.private.join(", "),
                self.partner.as_deref().unwrap_or("no other, as there is none")
            ));
        }
        left_out
    }
}
