//! Small estates in memory.

use base::SourceMap;
use estate::{Draft, Estate, MemoryTree};
use spend::settings::Settings;

/// A tree with files, a root file among them.
pub(crate) fn tree(files: &[(&str, &str)]) -> MemoryTree {
    let root = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Test\n");
    files
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, *text))
}

/// An estate with groups of these names and nothing else.
pub(crate) fn with_groups(names: &[&str]) -> Estate {
    let files: Vec<(String, String)> = names
        .iter()
        .map(|name| (format!("groups/{name}.yaml"), format!("title: {name}\n")))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    read(&tree(&files))
}

/// The estate of a tree.
pub(crate) fn read(tree: &MemoryTree) -> Estate {
    let draft = Draft::read(tree).expect("a root file");
    draft.resolve().0
}

/// The settings of a text that has no mistakes.
pub(crate) fn settings(text: &str) -> Settings {
    let tree = MemoryTree::default().with("spend.yaml", text);
    let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
    let first = findings.first().map(|finding| finding.message.clone());
    assert_eq!(first, None, "{text}");
    settings
}
