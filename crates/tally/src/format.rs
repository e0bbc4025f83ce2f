//! Files of ballots.
