//! The crate as others see it.
