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

/// A finding about a file that may hold what nobody should see in a log: what it
/// quotes of the file is left out, but for the names of known keys.
fn redacted<K: Kind>(finding: Diagnostic, written: &str) -> Diagnostic {
    let records = K::shape().records();
    let known: Vec<&str> = records
        .iter()
        .flat_map(|record| (record.fields)())
        .map(|field| field.key)
        .collect();
    let is_known = |quoted: &str| known.contains(&quoted.trim_end_matches(':'));
    let without = |text: &str, quote: char| {
        let parts = text.split(quote).enumerate();
        let kept = parts.map(|(at, part)| {
            if at % 2 == 1 && !is_known(part) && written.contains(part) {
                "..."
            } else {
                part
            }
        });
        kept.collect::<Vec<_>>().join(&quote.to_string())
    };
    let redact = |text: &str| without(&without(text, '`'), '"');
    Diagnostic {
        message: redact(&finding.message),
        help: finding.help.as_deref().map(redact),
        ..finding
    }
    .withhold()
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

/// What a function makes of each of many things, on all processors where that pays.
fn side_by_side<T: Sync, R: Send>(things: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const WORTH_A_THREAD: usize = 64;
    if things.len() <= WORTH_A_THREAD {
        return things.iter().map(make).collect();
    }
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = things.len().div_ceil(workers).max(WORTH_A_THREAD);
    let make = &make;
    std::thread::scope(|scope| {
        let parts: Vec<_> = things
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(make).collect::<Vec<_>>()))
            .collect();
        let finish = |part: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
            part.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().flat_map(finish).collect()
    })
}

impl<K: Kind> Table<K> {
    /// Reads files into items, on as many processors as there are.
    pub(crate) fn read_native(
        &mut self,
        files: &[NativeFile],
        sources: &SourceMap,
        findings: &mut Vec<Diagnostic>,
    ) {
        let read = |file: &NativeFile| {
            Decoding::read_text::<K>(&sources.file(file.file).text, file.file, Profile::NATIVE)
        };
        let results = side_by_side(files, read);
        self.reserve(files.len());
        for (file, (value, found)) in files.iter().zip(results) {
            if !found.is_empty() {
                self.mark_flawed(&file.name);
            }
            let said = |finding: Diagnostic| {
                if K::PRIVATE {
                    redacted::<K>(finding, &sources.file(file.file).text)
                } else {
                    finding
                }
            };
            findings.extend(found.into_iter().map(said));
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
