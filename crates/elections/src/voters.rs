//! Who may vote.
