//! A ledger in a database of `PostgreSQL`.

use std::error::Error as _;
use std::time::Duration;

use base::Digest;
use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Config, NoTls};

use super::{Held, REFUSAL, SCHEMA, Store, WRITER_WAIT_SECONDS, Writer, check_schema, sql};
use crate::LedgerError;
use crate::location::Location;
use crate::record::{Record, Row};

/// The first half of the key of our transaction locks: `LEDG`.
const LOCK_CLASS: i32 = 0x4c45_4447;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// A session, and how to start another one.
pub(super) struct Postgres {
    client: Client,
    config: Config,
    at: String,
}

impl Postgres {
    pub(super) fn open(config: &Config) -> Result<Self, LedgerError> {
        let mut store = Self::connect(config)?;
        store.prepare().map_err(|error| store.failed(&error))?;
        store.check_schema()?;
        Ok(store)
    }

    pub(super) fn open_read_only(config: &Config) -> Result<Self, LedgerError> {
        let mut store = Self::connect(config)?;
        let opened = store
            .client
            .batch_execute("SET default_transaction_read_only TO on")
            .and_then(|()| has_schema(&mut store.client));
        if !opened.map_err(|error| store.failed(&error))? {
            return Err(LedgerError::NoLedger { at: store.at });
        }
        store.check_schema()?;
        Ok(store)
    }

    fn connect(config: &Config) -> Result<Self, LedgerError> {
        let mut config = config.clone();
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_WITHIN);
        }
        if config.get_application_name().is_none() {
            config.application_name("commonhold ledger");
        }
        let at = Location::Postgres(Box::new(config.clone())).to_string();
        match config.connect(NoTls) {
            Ok(client) => Ok(Self { client, config, at }),
            Err(error) => {
                let why = said(&error);
                Err(LedgerError::Unreachable { at, why })
            }
        }
    }

    /// Makes commits durable whatever the server's default is, and the tables where there are
    /// none.
    fn prepare(&mut self) -> Result<(), postgres::Error> {
        self.client.batch_execute(&format!(
            "SELECT set_config('synchronous_commit', 'on', false) \
             WHERE current_setting('synchronous_commit') = 'off'; \
             SET lock_timeout TO '{WRITER_WAIT_SECONDS}s'"
        ))?;
        if has_schema(&mut self.client)? {
            return Ok(());
        }
        let mut transaction = self.client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1, 0)", &[&LOCK_CLASS])?;
        // Another process may have made them while we waited.
        if !has_schema(&mut transaction)? {
            transaction.batch_execute(&schema())?;
        }
        transaction.commit()
    }

    fn check_schema(&mut self) -> Result<(), LedgerError> {
        let found = self.client.query_one(sql::VERSION, &[]);
        let found = found.and_then(|row| row.try_get(0));
        check_schema(found.map_err(|error| self.failed(&error))?)
    }

    fn rows(
        &mut self,
        query: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, LedgerError> {
        rows(&mut self.client, query, values).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &postgres::Error) -> LedgerError {
        failed(&self.at, error)
    }
}

impl Store for Postgres {
    fn page(&mut self, after: i64, kind: &str) -> Result<Vec<Row>, LedgerError> {
        self.rows(sql::PAGE, &[&after, &kind])
    }

    fn row(&mut self, seq: i64) -> Result<Option<Row>, LedgerError> {
        Ok(self.rows(sql::ROW, &[&seq])?.pop())
    }

    fn last(&mut self, kind: &str) -> Result<Option<Row>, LedgerError> {
        Ok(self.rows(sql::LAST, &[&kind])?.pop())
    }

    fn between(&mut self, low: &str, high: &str) -> Result<Vec<Row>, LedgerError> {
        self.rows(sql::BETWEEN, &[&low, &high])
    }

    fn write(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Writer) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let at = self.at.as_str();
        let failed = |error: postgres::Error| failed(at, &error);
        let mut transaction = self.client.transaction().map_err(failed)?;
        // Not LOCK TABLE: a role that may only read and insert could not take it. A statement of
        // its own, so that the next one sees what the writer before us committed.
        let turn = "SELECT pg_advisory_xact_lock($1, \
                    ('ledger_records'::regclass::oid::bigint % 2147483647)::integer)";
        transaction.execute(turn, &[&LOCK_CLASS]).map_err(failed)?;
        let insert = transaction.prepare(sql::INSERT).map_err(failed)?;
        work(&mut Turn {
            transaction: &mut transaction,
            insert: &insert,
            at,
        })?;
        transaction.commit().map_err(failed)
    }

    /// The lock is that of a session of its own: it ends with the session, and the session with
    /// its process.
    fn lock(&mut self, name: &str) -> Result<Box<dyn Held>, LedgerError> {
        let mut session = Self::connect(&self.config)?;
        let taken = session.try_lock(name);
        match taken.map_err(|error| session.failed(&error))? {
            Some(key) => Ok(Box::new(HeldSession {
                client: session.client,
                key,
            })),
            None => Err(LedgerError::Busy {
                what: format!("the lock `{name}`"),
            }),
        }
    }
}

impl Postgres {
    fn try_lock(&mut self, name: &str) -> Result<Option<i64>, postgres::Error> {
        // A machine that lost its power says no goodbye; the server is to notice within a minute.
        self.client.batch_execute(
            "SET tcp_keepalives_idle TO 30; SET tcp_keepalives_interval TO 10; \
             SET tcp_keepalives_count TO 3",
        )?;
        let table = "SELECT 'ledger_records'::regclass::oid::bigint";
        let table: i64 = self.client.query_one(table, &[])?.try_get(0)?;
        let digest = Digest::of(format!("commonhold ledger lock {table} {name}").as_bytes());
        let (key, _) = digest
            .as_bytes()
            .split_first_chunk()
            .unwrap_or((&[0; 8], &[]));
        let key = i64::from_be_bytes(*key);
        let row = self
            .client
            .query_one("SELECT pg_try_advisory_lock($1)", &[&key])?;
        let taken: bool = row.try_get(0)?;
        Ok(taken.then_some(key))
    }
}

/// The turn of a writer.
struct Turn<'a, 'c> {
    transaction: &'a mut postgres::Transaction<'c>,
    insert: &'a postgres::Statement,
    at: &'a str,
}

impl Writer for Turn<'_, '_> {
    fn last(&mut self) -> Result<Option<Row>, LedgerError> {
        let found = rows(self.transaction, sql::LAST, &[&""]);
        Ok(found.map_err(|error| failed(self.at, &error))?.pop())
    }

    fn insert(&mut self, record: &Record) -> Result<(), LedgerError> {
        let seq = record.seq().cast_signed();
        let (prev, digest) = (record.prev().to_string(), record.digest().to_string());
        let values: [&(dyn ToSql + Sync); 7] = [
            &seq,
            &prev,
            &record.at(),
            &record.kind(),
            &record.actor(),
            &record.body_text(),
            &digest,
        ];
        self.transaction
            .execute(self.insert, &values)
            .map_err(|error| failed(self.at, &error))?;
        Ok(())
    }
}

struct HeldSession {
    client: Client,
    key: i64,
}

impl Held for HeldSession {
    fn holds(&mut self) -> bool {
        self.client.batch_execute("SELECT 1").is_ok()
    }
}

impl Drop for HeldSession {
    fn drop(&mut self) {
        // Closing the session would do, but a little later. Where it is gone, so is the lock.
        let _ = self
            .client
            .execute("SELECT pg_advisory_unlock($1)", &[&self.key]);
    }
}

fn has_schema(client: &mut impl postgres::GenericClient) -> Result<bool, postgres::Error> {
    // Not `to_regclass`: inside a transaction it may still answer from before another's commit.
    let query = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables \
                 WHERE tablename = 'ledger_schema' AND schemaname = ANY (current_schemas(false)))";
    client.query_one(query, &[])?.try_get(0)
}

fn schema() -> String {
    let genesis = super::genesis();
    format!(
        r#"
CREATE TABLE ledger_schema (version bigint NOT NULL);
INSERT INTO ledger_schema (version) VALUES ({SCHEMA});
CREATE TABLE ledger_records (
  seq bigint PRIMARY KEY,
  prev text COLLATE "C" NOT NULL,
  at text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL UNIQUE
);
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$;
CREATE FUNCTION ledger_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_records)
    OR NEW.prev <> coalesce(
      (SELECT digest FROM ledger_records ORDER BY seq DESC LIMIT 1), '{genesis}')
  THEN RAISE EXCEPTION '{REFUSAL}: this record does not follow the last one'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_no_update BEFORE UPDATE OR DELETE ON ledger_records
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger_records
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_next BEFORE INSERT ON ledger_records
FOR EACH ROW EXECUTE FUNCTION ledger_follow();
"#
    )
}

fn rows(
    client: &mut impl postgres::GenericClient,
    query: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, postgres::Error> {
    let found = client.query(query, values)?;
    found.iter().map(row_of).collect()
}

fn row_of(row: &postgres::Row) -> Result<Row, postgres::Error> {
    Ok(Row {
        seq: row.try_get(0)?,
        prev: row.try_get(1)?,
        at: row.try_get(2)?,
        kind: row.try_get(3)?,
        actor: row.try_get(4)?,
        body: row.try_get(5)?,
        digest: row.try_get(6)?,
    })
}

fn failed(at: &str, error: &postgres::Error) -> LedgerError {
    let at = at.to_owned();
    let why = said(error);
    let Some(state) = error.code() else {
        return LedgerError::Unreachable { at, why };
    };
    // Classes of states: 08 the connection, 28 who we are, 57P the operator ended the session.
    let gone = ["08", "28", "57P"];
    if *state == SqlState::LOCK_NOT_AVAILABLE {
        LedgerError::Busy {
            what: format!("the ledger at {at}"),
        }
    } else if *state == SqlState::READ_ONLY_SQL_TRANSACTION {
        LedgerError::ReadOnly
    } else if gone.iter().any(|class| state.code().starts_with(class)) {
        LedgerError::Unreachable { at, why }
    } else {
        LedgerError::Refused { at, why }
    }
}

/// What the server said, or what led to its silence.
fn said(error: &postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return error.message().to_owned();
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some of these say what their source says.
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
