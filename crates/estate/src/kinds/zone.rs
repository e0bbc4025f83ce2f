//! DNS zones and where they are served.

use base::{Diagnostic, Spanned};
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape, choice, record};

use super::{Group, Kind, KindId, Service};
use crate::codes;
use crate::reference::{Ref, References, Relation};

record! {
    /// A DNS zone. The file's name is the zone's, without the final dot.
    pub struct Zone {
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// The service it is a part of, for example the project's name service.
        pub service: Option<Ref<Service>>,
        /// Zone files as octoDNS has them, relative to `commonhold.yaml`; all of them together are the zone. The last part of a path may hold `*`.
        pub records: Vec<Spanned<String>>,
        /// Another zone whose records this one holds under its own name.
        pub copy: Option<ZoneCopy>,
        /// Where it is served.
        pub servers: Vec<Ref<DnsServer>>,
        /// Seconds that answers may be kept where a record does not say.
        pub default_ttl: u32 = 3600,
        /// What becomes of records on the servers that no file declares and none declared before.
        pub foreign: Foreign = Foreign::Keep,
        /// Names, relative to the zone, under which nothing may be: what is found there is removed.
        pub absent: Vec<Spanned<String>>,
        /// How much of it one plan may update or delete before a decision must say so.
        pub limits: ZoneLimits = ZoneLimits::default(),
        /// The sets of validators that apply, by octoDNS's names, and single ones by their ids; the set `legacy` if none is named.
        pub validators: Vec<Spanned<String>>,
        /// Validators that do not apply, by their ids.
        pub without_validators: Vec<Spanned<String>>,
        /// How its files are read, where they were written for other settings of octoDNS than these.
        pub reading: ZoneReading = ZoneReading::default(),
    }
}

record! {
    /// Another zone whose records a zone holds under its own name.
    pub struct ZoneCopy {
        /// The other zone.
        pub of: Ref<Zone>,
        /// What is left out.
        pub purpose as "as": CopyPurpose,
    }
}

choice! {
    /// What a copy of a zone is for.
    pub enum CopyPurpose {
        /// To try changes on: everything but delegations, which would be lame.
        Canary = "canary",
        /// To be found under a second name: everything, and what points into the one zone points into the other.
        Mirror = "mirror",
    }
}

choice! {
    /// What becomes of records that nobody declared.
    pub enum Foreign {
        /// They stay, and every plan lists them.
        Keep = "keep",
        /// They are removed: the files say all there is.
        Remove = "remove",
    }
}

record! {
    /// How much of a zone one plan may change.
    pub struct ZoneLimits {
        /// Per cent of its record sets that may be updated.
        pub updates_percent: u32 = 30,
        /// Per cent of its record sets that may be deleted.
        pub deletes_percent: u32 = 30,
        /// Zones with fewer record sets than this have no limit.
        pub exempt_below: u32 = 10,
    }
}

impl Default for ZoneLimits {
    fn default() -> Self {
        Self {
            updates_percent: 30,
            deletes_percent: 30,
            exempt_below: 10,
        }
    }
}

record! {
    /// The settings of octoDNS that its zone files were written for.
    pub struct ZoneReading {
        /// Keys must stand in their natural order.
        pub enforce_order: bool = false,
        /// In TXT, `;` is written `\;`.
        pub escaped_semicolons: bool = true,
    }
}

impl Default for ZoneReading {
    fn default() -> Self {
        Self {
            enforce_order: false,
            escaped_semicolons: true,
        }
    }
}

record! {
    /// Where zones are served: a name server, or a service with an interface for zones.
    pub struct DnsServer {
        /// How it is spoken to.
        pub kind: DnsServerKind,
        /// Host and port of a name server; the URL of an interface; a folder, relative to `commonhold.yaml`.
        pub address: Option<Spanned<String>>,
        /// The key that signs what is said to a name server (RFC 8945).
        pub tsig: Option<Tsig>,
        /// The key of an interface.
        pub api_key: Option<Secret>,
        /// The public name servers, each with its port if it is not 53, that are asked after a change; the address itself if not said.
        pub verify_at: Vec<Spanned<String>>,
        /// Records that one message may change.
        pub batch: u32 = 1000,
    }
}

choice! {
    /// How a server of zones is spoken to.
    pub enum DnsServerKind {
        /// Zone transfers and dynamic updates (RFC 5936, RFC 2136): BIND, Knot, PowerDNS.
        Rfc2136 = "rfc2136",
        /// The HTTP interface of PowerDNS.
        Powerdns = "powerdns",
        /// Amazon Route 53.
        Route53 = "route53",
        /// A folder of zone files that a name server reads.
        ZoneFiles = "zone-files",
        /// Another; zones there are checked and not planned.
        Other = "other",
    }
}

record! {
    /// A key that both sides share (RFC 8945).
    pub struct Tsig {
        /// Its name.
        pub name: String,
        /// How it signs.
        pub algorithm: TsigAlgorithm = TsigAlgorithm::Sha256,
        /// The key itself, in base64.
        pub secret: Secret,
    }
}

choice! {
    /// How a shared key signs.
    pub enum TsigAlgorithm {
        /// HMAC-SHA-256.
        Sha256 = "hmac-sha256",
        /// HMAC-SHA-384.
        Sha384 = "hmac-sha384",
        /// HMAC-SHA-512.
        Sha512 = "hmac-sha512",
    }
}

/// Where a secret is; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The name of the environment variable that holds it.
    pub fn variable(&self) -> &str {
        &self.0["env/".len()..]
    }

    fn new(text: &str) -> Option<Self> {
        let name = text.strip_prefix("env/")?;
        let sound = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        (sound && !name.is_empty()).then(|| Self(text.to_owned()))
    }
}

impl FromYaml for Secret {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let read = node.text().and_then(Self::new);
        if read.is_none() {
            // What stands here may be the secret.
            let message = "this does not say where the secret is";
            let finding = Diagnostic::new(&codes::SECRET, node.span, message).withhold();
            cx.report(finding.help("write `env/NAME`, the environment variable that holds it; a secret that stood here is no secret any more"));
        }
        read
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "where a secret is, as `env/NAME`",
            pattern: "^env/[A-Za-z0-9_]+$",
        }
    }
}

impl Kind for Zone {
    const NAME: &'static str = "zone";
    const FOLDER: &'static str = "zones";
    const ID: KindId = KindId::Zone;

    fn title(&self) -> Option<&str> {
        None
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.owner, Relation::OwnedBy);
        names.each(&self.service, Relation::PartOf);
        names.each(self.copy.iter().map(|copy| &copy.of), Relation::CopyOf);
        names.each(&self.servers, Relation::ServedBy);
    }
}

impl Kind for DnsServer {
    const NAME: &'static str = "dns-server";
    const FOLDER: &'static str = "dns-servers";
    const ID: KindId = KindId::DnsServer;

    fn title(&self) -> Option<&str> {
        None
    }

    fn references<'a>(&'a self, _: &mut References<'_, 'a>) {}
}
