//! The kinds of findings about spend; each has a page.
