//! The same files read by us and by PyYAML: the same trees, and unquoted
//! scalars taken for the same things where YAML 1.1 leaves no doubt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base::SourceMap;
use serde_json::{Value as Json, json};
use yaml::{Dialect, Node, Reading, Value, parse, reads_as};

/// Prints each file's documents as `["s", text, type]`, `["q", ...]`, `["m", [key, value], ...]`.
const COMPOSE: &str = r"
import json, sys, yaml
Loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
def tree(node):
    if isinstance(node, yaml.ScalarNode):
        return ['s', node.value, node.tag.rsplit(':', 1)[-1]]
    if isinstance(node, yaml.SequenceNode):
        return ['q'] + [tree(item) for item in node.value]
    return ['m'] + [[tree(key), tree(value)] for key, value in node.value]
for path in sys.stdin.read().split('\n'):
    try:
        with open(path, encoding='utf-8') as file:
            print(json.dumps([tree(node) for node in yaml.compose_all(file, Loader)]))
    except yaml.YAMLError as error:
        print(json.dumps({'error': str(error).split('\n')[0]}))
";

fn python() -> String {
    std::env::var("COMMONHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if name.ends_with(".yaml") || name.ends_with(".yml") || name.starts_with("OWNERS") {
            found.push(path);
        }
    }
}

/// What PyYAML calls the type of an unquoted scalar, where both agree on what it is.
fn kind(text: &str, plain: bool) -> &'static str {
    if !plain {
        return "str";
    }
    match reads_as(text) {
        Reading::Null => "null",
        Reading::Boolean | Reading::OldBoolean => "bool",
        Reading::Whole | Reading::OldOctal | Reading::Sexagesimal | Reading::OtherNumber => {
            "number"
        }
        Reading::Text => "str",
    }
}

fn tree(node: &Node) -> Json {
    match &node.value {
        Value::Empty => json!(["s", "", "null"]),
        Value::Scalar { text, plain } => json!(["s", text, kind(text, *plain)]),
        Value::Include(_) => unreachable!("only one dialect knows what to include"),
        Value::Sequence(items) => Json::Array(
            std::iter::once(json!("q"))
                .chain(items.iter().map(tree))
                .collect(),
        ),
        Value::Mapping(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| json!([tree(key), tree(value)]));
            Json::Array(std::iter::once(json!("m")).chain(entries).collect())
        }
    }
}

/// PyYAML follows YAML 1.1 less `y` and `n`, wants a dot and a sign in `1.0e+3`,
/// and knows timestamps, `<<` and `=`, which are text to us.
fn folded(found: &Json, ours: &Json) -> Json {
    match (found, ours) {
        (Json::Array(theirs), Json::Array(mine)) if theirs.first() == Some(&json!("s")) => {
            let text = theirs[1].as_str().unwrap_or("");
            let kind = match theirs[2].as_str().unwrap_or("") {
                "int" | "float" => "number",
                "timestamp" | "merge" | "value" => "str",
                kind => kind,
            };
            let exempt = matches!(text, "y" | "Y" | "n" | "N")
                || (text.contains(['e', 'E']) && kind == "str");
            let kind = if exempt {
                mine.get(2).and_then(Json::as_str).unwrap_or(kind)
            } else {
                kind
            };
            json!(["s", text, kind])
        }
        (Json::Array(theirs), Json::Array(mine)) => {
            let null = Json::Null;
            let pairs = theirs
                .iter()
                .enumerate()
                .map(|(at, each)| folded(each, mine.get(at).unwrap_or(&null)));
            Json::Array(pairs.collect())
        }
        _ => found.clone(),
    }
}

fn differences(files: &[PathBuf]) -> Vec<String> {
    let mut child = Command::new(python())
        .args(["-c", COMPOSE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let mut input = child.stdin.take().expect("a pipe");
    let list = files
        .iter()
        .map(|file| file.to_string_lossy())
        .collect::<Vec<_>>()
        .join("\n");
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut input, list.as_bytes()));
    let output = child.wait_with_output().expect("python3");
    writer.join().expect("a thread").expect("a list");
    let output = String::from_utf8(output.stdout).expect("JSON lines");
    assert_eq!(output.lines().count(), files.len());
    let mut sources = SourceMap::default();
    let mut different = Vec::new();
    for (file, line) in files.iter().zip(output.lines()) {
        let text = fs::read_to_string(file).expect("a file");
        let id = sources.add(file.to_string_lossy(), text.clone());
        let (documents, findings) = parse(&text, id, Dialect::Go);
        let theirs: Json = serde_json::from_str(line).expect("JSON");
        if theirs.get("error").is_some() {
            if findings.is_empty() {
                different.push(format!(
                    "{}: only PyYAML refuses it: {theirs}",
                    file.display()
                ));
            }
            continue;
        }
        let ours = Json::Array(documents.iter().map(tree).collect());
        if !findings.is_empty() {
            different.push(format!(
                "{}: only we refuse it: {}",
                file.display(),
                findings[0].message
            ));
        } else if folded(&theirs, &ours) != ours {
            different.push(format!("{}: the trees differ", file.display()));
        }
    }
    different
}

#[test]
fn real_files_are_the_same_trees_to_pyyaml() {
    let required = std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_some();
    let there = Command::new(python()).args(["-c", "import yaml"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: PyYAML is not installed");
        assert!(!required, "PyYAML is required and not installed");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    yaml_files(&root.join("examples"), &mut files);
    assert!(files.len() > 200);
    let own = files.len();
    let real = root.join("../shared/data/kubernetes");
    for folder in ["community", "org", "k8s.io"] {
        yaml_files(&real.join(folder), &mut files);
    }
    // PyYAML takes a quarter of a minute for these, which is too long for every edit.
    if required {
        yaml_files(&real.join("test-infra"), &mut files);
    }
    if files.len() == own {
        eprintln!("skipped in part: the real files are not beside the repository");
    }
    let different = differences(&files);
    assert!(
        different.is_empty(),
        "{} of {}: {different:#?}",
        different.len(),
        files.len()
    );
}
