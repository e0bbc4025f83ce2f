//! A server that answers each request over HTTP with the next of the texts a test gives it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

/// The URL of a new server. An empty text is no answer: the request is read, and the connection
/// ends.
pub(crate) fn serve(answers: Vec<String>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().expect("a request");
            let mut reader = BufReader::new(stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a header");
                let line = line.trim_end().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                if line.is_empty() {
                    break;
                }
            }
            reader.read_exact(&mut vec![0; length]).expect("a body");
            reader
                .into_inner()
                .write_all(answer.as_bytes())
                .expect("somebody who reads");
        }
    });
    url
}

/// An answer of this status, with more headers, each ended by a line's end.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Said\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

/// The URL of a port where nothing listens.
pub(crate) fn nobody() -> String {
    format!("http://127.0.0.1:{}", testkit::servers::free_port())
}
