//! Into a folder.

use std::fs;

use notice::{Channel, Evidence, FileDrop, NotDelivered, deliver};
use testkit::servers::Folder;

use crate::message;

#[test]
fn a_message_is_one_file_however_often_it_is_delivered() {
    let folder = Folder::new();
    let channel = Channel::Files(FileDrop::new(folder.path()));
    let message = message(&[]);
    let first = deliver(&channel, &message).unwrap();
    assert_eq!(deliver(&channel, &message).unwrap(), first);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(files.len(), 1);
    let name = format!("{}.json", message.digest().hex());
    assert_eq!(files[0].file_name().to_str(), Some(name.as_str()));
    assert_eq!(fs::read_to_string(files[0].path()).unwrap(), message.json());
    assert_eq!(
        first.evidence,
        Evidence::File {
            path: files[0].path()
        }
    );
}

#[test]
fn many_at_once_write_one_file() {
    let folder = Folder::new();
    let channel = Channel::Files(FileDrop::new(folder.path()));
    let message = message(&[]);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| deliver(&channel, &message)))
            .collect();
        for run in runs {
            run.join().unwrap().unwrap();
        }
    });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_somebody_changed_is_not_taken_for_the_message() {
    let folder = Folder::new();
    let message = message(&[]);
    folder.write(&format!("{}.json", message.digest().hex()), "{}");
    let error = deliver(&Channel::Files(FileDrop::new(folder.path())), &message).unwrap_err();
    assert!(
        matches!(error, NotDelivered::Misconfigured { .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("holds something else"),
        "{error}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let folder = Folder::new();
    let gone = folder.path().join("gone");
    let error = deliver(&Channel::Files(FileDrop::new(&gone)), &message(&[])).unwrap_err();
    assert!(error.to_string().ends_with(
        "is not set up: there is no such folder; make it, or mount the disk that it is on"
    ));
    assert!(!gone.exists());
}
