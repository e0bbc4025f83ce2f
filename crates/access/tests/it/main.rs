//! Who may do what, by the face of the crate: on stand-ins made from the vendors' descriptions,
//! and on real servers.

mod adopted;
mod export;
mod github;
mod google;
mod ldap;
mod leaving;
mod mailman;
mod model;
mod planning;
