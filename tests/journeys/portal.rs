//! The portal, as its readers and programs meet it.

#[path = "portal/acting.rs"]
mod acting;
#[path = "portal/affairs.rs"]
mod affairs;
#[path = "portal/api.rs"]
mod api;
#[path = "portal/areas.rs"]
mod areas;
#[path = "portal/areas_b.rs"]
mod areas_b;
#[path = "portal/browser.rs"]
mod browser;
#[path = "portal/deployed.rs"]
mod deployed;
#[path = "portal/desk.rs"]
mod desk;
#[path = "portal/killed.rs"]
mod killed;
#[path = "portal/links.rs"]
mod links;
#[path = "portal/replicas.rs"]
mod replicas;
#[path = "portal/server.rs"]
pub(crate) mod server;
#[path = "portal/serving.rs"]
mod serving;
#[path = "portal/sign_in.rs"]
mod sign_in;
