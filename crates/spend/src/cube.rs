//! Sums of charges by day and by month.
