//! Where a ledger is, written without its password.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use postgres::Config;
use postgres::config::{Host, SslMode};

use crate::LedgerError;

const SQLITE: &str = "sqlite:";
const POSTGRES: [&str; 2] = ["postgres://", "postgresql://"];

/// The place of a ledger, or of anything else that is kept in one of the two databases. Its `Display` holds no secret.
pub enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// A database of a server; the password is in the `Config` only.
    Postgres(Box<Config>),
}

impl Location {
    /// Reads `sqlite:PATH`, `postgres://USER:PASSWORD@HOST:PORT/DATABASE` or a path.
    ///
    /// # Errors
    /// `Location`, with what is wrong; it quotes nothing that may be a password.
    pub fn parse(url: &str) -> Result<Self, LedgerError> {
        if POSTGRES.iter().any(|scheme| url.starts_with(scheme)) {
            return postgres(url);
        }
        let path = url.strip_prefix(SQLITE).unwrap_or(url);
        if let Some((scheme, _)) = path.split_once("://") {
            return wrong(format!(
                "`{}` is no scheme of one: write `sqlite:PATH` or `postgres://USER@HOST/DATABASE`",
                scheme.escape_debug()
            ));
        }
        if path.is_empty() {
            return wrong("the path is empty");
        }
        // SQLite reads more into `:memory:` and `file:`; in an absolute path it does not.
        match std::path::absolute(path) {
            Ok(path) => Ok(Self::Sqlite(path)),
            Err(error) => wrong(format!("the path `{path}`: {error}")),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(config) => {
                f.write_str(POSTGRES[0])?;
                if let Some(user) = config.get_user() {
                    write!(f, "{user}@")?;
                }
                let hosts = config.get_hosts().iter().map(host_text);
                f.write_str(&hosts.collect::<Vec<_>>().join(","))?;
                if let [port] = config.get_ports() {
                    write!(f, ":{port}")?;
                }
                write!(f, "/{}", config.get_dbname().unwrap_or_default())
            }
        }
    }
}

/// An unread URL could show its password in what is said of it, so nothing is quoted here.
fn postgres(url: &str) -> Result<Location, LedgerError> {
    if url.matches('@').count() > 1 {
        return wrong(
            "the PostgreSQL URL has more than one `@`: write one in a password as `%40`, \
             and one in an option so too",
        );
    }
    if ["sslmode=verify-ca", "sslmode=verify-full"]
        .iter()
        .any(|mode| url.contains(mode))
    {
        return no_tls();
    }
    let Ok(config) = url.parse::<Config>() else {
        return wrong(
            "the PostgreSQL URL cannot be read: write \
             `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `%` and two hexadecimal digits \
             for special characters in a password",
        );
    };
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return wrong("the PostgreSQL URL names no host");
    }
    match config.get_ssl_mode() {
        SslMode::Disable => {}
        SslMode::Require => return no_tls(),
        _ if stays_here(&config) => {}
        _ => {
            return wrong(
                "the PostgreSQL server is on another machine, and we speak to it without TLS: \
                 add `?sslmode=disable` if the network between is trusted, or reach it through \
                 a TLS tunnel on this machine",
            );
        }
    }
    Ok(Location::Postgres(Box::new(config)))
}

fn no_tls() -> Result<Location, LedgerError> {
    wrong(
        "the PostgreSQL URL asks for TLS, which this program does not speak: reach the server \
         through a TLS tunnel on this machine, or write `sslmode=disable` on a trusted network",
    )
}

/// Whether the password never leaves this machine.
fn stays_here(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
        Host::Unix(_) => true,
    })
}

fn host_text(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => Path::display(path).to_string(),
    }
}

fn wrong<T>(what: impl Into<String>) -> Result<T, LedgerError> {
    let what = what.into();
    Err(LedgerError::Location { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        match Location::parse(url) {
            Ok(location) => location.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_place_is_shown_without_its_password() {
        assert_eq!(
            shown("postgres://ada:hush@127.0.0.1:5433/records"),
            "postgres://ada@127.0.0.1:5433/records"
        );
        assert_eq!(shown("sqlite:/a/b.db"), "sqlite:/a/b.db");
        assert_eq!(shown("/a/b.db"), "sqlite:/a/b.db");
        assert!(shown(":memory:").ends_with("/:memory:"));
    }

    #[test]
    fn a_wrong_url_never_shows_its_password() {
        for url in [
            "postgres://ada:hu@sh@127.0.0.1/records",
            "postgres://ada:hu@sh/x@127.0.0.1/records",
            "postgres://ada:hush@127.0.0.1:port/records",
            "postgres://ada:hush@127.0.0.1/records?hush",
            "postgres://ada:hush@db.example/records",
            "postgres://ada:hush@127.0.0.1/records?sslmode=require",
            "postgres://ada:hush@127.0.0.1/records?sslmode=verify-full",
            "postgres://ada:hush",
            "mysql://ada:hush@127.0.0.1/records",
        ] {
            let Err(error) = Location::parse(url) else {
                panic!("{url} is no place");
            };
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hu@") && !shown.contains("hush"), "{shown}");
        }
    }

    #[test]
    fn without_tls_only_this_machine_or_a_network_that_is_called_trusted() {
        assert!(shown("postgres://db.example/records").contains("sslmode=disable"));
        assert!(Location::parse("postgres://db.example/records?sslmode=disable").is_ok());
        assert!(Location::parse("postgres://localhost/records").is_ok());
        assert!(Location::parse("postgres://[::1]/records").is_ok());
        assert!(Location::parse("postgres:///records?host=/run/postgresql").is_ok());
        assert!(shown("postgres://localhost/x?sslmode=require").contains("asks for TLS"));
    }
}
