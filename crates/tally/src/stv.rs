//! Single transferable vote.
