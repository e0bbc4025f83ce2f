//! What an adapter is, and which there are.

use base::{Diagnostic, SourceMap};
use estate::{Draft, Estate, Source, Tree};

use crate::{codes, groups_yaml, octodns, owners, peribolos, prow_jobs, sigs_yaml, testgrid};

/// A reader of another program's files.
#[derive(Debug)]
pub struct Adapter {
    /// The name under which `commonhold.yaml` asks for it.
    pub name: &'static str,
    /// One line: whose files these are and what they declare.
    pub about: &'static str,
    /// Reads a source into the draft and reports what is wrong with it.
    pub adopt: fn(&Source, &dyn Tree, &mut Draft),
    /// The sources of this format among the sorted paths of a tree, for `init`.
    pub detect: fn(&[String]) -> Vec<String>,
}

/// All adapters.
pub static ADAPTERS: &[&Adapter] = &[
    &sigs_yaml::ADAPTER,
    &peribolos::ADAPTER,
    &groups_yaml::ADAPTER,
    &octodns::ADAPTER,
    &owners::ADAPTER,
    &prow_jobs::ADAPTER,
    &testgrid::ADAPTER,
];

/// Reads an estate and everything it adopts.
///
/// # Errors
/// What is wrong with the root file, if nothing can be read without it.
pub fn load(tree: &dyn Tree) -> Result<(Estate, Vec<Diagnostic>), (SourceMap, Vec<Diagnostic>)> {
    let mut draft = Draft::read(tree)?;
    for source in draft.manifest.sources.clone() {
        match ADAPTERS
            .iter()
            .find(|adapter| adapter.name == source.format.value)
        {
            Some(adapter) => (adapter.adopt)(&source, tree, &mut draft),
            None => draft.findings.push(unknown_format(&source)),
        }
    }
    draft.report_unclaimed(tree);
    Ok(draft.resolve())
}

fn unknown_format(source: &Source) -> Diagnostic {
    let names = || ADAPTERS.iter().map(|adapter| adapter.name);
    let help = match base::nearest(&source.format, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`commonhold help formats` lists them".to_owned(),
    };
    let message = format!("no format is called `{}`", source.format);
    Diagnostic::new(&codes::UNKNOWN_FORMAT, source.format.span, message).help(help)
}
