#![no_main]
//! Any files as jobs and dashboards.

use base::SourceMap;
use commonhold_fuzz::{files, places, tree};
use estate::Manifest;
use formats::{Ci, prow_jobs};
use jobs::References;
use libfuzzer_sys::fuzz_target;

const FIRST: &str = "jobs/a.yaml";
const MANIFEST: &str = "commonhold: 1\nname: Fuzz\nsources:\n- {format: prow-jobs, path: main.yaml}\n\
                        - {format: prow-jobs, path: jobs}\n- {format: testgrid, path: boards}\n";

fuzz_target!(|input: &str| {
    let tree = tree(files(input, FIRST));
    let mut sources = SourceMap::default();
    let file = sources.add(Manifest::FILE, MANIFEST);
    let Some(manifest) = Manifest::read(MANIFEST, file).0 else {
        return;
    };
    let findings = Ci::read(&manifest.sources, &tree, &mut sources).findings;
    places(&findings, &sources);
    let loaded = prow_jobs::load(&manifest.sources, &tree, &mut sources);
    let catalogue = loaded.catalogue();
    assert_eq!(catalogue.findings.len(), loaded.catalogue().findings.len());
    for at in 0..catalogue.jobs.len() {
        assert!(catalogue.effective(at).is_some());
    }
    let references = References::of(&catalogue, None, None);
    assert!(catalogue.jobs.is_empty() || references.all().next().is_some());
});
