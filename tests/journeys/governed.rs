//! Governed change through the program, on real name servers and ledgers.

#[path = "governed/asked.rs"]
mod asked;
#[path = "governed/community.rs"]
pub(crate) mod community;
#[path = "governed/judged.rs"]
mod judged;
#[path = "governed/killed.rs"]
mod killed;
#[path = "governed/ledgers.rs"]
mod ledgers;
#[path = "governed/nameserver.rs"]
pub(crate) mod nameserver;
#[path = "governed/observer.rs"]
mod observer;
#[path = "governed/refused.rs"]
mod refused;
#[path = "governed/waits.rs"]
mod waits;
