//! Questions as SQL: `DuckDB` gives the lines that we give, and the other dialects are read by a
//! parser of theirs.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use spend::ownership::Ownership;
use spend::query::{Question, from_files};
use spend::scan::Input;
use spend::sql::{Charges, Dialect, sql};

use crate::scan_rows::{RULES, charges, ownership, questions, stored};

/// Runs texts, and gives the rows of each that are on one side only, all values as text but sums,
/// and what cannot be parsed.
const PEER: &str = r#"
import json, logging, sys
import duckdb, sqlglot
# SET is read as a command of some sort, and it says so.
logging.disable(logging.WARNING)
cases, dialects = json.load(sys.stdin)
wrong = []
for case in cases:
    db = duckdb.connect()
    db.execute("set TimeZone = 'America/Los_Angeles'")
    names, sums = case['names'], case['sums']
    width = names + sums
    columns = [f'n{i} varchar' for i in range(names)] + [f's{i} decimal(38, 18)' for i in range(sums)]
    db.execute(f"create table ours ({', '.join(columns)})")
    if case['rows']:
        db.executemany(f"insert into ours values ({', '.join('?' * width)})", case['rows'])
    try:
        db.execute('create table theirs as select * from (' + case['sql'].rstrip().rstrip(';') + ') as t(' + ', '.join(c.split()[0] for c in columns) + ')')
    except Exception as error:
        wrong.append([case['sql'], str(error)])
        continue
    for one, other in (('ours', 'theirs'), ('theirs', 'ours')):
        rows = db.execute(f'select * from {one} except all select {", ".join(c.split()[0] + "::" + c.split(" ", 1)[1] for c in columns)} from {other}').fetchall()
        if rows:
            wrong.append([case['sql'], f'only in {one}: {rows[:3]}'])
    order = [list(map(str, row[:names])) for row in db.execute(case['sql']).fetchall()]
    if order != [row[:names] for row in case['rows']] and case['ordered']:
        wrong.append([case['sql'], 'another order'])
for dialect, text in dialects:
    try:
        sqlglot.parse(text, read=dialect)
    except Exception as error:
        wrong.append([text, f'{dialect}: {error}'])
json.dump(wrong, sys.stdout)
"#;

/// What is wrong with some texts, if there is a Python with `DuckDB` and sqlglot.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn peer(cases: &[Value], dialects: &[(String, String)]) -> Option<Vec<(String, String)>> {
    let Some(python) = std::env::var_os("COMMONHOLD_DUCKDB") else {
        eprintln!("skipped: COMMONHOLD_DUCKDB names no Python with duckdb and sqlglot");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
        return None;
    };
    let mut child = Command::new(python)
        .args(["-c", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = serde_json::to_vec(&json!([cases, dialects])).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn case(question: &Question, ownership: &Ownership, place: &Charges, inputs: &[Input]) -> Value {
    let table = from_files(question, inputs, ownership).unwrap();
    let own_currency = table.heads().len() - question.by.len() - question.metrics.len();
    let rows = table.lines.iter().map(|line| {
        let currency = line.currency.to_string();
        let names = line
            .names
            .iter()
            .cloned()
            .chain((own_currency > 0).then_some(currency));
        let sums = line.sums.iter().map(ToString::to_string);
        names.chain(sums).collect::<Vec<String>>()
    });
    json!({
        "sql": sql(question, ownership, place, Dialect::DuckDb),
        "names": question.by.len() + own_currency,
        "sums": question.metrics.len(),
        "rows": rows.collect::<Vec<_>>(),
        // Texts sort by bytes here and there.
        "ordered": true,
    })
}

#[test]
fn duckdb_gives_the_same_lines_and_the_other_dialects_parse() {
    let folder = tempfile::tempdir().unwrap();
    let ownership = ownership(RULES);
    let mut runner = TestRunner::deterministic();
    let (mut cases, mut dialects) = (Vec::new(), Vec::new());
    for round in 0..12 {
        let charges = loop {
            let charges = charges().new_tree(&mut runner).unwrap().current();
            if !charges.is_empty() {
                break charges;
            }
        };
        let home = folder.path().join(format!("it's {round}"));
        let (store, snapshot) = stored(&home, &charges, 17);
        let parts = snapshot.partitions.iter().flat_map(|bill| &bill.parts);
        let parts: Vec<String> = parts.map(|part| part.path.clone()).collect();
        let inputs: Vec<Input> = parts
            .iter()
            .map(|part| Input::stored(store.files(), part))
            .collect();
        let place = Charges {
            place: store.files().place().to_owned(),
            parts,
            table: Charges::TABLE.to_owned(),
        };
        for _ in 0..8 {
            let question = questions().new_tree(&mut runner).unwrap().current();
            cases.push(case(&question, &ownership, &place, &inputs));
            for dialect in Dialect::ALL {
                let text = sql(&question, &ownership, &place, dialect);
                dialects.push((format!("{dialect:?}").to_lowercase(), text));
            }
        }
    }
    let Some(wrong) = peer(&cases, &dialects) else {
        return;
    };
    let said = wrong.iter().take(5);
    let said: Vec<String> = said.map(|(text, why)| format!("{text}\n{why}\n")).collect();
    assert!(
        wrong.is_empty(),
        "{} are wrong\n{}",
        wrong.len(),
        said.join("\n")
    );
}

#[test]
fn the_text_of_each_dialect_is_as_it_was() {
    let filters = [
        "tag:a\"b'c\\d!='; DROP TABLE x; --".to_owned(),
        "provider~*_%".to_owned(),
    ];
    let days = (Some(jiff::civil::date(2026, 1, 1)), None);
    let question = Question::parse("owner,month", &filters, "gross,rows", days, None).unwrap();
    let ownership =
        ownership("rules: [{when: {sub_account: \"it's*\"}, until: 2026-02-01, owner: docs}]\n");
    let place = Charges {
        place: "gs://bills/a".to_owned(),
        parts: vec!["cost/one.parquet".to_owned(), "cost/two.parquet".to_owned()],
        table: "our.spend.charges".to_owned(),
    };
    let has = |dialect: Dialect, wanted: &[&str]| {
        let text = sql(&question, &ownership, &place, dialect);
        for wanted in wanted {
            assert!(text.contains(wanted), "{dialect:?} lacks {wanted}:\n{text}");
        }
    };
    has(
        Dialect::DuckDb,
        &[
            "read_parquet([\n    'gs://bills/a/cost/one.parquet',\n    'gs://bills/a/cost/two.parquet'\n  ]",
            "json_extract_string(\"Tags\", '/a\"b''c\\d')",
            "<> '''; DROP TABLE x; --'",
            "its_provider_name LIKE '%!_!%' ESCAPE '!'",
            "WHEN its_sub_account_id LIKE 'it''s%' AND its_day < '2026-02-01' THEN 1",
            "its_day >= '2026-01-01'",
        ],
    );
    has(
        Dialect::BigQuery,
        &[
            "FROM `our`.`spend`.`charges`\n  WHERE _FILE_NAME IN (\n    'gs://bills/a/cost/one.parquet'",
            "'$.\"a\\\\\"b\\'c\\\\\\\\d\"'",
            "LIKE '%\\\\_\\\\%'",
            "LIKE 'it\\'s%'",
        ],
    );
    has(
        Dialect::Trino,
        &[
            "SET TIME ZONE 'UTC';",
            "WHERE \"$path\" IN (",
            "'$[\"a\\\"b''c\\\\d\"]'",
        ],
    );
    has(
        Dialect::Spark,
        &[
            "OPTIONS (path 'gs://bills/a/{cost/one.parquet,cost/two.parquet}'",
            "try_element_at(from_json(`Tags`, 'MAP<STRING, STRING>'), 'a\"b\\'c\\\\d')",
            "FROM kept_charges",
        ],
    );
}
