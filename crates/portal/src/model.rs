//! What is shown, as plain data.

mod audience;
mod collection;
mod form;
mod page;
mod value;

pub use audience::{Audience, Identity, Private, Reader};
pub use collection::{Collection, Column, ColumnKind, Feed, Filter, Listing, Row, Table};
pub use form::{Field, FieldKind, Form};
pub use page::{Card, Entry, Fact, Page, Part, Picture, Section, Step, StepState};
pub use value::{Cell, Link, Mood, Source, Value};
