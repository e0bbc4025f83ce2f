//! The list of what a migration had left when its ratchet began.

use base::{Diagnostic, FileId, SourceMap, Span};
use estate::kinds::Migration;
use estate::{Item, Tree};
use policy::{Baseline, Shrunk};

use crate::standing::Standing;

/// The list of a migration, as its file has it.
#[derive(Debug, Clone)]
pub struct List {
    /// Its file, in the tree of the estate.
    pub path: String,
    /// What the file says.
    pub text: String,
    /// The ids on it.
    pub baseline: Baseline,
    file: FileId,
}

impl List {
    /// Reads the list of a migration; nothing if there is none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(
        item: &Item<Migration>,
        tree: &dyn Tree,
        sources: &mut SourceMap,
    ) -> Result<Option<Self>, Vec<Diagnostic>> {
        let path = Baseline::path_of_migration(&item.name);
        let text = match tree.read(&path) {
            Ok(text) => text,
            Err(refused) if refused.missing => return Ok(None),
            Err(refused) => {
                let message = format!("{path} cannot be read: {}", refused.reason);
                let code = &policy::codes::BASELINE;
                let finding = Diagnostic::new(code, item.value.goal.span, message);
                return Err(vec![finding.about(item.subject())]);
            }
        };
        let file = sources.add(tree.display(&path), text.clone());
        let about = |finding: Diagnostic| finding.about(item.subject());
        let baseline = Baseline::parse(&text, file)
            .map_err(|found| found.into_iter().map(about).collect::<Vec<_>>())?;
        Ok(Some(Self {
            path,
            text,
            baseline,
            file,
        }))
    }

    /// The same without what is left no more; nothing if all of it is left.
    pub fn lowered(&self, standing: &Standing) -> Option<Shrunk> {
        let gone = &standing.listed.as_ref()?.done;
        let first = gone.first()?;
        let lines = self.text.split_inclusive('\n');
        let mut at = 0;
        let start = lines
            .map(|line| {
                let start = at;
                at += line.len();
                (start, line.trim())
            })
            .find(|(_, id)| id == first)
            .map_or(0, |(start, _)| start);
        Some(Shrunk {
            of: format!("migration/{}", standing.migration),
            path: self.path.clone(),
            before: self.text.clone(),
            text: Baseline::text_without(&self.text, gone),
            gone: gone.clone(),
            left: self.baseline.len() - gone.len(),
            span: Span::new(self.file, start, start + first.len()),
        })
    }

    /// The text of a first list.
    pub fn begin(standing: &Standing) -> String {
        let left = standing.left().filter(|asset| asset.is_held_to_the_list());
        let ids = left.map(|asset| asset.id.as_str());
        Baseline::of(ids).text(&format!(
            "What {} had left on {}. Nothing may be added:\n`commonhold check` only takes away what is left no more.",
            standing.migration, standing.today
        ))
    }
}
