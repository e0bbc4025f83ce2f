//! A small community with one of everything.

use base::{Currency, Decimal};
use jiff::Timestamp;
use portal::model::{
    Card, Cell, Collection, Column, ColumnKind, Entry, Fact, Feed, Field, FieldKind, Form, Link,
    Listing, Mood, Page, Part, Private, Row, Section, Source, Step, StepState, Table, Value,
};
use portal::{AsOf, Audience, Content, Found, Reader, Stamp};

/// What only some may see anywhere in the sample.
pub(crate) const SECRET: &str = "zanzibar";

static SERVICES: Collection = Collection {
    id: "services",
    title: "Services",
    one: "service",
    about: "Everything that runs for the community, with who answers for it.",
    section: Section::Services,
    columns: &[
        Column::new("name", "Name", ColumnKind::Text, "What it is called."),
        Column::new("state", "State", ColumnKind::State, "How it is.").choice(),
        Column::new("owners", "Owners", ColumnKind::List, "Who answers for it.").choice(),
        Column::new("cost", "Cost", ColumnKind::Money, "What it costs a month."),
        Column::new("since", "Since", ColumnKind::Day, "When it began."),
        Column::new("users", "Users", ColumnKind::Number, "How many use it."),
        Column::new("contact", "Contact", ColumnKind::Text, "Whom to write to.").choice(),
    ],
    feed: Some(Feed {
        when: "since",
        what: "name",
    }),
    has_pages: true,
    sort: "name",
};

/// Rows of the sample's services.
pub(crate) fn services(count: usize) -> Listing {
    let moods = [
        (Mood::Good, "running"),
        (Mood::Warn, "no runbook"),
        (Mood::Bad, "no owner"),
        (Mood::Waiting, "moving"),
        (Mood::Quiet, "retired"),
        (Mood::Plain, "planned"),
    ];
    let row = |number: usize| {
        let (mood, word) = moods[number % moods.len()];
        let owner = format!("sig-{}", number % 7);
        let cost = Decimal::whole(i64::try_from(number).unwrap() * 317);
        let day = jiff::civil::date(2021, 1, 1)
            .saturating_sub(jiff::Span::new().days(i64::try_from(number % 900).unwrap()));
        Row {
            key: format!("service-{number}"),
            cells: vec![
                Cell::text(format!("service-{number}")),
                Cell::state(mood, word),
                Cell::links(vec![
                    Link::new(owner.clone(), format!("/groups/{owner}")),
                    Link::text("infra"),
                ]),
                Cell::new(Value::Money(cost, Currency::USD))
                    .only(Audience::Private(Private::Money)),
                Cell::day((!number.is_multiple_of(5)).then_some(day)),
                Cell::count(number * 1731),
                Cell::text(format!("{SECRET}-{}@example.org", number % 3))
                    .only(Audience::Private(Private::Contacts)),
            ],
            source: Some(Source {
                path: format!("services/service-{number}.yaml"),
                line: 1,
            }),
            audience: match number % 10 {
                9 => Audience::Private(Private::Takeovers),
                _ => Audience::Everybody,
            },
        }
    };
    Listing::new(&SERVICES, (0..count).map(row).collect())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn facts() -> Part {
    let source = Some(Source {
        path: "services/service-1.yaml".to_owned(),
        line: 7,
    });
    let fact = |id, label: &str, value, source| Fact {
        id,
        label: label.to_owned(),
        value,
        source,
    };
    Part::Facts(vec![
        fact(
            "owners",
            "Owners",
            Cell::links(vec![
                Link::new("sig-release", "/groups/sig-release"),
                Link::new("sig-infra", "/groups/sig-infra"),
            ]),
            source.clone(),
        ),
        fact(
            "contact",
            "Contact",
            Cell::text(SECRET).only(Audience::Private(Private::Contacts)),
            source.clone(),
        ),
        fact(
            "runbook",
            "Runbook",
            Cell::link("Runbook of the name servers", "https://example.org/runbook"),
            source.clone(),
        ),
        fact("account", "Account", Cell::none(), source.clone()),
        fact(
            "digest",
            "Digest",
            Cell::new(Value::Code(
                "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                    .to_owned(),
            )),
            None,
        ),
        fact(
            "renewed",
            "Renewed",
            Cell::instant(Some(at("2021-01-14T09:30:00Z"))),
            source,
        ),
    ])
}

fn cards() -> Part {
    let card = |label: &str, figure: &str, note: &str, mood, to: Option<&str>, audience| Card {
        label: label.to_owned(),
        figure: figure.to_owned(),
        note: note.to_owned(),
        mood,
        to: to.map(str::to_owned),
        audience,
    };
    Part::Cards(vec![
        card(
            "On fire",
            "3",
            "two expire this week",
            Mood::Bad,
            Some("/findings"),
            Audience::Everybody,
        ),
        card(
            "To be looked at",
            "41",
            "4 more than last week",
            Mood::Warn,
            Some("/findings"),
            Audience::Everybody,
        ),
        card(
            "Services",
            "54",
            "all have an owner",
            Mood::Good,
            Some("/services"),
            Audience::Everybody,
        ),
        card(
            "Waiting for somebody",
            "7",
            "the oldest since 12 days",
            Mood::Waiting,
            None,
            Audience::Everybody,
        ),
        card(
            "Spent this month",
            "$109k",
            "of $250k",
            Mood::Plain,
            None,
            Audience::Everybody,
        ),
        card(
            SECRET,
            "1",
            "dangling",
            Mood::Bad,
            None,
            Audience::Private(Private::Takeovers),
        ),
    ])
}

fn entries() -> Part {
    let entry = |id: &str, when: &str, title: &str, text: &str, mood, audience| Entry {
        id: id.to_owned(),
        at: at(when),
        title: title.to_owned(),
        text: text.to_owned(),
        to: Some(format!("/decisions/{id}")),
        mood,
        audience,
    };
    Part::Entries(vec![
        entry(
            "41",
            "2021-01-14T14:03:00Z",
            "Mail zone delegated to a second provider",
            "Applied in 3 batches; every server answers alike.",
            Mood::Good,
            Audience::Everybody,
        ),
        entry(
            "40",
            "2021-01-12T08:00:00Z",
            "Objection to retiring the old mirror",
            "ada: the mirror still serves 4 % of downloads.",
            Mood::Warn,
            Audience::Everybody,
        ),
        entry(
            "39",
            "2021-01-10T17:45:00Z",
            "Nameserver forgotten by a provider",
            SECRET,
            Mood::Bad,
            Audience::Private(Private::Takeovers),
        ),
        entry(
            "38",
            "2021-01-02T00:00:00Z",
            "Election of the steering committee opened",
            "",
            Mood::Plain,
            Audience::Everybody,
        ),
    ])
}

fn steps() -> Part {
    let step = |state, title: &str, text: &str, when: Option<&str>| Step {
        state,
        title: title.to_owned(),
        text: text.to_owned(),
        at: when.map(at),
    };
    Part::Steps(vec![
        step(
            StepState::Done,
            "Proposed",
            "by ada",
            Some("2021-01-02T10:00:00Z"),
        ),
        step(
            StepState::Now,
            "Approval of sig-infra",
            "1 of 2; grace or linus can give the other",
            Some("2021-01-20T00:00:00Z"),
        ),
        step(StepState::Ahead, "Wait for objections", "72 hours", None),
        step(StepState::Ahead, "Applied", "", None),
    ])
}

fn form() -> Form {
    Form {
        title: "Ask for a DNS record".to_owned(),
        about: "Two of the zone's owners look at it. You get a first answer within three days."
            .to_owned(),
        action: "/desk/dns-record".to_owned(),
        fields: vec![
            Field::line("name", "Name")
                .help("Below one of the community's zones, for example `docs.example.org`."),
            Field {
                problem: Some(
                    "There is no such zone. The zones are example.org and example.net.".to_owned(),
                ),
                ..Field::line("zone", "Zone")
            },
            Field::line("type", "Type").kind(FieldKind::Choice(vec![
                ("A".to_owned(), "A: an address".to_owned()),
                ("CNAME".to_owned(), "CNAME: another name".to_owned()),
            ])),
            Field {
                required: false,
                ..Field::line("why", "What it is for").kind(FieldKind::Lines)
            },
            Field::line("until", "Until when").kind(FieldKind::Day),
            Field::line("read", "I have read the naming rules").kind(FieldKind::Tick),
            Field::line("signature", "Signature").kind(FieldKind::Paste),
            Field::hidden("item", "41"),
        ],
        button: "Ask".to_owned(),
        ..Form::default()
    }
}

fn table() -> Table {
    Table {
        id: "dependencies".into(),
        caption: "What it depends on".to_owned(),
        columns: vec![
            Column::new("to", "Service", ColumnKind::Text, ""),
            Column::new("how", "How", ColumnKind::Text, ""),
            Column::new("share", "Share", ColumnKind::Share, ""),
            Column::new("account", "Account", ColumnKind::Text, ""),
        ],
        rows: (0..4)
            .map(|number| Row {
                key: number.to_string(),
                cells: vec![
                    Cell::link(
                        format!("service-{number}"),
                        format!("/services/service-{number}"),
                    ),
                    Cell::text("reads records through it, and stops when it does"),
                    Cell::new(Value::Share(
                        Decimal::ONE.over(Decimal::whole(number + 2)).unwrap().value,
                    )),
                    Cell::text(SECRET).only(Audience::Private(Private::Accounts)),
                ],
                source: Some(Source {
                    path: "services/a.yaml".to_owned(),
                    line: 3,
                }),
                audience: Audience::Everybody,
            })
            .collect(),
        none: "It depends on nothing.".to_owned(),
    }
}

fn drawing() -> Part {
    let node = |label: &str, link: &str, cluster| diagram::Node {
        id: label.to_owned(),
        label: label.to_owned(),
        detail: "service".to_owned(),
        cluster: Some(cluster),
        link: Some(link.to_owned()),
        ..diagram::Node::default()
    };
    let drawing = diagram::Diagram {
        title: String::new(),
        clusters: vec![
            diagram::Cluster {
                name: "sig-infra".to_owned(),
            },
            diagram::Cluster {
                name: "sig-release".to_owned(),
            },
        ],
        nodes: vec![
            node("dns", "/services/service-1", 0),
            node("mail", "/services/service-2", 0),
            node("mirror", "/services/service-3", 1),
        ],
        edges: vec![
            diagram::Edge {
                from: 1,
                to: 0,
                label: "reads".to_owned(),
                dashed: false,
            },
            diagram::Edge {
                from: 2,
                to: 0,
                label: "needs".to_owned(),
                dashed: true,
            },
        ],
        broken: "optional".to_owned(),
    };
    Part::Picture(Box::new(portal::model::Picture {
        svg: drawing.svg(),
        caption: "What hangs on the name servers".to_owned(),
        figures: table(),
    }))
}

fn chart() -> Part {
    let items: Vec<chart::Item> = ["sig-infra", "sig-release", "sig-docs"]
        .iter()
        .zip([54.0, 23.0, 9.0])
        .map(|(name, number)| chart::Item {
            name: (*name).to_owned(),
            value: chart::Value::new(number, number.to_string()),
            marked: false,
        })
        .collect();
    let about = chart::About {
        id: "by-owner",
        title: "Findings by owner",
        desc: "Most belong to sig-infra.",
        heading: "Owner",
        axis: &|number| number.to_string(),
    };
    Part::Chart(Box::new(chart::ranking(&about, &items, None)))
}

/// A page with every kind of part.
pub(crate) fn page() -> Page {
    let mut page = Page::new(Section::Services, "/services/service-1", "Name servers");
    page.kind = String::from("Service");
    page.summary = String::from(
        "Answer for all names of the community, from two providers that know nothing of each other.",
    );
    page.state = Some((Mood::Warn, "no runbook".to_owned()));
    page.source = Some(Source {
        path: "services/service-1.yaml".to_owned(),
        line: 1,
    });
    page.add(Part::Notice(
        Mood::Warn,
        "Two certificates expire within 14 days.".to_owned(),
        Some(Link::new("See them", "/findings?kind=expiry")),
    ));
    page.add(Part::Notice(
        Mood::Bad,
        "Nobody is on call.".to_owned(),
        None,
    ));
    page.add(cards());
    page.heading("facts", "What is declared");
    page.add(facts());
    page.heading("picture", "What hangs on it");
    page.add(drawing());
    page.add(Part::Table(table()));
    page.add(chart());
    page.heading("changes", "What happened");
    page.add(entries());
    page.heading("steps", "Where the change stands");
    page.add(steps());
    page.say("The plan is applied when all of it is approved.");
    page.add(Part::Quote(
        "We retire the mirror.\n\nIt costs $40 a month and\n  nobody reads it.".to_owned(),
    ));
    page.add(Part::Command {
        about: "Sign the statement with your key, then paste what is printed:".to_owned(),
        text: "commonhold sign --item 41 --act approve <<'END'\nstatement\nEND".to_owned(),
    });
    page.add(Part::Form(form()));
    page.add(Part::Only(
        Audience::Private(Private::Contacts),
        vec![Part::Text(format!("Write to {SECRET}."))],
    ));
    page.add(Part::Folded(
        "How this is computed".to_owned(),
        vec![
            Part::Text("From the bills of the last three months.".to_owned()),
            Part::Only(Audience::SignedIn, vec![Part::Text(SECRET.to_owned())]),
        ],
    ));
    page
}

/// One state of the sample.
pub(crate) struct Sample {
    stamp: Stamp,
    listings: Vec<Listing>,
}

impl Sample {
    /// With so many services.
    pub(crate) fn new(count: usize) -> Self {
        Self {
            stamp: Stamp {
                community: "Example".to_owned(),
                description: "A community.".to_owned(),
                commit: Some("4e928cf0aa11".to_owned()),
                committed: Some(at("2021-01-15T08:00:00Z")),
                read: at("2021-01-15T09:00:00Z"),
                version: "1".to_owned(),
                source_url: "https://forge.example/blob/{commit}/{path}#L{line}".to_owned(),
                only_shows: false,
                trouble: None,
            },
            listings: vec![services(count)],
        }
    }
}

impl Content for Sample {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }

    fn page(&self, path: &str, _reader: &Reader, _now: &AsOf) -> Found {
        match path {
            "/" => {
                let mut page = Page::new(Section::Home, "/", "Example");
                page.add(cards());
                page.add(entries());
                Found::Page(Box::new(page))
            }
            "/services/service-1" => Found::Page(Box::new(page())),
            path => match path.strip_prefix("/services/") {
                Some(key) if self.listings[0].row(key).is_some() => {
                    Found::Page(Box::new(Page::new(Section::Services, path, key)))
                }
                _ => Found::Nothing,
            },
        }
    }

    fn paths(&self) -> Vec<String> {
        vec!["/".to_owned()]
    }

    fn file(&self, _path: &str) -> Option<(&'static str, String)> {
        None
    }
}
