//! Connections: who may open how many, how long they may take, and how they end.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower_service::Service;

use super::house::locked;
use super::proxy::{Network, client};
use super::stall::Stalling;

/// What is kept of the files that a process may open for other things than connections.
const OTHER_FILES: usize = 100;
/// After which time accepting is tried again when the system has no room.
const AGAIN: Duration = Duration::from_millis(100);

/// What connections are allowed.
#[derive(Debug, Clone)]
pub struct Connections {
    /// How many may be open; more wait to be accepted.
    pub most: u32,
    /// How many may be open from one address; more are closed at once. Proxies that are trusted may have any number.
    pub most_of_one: u32,
    /// How long the head of a request may take, and so how long a connection may be idle.
    pub head: Duration,
    /// The longest head of a request, in bytes.
    pub longest_head: usize,
    /// How long who asked may take nothing of what is sent.
    pub stall: Duration,
    /// How long what runs may take when the server ends.
    pub ending: Duration,
    /// Proxies whose word on who asks is believed.
    pub trusted: Vec<Network>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: u32::try_from(files().saturating_sub(OTHER_FILES))
                .unwrap_or(u32::MAX)
                .clamp(64, 10_000),
            most_of_one: 256,
            head: Duration::from_secs(15),
            longest_head: 32 << 10,
            stall: Duration::from_secs(20),
            ending: Duration::from_secs(20),
            trusted: Vec::new(),
        }
    }
}

/// How many files the process may have open; few, where the system does not say.
fn files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    soft.unwrap_or(1_024)
}

/// Listens and answers.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub listeners: Vec<TcpListener>,
    /// What it answers.
    pub router: Router,
    /// What connections are allowed.
    pub connections: Connections,
}

impl Server {
    /// Answers until it is told to end; then it accepts nothing more, and what runs comes to its end. Says how many
    /// connections had to be cut.
    pub async fn run(self, told_to_end: impl Future<Output = ()>) -> u32 {
        let most = self.connections.most;
        let (tell, ending) = watch::channel(false);
        let house = Arc::new(Door {
            router: self.router,
            rules: self.connections,
            room: Arc::new(Semaphore::new(most as usize)),
            open: Mutex::default(),
            ending,
        });
        let accepting: Vec<_> = self
            .listeners
            .into_iter()
            .map(|listener| tokio::spawn(Arc::clone(&house).accept(listener)))
            .collect();
        told_to_end.await;
        let _ = tell.send(true);
        for task in accepting {
            let _ = task.await;
        }
        // All permits are back when all connections are closed.
        let all = tokio::time::timeout(house.rules.ending, house.room.acquire_many(most)).await;
        let left = most as usize - house.room.available_permits();
        if all.is_ok() {
            0
        } else {
            u32::try_from(left).unwrap_or(most)
        }
    }
}

/// What all connections share.
struct Door {
    router: Router,
    rules: Connections,
    room: Arc<Semaphore>,
    open: Mutex<HashMap<IpAddr, u32>>,
    ending: watch::Receiver<bool>,
}

impl Door {
    async fn accept(self: Arc<Self>, listener: TcpListener) {
        let mut ending = self.ending.clone();
        loop {
            let next = async {
                let Ok(room) = Arc::clone(&self.room).acquire_owned().await else {
                    return std::future::pending().await;
                };
                (listener.accept().await, room)
            };
            let (accepted, room) = tokio::select! {
                next = next => next,
                _ = ending.wait_for(|ends| *ends) => return,
            };
            match accepted {
                Ok((stream, peer)) => self.enter(stream, peer, room),
                // One that is gone already says nothing of the next; where there is no room for more files, there is after a while.
                Err(error) if is_of_connection(&error) => {}
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    /// Lets one in, unless there are too many of its kind already.
    fn enter(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, room: OwnedSemaphorePermit) {
        let address = peer.ip();
        let trusted = self
            .rules
            .trusted
            .iter()
            .any(|network| network.holds(address));
        let mut open = locked(&self.open);
        let of_one = open.entry(address).or_default();
        if *of_one >= self.rules.most_of_one && !trusted {
            return;
        }
        *of_one += 1;
        drop(open);
        let one = One {
            door: Arc::clone(self),
            address,
            _room: room,
        };
        tokio::spawn(one.serve(stream));
    }

    fn leave(&self, address: IpAddr) {
        let mut open = locked(&self.open);
        if let Some(of_one) = open.get_mut(&address) {
            *of_one -= 1;
            if *of_one == 0 {
                open.remove(&address);
            }
        }
    }
}

/// One connection; its place is free again when it goes, however that happens.
struct One {
    door: Arc<Door>,
    address: IpAddr,
    _room: OwnedSemaphorePermit,
}

impl Drop for One {
    fn drop(&mut self) {
        self.door.leave(self.address);
    }
}

impl One {
    async fn serve(self, stream: TcpStream) {
        let rules = &self.door.rules;
        // Answers are written at once; to wait for more of them only delays.
        let _ = stream.set_nodelay(true);
        let stream = TokioIo::new(Stalling::new(stream, rules.stall));
        let answer = hyper::service::service_fn(|request| self.answer(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(rules.head)
            .max_buf_size(rules.longest_head)
            .serve_connection(stream, answer);
        let mut connection = pin!(connection);
        let mut ending = self.door.ending.clone();
        // How a connection ended is of no matter to anybody but its other end.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = ending.wait_for(|ends| *ends) => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
    ) -> Result<axum::response::Response, std::convert::Infallible> {
        let mut request: Request = request.map(Body::new);
        let who = client(self.address, request.headers(), &self.door.rules.trusted);
        request.extensions_mut().insert(who);
        self.door.router.clone().call(request).await
    }
}

fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}
