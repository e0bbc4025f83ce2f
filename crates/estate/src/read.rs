//! Files of a kind to its items.

use base::{Diagnostic, FileId, SourceMap, Span};
use yaml::{Decoding, Profile};

use crate::kinds::Kind;
use crate::table::{Item, Table};

/// A file below a kind's folder, and its text.
#[derive(Debug)]
pub(crate) struct NativeFile {
    pub(crate) file: FileId,
    /// The path below the kind's folder, without its ending.
    pub(crate) name: String,
}

/// The first line that says something, for findings about an item as a whole.
fn first_line(text: &str, file: FileId) -> Span {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let said = line.trim_start_matches('\u{feff}').trim();
        if !said.is_empty() && !said.starts_with('#') && said != "---" {
            return Span::new(file, start, start + line.trim_end().len());
        }
        start += line.len();
    }
    Span::start_of(file)
}

impl<K: Kind> Table<K> {
    /// Reads files into items, on as many processors as there are.
    pub(crate) fn read_native(
        &mut self,
        files: &[NativeFile],
        sources: &SourceMap,
        findings: &mut Vec<Diagnostic>,
    ) {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let share = files.len().div_ceil(workers).max(64);
        let read = |file: &NativeFile| {
            Decoding::read_text::<K>(&sources.file(file.file).text, file.file, Profile::NATIVE)
        };
        let results: Vec<_> = std::thread::scope(|scope| {
            let parts: Vec<_> = files
                .chunks(share)
                .map(|part| scope.spawn(move || part.iter().map(read).collect::<Vec<_>>()))
                .collect();
            let finish = |part: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
                part.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            parts.into_iter().flat_map(finish).collect()
        });
        for (file, (value, found)) in files.iter().zip(results) {
            if !found.is_empty() {
                self.mark_flawed(&file.name);
            }
            let private = |finding: &Diagnostic| {
                K::PRIVATE && std::ptr::eq(finding.code, &raw const yaml::codes::UNKNOWN_KEY)
            };
            findings.extend(found.into_iter().map(|finding| {
                if private(&finding) {
                    finding.withhold()
                } else {
                    finding
                }
            }));
            match value {
                Some(value) => {
                    let span = first_line(&sources.file(file.file).text, file.file);
                    self.add(
                        Item {
                            name: file.name.clone(),
                            span,
                            value,
                        },
                        findings,
                    );
                }
                None => self.mark_broken(&file.name),
            }
        }
    }
}
