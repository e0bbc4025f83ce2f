//! `portal.yaml`: where the portal is reached, how people sign in, and who may see what is private.

pub(crate) mod scalars;

use base::{Diagnostic, SourceMap, Span, Spanned};
use estate::kinds::{Group, Secret, Standing};
use estate::{Estate, KindId, Ref, Tree};
use jiff::SignedDuration;
use yaml::{Decoding, FromYaml, Profile, record};

pub use scalars::{Hours, Issuer, PortalUrl, SourceUrl};

use crate::codes;
use crate::model::Private;

record! {
    /// The portal: where it is reached, how people sign in, and who may see what is not for everybody.
    pub struct Settings {
        /// What stands at the top of every page; the community's name if not said.
        pub title: Option<String>,
        /// Where it is reached, for example `https://infra.example.org`; the address that it listens on if not said.
        pub url: Option<Spanned<PortalUrl>>,
        /// Where a line of a file can be looked at, with `{commit}`, `{path}` and `{line}` in it, for example
        /// `https://forge.example/infra/blob/{commit}/{path}#L{line}`.
        pub source_url: Option<SourceUrl>,
        /// How people sign in.
        pub sign_in: SignInSettings = SignInSettings::default(),
        /// Who may see what is not for everybody; nobody, where it is not said.
        pub private: PrivateSettings = PrivateSettings::default(),
        /// How many hours after signing in one signs in again, from 1 to 720.
        pub session: Hours = Hours::of(12),
        /// After how many hours without any request one signs in again, from 1 to 720.
        pub idle: Hours = Hours::of(4),
    }
}

record! {
    /// How people sign in.
    pub struct SignInSettings {
        /// A provider of OpenID Connect that says who somebody is.
        pub openid: Option<OpenIdSettings>,
        /// Whether one may sign in by signing with an SSH key; the estate knows whose key it is.
        pub ssh: bool = true,
    }
}

record! {
    /// A provider of OpenID Connect. The address to register there is the portal's `url` with `/sign-in/openid/return` behind it.
    pub struct OpenIdSettings {
        /// What the button calls it.
        pub name: Option<String>,
        /// The provider's URL, exactly as it calls itself.
        pub issuer: Issuer,
        /// What the provider calls the portal: its client id.
        pub client: String,
        /// Where the client's secret is; none for a client that has none.
        pub secret: Option<Secret>,
        /// How the estate knows people whom the provider names; it knows none of them if not said.
        pub handle: HandleSettings = HandleSettings::default(),
    }
}

record! {
    /// How the estate knows people whom a provider names. Use only what people cannot change there themselves.
    #[derive(Default)]
    pub struct HandleSettings {
        /// The claim that holds the login at GitHub, for example `preferred_username`.
        pub github: Option<String>,
        /// Whether people are known by their mail address, where the provider says that it is verified and theirs.
        pub email: bool = false,
    }
}

record! {
    /// The groups whose role holders and members may see what is not for everybody.
    #[derive(Default)]
    pub struct PrivateSettings {
        /// How to reach people and groups beside what they publish.
        pub contacts: Vec<Ref<Group>>,
        /// Findings that tell how something could be taken over.
        pub takeovers: Vec<Ref<Group>>,
        /// The ids of accounts at providers.
        pub accounts: Vec<Ref<Group>>,
        /// What of the money is not for everybody.
        pub money: Vec<Ref<Group>>,
        /// Who is in teams and on lists that are secret.
        pub memberships: Vec<Ref<Group>>,
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: None,
            url: None,
            source_url: None,
            sign_in: SignInSettings::default(),
            private: PrivateSettings::default(),
            session: Hours::of(12),
            idle: Hours::of(4),
        }
    }
}

impl Default for SignInSettings {
    fn default() -> Self {
        Self {
            openid: None,
            ssh: true,
        }
    }
}

impl PrivateSettings {
    /// The groups that may see what is private of a kind.
    pub fn of(&self, kind: Private) -> &[Ref<Group>] {
        match kind {
            Private::Contacts => &self.contacts,
            Private::Takeovers => &self.takeovers,
            Private::Accounts => &self.accounts,
            Private::Money => &self.money,
            Private::Memberships => &self.memberships,
        }
    }
}

impl Settings {
    /// How long a session lasts, and how long without any request.
    pub fn lasting(&self) -> (SignedDuration, SignedDuration) {
        (self.session.lasting(), self.idle.lasting())
    }

    /// The file's path in an estate.
    pub const FILE: &'static str = "portal.yaml";

    /// Reads the file of an estate; what holds without one where there is none. Its text is added to `sources`, which
    /// the findings point into.
    pub fn of(tree: &dyn Tree, sources: &mut SourceMap) -> (Self, Vec<Diagnostic>) {
        let text = match tree.read(Self::FILE) {
            Ok(text) => text,
            Err(refused) if refused.missing => return (Self::default(), Vec::new()),
            Err(refused) => {
                let file = sources.add(tree.display(Self::FILE), String::new());
                let message = format!("{} cannot be read: {}", Self::FILE, refused.reason);
                let finding =
                    Diagnostic::new(&estate::codes::UNREADABLE, Span::start_of(file), message);
                return (Self::default(), vec![finding.help("save it as UTF-8 text")]);
            }
        };
        let file = sources.add(tree.display(Self::FILE), text);
        let text = &sources.file(file).text;
        let (settings, findings) = Decoding::read_text::<Self>(text, file, Profile::NATIVE);
        (settings.unwrap_or_default(), findings)
    }

    /// What is wrong with it in an estate: groups that are not there.
    pub fn check(&self, estate: &Estate) -> Vec<Diagnostic> {
        let named = Private::ALL.into_iter().flat_map(|kind| {
            let groups = self.private.of(kind).iter();
            groups.map(move |group| (kind, group))
        });
        named
            .filter_map(|(kind, group)| group_finding(estate, kind, group))
            .collect()
    }

    /// The form of the file, for its schema and its page.
    pub fn form() -> yaml::Shape {
        Self::shape()
    }
}

fn group_finding(estate: &Estate, kind: Private, group: &Ref<Group>) -> Option<Diagnostic> {
    let tables = &estate.tables;
    if !tables.knows(KindId::Group, &group.name) {
        let unknown = estate::unknown(
            tables,
            &estate.address_book,
            KindId::Group,
            &group.name,
            group.span,
        );
        let message = format!(
            "`{}` are shown to `{}`, and there is no such group: nobody sees them",
            kind.word(),
            group.name
        );
        let finding = Diagnostic::new(&codes::GROUP, group.span, message);
        return Some(finding.help_if(unknown.help));
    }
    let found = tables.groups.get(&group.name)?;
    (found.value.standing == Standing::Retired).then(|| {
        let message = format!(
            "`{}` are shown to `{}`, which is retired: nobody sees them",
            kind.word(),
            group.name
        );
        Diagnostic::new(&codes::GROUP, group.span, message)
            .help("name the group that took over from it")
    })
}

#[cfg(test)]
mod tests {
    use estate::MemoryTree;

    use super::*;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let tree = MemoryTree::default().with(Settings::FILE, text);
        let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
        let said = findings.into_iter().map(|finding| finding.message);
        (settings, said.collect())
    }

    #[test]
    fn without_a_file_nobody_sees_what_is_private() {
        let tree = MemoryTree::default();
        let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
        assert!(findings.is_empty() && settings.sign_in.ssh);
        assert_eq!(settings.lasting().0, SignedDuration::from_hours(12));
        assert!(settings.sign_in.openid.is_none());
        for kind in Private::ALL {
            assert!(settings.private.of(kind).is_empty());
        }
    }

    #[test]
    fn a_whole_file_is_read() {
        let (settings, findings) = read(
            "title: Infra\nurl: https://infra.example.org/\nsource_url: https://forge.example/{commit}/{path}#L{line}\n\
             sign_in:\n  openid:\n    issuer: https://id.example.org/realms/infra\n    client: portal\n    secret: env/SECRET\n\
             \x20   handle: {github: preferred_username}\nprivate:\n  money: [budget]\nsession: 8\n",
        );
        assert_eq!(findings, Vec::<String>::new());
        assert_eq!(settings.lasting().0, SignedDuration::from_hours(8));
        assert_eq!(
            settings.url.unwrap().value.as_str(),
            "https://infra.example.org"
        );
        let openid = settings.sign_in.openid.unwrap();
        assert_eq!(
            openid.issuer.as_str(),
            "https://id.example.org/realms/infra"
        );
        assert_eq!(settings.private.of(Private::Money)[0].name, "budget");
        assert!(settings.private.of(Private::Contacts).is_empty());
    }

    #[test]
    fn sessions_that_never_end_or_never_begin_are_refused() {
        for text in ["session: 0\n", "idle: 721\n", "session: 4294967296\n"] {
            let (settings, findings) = read(text);
            assert_eq!(findings.len(), 1, "{text}: {findings:?}");
            assert_eq!(settings.lasting(), Settings::default().lasting());
        }
        let (settings, findings) = read("session: 720\nidle: 1\n");
        assert!(findings.is_empty());
        let hours = [settings.lasting().0, settings.lasting().1].map(|lasts| lasts.as_hours());
        assert_eq!(hours, [720, 1]);
    }

    #[test]
    fn what_would_give_a_secret_away_is_refused() {
        for (text, wanted) in [
            ("url: http://infra.example.org\n", "in the clear"),
            ("url: https://infra.example.org/portal\n", "path"),
            ("url: https://a'b.example\n", "`https://"),
            (
                "sign_in: {openid: {issuer: \"http://id.example\", client: a}}\n",
                "in the clear",
            ),
            (
                "sign_in: {openid: {issuer: \"https://id.example\", client: a, secret: sesame}}\n",
                "where the secret is",
            ),
            ("source_url: \"javascript:alert(1)\"\n", "`https://"),
        ] {
            let (_, findings) = read(text);
            assert!(
                findings.iter().any(|said| said.contains(wanted)),
                "{text}: {findings:?}"
            );
        }
    }
}
