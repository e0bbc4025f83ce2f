//! The arguments of `commonhold serve` and `commonhold site`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use portal::serve::Network;

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The estate's folder, the same as -C; with --git, its folder in the repository
    #[arg(value_name = "ESTATE")]
    pub(crate) folder: Option<PathBuf>,

    /// Where to listen, unless systemd hands over a socket
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,

    /// Where it is reached from outside; otherwise what `portal.yaml` says, or where it listens
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// Follow a branch of this Git repository instead of a folder
    #[arg(long, value_name = "URL", requires = "state")]
    pub(crate) git: Option<String>,

    /// The branch to follow; otherwise the one that the repository names
    #[arg(long, value_name = "NAME", requires = "git")]
    pub(crate) branch: Option<String>,

    /// How often to ask the repository for a newer commit
    #[arg(long, default_value = "30s", value_name = "TIME", value_parser = time, requires = "git")]
    pub(crate) every: Duration,

    /// A folder for the clone of the repository, and for the store unless --store names another
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,

    /// Where sessions are kept: `sqlite:FILE` or `postgres://...`; otherwise `COMMONHOLD_PORTAL_STORE`, or a file in
    /// `.commonhold/` of the estate. A URL with a password belongs into the variable
    #[arg(long, value_name = "URL")]
    pub(crate) store: Option<String>,

    /// Only show: nobody can sign in or do anything, and nothing is kept
    #[arg(long)]
    pub(crate) read_only: bool,

    /// The SSH key with which the front desk puts what people ask for before those who decide; a robot of the estate lists it
    #[arg(long, value_name = "FILE")]
    pub(crate) desk_key: Option<PathBuf>,

    /// Apply what was asked for at the front desk here, once it is merged
    #[arg(long)]
    pub(crate) apply: bool,

    /// How to tell of requests and of newer states on standard error
    #[arg(long, value_enum, default_value_t = LogForm::Text, value_name = "FORM")]
    pub(crate) log: LogForm,

    /// A proxy, or a network of proxies, whose X-Forwarded-For and X-Forwarded-Proto are believed
    #[arg(long, value_name = "ADDRESS[/BITS]")]
    pub(crate) trust_proxy: Vec<Network>,

    /// How many acts a minute one client may try; 0 for any number
    #[arg(long, default_value_t = 120, value_name = "NUMBER")]
    pub(crate) acts_a_minute: u32,

    /// Let webhooks go to this machine and its networks, and not to public addresses alone
    #[arg(long)]
    pub(crate) webhooks_anywhere: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogForm {
    /// Lines of words
    Text,
    /// Lines of JSON
    Json,
    /// Nothing
    Off,
}

#[derive(Debug, Args)]
pub(crate) struct SiteArguments {
    /// The folder to write; it must be empty, not be there, or be of an earlier `commonhold site`
    #[arg(value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Where the site is going to be, for feeds and for search engines
    #[arg(long, value_name = "URL", value_parser = site_url)]
    pub(crate) url: Option<String>,
}

fn site_url(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"));
    let odd = |letter: char| letter.is_whitespace() || "?#@<>\"'".contains(letter);
    rest.filter(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(odd))
        .map(|_| text.to_owned())
        .ok_or_else(|| "write a URL like https://infra.example.org".to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    let read = text.parse::<SignedDuration>().ok();
    let read = read.and_then(|read| Duration::try_from(read).ok());
    read.filter(|read| *read >= Duration::from_secs(1))
        .ok_or_else(|| "write a time of a second or more like 30s, 5m or 1h".to_owned())
}
