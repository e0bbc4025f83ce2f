//! What a failed request means for a zone.

use http_client::Failure;

use crate::providers::{ReadError, WriteError};

/// The error of a failed request to read.
pub(crate) fn reading(failure: Failure, server: &str) -> ReadError {
    let server = server.to_owned();
    let (Failure::Unreachable(what) | Failure::Unanswered(what)) = failure;
    ReadError::Unreachable { server, what }
}

/// The error of a failed request to write.
pub(crate) fn writing(failure: Failure, server: &str) -> WriteError {
    let server = server.to_owned();
    match failure {
        Failure::Unreachable(what) => WriteError::Unreachable { server, what },
        Failure::Unanswered(what) => WriteError::Unknown { server, what },
    }
}

/// The error of a failed reading before a writing: nothing was done yet.
pub(crate) fn before_writing(error: ReadError) -> WriteError {
    match error {
        ReadError::Unreachable { server, what } => WriteError::Unreachable { server, what },
        ReadError::Refused { server, what } => WriteError::Refused { server, what },
        ReadError::NoSuchZone { server, zone } => WriteError::Refused {
            server,
            what: format!("it does not serve {zone}"),
        },
        ReadError::Untrusted { server, what } => WriteError::Unreachable {
            server,
            what: format!("its answer cannot be trusted: {what}"),
        },
        ReadError::Setup { server, what } => WriteError::Setup { server, what },
    }
}
