//! The arguments of `commonhold serve` and `commonhold site`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The estate's folder; the same as -C
    #[arg(value_name = "ESTATE")]
    pub(crate) folder: Option<PathBuf>,

    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,

    /// Where it is reached from outside; otherwise where it listens
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}
