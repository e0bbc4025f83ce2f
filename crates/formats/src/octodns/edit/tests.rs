use std::path::{Path, PathBuf};

use base::{SourceMap, Spanned};
use estate::records::{RecordData, RecordSets};
use estate::{MemoryTree, Tree as _};
use proptest::prelude::*;

use super::*;

fn zone() -> DomainName {
    DomainName::absolute("example.org.").unwrap()
}

fn set(rtype: &str, ttl: u32, data: &[&str]) -> RecordSet {
    let rtype: RecordType = rtype.parse().unwrap();
    let data = data
        .iter()
        .map(|text| RecordData::parse(rtype, text, &zone()).unwrap());
    RecordSet::new(ttl, data.collect())
}

fn change(name: &str, rtype: &str, to: Option<RecordSet>) -> Edit {
    let name = match name {
        "" => zone(),
        name => DomainName::in_file(name, &zone()).unwrap(),
    };
    Edit {
        key: RecordKey::new(name, rtype.parse().unwrap()),
        to,
        comment: None,
    }
}

fn put(text: &str, name: &str, rtype: &str, ttl: u32, data: &[&str]) -> String {
    let edit = change(name, rtype, Some(set(rtype, ttl, data)));
    super::edit(text, &zone(), &[edit], Conventions::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn remove(text: &str, name: &str, rtype: &str) -> String {
    let edit = change(name, rtype, None);
    super::edit(text, &zone(), &[edit], Conventions::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

const FILE: &str = "\
# The zone
'':
  - type: A
    value: 192.0.2.1 # where we live
  - type: MX
    values:
    - exchange: mx1.example.org.
      preference: 1
    # the spare
    - exchange: mx2.example.org.
      preference: 5
www:
  type: CNAME
  value: example.org.

# Where downloads are
dl:
  type: A
  ttl: 300 # short
  values:
  - 192.0.2.2
get:
  type: A
  value: 192.0.2.3

# Packages, said of pkgs alone
pkgs:
  type: AAAA
  value: \"2001:db8::1\"
";

#[test]
fn a_value_is_changed_and_its_comment_stays() {
    let changed = put(FILE, "", "A", 3600, &["192.0.2.9"]);
    assert_eq!(changed, FILE.replace("192.0.2.1 #", "192.0.2.9 #"));
    let changed = put(FILE, "pkgs", "AAAA", 3600, &["2001:db8::2"]);
    assert_eq!(changed, FILE.replace("db8::1", "db8::2"));
    let changed = put(FILE, "dl", "A", 60, &["192.0.2.2"]);
    assert_eq!(changed, FILE.replace("ttl: 300 #", "ttl: 60 #"));
    let changed = put(FILE, "", "MX", 3600, &["1 mx1", "9 mx2"]);
    assert_eq!(changed, FILE.replace("preference: 5", "preference: 9"));
}

#[test]
fn one_value_becomes_several_and_several_fewer() {
    let changed = put(FILE, "", "A", 3600, &["192.0.2.1", "192.0.2.9"]);
    let expected = "    values:\n    - 192.0.2.1 # where we live\n    - 192.0.2.9\n";
    assert_eq!(
        changed,
        FILE.replace("    value: 192.0.2.1 # where we live\n", expected)
    );
    let changed = put(FILE, "dl", "A", 300, &["192.0.2.2", "192.0.2.7"]);
    assert_eq!(
        changed,
        FILE.replace("  - 192.0.2.2\n", "  - 192.0.2.2\n  - 192.0.2.7\n")
    );
    let changed = put(FILE, "", "MX", 3600, &["1 mx1"]);
    let gone = "    # the spare\n    - exchange: mx2.example.org.\n      preference: 5\n";
    assert_eq!(changed, FILE.replace(gone, ""));
}

#[test]
fn a_ttl_finds_its_place() {
    let changed = put(FILE, "get", "A", 60, &["192.0.2.3"]);
    let expected = "get:\n  ttl: 60\n  type: A\n";
    assert_eq!(changed, FILE.replace("get:\n  type: A\n", expected));
    let changed = put(FILE, "", "A", 60, &["192.0.2.1"]);
    assert_eq!(
        changed,
        FILE.replace("- type: A\n", "- ttl: 60\n    type: A\n")
    );
}

#[test]
fn a_type_joins_a_name() {
    let changed = put(FILE, "get", "AAAA", 3600, &["2001:db8::3"]);
    let expected =
        "get:\n  - type: A\n    value: 192.0.2.3\n  - type: AAAA\n    value: '2001:db8::3'\n";
    assert_eq!(
        changed,
        FILE.replace("get:\n  type: A\n  value: 192.0.2.3\n", expected)
    );
    let changed = put(FILE, "", "TXT", 60, &["\"a; b\""]);
    let expected = "      preference: 5\n  - ttl: 60\n    type: TXT\n    value: a\\; b\nwww:";
    assert_eq!(changed, FILE.replace("      preference: 5\nwww:", expected));
    let flow = "a: {type: A, value: 192.0.2.1} # x\nb: {type: A, value: 192.0.2.1}\n";
    let changed = put(flow, "a", "AAAA", 3600, &["2001:db8::3"]);
    let expected =
        "a:\n- {type: A, value: 192.0.2.1} # x\n- type: AAAA\n  value: '2001:db8::3'\nb: ";
    assert!(changed.starts_with(expected), "{changed}");
}

#[test]
fn a_type_and_a_name_go_with_their_comments_and_no_others() {
    let changed = remove(FILE, "", "MX");
    let (start, end) = (
        FILE.find("  - type: MX").unwrap(),
        FILE.find("www:").unwrap(),
    );
    assert_eq!(changed, format!("{}{}", &FILE[..start], &FILE[end..]));
    // The comment is the heading of both names.
    let changed = remove(FILE, "dl", "A");
    let (start, end) = (FILE.find("dl:").unwrap(), FILE.find("get:").unwrap());
    assert_eq!(changed, format!("{}{}", &FILE[..start], &FILE[end..]));
    let changed = remove(FILE, "pkgs", "AAAA");
    assert_eq!(changed, FILE[..FILE.find("\n# Packages").unwrap()]);
    let own = "a:\n  type: A\n  value: 192.0.2.1\n# of b\nb:\n  type: A\n  value: 192.0.2.1\nc:\n  type: A\n  value: 192.0.2.1\n";
    assert_eq!(
        remove(own, "b", "A"),
        own.replace("# of b\nb:\n  type: A\n  value: 192.0.2.1\n", "")
    );
    assert_eq!(
        remove("---\na:\n  type: A\n  value: 192.0.2.1\n", "a", "A"),
        "---\n{}\n"
    );
}

#[test]
fn a_new_name_goes_where_the_order_puts_it_or_to_its_kin() {
    let sorted = "---\na:\n  type: A\n  value: 192.0.2.1\n\nb10:\n  type: A\n  value: 192.0.2.1\n";
    let changed = put(sorted, "b2", "CNAME", 60, &["x"]);
    let new = "\nb2:\n  ttl: 60\n  type: CNAME\n  value: x.example.org.\n\nb10:";
    assert_eq!(changed, sorted.replace("\nb10:", new));
    let changed = put(sorted, "*.a", "A", 3600, &["192.0.2.1"]);
    assert!(
        changed.starts_with("---\n'*.a':\n  type: A\n  value: 192.0.2.1\n\na:\n"),
        "{changed}"
    );
    let changed = put(FILE, "x.dl", "A", 3600, &["192.0.2.1"]);
    assert!(
        changed.contains("- 192.0.2.2\nx.dl:\n  type: A\n  value: 192.0.2.1\nget:"),
        "{changed}"
    );
    let mut new = change("zzz", "TXT", Some(set("TXT", 3600, &["\"a\"", "\"b\""])));
    new.comment = Some("For tests\nand \u{7}more".to_owned());
    let changed = super::edit(FILE, &zone(), &[new], Conventions::default()).unwrap();
    let added = "# For tests\n# and \\u{7}more\nzzz:\n  type: TXT\n  values:\n  - a\n  - b\n";
    assert_eq!(changed, format!("{FILE}{added}"));
}

#[test]
fn files_without_records_take_a_first() {
    let record = "a:\n  type: A\n  value: 192.0.2.1\n";
    for (before, after) in [
        ("", record.to_owned()),
        ("# Nothing\n", format!("# Nothing\n{record}")),
        ("---\n{}\n", format!("---\n{record}")),
        ("--- {}\n", format!("--- \n{record}")),
    ] {
        assert_eq!(put(before, "a", "A", 3600, &["192.0.2.1"]), after);
    }
}

#[test]
fn ends_of_lines_marks_and_a_missing_last_newline_stay() {
    let windows = FILE.replace('\n', "\r\n");
    let changed = put(&windows, "get", "AAAA", 60, &["2001:db8::3"]);
    assert_eq!(
        changed,
        put(FILE, "get", "AAAA", 60, &["2001:db8::3"]).replace('\n', "\r\n")
    );
    assert_eq!(
        remove(&windows, "dl", "A"),
        remove(FILE, "dl", "A").replace('\n', "\r\n")
    );
    let marked = format!("\u{feff}{FILE}");
    assert_eq!(
        remove(&marked, "dl", "A"),
        format!("\u{feff}{}", remove(FILE, "dl", "A"))
    );
    let short = "\u{feff}a:\n  type: A\n  value: 192.0.2.1";
    assert_eq!(
        put(short, "a", "A", 3600, &["192.0.2.5"]),
        short.replace("2.1", "2.5")
    );
    let added = put(short, "b", "A", 3600, &["192.0.2.5"]);
    assert_eq!(added, format!("{short}\nb:\n  type: A\n  value: 192.0.2.5"));
}

#[test]
fn records_in_brackets_are_changed_in_brackets() {
    let file = "a: {type: A, value: 192.0.2.1} # x\nb:\n- {type: MX, values: [{exchange: x.example.org., preference: 1}]}\n";
    let changed = put(file, "a", "A", 60, &["192.0.2.2", "192.0.2.3"]);
    let expected = "a: {ttl: 60, type: A, values: [192.0.2.2, 192.0.2.3]} # x";
    assert!(changed.starts_with(expected), "{changed}");
    let changed = put(file, "b", "MX", 3600, &["1 x", "2 y"]);
    assert!(
        changed.contains("1}, {exchange: y.example.org., preference: 2}]}"),
        "{changed}"
    );
}

#[test]
fn what_else_a_record_says_stays() {
    let file = "a:\n  octodns:\n    lenient: true\n    cloudflare: {proxied: true}\n  type: A\n  value: 192.0.2.1\n  commonhold: {purpose: 'x'}\n";
    let changed = put(file, "a", "A", 3600, &["192.0.2.2"]);
    assert_eq!(changed, file.replace("2.1", "2.2"));
}

#[test]
fn what_cannot_be_changed_safely_is_refused() {
    let record = |name: &str| change(name, "A", Some(set("A", 60, &["192.0.2.7"])));
    for (file, edit, reason) in [
        (
            "a: &x {type: A, value: 192.0.2.1}\nb: *x\n",
            record("b"),
            "shares what it says",
        ),
        (
            "a: &x {type: A, value: 192.0.2.1}\nb: *x\n",
            record("a"),
            "shares what it says",
        ),
        (
            "a: &x\n  type: A\n  value: 192.0.2.1\nb:\n  <<: *x\n",
            record("b"),
            "shares",
        ),
        ("a: !include x.yaml\n", record("a"), "shares"),
        ("a: {b\n", record("a"), "cannot be read"),
        ("- a\n", record("a"), "maps no names"),
        (
            "{a: {type: AAAA, value: '::1'}}\n",
            record("b"),
            "cannot change",
        ),
        ("a: {}\n", change("b", "A", None), "does not declare it"),
        (
            "a:\n  type: A\n  value: 192.0.2.1\n  values: [192.0.2.1]\n",
            record("a"),
            "cannot change",
        ),
        (
            "a: 1\n",
            change("a.example.net.", "A", None),
            "is not in example.org.",
        ),
    ] {
        let error = super::edit(file, &zone(), &[edit], Conventions::default());
        let error = error.expect_err(file).to_string();
        assert!(error.contains(reason), "{file}: {error}");
    }
}

fn real_files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = root.join("kubernetes/k8s.io/dns/zone-configs");
    let Ok(listed) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no zone files at {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = listed.map(|file| file.unwrap().path()).collect();
    files.sort();
    let text = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).ok()?;
        text.contains("type:").then_some((path, text))
    };
    files.into_iter().filter_map(text).collect()
}

fn read(text: &str) -> RecordSets {
    let mut sources = SourceMap::default();
    let nowhere = base::Span::start_of(sources.add("", ""));
    let mut item = verify::settings(Conventions::default(), nowhere);
    item.records = vec![Spanned::new("zone.yaml".to_owned(), nowhere)];
    let item = estate::Item {
        name: zone().undotted().to_owned(),
        span: nowhere,
        value: item,
    };
    let tree = MemoryTree::default().with("zone.yaml", text);
    assert!(tree.read("zone.yaml").is_ok());
    let reading = crate::octodns::read_zone(&item, &tree, &mut sources);
    let zone = reading
        .zone
        .unwrap_or_else(|| panic!("{:?}\n{text}", reading.findings));
    let sets = zone.sets.into_iter();
    sets.map(|(key, declared)| (key, declared.set)).collect()
}

/// The lines that an edit took away and brought, without empty ones.
fn touched<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old[same..].iter().rev().zip(new[same..].iter().rev());
    let tail = rest.take_while(|(a, b)| a == b).count();
    let said = |lines: &[&'t str]| {
        lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .copied()
            .collect()
    };
    (
        said(&old[same..old.len() - tail]),
        said(&new[same..new.len() - tail]),
    )
}

/// Every record set of every real file is deleted, changed, given a TTL and joined by another;
/// nothing beyond its own lines moves.
#[test]
fn in_real_files_only_the_lines_of_the_record_change() {
    let mut edits = 0;
    for (path, text) in real_files() {
        let before = read(&text);
        for (key, old) in &before {
            let mut more = old.data().to_vec();
            let spare = RecordData::parse(RecordType::A, "203.0.113.7", &zone()).unwrap();
            let addresses = key.rtype == RecordType::A;
            if addresses {
                more.push(spare.clone());
            }
            let wanted = [
                None,
                Some(RecordSet::new(old.ttl + 7, old.data().to_vec())),
                addresses.then(|| RecordSet::new(old.ttl, vec![spare])),
                addresses.then(|| RecordSet::new(old.ttl, more)),
                (old.data().len() > 1).then(|| RecordSet::new(old.ttl, old.data()[1..].to_vec())),
            ];
            for (at, to) in wanted.into_iter().enumerate() {
                if at > 0 && to.is_none() {
                    continue;
                }
                let edit = Edit {
                    key: key.clone(),
                    to: to.clone(),
                    comment: None,
                };
                let after = super::edit(&text, &zone(), &[edit], Conventions::default());
                let after = after.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let mut expected = before.clone();
                match to {
                    None => drop(expected.remove(key)),
                    Some(to) => drop(expected.insert(key.clone(), to)),
                }
                if !expected.is_empty() {
                    assert_eq!(read(&after), expected);
                }
                let (gone, come) = touched(&text, &after);
                let place = format!("{} {key}: {gone:?} -> {come:?}", path.display());
                if at > 0 {
                    assert!(gone.len() <= 1 + old.data().len() * 4, "{place}");
                    assert!(come.len() <= gone.len() + 2, "{place}");
                } else {
                    assert!(come.len() <= 1, "{place}");
                }
                edits += 1;
            }
        }
    }
    eprintln!("{edits} edits of real files");
}

fn some_set() -> impl Strategy<Value = (String, RecordSet)> {
    let ttl = prop_oneof![Just(3600_u32), 1..100_u32];
    let address = (1..250_u8).prop_map(|n| format!("192.0.2.{n}"));
    let text = "[ -~]{1,30}".prop_filter("octoDNS has no words for it", |text| {
        !text.contains("\\;") && !text.contains("\" \"")
    });
    let text =
        text.prop_map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
    let of = |rtype: &'static str, data: BoxedStrategy<String>| {
        (Just(rtype.to_owned()), prop::collection::vec(data, 1..4))
    };
    let drawn = prop_oneof![
        of("A", address.boxed()),
        of(
            "AAAA",
            (1..999_u16).prop_map(|n| format!("2001:db8::{n}")).boxed()
        ),
        of(
            "MX",
            (1..9_u8, 1..9_u8)
                .prop_map(|(a, b)| format!("{a} mx{b}"))
                .boxed()
        ),
        of("TXT", text.boxed()),
    ];
    (ttl, drawn).prop_map(|(ttl, (rtype, data))| {
        let data: Vec<&str> = data.iter().map(String::as_str).collect();
        let read = set(&rtype, ttl, &data);
        (rtype, read)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Edits one after another leave exactly what was asked, and undoing a creation leaves the file as it was.
    #[test]
    fn edits_of_a_file_leave_what_was_asked(
        edits in prop::collection::vec(("[a-c]{1,2}(\\.dl)?|\\*|", prop::option::weighted(0.7, some_set())), 1..6),
        file in prop::sample::select(vec![FILE.to_owned(), String::new(), FILE.replace('\n', "\r\n"), "---\n{}\n".to_owned()]),
    ) {
        let mut expected = if file.len() > 10 { read(&file) } else { RecordSets::new() };
        let mut text = file;
        for (name, wanted) in edits {
            let (rtype, to) = wanted.map_or(("A".to_owned(), None), |(rtype, set)| (rtype, Some(set)));
            let edit = change(&name, &rtype, to.clone());
            let fresh = expected.keys().all(|key| key.name != edit.key.name);
            let result = super::edit(&text, &zone(), std::slice::from_ref(&edit), Conventions::default());
            let Some(to) = to else {
                match expected.remove(&edit.key) {
                    Some(_) => text = result.unwrap(),
                    None => prop_assert!(result.is_err()),
                }
                continue;
            };
            let changed = result.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            if fresh && !expected.is_empty() {
                let back = super::edit(&changed, &zone(), &[Edit::delete(edit.key.clone())], Conventions::default());
                prop_assert_eq!(back.unwrap(), text.clone());
            }
            text = changed;
            expected.insert(edit.key, to);
        }
        if !expected.is_empty() {
            prop_assert_eq!(read(&text), expected);
        }
    }

    #[test]
    fn no_text_is_too_odd(text in "(?s).{0,80}|[ab'\":{}\\[\\]&*!#,\n -]{0,60}", name in "[ab]?") {
        let edit = change(&name, "A", Some(set("A", 60, &["192.0.2.7"])));
        let _ = super::edit(&text, &zone(), &[edit, change(&name, "A", None)], Conventions::default());
    }
}
