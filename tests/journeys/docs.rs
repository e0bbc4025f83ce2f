//! The generated pages are those that the code generates now.
//! `COMMONHOLD_BLESS=1` writes them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use commonhold::pages;

use crate::support::{commonhold, root, text, write};

fn generated() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut index = String::from(
        "# Findings and rules\n\nGenerated from the code; `commonhold explain ID` prints the same pages.\n\n| id | severity | what it says |\n| --- | --- | --- |\n",
    );
    for code in pages::codes() {
        let _ = writeln!(
            index,
            "| [{id}]({id}.md) | {} | {} |",
            code.severity,
            code.title,
            id = code.id
        );
        files.insert(format!("docs/rules/{}.md", code.id), pages::page(code));
    }
    files.insert("docs/rules/README.md".to_owned(), index);
    files.insert(
        "docs/reference/files.md".to_owned(),
        pages::files_reference(),
    );
    files.insert(
        "docs/reference/predicates.md".to_owned(),
        pages::predicates_reference(),
    );
    files.insert("docs/reference/api.md".to_owned(), pages::api_reference());
    files.insert(
        "docs/reference/openapi.json".to_owned(),
        pages::api_description(),
    );
    for name in pages::shapes() {
        files.insert(
            format!("docs/schema/{name}.json"),
            commonhold(&format!("schema {name}")).data,
        );
    }
    let mut commands = String::from("# Commands\n\nGenerated from the code.\n");
    let mut section = |name: &str, help: &str| {
        let _ = write!(
            commands,
            "\n## {name}\n\n```text\n{}\n```\n",
            help.trim_end()
        );
    };
    section("commonhold", &commonhold("--help").data);
    for command in commonhold::command().get_subcommands() {
        let name = command.get_name();
        section(
            &format!("commonhold {name}"),
            &commonhold(&format!("{name} --help")).data,
        );
    }
    for topic in ["exit-codes", "formats"] {
        section(
            &format!("commonhold help {topic}"),
            &commonhold(&format!("help {topic}")).data,
        );
    }
    files.insert("docs/reference/commands.md".to_owned(), commands);
    files
}

#[test]
fn generated_pages_are_as_the_code_says() {
    let files = generated();
    let stale = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(root().join(folder))
            .into_iter()
            .flatten()
            .flatten();
        let paths =
            entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()));
        paths.filter(|path| !files.contains_key(path)).collect()
    };
    let stale: Vec<String> = ["docs/rules", "docs/schema"]
        .into_iter()
        .flat_map(stale)
        .collect();
    if std::env::var_os("COMMONHOLD_BLESS").is_some() {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI never changes what is expected"
        );
        for (path, text) in &files {
            write(&root().join(path), text);
        }
        for path in &stale {
            fs::remove_file(root().join(path)).expect("a stale page");
        }
        return;
    }
    assert_eq!(stale, Vec::<String>::new(), "pages of nothing");
    let differs = |(path, expected): &(&String, &String)| {
        fs::read_to_string(root().join(path)).unwrap_or_default() != **expected
    };
    let old: Vec<&String> = files.iter().filter(differs).map(|(path, _)| path).collect();
    assert!(
        old.is_empty(),
        "not what the code says: {old:?}; COMMONHOLD_BLESS=1 cargo test -p commonhold docs"
    );
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/guide/start.md",
        "docs/guide/charter.md",
        "docs/guide/ci.md",
    ] {
        let text = text(page);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let path = target.split('#').next().unwrap_or("");
            if path.contains("://") || path.is_empty() {
                continue;
            }
            let from = root().join(page);
            assert!(
                from.parent().unwrap().join(path).exists(),
                "{page} links to {path}"
            );
        }
    }
}

#[test]
fn the_estates_shown_in_the_guides_are_sound() {
    use crate::support::{Folder, run_in};
    let guide = text("docs/guide/start.md");
    let blocks = guide
        .split("```yaml\n# ")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let files = blocks
        .filter_map(|block| block.split_once('\n'))
        .filter(|(path, _)| path.contains('/') && !path.contains(' '));
    let folder = files.fold(
        Folder::new().with("commonhold.yaml", "commonhold: 1\nname: T\n"),
        |folder, (path, text)| folder.with(path, text),
    );
    let found = run_in(&folder.0, "check --output json").data;
    assert!(!found.contains("\"yaml-"), "{found}");
    let charter = text("docs/guide/charter.md");
    let block = charter
        .split("```yaml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a charter");
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("charter.yaml", block);
    let found = run_in(&folder.0, "check --output json").data;
    assert!(
        !found.contains("\"yaml-") && !found.contains("\"charter-"),
        "{found}"
    );
}
