//! What an election is held under.
