//! What a community says of its things, in predicates: which of them break it, and what is let be for now.
