//! Tells people, and says whether they were told.
