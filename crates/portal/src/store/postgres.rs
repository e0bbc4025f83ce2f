//! Documents in a database of `PostgreSQL`.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use postgres::types::ToSql;
use postgres::{Client, Config, NoTls, Row};

use super::{Engine, SCHEMA, StoreError, WAIT_SECONDS, check_schema, sql, wrong};

/// The first half of the key of our transaction locks: `PORT`.
const LOCK_CLASS: i32 = 0x504f_5254;
/// How many sessions a process has with the server.
const SESSIONS: usize = 4;
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const ALIVE_WITHIN: Duration = Duration::from_secs(2);

const SCHEMA_TABLES: &str = r#"
CREATE TABLE portal_schema (version bigint NOT NULL);
CREATE TABLE portal_documents (
  kind text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  expires bigint,
  PRIMARY KEY (kind, key)
);
CREATE INDEX portal_expires ON portal_documents (expires) WHERE expires IS NOT NULL;
"#;

/// A few sessions, each made when it is needed, and made anew when it broke.
pub struct Postgres {
    sessions: [Mutex<Option<Client>>; SESSIONS],
    next: AtomicUsize,
    config: Config,
    place: String,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Postgres").field(&self.place).finish()
    }
}

/// Whether a statement that broke off may be sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// Twice is as once.
    Yes,
    /// What it answers tells whether it was the first.
    No,
}

impl Postgres {
    pub(super) fn open(mut config: Config, place: String) -> Result<Self, StoreError> {
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_WITHIN);
        }
        if config.get_application_name().is_none() {
            config.application_name("commonhold portal");
        }
        let store = Self {
            sessions: [const { Mutex::new(None) }; SESSIONS],
            next: AtomicUsize::new(0),
            config,
            place,
        };
        let found = store.run(Again::Yes, prepare)?;
        check_schema(&store.place, found)?;
        Ok(store)
    }

    /// Does work in one of the sessions.
    fn run<T>(
        &self,
        again: Again,
        work: impl Fn(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        let failed = |error| wrong(&self.place, error);
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % SESSIONS;
        let mut slot = self.sessions[turn]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let kept = slot.take().filter(|client| !client.is_closed());
        let was_kept = kept.is_some();
        let mut client = match kept {
            // A session that the server ended while nobody used it looks as if it were there.
            Some(mut client) if again == Again::No => match client.is_valid(ALIVE_WITHIN) {
                Ok(()) => client,
                Err(_) => self.connect().map_err(failed)?,
            },
            Some(client) => client,
            None => self.connect().map_err(failed)?,
        };
        let mut done = work(&mut client);
        if done.is_err() && was_kept && again == Again::Yes && client.is_closed() {
            client = self.connect().map_err(failed)?;
            done = work(&mut client);
        }
        if !client.is_closed() {
            *slot = Some(client);
        }
        done.map_err(failed)
    }

    fn connect(&self) -> Result<Client, postgres::Error> {
        let mut client = self.config.connect(NoTls)?;
        // Durable, whatever the server's default is.
        client.batch_execute(&format!(
            "SELECT set_config('synchronous_commit', 'on', false) \
             WHERE current_setting('synchronous_commit') = 'off'; \
             SET lock_timeout TO '{WAIT_SECONDS}s'; SET statement_timeout TO '{WAIT_SECONDS}s'"
        ))?;
        Ok(client)
    }

    fn rows(
        &self,
        again: Again,
        query: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        self.run(again, |client| client.query(query, values))
    }

    fn text(&self, rows: &[Row]) -> Result<Option<String>, StoreError> {
        let text = rows.first().map(|row| row.try_get(0)).transpose();
        text.map_err(|error| wrong(&self.place, error))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let sessions = std::mem::take(&mut self.sessions);
        // A session ends by waiting, which a thread that serves requests must not.
        let _ = std::thread::spawn(move || drop(sessions)).join();
    }
}

impl Engine for Postgres {
    fn place(&self) -> &str {
        &self.place
    }

    fn put(
        &self,
        kind: &str,
        key: &str,
        text: &str,
        expires: Option<i64>,
    ) -> Result<(), StoreError> {
        self.rows(Again::Yes, sql::PUT, &[&kind, &key, &text, &expires])
            .map(drop)
    }

    fn put_new(
        &self,
        kind: &str,
        key: &str,
        text: &str,
        expires: Option<i64>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let values: [&(dyn ToSql + Sync); 5] = [&kind, &key, &text, &expires, &now];
        let kept = self.run(Again::No, |client| client.execute(sql::PUT_NEW, &values))?;
        Ok(kept > 0)
    }

    fn get(&self, kind: &str, key: &str, now: i64) -> Result<Option<String>, StoreError> {
        self.text(&self.rows(Again::Yes, sql::GET, &[&kind, &key, &now])?)
    }

    fn take(&self, kind: &str, key: &str, now: i64) -> Result<Option<String>, StoreError> {
        self.text(&self.rows(Again::No, sql::TAKE, &[&kind, &key, &now])?)
    }

    fn list(
        &self,
        kind: &str,
        after: &str,
        limit: i64,
        now: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.rows(Again::Yes, sql::LIST, &[&kind, &after, &now, &limit])?;
        let read = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
        let read: Result<_, postgres::Error> = rows.iter().map(read).collect();
        read.map_err(|error| wrong(&self.place, error))
    }

    fn sweep(&self, now: i64) -> Result<(), StoreError> {
        self.rows(Again::Yes, sql::SWEEP, &[&now]).map(drop)
    }
}

/// Makes the tables where there are none; gives their version.
fn prepare(client: &mut Client) -> Result<i64, postgres::Error> {
    if !has_schema(client)? {
        let mut transaction = client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1, 0)", &[&LOCK_CLASS])?;
        // Another process may have made them while we waited.
        if !has_schema(&mut transaction)? {
            transaction.batch_execute(SCHEMA_TABLES)?;
            let version = "INSERT INTO portal_schema (version) VALUES ($1)";
            transaction.execute(version, &[&SCHEMA])?;
        }
        transaction.commit()?;
    }
    client.query_one(sql::VERSION, &[])?.try_get(0)
}

fn has_schema(client: &mut impl postgres::GenericClient) -> Result<bool, postgres::Error> {
    // Not `to_regclass`: inside a transaction it may still answer from before another's commit.
    let query = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables \
                 WHERE tablename = 'portal_schema' AND schemaname = ANY (current_schemas(false)))";
    client.query_one(query, &[])?.try_get(0)
}
