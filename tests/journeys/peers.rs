//! Held against programs of others: age, PyYAML's JSON Schema reader, Graphviz, xmllint.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::{Folder, example, peer, python, root, run_in, write};

/// What is sealed with the keys that we print opens with each of them, and a change of the team is noticed.
#[test]
fn private_contacts_are_sealed_with_age_to_the_team_of_the_charter() {
    if !peer("age", &["--version"]) {
        return;
    }
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("charter.yaml", "private_contacts: {readable_by: leads}\n")
        .with("teams/leads.yaml", "members: [ada, bob]\n");
    let key = |name: &str| {
        let file = folder.0.join(format!(
            "../{}-{name}.key",
            folder.0.file_name().unwrap().to_string_lossy()
        ));
        let made = Command::new("age-keygen")
            .arg("-o")
            .arg(&file)
            .output()
            .expect("age-keygen");
        let said = String::from_utf8_lossy(&made.stderr).into_owned();
        (file, said.split_whitespace().last().unwrap().to_owned())
    };
    let ((ada_file, ada), (bob_file, bob)) = (key("ada"), key("bob"));
    let person = |name: &str, keys: &str, more: &str| {
        fs::create_dir_all(folder.0.join("people")).unwrap();
        write(
            &folder.0.join(format!("people/{name}.yaml")),
            &format!("keys: [{keys}]\n{more}"),
        );
    };
    person("ada", &ada, "");
    person("bob", &bob, "");
    let recipients = folder.0.join("recipients.txt");
    write(&recipients, &run_in(&folder.0, "recipients").data);
    let sealed = Command::new("sh")
        .args(["-c", "echo '+1 555 0100' | age -a -R recipients.txt"])
        .current_dir(&folder.0)
        .output()
        .expect("age");
    assert!(
        sealed.status.success(),
        "{}",
        String::from_utf8_lossy(&sealed.stderr)
    );
    let armored = String::from_utf8(sealed.stdout).unwrap();
    for identity in [&ada_file, &bob_file] {
        write(&folder.0.join("sealed.txt"), &armored);
        let opened = Command::new("age")
            .arg("-d")
            .arg("-i")
            .arg(identity)
            .arg(folder.0.join("sealed.txt"))
            .output()
            .expect("age");
        assert_eq!(String::from_utf8_lossy(&opened.stdout), "+1 555 0100\n");
        fs::remove_file(identity).unwrap();
    }
    let indented: String = armored.lines().map(|line| format!("  {line}\n")).collect();
    let contacts = format!("private_contacts: |\n{indented}");
    person("ada", &ada, &contacts);
    let rules = "check --rule private-contact-recipients --rule private-contact-clear";
    assert!(
        run_in(&folder.0, rules).data.starts_with("T: no findings"),
        "{}",
        run_in(&folder.0, rules).data
    );
    write(&folder.0.join("teams/leads.yaml"), "members: [ada]\n");
    let found = run_in(&folder.0, rules).data;
    assert!(
        found.contains("they open with 2 age keys, and its members have 1"),
        "{found}"
    );
    person("ada", &ada, "private_contacts: \"+1 555 0100\"\n");
    let found = run_in(&folder.0, rules).data;
    assert!(
        found.contains("error[private-contact-clear]") && !found.contains("555"),
        "{found}"
    );
}

const VALIDATE: &str = r"
import json, sys, yaml, jsonschema, pathlib
root, schemas = map(pathlib.Path, sys.argv[1:])
folders = json.loads(sys.stdin.read())
class Loader(yaml.SafeLoader): pass
Loader.yaml_implicit_resolvers = {k: [r for r in v if r[0] != 'tag:yaml.org,2002:timestamp'] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
count = 0
for folder, kind in folders:
    schema = json.loads((schemas / f'{kind}.json').read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    paths = sorted((root / folder).rglob('*.yaml')) if (root / folder).is_dir() else [root / folder]
    for path in paths:
        value = yaml.load(path.read_text(), Loader)
        for error in validator.iter_errors(value):
            sys.exit(f'{path}: {error.message}')
        value['unheard_of'] = 1
        if validator.is_valid(value):
            sys.exit(f'{path}: the schema takes an unknown key')
        count += 1
print(count)
";

#[test]
fn the_schemas_take_every_file_of_the_example_and_no_unknown_key() {
    if !peer(&python(), &["-c", "import yaml, jsonschema"]) {
        return;
    }
    let kinds: Vec<(String, String)> = estate::KindId::ALL
        .iter()
        .map(|kind| (kind.folder().to_owned(), kind.name().to_owned()))
        .chain([
            ("commonhold.yaml".to_owned(), "estate".to_owned()),
            ("charter.yaml".to_owned(), "charter".to_owned()),
            ("spend.yaml".to_owned(), "spend".to_owned()),
            ("portal.yaml".to_owned(), "portal".to_owned()),
        ])
        .collect();
    let mut child = Command::new(python())
        .args(["-c", VALIDATE])
        .arg(root().join("examples/kubernetes"))
        .arg(root().join("docs/schema"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3");
    let input = serde_json::to_string(&kinds).unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().expect("python3");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let count: usize = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .unwrap();
    assert!(count > 200, "{count}");
}

fn accepted(program: &str, arguments: &[&str], input: &str) -> bool {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect(program);
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    child.wait().expect(program).success()
}

#[test]
fn graphviz_draws_what_we_write_for_it() {
    if peer("dot", &["-V"]) {
        assert!(accepted(
            "dot",
            &["-Tsvg"],
            &example("graph --output dot").data
        ));
    }
}

#[test]
fn the_picture_is_well_formed_xml() {
    if peer("xmllint", &["--version"]) {
        assert!(accepted(
            "xmllint",
            &["--noout", "-"],
            &example("graph").data
        ));
    }
}
