//! The same questions as SQL for other engines.
