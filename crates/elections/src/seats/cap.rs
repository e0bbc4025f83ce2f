//! How many seats the people of one employer may hold.

use std::fmt;

use charter::{Count, Share};
use estate::Period;
use serde::Serialize;
use yaml::{Decoding, Entries, Field, FromYaml, Node, Record, Shape, choice};

choice! {
    /// How a share of the seats is compared. It is always written: a third of six
    /// seats is two where exactly a third is allowed, and one where it is not.
    pub enum CapRelation {
        /// Exactly the share is allowed.
        AtMost = "<=",
        /// Exactly the share is too much.
        LessThan = "<",
    }
}

/// How many seats of a body the people of one employer may hold, at least one.
///
/// Written `{fraction: 1/3, relation: "<=", of: 7}` or `{number: 2}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    limit: Limit,
    /// How long people of one employer who are too many may choose among themselves who
    /// steps aside, before the lowest placed is left out; at once if not said.
    pub choose_window: Option<Period>,
    /// How long members may take to step back when one of them changes the employer
    /// and they become too many; at once if not said.
    pub grace: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Share {
        fraction: Share,
        relation: CapRelation,
        of: Count,
    },
    Number {
        number: Count,
        of: Option<Count>,
    },
}

/// A cap under which nobody who has an employer could sit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{relation} {fraction} of {of} seats is no seat at all")]
pub struct NobodyFits {
    /// The share.
    pub fraction: Share,
    /// How it is compared.
    pub relation: CapRelation,
    /// Of how many seats.
    pub of: u32,
}

impl Cap {
    /// A share of the seats of a body, vacant ones among them.
    ///
    /// # Errors
    /// The share is less than one seat.
    pub fn share(fraction: Share, relation: CapRelation, of: Count) -> Result<Self, NobodyFits> {
        let limit = Limit::Share {
            fraction,
            relation,
            of,
        };
        if limit.most() == 0 {
            let of = of.get();
            return Err(NobodyFits {
                fraction,
                relation,
                of,
            });
        }
        Ok(Self::from(limit))
    }

    /// A number of seats, whatever the size of the body.
    pub fn number(number: Count) -> Self {
        Self::from(Limit::Number { number, of: None })
    }

    /// The most seats that one employer may hold.
    pub fn most(&self) -> u32 {
        self.limit.most()
    }

    /// The size of the body that the cap is written for, if it says.
    pub fn of(&self) -> Option<u32> {
        match self.limit {
            Limit::Share { of, .. } => Some(of.get()),
            Limit::Number { of, .. } => of.map(Count::get),
        }
    }
}

impl From<Limit> for Cap {
    fn from(limit: Limit) -> Self {
        Self {
            limit,
            choose_window: None,
            grace: None,
        }
    }
}

impl Limit {
    fn most(self) -> u32 {
        let (fraction, relation, of) = match self {
            Self::Number { number, .. } => return number.get(),
            Self::Share {
                fraction,
                relation,
                of,
            } => (fraction, relation, of),
        };
        let seats = u64::from(fraction.numerator) * u64::from(of.get());
        let below = u64::from(fraction.denominator);
        let most = match relation {
            CapRelation::AtMost => seats / below,
            CapRelation::LessThan => seats.div_ceil(below).saturating_sub(1),
        };
        // A share is at most one whole, so that this is never more than `of`.
        u32::try_from(most).unwrap_or(u32::MAX)
    }
}

impl fmt::Display for Cap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = self.most();
        match self.limit {
            Limit::Number { of: None, .. } => write!(f, "{most}"),
            Limit::Number { of: Some(of), .. } => write!(f, "{most} of {}", of.get()),
            Limit::Share {
                fraction,
                relation,
                of,
            } => write!(f, "{most} of {} ({relation} {fraction})", of.get()),
        }
    }
}

impl Serialize for Cap {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        match &self.limit {
            Limit::Share {
                fraction,
                relation,
                of,
            } => {
                map.serialize_entry("fraction", fraction)?;
                map.serialize_entry("relation", relation)?;
                map.serialize_entry("of", of)?;
            }
            Limit::Number { number, of } => {
                map.serialize_entry("number", number)?;
                if let Some(of) = of {
                    map.serialize_entry("of", of)?;
                }
            }
        }
        if let Some(window) = &self.choose_window {
            map.serialize_entry("choose_window", window)?;
        }
        if let Some(grace) = &self.grace {
            map.serialize_entry("grace", grace)?;
        }
        map.end()
    }
}

impl FromYaml for Cap {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        const KEYS: &[&str] = &[
            "fraction",
            "relation",
            "of",
            "number",
            "choose_window",
            "grace",
        ];
        let entries = Entries::open(node, KEYS, cx)?;
        let choose_window = entries.read("choose_window", cx)?;
        let grace = entries.read("grace", cx)?;
        let limit = match (node.get("fraction"), node.get("number")) {
            (Some(_), None) => read_share(node, &entries, cx),
            (None, Some(_)) => read_number(node, &entries, cx),
            (None, None) => cx.bad_value(
                node.span,
                "the cap does not say how many seats",
                "write a share such as {fraction: 1/3, relation: \"<=\", of: 7}, or {number: 2}",
            ),
            (Some(_), Some(number)) => cx.bad_value(
                number.span,
                "the cap is a fraction and a number at once",
                "keep one of `fraction` and `number`",
            ),
        }?;
        Some(Self {
            limit,
            choose_window,
            grace,
        })
    }

    fn shape() -> Shape {
        Shape::Record(Record {
            name: "Cap",
            doc: "How many seats of a body the people of one employer may hold.\n",
            fields,
        })
    }
}

/// The keys, none of which is required by itself: a fraction or a number is.
fn fields() -> Vec<Field> {
    let field = |key, doc, shape| Field {
        key,
        doc,
        required: false,
        default: None,
        shape,
    };
    vec![
        field(
            "fraction",
            "A share of the seats; `relation` and `of` go with it.\n",
            Share::shape(),
        ),
        field(
            "relation",
            "How the fraction is compared; required with a fraction.\n",
            CapRelation::shape(),
        ),
        field(
            "of",
            "How many seats the body has, vacant ones among them; required with a fraction.\n",
            Count::shape(),
        ),
        field(
            "number",
            "How many seats, instead of a fraction.\n",
            Count::shape(),
        ),
        field(
            "choose_window",
            "How long people of one employer who are too many may choose among themselves who \
             steps aside, before the lowest placed is left out; at once if not said.\n",
            Period::shape(),
        ),
        field(
            "grace",
            "How long members may take to step back when one of them changes the employer and \
             they become too many; at once if not said.\n",
            Period::shape(),
        ),
    ]
}

fn read_share(node: &Node, entries: &Entries<'_>, cx: &mut Decoding) -> Option<Limit> {
    let fraction = entries.read::<Share>("fraction", cx);
    let relation = match node.get("relation") {
        Some(_) => entries.read::<CapRelation>("relation", cx),
        None => cx.bad_value(
            node.span,
            "the cap does not say whether exactly the fraction is allowed",
            "add relation: \"<=\" if it is, or relation: \"<\" if it is too much",
        ),
    };
    let of = entries.read::<Count>("of", cx);
    let limit = Limit::Share {
        fraction: fraction?,
        relation: relation?,
        of: of?,
    };
    if limit.most() == 0 {
        let message = "under this cap nobody who has an employer may sit";
        let help = "the fraction is less than one seat: raise it, or write {number: 1}";
        return cx.bad_value(node.span, message, help);
    }
    Some(limit)
}

fn read_number(node: &Node, entries: &Entries<'_>, cx: &mut Decoding) -> Option<Limit> {
    if let Some(relation) = node.get("relation") {
        return cx.bad_value(
            relation.span,
            "a relation goes with a fraction, not with a number",
            "remove `relation`: the number itself is allowed",
        );
    }
    let number = entries.read::<Count>("number", cx);
    let of = entries.read::<Option<Count>>("of", cx)?;
    let number = number?;
    Some(Limit::Number { number, of })
}
