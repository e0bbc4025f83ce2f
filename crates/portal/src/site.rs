//! The same pages as files, for any web host.
