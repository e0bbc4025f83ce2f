//! What tells that there is a team which only its members see.

use std::collections::BTreeSet;

use base::{Diagnostic, Span};
use estate::kinds::{Privacy, Team};
use estate::{Estate, Item, Kind};

/// The secret teams: how texts call them, and where files declare them.
#[derive(Debug, Default)]
pub(crate) struct SecretTeams {
    /// Their names after `team/`, in lower case.
    names: BTreeSet<String>,
    /// What they are called within quotation marks, in lower case.
    quoted: BTreeSet<String>,
    /// All teams of the files that declare one: where each begins, and whether it is secret.
    declared: BTreeSet<(Span, bool)>,
}

impl SecretTeams {
    pub(crate) fn of(estate: &Estate) -> Self {
        let teams = || estate.tables.teams.items();
        let is_secret = |item: &Item<Team>| item.value.privacy == Privacy::Secret;
        let mut all = Self::default();
        for item in teams().filter(|item| is_secret(item)) {
            let title = item.value.title.as_ref().map(|title| title.to_lowercase());
            all.quoted.extend(title);
            all.add(&item.name, item.span);
        }
        // Of a file that could not be read nobody knows whether its team is one.
        let read: BTreeSet<_> = teams().map(|item| item.span.file).collect();
        let unread = estate.sources.entries();
        for (id, file) in unread.filter(|(id, _)| !read.contains(id)) {
            let name = file.path.strip_prefix(Team::FOLDER);
            let name = name.and_then(|name| name.strip_prefix('/')?.strip_suffix(".yaml"));
            if let Some(name) = name {
                all.add(name, Span::start_of(id));
            }
        }
        let files: BTreeSet<_> = all.declared.iter().map(|(span, _)| span.file).collect();
        let open = teams().filter(|item| !is_secret(item) && files.contains(&item.span.file));
        all.declared.extend(open.map(|item| (item.span, false)));
        all
    }

    fn add(&mut self, name: &str, span: Span) {
        let name = name.to_lowercase();
        let own = name.rsplit('/').next().map(str::to_owned);
        self.quoted.extend(own);
        self.quoted.insert(name.clone());
        self.names.insert(name);
        self.declared.insert((span, true));
    }

    /// Whether `kind/name` is one of them.
    pub(crate) fn has(&self, subject: &str) -> bool {
        let subject = subject.to_lowercase();
        let name = subject.strip_prefix("team/");
        name.is_some_and(|name| self.names.contains(name))
    }

    /// Whether a finding is about one of them, names one, or stands where one is declared.
    pub(crate) fn are_told_by(&self, finding: &Diagnostic) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let help = finding.help.as_deref().unwrap_or_default();
        let said = [finding.message.as_str(), help, &finding.label];
        let related = finding.related.iter();
        finding.subject.as_deref().is_some_and(|one| self.has(one))
            || said.into_iter().any(|text| self.are_named_in(text))
            || self.declares(finding.span)
            || related
                .clone()
                .any(|one| self.are_named_in(&one.text) || self.declares(one.span))
    }

    /// Whether a text names one of them.
    pub(crate) fn are_named_in(&self, text: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let text = text.to_lowercase();
        let ends = |c: char| c.is_whitespace() || ",;:()[]{}<>`'\"“”".contains(c);
        let mut words = text.split(ends).map(|word| word.trim_end_matches('.'));
        let mut quoted = text.split('`').skip(1).step_by(2);
        words.any(|word| self.has(word) || word.contains('/') && self.names.contains(word))
            || quoted.any(|text| self.quoted.contains(text))
    }

    /// Whether what stands somewhere is of one of them: of the team of the file that begins last before it.
    fn declares(&self, span: Span) -> bool {
        let of_file = self
            .declared
            .iter()
            .filter(|(team, _)| team.file == span.file);
        let before = of_file.clone().filter(|(team, _)| team.start <= span.start);
        let team = before.max_by_key(|(team, _)| team.start);
        let team = team.or_else(|| of_file.min_by_key(|(team, _)| team.start));
        team.is_some_and(|(_, is_secret)| *is_secret)
    }

    /// Whether lines of the file of a place may say something of one of them.
    pub(crate) fn are_near(&self, span: Span) -> bool {
        self.declared.iter().any(|(team, _)| team.file == span.file)
    }
}

#[cfg(test)]
mod tests {
    use base::Code;
    use base::Severity;
    use estate::MemoryTree;

    use super::*;

    static SAID: Code = Code {
        id: "said",
        title: "Said",
        severity: Severity::Note,
        page: "",
    };

    fn estate() -> Estate {
        let tree = MemoryTree::default()
            .with("commonhold.yaml", "commonhold: 1\nname: none\n")
            .with("teams/acme/response.yaml", "privacy: secret\n")
            .with("teams/acme/torn.yaml", "privacy: [\n")
            .with("teams/acme/writers.yaml", "title: Writers\n");
        let (estate, _) = formats::load(&tree).unwrap_or_else(|_| panic!("an estate"));
        estate
    }

    #[test]
    fn what_names_a_secret_team_is_told_from_what_only_looks_like_it() {
        let secret = SecretTeams::of(&estate());
        for text in [
            "nobody is in team/acme/response",
            "`Response` is there twice",
            "see (team/ACME/Response).",
            "team/acme/below is part of team/acme/response, which is secret",
            "nobody can tell what team/acme/torn is",
        ] {
            assert!(secret.are_named_in(text), "{text}");
        }
        for text in [
            "team/acme/writers is empty",
            "team/acme/responders is empty",
            "a first response within a day",
        ] {
            assert!(!secret.are_named_in(text), "{text}");
        }
        assert!(secret.has("team/Acme/response") && !secret.has("group/acme/response"));
    }

    #[test]
    fn what_is_found_in_the_file_of_a_secret_team_tells_of_it_whatever_it_says() {
        let estate = estate();
        let secret = SecretTeams::of(&estate);
        let told = |path: &str| {
            let mut files = estate.sources.entries();
            let (id, _) = files.find(|(_, file)| file.path == path).expect("a file");
            let finding = Diagnostic::new(&SAID, Span::start_of(id), "nobody is called x");
            secret.are_told_by(&finding)
        };
        assert!(told("teams/acme/response.yaml") && told("teams/acme/torn.yaml"));
        assert!(!told("teams/acme/writers.yaml") && !told("commonhold.yaml"));
    }
}
