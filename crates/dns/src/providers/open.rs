//! The provider for a server that an estate declares.

use estate::Item;
use estate::kinds::{DnsServer, DnsServerKind};

use super::{ReadError, ReadZone, WriteZone, powerdns, rfc2136, route53, zone_files};
use crate::Outside;
use crate::wire::Server;

/// What reads zones from a server.
///
/// # Errors
/// [`ReadError::Setup`]: an address or a secret is missing or of no use.
pub fn reader(
    item: &Item<DnsServer>,
    outside: Outside<'_>,
) -> Result<Box<dyn ReadZone>, ReadError> {
    Ok(match item.value.kind {
        DnsServerKind::Rfc2136 => Box::new(rfc2136::Reader::new(name_server(item, outside)?)),
        DnsServerKind::Powerdns => Box::new(powerdns::Reader::new(powerdns(item, outside)?)),
        DnsServerKind::Route53 => Box::new(route53::Reader::new(route53(item, outside)?)),
        DnsServerKind::ZoneFiles => Box::new(zone_files::Reader::new(zone_files(item, outside)?)),
        DnsServerKind::Other => return Err(setup(item, "servers of its kind are not planned")),
    })
}

/// What changes zones on a server.
///
/// # Errors
/// As [`reader`].
pub fn writer(
    item: &Item<DnsServer>,
    outside: Outside<'_>,
) -> Result<Box<dyn WriteZone>, ReadError> {
    Ok(match item.value.kind {
        DnsServerKind::Rfc2136 => Box::new(rfc2136::Writer::new(
            name_server(item, outside)?,
            item.value.batch,
        )),
        DnsServerKind::Powerdns => Box::new(powerdns::Writer::new(powerdns(item, outside)?)),
        DnsServerKind::Route53 => Box::new(route53::Writer::new(route53(item, outside)?)),
        DnsServerKind::ZoneFiles => Box::new(zone_files::Writer::new(zone_files(item, outside)?)),
        DnsServerKind::Other => return Err(setup(item, "servers of its kind are not planned")),
    })
}

fn name_server(item: &Item<DnsServer>, outside: Outside<'_>) -> Result<Server, ReadError> {
    Server::of(&item.value, outside.secrets, outside.clock)
        .map_err(|failure| setup(item, &failure.to_string()))
}

fn powerdns(item: &Item<DnsServer>, outside: Outside<'_>) -> Result<powerdns::Access, ReadError> {
    powerdns::Access::new(&item.name, address(item)?, &key(item, outside)?)
}

fn route53(item: &Item<DnsServer>, outside: Outside<'_>) -> Result<route53::Access, ReadError> {
    let public = "https://route53.amazonaws.com";
    let url = item
        .value
        .address
        .as_ref()
        .map_or(public, |address| address.value.as_str());
    route53::Access::new(&item.name, url, &key(item, outside)?, outside.clock)
}

fn zone_files(
    item: &Item<DnsServer>,
    outside: Outside<'_>,
) -> Result<zone_files::Access, ReadError> {
    Ok(zone_files::Access {
        server: item.name.clone(),
        folder: outside.folder.join(address(item)?),
    })
}

fn address(item: &Item<DnsServer>) -> Result<&str, ReadError> {
    let address = item.value.address.as_ref();
    address
        .map(|address| address.value.as_str())
        .ok_or_else(|| setup(item, "it has no `address`"))
}

fn key(item: &Item<DnsServer>, outside: Outside<'_>) -> Result<String, ReadError> {
    let secret = item
        .value
        .api_key
        .as_ref()
        .ok_or_else(|| setup(item, "it has no `api_key`"))?;
    let variable = secret.variable();
    (outside.secrets)(variable)
        .ok_or_else(|| setup(item, &format!("the variable {variable} is not set")))
}

fn setup(item: &Item<DnsServer>, what: &str) -> ReadError {
    ReadError::Setup {
        server: item.name.clone(),
        what: what.to_owned(),
    }
}
