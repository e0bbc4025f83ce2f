#![no_main]
//! Any text, in both dialects: parsing never panics, and every place is one.

use base::SourceMap;
use commonhold_fuzz::{place, places};
use libfuzzer_sys::fuzz_target;
use yaml::{Dialect, Node, Value, parse, parse_single};

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let file = sources.add("any.yaml", text);
    for dialect in [Dialect::Native, Dialect::Go] {
        let (documents, findings) = parse(text, file, dialect);
        for node in &documents {
            walk(node, &sources);
        }
        places(&findings, &sources);
        let (document, findings) = parse_single(text, file, dialect);
        assert!(document.is_some() || !findings.is_empty());
        places(&findings, &sources);
    }
});

fn walk(node: &Node, sources: &SourceMap) {
    place(node.span, sources);
    assert!(!node.describe().is_empty());
    match &node.value {
        Value::Empty | Value::Scalar { .. } | Value::Include(_) => {}
        Value::Sequence(items) => {
            for item in items {
                walk(item, sources);
            }
        }
        Value::Mapping(entries) => {
            for (key, value) in entries {
                assert!(key.text().is_some());
                walk(key, sources);
                walk(value, sources);
            }
        }
    }
}
