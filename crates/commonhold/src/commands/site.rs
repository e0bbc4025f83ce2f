//! `commonhold site`

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use portal::site;

use crate::cli::SiteArguments;
use crate::project::Project;
use crate::serve::{Estate, shown_once};
use crate::surroundings::Outcome;

/// Lies in a folder that this command wrote, and may therefore write over.
const MARK: &str = ".commonhold-site";

pub(crate) fn run(project: &Project<'_>, arguments: &SiteArguments) -> anyhow::Result<Outcome> {
    let out = project.surroundings.folder.join(&arguments.out);
    let place = Place::of(&out)?;
    let estate = Estate {
        root: project.root()?,
        at: project.instant.map(|instant| (project.day, instant)),
        surroundings: project.surroundings.clone(),
        only_shown: true,
    };
    let (content, settings) = shown_once(&estate)?;
    let written = settings.url.as_ref().map(|url| url.value.as_str());
    let url = arguments.url.as_deref().or(written).unwrap_or_default();
    let files = site::files(content.as_ref(), url.trim_end_matches('/'), estate.now());
    let count = files.len();
    place.write(files.into_iter().map(|file| (file.path, file.bytes)))?;
    Ok(Outcome::data(format!(
        "{} in {}\n",
        base::counted(count, "file", "files"),
        arguments.out.display()
    )))
}

/// A folder that is written whole or not at all.
struct Place {
    out: PathBuf,
    /// Where it is made.
    draft: PathBuf,
    /// Where what was there goes.
    older: PathBuf,
}

impl Place {
    /// A folder that is not there, is empty, or is ours.
    fn of(out: &Path) -> anyhow::Result<Self> {
        let name = out
            .file_name()
            .with_context(|| format!("{} names no folder", out.display()))?;
        match fs::read_dir(out) {
            Ok(mut entries) => {
                if entries.next().is_some() && !out.join(MARK).is_file() {
                    bail!(
                        "{} holds files that `commonhold site` did not write; name another folder",
                        out.display()
                    );
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("{} is no folder to write", out.display()));
            }
        }
        let beside = |end: &str| {
            let name = format!(".{}.{}{end}", name.to_string_lossy(), std::process::id());
            out.with_file_name(name)
        };
        Ok(Self {
            out: out.to_owned(),
            draft: beside(""),
            older: beside(".older"),
        })
    }

    fn write(&self, files: impl Iterator<Item = (String, Vec<u8>)>) -> anyhow::Result<()> {
        let done = self.make(files).and_then(|()| self.swap());
        if done.is_err() {
            // What could not be made in full is of no use to anybody.
            let _ = fs::remove_dir_all(&self.draft);
        }
        done
    }

    fn make(&self, files: impl Iterator<Item = (String, Vec<u8>)>) -> anyhow::Result<()> {
        let _ = fs::remove_dir_all(&self.draft);
        let mark = (
            MARK.to_owned(),
            b"Written by `commonhold site`, which writes over this folder.\n".to_vec(),
        );
        for (path, bytes) in files.chain([mark]) {
            let path = self.draft.join(path.trim_start_matches('/'));
            let write = || {
                fs::create_dir_all(path.parent().unwrap_or(&self.draft))?;
                let mut file = OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&path)?;
                file.write_all(&bytes)
            };
            write().with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }

    /// Puts what was made in the place of what is there.
    fn swap(&self) -> anyhow::Result<()> {
        let failed = || format!("{} cannot be written", self.out.display());
        let was = match fs::rename(&self.out, &self.older) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(error).with_context(failed),
        };
        if let Err(error) = fs::rename(&self.draft, &self.out) {
            if was {
                fs::rename(&self.older, &self.out).with_context(failed)?;
            }
            return Err(error).with_context(failed);
        }
        if was {
            fs::remove_dir_all(&self.older)
                .with_context(|| format!("{} cannot be removed", self.older.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("commonhold-site-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn write(out: &Path, files: &[(&str, &str)]) -> anyhow::Result<()> {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Place::of(out)?.write(files)
    }

    #[test]
    fn a_site_takes_the_place_of_an_earlier_one_and_leaves_nothing_of_it() {
        let above = folder("swap");
        let out = above.join("public");
        write(&out, &[("index.html", "1"), ("services/a.html", "1")]).unwrap();
        write(&out, &[("/index.html", "2")]).unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "2");
        assert!(!out.join("services").exists());
        assert_eq!(fs::read_dir(&above).unwrap().count(), 1);
        fs::remove_dir_all(above).unwrap();
    }

    #[test]
    fn files_of_others_are_not_written_over() {
        let out = folder("others");
        crate::files::replace(&out.join("thesis.tex"), "years").unwrap();
        let refused = write(&out, &[("index.html", "1")]).unwrap_err();
        assert!(refused.to_string().contains("did not write"));
        assert!(out.join("thesis.tex").is_file());
        fs::remove_dir_all(out).unwrap();
    }

    #[test]
    fn a_site_that_cannot_be_made_in_full_leaves_the_earlier_one() {
        let above = folder("half");
        let out = above.join("public");
        write(&out, &[("index.html", "1")]).unwrap();
        // The same file twice.
        write(&out, &[("index.html", "2"), ("index.html", "3")]).unwrap_err();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "1");
        assert_eq!(fs::read_dir(&above).unwrap().count(), 1);
        fs::remove_dir_all(above).unwrap();
    }
}
