//! What to do next.

use base::Decimal;
use migration::next::{batches, freeing};

use crate::support::{away, estate, service, standing};

#[test]
fn whole_batches_come_before_parts_and_little_before_much() {
    let estate = estate(&[
        (
            "migrations/away.yaml",
            &away(
                "batch: criticality\neffort: {batch: 1, each: 0.5}\nblockers: [{id: b, where: 'name == \"c3\"'}]\n",
            ),
        ),
        (
            "services/a1.yaml",
            &service("web", &["old"], "criticality: important\n"),
        ),
        (
            "services/a2.yaml",
            &service("web", &["old"], "criticality: important\n"),
        ),
        (
            "services/b1.yaml",
            &service("infra", &["old"], "criticality: important\n"),
        ),
        ("services/c1.yaml", &service("web", &["old"], "")),
        ("services/c3.yaml", &service("web", &["old"], "")),
    ]);
    let standing = standing(&estate, None);
    let item = estate.tables.migrations.get("away").unwrap();
    let found = batches(&standing, &item.value.effort);
    let told: Vec<(&str, &str, usize, usize, String)> = found
        .iter()
        .map(|one| {
            (
                one.name,
                one.owner,
                one.ready.len(),
                one.others,
                one.effort.to_string(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("important", "infra", 1, 0, "1.5".to_owned()),
            ("important", "web", 2, 0, "2".to_owned()),
            ("useful", "web", 1, 1, "1.5".to_owned()),
        ]
    );
    assert_eq!(migration::next::days(&item.value.effort, 0), Decimal::ONE);
}

#[test]
fn the_lock_that_frees_most_for_least_comes_first() {
    let needs = |names: &str| service("web", &["old"], &format!("depends_on: [{names}]\n"));
    let on = |name: &str| format!("{{service: {name}, how: credential}}");
    let moved = service("infra", &["new"], "");
    let estate = estate(&[
        (
            "migrations/away.yaml",
            &away("blockers: [{id: key, each: depends_on}]\n"),
        ),
        ("services/key-a.yaml", &moved),
        ("services/key-b.yaml", &moved),
        ("services/one.yaml", &needs(&on("key-a"))),
        ("services/two.yaml", &needs(&on("key-b"))),
        ("services/three.yaml", &needs(&on("key-b"))),
        (
            "services/four.yaml",
            &needs(&format!("{}, {}", on("key-a"), on("key-b"))),
        ),
    ]);
    let standing = standing(&estate, None);
    let steps: Vec<(&str, usize, usize)> = freeing(&standing)
        .iter()
        .map(|step| (step.lock.name.as_str(), step.frees.len(), step.left))
        .collect();
    assert_eq!(steps, [("key: key-b", 2, 2), ("key: key-a", 2, 0)]);
}
