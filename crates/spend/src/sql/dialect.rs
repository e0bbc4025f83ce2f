//! What engines write each in its own way.

use super::Charges;

/// An engine that reads Parquet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// `DuckDB`, over the files where they are.
    DuckDb,
    /// `BigQuery`, over an external table.
    BigQuery,
    /// Trino, over a table of its Hive connector.
    Trino,
    /// Spark SQL, over the files where they are.
    Spark,
}

/// What a text is matched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// By an `ESCAPE` clause.
    Clause,
    /// Always by a backslash.
    Backslash,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DuckDb, Self::BigQuery, Self::Trino, Self::Spark];

    /// A text as a literal.
    pub(super) fn literal(self, text: &str) -> String {
        let mut literal = String::from("'");
        for letter in text.chars() {
            match (self, letter) {
                (Self::DuckDb | Self::Trino, '\'') => literal.push_str("''"),
                (Self::DuckDb | Self::Trino, letter) => literal.push(letter),
                (_, '\'' | '\\') => literal.extend(['\\', letter]),
                (_, letter) if letter.is_control() => {
                    literal.push_str(&format!("\\u{:04x}", u32::from(letter)));
                }
                (_, letter) => literal.push(letter),
            }
        }
        literal.push('\'');
        literal
    }

    /// A name.
    pub(super) fn identifier(self, name: &str) -> String {
        match self {
            Self::DuckDb | Self::Trino => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            Self::BigQuery => {
                format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
            }
        }
    }

    /// A name with dots between its parts.
    fn table(self, name: &str) -> String {
        let parts: Vec<String> = name.split('.').map(|part| self.identifier(part)).collect();
        parts.join(".")
    }

    /// Statements that go before the question.
    pub(super) fn before(self, charges: &Charges) -> String {
        match self {
            Self::DuckDb | Self::BigQuery => String::new(),
            Self::Trino => "SET TIME ZONE 'UTC';\n".to_owned(),
            Self::Spark => format!(
                "SET TIME ZONE 'UTC';\nCREATE OR REPLACE TEMPORARY VIEW {KEPT} USING parquet OPTIONS (path {}, mergeSchema 'true');\n",
                self.literal(&glob(charges)),
            ),
        }
    }

    /// Where charges are read from.
    pub(super) fn from(self, charges: &Charges) -> String {
        let files = charges
            .parts
            .iter()
            .map(|part| format!("{}/{part}", charges.place));
        let files: Vec<String> = files.map(|file| self.literal(&file)).collect();
        let files = files.join(",\n    ");
        match self {
            Self::DuckDb => format!(
                "read_parquet([\n    {files}\n  ], union_by_name = true, hive_partitioning = false)"
            ),
            Self::BigQuery => {
                format!(
                    "{}\n  WHERE _FILE_NAME IN (\n    {files}\n  )",
                    self.table(&charges.table)
                )
            }
            Self::Trino => {
                format!(
                    "{}\n  WHERE \"$path\" IN (\n    {files}\n  )",
                    self.table(&charges.table)
                )
            }
            Self::Spark => KEPT.to_owned(),
        }
    }

    /// A day, or a month, of an instant in UTC: `2026-10-31`, `2026-10`.
    pub(super) fn date(self, instant: &str, day: bool) -> String {
        let form = if day { "%Y-%m-%d" } else { "%Y-%m" };
        match self {
            // Whatever the zone of the session, and whether the column has one.
            Self::DuckDb => format!("strftime(make_timestamp(epoch_us({instant})), '{form}')"),
            Self::BigQuery => format!("FORMAT_TIMESTAMP('{form}', {instant}, 'UTC')"),
            Self::Trino => format!("date_format({instant}, '{form}')"),
            Self::Spark => {
                let form = if day { "yyyy-MM-dd" } else { "yyyy-MM" };
                format!("date_format({instant}, '{form}')")
            }
        }
    }

    /// The value of a tag in a flat JSON object, or null.
    pub(super) fn tag(self, tags: &str, key: &str) -> String {
        let quoted = || key.replace('\\', "\\\\").replace('"', "\\\"");
        match self {
            Self::DuckDb => {
                let pointer = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
                let pointer = self.literal(&pointer);
                format!(
                    "CASE WHEN json_valid({tags}) THEN json_extract_string({tags}, {pointer}) END"
                )
            }
            Self::BigQuery => {
                let path = self.literal(&format!("$.\"{}\"", quoted()));
                format!("JSON_VALUE(SAFE.PARSE_JSON({tags}), {path})")
            }
            Self::Trino => {
                let path = self.literal(&format!("$[\"{}\"]", quoted()));
                format!("json_extract_scalar({tags}, {path})")
            }
            Self::Spark => {
                let key = self.literal(key);
                format!("try_element_at(from_json({tags}, 'MAP<STRING, STRING>'), {key})")
            }
        }
    }

    /// Whether a text has a regular expression in it.
    pub(super) fn has(self, text: &str, expression: &str) -> String {
        let expression = self.literal(expression);
        match self {
            Self::DuckDb => format!("regexp_matches({text}, {expression})"),
            Self::BigQuery => format!("REGEXP_CONTAINS({text}, {expression})"),
            Self::Trino | Self::Spark => format!("regexp_like({text}, {expression})"),
        }
    }

    /// How `LIKE` takes a letter as it stands.
    pub(super) fn escape(self) -> Escape {
        match self {
            Self::BigQuery => Escape::Backslash,
            Self::DuckDb | Self::Trino | Self::Spark => Escape::Clause,
        }
    }

    /// Nothing, as a cost.
    pub(super) fn zero(self) -> &'static str {
        match self {
            Self::BigQuery => "CAST(0 AS BIGNUMERIC)",
            Self::DuckDb | Self::Trino | Self::Spark => "CAST(0 AS DECIMAL(38, 18))",
        }
    }
}

/// What the files are called in Spark.
const KEPT: &str = "kept_charges";

/// All files as one pattern of Hadoop's.
fn glob(charges: &Charges) -> String {
    let plain = |text: &str| {
        let mut escaped = String::new();
        for letter in text.chars() {
            if "{}[]*?,\\".contains(letter) {
                escaped.push('\\');
            }
            escaped.push(letter);
        }
        escaped
    };
    let parts: Vec<String> = charges.parts.iter().map(|part| plain(part)).collect();
    let place = plain(&charges.place);
    match parts.as_slice() {
        [one] => format!("{place}/{one}"),
        several => format!("{place}/{{{}}}", several.join(",")),
    }
}
