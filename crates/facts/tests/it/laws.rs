//! What holds of every store.

use std::io::{Read as _, Write as _};

use facts::{Scratch, Store, StoreError};
use jiff::Timestamp;
use parquet::file::reader::{ChunkReader as _, Length as _};

type Held = Result<(), StoreError>;

fn paths(store: &Store, folder: &str) -> Result<Vec<String>, StoreError> {
    let entries = store.list(folder)?;
    Ok(entries.into_iter().map(|entry| entry.path).collect())
}

/// Shows them on a store that has nothing yet.
pub(crate) fn hold(store: &Store) -> Held {
    a_file_is_what_was_put_last(store)?;
    of_several_creators_one_creates(store)?;
    files_are_listed_below_their_folder(store)?;
    an_uploaded_file_is_read_in_pieces(store)?;
    what_is_not_there_is_said(store);
    Ok(())
}

fn a_file_is_what_was_put_last(store: &Store) -> Held {
    assert_eq!(store.get("a/one")?, None);
    store.put("a/one", b"first")?;
    store.put("a/one", b"second")?;
    assert_eq!(store.read("a/one")?, &b"second"[..]);
    store.delete("a/one")?;
    store.delete("a/one")?;
    assert_eq!(store.get("a/one")?, None);
    Ok(())
}

fn of_several_creators_one_creates(store: &Store) -> Held {
    let made: Vec<Result<bool, StoreError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6_u8)
            .map(|number| scope.spawn(move || store.create("b/one", &[number])))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let made = made.into_iter().collect::<Result<Vec<bool>, _>>()?;
    let creator = made.iter().position(|made| *made).expect("one creates");
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert_eq!(
        store.read("b/one")?,
        &[u8::try_from(creator).expect("of six")][..]
    );
    assert!(!store.create("b/one", b"later")?);
    Ok(())
}

fn files_are_listed_below_their_folder(store: &Store) -> Held {
    let odd = format!("c/provider={}/x", facts::segment("A & B/Ünï %"));
    for path in ["c/2", "c/1/deep", "c/10", "cc/1", odd.as_str()] {
        store.put(path, path.as_bytes())?;
    }
    assert_eq!(
        paths(store, "c")?,
        ["c/1/deep", "c/10", "c/2", odd.as_str()]
    );
    assert_eq!(paths(store, "nowhere")?, Vec::<String>::new());
    assert_eq!(store.read(&odd)?, odd.as_bytes());
    let entry = store.list("cc")?.remove(0);
    assert_eq!(entry.bytes, 4);
    assert!(entry.modified <= Timestamp::now() + jiff::SignedDuration::from_secs(5));
    Ok(())
}

fn an_uploaded_file_is_read_in_pieces(store: &Store) -> Held {
    // More than is sent to an object store at once.
    let all: Vec<u8> = (0..251_u8).cycle().take(18_000_000).collect();
    let mut file = store.scratch()?;
    file.write_all(&all).expect("a disk");
    store.upload("d/large", Scratch::new(file))?;
    let blob = store.open_file("d/large")?;
    assert_eq!(blob.len(), all.len() as u64);
    for (start, length) in [(0, 4), (1_048_000, 2_000), (5, 3_000_000), (17_999_992, 8)] {
        let found = blob.get_bytes(start, length).expect("bytes");
        let start = usize::try_from(start).expect("below 18,000,000");
        assert!(
            found == all[start..start + length],
            "{length} bytes at {start}"
        );
    }
    let mut rest = Vec::new();
    let mut reader = blob.get_read(17_000_000).expect("a reader");
    reader.read_to_end(&mut rest).expect("bytes");
    assert!(rest == all[17_000_000..]);
    assert!(blob.get_bytes(17_999_999, 2).is_err());
    Ok(())
}

fn what_is_not_there_is_said(store: &Store) {
    for found in [
        store.read("e/none").map(|_| ()),
        store.open_file("e/none").map(|_| ()),
    ] {
        let place = store.place_of("e/none");
        assert!(
            matches!(&found, Err(StoreError::Missing { place: named }) if *named == place),
            "{found:?}"
        );
    }
}
