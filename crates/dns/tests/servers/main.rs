//! Providers against real name servers, which are skipped where a machine has none.

mod answers;
mod cases;
mod fake;
mod powerdns;
mod rfc2136;
mod route53;
mod signatures;
mod zone_files;
