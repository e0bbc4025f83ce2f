//! Estates of a few lines.

use charter::Charter;
use estate::{Draft, Estate, MemoryTree};

/// The estate of these files, which must be sound.
pub(crate) fn estate(files: &[(&str, &str)]) -> Estate {
    let root = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Example\n");
    let tree = files
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = Draft::read(&tree).expect("a root file").resolve();
    assert!(findings.is_empty(), "{findings:?}");
    estate
}

/// An estate's charter, which must be sound.
pub(crate) fn charter_of(estate: &Estate) -> Charter {
    let (charter, findings) = Charter::of(estate);
    let bad = findings.iter().filter(|f| f.code.id != "charter-absent");
    assert_eq!(bad.count(), 0, "{findings:?}");
    charter
}

/// A service that hangs on others.
pub(crate) fn service(owner: &str, depends_on: &[&str]) -> String {
    let needs: Vec<String> = depends_on
        .iter()
        .map(|on| format!("{{service: {on}, how: calls}}"))
        .collect();
    format!(
        "name: A service\nsummary: It serves.\nkind: custom\nowner: {owner}\ndepends_on: [{}]\n",
        needs.join(", ")
    )
}
