//! Which columns a Parquet file has, with structs taken apart.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema};

use crate::Problem;
use crate::import::input::header::Header;

/// Structs deeper than this are kept as JSON.
const DEPTH: usize = 16;

/// A column that is no struct, and how to get to it.
pub(super) struct Leaf {
    /// Its place in the batch, in the struct there, and so on.
    path: Vec<usize>,
}

impl Leaf {
    /// The array it lies in; nothing where a struct around it is null in a row.
    pub(super) fn array<'b>(&self, batch: &'b RecordBatch, row: usize) -> Option<&'b ArrayRef> {
        let (first, rest) = self.path.split_first()?;
        let mut array = batch.columns().get(*first)?;
        for place in rest {
            if array.is_null(row) {
                return None;
            }
            array = array.as_struct().columns().get(*place)?;
        }
        Some(array)
    }
}

/// The columns of a file, whose names go to the header.
pub(super) fn leaves(schema: &Schema, header: &mut Header) -> Result<Vec<Leaf>, Problem> {
    let mut found = Vec::new();
    collect(schema.fields(), "", &[], &mut found);
    header.add_all(found.iter().map(|found| found.name.as_str()), None)?;
    for (place, found) in found.iter().enumerate() {
        header.floats[place] = found.float;
    }
    let leaf = |found: Found| Leaf { path: found.path };
    Ok(found.into_iter().map(leaf).collect())
}

/// The fields with texts as views of what they are read from. Those in lists and maps stay.
pub(super) fn with_views(fields: &Fields) -> Fields {
    let view = |field: &Arc<Field>| {
        let kind = match field.data_type() {
            DataType::Utf8 => DataType::Utf8View,
            DataType::Binary => DataType::BinaryView,
            DataType::Struct(inner) => DataType::Struct(with_views(inner)),
            _ => return field.clone(),
        };
        Arc::new(field.as_ref().clone().with_data_type(kind))
    };
    fields.iter().map(view).collect()
}

struct Found {
    name: String,
    path: Vec<usize>,
    float: bool,
}

fn collect(fields: &Fields, above: &str, path: &[usize], found: &mut Vec<Found>) {
    for (place, field) in fields.iter().enumerate() {
        let name = if above.is_empty() {
            field.name().clone()
        } else {
            format!("{above}.{}", field.name())
        };
        let path = [path, &[place]].concat();
        match field.data_type() {
            DataType::Struct(inner) if path.len() < DEPTH => {
                collect(inner, &name, &path, found);
            }
            _ => found.push(Found {
                name,
                path,
                float: is_float(field),
            }),
        }
    }
}

fn is_float(field: &Field) -> bool {
    matches!(
        field.data_type(),
        DataType::Float16 | DataType::Float32 | DataType::Float64
    )
}
