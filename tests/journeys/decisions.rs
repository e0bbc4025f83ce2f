//! Decisions on texts through the program, with real keys, mail servers and ledgers, from the
//! first draft to the day it holds.

#[path = "decisions/assembly.rs"]
pub(crate) mod assembly;
#[path = "decisions/careless.rs"]
mod careless;
#[path = "decisions/documented.rs"]
mod documented;
#[path = "decisions/keeper.rs"]
mod keeper;
#[path = "decisions/killed.rs"]
mod killed;
#[path = "decisions/later.rs"]
mod later;
#[path = "decisions/recomputed.rs"]
mod recomputed;
#[path = "decisions/rules.rs"]
mod rules;
#[path = "decisions/silence.rs"]
mod silence;
#[path = "decisions/tampered.rs"]
mod tampered;
#[path = "decisions/told.rs"]
mod told;
#[path = "decisions/votes.rs"]
mod votes;
