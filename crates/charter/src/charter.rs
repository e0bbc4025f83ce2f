//! `charter.yaml`.

use base::{Diagnostic, Span, Spanned};
use estate::kinds::{Group, Team};
use estate::{Estate, KindId, Ref, TimeZone};
use ical::Zone;
use ical::words::ZoneWords;
use jiff::civil::Date;
use yaml::{Decoding, FromYaml, Map, Node, Profile, Record, Shape, Value, choice, record};

use crate::disband::{self, DisbandPolicy};
use crate::procedure;
use crate::requirement::{self, Address, DecisionPolicy};
use crate::risk::RiskPolicy;
use crate::rules::{Ladder, RULES};
use crate::{Rule, codes};

record! {
    /// The community's own rules.
    #[derive(Default)]
    pub struct Charter {
        /// The group that answers for the infrastructure as a whole.
        pub infrastructure: Option<Ref<Group>>,
        /// The group that looks after contributors; it is consulted on changes of high risk.
        pub contributor_experience: Option<Ref<Group>>,
        /// Where development is discussed, a mail address or an https URL; notice of changes of high risk goes there.
        pub development_list: Option<Address>,
        /// Employers that go by several names, and those that are none.
        pub employers: Vec<Employer>,
        /// Who may read people's private contacts.
        pub private_contacts: Option<PrivateContactsPolicy>,
        /// From where on a change counts as riskier.
        pub risk: RiskPolicy = RiskPolicy::default(),
        /// What a change requires, by its risk.
        pub decisions: DecisionPolicy = DecisionPolicy::default(),
        /// What is said of when groups meet.
        pub meetings: MeetingPolicy = MeetingPolicy::default(),
        /// The ways up for contributors, from the first contribution to leading a group.
        pub ladders: Vec<Ladder>,
        /// When the group that moves things to the community may end.
        pub disband: Option<DisbandPolicy>,
        /// Rules by their id, where they differ from how they ship.
        pub rules: Rules = Rules::default(),
    }
}

record! {
    /// An employer under all its names.
    pub struct Employer {
        /// The name it is counted under.
        pub name: String,
        /// Other spellings, and companies that belong to it.
        pub also: Vec<String>,
        /// It is not a company: people under it are not counted together.
        pub independent: bool = false,
    }
}

record! {
    /// Who may read people's private contacts.
    pub struct PrivateContactsPolicy {
        /// The team to whose members' keys they are encrypted.
        pub readable_by: Ref<Team>,
    }
}

record! {
    /// What is said of when groups meet.
    #[derive(Default)]
    pub struct MeetingPolicy {
        /// What the community calls zones, for example `ist: Asia/Kolkata`: settles words that could mean several.
        pub zones: Map<TimeZone>,
    }
}

choice! {
    /// How much a broken rule matters.
    pub enum Level {
        /// It must be mended: `check` fails.
        Error = "error",
        /// It should be mended.
        Warning = "warning",
        /// It is worth knowing.
        Note = "note",
        /// The rule does not apply here.
        Off = "off",
    }
}

record! {
    /// How a rule applies here.
    pub struct RuleSettings {
        /// How much it matters; as it ships if not said.
        pub severity: Option<Level>,
        /// The group that answers for the rule.
        pub owner: Option<Ref<Group>>,
        /// The rule's own parameters; its page lists them.
        pub with: Option<Raw>,
        /// Items that are excused for a time.
        pub exceptions: Vec<Exception>,
    }
}

record! {
    /// An item that is excused for a time.
    pub struct Exception {
        /// The item, as `kind/name`.
        pub subject: Spanned<String>,
        /// Why.
        pub reason: Said,
        /// Where that was decided: a link, or the number of a decision.
        pub decision: Said,
        /// The last day on which it holds.
        pub until: Spanned<Date>,
    }
}

/// A text that says something.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(transparent)]
pub struct Said(String);

impl FromYaml for Said {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "text")?;
        if text.trim().is_empty() {
            return cx.bad_value(
                node.span,
                "this says nothing",
                "an exception needs a reason and a decision",
            );
        }
        Some(Self(text.to_owned()))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

/// A tree that its rule reads later.
#[derive(Debug, Clone)]
pub struct Raw(pub Node);

impl FromYaml for Raw {
    fn from_yaml(node: &Node, _: &mut Decoding) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

impl serde::Serialize for Raw {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// The settings of each rule that the charter mentions.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    settings: Vec<(&'static str, RuleSettings)>,
}

impl FromYaml for Rules {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let mut settings = Vec::new();
        for (key, value) in cx.pairs(node, "a mapping")? {
            let id = key.text().unwrap_or("");
            match RULES.iter().find(|rule| rule.code.id == id) {
                Some(rule) => {
                    settings.extend(RuleSettings::from_yaml(value, cx).map(|s| (rule.code.id, s)));
                }
                None => cx.report(unknown_rule(key.span, id)),
            }
        }
        Some(Self { settings })
    }

    /// Every rule is a key, so that editors complete ids and parameters.
    fn shape() -> Shape {
        Shape::Record(Record {
            name: "Rules",
            doc: "How each rule applies here. Every rule applies as it ships unless it stands here.",
            fields: || RULES.iter().map(|rule| rule.field()).collect(),
        })
    }
}

impl serde::Serialize for Rules {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.settings.iter().map(|(id, settings)| (id, settings)))
    }
}

pub(crate) fn unknown_rule(span: Span, id: &str) -> Diagnostic {
    let near = base::nearest(id, RULES.iter().map(|rule| rule.code.id));
    let help = near.map_or(
        "only rules can be set, not findings about files; `commonhold explain` lists both"
            .to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::new(
        &codes::UNKNOWN_RULE,
        span,
        format!("no rule is called `{id}`"),
    )
    .help(help)
}

impl Charter {
    /// The charter of an estate; the defaults of every rule where it has none.
    pub fn of(estate: &Estate) -> (Self, Vec<Diagnostic>) {
        let Some(file) = estate.charter else {
            let finding = Diagnostic::new(
                &codes::NO_CHARTER,
                estate.root,
                "this estate has no charter.yaml",
            );
            return (
                Self::default(),
                vec![
                    finding
                        .help("every rule applies as it ships; `commonhold init` writes a charter"),
                ],
            );
        };
        let text = &estate.sources.file(file).text;
        let (charter, mut findings) = Decoding::read_text::<Self>(text, file, Profile::NATIVE);
        let charter = charter.unwrap_or_default();
        charter.check_references(estate, &mut findings);
        requirement::check(&charter, estate, &mut findings);
        procedure::check(&charter, estate, &mut findings);
        disband::check(&charter, estate, &mut findings);
        (charter, findings)
    }

    fn check_references(&self, estate: &Estate, findings: &mut Vec<Diagnostic>) {
        let owners = self
            .rules
            .settings
            .iter()
            .filter_map(|(_, settings)| settings.owner.as_ref());
        let groups = self
            .infrastructure
            .iter()
            .chain(&self.contributor_experience)
            .chain(owners)
            .map(|group| (KindId::Group, &group.name, group.span));
        let readers = self
            .private_contacts
            .iter()
            .map(|policy| &policy.readable_by);
        let teams = readers.map(|team| (KindId::Team, &team.name, team.span));
        for (kind, name, span) in groups.chain(teams) {
            if !estate.tables.knows(kind, name) {
                findings.push(estate::unknown(
                    &estate.tables,
                    &estate.address_book,
                    kind,
                    name,
                    span,
                ));
            }
        }
    }

    /// How a rule applies, if the charter says.
    pub fn settings(&self, rule: &Rule) -> Option<&RuleSettings> {
        self.rules
            .settings
            .iter()
            .find(|(id, _)| *id == rule.code.id)
            .map(|(_, settings)| settings)
    }
}

impl MeetingPolicy {
    /// The words for zones, as meetings are read by them.
    pub fn zone_words(&self) -> ZoneWords {
        let entries = self.zones.entries.iter();
        let words = entries.filter_map(|(word, zone)| {
            let zone = Zone::new(&zone.to_string())?;
            Some((word.value.as_str(), zone))
        });
        ical::words::zone_words(words)
    }
}

impl RuleSettings {
    /// The rule's parameters; none if they are not given.
    pub fn parameters(&self, span: Span) -> Node {
        let given = self.with.as_ref().map(|raw| raw.0.clone());
        given.unwrap_or(Node {
            value: Value::Mapping(Vec::new()),
            span,
        })
    }
}
