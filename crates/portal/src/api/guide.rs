//! The API explained to people: a page of the portal, and the same as Markdown.

use std::borrow::Cow;

use super::openapi::TAGS;
use super::operation::{Needs, Operation, Place};
use super::problem::KINDS;
use super::schema::Schema;
use super::{DESCRIPTION, table};
use crate::model::{Cell, Column, ColumnKind, Link, Listing, Page, Part, Row, Section, Table, to};
use crate::webhooks;

/// What is said of all operations: a heading, what links call it, and paragraphs.
const TEXTS: [(&str, &str, &[&str]); 6] = [
    (
        "start",
        "How to ask",
        &[
            "Everything that the pages show and do is below /api/v1, as JSON. Reading needs no sign-in; who signs in is shown what the community lets them see.",
            "Answers may gain names; ignore those that you do not know. What is here does not change its meaning: a change that would break a program is made as /api/v2 beside it.",
            "An answer has an ETag. Send it as If-None-Match, and 304 says that nothing changed.",
        ],
    ),
    (
        "sign-in",
        "Signing in",
        &[
            "A program sends Authorization: Bearer with a token, which you make on your account's page; a token holds for the time that you choose, and you can take it back there.",
            "A browser's session works too. What changes something then needs the session's token in X-Csrf-Token; GET /api/v1/me tells it.",
            "Acts are signed with your own SSH key, whoever sends them. POST /api/v1/acts/prepare answers what is signed and the command that signs it; POST /api/v1/acts takes the result.",
        ],
    ),
    (
        "pages",
        "Long lists",
        &[
            "A list answers 50 rows, or as many as limit says, up to 500. Where there are more, next holds a cursor: ask the same with after set to it, or follow the Link header. A cursor stays good when the files change meanwhile: the list goes on behind the row where it was.",
            "q looks for words, sort orders by a column, and the columns that the lists on the pages can be filtered by are parameters of the same name; given more than once, one of the values must be there.",
        ],
    ),
    (
        "values",
        "Values",
        &[
            "Numbers with fractions, shares and money are strings, because they are exact. Days are as 2026-11-22, instants in UTC as 2026-11-22T10:00:00Z.",
            "Where there is nothing, or nothing that you may see, stands null. Each row has its source: the file and the line where it is said.",
        ],
    ),
    (
        "limits",
        "Limits",
        &[
            "A body may have 256 KiB. Who sends too much in a minute is answered 429, with the seconds to wait in Retry-After.",
            "A request at the front desk may carry an Idempotency-Key of your choice. The same request under the same key is done once, and answered alike for a day, so that it can be sent again when no answer came.",
        ],
    ),
    (
        "webhooks",
        "Being told what happens",
        &[
            "POST /api/v1/webhooks has a place of yours told what happens. Its secret is answered once. What is told is what everybody may see; whoever may see more asks for it.",
            "A message has the headers webhook-id, webhook-timestamp and webhook-signature, as the Standard Webhooks specification has them; its libraries check them. By hand: put the id, the timestamp and the body together with dots between them, make the HMAC-SHA-256 with the base64 behind whsec_ in the secret as its key, and compare its base64 with what stands behind v1, in the signature. Refuse what is older than five minutes, and what does not fit.",
            "Answer with any status of 2xx within five seconds. Anything else is tried again for a day, after longer and longer pauses; then the webhook is paused, and GET /api/v1/webhooks says why. A message may come twice: its webhook-id is the same.",
        ],
    ),
];

/// A check of a signature, in a few lines.
const VERIFY: &str = "import base64, hashlib, hmac\n\n\
def is_ours(secret, headers, body):\n    \
    signed = b\".\".join([headers[\"webhook-id\"].encode(), headers[\"webhook-timestamp\"].encode(), body])\n    \
    key = base64.b64decode(secret.removeprefix(\"whsec_\"))\n    \
    made = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()\n    \
    return any(hmac.compare_digest(one, \"v1,\" + made) for one in headers[\"webhook-signature\"].split())";

/// The page.
pub(crate) fn page(listings: &[Listing]) -> Page {
    let mut page = Page::new(Section::Api, "/api", "API");
    "All that the pages show and do, for programs.".clone_into(&mut page.summary);
    let description = format!("/api/v1{DESCRIPTION}");
    page.add(Part::Notice(
        crate::model::Mood::Plain,
        "The description for programs is OpenAPI 3.1, made of the same table as this page."
            .to_owned(),
        Some(Link::new("Get it", description)),
    ));
    for (id, heading, texts) in TEXTS {
        page.heading(id, heading);
        for text in texts {
            page.say(*text);
        }
        if id == "start" {
            page.add(Part::Command {
                about: "The services, as a program gets them".to_owned(),
                text: "curl https://PORTAL/api/v1/services?limit=2".to_owned(),
            });
        }
        if id == "webhooks" {
            page.add(Part::Command {
                about: "A check of a signature in Python".to_owned(),
                text: VERIFY.to_owned(),
            });
            page.add(Part::Table(events(listings)));
        }
    }
    page.heading("problems", "Problems");
    page.say("What is not answered is told as problem details (RFC 9457). The type leads to a page about it; errors names each thing that was wrong.");
    page.add(Part::Table(problems()));
    page.heading("operations", "Operations");
    let collections = table::of_collections(listings);
    for (tag, about) in TAGS {
        let of = table::all(&collections).filter(|operation| operation.tag == tag);
        page.add(Part::Table(operations(tag, about, of)));
    }
    page
}

const fn column(id: &'static str, head: &'static str) -> Column {
    Column::new(id, head, ColumnKind::Text, "")
}

fn table_of(id: &'static str, caption: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    let row = |cells| Row {
        cells,
        ..Row::default()
    };
    Table {
        id: Cow::Borrowed(id),
        caption: caption.to_owned(),
        columns,
        rows: rows.into_iter().map(row).collect(),
        none: String::new(),
    }
}

fn code(text: impl Into<String>) -> Cell {
    Cell::new(crate::model::Value::Code(text.into()))
}

fn operations<'o>(
    tag: &'static str,
    about: &str,
    operations: impl Iterator<Item = &'o Operation>,
) -> Table {
    let columns = vec![
        column("request", "Request"),
        column("does", "What it does"),
        column("parameters", "Parameters"),
        column("needs", "Sign-in"),
    ];
    let rows = operations.map(|operation| {
        vec![
            code(format!("{} /api/v1{}", operation.method, operation.path)),
            Cell::text(operation.summary.clone()),
            Cell::text(names(operation).join(", ")),
            Cell::text(needs(operation)),
        ]
    });
    table_of(tag, about, columns, rows.collect())
}

fn names(operation: &Operation) -> Vec<String> {
    let beside = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place != Place::Path);
    let mut names: Vec<String> = beside.map(|parameter| parameter.name.to_string()).collect();
    if let Some(Schema::Record(members, _)) = operation.body.as_ref().map(|body| &body.schema) {
        names.extend(members.iter().map(|member| member.name.to_string()));
    }
    names
}

fn needs(operation: &Operation) -> &'static str {
    match operation.needs {
        Needs::Nobody => "",
        Needs::SignedIn => "needed",
    }
}

fn problems() -> Table {
    let columns = vec![column("status", "Status"), column("title", "Problem")];
    let row = |kind: &&'static super::problem::Kind| {
        vec![
            Cell::text(kind.status.to_string()),
            Cell::link(kind.title, to("problems", kind.id)),
        ]
    };
    let rows = KINDS.iter().map(row).collect();
    table_of("problem-kinds", "What can be wrong", columns, rows)
}

fn events(listings: &[Listing]) -> Table {
    let columns = vec![column("kind", "Event"), column("about", "When it happens")];
    let rows = webhooks::kinds(listings).into_iter();
    let rows = rows.map(|(kind, about)| vec![code(kind), Cell::text(about)]);
    table_of("events", "Events", columns, rows.collect())
}

/// The reference of the API as Markdown.
pub fn reference(listings: &[Listing]) -> String {
    let mut text = String::from(
        "# The API\n\nGenerated from the code. A portal shows the same at `/api`, and answers its description for programs at `/api/v1/openapi.json`.\n",
    );
    for (_, heading, texts) in TEXTS {
        text += &format!("\n## {heading}\n");
        for paragraph in texts {
            text += &format!("\n{paragraph}\n");
        }
    }
    text += &format!("\n```python\n{VERIFY}\n```\n\n| event | when it happens |\n| --- | --- |\n");
    for (kind, about) in webhooks::kinds(listings) {
        text += &format!("| `{kind}` | {about} |\n");
    }
    text +=
        "\n## Problems\n\n| status | type | problem | what to do |\n| --- | --- | --- | --- |\n";
    for kind in KINDS {
        let (id, status, title, about) = (kind.id, kind.status, kind.title, kind.about);
        text += &format!("| {status} | `/problems/{id}` | {title} | {about} |\n");
    }
    text += "\n## Operations\n";
    let collections = table::of_collections(listings);
    for (tag, about) in TAGS {
        text += &format!(
            "\n### {tag}\n\n{about}\n\n| request | what it does | parameters | sign-in |\n| --- | --- | --- | --- |\n"
        );
        for operation in table::all(&collections).filter(|operation| operation.tag == tag) {
            let (method, path, does) = (&operation.method, &operation.path, &operation.summary);
            let names: Vec<String> = names(operation)
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            let needs = needs(operation);
            text += &format!(
                "| `{method} /api/v1{path}` | {does} | {} | {needs} |\n",
                names.join(", ")
            );
        }
    }
    for listing in listings {
        let of = listing.of;
        text += &format!(
            "\n### {}\n\n{}\n\n| value | type | what it says |\n| --- | --- | --- |\n",
            of.title, of.about
        );
        for column in of.columns {
            let about = column.about.replace('|', "\\|");
            text += &format!(
                "| `{}` | {} | {about} |\n",
                column.id,
                super::page::word(column.kind)
            );
        }
    }
    text
}
