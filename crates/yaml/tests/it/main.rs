//! The façade, by its face and against PyYAML.

mod pyyaml;
mod records;
