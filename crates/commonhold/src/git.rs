//! The Git repository an estate is kept in, asked through the `git` command.

pub(crate) mod past;
pub(crate) mod recent;
pub(crate) mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, bail};
use estate::{Tree, Unreadable, join};
use jiff::Timestamp;

/// A repository, seen from the estate's folder in it.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    folder: PathBuf,
    /// The estate's folder in the repository, with a final `/` unless it is the root.
    prefix: String,
}

/// A commit and who made it.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) hash: String,
    /// What it changes; several of a merge.
    pub(crate) parents: Vec<String>,
    pub(crate) authors: Vec<Author>,
}

/// A person of a commit, as Git has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Author {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A commit of the line that changes are merged into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) hash: String,
    /// When it was made, as whoever made it says.
    pub(crate) at: Timestamp,
}

/// What a repository knows of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Past {
    /// The last commit before it.
    At(Commit),
    /// There were none yet.
    NotYet,
    /// The clone does not reach back so far.
    CutOff,
}

impl Repository {
    /// The repository that holds a folder; none if there is none, or no commit in it.
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let asked = run(folder, &["rev-parse", "--show-prefix"]).ok()?;
        run(folder, &["rev-parse", "--verify", "--quiet", "HEAD"]).ok()?;
        Some(Self {
            folder: folder.to_owned(),
            prefix: asked.trim_end_matches('\n').to_owned(),
        })
    }

    /// The path from the repository's root of one below the estate; nothing where that leads out of it.
    pub(crate) fn inside(&self, path: &str) -> Option<String> {
        let path = join(&self.prefix, path);
        (!path.starts_with("..")).then_some(path)
    }

    fn git(&self, arguments: &[&str]) -> anyhow::Result<String> {
        run(&self.folder, arguments)
    }

    /// The commit that a name leads to.
    pub(crate) fn commit(&self, name: &str) -> anyhow::Result<String> {
        let name = format!("{name}^{{commit}}");
        let hash = self.git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &name,
        ])?;
        Ok(hash.trim().to_owned())
    }

    /// The files below the estate that are not as they were committed; new files
    /// count where an estate would read them, and records of decisions never do.
    pub(crate) fn uncommitted(&self) -> anyhow::Result<Vec<String>> {
        let listed = self.git(&[
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--",
            ".",
        ])?;
        let entries = listed.split('\0').filter(|entry| entry.len() > 3);
        let below = entries.filter_map(|entry| {
            let (state, path) = entry.split_at(3);
            let path = path.strip_prefix(&self.prefix)?;
            let new = state.starts_with("??");
            let read = !new
                || Path::new(path)
                    .extension()
                    .is_some_and(|end| end == "yaml" || end == "yml");
            (read && !path.starts_with("decisions/")).then(|| path.to_owned())
        });
        Ok(below.collect())
    }

    /// Whether one commit is another, or came before it.
    pub(crate) fn is_ancestor(&self, earlier: &str, later: &str) -> anyhow::Result<bool> {
        let status = Command::new("git")
            .args([
                "merge-base",
                "--is-ancestor",
                "--end-of-options",
                earlier,
                later,
            ])
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("git cannot be run")?;
        match status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => bail!("{earlier} or {later} is no commit of this repository; fetch it first"),
        }
    }

    /// The last commit before `commit` that was on the branch that changes are merged into:
    /// the one that the remote names, or `main`.
    pub(crate) fn branched_off(&self, commit: &str) -> anyhow::Result<Option<String>> {
        let mut tips = ["origin/HEAD", "origin/main", "main", "master"].iter();
        let Some(tip) = tips.find_map(|name| self.commit(name).ok()) else {
            return Ok(None);
        };
        let fork = self.git(&["merge-base", commit, &tip])?.trim().to_owned();
        if fork == commit {
            return Ok(self.parent(commit));
        }
        Ok(Some(fork))
    }

    /// The commit before one: on its own branch, where it merged another.
    pub(crate) fn parent(&self, commit: &str) -> Option<String> {
        self.commit(&format!("{commit}^1")).ok()
    }

    /// The last commit before an instant, among what is checked out and the first parents before it.
    pub(crate) fn last_before(&self, instant: Timestamp) -> anyhow::Result<Past> {
        // Git shows the commits of this second too.
        let until = format!("--min-age={}", instant.as_second() - 1);
        let line = [
            "rev-list",
            "-1",
            "--first-parent",
            "--format=%ct",
            &until,
            "HEAD",
        ];
        if let Some(commit) = commit(&self.git(&line)?) {
            return Ok(Past::At(commit));
        }
        let shallow = self.git(&["rev-parse", "--is-shallow-repository"])?;
        Ok(if shallow.trim() == "true" {
            Past::CutOff
        } else {
            Past::NotYet
        })
    }

    /// The commit that is checked out.
    pub(crate) fn head(&self) -> anyhow::Result<Commit> {
        let said = self.git(&["rev-list", "-1", "--format=%ct", "HEAD"])?;
        commit(&said).context("git does not say when HEAD was made")
    }

    /// The commits among what is checked out and the first parents before it that changed one of
    /// these files or folders, the newest first.
    pub(crate) fn line(&self, paths: &BTreeSet<String>) -> anyhow::Result<Vec<Commit>> {
        let options = ["--first-parent", "--format=commit %H%n%ct%x00"];
        let said = self.log(&options, "HEAD", paths)?;
        Ok(said.split('\0').filter_map(commit).collect())
    }

    /// Whether the clone lacks commits that others have.
    pub(crate) fn is_shallow(&self) -> bool {
        let asked = self.git(&["rev-parse", "--is-shallow-repository"]);
        asked.is_ok_and(|said| said.trim() == "true")
    }

    /// The first commit after one, up to another, that changed one of these files.
    pub(crate) fn first_touching(
        &self,
        after: &str,
        up_to: &str,
        paths: &BTreeSet<String>,
    ) -> anyhow::Result<Option<String>> {
        let range = format!("{after}..{up_to}");
        let options = ["--first-parent", "--reverse", "--format=%H"];
        let said = self.log(&options, &range, paths)?;
        Ok(said.lines().next().map(str::to_owned))
    }

    /// The authors, co-authors and committers of what came to these files in a range of commits. Who merged counts where the merge itself changed something.
    pub(crate) fn authors(
        &self,
        range: &str,
        paths: &BTreeSet<String>,
    ) -> anyhow::Result<Vec<Author>> {
        let format =
            "--format=%an <%ae>%n%cn <%ce>%n%(trailers:key=Co-authored-by,valueonly,unfold)";
        let said = self.log(&[format], range, paths)?;
        let found = said.lines().filter_map(author);
        let mut authors: Vec<Author> = found.filter(|author| !is_forge(author)).collect();
        authors.sort();
        authors.dedup();
        Ok(authors)
    }

    /// The commits of a range that changed one of these files.
    pub(crate) fn commits(
        &self,
        range: &str,
        paths: &BTreeSet<String>,
    ) -> anyhow::Result<Vec<Change>> {
        let format = "--format=%x00%H %P%n%an <%ae>%n%cn <%ce>%n%(trailers:key=Co-authored-by,valueonly,unfold)";
        let said = self.log(&[format, "--topo-order"], range, paths)?;
        let all = said.split('\0').filter(|one| !one.trim().is_empty());
        let read = all.map(|one| {
            let (hashes, authors) = one.split_once('\n').unwrap_or((one, ""));
            let mut hashes = hashes.split_whitespace().map(str::to_owned);
            Change {
                hash: hashes.next().unwrap_or_default(),
                parents: hashes.collect(),
                authors: authors
                    .lines()
                    .filter_map(author)
                    .filter(|one| !is_forge(one))
                    .collect(),
            }
        });
        Ok(read.collect())
    }

    fn log(
        &self,
        options: &[&str],
        range: &str,
        paths: &BTreeSet<String>,
    ) -> anyhow::Result<String> {
        let depth = self.prefix.matches('/').count();
        let inside =
            |path: &&String| path.split('/').take_while(|part| *part == "..").count() <= depth;
        // What is outside the repository has no commits in it. `./` keeps Git from reading
        // a path as an option or as something else than a path.
        let paths: Vec<String> = paths
            .iter()
            .filter(inside)
            .map(|path| format!("./{path}"))
            .collect();
        if paths.is_empty() {
            return Ok(String::new());
        }
        let mut arguments = vec!["log"];
        arguments.extend(options);
        arguments.extend(["--end-of-options", range, "--"]);
        arguments.extend(paths.iter().map(String::as_str));
        self.git(&arguments)
    }

    /// Whether Git keeps versions of a file.
    pub(crate) fn is_tracked(&self, path: &Path) -> bool {
        let path = path.to_string_lossy();
        self.git(&["ls-files", "--error-unmatch", "--", &path])
            .is_ok()
    }

    /// Whether it is a clone without files.
    pub(crate) fn is_bare(&self) -> bool {
        let asked = self.git(&["rev-parse", "--is-bare-repository"]);
        asked.is_ok_and(|said| said.trim() == "true")
    }

    /// The files of this name below a folder that any commit up to `HEAD` had.
    pub(crate) fn ever_below(&self, folder: &str, name: &str) -> anyhow::Result<BTreeSet<String>> {
        let pattern = format!(":(top,glob){}{folder}/**/{name}", self.prefix);
        let listed = self.git(&[
            "log",
            // The sides of merges too, whatever they were merged to.
            "--full-history",
            "--no-renames",
            "--format=",
            "--name-only",
            "-z",
            "HEAD",
            "--",
            &pattern,
        ])?;
        let paths = listed.split('\0').map(|path| path.trim_matches('\n'));
        let below = paths.filter_map(|path| path.strip_prefix(&self.prefix));
        Ok(below
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// What a file held in each commit that changed it, the oldest first.
    pub(crate) fn versions(&self, path: &str) -> anyhow::Result<Vec<(String, Option<String>)>> {
        let inside = format!("{}{path}", self.prefix);
        let full = format!(":(top,literal){inside}");
        let listed = self.git(&[
            "log",
            // The sides of merges too, whatever they were merged to.
            "--full-history",
            "--reverse",
            "--topo-order",
            "--format=%H",
            "HEAD",
            "--",
            &full,
        ])?;
        let content = |commit: &str| {
            self.git(&["show", "--end-of-options", &format!("{commit}:{inside}")])
                .ok()
        };
        Ok(listed
            .lines()
            .map(|commit| (commit.to_owned(), content(commit)))
            .collect())
    }

    /// The estate as it was at a commit.
    pub(crate) fn tree_at(&self, commit: &str) -> anyhow::Result<CommitTree> {
        CommitTree::open(self, commit)
    }

    /// A setting of Git.
    pub(crate) fn setting(&self, key: &str) -> Option<String> {
        let value = self.git(&["config", "--get", key]).ok()?;
        Some(value.trim_end_matches('\n').to_owned())
    }
}

/// Reads `commit HASH`, and below it the second in which it was made.
fn commit(said: &str) -> Option<Commit> {
    let (first, second) = said.trim().split_once('\n')?;
    let at = Timestamp::from_second(second.trim().parse().ok()?).ok()?;
    let hash = first.strip_prefix("commit ")?.to_owned();
    Some(Commit { hash, at })
}

/// A forge that commits what was merged on its pages is nobody.
fn is_forge(author: &Author) -> bool {
    author.email == "noreply@github.com"
}

fn author(line: &str) -> Option<Author> {
    let (name, rest) = line.trim().rsplit_once('<')?;
    Some(Author {
        name: name.trim().to_owned(),
        email: rest.strip_suffix('>')?.trim().to_owned(),
    })
}

fn run(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .output()
        .context("git cannot be run; is it installed?")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "git {} failed: {}",
            arguments.first().unwrap_or(&""),
            said.trim()
        );
    }
    String::from_utf8(output.stdout).context("git said something that is not UTF-8")
}

/// How many links may lead from one to the next.
const LINKS: usize = 8;

/// The files of an estate at a commit.
#[derive(Debug)]
pub(crate) struct CommitTree {
    /// The objects of all files, by their paths below the estate.
    files: BTreeMap<String, Object>,
    objects: Mutex<Objects>,
}

/// A file in Git.
#[derive(Debug)]
struct Object {
    hash: String,
    /// It is a link; its content is where it leads.
    is_link: bool,
}

/// `git cat-file --batch`, which gives the content of one object after the other.
#[derive(Debug)]
struct Objects {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Objects {
    fn open(folder: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new("git")
            .args(["cat-file", "--batch"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("git cannot be run")?;
        let ask = child.stdin.take().context("git takes no questions")?;
        let answers = BufReader::new(child.stdout.take().context("git gives no answers")?);
        Ok(Self {
            child,
            ask,
            answers,
        })
    }

    fn content(&mut self, object: &str) -> anyhow::Result<Vec<u8>> {
        let found = self.find(object)?;
        found.with_context(|| format!("git has no {object}"))
    }

    /// The content of an object; nothing where the clone does not have it.
    fn find(&mut self, object: &str) -> anyhow::Result<Option<Vec<u8>>> {
        writeln!(self.ask, "{object}")?;
        self.ask.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let last = head.trim_end().rsplit(' ').next();
        if last == Some("missing") {
            return Ok(None);
        }
        let size: Option<usize> = last.and_then(|size| size.parse().ok());
        let size =
            size.with_context(|| format!("git does not give {object}: {}", head.trim_end()))?;
        let mut content = vec![0; size + 1];
        self.answers.read_exact(&mut content)?;
        content.truncate(size);
        Ok(Some(content))
    }
}

impl CommitTree {
    fn open(repository: &Repository, commit: &str) -> anyhow::Result<Self> {
        let at = format!("{commit}:{}", repository.prefix);
        let listed = repository
            .git(&[
                "ls-tree",
                "-r",
                "-z",
                "--full-tree",
                "--end-of-options",
                &at,
            ])
            .with_context(|| format!("the estate cannot be read at commit {commit}"))?;
        let mut files = BTreeMap::new();
        for entry in listed.split('\0').filter(|entry| !entry.is_empty()) {
            let (meta, path) = entry
                .split_once('\t')
                .context("git lists a file without a path")?;
            let mut meta = meta.split(' ');
            if let (Some(mode @ ("100644" | "100755" | "120000")), Some(_), Some(hash)) =
                (meta.next(), meta.next(), meta.next())
            {
                let object = Object {
                    hash: hash.to_owned(),
                    is_link: mode == "120000",
                };
                files.insert(path.to_owned(), object);
            }
        }
        Ok(Self {
            files,
            objects: Mutex::new(Objects::open(&repository.folder)?),
        })
    }

    fn missing(path: &str) -> Unreadable {
        Unreadable {
            path: path.to_owned(),
            reason: "no such file or folder".to_owned(),
            missing: true,
        }
    }
}

impl Tree for CommitTree {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        let refuse = |reason: String| Unreadable {
            path: path.to_owned(),
            reason,
            missing: false,
        };
        let broken = |_| refuse("git broke off".to_owned());
        let mut at = join("", path);
        for _ in 0..LINKS {
            let object = self.files.get(&at).ok_or_else(|| Self::missing(path))?;
            let content = self.objects.lock().map_err(broken)?.content(&object.hash);
            let content = content.map_err(|error| refuse(error.to_string()))?;
            let text =
                String::from_utf8(content).map_err(|_| refuse("not UTF-8 text".to_owned()))?;
            if !object.is_link {
                return Ok(text);
            }
            let folder = at.rsplit_once('/').map_or("", |(folder, _)| folder);
            at = join(folder, &text);
        }
        Err(refuse("links lead in a circle".to_owned()))
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let folder = join("", folder);
        if !self.is_folder(&folder) {
            return Err(Self::missing(&folder));
        }
        let start = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let below = self
            .files
            .range(start.clone()..)
            .take_while(|(path, _)| path.starts_with(&start));
        let named = below.filter(|(path, _)| wanted(path.rsplit('/').next().unwrap_or(path)));
        Ok(named.map(|(path, _)| path.clone()).collect())
    }

    fn is_folder(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        let start = format!("{path}/");
        let mut below = self.files.range(start.clone()..);
        below
            .next()
            .is_some_and(|(path, _)| path.starts_with(&start))
    }
}
