//! One currency from several, by declared rates.
