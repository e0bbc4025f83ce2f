//! What all areas share.

use base::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use portal::model::{Link, Source};

use super::affairs::Affairs;
use crate::files::DiskTree;
use crate::project::Checked;

/// All that pages are made of.
pub(crate) struct Known {
    pub(crate) checked: Checked,
    pub(crate) tree: DiskTree,
    /// The day it is all about.
    pub(crate) day: Date,
    /// When it was read.
    pub(crate) at: Timestamp,
    /// What lies in decisions, ledger, plans and ballot boxes.
    pub(crate) affairs: Affairs,
}

impl Known {
    /// Where something is said.
    pub(crate) fn source(&self, span: Span) -> Option<Source> {
        let sources = &self.checked.estate.sources;
        let file = sources.file(span.file);
        Some(Source {
            path: file.path.clone(),
            line: sources.position(span).line,
        })
    }
}

/// A link to the page of something of a collection.
pub(crate) fn to(collection: &str, key: &str) -> String {
    format!("/{collection}/{key}")
}

/// A link to it, under its name.
pub(crate) fn link(collection: &str, key: &str) -> Link {
    Link::new(key, to(collection, key))
}
