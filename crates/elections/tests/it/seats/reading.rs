//! How caps, terms and limits are written.

use base::FileId;
use elections::seats::{Cap, Limits, Reserved, TermLength, VacancyRule};
use yaml::{Decoding, FromYaml, Profile};

fn read<T: FromYaml>(text: &str) -> Result<T, String> {
    let file: FileId = base::SourceMap::default().add("election.yaml", text);
    let (value, findings) = Decoding::read_text::<T>(text, file, Profile::NATIVE);
    match value {
        Some(value) if findings.is_empty() => Ok(value),
        _ => {
            let place = |span: base::Span| &text[span.start as usize..span.end as usize];
            let line = |finding: &base::Diagnostic| {
                format!("{}: {}", place(finding.span), finding.message)
            };
            Err(findings.iter().map(line).collect::<Vec<_>>().join("; "))
        }
    }
}

#[test]
fn a_cap_reads_as_it_is_written() {
    for (text, most, shown) in [
        (
            r#"{"fraction":"1/3","relation":"<=","of":7}"#,
            2,
            "2 of 7 (<= 1/3)",
        ),
        (
            r#"{"fraction":"1/3","relation":"<=","of":13}"#,
            4,
            "4 of 13 (<= 1/3)",
        ),
        (
            r#"{"fraction":"1/3","relation":"<=","of":6}"#,
            2,
            "2 of 6 (<= 1/3)",
        ),
        (
            r#"{"fraction":"1/3","relation":"<","of":6}"#,
            1,
            "1 of 6 (< 1/3)",
        ),
        (
            r#"{"fraction":"1/1","relation":"<","of":1000}"#,
            999,
            "999 of 1000 (< 1/1)",
        ),
        (r#"{"number":2}"#, 2, "2"),
        (
            r#"{"number":2,"of":5,"choose_window":"7d","grace":"14d"}"#,
            2,
            "2 of 5",
        ),
    ] {
        let cap: Cap = read(text).unwrap();
        assert_eq!((cap.most(), cap.to_string().as_str()), (most, shown));
        assert_eq!(
            serde_json::to_string(&cap).unwrap(),
            text,
            "and is written as it reads"
        );
    }
    assert_eq!(
        read::<Cap>("{fraction: 1/3, relation: \"<=\", of: 7}")
            .unwrap()
            .most(),
        2
    );
}

#[test]
fn a_cap_that_leaves_something_open_is_refused_where_it_stands() {
    for (text, message) in [
        (
            "{fraction: 1/3, of: 7}",
            "the cap does not say whether exactly the fraction is allowed",
        ),
        ("{fraction: 1/3, relation: \"<=\"}", "of"),
        ("{of: 7}", "the cap does not say how many seats"),
        (
            "{fraction: 1/3, relation: \"<\", of: 7, number: 2}",
            "2: the cap is a fraction and a number at once",
        ),
        (
            "{number: 2, relation: \"<\"}",
            "\"<\": a relation goes with a fraction, not with a number",
        ),
        (
            "{fraction: 1/3, relation: \"<\", of: 3}",
            "under this cap nobody who has an employer may sit",
        ),
        ("{number: 0}", "0: 0 is too few here"),
        ("{fraction: 1/3, relation: \">\", of: 7}", "\">\": "),
        (
            "{fraction: 4/3, relation: \"<\", of: 7}",
            "4/3: \"4/3\" is not a share",
        ),
        ("{fraction: 0.33, relation: \"<\", of: 7}", "0.33: "),
        ("{number: 2, cap: 3}", "cap: "),
    ] {
        let error = read::<Cap>(text).map(|cap| cap.to_string()).unwrap_err();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn terms_limits_and_reserved_seats_read_as_they_are_written() {
    let terms: Vec<TermLength> = read("[2y, 2y, 6mo]").unwrap();
    assert_eq!(
        serde_json::to_string(&terms).unwrap(),
        r#"["2y","2y","6mo"]"#
    );
    let limits: Limits = read("{consecutive: 2, lifetime: 4, exempt_below: 1y}").unwrap();
    assert_eq!(limits.lifetime.unwrap().get(), 4);
    let reserved: Reserved = read("{role: testing, seats: 1}").unwrap();
    assert_eq!(reserved.role, "testing");
    let rule: VacancyRule = read("{successors: 1}").unwrap();
    assert_eq!(rule.successors.unwrap().get(), 1);
    assert_eq!(read::<VacancyRule>("{}").unwrap(), VacancyRule::default());
    let error = read::<TermLength>("two years").unwrap_err();
    assert_eq!(
        error,
        "two years: \"two years\" is not the length of a term"
    );
}

#[test]
fn the_forms_describe_themselves() {
    let schema = yaml::json_schema(&Cap::shape(), "cap").to_string();
    for key in [
        "fraction",
        "relation",
        "of",
        "number",
        "choose_window",
        "grace",
    ] {
        assert!(schema.contains(&format!("\"{key}\"")), "{key}");
    }
}
