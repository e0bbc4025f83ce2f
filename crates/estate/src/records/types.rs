//! What is known of each type of record: one line each.

use std::fmt;
use std::str::FromStr;

use super::Malformed;

/// The type of a record, by its number at IANA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(pub u16);

/// How one field of a record's data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Four octets, `192.0.2.1`.
    Ipv4,
    /// Sixteen octets, `2001:db8::1` (RFC 5952).
    Ipv6,
    /// A domain name.
    Name,
    /// One octet, 0 to 255.
    U8,
    /// Two octets, 0 to 65535.
    U16,
    /// Four octets.
    U32,
    /// Everything that is left, in hexadecimal digits.
    Hex,
    /// Everything that is left, in base64.
    Base64,
    /// One string of at most 255 octets.
    String,
    /// One or more strings of at most 255 octets that readers join.
    Strings,
    /// Everything that is left, as one text.
    Rest,
    /// A word with its length before it (the tag of a CAA).
    Word,
    /// A place on earth (RFC 1876).
    Location,
    /// Parameters of a service (RFC 9460 §2.1).
    ServiceParameters,
}

/// One field of a record's data.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its key in octoDNS; empty where the whole value is this field.
    pub key: &'static str,
    /// How it is written.
    pub kind: FieldKind,
}

/// What is known of a type.
#[derive(Debug, Clone, Copy)]
pub struct TypeInfo {
    /// Its number.
    pub rtype: RecordType,
    /// Its name.
    pub name: &'static str,
    /// Whether a name has at most one record of it.
    pub single: bool,
    /// Its data, in order.
    pub fields: &'static [Field],
}

macro_rules! types {
    ($( $CONST:ident = $code:literal $name:literal $($single:ident)? [ $( $key:literal $kind:ident ),* ] $doc:literal; )*) => {
        impl RecordType {
            $( #[doc = $doc] pub const $CONST: Self = Self($code); )*
        }
        const TYPES: &[TypeInfo] = &[ $( TypeInfo {
            rtype: RecordType($code),
            name: $name,
            single: types!(@single $($single)?),
            fields: &[ $( Field { key: $key, kind: FieldKind::$kind } ),* ],
        } ),* ];
    };
    (@single single) => { true };
    (@single) => { false };
}

types! {
    A = 1 "A" ["" Ipv4] "RFC 1035.";
    NS = 2 "NS" ["" Name] "RFC 1035.";
    CNAME = 5 "CNAME" single ["" Name] "RFC 1035.";
    SOA = 6 "SOA" single ["mname" Name, "rname" Name, "serial" U32, "refresh" U32, "retry" U32, "expire" U32, "minimum" U32] "RFC 1035.";
    PTR = 12 "PTR" ["" Name] "RFC 1035.";
    MX = 15 "MX" ["preference" U16, "exchange" Name] "RFC 1035.";
    TXT = 16 "TXT" ["" Strings] "RFC 1035.";
    AAAA = 28 "AAAA" ["" Ipv6] "RFC 3596.";
    LOC = 29 "LOC" ["" Location] "RFC 1876.";
    SRV = 33 "SRV" ["priority" U16, "weight" U16, "port" U16, "target" Name] "RFC 2782.";
    NAPTR = 35 "NAPTR" ["order" U16, "preference" U16, "flags" String, "service" String, "regexp" String, "replacement" Name] "RFC 3403.";
    DNAME = 39 "DNAME" single ["" Name] "RFC 6672.";
    DS = 43 "DS" ["key_tag" U16, "algorithm" U8, "digest_type" U8, "digest" Hex] "RFC 4034.";
    SSHFP = 44 "SSHFP" ["algorithm" U8, "fingerprint_type" U8, "fingerprint" Hex] "RFC 4255.";
    RRSIG = 46 "RRSIG" [] "RFC 4034; servers make it.";
    NSEC = 47 "NSEC" [] "RFC 4034; servers make it.";
    DNSKEY = 48 "DNSKEY" [] "RFC 4034; servers make it.";
    NSEC3 = 50 "NSEC3" [] "RFC 5155; servers make it.";
    NSEC3PARAM = 51 "NSEC3PARAM" [] "RFC 5155; servers make it.";
    TLSA = 52 "TLSA" ["certificate_usage" U8, "selector" U8, "matching_type" U8, "certificate_association_data" Hex] "RFC 6698.";
    CDS = 59 "CDS" [] "RFC 7344; servers make it.";
    CDNSKEY = 60 "CDNSKEY" [] "RFC 7344; servers make it.";
    OPENPGPKEY = 61 "OPENPGPKEY" ["" Base64] "RFC 7929.";
    ZONEMD = 63 "ZONEMD" [] "RFC 8976; servers make it.";
    SVCB = 64 "SVCB" ["svcpriority" U16, "targetname" Name, "svcparams" ServiceParameters] "RFC 9460.";
    HTTPS = 65 "HTTPS" ["svcpriority" U16, "targetname" Name, "svcparams" ServiceParameters] "RFC 9460.";
    SPF = 99 "SPF" ["" Strings] "RFC 7208 §3.1: TXT has taken its place.";
    URI = 256 "URI" ["priority" U16, "weight" U16, "target" Rest] "RFC 7553.";
    CAA = 257 "CAA" ["flags" U8, "tag" Word, "value" Rest] "RFC 8659.";
    ALIAS = 65401 "ALIAS" single ["" Name] "No standard; some servers follow it when they answer.";
    URLFWD = 65402 "URLFWD" ["path" String, "target" String, "code" U16, "masking" U8, "query" U8] "No standard; some servers redirect. The number is ours.";
}

impl RecordType {
    /// What is known of it; none for types known by number only.
    pub fn info(self) -> Option<&'static TypeInfo> {
        TYPES
            .binary_search_by_key(&self, |info| info.rtype)
            .ok()
            .map(|at| &TYPES[at])
    }

    /// All known types, by number.
    pub fn all() -> &'static [TypeInfo] {
        TYPES
    }

    /// Whether a name has at most one record of it.
    pub fn is_single(self) -> bool {
        self.info().is_some_and(|info| info.single)
    }

    /// Whether servers make records of it themselves (DNSSEC), so that nobody declares them.
    pub fn is_made_by_servers(self) -> bool {
        matches!(
            self,
            Self::RRSIG
                | Self::NSEC
                | Self::DNSKEY
                | Self::NSEC3
                | Self::NSEC3PARAM
                | Self::CDS
                | Self::CDNSKEY
                | Self::ZONEMD
        )
    }

    /// Whether name servers know it by a number of the standard.
    pub fn is_standard(self) -> bool {
        !matches!(self, Self::ALIAS | Self::URLFWD)
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.info() {
            Some(info) => f.pad(info.name),
            None => f.pad(&format!("TYPE{}", self.0)),
        }
    }
}

impl FromStr for RecordType {
    type Err = Malformed;

    /// By name, or as `TYPE123` (RFC 3597 §5); upper or lower case.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let upper = text.to_ascii_uppercase();
        let known = TYPES
            .iter()
            .find(|info| info.name == upper)
            .map(|info| info.rtype);
        let number = || upper.strip_prefix("TYPE")?.parse().ok().map(Self);
        known
            .or_else(number)
            .ok_or_else(|| Malformed::new(format!("`{text}` is not a type of record")))
    }
}

#[cfg(test)]
mod tests {
    use super::RecordType;

    #[test]
    fn the_table_is_sorted_and_names_lead_back() {
        assert!(RecordType::all().is_sorted_by_key(|info| info.rtype));
        for info in RecordType::all() {
            assert_eq!(info.name.to_lowercase().parse(), Ok(info.rtype));
            assert_eq!(info.rtype.to_string(), info.name);
        }
        assert_eq!("TYPE300".parse(), Ok(RecordType(300)));
        assert_eq!(RecordType(300).to_string(), "TYPE300");
    }
}
