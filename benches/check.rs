//! What reading and checking cost: `cargo bench -p testkit`.
//!
//! Estates in memory are generated; the adopted one is read from disk, and only
//! where `../shared/data` exists.

#![expect(clippy::print_stdout, reason = "a program of its own")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use base::SourceMap;
use charter::Charter;
use commonhold::files::DiskTree;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use estate::{Estate, MemoryTree, OwnersTree, Tree};
use jiff::civil::date;
use testkit::{EstateSize, generate, into_memory};
use yaml::Dialect;

fn main() {
    if adopted().is_none() {
        println!("../shared/data is not here: what needs the adopted tree is left out");
    }
    divan::main();
}

/// The size of a real community, ten times it, and what the program is held to.
#[derive(Debug, Clone, Copy)]
enum Size {
    Real,
    TenTimes,
    Large,
}

const SIZES: [Size; 3] = [Size::Real, Size::TenTimes, Size::Large];

fn tree(size: Size) -> MemoryTree {
    let size = match size {
        Size::Real => EstateSize::real(),
        Size::TenTimes => EstateSize::real().times(10),
        Size::Large => EstateSize::large(),
    };
    into_memory(generate(size, 1))
}

/// The real files of the Kubernetes project, if they are here.
fn adopted() -> Option<DiskTree> {
    let root: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/estates/kubernetes");
    let there = root.join("../../../../shared/data/kubernetes").is_dir();
    there.then(|| DiskTree::new(root, "."))
}

fn load(tree: &dyn Tree) -> Estate {
    formats::load(tree)
        .unwrap_or_else(|_| panic!("the root file is sound"))
        .0
}

fn check(tree: &dyn Tree) -> usize {
    let (estate, found) = formats::load(tree).unwrap_or_else(|_| panic!("the root file is sound"));
    let (charter, of_charter) = Charter::of(&estate);
    found.len() + of_charter.len() + charter::check(&estate, &charter, date(2026, 1, 1)).len()
}

#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn read_and_check(bencher: Bencher<'_, '_>, size: Size) {
    let tree = tree(size);
    let files = tree.find("", &|_| true).map_or(0, |files| files.len());
    bencher
        .counter(ItemsCount::new(files))
        .bench_local(|| check(black_box(&tree)));
}

#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn rules_alone(bencher: Bencher<'_, '_>, size: Size) {
    let estate = load(&tree(size));
    let (charter, _) = Charter::of(&estate);
    bencher.bench_local(|| charter::check(black_box(&estate), &charter, date(2026, 1, 1)).len());
}

#[divan::bench(args = SIZES, sample_count = 10, sample_size = 1)]
fn yaml_alone(bencher: Bencher<'_, '_>, size: Size) {
    parse(bencher, &load(&tree(size)), Dialect::Native);
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn adopted_read_and_check(bencher: Bencher<'_, '_>) {
    if let Some(tree) = adopted() {
        bencher.bench_local(|| check(black_box(&tree)));
    }
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn adopted_yaml_alone(bencher: Bencher<'_, '_>) {
    if let Some(tree) = adopted() {
        parse(bencher, &load(&tree), Dialect::Go);
    }
}

/// One processor, without the disk.
fn parse(bencher: Bencher<'_, '_>, estate: &Estate, dialect: Dialect) {
    let texts: Vec<&str> = estate
        .sources
        .files()
        .map(|file| file.text.as_str())
        .collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let file = SourceMap::default().add("bench.yaml", "");
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        texts
            .iter()
            .map(|text| yaml::parse(black_box(text), file, dialect).0.len())
            .sum::<usize>()
    });
}

/// Every path of a real repository, asked who may approve a change to it.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn adopted_owners_of_every_path(bencher: Bencher<'_, '_>) {
    static PATHS: LazyLock<String> = LazyLock::new(|| {
        let paths = "../../../shared/data/owners/k8s.io/paths.txt";
        let paths = Path::new(env!("CARGO_MANIFEST_DIR")).join(paths);
        std::fs::read_to_string(paths).unwrap_or_default()
    });
    let Some(tree) = adopted() else { return };
    let estate = load(&tree);
    let of_paths = |tree: &&OwnersTree| tree.repository == "kubernetes/k8s.io";
    let Some(owners) = estate.ownership.iter().find(of_paths) else {
        return;
    };
    let paths: Vec<&str> = PATHS.lines().collect();
    bencher
        .counter(ItemsCount::new(paths.len()))
        .bench_local(|| {
            let approvers = paths
                .iter()
                .map(|path| owners.resolve(black_box(path)).approvers.len());
            approvers.sum::<usize>()
        });
}
