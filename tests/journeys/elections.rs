//! Elections through the program: counted, held, voted in, published.

#[path = "elections/candidates.rs"]
mod candidates;
#[path = "elections/counted.rs"]
mod counted;
#[path = "elections/files.rs"]
mod files;
#[path = "elections/pinned.rs"]
mod pinned;
#[path = "elections/refused.rs"]
mod refused;
#[path = "elections/seated.rs"]
mod seated;
#[path = "elections/setting.rs"]
pub(crate) mod setting;
#[path = "elections/voted.rs"]
mod voted;
