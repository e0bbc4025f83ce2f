//! The face of `facts`: stores of both kinds, and versions in them.

mod folder;
mod laws;
mod moto;
mod tables;
mod versions;
