//! What is counted, in the words of OpenMetrics.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;

use super::guard::is_sign_in;
use super::house::locked;
use super::path::Form;
use crate::{Stamp, sitemap};

/// The type of what [`Measures::exposition`] says.
pub(super) const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the durations that are counted together, in milliseconds.
const ENDS: [u64; 12] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000];

/// What kind of request it is: few, so that what is counted stays little, whatever is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Home,
    List,
    Page,
    Data,
    Search,
    Asset,
    Api,
    Desk,
    SignIn,
    Health,
}

impl Class {
    pub(super) fn of(path: &str) -> Self {
        let first = path.trim_start_matches('/').split('/').next();
        match first.unwrap_or_default() {
            "" => Self::Home,
            "assets" | "robots.txt" => Self::Asset,
            "api" => Self::Api,
            "search" => Self::Search,
            "desk" => Self::Desk,
            "healthz" | "readyz" | "metrics" => Self::Health,
            _ if sitemap::is_named(path) => Self::Asset,
            _ if is_sign_in(path) => Self::SignIn,
            _ if Form::of(path).is_some() => Self::Data,
            _ if path[1..].contains('/') => Self::Page,
            _ => Self::List,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::List => "list",
            Self::Page => "page",
            Self::Data => "data",
            Self::Search => "search",
            Self::Asset => "asset",
            Self::Api => "api",
            Self::Desk => "desk",
            Self::SignIn => "sign-in",
            Self::Health => "health",
        }
    }
}

/// How long requests of a class took.
#[derive(Debug, Default, Clone)]
struct Durations {
    counts: [u64; ENDS.len()],
    count: u64,
    sum: Duration,
}

/// What is counted while the server runs.
#[derive(Debug)]
pub(crate) struct Measures {
    run: u32,
    requests: Mutex<BTreeMap<(Class, u16), u64>>,
    durations: Mutex<BTreeMap<Class, Durations>>,
    under_way: AtomicI64,
    found: AtomicU64,
    missed: AtomicU64,
}

impl Default for Measures {
    fn default() -> Self {
        let mut run = [0; 4];
        // Without chance, ids of requests begin anew with each run; nothing depends on that they do not.
        let _ = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut run);
        Self {
            run: u32::from_be_bytes(run),
            requests: Mutex::default(),
            durations: Mutex::default(),
            under_way: AtomicI64::default(),
            found: AtomicU64::default(),
            missed: AtomicU64::default(),
        }
    }
}

impl Measures {
    /// What tells this run of the program from others.
    pub(super) fn run(&self) -> u32 {
        self.run
    }

    pub(super) fn begun(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, class: Class, status: StatusCode, took: Duration) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        *locked(&self.requests)
            .entry((class, status.as_u16()))
            .or_default() += 1;
        let mut durations = locked(&self.durations);
        let of = durations.entry(class).or_default();
        let millis = u64::try_from(took.as_micros())
            .unwrap_or(u64::MAX)
            .div_ceil(1_000);
        if let Some(at) = ENDS.iter().position(|end| millis <= *end) {
            of.counts[at] += 1;
        }
        of.count += 1;
        of.sum += took;
    }

    pub(super) fn looked_up(&self, found: bool) {
        let count = if found { &self.found } else { &self.missed };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// All of it, with what is told by others.
    pub(super) fn exposition(&self, told: &Told<'_>) -> String {
        let mut text = Exposition::default();
        text.family(
            "portal_requests",
            "counter",
            "",
            "Requests that were answered, by what they asked for and how it ended.",
        );
        for ((class, status), count) in locked(&self.requests).iter() {
            let labels = format!("class=\"{}\",status=\"{status}\"", class.word());
            text.sample("portal_requests_total", &labels, *count);
        }
        text.family(
            "portal_request_duration_seconds",
            "histogram",
            "seconds",
            "How long answers took to be made.",
        );
        for (class, of) in locked(&self.durations).iter() {
            text.histogram("portal_request_duration_seconds", class.word(), of);
        }
        let count = |count: &AtomicI64| count.load(Ordering::Relaxed);
        text.gauge(
            "portal_requests_under_way",
            "",
            "Requests that are being answered.",
            count(&self.under_way),
        );
        text.family(
            "portal_page_cache",
            "counter",
            "",
            "Pages looked for among those that are rendered already.",
        );
        for (found, count) in [("hit", &self.found), ("miss", &self.missed)] {
            text.sample(
                "portal_page_cache_total",
                &format!("found=\"{found}\""),
                count.load(Ordering::Relaxed),
            );
        }
        told.expose(&mut text);
        text.0.push_str("# EOF\n");
        text.0
    }
}

/// What others know that is told with it.
pub(super) struct Told<'t> {
    pub(super) stamp: &'t Stamp,
    pub(super) now: Timestamp,
    /// How many rendered pages are in memory.
    pub(super) kept: usize,
    /// How often a newer state took the place of one.
    pub(super) reloads: u64,
    /// How many sessions are kept, if that could be told.
    pub(super) sessions: Option<usize>,
    /// Bytes of memory that the program holds, if that could be told.
    pub(super) memory: Option<u64>,
}

impl Told<'_> {
    fn expose(&self, text: &mut Exposition) {
        let stamp = self.stamp;
        text.family(
            "portal_state",
            "info",
            "",
            "The state of the estate that is shown.",
        );
        let commit = stamp.commit.as_deref().unwrap_or_default();
        let labels = format!(
            "commit=\"{}\",version=\"{}\"",
            escaped(commit),
            escaped(&stamp.version)
        );
        text.sample("portal_state_info", &labels, 1);
        text.family("portal_build", "info", "", "The program.");
        text.sample(
            "portal_build_info",
            concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""),
            1,
        );
        let age = |at: Timestamp| self.now.as_second() - at.as_second();
        text.gauge(
            "portal_state_age_seconds",
            "seconds",
            "How long ago the state that is shown was read.",
            age(stamp.read),
        );
        if let Some(committed) = stamp.committed {
            text.gauge(
                "portal_commit_age_seconds",
                "seconds",
                "How long ago what is shown was committed.",
                age(committed),
            );
        }
        text.gauge(
            "portal_trouble",
            "",
            "Whether something keeps a newer state from being shown.",
            i64::from(stamp.trouble.is_some()),
        );
        text.gauge(
            "portal_pages_kept",
            "",
            "Rendered pages that are in memory.",
            self.kept,
        );
        text.family(
            "portal_reloads",
            "counter",
            "",
            "Newer states that took the place of one.",
        );
        text.sample("portal_reloads_total", "", self.reloads);
        if let Some(sessions) = self.sessions {
            text.gauge(
                "portal_sessions",
                "",
                "Sessions that are in force.",
                sessions,
            );
        }
        if let Some(memory) = self.memory {
            text.gauge(
                "process_resident_memory_bytes",
                "bytes",
                "Memory that the program holds.",
                memory,
            );
        }
    }
}

/// A text in the making.
#[derive(Debug, Default)]
struct Exposition(String);

impl Exposition {
    fn family(&mut self, name: &str, kind: &str, unit: &str, help: &str) {
        let _ = writeln!(self.0, "# TYPE {name} {kind}");
        if !unit.is_empty() {
            let _ = writeln!(self.0, "# UNIT {name} {unit}");
        }
        let _ = writeln!(self.0, "# HELP {name} {help}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }

    fn gauge(&mut self, name: &str, unit: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, "gauge", unit, help);
        self.sample(name, "", value);
    }

    fn histogram(&mut self, name: &str, class: &str, of: &Durations) {
        let mut so_far = 0;
        for (end, count) in ENDS.iter().zip(of.counts) {
            so_far += count;
            let labels = format!("class=\"{class}\",le=\"{}\"", seconds(*end));
            self.sample(&format!("{name}_bucket"), &labels, so_far);
        }
        self.sample(
            &format!("{name}_bucket"),
            &format!("class=\"{class}\",le=\"+Inf\""),
            of.count,
        );
        let label = format!("class=\"{class}\"");
        self.sample(&format!("{name}_sum"), &label, of.sum.as_secs_f64());
        self.sample(&format!("{name}_count"), &label, of.count);
    }
}

/// As the canonical numbers of OpenMetrics: `0.001`, `1.0`.
fn seconds(millis: u64) -> String {
    let text = format!("{}.{:03}", millis / 1_000, millis % 1_000);
    let short = text.trim_end_matches('0');
    if short.ends_with('.') {
        format!("{short}0")
    } else {
        short.to_owned()
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// Bytes of memory that the program holds, where the system tells.
pub(super) fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exposition() -> String {
        let measures = Measures::default();
        for millis in [0, 1, 3, 40, 70_000] {
            measures.begun();
            measures.ended(Class::Page, StatusCode::OK, Duration::from_millis(millis));
        }
        measures.looked_up(true);
        let stamp = Stamp {
            commit: Some("a\"b\\c\nd".to_owned()),
            ..Stamp::default()
        };
        measures.exposition(&Told {
            stamp: &stamp,
            now: Timestamp::UNIX_EPOCH,
            kept: 1,
            reloads: 2,
            sessions: Some(3),
            memory: Some(4096),
        })
    }

    /// What the standard asks of a text, as far as we use it.
    fn parse(text: &str) -> BTreeMap<String, String> {
        let body = text.strip_suffix("# EOF\n").expect("it ends with EOF");
        let (mut family, mut kind, mut seen, mut samples) =
            (String::new(), String::new(), Vec::new(), BTreeMap::new());
        for line in body.lines() {
            if let Some(said) = line.strip_prefix("# ") {
                let mut words = said.splitn(3, ' ');
                let (what, name, rest) = (
                    words.next().unwrap(),
                    words.next().unwrap(),
                    words.next().unwrap(),
                );
                match what {
                    "TYPE" => {
                        assert!(!seen.contains(&name.to_owned()), "{name} twice");
                        seen.push(name.to_owned());
                        (family, kind) = (name.to_owned(), rest.to_owned());
                    }
                    "UNIT" => assert!(
                        name == family && name.ends_with(&format!("_{rest}")),
                        "{line}"
                    ),
                    "HELP" => assert_eq!(name, family),
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (name, value) = line.rsplit_once(' ').expect("a value");
            let bare = name.split('{').next().unwrap();
            let ends: &[&str] = match kind.as_str() {
                "counter" => &["_total"],
                "info" => &["_info"],
                "histogram" => &["_bucket", "_sum", "_count"],
                _ => &[""],
            };
            assert!(
                ends.iter().any(|end| bare == format!("{family}{end}")),
                "{line} in {family}"
            );
            assert!(name.len() == bare.len() || name.ends_with('}'), "{line}");
            let value = value.to_owned();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            assert!(
                samples.insert(name.to_owned(), value).is_none(),
                "{line} twice"
            );
        }
        samples
    }

    #[test]
    fn the_exposition_keeps_to_the_standard() {
        let samples = parse(&exposition());
        assert!(samples["portal_requests_total{class=\"page\",status=\"200\"}"] == "5");
        assert!(samples["portal_page_cache_total{found=\"hit\"}"] == "1");
        assert!(
            samples
                .keys()
                .any(|name| name.contains("commit=\"a\\\"b\\\\c\\nd\""))
        );
    }

    #[test]
    fn buckets_hold_all_that_took_no_longer() {
        let samples = parse(&exposition());
        let bucket = |end: &str| {
            let name =
                format!("portal_request_duration_seconds_bucket{{class=\"page\",le=\"{end}\"}}");
            samples[&name].clone()
        };
        let ends = ["0.001", "0.005", "0.05", "30.0", "+Inf"];
        assert_eq!(ends.map(bucket), ["2", "3", "4", "4", "5"]);
    }

    #[test]
    fn every_path_is_of_one_of_few_classes() {
        for (path, class) in [
            ("/", Class::Home),
            ("/services", Class::List),
            ("/services/dns", Class::Page),
            ("/services.json", Class::Data),
            ("/search", Class::Search),
            ("/sign-in/key", Class::SignIn),
            ("/sign-inside", Class::List),
            ("/api/v1/services.json", Class::Api),
            ("/assets/style-1.css", Class::Asset),
            ("/metrics", Class::Health),
        ] {
            assert_eq!(Class::of(path), class, "{path}");
        }
    }

    #[test]
    fn the_program_knows_how_much_memory_it_holds() {
        assert!(memory().is_none_or(|bytes| bytes > 1 << 20));
    }
}
