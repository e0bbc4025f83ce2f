//! What is shown, as plain data.

mod audience;
mod collection;
mod count;
mod form;
mod page;
mod path;
mod sight;
mod value;

pub use audience::{Audience, Handle, Identity, Private, Reader};
pub use collection::{Collection, Column, ColumnKind, Feed, Filter, Listing, Row, Table};
pub use count::{counted, grouped};
pub use form::{Field, FieldKind, Form};
pub use page::{Card, Entry, Fact, Page, Part, Picture, Section, Step, StepState};
pub use path::{decoded, encoded, to};
pub use sight::seen;
pub use value::{Cell, Link, Mood, Source, Value};
