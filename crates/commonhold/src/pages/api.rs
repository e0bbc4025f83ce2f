//! The pages about the portal's API: of an estate that has nothing in it, since they are the same for all.

use std::path::PathBuf;
use std::time::Duration;

use estate::{Manifest, MemoryTree};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use portal::model::Listing;
use portal::{Content, Stamp, api};

use crate::files::DiskTree;
use crate::portal::{Affairs, Known, Shown};
use crate::project::{Checked, Project};
use crate::surroundings::Surroundings;

const DAY: Date = date(2026, 1, 1);

/// The reference of the API, as Markdown.
pub fn api_reference() -> String {
    with_collections(api::reference)
}

/// The description of the API for programs, as JSON.
pub fn api_description() -> String {
    with_collections(|listings| format!("{:#}\n", api::description("Example", listings)))
}

fn with_collections(take: impl FnOnce(&[Listing]) -> String + Copy) -> String {
    let manifest = "commonhold: 1\nname: Example\n";
    let files = MemoryTree::default().with(Manifest::FILE, manifest);
    // The manifest is all that reading it could stumble over.
    let Ok(checked) = Checked::read(&files, DAY) else {
        return String::new();
    };
    let surroundings = nowhere();
    let project = Project {
        given: Some(surroundings.folder.clone()),
        day: DAY,
        instant: Some(Timestamp::UNIX_EPOCH),
        surroundings: &surroundings,
    };
    let tree = DiskTree::new(&surroundings.folder, ".");
    let at = Timestamp::UNIX_EPOCH;
    let known = Known::new(&project, tree, checked, Affairs::default(), at);
    take(Shown::new(Stamp::default(), known).listings())
}

/// A place where there is nothing to find.
fn nowhere() -> Surroundings {
    Surroundings {
        arguments: Vec::new(),
        folder: PathBuf::from("an estate that is nowhere"),
        today: DAY,
        clock: || Timestamp::UNIX_EPOCH,
        environment: |_| None,
        patience: Duration::ZERO,
        progress: |_| {},
        terminal: false,
        no_color: true,
        columns: None,
    }
}

#[cfg(test)]
mod tests {
    use portal::api;

    use super::with_collections;

    #[test]
    fn no_collection_stands_where_the_api_has_something_else() {
        let hidden = with_collections(|listings| {
            let said = api::description("Example", listings);
            let ids = listings.iter().map(|listing| listing.of.id);
            let is_there = |id: &&str| {
                said["paths"][format!("/{id}")]["get"]["operationId"] == format!("list-{id}")
            };
            let hidden: Vec<&str> = ids.filter(|id| !is_there(id)).collect();
            assert!(listings.len() > 10, "{}", listings.len());
            hidden.join(", ")
        });
        assert_eq!(hidden, "");
    }
}
