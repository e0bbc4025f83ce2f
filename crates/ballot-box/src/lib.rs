//! Ballots, kept so that nobody can vote twice, late or for another.
