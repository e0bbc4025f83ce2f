//! A folder of zone files, held against BIND's own checker.

use std::fs;
use std::process::Command;

use dns::providers::zone_files::{Access, Reader, Writer};
use dns::providers::{ReadError, ReadZone as _, WriteError, WriteZone as _};
use testkit::servers::{Folder, or_skip, program, run};

use crate::cases::{BASE, CASES, base, changes, sets, zone};

fn access(folder: &Folder) -> Access {
    Access {
        server: "files".to_owned(),
        folder: folder.path().to_owned(),
    }
}

#[test]
fn every_case_is_written_and_read_back_and_bind_takes_the_file() {
    let checker = or_skip(program("named-checkzone"));
    let folder = Folder::new();
    let path = folder.write("example.org.zone", BASE);
    let reader = Reader::new(access(&folder));
    let mut writer = Writer::new(access(&folder));
    let mut serial = 100;
    for case in CASES {
        for step in case.steps.iter().chain([&""]) {
            let before = reader.observe(&zone()).unwrap();
            let mut wanted = base();
            for (key, set) in sets(step) {
                wanted.insert(key, set);
            }
            let changes = changes(&before.sets, &wanted);
            let mark = writer.write(&zone(), &before.mark, &changes).unwrap();
            let after = reader.observe(&zone()).unwrap();
            assert_eq!((after.sets, after.mark), (wanted, mark), "{}", case.title);
            serial += 1;
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                text.contains(&format!("host.example.org. {serial} ")),
                "{text}"
            );
            if let Some(checker) = &checker {
                // Not what the records mean, only whether the file is one.
                run(Command::new(checker)
                    .args(["-q", "-i", "none", "-k", "ignore", "example.org"])
                    .arg(&path));
            }
        }
    }
}

#[test]
fn an_edit_since_it_was_read_refuses_the_change() {
    let folder = Folder::new();
    let path = folder.write("example.org", BASE);
    let before = Reader::new(access(&folder)).observe(&zone()).unwrap();
    folder.write("example.org", &format!("{BASE}x 60 IN A 192.0.2.9\n"));
    let edited = fs::read(&path).unwrap();
    let changes = changes(&before.sets, &sets("a 300 A 192.0.2.9"));
    let error = Writer::new(access(&folder))
        .write(&zone(), &before.mark, &changes)
        .unwrap_err();
    assert!(matches!(error, WriteError::Moved { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), edited);
}

#[test]
fn writers_of_one_folder_exclude_each_other() {
    let folder = Folder::new();
    folder.write("example.org", BASE);
    let before = Reader::new(access(&folder)).observe(&zone()).unwrap();
    let lock = fs::File::open(folder.write(".commonhold.lock", "")).unwrap();
    lock.lock().unwrap();
    let error = Writer::new(access(&folder))
        .write(&zone(), &before.mark, &[])
        .unwrap_err();
    assert!(matches!(error, WriteError::Later { .. }), "{error}");
}

#[test]
fn a_file_that_is_not_a_whole_zone_is_not_read() {
    let folder = Folder::new();
    let reader = Reader::new(access(&folder));
    let error = reader.observe(&zone()).unwrap_err();
    assert!(matches!(error, ReadError::NoSuchZone { .. }), "{error}");
    for (text, reason) in [
        ("", "has no SOA, so it may be cut short"),
        (
            &BASE.replace("192.0.2.3", "192.0.2"),
            "example.org.zone:7:16: `192.0.2` is not an IPv4 address",
        ),
        (
            &format!("{BASE}$INCLUDE more\n"),
            "example.org.zone:8:1: `$INCLUDE` is not followed",
        ),
    ] {
        folder.write("example.org.zone", text);
        let error = reader.observe(&zone()).unwrap_err();
        assert!(matches!(error, ReadError::Untrusted { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    folder.write("example.org", BASE);
    let error = reader.observe(&zone()).unwrap_err();
    assert!(error.to_string().contains("keep one"), "{error}");
    let gone = Access {
        server: "files".to_owned(),
        folder: folder.path().join("gone"),
    };
    let error = Reader::new(gone).observe(&zone()).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
}

#[test]
fn a_signed_zone_and_a_type_for_no_file_are_not_written() {
    let folder = Folder::new();
    let path = folder.write(
        "example.org",
        &format!("{BASE}@ 60 IN DNSKEY 256 3 8 AQ==\n"),
    );
    let reader = Reader::new(access(&folder));
    let mut writer = Writer::new(access(&folder));
    let before = reader.observe(&zone()).unwrap();
    assert_eq!((before.beyond.len(), &before.sets), (1, &base()));
    let error = writer.write(&zone(), &before.mark, &[]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("change the zone where it is signed"),
        "{error}"
    );

    folder.write("example.org", BASE);
    let before = reader.observe(&zone()).unwrap();
    let mut wanted = base();
    wanted.extend(sets("@ 60 ALIAS x.example.net."));
    let changes = changes(&before.sets, &wanted);
    let error = writer.write(&zone(), &before.mark, &changes).unwrap_err();
    assert!(
        error.to_string().contains("no zone file can hold it"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(path).unwrap(), BASE);
}
