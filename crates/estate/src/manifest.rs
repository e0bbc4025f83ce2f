//! The root of an estate, `commonhold.yaml`.

use base::{Diagnostic, FileId, Spanned};
use jiff::civil::Date;
use yaml::{Decoding, Profile, record};

use crate::codes;
use crate::kinds::Group;
use crate::reference::Ref;

record! {
    /// The root of an estate: what it is called and which files of other formats belong to it.
    pub struct Manifest {
        /// The version of the format; 1 is the only one.
        pub commonhold: Spanned<u32>,
        /// The name of the community.
        pub name: String,
        /// What it does, in a sentence.
        pub description: Option<String>,
        /// Files in other formats, read where they are.
        pub sources: Vec<Source>,
        /// Where the ledger is: a path relative to this file, or `env/NAME`, the environment variable that holds a path or the URL
        /// of a PostgreSQL database; `.commonhold/ledger.sqlite` if not said.
        pub ledger: Option<Spanned<String>>,
        /// Paths below the estate that are none of its business.
        pub ignore: Vec<String>,
        /// What `commonhold audit` finds and is known, each for a time.
        pub audit_ignore: Vec<Spanned<AuditIgnore>>,
    }
}

record! {
    /// What an audit finds and is known, for a time.
    pub struct AuditIgnore {
        /// Which things, as the audit calls them, for example `role/AWSServiceRole*`; `*` stands for any characters.
        pub thing: Spanned<String>,
        /// In which systems, as the audit calls them, for example `aws/*/iam`; in all if not said.
        pub system: Option<Spanned<String>>,
        /// The group that answers for it.
        pub owner: Ref<Group>,
        /// Why it is let be.
        pub reason: String,
        /// The last day on which it is.
        pub until: Spanned<Date>,
    }
}

record! {
    /// Files in another format.
    pub struct Source {
        /// The format; `commonhold help formats` lists them.
        pub format: Spanned<String>,
        /// Where they are, relative to `commonhold.yaml`: a file or a folder.
        pub path: Spanned<String>,
        /// The repository they are of, for formats that speak of paths in one.
        pub repository: Option<String>,
    }
}

impl Manifest {
    /// The file that makes a folder an estate.
    pub const FILE: &'static str = "commonhold.yaml";

    /// Reads the file.
    pub fn read(text: &str, file: FileId) -> (Option<Self>, Vec<Diagnostic>) {
        let (manifest, mut findings) = Decoding::read_text::<Self>(text, file, Profile::NATIVE);
        if let Some(version) = manifest
            .as_ref()
            .map(|m| m.commonhold)
            .filter(|version| version.value != 1)
        {
            let message = format!("version {version} of the format is not known");
            findings.push(
                Diagnostic::new(&codes::VERSION, version.span, message)
                    .help("write `commonhold: 1`, or use a later version of the program"),
            );
        }
        (manifest, findings)
    }
}
