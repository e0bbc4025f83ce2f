//! Where charges are kept: by provider, account and month, in snapshots.
