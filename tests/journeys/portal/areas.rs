//! What the pages of each area say.
