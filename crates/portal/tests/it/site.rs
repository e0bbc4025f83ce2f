//! The files of a site.

use std::collections::{BTreeMap, BTreeSet};

use portal::model::{Cell, Link, Listing, Mood, Page, Part, Section};
use portal::site::{self, File};
use portal::{AsOf, Content, Found, Reader, Stamp};

use crate::sample::{SECRET, Sample, services};

const URL: &str = "https://infra.example.org/copy";

/// The sample with names and pages of all kinds that are hard on files.
struct Odd {
    sample: Sample,
    listings: Vec<Listing>,
}

const KEYS: [&str; 9] = [
    "Service-1",
    "../../up",
    ".hidden",
    "a/b",
    "50%",
    "what? #1",
    "nul",
    "back\\slash",
    "Gr\u{fc}\u{df}e",
];

impl Odd {
    fn new(count: usize) -> Self {
        let mut listing = services(count);
        let first = listing.rows[0].clone();
        listing.rows.extend(KEYS.map(|key| {
            let mut row = first.clone();
            row.key = String::from(key);
            row.cells[0] = Cell::text(key);
            row
        }));
        let mut row = first;
        row.key = "long".repeat(100);
        listing.rows.push(row);
        Self {
            sample: Sample::new(0),
            listings: vec![listing],
        }
    }
}

impl Content for Odd {
    fn stamp(&self) -> &Stamp {
        self.sample.stamp()
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }

    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        match path {
            "/old" => Found::Moved("/services/50%".to_owned()),
            "/broken" => Found::Failed("It is broken.".to_owned()),
            "/odd" => {
                let mut page = Page::new(Section::Services, path, "Odd");
                let links = [
                    ("/calendar.ics", "a file"),
                    ("/services/50%25#facts", "a key that has to be encoded"),
                    ("/services?state=moving", "some of a collection"),
                    ("/desk/dns-record", "what needs a server"),
                    ("/nowhere", "nothing"),
                ];
                let links = links.map(|(to, text)| Link::new(text, to));
                for link in links {
                    page.add(Part::Notice(Mood::Plain, String::new(), Some(link)));
                }
                Found::Page(Box::new(page))
            }
            path => match path.strip_prefix("/services/") {
                Some("service-1") => self.sample.page(path, reader, now),
                Some(key) if self.listings[0].row(key).is_some() => {
                    Found::Page(Box::new(Page::new(Section::Services, path, key)))
                }
                Some(_) => Found::Nothing,
                None => self.sample.page(path, reader, now),
            },
        }
    }

    fn paths(&self) -> Vec<String> {
        // A row that is not for everybody is not, whoever names it.
        [
            "/",
            "/old",
            "/broken",
            "/odd",
            "/nowhere",
            "/services/service-9",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn file(&self, path: &str) -> Option<(&'static str, String)> {
        (path == "/calendar.ics").then(|| ("text/calendar", "BEGIN:VCALENDAR\r\n".to_owned()))
    }
}

fn made(content: &dyn Content, url: &str) -> BTreeMap<String, Vec<u8>> {
    let now = "2021-01-15T09:00:00Z".parse().unwrap();
    let files = site::files(content, url, now);
    let count = files.len();
    let files: BTreeMap<String, Vec<u8>> = files
        .into_iter()
        .map(|File { path, bytes }| (path, bytes))
        .collect();
    assert_eq!(files.len(), count);
    files
}

fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, path: &str) -> &'f str {
    let bytes = files
        .get(path)
        .unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(bytes).unwrap()
}

/// What links and sources of a page name.
fn links(page: &str) -> Vec<String> {
    let named = [" href=\"", " src=\"", " action=\""];
    let all = named.iter().flat_map(|named| page.split(named).skip(1));
    all.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect()
}

/// The file that a link on another leads to.
fn led(from: &str, link: &str) -> String {
    let base = url::Url::parse("file:///site/").unwrap();
    let to = base.join(from).unwrap().join(link).unwrap();
    to.path()
        .strip_prefix("/site/")
        .unwrap_or_else(|| panic!("{link} leads out of the site"))
        .to_owned()
}

/// Every link on every page to a file of the site leads to one.
fn assert_linked(files: &BTreeMap<String, Vec<u8>>) {
    let mut followed = 0;
    for path in files
        .keys()
        .filter(|path| path.ends_with(".html") && *path != "404.html")
    {
        for link in links(text(files, path)) {
            if ["https://", "http://", "mailto:"]
                .iter()
                .any(|scheme| link.starts_with(scheme))
            {
                continue;
            }
            assert!(
                !link.is_empty() && !link.starts_with('/'),
                "{path}: {link:?}"
            );
            let (to, place) = link.split_once('#').unwrap_or((&link, ""));
            let to = if to.is_empty() {
                path.clone()
            } else {
                led(path, to)
            };
            assert!(files.contains_key(&to), "{path}: {link} leads to no file");
            let is_there = place.is_empty()
                || link.len() > place.len() + 1
                || text(files, &to).contains(&format!("id=\"{place}\""));
            assert!(is_there, "{path}: {link} leads to no place");
            followed += 1;
        }
    }
    assert!(followed > files.len());
}

#[test]
fn every_link_leads_to_a_file_of_the_site() {
    assert_linked(&made(&Sample::new(60), ""));
    assert_linked(&made(&Sample::new(60), URL));
    assert_linked(&made(&Odd::new(20), URL));
}

#[test]
fn what_is_not_for_everybody_is_in_no_file() {
    for (path, bytes) in made(&Odd::new(40), URL) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(SECRET), "{path}");
        assert!(
            !path.contains("service-9") && !text.contains("service-9"),
            "{path}"
        );
    }
}

#[test]
fn the_same_state_gives_the_same_bytes() {
    assert_eq!(made(&Odd::new(30), URL), made(&Odd::new(30), URL));
}

#[test]
fn every_page_has_its_data_and_its_tables_beside_it() {
    let files = made(&Sample::new(12), URL);
    for path in [
        "index.html",
        "index.json",
        "index.atom",
        "services/index.html",
        "services.json",
        "services.csv",
        "services.atom",
        "services/service-1/index.html",
        "services/service-1.json",
        "services/service-1.atom",
        "services/service-1.dependencies.csv",
        "search/index.html",
        "404.html",
        "sitemap.xml",
        "robots.txt",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(
        text(&files, "services/service-1/index.html")
            .contains("href=\"../service-1.dependencies.csv\"")
    );
    assert!(text(&files, "services.csv").lines().count() > 10);
    let map = text(&files, "sitemap.xml");
    assert!(map.contains("/services/service-1/index.html</loc>"));
    assert!(!map.contains("404.html") && !map.contains(".json"));
}

#[test]
fn without_an_address_there_is_nothing_that_needs_one() {
    let files = made(&Sample::new(12), "");
    let whole =
        |path: &String| path.ends_with(".atom") || path.ends_with(".xml") || path == "robots.txt";
    assert_eq!(files.keys().find(|path| whole(path)), None);
}

#[test]
fn names_are_safe_on_every_file_system() {
    let files = made(&Odd::new(20), URL);
    let mut seen = BTreeSet::new();
    for path in files.keys() {
        for name in path.split('/') {
            assert!(
                !name.is_empty() && !name.starts_with('.') && name.len() <= 220,
                "{path}"
            );
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~@+,=".contains(&byte)),
                "{path}"
            );
        }
        assert!(
            seen.insert(path.to_lowercase()),
            "{path} is there twice where case is ignored"
        );
    }
    for title in KEYS.map(|key| format!("<h1>{key}</h1>")) {
        assert!(
            files
                .values()
                .any(|bytes| String::from_utf8_lossy(bytes).contains(&title)),
            "{title}"
        );
    }
}

#[test]
fn a_page_that_moved_says_where_it_is_and_one_that_failed_is_left_out() {
    let files = made(&Odd::new(3), URL);
    assert!(text(&files, "old/index.html").contains("href=\"../services/50~25/index.html\""));
    assert!(
        !files
            .keys()
            .any(|path| path.starts_with("broken") || path.starts_with("nowhere"))
    );
}

#[test]
fn a_linked_file_is_there_and_what_needs_a_server_is_no_link() {
    let files = made(&Odd::new(3), URL);
    assert_eq!(text(&files, "calendar.ics"), "BEGIN:VCALENDAR\r\n");
    let page = text(&files, "odd/index.html");
    let mut links = links(page);
    links
        .retain(|link| link.contains("50~25") || link.contains("desk") || link.contains("nowhere"));
    assert_eq!(links, ["../services/50~25/index.html#facts"]);
    assert!(!page.contains("sign-in") && !page.contains("<form") && !page.contains("<script"));
}

#[test]
fn a_page_for_addresses_at_which_nothing_is_links_from_anywhere() {
    for link in links(text(&made(&Sample::new(3), URL), "404.html")) {
        assert!(link.starts_with(URL) || link.starts_with('#'), "{link}");
    }
}

#[test]
fn a_collection_of_many_rows_has_several_pages_with_all_of_them() {
    let files = made(&Odd::new(5_600), "");
    assert!(text(&files, "services/index.html").contains("href=\"page-2.html\""));
    let second = text(&files, "services/page-2.html");
    assert!(second.contains("href=\"index.html\"") && !second.contains("page-3"));
    let rows = |page: &str| page.matches("<th scope=\"row\">").count();
    let all = rows(text(&files, "services/index.html")) + rows(second);
    assert_eq!(all, 5_600 - 560 + KEYS.len() + 1);
}
