//! `spend.yaml`: what an estate says of how its money is counted and shared out.

mod alerts;
mod exchange;
mod matching;
mod pool;
pub mod quotas;
mod rule;
mod store_place;
mod windows;

pub use alerts::{AlertSettings, PublicView, Recipient};
pub use exchange::{DeclaredRate, Exchange, RatePolicy};
pub use matching::{ChargeCategory, Lookup, OneOrMore, Pattern, When};
pub use pool::{SharedPool, Sharing, UsageDriver, Weight};
pub use quotas::Quota;
pub use rule::{OwnerRule, RuleOwner, TagOwner};
pub use store_place::StorePlace;
pub use windows::{Acknowledged, EventScope, Planned};

use base::{Currency, Diagnostic, SourceMap, Span, Spanned};
use estate::Tree;
use yaml::{Decoding, FromYaml, Profile, record};

/// What owners of what is used together are called, before their name.
pub const POOL: &str = "pool/";

const USD: Currency = Currency::USD;

record! {
    /// How money is counted: where bills are kept, whose costs are whose, how what is used together is shared out.
    pub struct Settings {
        /// The currency that reports are in, where rates are declared to get there.
        pub currency: Currency = USD,
        /// Where bills are kept: a folder below this file, `env/NAME` for the environment variable that says it, or
        /// `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX`; `.commonhold/spend` if not said.
        pub store: Option<Spanned<StorePlace>>,
        /// How many days after its end a month is closed: its bills change no more, and corrections are new rows.
        pub closed_after_days: u32 = 15,
        /// How many of the last days are not complete yet: nothing is concluded from them.
        pub complete_after_days: u32 = 2,
        /// Whose each charge is: the first rule that it matches says it.
        pub rules: Vec<Spanned<OwnerRule>>,
        /// What is used together, and how it is shared out.
        pub pools: Vec<Spanned<SharedPool>>,
        /// How much each owner uses of something.
        pub drivers: Vec<UsageDriver>,
        /// How amounts get from one currency into another; not at all if not said.
        pub fx: Option<Exchange>,
        /// Times in which an unusual cost is meant.
        pub planned: Vec<Planned>,
        /// Unusual costs that somebody has looked at.
        pub acknowledged: Vec<Spanned<Acknowledged>>,
        /// How much of something a provider lets be used.
        pub quotas: Vec<Quota>,
        /// What the report for everybody leaves out.
        pub public: PublicView = PublicView::default(),
        /// Who is told of what needs doing.
        pub alerts: AlertSettings = AlertSettings::default(),
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            currency: USD,
            store: None,
            closed_after_days: 15,
            complete_after_days: 2,
            rules: Vec::new(),
            pools: Vec::new(),
            drivers: Vec::new(),
            fx: None,
            planned: Vec::new(),
            acknowledged: Vec::new(),
            quotas: Vec::new(),
            public: PublicView::default(),
            alerts: AlertSettings::default(),
        }
    }
}

impl Settings {
    /// The file's path in an estate.
    pub const FILE: &'static str = "spend.yaml";

    /// Reads the file of an estate; what holds without one where there is none. Its text is added
    /// to `sources`, which the findings point into.
    pub fn of(tree: &dyn Tree, sources: &mut SourceMap) -> (Self, Vec<Diagnostic>) {
        let text = match tree.read(Self::FILE) {
            Ok(text) => text,
            Err(refused) if refused.missing => return (Self::default(), Vec::new()),
            Err(refused) => {
                let file = sources.add(tree.display(Self::FILE), String::new());
                let message = format!("{} cannot be read: {}", Self::FILE, refused.reason);
                let finding =
                    Diagnostic::new(&estate::codes::UNREADABLE, Span::start_of(file), message);
                return (Self::default(), vec![finding.help("save it as UTF-8 text")]);
            }
        };
        let file = sources.add(tree.display(Self::FILE), text);
        let text = &sources.file(file).text;
        let (settings, findings) = Decoding::read_text::<Self>(text, file, Profile::NATIVE);
        (settings.unwrap_or_default(), findings)
    }

    /// Where bills are kept.
    pub fn store(&self) -> StorePlace {
        let said = self.store.as_ref().map(|store| store.value.clone());
        said.unwrap_or_default()
    }

    /// The form of the file, for its schema and its page.
    pub fn form() -> yaml::Shape {
        Self::shape()
    }

    /// A driver by its name.
    pub fn driver(&self, name: &str) -> Option<&UsageDriver> {
        self.drivers.iter().find(|driver| driver.name.value == name)
    }
}
