//! The same pages as files, for any web host.

use std::collections::BTreeMap;

/// The files of a site, by the path of what is in them.
#[derive(Debug, Default)]
pub(crate) struct Files(BTreeMap<String, String>);

impl Files {
    /// Where something is, as it is seen from a page; nothing where the site does not have it.
    pub(crate) fn relative(&self, _page: &str, _to: &str) -> Option<String> {
        None
    }
}
