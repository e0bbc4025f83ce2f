//! One thing's part of a file, edited on its own.
//!
//! A file may hold thousands of things; to read it whole for each edit would take its time. So the
//! lines of a thing are taken out, edited as a document of their own, and put back. What stands
//! around them is not even looked at.

use std::ops::Range;

use yaml::edit::{self, CannotEdit, Step, Written};

/// Something that is written in a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writing {
    /// A text stands under a key.
    Set {
        /// The way to the key.
        at: Vec<Step>,
        /// The text.
        to: String,
    },
    /// What stands under one key stands under another as well.
    Copy {
        /// The way to the other.
        at: Vec<Step>,
        /// The way to the one.
        from: Vec<Step>,
    },
    /// An entry goes.
    Remove {
        /// The way to it.
        at: Vec<Step>,
    },
    /// A key is called otherwise.
    Rename {
        /// The way to it.
        at: Vec<Step>,
        /// Its new name.
        to: String,
    },
}

/// The text in which the mapping at these bytes is changed; all others are as they were.
///
/// # Errors
/// It cannot be changed safely. Nothing is changed then.
pub fn written(
    text: &str,
    thing: Range<usize>,
    writings: &[Writing],
) -> Result<String, CannotEdit> {
    let part = Part::of(text, thing)?;
    let mut edited = part.alone(text);
    for writing in writings {
        edited = write(&edited, writing).map_err(|refused| part.placed(text, refused))?;
    }
    let kept = edited.get(part.indent..).filter(|_| {
        edited
            .get(..part.indent)
            .is_some_and(|indent| indent.bytes().all(|byte| byte == b' '))
    });
    let Some(kept) = kept else {
        let why = "its first line would be another".to_owned();
        return Err(part.placed(text, CannotEdit { line: 1, why }));
    };
    let mut whole = String::with_capacity(text.len() + edited.len());
    whole.push_str(text.get(..part.start).unwrap_or(""));
    whole.push_str(kept);
    whole.push_str(text.get(part.end..).unwrap_or(""));
    Ok(whole)
}

/// Where the lines of a thing are.
struct Part {
    start: usize,
    end: usize,
    /// How far its keys stand from the margin.
    indent: usize,
}

impl Part {
    fn of(text: &str, thing: Range<usize>) -> Result<Self, CannotEdit> {
        let refuse = |at: usize, why: &str| CannotEdit {
            line: 1 + text.get(..at).unwrap_or("").matches('\n').count(),
            why: why.to_owned(),
        };
        let start = thing.start;
        let Some(inside) = text.get(thing).map(str::trim_end) else {
            return Err(refuse(0, "there is no such place in the file"));
        };
        let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let lead = text[line..start].trim_start_matches('\u{feff}');
        let indent = lead.chars().count();
        let last = start + inside.len();
        if inside.starts_with('{') {
            let close = inside.rfind('}').map_or(last, |close| start + close + 1);
            return Ok(Self {
                start,
                end: close,
                indent,
            });
        }
        let end = text[last..]
            .find('\n')
            .map_or(text.len(), |newline| last + newline + 1);
        let rest = text[last..end].trim();
        if !(rest.is_empty() || rest.starts_with('#')) {
            return Err(refuse(last, "something else stands on the same line"));
        }
        Ok(Self { start, end, indent })
    }

    /// The lines as a document of their own: what stands before the first key is blank.
    fn alone(&self, text: &str) -> String {
        " ".repeat(self.indent) + text.get(self.start..self.end).unwrap_or("")
    }

    /// A refusal, with its line in the whole text.
    fn placed(&self, text: &str, refused: CannotEdit) -> CannotEdit {
        let before = text.get(..self.start).unwrap_or("").matches('\n').count();
        CannotEdit {
            line: before + refused.line,
            why: refused.why,
        }
    }
}

fn write(text: &str, writing: &Writing) -> Result<String, CannotEdit> {
    match writing {
        Writing::Set { at, to } => set(text, at, &Written::Text(to.clone())),
        Writing::Copy { at, from } => match said(text, from) {
            Some(value) => set(text, at, &value),
            None => Err(CannotEdit {
                line: 1,
                why: "there is nothing to copy".to_owned(),
            }),
        },
        Writing::Remove { at } => edit::remove_at(text, at),
        Writing::Rename { at, to } => edit::rename_key(text, at, to),
    }
}

/// Puts a value under a key, and makes the mappings on the way to it that are not there.
fn set(text: &str, at: &[Step], value: &Written) -> Result<String, CannotEdit> {
    let mut value = value.clone();
    let mut refused = None;
    for end in (1..=at.len()).rev() {
        // What is there already is not written over.
        let there = edit::span_of(text, &at[..end]).is_some_and(|span| !span.is_empty());
        if there && end < at.len() {
            break;
        }
        match edit::set_key(text, &at[..end], &value) {
            Ok(edited) => return Ok(edited),
            Err(error) => refused = refused.or(Some(error)),
        }
        let Step::Key(name) = &at[end - 1] else { break };
        value = Written::Mapping(vec![(name.clone(), value)]);
    }
    Err(refused.unwrap_or_else(|| CannotEdit {
        line: 1,
        why: "there is no key to write under".to_owned(),
    }))
}

/// What stands under a key, to be written elsewhere.
fn said(text: &str, at: &[Step]) -> Option<Written> {
    let (_, value) = edit::scalars_at(text, at).into_iter().next()?;
    let plain = edit::span_of(text, at).and_then(|span| text.get(span)) == Some(&value);
    let whole = value
        .parse()
        .ok()
        .filter(|number: &u64| plain && number.to_string() == value);
    Some(whole.map_or(Written::Text(value), Written::Number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yaml::edit::Step;

    use super::{Writing, written};

    const TWO: &str = "jobs:\n- name: a # first\n  spec:\n    containers:\n    - image: x\n      resources:\n        requests:\n          \
                       cpu: 2\n          memory: 4Gi\n  # of a\n\n# of b\n- labels:\n    x: \"1\"\n    y: \"2\"\n  name: b\n";

    fn at(keys: &str) -> Vec<Step> {
        let step = |word: &str| {
            word.parse()
                .map_or_else(|_| Step::from(word), |at: usize| Step::from(at))
        };
        keys.split(' ').map(step).collect()
    }

    /// The bytes of the first job, and of the second.
    fn jobs(text: &str) -> [std::ops::Range<usize>; 2] {
        let first = text.find("name: a").expect("a job");
        let second = text.find("labels:").expect("a job");
        [
            first..text.find("  # of a").expect("its end"),
            second..text.len(),
        ]
    }

    fn copy(resource: &str) -> Writing {
        Writing::Copy {
            at: at(&format!("spec containers 0 resources limits {resource}")),
            from: at(&format!("spec containers 0 resources requests {resource}")),
        }
    }

    #[test]
    fn what_is_not_there_is_made_once() {
        let [first, _] = jobs(TWO);
        let fixed = written(TWO, first, &[copy("cpu"), copy("memory")]).expect("an edit");
        let limits = "        limits:\n          cpu: 2\n          memory: 4Gi\n";
        assert_eq!(
            fixed,
            TWO.replace("memory: 4Gi\n", &format!("memory: 4Gi\n{limits}"))
        );
    }

    #[test]
    fn an_entry_that_goes_leaves_its_neighbours() {
        let [_, second] = jobs(TWO);
        let fixed = written(
            TWO,
            second.clone(),
            &[Writing::Remove { at: at("labels x") }],
        );
        assert_eq!(fixed.expect("an edit"), TWO.replace("x: \"1\"\n    ", ""));
        let rename = Writing::Rename {
            at: at("labels y"),
            to: "z".to_owned(),
        };
        let fixed = written(TWO, second, &[rename]).expect("an edit");
        assert_eq!(fixed, TWO.replace("y: \"2\"", "z: \"2\""));
    }

    #[test]
    fn a_job_in_braces_is_one() {
        let text = "jobs: [{name: a, image: x}, {name: b}] # both\n";
        let start = text.find("{name: b").expect("it");
        let set = Writing::Set {
            at: at("path_alias"),
            to: "k/k".to_owned(),
        };
        let fixed = written(text, start..start + "{name: b}".len(), &[set]).expect("an edit");
        assert_eq!(
            fixed,
            text.replace("{name: b}", "{name: b, path_alias: k/k}")
        );
    }

    #[test]
    fn what_is_there_is_not_written_over_by_more() {
        let text = "- name: a\n  spec: {x: 1}\n";
        let set = Writing::Set {
            at: at("spec x y"),
            to: "k".to_owned(),
        };
        assert!(written(text, 2..text.len(), &[set]).is_err());
    }

    #[test]
    fn a_refusal_says_the_line_in_the_file() {
        let [_, second] = jobs(TWO);
        let refused = written(TWO, second, &[Writing::Remove { at: at("labels q") }]);
        let line = refused.expect_err("no such label").line;
        assert!((13..=16).contains(&line), "{line}");
    }

    proptest! {
        #[test]
        fn nothing_outside_of_the_thing_changes(
            before in "(- name: z\n  x: 1 # [a-z]{0,4}\n|# [a-z]{0,9}\n|\n){0,4}",
            after in "(- name: z\n  x: 1\n|# [a-z]{0,9}\n|\n){0,4}",
            tail in "( #[a-z ]{0,5})?",
            windows in any::<bool>(),
        ) {
            let own = format!("name: a\n  resources:\n    requests: {{cpu: 1}}{tail}\n");
            let ends = |text: &str| if windows { text.replace('\n', "\r\n") } else { text.to_owned() };
            let (head, own, foot) = (ends(&format!("jobs:\n{before}- ")), ends(&own), ends(&after));
            let text = format!("{head}{own}{foot}");
            let thing = head.len()..head.len() + own.len();
            let copy = Writing::Copy { at: at("resources limits cpu"), from: at("resources requests cpu") };
            let fixed = written(&text, thing.clone(), std::slice::from_ref(&copy)).expect("an edit");
            prop_assert!(fixed.starts_with(&head) && fixed.ends_with(&foot));
            prop_assert!(fixed[head.len()..].starts_with(own.trim_end()));
            // The same once more changes nothing.
            let longer = thing.start..fixed.len() - foot.len();
            prop_assert_eq!(written(&fixed, longer, &[copy]).expect("an edit"), fixed);
        }
    }
}
