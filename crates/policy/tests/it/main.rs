//! The face of `policy`: what breaks rules, and what may only become less.

mod baseline;
mod jobs;
mod services;
mod support;
