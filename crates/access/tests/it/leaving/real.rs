//! The example, and real files where they are present.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use access::joining::{Place, onboard};
use access::leaving::{EditedTree, How, mentions, offboard};
use access::model::{Access, Matrix, Principal, Thing};
use charter::Charter;
use estate::{MemoryTree, Tree};
use yaml::edit::{self, Order, Sign};

use super::{DAY, load, newcomer};

/// All files of a folder below a name, into a tree.
fn with_folder(mut tree: MemoryTree, root: &Path, name: &str) -> MemoryTree {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let below = path
                    .strip_prefix(root)
                    .expect("it is below")
                    .to_string_lossy()
                    .into_owned();
                let whole = if name.is_empty() {
                    below
                } else {
                    format!("{name}/{below}")
                };
                tree = tree.with(&whole, text);
            }
        }
    }
    tree
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    if !path.exists() {
        eprintln!("skipped: shared data not present ({})", path.display());
        return None;
    }
    Some(path)
}

/// Every so many-th of a list, so that all corners of it are met.
fn sample<T: Clone>(all: &[T], count: usize) -> Vec<T> {
    let step = (all.len() / count).max(1);
    all.iter().step_by(step).take(count).cloned().collect()
}

fn rights(matrix: &Matrix<'_>, name: &str) -> BTreeSet<(Thing, String)> {
    let found = matrix.what_can(&Principal::Person(name.to_owned()));
    found
        .into_iter()
        .map(|Access { what, level, .. }| (what, level.to_string()))
        .collect()
}

/// Lets people leave, one at a time, and looks at what is left.
fn let_leave(tree: &MemoryTree, people: &[String]) -> usize {
    let (before, errors) = load(tree);
    let matrix = Matrix::of(&before, DAY);
    let names: Vec<String> = before
        .tables
        .people
        .items()
        .map(|item| item.name.clone())
        .collect();
    let leads = before
        .tables
        .groups
        .items()
        .flat_map(|group| &group.value.leads);
    let leads = leads.filter_map(|lead| before.find(&lead.person));
    let leads: Vec<String> = leads.map(|lead| lead.name.clone()).collect();
    let others = [sample(&names, 10), sample(&leads, 10)].concat();
    let held: BTreeMap<&String, _> = others
        .iter()
        .map(|name| (name, rights(&matrix, name)))
        .collect();
    let (charter, _) = Charter::of(&before);
    let mut by_hand = 0;
    for person in people {
        let found = offboard(&before, tree, person, DAY, Some(&charter)).expect("they are known");
        for edit in &found.edits {
            let said = |text: &str| text.matches('#').count();
            let gone = edit.lines.iter().filter(|line| line.sign == Sign::Removed);
            let with_them: usize = gone.map(|line| said(&line.text)).sum();
            let come = edit.lines.iter().filter(|line| line.sign == Sign::Added);
            let with: usize = come.map(|line| said(&line.text)).sum();
            assert_eq!(
                said(edit.before.as_deref().unwrap_or("")) - with_them + with,
                said(&edit.after)
            );
        }
        let edited = EditedTree::new(tree, &found.edits);
        let (estate, now) = load(&edited);
        let new: Vec<_> = now.difference(&errors).collect();
        assert!(new.is_empty(), "{person}: {new:#?}");
        let still = mentions(&estate, person);
        let still: Vec<_> = still.iter().filter(|one| !one.how.stays()).collect();
        let told = |one: &&&access::leaving::Mention| {
            !found
                .by_hand
                .iter()
                .any(|hand| hand.place.starts_with(&one.path))
        };
        let untold: Vec<_> = still.iter().filter(told).collect();
        assert!(untold.is_empty(), "{person}: {untold:#?}");
        by_hand += still.len();
        let matrix = Matrix::of(&estate, DAY);
        assert!(
            rights(&matrix, person).is_empty(),
            "{person}: {:?}",
            rights(&matrix, person)
        );
        for (other, held) in held.iter().filter(|(other, _)| **other != person) {
            assert_eq!(
                rights(&matrix, other),
                *held,
                "{other} when {person} leaves"
            );
        }
    }
    by_hand
}

#[test]
fn anybody_of_the_example_may_leave() {
    let root = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/kubernetes"
    ));
    let tree = with_folder(MemoryTree::default(), root, "");
    let (estate, _) = load(&tree);
    let people: Vec<String> = estate
        .tables
        .people
        .items()
        .map(|item| item.name.clone())
        .collect();
    let_leave(&tree, &people);
}

fn real() -> Option<MemoryTree> {
    let root = shared("kubernetes")?;
    let tree = MemoryTree::default().with(
        "commonhold.yaml",
        "commonhold: 1\nname: Test\nsources:\n- {format: sigs.yaml, path: community/sigs.yaml}\n- {format: peribolos, path: org/config}\n\
         - {format: groups.yaml, path: k8s.io/groups}\n- {format: owners, path: k8s.io, repository: kubernetes/k8s.io}\n- {format: owners, path: org, repository: kubernetes/org}\n",
    );
    let tree = with_folder(tree, &root.join("org"), "org");
    let tree = with_folder(tree, &root.join("k8s.io"), "k8s.io");
    let tree = tree.with("people/README.md", "People.\n");
    Some(tree.with(
        "community/sigs.yaml",
        fs::read_to_string(root.join("community/sigs.yaml")).ok()?,
    ))
}

#[test]
fn real_people_may_leave_and_nobody_else_notices() {
    let Some(tree) = real() else { return };
    let (estate, _) = load(&tree);
    let people: Vec<String> = estate
        .tables
        .people
        .items()
        .map(|item| item.name.clone())
        .collect();
    let count = std::env::var("LEAVING_PEOPLE")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(12);
    let_leave(&tree, &sample(&people, count));
}

#[test]
fn a_real_person_is_removed_from_and_added_to_lists_by_their_own_line_alone() {
    let Some(tree) = real() else { return };
    let (estate, _) = load(&tree);
    let people = estate.tables.people.items();
    let people: Vec<String> = people.map(|item| item.name.clone()).collect();
    let (mut entries, mut mappings, mut files) = (0, 0, BTreeSet::new());
    for person in sample(&people, 200) {
        let found = mentions(&estate, &person);
        for mention in sample(&found, 3) {
            if matches!(mention.how, How::Liaison | How::Text) {
                continue;
            }
            let text = tree.read(&mention.path).expect("it is a file");
            let way = edit::path_to(&text, mention.at).expect("something stands there");
            let Some(last) = way
                .iter()
                .rposition(|step| matches!(step, edit::Step::Item(_)))
            else {
                continue;
            };
            let Ok(less) = edit::remove_at(&text, &way[..=last]) else {
                panic!("{mention:?} cannot be removed");
            };
            let gone = edit::changes(&text, &less);
            let hashes = |text: &str| text.lines().filter(|line| line.contains('#')).count();
            files.insert(mention.path.clone());
            if last + 1 < way.len() {
                assert!(
                    gone.iter().all(|line| line.sign == Sign::Removed),
                    "{gone:?}"
                );
                assert!(gone.len() <= 5, "{gone:?}");
                assert_eq!(hashes(&text), hashes(&less));
                mappings += 1;
                continue;
            }
            let name = &edit::scalars_at(&text, &way)[0].1;
            let own: Vec<_> = gone
                .iter()
                .filter(|line| line.text.contains(name.as_str()))
                .collect();
            let emptied = usize::from(gone.iter().any(|line| line.text.ends_with(": []")));
            assert_eq!(
                (own.len(), gone.len()),
                (1, 1 + 2 * emptied),
                "{mention:?} {gone:?}"
            );
            assert_eq!(
                hashes(&text) - usize::from(own[0].text.contains('#')),
                hashes(&less)
            );
            let more =
                edit::insert_entry(&less, &way[..last], &name.as_str().into(), Order::Sorted);
            let more = more.expect("it can be added again");
            let rest = |text: &str| -> Vec<String> {
                let lines = text.lines().filter(|line| !line.contains(name.as_str()));
                lines.map(str::to_owned).collect()
            };
            assert_eq!(rest(&text), rest(&more), "{mention:?}");
            assert_eq!(text.lines().count(), more.lines().count());
            entries += 1;
        }
    }
    assert!(
        entries > 250 && mappings > 10 && files.len() > 40,
        "{entries} {mappings} {}",
        files.len()
    );
}

#[test]
fn a_newcomer_is_one_line_of_a_real_organisation() {
    let Some(tree) = real() else { return };
    let (estate, before) = load(&tree);
    let (newcomer, _) = newcomer();
    let place = Place {
        rung: "member".to_owned(),
        organisation: Some("kubernetes".to_owned()),
        sponsors: vec!["thockin".to_owned()],
    };
    let found = onboard(&estate, &tree, &newcomer, &place, DAY).expect("they may join");
    let path = "org/config/kubernetes/org.yaml";
    let edit = found
        .edits
        .iter()
        .find(|edit| edit.path == path)
        .expect("it is edited");
    assert_eq!(edit.lines.len(), 1);
    assert_eq!(
        (edit.lines[0].sign, edit.lines[0].text.as_str()),
        (Sign::Added, "- Cy-B")
    );
    let edited = EditedTree::new(&tree, &found.edits);
    let (estate, after) = load(&edited);
    assert_eq!(after.difference(&before).count(), 0);
    let members = Matrix::of(&estate, DAY).organisation("kubernetes");
    assert!(members.iter().any(|one| one.login == "Cy-B" && !one.admin));
}
