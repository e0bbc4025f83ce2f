//! A place for a ledger in either database, and a hand that changes what is in it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use ledger::{Entry, Ledger};
use serde_json::json;
use testkit::servers::postgres::Postgres;
use testkit::servers::{Folder, or_skip};

/// What a test writes at.
pub(crate) const AT: &str = "2026-09-01T10:00:00.123Z";

/// A new, empty place.
pub(crate) struct Engine {
    url: String,
    keeps: Keeps,
}

enum Keeps {
    Folder(Folder),
    Server {
        /// Ends with the last engine that keeps it.
        _running: Arc<Postgres>,
    },
}

impl Engine {
    pub(crate) fn sqlite() -> Self {
        let folder = Folder::new();
        let path = folder.path().join("ledger.db");
        Self {
            url: format!("sqlite:{}", path.display()),
            keeps: Keeps::Folder(folder),
        }
    }

    pub(crate) fn postgres() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = shared_server()?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Some(Self {
            url: server.new_database(&format!("ledger{number}")),
            keeps: Keeps::Server { _running: server },
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.url).unwrap()
    }

    /// A ledger with this many records, a second apart.
    pub(crate) fn filled(&self, records: u32) -> Ledger {
        let mut ledger = self.open();
        let entries: Vec<Entry> = (1..=records).map(entry).collect();
        ledger.append_all(&entries).unwrap();
        ledger
    }

    /// Does something to the tables as whoever owns the database can, and says what it refused.
    pub(crate) fn sql(&self, text: &str) -> Result<(), String> {
        match &self.keeps {
            Keeps::Folder(folder) => {
                let path = folder.path().join("ledger.db");
                let connection = rusqlite::Connection::open(path).unwrap();
                connection
                    .execute_batch(text)
                    .map_err(|error| error.to_string())
            }
            Keeps::Server { .. } => {
                let mut client = postgres::Client::connect(&self.url, postgres::NoTls).unwrap();
                client
                    .batch_execute(text)
                    .map_err(|error| error.as_db_error().unwrap().message().to_owned())
            }
        }
    }

    /// As [`Engine::sql`], with the guards of the table taken away first.
    pub(crate) fn tamper(&self, text: &str) {
        let on = match &self.keeps {
            Keeps::Folder(_) => "",
            Keeps::Server { .. } => " ON ledger_records",
        };
        for guard in ["ledger_no_update", "ledger_no_delete", "ledger_next"] {
            self.sql(&format!("DROP TRIGGER IF EXISTS {guard}{on}"))
                .unwrap();
        }
        self.sql(text).unwrap();
    }
}

/// An entry that differs from all others.
pub(crate) fn entry(number: u32) -> Entry {
    let at = format!(
        "2026-09-01T{:02}:{:02}:{:02}.000Z",
        number / 3600 % 24,
        number / 60 % 60,
        number % 60
    );
    let kind = ["apply.intent", "apply.result", "gate"][number as usize % 3];
    Entry::new(
        at,
        kind,
        "person:ada",
        json!({"zone": "a.example", "step": number}),
    )
}

/// One server for all tests that run at a time: it ends with the last of them.
fn shared_server() -> Option<Arc<Postgres>> {
    static SERVER: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = server.upgrade() {
        return Some(running);
    }
    let started = Arc::new(or_skip(Postgres::start())?);
    *server = Arc::downgrade(&started);
    Some(started)
}
