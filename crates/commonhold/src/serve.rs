//! What stands around the pages of the portal: where it listens, and from where what it shows comes.

mod bare;
mod beside;
mod following;
mod listening;
mod reading;
mod remote;
mod waking;

pub(crate) use following::{Following, Wake};
pub(crate) use listening::{activated, notify};
pub(crate) use reading::{Estate, shown_once, worsens};
pub(crate) use remote::{Remote, SLOW};
pub(crate) use waking::Waking;
