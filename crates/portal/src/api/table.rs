//! The table of all that can be asked and done, and what of it a request is.

use std::sync::LazyLock;

use super::operation::Operation;
use super::schema::Names;
use super::{cell, collections, doing, hooks, page, problem, whole};
use crate::model::Listing;

/// What every portal answers, whatever its collections.
static FIXED: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let all = [
        whole::operations(),
        doing::operations(),
        hooks::operations(),
    ];
    all.into_iter().flatten().collect()
});

/// The schemas that every portal names.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::new();
    names.insert("Problem".into(), problem::schema());
    names.insert("Row".into(), cell::of_any_row());
    let known = cell::names().into_iter().chain(page::names());
    let known = known.chain(doing::names()).chain(hooks::names());
    names.extend(known.map(|(name, schema)| (name.into(), schema)));
    names
});

/// The schemas that every portal names.
pub(crate) fn fixed_names() -> &'static Names {
    &NAMES
}

/// All schemas that have names.
pub(crate) fn names(listings: &[Listing]) -> Names {
    let mut names = fixed_names().clone();
    for listing in listings {
        let known = collections::names(listing.of).into_iter();
        names.extend(known.map(|(name, schema)| (name.into(), schema)));
    }
    names
}

/// Gives what can be asked at a path to a function, with what the path says of its parameters.
pub(crate) fn at<T>(
    listings: &[Listing],
    path: &str,
    take: impl FnOnce(&[(&Operation, Vec<(&str, &str)>)]) -> T,
) -> T {
    let fixed = FIXED
        .iter()
        .filter_map(|operation| Some((operation, operation.matches(path)?)));
    let fixed: Vec<_> = fixed.collect();
    // Keys have slashes, so that a path may fit several templates: the one that says most of it counts.
    let said = |operation: &Operation| operation.path.matches('/').count();
    if let Some(most) = fixed.iter().map(|(operation, _)| said(operation)).max() {
        let fixed: Vec<_> = fixed
            .into_iter()
            .filter(|(operation, _)| said(operation) == most)
            .collect();
        return take(&fixed);
    }
    let id = path
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    let Some(listing) = listings.iter().find(|listing| listing.of.id == id) else {
        return take(&[]);
    };
    let of = collections::operations(listing);
    let of = of
        .iter()
        .filter_map(|operation| Some((operation, operation.matches(path)?)));
    take(&of.collect::<Vec<_>>())
}

/// All that can be asked and done, collections in their order behind what every portal answers.
pub(crate) fn all(of: &[Operation]) -> impl Iterator<Item = &Operation> {
    let is_new = |operation: &&Operation| FIXED.iter().all(|known| known.path != operation.path);
    FIXED.iter().chain(of.iter().filter(is_new))
}

/// What can be asked of collections.
pub(crate) fn of_collections(listings: &[Listing]) -> Vec<Operation> {
    listings.iter().flat_map(collections::operations).collect()
}
