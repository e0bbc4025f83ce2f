//! Sockets that whoever started the program opened for it, and what it tells them.

use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use anyhow::Context;

use crate::surroundings::Surroundings;

/// The sockets that were handed over (`LISTEN_FDS`); none if none were.
pub(crate) fn activated() -> anyhow::Result<Vec<TcpListener>> {
    let handed =
        sd_listen_fds::get().context("LISTEN_FDS and LISTEN_PID are not as they should be")?;
    let listener = |(_, socket)| {
        let handed = TcpListener::from(socket);
        handed
            .local_addr()
            .context("a socket that was handed over is not one for TCP; write `ListenStream=` with an address and a port")?;
        // The copy is closed in the programs that this one starts; what was handed over would be theirs too.
        let own = handed.try_clone()?;
        own.set_nonblocking(true)?;
        Ok(own)
    };
    handed.into_iter().map(listener).collect()
}

/// Tells whoever supervises the program how it is (`NOTIFY_SOCKET`): `READY=1`, `STOPPING=1`.
pub(crate) fn notify(surroundings: &Surroundings, state: &str) {
    let Some(name) = (surroundings.environment)("NOTIFY_SOCKET") else {
        return;
    };
    let to = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&name),
    };
    // A supervisor that does not listen finds out by itself.
    let _ = to.and_then(|to| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &to));
}
