//! The same on the files of a large community, where they are present.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use access::model::{Matrix, Principal, Question, Thing};
use estate::{Estate, Tree, Unreadable, join};

use crate::model::DAY;

/// Files of the disk below a root file of our own.
struct Shared(PathBuf);

const SOURCES: &str = "commonhold: 1\nname: Test\nsources:\n  \
    - {format: sigs.yaml, path: kubernetes/community/sigs.yaml}\n  \
    - {format: peribolos, path: kubernetes/org/config}\n  \
    - {format: groups.yaml, path: kubernetes/k8s.io/groups}\n  \
    - {format: owners, path: owners/k8s.io/tree}\n";

fn collect(root: &Path, folder: &str, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(folder))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name().into_string().unwrap();
        let path = join(folder, &name);
        if entry.path().is_dir() {
            collect(root, &path, wanted, found);
        } else if wanted(&name) {
            found.push(path);
        }
    }
}

impl Tree for Shared {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        if path == "commonhold.yaml" {
            return Ok(SOURCES.to_owned());
        }
        fs::read_to_string(self.0.join(path)).map_err(|error| Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
            missing: true,
        })
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        // The tree holds much that the estate does not name.
        if folder.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        collect(&self.0, folder, wanted, &mut found);
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.0.join(path).is_dir()
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn real() -> Option<Estate> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if !data.join("kubernetes/org/config").exists() {
        eprintln!("skipped: shared data not present ({})", data.display());
        return None;
    }
    Some(formats::load(&Shared(data.to_owned())).unwrap().0)
}

#[test]
fn the_real_estate_resolves_to_as_many_members_as_its_files_name() {
    let Some(estate) = real() else { return };
    let start = Instant::now();
    let matrix = Matrix::of(&estate, DAY);
    let took = start.elapsed();
    let names = |teams: &Matrix<'_>| {
        let items = estate.tables.teams.items();
        items
            .map(|team| teams.members(&team.name).len())
            .sum::<usize>()
    };
    let belonging = estate.tables.organisations.items();
    let belonging: usize = belonging
        .map(|org| matrix.organisation(&org.name).len())
        .sum();
    let lists = estate.tables.mailing_groups.items();
    let entries: Vec<_> = lists.flat_map(|list| matrix.mailing(&list.name)).collect();
    let nested = entries
        .iter()
        .filter(|one| one.mailing_group.is_some())
        .count();
    // The counts of the files, taken by another program.
    assert_eq!((names(&matrix), belonging), (3615, 2666));
    assert_eq!((entries.len(), nested), (1353, 95));
    // A tenth of it where nothing else runs; machines that test are busy.
    assert!(took.as_millis() < 1000, "{took:?}");
}

#[test]
fn both_questions_have_one_answer() {
    let Some(estate) = real() else { return };
    let matrix = Matrix::of(&estate, DAY);
    let people: Vec<&str> = estate
        .tables
        .people
        .items()
        .map(|one| one.name.as_str())
        .collect();
    let mut questions: Vec<Question> = Vec::new();
    let mut ask = |words: String| questions.push(matrix.question(&words).unwrap());
    for (at, team) in estate.tables.teams.items().enumerate() {
        if at % 20 == 0 {
            ask(format!("be in team {}", team.name));
        }
        let grants = team.value.grants.iter();
        for grant in grants.step_by(17) {
            ask(format!("write {}", grant.repository));
            ask(format!("admin {}", grant.repository));
        }
    }
    estate
        .tables
        .mailing_groups
        .items()
        .step_by(9)
        .for_each(|list| {
            ask(format!("receive {}", list.value.email));
            ask(format!("manage {}", list.value.email));
        });
    estate
        .tables
        .organisations
        .items()
        .for_each(|org| ask(format!("admin {}", org.name)));
    for tree in &estate.ownership {
        for folder in tree.folders.keys().step_by(40) {
            ask(format!("approve {}/{folder}", tree.repository));
        }
    }
    let answers: Vec<BTreeSet<Principal>> = questions
        .iter()
        .map(|question| {
            matrix
                .who_can(question)
                .into_iter()
                .map(|one| one.who)
                .collect()
        })
        .collect();
    let (mut pairs, mut held) = (0, 0);
    let mut seed = 7_usize;
    for _ in 0..120 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let who = Principal::Person(people[(seed >> 33) % people.len()].to_owned());
        let can = matrix.what_can(&who);
        for (question, answer) in questions.iter().zip(&answers) {
            // What lists further down inherit is told from the path alone.
            if let Thing::Path { .. } = question.thing {
                let listed = can
                    .iter()
                    .any(|one| one.what == question.thing && one.level == question.level);
                assert!(!listed || answer.contains(&who), "{who}: {question:?}");
                continue;
            }
            let told = can.iter().any(|one| {
                one.what.covers(&question.thing)
                    && question.thing.includes(one.level, question.level)
            });
            assert_eq!(told, answer.contains(&who), "{who}: {question:?}");
            pairs += 1;
            held += usize::from(told);
        }
    }
    assert!(pairs > 5000 && held > 50, "{pairs} pairs, {held} held");
}

#[test]
fn who_may_write_is_what_the_lists_say_gone_through_by_hand() {
    let Some(estate) = real() else { return };
    let matrix = Matrix::of(&estate, DAY);
    let mut checked = 0;
    let repositories: BTreeSet<String> = estate
        .tables
        .teams
        .items()
        .flat_map(|team| &team.value.grants)
        .map(|grant| grant.repository.to_lowercase())
        .collect();
    for repository in &repositories {
        let organisation = repository.split_once('/').unwrap().0;
        let organisation = estate.tables.organisations.get(organisation).unwrap();
        let mut expected: BTreeSet<String> = organisation
            .value
            .admins
            .iter()
            .filter_map(|one| Some(estate.find(one)?.name.clone()))
            .collect();
        for team in estate.tables.teams.items() {
            // A grant of the team, or of any that it is a part of.
            let mut whole = Some(team);
            let mut may = false;
            while let Some(at) = whole {
                may |= at.value.grants.iter().any(|grant| {
                    grant.repository.to_lowercase() == *repository
                        && grant.permission >= estate::kinds::Permission::Write
                });
                whole = at
                    .value
                    .parent
                    .as_ref()
                    .and_then(|parent| estate.find(parent));
            }
            if may {
                let named = team.value.people().filter_map(|one| estate.find(one));
                expected.extend(named.map(|one| one.name.clone()));
            }
        }
        let question = matrix.question(&format!("write {repository}")).unwrap();
        let found = matrix
            .who_can(&question)
            .into_iter()
            .map(|one| match one.who {
                Principal::Person(name) => name,
                other => other.to_string(),
            });
        assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{repository}");
        checked += 1;
    }
    assert!(checked > 200, "{checked}");
}
