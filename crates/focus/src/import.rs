//! From a vendor's file to charges.
