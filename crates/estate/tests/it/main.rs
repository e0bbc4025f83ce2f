//! The estate, by its face.

mod graph;
mod identity;
