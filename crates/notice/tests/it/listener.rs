//! A server that says what a test wants it to, once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// A header's value; its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A listener at a loopback port, on a thread that serves one connection.
pub(crate) struct Listener<T> {
    pub(crate) port: u16,
    thread: JoinHandle<T>,
}

impl<T: Send + 'static> Listener<T> {
    pub(crate) fn serving(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || serve(listener.accept().unwrap().0));
        Self { port, thread }
    }

    /// What the connection came to.
    pub(crate) fn heard(self) -> T {
        self.thread.join().unwrap()
    }
}

impl Listener<Request> {
    /// Answers one HTTP request with these octets.
    pub(crate) fn answering(answer: &'static str) -> Self {
        Self::serving(move |stream| {
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
            }
            let mut request = Request {
                head,
                body: String::new(),
            };
            let length: usize = request.header("content-length").unwrap().parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            request.body = String::from_utf8(body).unwrap();
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
            request
        })
    }
}

/// Reads until the other side hangs up.
pub(crate) fn drain(mut stream: TcpStream) {
    let mut rest = Vec::new();
    // A reset is a way to hang up too.
    let _ = stream.read_to_end(&mut rest);
}
