//! The places that `geos` may name: continents, their countries (ISO 3166-1), and the
//! parts of the two countries that octoDNS divides (ISO 3166-2).

const COUNTRIES: &[(&str, &str)] = &[
    (
        "AF",
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY \
     MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA \
     ZM ZW",
    ),
    ("AN", "AQ BV HM TF"),
    (
        "AS",
        "AE AF AM AZ BD BH BN BT CC CN CX CY GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ \
     LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    ),
    (
        "EU",
        "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE \
     LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA",
    ),
    (
        "NA",
        "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS \
     MX NI PA PM PR SV SX TC TT US VC VG VI",
    ),
    (
        "OC",
        "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
    ),
    ("SA", "AR BO BR CL CO EC FK GF GS GY PE PY SR UY VE"),
];

const PARTS: &[(&str, &str)] = &[
    ("CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT"),
    (
        "US",
        "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP \
     MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UM UT VA VI VT WA WI WV \
     WY",
    ),
];

/// Why a code names no place; none if it names one.
pub(super) fn unknown(code: &str) -> Option<&'static str> {
    let among = |table: &[(&str, &str)], of: &str, code: &str| {
        let row = table.iter().find(|(name, _)| *name == of);
        row.is_some_and(|(_, codes)| codes.split(' ').any(|known| known == code))
    };
    let pieces: Vec<&str> = code.split('-').collect();
    match pieces[..] {
        [continent, ..] if !COUNTRIES.iter().any(|(known, _)| *known == continent) => {
            Some("unknown continent code")
        }
        [continent, country, ..] if !among(COUNTRIES, continent, country) => {
            Some("unknown country code")
        }
        [_, country, part] if !among(PARTS, country, part) => Some("unknown province code"),
        [_, _, _, _, ..] => Some("invalid geo code"),
        _ => None,
    }
}
