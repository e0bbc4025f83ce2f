//! How the server bears up.
