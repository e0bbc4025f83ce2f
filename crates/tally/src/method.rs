//! Methods that compare candidates in pairs, and approval.
