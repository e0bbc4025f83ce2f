//! The kinds of problems that a file of charges may have; each has a page.
