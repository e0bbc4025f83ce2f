#![no_main]
//! Any files as a folder of Elekto, and any text as an election of ours, as a list of
//! contributions and as a roll.

use base::SourceMap;
use commonhold_fuzz::{files, places, tree};
use elections::Definition;
use elections::definition::{Key, Publish, Tie, ZonedTime};
use elections::elekto::{self, CandidateFile, Unsaid, write};
use elections::voters::{Contributions, Roll};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    folder(input);
    native(input);
    if let Ok(time) = ZonedTime::new(input) {
        assert_eq!(ZonedTime::new(&time.to_string()), Ok(time));
    }
    if let Ok(roll) = Roll::from_lock(input) {
        let lock = roll.to_lock().expect("a roll has a text");
        assert_eq!(Roll::from_lock(&lock).as_ref(), Ok(&roll));
    }
});

/// What was read is given back byte for byte, and written anew reads the same.
fn folder(input: &str) {
    let files = files(input, elekto::ELECTION);
    let tree = tree(files);
    let mut sources = SourceMap::default();
    let key = Key::new("fuzz").expect("a key");
    let reading = elekto::read(&tree, "", &key, &mut sources);
    places(&reading.findings, &sources);
    let Some(folder) = reading.folder else {
        return;
    };
    for (name, text) in folder.files() {
        assert_eq!(estate::Tree::read(&tree, name).as_ref(), Ok(text));
    }
    for candidate in &folder.candidates {
        let text = write::candidate(candidate);
        let file = sources.add("candidate.md", text.clone());
        let (again, _) = CandidateFile::read(&text, file, candidate.id.as_str());
        assert_eq!(again.as_ref(), Some(candidate));
    }
    let unsaid = Unsaid {
        body: None,
        tie: Tie::Coin,
        publish: Publish::Pairwise,
    };
    let (definition, findings) = folder.definition(&unsaid);
    places(&findings, &sources);
    if let Some(definition) = definition {
        assert!(definition.digest().is_ok());
    }
    let mut edited = folder.clone();
    let first = folder.voters.first().map(|voter| voter.value.clone());
    if edited.set_voters(&first).is_ok() {
        assert!(edited.voters.iter().map(|voter| &voter.value).eq(&first));
    }
}

fn native(input: &str) {
    let mut sources = SourceMap::default();
    let file = sources.add("election.yaml", input);
    let (definition, findings) = Definition::read(input, file);
    places(&findings, &sources);
    if let Some(definition) = definition {
        assert!(definition.digest().is_ok());
    }
    let (_, findings) = Contributions::read(input.as_bytes(), file);
    places(&findings, &sources);
}
