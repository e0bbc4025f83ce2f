//! How a move came to where it is, read from repositories whose past is known.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use commonhold::{Exit, Outcome, Surroundings, clock, run};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::support::{Folder, run_in};

/// A past, as `git fast-import` reads it.
struct Past {
    stream: Vec<u8>,
    mark: usize,
}

/// What a commit does to a file.
enum Does<'t> {
    Writes(&'t str, String),
    Removes(&'t str),
    Renames(&'t str, &'t str),
}

impl Past {
    fn new() -> Self {
        Self {
            stream: Vec::new(),
            mark: 0,
        }
    }

    /// A commit on a branch, made at the noon of a day; gives its mark.
    fn commit(&mut self, branch: &str, day: Date, subject: &str, does: &[Does<'_>]) -> usize {
        self.merge(branch, day, subject, &[], does)
    }

    /// The same, after others: the first of them is where the branch begins, the next is merged.
    fn merge(
        &mut self,
        branch: &str,
        day: Date,
        subject: &str,
        after: &[usize],
        does: &[Does<'_>],
    ) -> usize {
        self.mark += 1;
        let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let mut said = format!("commit refs/heads/{branch}\nmark :{}\n", self.mark);
        said += &format!(
            "committer Ada <ada@example.org> {} +0000\n",
            noon.timestamp().as_second()
        );
        said += &format!("data {}\n{subject}\n", subject.len());
        for (at, mark) in after.iter().enumerate() {
            said += &format!("{} :{mark}\n", if at == 0 { "from" } else { "merge" });
        }
        for one in does {
            said += &match one {
                Does::Writes(path, text) => {
                    format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len())
                }
                Does::Removes(path) => format!("D {path}\n"),
                Does::Renames(from, to) => format!("R {from} {to}\n"),
            };
        }
        self.stream.extend(said.into_bytes());
        self.stream.push(b'\n');
        self.mark
    }

    /// A bare repository with this past.
    fn bare(&self) -> Folder {
        let folder = Folder::new();
        git(
            &folder.0,
            &["init", "--quiet", "--bare", "--initial-branch=main"],
        );
        let mut import = Command::new("git")
            .args(["fast-import", "--quiet", "--date-format=raw"])
            .current_dir(&folder.0)
            .stdin(Stdio::piped())
            .spawn()
            .expect("git");
        let mut told = import.stdin.take().expect("a pipe");
        told.write_all(&self.stream).expect("told");
        drop(told);
        assert!(import.wait().expect("an end").success());
        folder
    }

    /// A repository with files, cloned from that.
    fn checked_out(&self) -> (Folder, Folder) {
        let (bare, folder) = (self.bare(), Folder::new());
        let from = format!("file://{}", bare.0.display());
        git(&folder.0, &["clone", "--quiet", &from, "."]);
        (bare, folder)
    }
}

#[track_caller]
fn git(folder: &Path, words: &[&str]) {
    let done = Command::new("git")
        .args(words)
        .current_dir(folder)
        .output()
        .expect("git");
    assert!(
        done.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn ask(folder: &Path, words: &[&str]) -> Outcome {
    let words = ["commonhold", "migration", "history"].iter().chain(words);
    run(&Surroundings {
        arguments: words.map(Into::into).collect(),
        folder: folder.to_owned(),
        today: date(2026, 12, 1),
        clock: clock::now,
        environment: |_| None,
        patience: std::time::Duration::ZERO,
        progress: |_| {},
        terminal: false,
        no_color: false,
        columns: None,
    })
}

#[track_caller]
fn json(folder: &Path, words: &[&str]) -> Value {
    let words: Vec<&str> = words.iter().copied().chain(["--output", "json"]).collect();
    let said = ask(folder, &words);
    serde_json::from_str(&said.data).unwrap_or_else(|error| panic!("{error}: {}", said.notes))
}

/// A file of jobs that the clock sets off, each with its cluster.
fn jobs(all: &[(&str, &str)]) -> String {
    let job = |(name, cluster): &(&str, &str)| {
        format!(
            "- name: {name}\n  interval: 1h\n  cluster: {cluster}\n  spec: {{containers: [{{image: i}}]}}\n"
        )
    };
    format!("periodics:\n{}", all.iter().map(job).collect::<String>())
}

/// One point: its day and figures by name; what is not named is nothing.
#[track_caller]
fn stands(point: &Value, day: &str, counts: [u64; 3], since: &[(&str, u64)]) {
    assert_eq!(point["day"], day);
    let found = ["total", "moved", "left"].map(|key| point[key].as_u64().unwrap());
    assert_eq!(found, counts, "{day}");
    for (key, value) in point["since"].as_object().unwrap() {
        let expected = since.iter().find(|(name, _)| name == key);
        let expected = expected.map_or(0, |(_, count)| *count);
        assert_eq!(value.as_u64(), Some(expected), "{day}: {key}");
    }
}

const GOAL: [&str; 2] = ["--goal", "cluster == \"new\""];

/// Half a year in which everything happens that makes counting hard.
fn eventful() -> Past {
    use Does::{Removes, Renames, Writes};
    let mut past = Past::new();
    let b = |more: &[(&str, &str)]| {
        let mut all = vec![("b1", "old"), ("b2", "new")];
        all.extend(more);
        jobs(&all)
    };
    let start = [
        Writes("jobs/a.yaml", jobs(&[("a1", "old"), ("a2", "old")])),
        Writes("jobs/b.yaml", b(&[])),
        Writes("README.md", "no job".to_owned()),
    ];
    past.commit("main", date(2026, 1, 5), "Start", &start);
    let moved = [Writes("jobs/a.yaml", jobs(&[("a1", "new"), ("a2", "old")]))];
    past.commit("main", date(2026, 1, 20), "Move a1", &moved);
    let broken = [Writes("jobs/b.yaml", "periodics: [\n".to_owned())];
    past.commit("main", date(2026, 2, 10), "Break b", &broken);
    let gone = [Writes("jobs/a.yaml", jobs(&[("a1", "new")]))];
    past.commit("main", date(2026, 2, 12), "End a2", &gone);
    let mended = [Writes("jobs/b.yaml", b(&[("b3", "old")]))];
    past.commit("main", date(2026, 3, 5), "Mend b", &mended);
    past.commit(
        "main",
        date(2026, 3, 10),
        "Rename the folder",
        &[Renames("jobs", "config/jobs")],
    );
    let back = [Writes(
        "config/jobs/a.yaml",
        jobs(&[("a1", "new"), ("a2", "old")]),
    )];
    past.commit("main", date(2026, 4, 3), "Bring a2 back", &back);
    let renamed = [Writes("config/jobs/b.yaml", b(&[("b4", "old")]))];
    let main = past.commit("main", date(2026, 4, 10), "Call b3 b4", &renamed);
    let side = [Writes("config/jobs/c.yaml", jobs(&[("c1", "old")]))];
    let side = past.merge("side", date(2026, 4, 15), "Add c1", &[main], &side);
    let both = [Writes("config/jobs/c.yaml", jobs(&[("c1", "old")]))];
    let merge = "Merge pull request #7 from ada/side\n\nA job for c";
    past.merge("main", date(2026, 5, 20), merge, &[main, side], &both);
    // The clock of whoever made the second was two days behind.
    let early = [Writes(
        "config/jobs/d.yaml",
        jobs(&[("d1", "old"), ("d2", "new")]),
    )];
    past.commit("main", date(2026, 6, 1), "Add d", &early);
    past.commit(
        "main",
        date(2026, 5, 30),
        "End a",
        &[Removes("config/jobs/a.yaml")],
    );
    past
}

const TREES: [&str; 4] = ["--tree", "jobs", "--tree", "config/jobs"];

#[test]
fn each_number_of_a_known_past_comes_out() {
    let past = eventful().bare();
    let words = [
        "--repo",
        ".",
        "--since",
        "2026-01-06",
        "--until",
        "2026-07-01",
    ];
    let words: Vec<&str> = words.into_iter().chain(GOAL).chain(TREES).collect();
    let said = json(&past.0, &words);
    let points = said["points"].as_array().unwrap();
    assert_eq!(points.len(), 7);
    stands(&points[0], "2026-01-06", [4, 1, 3], &[]);
    stands(&points[1], "2026-02-01", [4, 2, 2], &[("moved", 1)]);
    // What cannot be read is not gone.
    stands(&points[2], "2026-03-01", [3, 2, 1], &[("retired", 1)]);
    assert_eq!(points[2]["unread"], 1);
    // A file in another folder is the same file.
    stands(&points[3], "2026-04-01", [4, 2, 2], &[("added_left", 1)]);
    assert_eq!(points[3]["unread"], 0);
    // One came back, and one has another name.
    stands(
        &points[4],
        "2026-05-01",
        [5, 2, 3],
        &[("added_left", 2), ("retired", 1)],
    );
    // A side counts when it is merged; where clocks go back, the last commit on the way counts.
    let since = [
        ("added_left", 2),
        ("added_moved", 1),
        ("retired", 1),
        ("retired_moved", 1),
    ];
    stands(&points[5], "2026-06-01", [6, 2, 4], &since);
    stands(&points[6], "2026-07-01", [6, 2, 4], &[]);
    assert_eq!(said["sum"]["retired"], 3);
    let by = &points[6]["by"]["cluster"];
    assert_eq!(by["old"]["left"], 4);
    assert_eq!(by["new"]["moved"], 2);
    let notes = said["notes"].to_string();
    assert!(notes.contains("1 could not be read"), "{notes}");
}

#[test]
fn a_repository_with_files_and_a_bare_one_have_one_past() {
    let (bare, files) = eventful().checked_out();
    let words = |repo| -> Vec<&str> {
        ["--repo", repo]
            .into_iter()
            .chain(GOAL)
            .chain(TREES)
            .collect()
    };
    let outside = Folder::new();
    let one = json(&outside.0, &words(bare.0.to_str().unwrap()));
    assert_eq!(one, json(&outside.0, &words(files.0.to_str().unwrap())));
    // From a folder within, paths are still those of the repository.
    assert_eq!(one, json(&files.0.join("config"), &words(".")));
}

#[test]
fn the_greatest_changes_are_found_and_named_by_their_commits() {
    let file = |names: &str, moved: usize, more: usize| {
        let names: Vec<String> = (0..10 + more).map(|at| format!("{names}-{at}")).collect();
        let cluster = |at: usize| if at < moved { "new" } else { "old" };
        let all = names.iter().enumerate();
        let all: Vec<(&str, &str)> = all.map(|(at, name)| (name.as_str(), cluster(at))).collect();
        jobs(&all)
    };
    let merge = "Merge pull request #7 from ada/three\n\nMove three";
    let mut past = Past::new();
    for (day, subject, text) in [
        (date(2026, 1, 5), "Start", file("a", 0, 0)),
        (date(2026, 2, 5), "Call all of them b", file("b", 0, 0)),
        (date(2026, 3, 5), merge, file("b", 3, 0)),
        (date(2026, 3, 6), "Move one more", file("b", 4, 0)),
        (date(2026, 4, 5), "Add five", file("b", 4, 5)),
    ] {
        past.commit("main", day, subject, &[Does::Writes("jobs/a.yaml", text)]);
    }
    let past = past.bare();
    let words = ["--repo", ".", "--tree", "jobs", "--events", "2"];
    let words: Vec<&str> = words.into_iter().chain(GOAL).collect();
    let said = json(&past.0, &words);
    let events = said["events"].as_array().unwrap().iter();
    let events: Vec<&str> = events
        .map(|event| event["what"].as_str().unwrap())
        .collect();
    // What only has a new name is none of them.
    assert_eq!(
        events,
        ["Move three (#7) (3 moved)", "Add five (5 new to be moved)"]
    );
}

/// A job that is copied for each release, and its copies.
fn released(copies: &[&str]) -> String {
    let mut text = String::from(
        "periodics:\n- name: e2e-master\n  interval: 1h\n  cluster: old\n  annotations: {fork-per-release: \"true\"}\n  spec: {containers: [{image: i}]}\n",
    );
    for copy in copies {
        text += &format!(
            "- name: e2e-{copy}\n  interval: 1h\n  cluster: old\n  spec: {{containers: [{{image: i}}]}}\n"
        );
    }
    text
}

#[test]
fn copies_for_a_release_are_counted_apart_when_they_come_and_when_they_end() {
    let mut past = Past::new();
    for (month, copies) in [(1, &["1-29"][..]), (2, &["1-29", "1-30"]), (3, &["1-30"])] {
        let does = [Does::Writes("jobs/e2e.yaml", released(copies))];
        past.commit("main", date(2026, month, 10), "Release", &does);
    }
    let past = past.bare();
    let words: Vec<&str> = ["--repo", ".", "--tree", "jobs"]
        .into_iter()
        .chain(GOAL)
        .collect();
    let said = json(&past.0, &words);
    let points = said["points"].as_array().unwrap();
    stands(
        &points[1],
        "2026-03-01",
        [3, 0, 3],
        &[("added_left", 1), ("copied_left", 1)],
    );
    stands(
        &points[2],
        "2026-03-11",
        [2, 0, 2],
        &[("retired", 1), ("expired", 1)],
    );
}

/// An estate with its own jobs, and a migration of them.
fn estate(months: i8, jobs_of: &dyn Fn(i8) -> String) -> (Folder, Folder) {
    let mut past = Past::new();
    let migration = "title: To the new cluster\nabout: job\ngoal: cluster == \"new\"\nowner: infra\ndue: 2030-01-01\nevents:\n- day: 2023-03-15\n  what: The new cluster is there\n";
    let start = [
        Does::Writes(
            "ours/commonhold.yaml",
            "commonhold: 1\nname: Ours\nsources:\n- format: prow-jobs\n  path: jobs\n".to_owned(),
        ),
        Does::Writes(
            "ours/groups/infra.yaml",
            "title: Infrastructure\n".to_owned(),
        ),
        Does::Writes("ours/migrations/jobs.yaml", migration.to_owned()),
    ];
    past.commit("main", date(2022, 12, 31), "Start", &start);
    for month in 0..months {
        let day = date(2023 + i16::from(month / 12), month % 12 + 1, 10);
        let does = [Does::Writes("ours/jobs/infra/jobs.yaml", jobs_of(month))];
        past.commit("main", day, &format!("Month {month}"), &does);
    }
    past.checked_out()
}

/// So many jobs, of which so many have moved.
fn some(all: i8, moved: i8) -> String {
    let names: Vec<String> = (0..all).map(|at| format!("job-{at}")).collect();
    let of = |at: usize| {
        if at < usize::try_from(moved).unwrap_or(0) {
            "new"
        } else {
            "old"
        }
    };
    let all: Vec<(&str, &str)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), of(at)))
        .collect();
    jobs(&all)
}

#[test]
fn of_an_estate_its_own_past_is_told_with_its_events_owners_and_a_tested_forecast() {
    let (_bare, folder) = estate(36, &|month| some(100, month * 2));
    let said = json(&folder.0.join("ours"), &["--events", "0"]);
    assert_eq!(said["title"], "To the new cluster");
    assert_eq!(said["events"][0]["what"], "The new cluster is there");
    let last = said["points"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (last["moved"].as_u64(), last["left"].as_u64()),
        (Some(70), Some(30))
    );
    assert_eq!(last["by"]["owner"]["infra"]["left"], 30);
    let outlook = &said["outlook"];
    assert_eq!(outlook["state"], "ahead");
    let pace = outlook["a_month"].as_f64().unwrap();
    assert!((pace + 2.0).abs() < 0.2, "{pace}");
    // Thirty are left, two a month go: fifteen months.
    let done = outlook["done"]["p50"].as_str().unwrap();
    assert!(("2027-01-01".."2027-06-01").contains(&done), "{done}");
    let backtest = &outlook["backtest"];
    assert!(backtest["origins"].as_u64().unwrap() >= 8);
    assert!(backtest["off_share"].as_f64() < backtest["no_change_share"].as_f64());
    let text = ask(&folder.0, &["-C", "ours", "jobs"]);
    assert_eq!(text.exit, Exit::Well, "{}", text.notes);
    for says in [
        "WHEN IT IS DONE",
        "It is due on 2030-01-01",
        "How good such forecasts were",
        "BY OWNER",
    ] {
        assert!(text.data.contains(says), "{says}: {}", text.data);
    }
}

#[test]
fn a_report_says_what_was_left_as_each_month_began_where_that_is_asked_for() {
    let (_bare, folder) = estate(4, &|month| some(10, month * 2));
    let ours = folder.0.join("ours");
    let report = |words: &str| -> Value {
        let said = run_in(&ours, &format!("migration report --output json {words}"));
        serde_json::from_str(&said.data).unwrap_or_else(|error| panic!("{error}: {}", said.notes))
    };
    assert_eq!(report("")["months"], serde_json::json!([]));
    let months = report("--since 2023-02-01");
    let left: Vec<(&str, u64)> = months["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|then| {
            (
                then["day"].as_str().unwrap(),
                then["left"].as_u64().unwrap(),
            )
        })
        .collect();
    // The fourth commit is of April, so the day after it is told too.
    assert_eq!(
        left,
        [
            ("2023-02-01", 10),
            ("2023-03-01", 8),
            ("2023-04-01", 6),
            ("2023-04-11", 4)
        ]
    );
    let text = run_in(&ours, "migration report --since 2023-02-01");
    assert!(
        text.data.contains("Things left as each month began"),
        "{}",
        text.data
    );
}

#[test]
fn what_grows_is_not_done_at_this_pace() {
    let (_bare, folder) = estate(30, &|month| some(20 + month * 2, 0));
    let said = json(&folder.0.join("ours"), &["--events", "0"]);
    assert_eq!(said["outlook"]["done"]["p50"], Value::Null);
    assert!(said["outlook"]["a_month"].as_f64().unwrap() > 1.0);
    let text = ask(&folder.0.join("ours"), &["--events", "0"]).data;
    assert!(text.contains("It is not done at this pace."), "{text}");
}

#[test]
fn few_samples_are_told_without_a_forecast() {
    let (_bare, folder) = estate(3, &|month| some(9, month));
    let text = ask(&folder.0.join("ours"), &[]).data;
    assert!(text.contains("too few to say when it is done"), "{text}");
}

#[test]
fn the_page_and_the_drawing_need_no_script_and_have_their_figures() {
    let past = eventful().bare();
    let words = |output| -> Vec<&str> {
        let words = ["--repo", ".", "--output", output];
        words.into_iter().chain(GOAL).chain(TREES).collect()
    };
    let page = ask(&past.0, &words("html")).data;
    assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("<script"));
    assert!(page.contains("retired since the sample before") && page.contains("2026-05-01"));
    let drawing = ask(&past.0, &words("svg")).data;
    assert!(drawing.starts_with("<svg") && drawing.contains("<style>"));
    assert!(drawing.contains("<pattern") && drawing.contains("class=\"ch-mark\""));
    let csv = ask(&past.0, &words("csv")).data;
    assert!(csv.starts_with("day,commit,total,moved,left,added_left"));
    let by: Vec<&str> = words("csv")
        .into_iter()
        .chain(["--by", "cluster"])
        .collect();
    let csv = ask(&past.0, &by).data;
    assert!(csv.starts_with("day,cluster,total,moved,left") && csv.contains(",old,"));
}

#[test]
fn the_same_past_gives_the_same_bytes() {
    let past = eventful().bare();
    let words: Vec<&str> = ["--repo", "."]
        .into_iter()
        .chain(GOAL)
        .chain(TREES)
        .collect();
    let first = ask(&past.0, &words);
    for _ in 0..3 {
        assert_eq!(ask(&past.0, &words), first);
    }
}

#[test]
fn samples_lie_a_week_or_a_day_apart_where_that_is_asked_for() {
    let past = eventful().bare();
    let words = [
        "--repo",
        ".",
        "--since",
        "2026-02-02",
        "--until",
        "2026-02-16",
        "--every",
    ];
    let count = |every: &'static str| {
        let words = words.into_iter().chain([every]).chain(GOAL).chain(TREES);
        let said = json(&past.0, &words.collect::<Vec<_>>());
        said["points"].as_array().unwrap().len()
    };
    assert_eq!((count("week"), count("day"), count("month")), (3, 15, 2));
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_do() {
    let past = eventful().bare();
    let says = |words: &[&str], exit: Exit, what: &str| {
        let said = ask(&past.0, words);
        assert!(
            said.exit == exit && said.notes.contains(what),
            "{words:?}: {said:?}"
        );
    };
    says(
        &["--repo", ".", "--goal", "clutser == \"new\""],
        Exit::Usage,
        "did you mean",
    );
    says(
        &["--repo", "nowhere", GOAL[0], GOAL[1]],
        Exit::Findings,
        "nowhere is not a folder",
    );
    says(
        &["--repo", ".", GOAL[0], GOAL[1], "--tree", "no"],
        Exit::Findings,
        "no file below no held a job",
    );
    says(
        &["--repo", ".", GOAL[0], GOAL[1], "--until", "2020-01-01"],
        Exit::Findings,
        "no commit before 2020-01-01",
    );
    let empty = Folder::new();
    let said = ask(&empty.0, &["--repo", ".", GOAL[0], GOAL[1]]);
    assert!(
        said.notes.contains("no repository of Git"),
        "{}",
        said.notes
    );
    let (_bare, folder) = estate(2, &|_| some(2, 1));
    let said = ask(&folder.0.join("ours"), &["jbos"]);
    assert!(
        said.notes.contains("did you mean `jobs`?"),
        "{}",
        said.notes
    );
}
