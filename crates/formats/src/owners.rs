//! Placeholder.
use estate::{Draft, Source, Tree};
/// x
pub static ADAPTER: crate::Adapter = crate::Adapter { name: "owners", about: "", adopt, detect: |_| Vec::new() };
fn adopt(_: &Source, _: &dyn Tree, _: &mut Draft) {}
