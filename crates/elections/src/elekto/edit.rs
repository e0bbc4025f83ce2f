//! Edits of a folder that leave everything else as it was.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use base::{FileId, SourceMap, Spanned};

use super::{Folder, RESULTS, VOTERS, VotersFile, decode, write};
use crate::Login;

/// The list is not written with a login a line, so that no line can be added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("voters.yaml does not have one login a line: write each as `- login` on a line of its own")]
pub struct NotEditable;

impl Folder {
    /// Makes these the voters: a line is removed for each who is none any more, and added for
    /// each who is new, in the place of the alphabet if the list is in its order. Comments and
    /// all other lines stay; who is there already stays as written.
    ///
    /// # Errors
    /// The list is not written with a login a line.
    pub fn set_voters<'l>(
        &mut self,
        wanted: impl IntoIterator<Item = &'l Login>,
    ) -> Result<(), NotEditable> {
        let wanted: BTreeSet<&Login> = wanted.into_iter().collect();
        let text = self.files.get(VOTERS).ok_or(NotEditable)?;
        let edited = spliced(text, &self.voters, &wanted)?;
        let voters = reread(&edited).ok_or(NotEditable)?;
        let found: BTreeSet<&Login> = voters.iter().map(|voter| &voter.value).collect();
        if found != wanted {
            return Err(NotEditable);
        }
        self.voters = voters;
        self.files.insert(VOTERS.to_owned(), edited);
        Ok(())
    }

    /// Publishes a result, in Markdown; Elekto shows the result from then on.
    pub fn set_results(&mut self, markdown: impl Into<String>) {
        self.files.insert(RESULTS.to_owned(), markdown.into());
    }
}

fn reread(text: &str) -> Option<Vec<Spanned<Login>>> {
    let file: FileId = SourceMap::default().add(VOTERS, text);
    let (list, _) = decode::<VotersFile>(text, file);
    list.map(|list| list.eligible_voters)
}

/// The text with lines removed and added.
fn spliced(
    text: &str,
    known: &[Spanned<Login>],
    wanted: &BTreeSet<&Login>,
) -> Result<String, NotEditable> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(lines.len());
    let mut at = 0;
    for line in &lines {
        starts.push(at);
        at += line.len();
    }
    let line_of = |voter: &Spanned<Login>| {
        starts.partition_point(|start| *start <= voter.span.start as usize) - 1
    };
    let places: Vec<usize> = known.iter().map(line_of).collect();
    let alone = |line: &usize| {
        lines
            .get(*line)
            .is_some_and(|line| line.trim_start().starts_with("- "))
    };
    let distinct: BTreeSet<&usize> = places.iter().collect();
    let (Some(last), true) = (
        places.last(),
        distinct.len() == places.len() && places.iter().all(alone),
    ) else {
        return Err(NotEditable);
    };
    let gone = |voter: &&Spanned<Login>| !wanted.contains(&voter.value);
    let removed: BTreeSet<usize> = known.iter().filter(gone).map(line_of).collect();
    let have: BTreeSet<&Login> = known.iter().map(|voter| &voter.value).collect();
    let in_order = known.windows(2).all(|pair| pair[0].value <= pair[1].value);
    let mut added: BTreeMap<usize, Vec<&Login>> = BTreeMap::new();
    for login in wanted.iter().filter(|login| !have.contains(*login)) {
        let behind = known
            .iter()
            .position(|voter| in_order && voter.value > **login);
        let place = behind
            .and_then(|at| places.get(at).copied())
            .unwrap_or(last + 1);
        added.entry(place).or_default().push(login);
    }
    let sample = lines.get(*last).copied().unwrap_or("");
    let indent = sample.len() - sample.trim_start().len();
    let indent = sample.get(..indent).unwrap_or("");
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edited = String::with_capacity(text.len());
    for at in 0..=lines.len() {
        for login in added.get(&at).into_iter().flatten() {
            if !edited.is_empty() && !edited.ends_with('\n') {
                edited += end;
            }
            edited += &format!("{indent}- {}{end}", write::scalar(login.as_str()));
        }
        if let Some(line) = lines.get(at).filter(|_| !removed.contains(&at)) {
            edited += line;
        }
    }
    Ok(edited)
}
