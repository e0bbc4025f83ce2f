//! Files of ballots that are refused: with what code, and where.

use tally::format::{Code, FAULTS_TOLD, Format, Refusal, read, read_of};

type Place = (Code, u32, u32);
type Row = (&'static [u8], &'static [Place]);

fn refusal(format: Format, bytes: &[u8]) -> Refusal {
    match read(format, "x.csv", bytes) {
        Ok(_) => panic!("accepted: {:?}", String::from_utf8_lossy(bytes)),
        Err(refusal) => refusal,
    }
}

fn refuses(format: Format, rows: &[Row]) {
    for (bytes, expected) in rows {
        let refusal = refusal(format, bytes);
        let found: Vec<_> = refusal
            .faults
            .iter()
            .map(|fault| (fault.code, fault.line, fault.column))
            .collect();
        assert_eq!(
            found,
            *expected,
            "{:?}\n{refusal}",
            String::from_utf8_lossy(bytes)
        );
        for fault in &refusal.faults {
            assert!(
                !fault.message.ends_with('.') && fault.message.len() > 10,
                "{refusal}"
            );
        }
    }
}

const ROWS: &[Row] = &[
    (b"", &[(Code::Empty, 1, 1)]),
    (b"\xef\xbb\xbf", &[(Code::Empty, 1, 1)]),
    (b"\n1\n", &[(Code::Header, 1, 1)]),
    (b"a,b,a\n1,2,3\n", &[(Code::DupHeader, 1, 5)]),
    (b"a,,b\n1,2,3\n", &[(Code::Name, 1, 3)]),
    (b"a, b\n1,2\n", &[(Code::Name, 1, 3)]),
    (b"a,b\t\n1,2\n", &[(Code::Name, 1, 3)]),
    (b"a,\"b\n1,2\n", &[(Code::Quote, 1, 3)]),
    (b"a,b\"c\"\n1,2\n", &[(Code::Quote, 1, 4)]),
    (b"a,\"b\"c\n1,2\n", &[(Code::Quote, 1, 5)]),
    (b"a,b\n0,1\n", &[(Code::Rank, 2, 1)]),
    (b"a,b\n1,-5\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n1,+5\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n1,1000000000\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n1,1000001\n", &[(Code::Rank, 2, 3)]),
    (
        b"a,b\n1,99999999999999999999999999\n",
        &[(Code::Rank, 2, 3)],
    ),
    (b"a,b\n1,100000000\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n1,1.5\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n1,1e9\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n1,0x1\n", &[(Code::Rank, 2, 3)]),
    (b"a,b\n01,2\n", &[(Code::Rank, 2, 1)]),
    (b"a,b\n1;2,2\n", &[(Code::Rank, 2, 1)]),
    ("a,b\n1,٣\n".as_bytes(), &[(Code::Rank, 2, 3)]),
    (
        "a,b\né,x\n".as_bytes(),
        &[(Code::Rank, 2, 1), (Code::Rank, 2, 3)],
    ),
    (b"a,b\n1,no opinion\n", &[(Code::Case, 2, 3)]),
    (b"a,b\nNo Opinion,1\n", &[(Code::Case, 2, 1)]),
    (b"a,b\nNo opinions,1\n", &[(Code::Rank, 2, 1)]),
    (b"a,b\n1, 2\n", &[(Code::Space, 2, 3)]),
    (b"a,b\n1,No opinion \n", &[(Code::Space, 2, 3)]),
    (b"a,b\n1,\n", &[(Code::EmptyCell, 2, 3)]),
    (b"a,b\n,1\n", &[(Code::EmptyCell, 2, 1)]),
    (b"a,b\n1,\"2\"\n", &[(Code::Quote, 2, 3)]),
    (b"a,b\n1\n", &[(Code::ShortRow, 2, 2)]),
    (b"a,b\n1,2,3\n", &[(Code::LongRow, 2, 6)]),
    (b"a,b\n1,2,\n", &[(Code::LongRow, 2, 5)]),
    (b"a,b\n\n1,2\n", &[(Code::BlankLine, 2, 1)]),
    (b"a,b\n1,2\n\n", &[(Code::BlankLine, 3, 1)]),
    (b"a,b\n1,\x002\n", &[(Code::Nul, 2, 3)]),
    (b"a,\x00b\n1,2\n", &[(Code::Nul, 1, 3)]),
    (b"a,b\n1,\xff\n", &[(Code::Utf8, 2, 3)]),
    (b"a,b\r1,2\r", &[(Code::Name, 1, 3)]),
    (
        b"a,b\r\n0,x\r\n1\r\n1,NO OPINION\r\n",
        &[
            (Code::Rank, 2, 1),
            (Code::Rank, 2, 3),
            (Code::ShortRow, 3, 2),
            (Code::Case, 4, 3),
        ],
    ),
];

#[test]
fn ballots_csv_that_is_not_sound_is_refused_with_a_code_and_a_place() {
    refuses(Format::Elekto, ROWS);
    refuses(Format::Civs, ROWS);
    refuses(Format::Elekto, &[(b"a,A\n1,2\n", &[(Code::Case, 1, 3)])]);
}

#[test]
fn ballots_csv_names_those_who_stand_and_nobody_else() {
    let candidates = ["ada", "grace"].map(str::to_owned);
    assert!(read_of(&candidates, "x", b"grace,ada\n1,2\n").is_ok());
    let refused = |bytes: &[u8]| {
        let faults = read_of(&candidates, "x", bytes).unwrap_err().faults;
        let places: Vec<Place> = faults
            .iter()
            .map(|fault| (fault.code, fault.line, fault.column))
            .collect();
        places
    };
    assert_eq!(
        refused(b"ada,nobody\n1,2\n"),
        [(Code::UnknownCandidate, 1, 5), (Code::Names, 1, 11)]
    );
    assert_eq!(refused(b"ada,Grace\n1,2\n"), [(Code::Case, 1, 5)]);
    assert_eq!(
        refused(b"ada,ada\n1,2\n"),
        [(Code::DupHeader, 1, 5), (Code::Names, 1, 8)]
    );
}

#[test]
fn a_blt_file_that_is_not_sound_is_refused_with_a_code_and_a_place() {
    refuses(
        Format::Blt,
        &[
            (b"", &[(Code::Empty, 1, 1)]),
            (b"# only a comment\n", &[(Code::Empty, 1, 1)]),
            (b"2\n1 1 0\n0\nA\nB\n", &[(Code::Header, 1, 1)]),
            (b"two 1\n1 1 0\n0\nA\nB\n", &[(Code::Header, 1, 1)]),
            (b"0 1\n0\n", &[(Code::Header, 1, 1)]),
            (b"1000000 1\n0\n", &[(Code::TooMany, 1, 1)]),
            (b"2 0\n1 1 0\n0\nA\nB\n", &[(Code::Seats, 1, 3)]),
            (b"2 -1\n1 1 0\n0\nA\nB\n", &[(Code::Seats, 1, 3)]),
            (b"2 1\n1 3 0\n0\nA\nB\n", &[(Code::UnknownCandidate, 2, 3)]),
            (b"2 1\n1 x 0\n0\nA\nB\n", &[(Code::UnknownCandidate, 2, 3)]),
            (
                b"2 1\n1 0 1 0\n0\nA\nB\n",
                &[(Code::UnknownCandidate, 2, 3)],
            ),
            (
                b"2 1\n1 1=3 0\n0\nA\nB\n",
                &[(Code::UnknownCandidate, 2, 5)],
            ),
            (b"2 1\n1 1= 0\n0\nA\nB\n", &[(Code::UnknownCandidate, 2, 5)]),
            (b"2 1\n1 1 2 1 0\n0\nA\nB\n", &[(Code::DupCandidate, 2, 7)]),
            (b"2 1\n1 1=1 0\n0\nA\nB\n", &[(Code::DupCandidate, 2, 5)]),
            (b"2 1\n1 1 2\n0\nA\nB\n", &[(Code::Unended, 2, 6)]),
            (b"2 1\n1\n0\nA\nB\n", &[(Code::Unended, 2, 2)]),
            (b"2 1\nx 1 0\n0\nA\nB\n", &[(Code::Weight, 2, 1)]),
            (b"2 1\n0 1 0\n0\nA\nB\n", &[(Code::Weight, 2, 1)]),
            (b"2 1\n1.5 1 0\n0\nA\nB\n", &[(Code::Weight, 2, 1)]),
            (b"2 1\n(id)\n0\nA\nB\n", &[(Code::Weight, 2, 1)]),
            (
                b"2 1\n9999999999999999999 1 0\n0\nA\nB\n",
                &[(Code::Weight, 2, 1)],
            ),
            (
                b"2 1\n99999999999999999999 1 0\n0\nA\nB\n",
                &[(Code::Weight, 2, 1)],
            ),
            (b"2 1\n-3\n0\nA\nB\n", &[(Code::UnknownCandidate, 2, 1)]),
            (b"2 1\n-1 2\n0\nA\nB\n", &[(Code::Line, 2, 4)]),
            (b"2 1\n[nick a b]\n0\nA\nB\n", &[(Code::Line, 2, 1)]),
            (
                b"2 1\n1 1 0\n",
                &[(Code::Unended, 2, 6), (Code::Names, 2, 6)],
            ),
            (b"2 1\n0\nA\n", &[(Code::Names, 3, 2)]),
            (
                b"2 1\n0\n\"A\n\"B\"\n",
                &[(Code::Quote, 3, 3), (Code::Names, 4, 4)],
            ),
            (b"2 1\n0\n\"A\" B\n\"B\"\n", &[(Code::Quote, 3, 5)]),
            (b"2 1\n0\n\"\"\n\"B\"\n", &[(Code::Name, 3, 1)]),
            (b"2 1\n1 \x00 0\n0\nA\nB\n", &[(Code::Nul, 2, 3)]),
            (b"2 1\n0\n\xe9\nA\nB\n", &[(Code::Utf8, 3, 1)]),
        ],
    );
}

#[test]
fn a_scottish_csv_that_is_not_sound_is_refused_with_a_code_and_a_place() {
    refuses(
        Format::Scottish,
        &[
            (b"", &[(Code::Empty, 1, 1)]),
            (b"2\n", &[(Code::Header, 1, 1)]),
            (b"2,1,1,\n", &[(Code::Header, 1, 1)]),
            (b"x,1,\n", &[(Code::Header, 1, 1)]),
            (
                b"2,x,\n\"Candidate 1\",\"A\",\"\",\n\"Candidate 2\",\"B\",\"\",\n",
                &[(Code::Seats, 1, 3)],
            ),
            (
                b"1,1,\n5,2,\n\"Candidate 1\",\"A\",\"\",\n",
                &[(Code::UnknownCandidate, 2, 3)],
            ),
            (
                b"1,1,\n5,,\n\"Candidate 1\",\"A\",\"\",\n",
                &[(Code::UnknownCandidate, 2, 3)],
            ),
            (
                b"1,1,\n5,1,1,\n\"Candidate 1\",\"A\",\"\",\n",
                &[(Code::DupCandidate, 2, 5)],
            ),
            (
                b"1,1,\n0,1,\n\"Candidate 1\",\"A\",\"\",\n",
                &[(Code::Weight, 2, 1)],
            ),
            (
                b"1,1,\n-1,1,\n\"Candidate 1\",\"A\",\"\",\n",
                &[(Code::Weight, 2, 1)],
            ),
            (b"1,1,\n5,1,\n", &[(Code::Names, 2, 5)]),
            (
                b"1,1,\n\"Candidate 2\",\"A\",\"\",\n",
                &[(Code::Names, 2, 1), (Code::Names, 2, 22)],
            ),
            (
                b"1,1,\n\"Candidate 1\",\"\",\"\",\n",
                &[(Code::Name, 2, 15), (Code::Names, 2, 21)],
            ),
            (
                b"1,1,\n\"Candidate 1\n",
                &[(Code::Quote, 2, 1), (Code::Names, 2, 13)],
            ),
            (
                b"1,1,\n\"Candidate 1\",\"A\",\"\",\n5,1,\n",
                &[(Code::Line, 3, 1)],
            ),
            (
                b"1,1,\n\"Candidate 1\",\"A\",\"\",\n\"Ward,\n",
                &[(Code::Quote, 3, 1)],
            ),
            (
                b"1,1,\n\"Candidate 1\",\"A\",\"\",\n\"Ward\",\n\"More\",\n",
                &[(Code::Line, 4, 1)],
            ),
            (
                b"1,1,\n5,\x00,\n\"Candidate 1\",\"A\",\"\",\n",
                &[(Code::Nul, 2, 3)],
            ),
        ],
    );
}

#[test]
fn preflib_orders_that_are_not_sound_are_refused_with_a_code_and_a_place() {
    const HEAD: &str =
        "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n";
    let after: &[(&str, &[Place])] = &[
        ("1: 3", &[(Code::UnknownCandidate, 4, 4)]),
        ("1: ", &[(Code::UnknownCandidate, 4, 4)]),
        ("1: 1,,2", &[(Code::UnknownCandidate, 4, 6)]),
        ("1: 1,1", &[(Code::DupCandidate, 4, 6)]),
        ("1: {1,2", &[(Code::Unended, 4, 8)]),
        ("1: 1,2}", &[(Code::Unended, 4, 6)]),
        ("1: {1,{2}}", &[(Code::Unended, 4, 7)]),
        ("0: 1", &[(Code::Weight, 4, 1)]),
        ("x: 1", &[(Code::Weight, 4, 1)]),
        ("1 1 2", &[(Code::Line, 4, 1)]),
        ("# NUMBER VOTERS: 2\n1: 1,2", &[(Code::Count, 4, 1)]),
        ("# NUMBER VOTERS: many\n1: 1,2", &[(Code::Count, 4, 18)]),
        ("# DATA TYPE: wmd\n1: 1,2", &[(Code::Type, 4, 14)]),
        ("# DATA TYPE: soc\n1: 1", &[(Code::Type, 5, 3)]),
        ("# DATA TYPE: soi\n1: {1,2}", &[(Code::Type, 5, 3)]),
        ("# NUMBER ALTERNATIVES: 3\n1: 1", &[(Code::Header, 4, 1)]),
        ("# ALTERNATIVE NAME 2: C", &[(Code::DupHeader, 4, 3)]),
        ("# ALTERNATIVE NAME 3: C", &[(Code::UnknownCandidate, 4, 3)]),
        ("# ALTERNATIVE NAME 2:", &[(Code::Name, 4, 22)]),
        ("1: \u{0}", &[(Code::Nul, 4, 4)]),
    ];
    for (tail, expected) in after {
        let bytes = format!("{HEAD}{tail}\n").into_bytes().leak();
        refuses(Format::PrefLib, &[(bytes, expected)]);
    }
    refuses(
        Format::PrefLib,
        &[
            (b"", &[(Code::Header, 1, 1)]),
            (b"1: 1,2\n", &[(Code::Header, 1, 1)]),
            (
                b"# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n1: 1\n",
                &[(Code::Names, 3, 5)],
            ),
            (b"# NUMBER ALTERNATIVES: none\n", &[(Code::Header, 1, 24)]),
        ],
    );
}

#[test]
fn a_tally_sheet_that_is_not_sound_is_refused_with_a_code_and_a_place() {
    refuses(
        Format::Debian,
        &[
            (b"", &[(Code::Empty, 1, 1)]),
            (b"only prose\n", &[(Code::Empty, 1, 1)]),
            (b"V: 12 x\nV: 1 x\n", &[(Code::ShortRow, 2, 4)]),
            (b"V: 12 x\nV: 123 x\n", &[(Code::LongRow, 2, 4)]),
            (b"V: 12 x\nV: 10 x\n", &[(Code::Rank, 2, 5)]),
            (
                b"V: 12 x\nV: ab x\n",
                &[(Code::Rank, 2, 4), (Code::Rank, 2, 5)],
            ),
            (b"V: 12 x\nprose\n", &[(Code::Line, 2, 1)]),
            (b"V:\n", &[(Code::ShortRow, 1, 3)]),
            (b" Option 2 ---->: A\nV: 1 x\n", &[(Code::Names, 1, 2)]),
            (b" Option 1 ---->:\nV: 1 x\n", &[(Code::Name, 1, 2)]),
            (b"V: 12 x\nV: \x00\n", &[(Code::Nul, 2, 4)]),
            (b"V: 12 \xff\n", &[(Code::Utf8, 1, 7)]),
        ],
    );
}

#[test]
fn a_line_of_ten_megabytes_is_told_and_not_repeated() {
    let mut bytes = b"a,b\n1,2\n".to_vec();
    bytes.resize(bytes.len() + (10 << 20), b'7');
    bytes.extend(b"\n2,x\n");
    let refusal = refusal(Format::Elekto, &bytes);
    let codes: Vec<Code> = refusal.faults.iter().map(|fault| fault.code).collect();
    assert_eq!(
        codes,
        [Code::TooLong, Code::Rank],
        "what comes after it is still read"
    );
    for format in Format::ALL {
        let refusal = read(format, "x", &vec![b'x'; 10 << 20]).unwrap_err();
        assert!(refusal.to_string().len() < 1_000, "{refusal}");
        assert_eq!(refusal.faults.len(), 1);
        assert_eq!(refusal.faults[0].code, Code::TooLong);
    }
    let cell = [b"a,b\n1,".as_slice(), &vec![b'x'; 1 << 19], b"\n"].concat();
    assert!(self::refusal(Format::Elekto, &cell).to_string().len() < 300);
}

#[test]
fn a_thousand_faults_are_counted_and_a_hundred_told() {
    let bytes = format!("a,b\n{}", "0,x\n".repeat(500));
    let refusal = refusal(Format::Elekto, bytes.as_bytes());
    assert_eq!((refusal.faults.len(), refusal.more), (FAULTS_TOLD, 900));
    assert!(refusal.to_string().ends_with("x.csv: and 900 more"));
}

#[test]
fn more_candidates_or_ballots_than_can_be_held_are_refused() {
    let header = ",x".repeat(2_000);
    let bytes = format!("a{header}\n");
    assert_eq!(
        refusal(Format::Elekto, bytes.as_bytes()).faults[0].code,
        Code::TooMany
    );
    let few = format!("1000 1\n{}0\n", "1 1 0\n".repeat(50_001));
    let codes = refusal(Format::Blt, few.as_bytes()).faults;
    assert_eq!(codes[0].code, Code::TooMany);
    assert_eq!(
        codes[0].line, 50_002,
        "six bytes a ballot are not let grow to a thousand ranks"
    );
}

#[test]
fn a_refusal_says_file_line_column_code_and_what_to_do() {
    let text = refusal(Format::Elekto, b"a,b\n1,no opinion\nNo opinion,100000000\n").to_string();
    assert_eq!(
        text,
        "x.csv:2:3: E_CASE: \"no opinion\" is written No opinion, with one capital letter\n\
         x.csv:3:12: E_RANK: 100000000 is how Elekto's form sends no opinion; write No opinion"
    );
    let text = refusal(Format::Blt, b"2 1\n1 \x1b[31m 0\n0\nA\nB\n").to_string();
    assert!(!text.contains('\x1b'), "a terminal is sent nothing to obey");
}

#[test]
fn a_code_is_one_text_everywhere() {
    let refusal = refusal(Format::Elekto, b"a,b\n0\n");
    let json = serde_json::to_value(&refusal).unwrap();
    for (fault, json) in refusal
        .faults
        .iter()
        .zip(json["faults"].as_array().unwrap())
    {
        assert_eq!(json["code"], fault.code.as_str());
        assert!(fault.code.to_string().starts_with("E_"));
    }
}
