//! What is shown where nothing can be, and a state that is shown although there is a newer one.

use std::sync::Arc;

use portal::model::{Listing, Mood, Page, Part, Section};
use portal::{AsOf, Content, Found, Reader, Stamp};

/// What is shown from the start until the estate can be read for the first time: what keeps it from that.
pub(crate) struct Bare(pub(crate) Stamp);

impl Content for Bare {
    fn stamp(&self) -> &Stamp {
        &self.0
    }

    fn listings(&self) -> &[Listing] {
        &[]
    }

    fn page(&self, path: &str, _: &Reader, _: &AsOf) -> Found {
        if path != "/" {
            return Found::Failed(
                "The estate cannot be read. The home page says what is wrong with it.".to_owned(),
            );
        }
        let mut page = Page::new(Section::Home, "/", "The estate cannot be read");
        "What this portal shows is declared in files, and some of them cannot be read. Once they are mended, everything is here."
            .clone_into(&mut page.summary);
        let what = self.0.trouble.iter().flat_map(|trouble| &trouble.what);
        page.parts = what
            .map(|line| Part::Notice(Mood::Bad, line.clone(), None))
            .collect();
        Found::Page(Box::new(page))
    }

    fn paths(&self) -> Vec<String> {
        vec!["/".to_owned()]
    }

    fn file(&self, _: &str) -> Option<(&'static str, String)> {
        None
    }
}

/// The last good state, with what keeps a newer one from being shown.
pub(crate) struct Troubled {
    pub(crate) good: Arc<dyn Content>,
    pub(crate) stamp: Stamp,
}

impl Content for Troubled {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn listings(&self) -> &[Listing] {
        self.good.listings()
    }

    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        self.good.page(path, reader, now)
    }

    fn paths(&self) -> Vec<String> {
        self.good.paths()
    }

    fn file(&self, path: &str) -> Option<(&'static str, String)> {
        self.good.file(path)
    }
}
