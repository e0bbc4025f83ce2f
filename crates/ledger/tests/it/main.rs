//! The ledger, by its face: one suite on both engines.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

/// Runs each of these functions on a new, empty place of either engine.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&crate::engine::Engine::sqlite());
            })+
        }

        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(engine) = crate::engine::Engine::postgres() {
                    super::$name(&engine);
                }
            })+
        }
    };
}

mod appending;
mod checkpoints;
mod engine;
mod processes;
mod tampering;
mod transfer;
