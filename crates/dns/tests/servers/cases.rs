//! Changes of record sets that every server of zones must do and give back as they were: as
//! data, so that every provider is held to the same.

use std::collections::BTreeSet;

use dns::providers::SetChange;
use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordSets};

/// The zone that all cases are about.
pub(crate) const ZONE: &str = "example.org";

/// What stands in the zone before every case; its SOA too.
pub(crate) const BASE: &str = "\
$ORIGIN example.org.
@ 3600 IN SOA ns1 host 100 7200 3600 1209600 300
@ 3600 IN NS ns1
@ 3600 IN NS ns2
ns1 3600 IN A 192.0.2.1
ns2 3600 IN A 192.0.2.2
mail 3600 IN A 192.0.2.3
";

/// A zone that goes through some states, one record a line: name, seconds, type, data.
pub(crate) struct Case {
    pub(crate) title: &'static str,
    /// What stands in the zone besides the base, at each step; at the end nothing does.
    pub(crate) steps: &'static [&'static str],
}

const fn case(title: &'static str, steps: &'static [&'static str]) -> Case {
    Case { title, steps }
}

pub(crate) const CASES: &[Case] = &[
    case(
        "a time to live changes",
        &[
            "a 300 A 192.0.2.9",
            "a 60 A 192.0.2.9",
            "a 0 A 192.0.2.9",
            "a 7200 A 192.0.2.9",
        ],
    ),
    case(
        "an address changes",
        &[
            "a 300 A 192.0.2.9\na 300 AAAA 2001:db8::1",
            "a 300 A 192.0.2.10\na 300 AAAA 2001:db8::2",
        ],
    ),
    case(
        "an address becomes an alias and comes back",
        &[
            "a 300 A 192.0.2.9\na 300 TXT x",
            "a 300 CNAME mail.example.org.",
            "a 60 A 192.0.2.9\na 300 MX 5 mail",
        ],
    ),
    case(
        "an alias points elsewhere",
        &["a 300 CNAME x.example.net.", "a 300 CNAME y.example.net."],
    ),
    case(
        "two names change places",
        &[
            "a 300 A 192.0.2.9\nb 300 CNAME a",
            "b 300 A 192.0.2.9\na 300 CNAME b",
        ],
    ),
    case(
        "a long text",
        &[
            "t 300 TXT \"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtLNrs9KGaOCNkkyhjRVrTSFDnmHrOZEdjHjPVTPNjZUSmlcGYvKkCcmHLGPkYcwRbdgWcPPHZsLgxlrIxHzAFSRDQoyjmdWVxGwxMLRTDCWZVkjkwQdHvcXFBnCPTIkHTcXwWOVWhLOKhVUMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtLNrs9KGaOCNkkyhjRVrTSFDnmHrOZEdjHjPVTPNjZUSmlcGYvKkCcmHLGPkYcwRbdgWcPPHZsLgxlrIxHzAFSRDQoyjmdWVxGwxMLRTDCWZVkjkwQdHvcXFBnCPTIkHTcXwWOVWhLOKhVU\"",
        ],
    ),
    case(
        "a text with all that needs escapes",
        &[
            "t 300 TXT \"say \\\"hi\\\"; back\\\\slash; (paren) @ $x \\195\\188\\000\\255\"\nt 300 TXT \"\"\nt 300 TXT \"  two  spaces \"\nt 300 TXT \"Case Stays\"",
        ],
    ),
    case(
        "mail",
        &[
            "@ 300 MX 10 mail\n@ 300 MX 20 mx.example.net.",
            "@ 300 MX 0 .",
        ],
    ),
    case(
        "CAA",
        &[
            "@ 300 CAA 0 issue \"letsencrypt.org\"\n@ 300 CAA 0 iodef \"mailto:sec@example.org\"\n@ 300 CAA 128 issuewild \";\"",
        ],
    ),
    case(
        "a place",
        &["l 300 LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"],
    ),
    case(
        "NAPTR",
        &[
            "n 300 NAPTR 100 50 \"s\" \"z3950+I2L+I2C\" \"\" _z3950._tcp.example.com.\nn 300 NAPTR 10 100 \"u\" \"E2U+sip\" \"!^(.*)$!sip:\\\\1@example.com!\" .",
        ],
    ),
    case(
        "services",
        &[
            "_sip._tcp 300 SRV 10 60 5060 mail\n_sip._tcp 300 SRV 20 0 5060 sip.example.net.",
            "_sip._tcp 300 SRV 0 0 0 .",
        ],
    ),
    case(
        "fingerprints",
        &[
            "h 300 SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789\nh 300 SSHFP 1 1 123456789abcdef67890123456789abcdef67890",
        ],
    ),
    case(
        "TLSA",
        &[
            "_443._tcp.w 300 TLSA 3 1 1 0d6fce3b50b1d3bd4dd0d64f7e8ef3b5a2ea9a8c5d9bf5cf2e9d6a7a1a2c3d4e",
        ],
    ),
    case(
        "a delegation with its address and DS",
        &[
            "sub 300 NS ns.sub\nsub 300 NS ns.example.net.\nsub 300 DS 60485 8 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a\nns.sub 300 A 192.0.2.20",
            "sub 300 NS ns.example.net.",
        ],
    ),
    case(
        "SVCB and HTTPS",
        &[
            "@ 300 HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.9 ipv6hint=2001:db8::1\n_dns 300 SVCB 1 dns.example.net. alpn=dot port=853\nh 300 HTTPS 0 svc.example.net.",
        ],
    ),
    case(
        "a wildcard",
        &["* 300 A 192.0.2.9\n*.w 300 CNAME mail.example.org."],
    ),
    case(
        "an internationalized name",
        &["xn--bcher-kva 300 A 192.0.2.9\nx 300 CNAME xn--bcher-kva"],
    ),
    case(
        "OPENPGPKEY",
        &[
            "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6._openpgpkey 300 OPENPGPKEY mQINBFit2jsBEADrbl5vjVxYeAE0g0IDYCBpHirv1Sjlqxx5gjtPhb2YhvyDMXjq",
        ],
    ),
    case(
        "URI",
        &["_ftp._tcp 300 URI 10 1 \"ftp://ftp1.example.com/public%20data\""],
    ),
    case(
        "a type that nobody knows",
        &[
            "u 300 TYPE300 \\# 4 0aff00fe",
            "u 300 TYPE300 \\# 2 0a0b\nu 300 TYPE65399 \\# 1 00",
        ],
    ),
    case("PTR", &["1.2 300 PTR Host.Example.NET."]),
    case("a DNAME", &["d 300 DNAME d.example.net."]),
    case(
        "a name below one that is not there",
        &["a.b.c.d.e 300 A 192.0.2.9"],
    ),
    case(
        "names with underscores and upper case",
        &["_dmarc 300 TXT \"v=DMARC1; p=none\"\n_x._y 300 CNAME Mail.Example.ORG."],
    ),
];

/// The keys and values of a text's lines.
pub(crate) fn sets(text: &str) -> RecordSets {
    let zone = zone();
    let mut found = std::collections::BTreeMap::<RecordKey, (u32, Vec<RecordData>)>::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().expect("name, seconds, type, data");
        let name = DomainName::in_file(word(), &zone).expect("a name");
        let ttl = word().parse().expect("seconds");
        let rtype = word().parse().expect("a type");
        let data = RecordData::parse(rtype, word(), &zone).expect("data");
        let set = found.entry(RecordKey::new(name, rtype)).or_default();
        set.0 = ttl;
        set.1.push(data);
    }
    let sets = found.into_iter();
    sets.map(|(key, (ttl, data))| (key, RecordSet::new(ttl, data)))
        .collect()
}

/// The base without its SOA.
pub(crate) fn base() -> RecordSets {
    let lines = BASE.lines().skip(2);
    sets(
        &lines
            .map(|line| line.replace(" IN ", " ") + "\n")
            .collect::<String>(),
    )
}

pub(crate) fn zone() -> DomainName {
    DomainName::absolute(&format!("{ZONE}.")).expect("a name")
}

/// What leads from one state to another.
pub(crate) fn changes(before: &RecordSets, after: &RecordSets) -> Vec<SetChange> {
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = keys
        .into_iter()
        .filter(|key| before.get(key) != after.get(key));
    changed
        .map(|key| SetChange {
            key: key.clone(),
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        })
        .collect()
}
