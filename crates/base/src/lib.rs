//! What every floor stands on: where a value was written ([`Span`]), what is
//! wrong with it ([`Diagnostic`]), the page that explains it ([`Code`]), and
//! exact numbers ([`Decimal`]) in [`Currency`]s by [`Month`].
//!
//! This crate must never know what an estate is, nor any file format, network,
//! clock or disk.

mod canonical;
mod currency;
mod decimal;
mod diagnostic;
mod month;
mod source;
mod suggest;

pub use canonical::{Digest, NotADigest, canonical, canonical_within};
pub use currency::{Currency, NotACurrency};
pub use decimal::{Decimal, NotADecimal, Portions, Rounded};
pub use diagnostic::{Code, Diagnostic, HouseRule, Label, Severity};
pub use month::{Month, NotAMonth};
pub use source::{FileId, Position, SourceFile, SourceMap, Span, Spanned};
pub use suggest::{article, counted, nearest, visible};
