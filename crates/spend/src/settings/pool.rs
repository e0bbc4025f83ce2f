//! What is used together, as it is written.

use base::{Decimal, Month, Spanned};
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Map, Node, Shape, Value, choice, record};

record! {
    /// What several use together, and how it is shared out among them.
    pub struct SharedPool {
        /// What rules call it, `pool: NAME`; in reports it is the owner `pool/NAME`.
        pub name: Spanned<String>,
        /// By what it is shared out.
        pub by: Sharing,
        /// The owners who bear it, groups or `pool/NAME`: evenly, or in proportion to their own costs, where all who have some
        /// bear it if nobody is named.
        pub to: Vec<Spanned<String>>,
        /// What part each owner bears, groups or `pool/NAME`: percentages that make 100; or numbers that all are below 1 and
        /// make 1; or any other numbers, of which the proportions count.
        pub weights: Map<Spanned<Weight>>,
        /// The driver whose quantities say who used how much.
        pub driver: Option<Spanned<String>>,
        /// The first month of which it is shared out so; a pool may stand several times, for one time after another.
        pub from: Option<Month>,
        /// The first month of which it is not shared out so any more.
        pub until: Option<Spanned<Month>>,
    }
}

impl SharedPool {
    /// Whether this is how the pool is shared out in a month.
    pub fn holds_in(&self, month: Month) -> bool {
        self.from.is_none_or(|from| from <= month)
            && self.until.is_none_or(|until| month < until.value)
    }
}

choice! {
    /// By what a pool is shared out.
    pub enum Sharing {
        /// The same for each.
        Even = "even",
        /// By fixed weights.
        Weights = "weights",
        /// In proportion to what each costs by itself: the gross cost of the same month and currency.
        Proportional = "proportional",
        /// In proportion to what each used in the month, by a driver.
        Usage = "usage",
    }
}

/// What part of a pool somebody bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// The number.
    pub value: Decimal,
    /// Whether it is of a hundred.
    pub percent: bool,
}

impl Serialize for Weight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sign = if self.percent { "%" } else { "" };
        serializer.collect_str(&format_args!("{}{sign}", self.value))
    }
}

impl FromYaml for Weight {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let percent = node.text().and_then(|text| text.strip_suffix('%'));
        let Some(number) = percent else {
            let value = Decimal::from_yaml(node, cx)?;
            return Some(Self {
                value,
                percent: false,
            });
        };
        let text = number.trim_end().to_owned();
        // Quotes say nothing about a number, but without them `08%` is one to nobody else.
        let bare = Node {
            value: Value::Scalar { text, plain: false },
            span: node.span,
        };
        let value = Decimal::from_yaml(&bare, cx)?;
        Some(Self {
            value,
            percent: true,
        })
    }

    fn shape() -> Shape {
        let percent = Shape::Form {
            name: "a percentage, such as `70%`",
            pattern: "^[0-9.]+ ?%$",
        };
        Shape::Either(vec![Shape::Number, percent])
    }
}

record! {
    /// A file of how much each owner used of something.
    pub struct UsageDriver {
        /// What pools and quotas call it.
        pub name: Spanned<String>,
        /// A CSV file below the estate with the columns `date` (a day) or `month`, `owner`, `quantity`, and `service` if it says
        /// what for.
        pub file: Spanned<String>,
        /// What is counted, for example `minutes`.
        pub unit: String,
    }
}
