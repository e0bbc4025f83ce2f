//! What is wrong with `spend.yaml` in an estate.
//!
//! How the file is written has been said when it was read ([`Settings::of`]); here is what its
//! parts say about each other and about the estate.

mod circles;
mod pools;
mod rates;
mod rules;
mod watching;

use base::{Diagnostic, SourceMap, Span};
use estate::{Estate, Kind, KindId, Ref, Tree};

use crate::codes;
use crate::pools::Drivers;
use crate::settings::{POOL, Settings};

/// All that is wrong with the settings of an estate, and with the files of usage that they name.
/// Those files are read from the tree, and their texts added to `sources`, which the findings
/// point into.
pub fn check(
    estate: &Estate,
    settings: &Settings,
    tree: &dyn Tree,
    sources: &mut SourceMap,
) -> Vec<Diagnostic> {
    let (drivers, mut findings) = Drivers::read(settings, estate, tree, sources);
    let asked = Asked {
        estate,
        settings,
        drivers: &drivers,
    };
    rules::check(&asked, &mut findings);
    pools::check(&asked, &mut findings);
    circles::check(&asked, &mut findings);
    rates::check(settings, &mut findings);
    watching::check(&asked, &mut findings);
    findings
}

/// What is checked, and what it is checked against.
struct Asked<'a> {
    estate: &'a Estate,
    settings: &'a Settings,
    drivers: &'a Drivers,
}

impl<'a> Asked<'a> {
    /// What is wrong with a reference to an item of the estate.
    fn reference<K: Kind>(&self, named: &Ref<K>) -> Option<Diagnostic> {
        self.item(K::ID, &named.name, named.span)
    }

    fn item(&self, kind: KindId, name: &str, span: Span) -> Option<Diagnostic> {
        let Estate {
            tables,
            address_book,
            ..
        } = self.estate;
        let known = tables.knows(kind, name);
        (!known).then(|| estate::unknown(tables, address_book, kind, name, span))
    }

    /// What is wrong with one who bears a pool: a group or `pool/NAME`.
    fn bearer(&self, text: &str, span: Span) -> Option<Diagnostic> {
        if let Some(pool) = text.strip_prefix(POOL) {
            return self.pool(pool, span);
        }
        let name = text.strip_prefix("group/").unwrap_or(text);
        let unknown = self.item(KindId::Group, name, span)?;
        Some(if self.pools().any(|pool| pool == name) {
            unknown.help(format!("that is a pool: write `{POOL}{name}`"))
        } else {
            unknown
        })
    }

    /// What is wrong with the name of a pool.
    fn pool(&self, name: &str, span: Span) -> Option<Diagnostic> {
        if self.pools().any(|pool| pool == name) {
            return None;
        }
        let plain = name
            .strip_prefix(POOL)
            .filter(|plain| self.pools().any(|pool| pool == *plain));
        let help = match (plain, base::nearest(name, self.pools())) {
            (Some(plain), _) => format!("the kind is plain here: write `{plain}`"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => "declare it under `pools`".to_owned(),
        };
        let message = format!("there is no pool `{name}`");
        Some(Diagnostic::new(&codes::UNKNOWN, span, message).help(help))
    }

    /// What is wrong with the name of a driver.
    fn driver(&self, name: &str, span: Span) -> Option<Diagnostic> {
        if self.settings.driver(name).is_some() {
            return None;
        }
        let names = self
            .settings
            .drivers
            .iter()
            .map(|driver| driver.name.as_str());
        let help = match base::nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it under `drivers`".to_owned(),
        };
        let message = format!("there is no driver `{name}`");
        Some(Diagnostic::new(&codes::UNKNOWN, span, message).help(help))
    }

    fn pools(&self) -> impl Iterator<Item = &'a str> {
        let pools = self.settings.pools.iter();
        pools.map(|pool| pool.value.name.value.as_str())
    }
}
