//! Files that are wrong, each with what is said of it.

use focus::Column;
use focus::import::{DateOrder, Numbers, Options};

use crate::collect::{bill, lines, only, read, read_with, refused, told};

#[test]
fn null_is_null_however_it_is_spelt() {
    for (spelt, mended) in [
        ("", ""),
        ("NULL", "null"),
        ("null", "null"),
        ("(null)", "null"),
    ] {
        let charge = only(bill(&[("ResourceId", spelt), ("ListCost", spelt)]));
        assert_eq!(charge.get(Column::ResourceId), "", "{spelt}");
        assert_eq!(charge.get(Column::ListCost), "", "{spelt}");
        assert_eq!(charge.mended, mended, "{spelt}");
    }
    let (summary, _) = read("bill.csv", bill(&[("ResourceId", "NULL")])).expect("sound");
    assert_eq!(summary.mended.get("null"), Some(&1));
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_name() {
    let charge = only(format!("\u{feff}{}", bill(&[])));
    assert_eq!(charge.get(Column::BilledCost), "1.5");
    let charge = only(format!(
        "\u{feff}\"BilledCost\"{}",
        &bill(&[])["BilledCost".len()..]
    ));
    assert_eq!(charge.get(Column::BilledCost), "1.5");
}

#[test]
fn lines_may_end_as_on_windows_and_the_last_may_not_end() {
    let file = bill(&[("SkuId", "last")]);
    assert_eq!(only(file.replace('\n', "\r\n")).get(Column::SkuId), "last");
    assert_eq!(only(file.trim_end()).get(Column::SkuId), "last");
    assert_eq!(
        only(file.replace('\n', "\r\n").trim_end_matches('\n')).get(Column::SkuId),
        "last"
    );
}

#[test]
fn a_quoted_cell_holds_lines_commas_and_quotes() {
    let text = "a \"b\", c\r\nd\n";
    let (head, row) = lines(&[("ChargeDescription", text)]);
    let (_, bad) = lines(&[("ChargeDescription", "x"), ("BilledCost", "x")]);
    let charge = only(format!("{head}\n{row}\n"));
    assert_eq!(charge.get(Column::ChargeDescription), text);
    assert_eq!(charge.number, 2);
    assert_eq!(
        refused("bill.csv", format!("{head}\n{row}\n{row}\n{bad}\n")),
        "bill.csv:8:BilledCost: `x` is no number: this is no number from its character 1 on [bill-number]"
    );
}

#[test]
fn a_number_is_written_as_focus_writes_numbers() {
    let said = |text: &str| refused("bill.csv", bill(&[("BilledCost", text)]));
    let at = "bill.csv:2:BilledCost: ";
    assert_eq!(
        said("1,234.5"),
        format!("{at}`1,234.5` is no number: a number has no `,` between its digits [bill-number]")
    );
    assert_eq!(
        said("+3"),
        format!("{at}`+3` is no number: a number and its exponent have no plus sign [bill-number]")
    );
    assert_eq!(
        said("1E+3"),
        format!(
            "{at}`1E+3` is no number: a number and its exponent have no plus sign [bill-number]"
        )
    );
    assert_eq!(
        said("1234567890123456789012345678901234567890"),
        format!(
            "{at}`1234567890123456789012345678901234567890` is no number: the number has more than \
             20 digits before the point [bill-number]"
        )
    );
    assert_eq!(
        said("NaN"),
        format!("{at}`NaN` is no number: this is no finite number [bill-number]")
    );
    assert_eq!(
        said("$3"),
        format!("{at}`$3` is no number: this is no number from its character 1 on [bill-number]")
    );
    assert_eq!(
        said("35E7000"),
        format!(
            "{at}`35E7000` is no number: the number has more than 20 digits before the point \
             [bill-number]"
        )
    );
    assert_eq!(
        said("35E11"),
        format!(
            "{at}a cost of 3500000000000 is no honest one: it must be less than 10^12 [bill-number]"
        )
    );
    let cost = |text: &str| {
        only(bill(&[("BilledCost", text)]))
            .get(Column::BilledCost)
            .to_owned()
    };
    assert_eq!(cost("1.3E-9"), "0.0000000013");
    assert_eq!(cost("35E7"), "350000000");
    assert_eq!(cost("-6.266090E-12"), "-0.00000000000626609");
    assert_eq!(
        cost("999999999999.999999999999999999"),
        "999999999999.999999999999999999"
    );
}

#[test]
fn digits_beyond_the_18th_are_rounded_and_what_that_takes_away_is_counted() {
    let (head, one) = lines(&[("BilledCost", "0.00000000000000000049")]);
    let (_, two) = lines(&[("BilledCost", "-1.0000000000000000026")]);
    let file = format!("{head}\n{one}\n{two}\n");
    let (summary, collected) = read("bill.csv", file).expect("sound");
    let costs = collected
        .charges
        .iter()
        .map(|charge| charge.get(Column::BilledCost));
    assert_eq!(costs.collect::<Vec<_>>(), ["0", "-1.000000000000000003"]);
    assert!(
        collected
            .charges
            .iter()
            .all(|charge| charge.mended == "rounded")
    );
    assert_eq!(summary.rounded, 2);
    let unit = 10_i128.pow(16);
    assert_eq!(summary.residue, 49 * unit + 40 * unit);
}

#[test]
fn a_spreadsheets_numbers_are_read_when_asked_for() {
    let file = bill(&[("BilledCost", "($10,000.50)"), ("EffectiveCost", "0.00 ")]);
    assert!(refused("bill.csv", file.as_str()).contains("`($10,000.50)` is no number"));
    let options = Options {
        numbers: Numbers::Spreadsheet,
        ..Options::default()
    };
    let (summary, collected) = read_with("bill.csv", file, &options).expect("sound");
    assert_eq!(collected.charges[0].get(Column::BilledCost), "-10000.5");
    assert_eq!(collected.charges[0].mended, "number-form spaces");
    assert_eq!(summary.mended.len(), 2);
}

#[test]
fn a_currency_is_a_code_in_capitals() {
    let said = |text: &str| refused("bill.csv", bill(&[("BillingCurrency", text)]));
    assert_eq!(
        said("usd"),
        "bill.csv:2:BillingCurrency: `usd` is no currency: a currency is written in capitals: USD \
         [bill-currency]"
    );
    assert_eq!(
        said("XXY"),
        "bill.csv:2:BillingCurrency: `XXY` is no currency: ISO 4217 has no such currency \
         [bill-currency]"
    );
}

#[test]
fn a_day_that_is_none_is_named() {
    let said = |text: &str| refused("bill.csv", bill(&[("ChargePeriodStart", text)]));
    let at = "bill.csv:2:ChargePeriodStart: ";
    assert_eq!(
        said("2025-02-31T00:00:00Z"),
        format!(
            "{at}`2025-02-31T00:00:00Z` is no instant: there is no 31 February 2025 [bill-instant]"
        )
    );
    assert_eq!(
        said("2025-07-5T00:00:00Z"),
        format!(
            "{at}`2025-07-5T00:00:00Z` is no instant: this is no date or time from its character 10 \
             on [bill-instant]"
        )
    );
    assert_eq!(
        said("2025-13-01T00:00:00Z"),
        format!("{at}`2025-13-01T00:00:00Z` is no instant: there is no month 13 [bill-instant]")
    );
    assert_eq!(
        said("2025-03-01T24:00:00Z"),
        format!(
            "{at}`2025-03-01T24:00:00Z` is no instant: the day has no such time [bill-instant]"
        )
    );
    assert_eq!(
        said("0202-03-01T00:00:00Z"),
        format!("{at}no bill is for the year 202 [bill-instant]")
    );
}

#[test]
fn of_a_date_that_may_be_two_days_somebody_must_say_which() {
    let cells = [
        ("ChargePeriodStart", "4/3/25"),
        ("ChargePeriodEnd", "4/3/25"),
    ];
    let file = bill(&cells);
    assert_eq!(
        refused("bill.csv", file.as_str()),
        "bill.csv:2:ChargePeriodStart: `4/3/25` is no instant: this may be 3 April or 4 March 2025 \
         [bill-instant]"
    );
    for (order, day) in [
        (DateOrder::MonthFirst, "2025-04-03T00:00:00Z"),
        (DateOrder::DayFirst, "2025-03-04T00:00:00Z"),
    ] {
        let options = Options {
            dates: Some(order),
            ..Options::default()
        };
        let (_, collected) = read_with("bill.csv", file.as_str(), &options).expect("sound");
        assert_eq!(collected.charges[0].get(Column::ChargePeriodStart), day);
        assert_eq!(collected.charges[0].mended, "date");
    }
    let charge = only(
        bill(&[
            ("ChargePeriodStart", "3/1/2025"),
            ("ChargePeriodEnd", "3/14/2025"),
        ])
        .replace("3/1/2025", "2025-03-01 10:00"),
    );
    assert_eq!(
        charge.get(Column::ChargePeriodStart),
        "2025-03-01T10:00:00Z"
    );
    assert_eq!(charge.get(Column::ChargePeriodEnd), "2025-03-14T00:00:00Z");
    assert_eq!(charge.mended, "date zone");
}

#[test]
fn a_period_does_not_end_before_it_begins() {
    let cells = [("ChargePeriodEnd", "2025-03-03T00:00:00Z")];
    assert_eq!(
        refused("bill.csv", bill(&cells)),
        "bill.csv:2:ChargePeriodEnd: this is 2025-03-03T00:00:00Z, before the period begins: \
         2025-03-04T00:00:00Z [bill-period]"
    );
}

#[test]
fn a_key_stands_in_tags_once_and_tags_are_flat() {
    let said = |text: &str| refused("bill.csv", bill(&[("Tags", text)]));
    let at = "bill.csv:2:Tags: ";
    assert_eq!(
        said(r#"{"team":"a","team":"b"}"#),
        format!("{at}the key `team` stands twice in it [bill-tags]")
    );
    assert_eq!(
        said(r#"{"team":{"name":"a"}}"#),
        format!("{at}the key `team` has more than one value [bill-tags]")
    );
    assert_eq!(
        said(r#"{"team":"#),
        format!("{at}`{{\"team\":` is no JSON: EOF while parsing a value [bill-tags]")
    );
    let sound = r#"{"team":"a","n":1.50,"on":true,"none":null}"#;
    assert_eq!(only(bill(&[("Tags", sound)])).get(Column::Tags), sound);
}

#[test]
fn a_value_that_a_column_cannot_have_is_named() {
    assert_eq!(
        refused("bill.csv", bill(&[("ChargeCategory", "Refund")])),
        "bill.csv:2:ChargeCategory: `Refund` is none of its values, which are Usage, Purchase, Tax, \
         Credit or Adjustment [bill-value]"
    );
    assert_eq!(
        refused("bill.csv", bill(&[("ChargeClass", "Fix")])),
        "bill.csv:2:ChargeClass: `Fix` is not Correction, the only value that it may have [bill-value]"
    );
}

#[test]
fn what_a_charge_lacks_is_named() {
    assert_eq!(
        refused("bill.csv", bill(&[("EffectiveCost", "NULL")])),
        "bill.csv:2:EffectiveCost: this charge has no EffectiveCost [bill-missing]"
    );
    assert_eq!(
        refused("bill.csv", bill(&[]).replace("ProviderName", "x_Provider")),
        "bill.csv:ProviderName: the file has no column ProviderName [bill-column]"
    );
}

#[test]
fn a_row_has_as_many_cells_as_there_are_columns() {
    let file = bill(&[]);
    assert_eq!(
        refused("bill.csv", file.replace("Compute\n", "Compute,1\n")),
        "bill.csv:2: this row has 12 cells, and the file has 11 columns [bill-record]"
    );
    assert_eq!(
        refused("bill.csv", file.replace(",Compute\n", "\n")),
        "bill.csv:2: this row has 10 cells, and the file has 11 columns [bill-record]"
    );
    assert_eq!(
        refused("bill.csv", file.replace("Compute\n", "\"Compute\"x\n")),
        "bill.csv:2:ServiceName: a text stands behind the quote that closes this cell [bill-record]"
    );
    assert_eq!(
        refused("bill.csv", file.replace("Compute\n", "\"Compute\n")),
        "bill.csv:2:ServiceName: a quote is opened here and the file ends before it is closed \
         [bill-truncated]"
    );
}

#[test]
fn a_column_has_one_name_of_its_own() {
    let file = bill(&[]);
    assert_eq!(
        refused("bill.csv", file.replace("ServiceName", "BilledCost")),
        "bill.csv:1:BilledCost: two columns are called `BilledCost` [bill-column]"
    );
    assert_eq!(
        refused("bill.csv", file.replace("ServiceName", "")),
        "bill.csv:1: column 11 has no name [bill-column]"
    );
    assert_eq!(
        refused("bill.csv", file.replace(',', ";")),
        "bill.csv:1: the columns are separated by `;` [bill-container]"
    );
}

#[test]
fn a_text_is_utf_8() {
    let mut file = bill(&[("ServiceName", "Caf\u{e9}")]).into_bytes();
    let at = file
        .windows(2)
        .position(|two| two == "\u{e9}".as_bytes())
        .expect("the letter");
    file.splice(at..at + 2, [0xe9]);
    assert_eq!(
        refused("bill.csv", file),
        "bill.csv:2:ServiceName: the byte 0xe9 here is not UTF-8 [bill-encoding]"
    );
    let wide: Vec<u8> = "\u{feff}BilledCost\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        refused("bill.csv", wide),
        "bill.csv: this text is UTF-16 [bill-container]"
    );
}

#[test]
fn a_file_without_charges_is_not_taken() {
    assert_eq!(
        refused("bill.csv", ""),
        "bill.csv: the file is empty [bill-empty]"
    );
    assert_eq!(
        refused("bill.csv", "\u{feff}\r\n \n"),
        "bill.csv: the file is empty [bill-empty]"
    );
    let (head, _) = lines(&[]);
    for file in [head.clone(), format!("{head}\r\n"), format!("{head}\n\n\n")] {
        assert_eq!(
            refused("bill.csv", file),
            "bill.csv: the file has no charges [bill-empty]"
        );
    }
}

#[test]
fn what_is_no_bill_is_told_apart() {
    assert_eq!(
        refused("bill.zip", *b"PK\x03\x04\x14\0\0\0"),
        "bill.zip: this is a ZIP archive or a spreadsheet [bill-container]"
    );
    assert_eq!(
        refused("bill.csv", "date,amount\n1,2\n"),
        "bill.csv: no vendor's bills have columns like `date`, `amount` [bill-format]"
    );
    assert_eq!(
        refused("bill", *b"\x7fELF\0\0\0"),
        "bill: this is neither CSV, JSON, Parquet nor YAML [bill-container]"
    );
}

#[test]
fn all_problems_are_said_at_once_up_to_twenty() {
    let (head, row) = lines(&[("BilledCost", "x")]);
    let (_, sound) = lines(&[]);
    let file = format!("{head}\n{row}\n{sound}\n{row}\n");
    let said = refused("bill.csv", file);
    let lines: Vec<&str> = said.lines().map(|line| &line[..11]).collect();
    assert_eq!(lines, ["bill.csv:2:", "bill.csv:4:"]);
    let many = format!("{head}\n{}", format!("{row}\n").repeat(50));
    assert_eq!(refused("bill.csv", many).lines().count(), 20);
}

#[test]
fn what_is_given_for_the_whole_file_must_be_sound_too() {
    let options = Options {
        given: vec![
            (Column::BillingCurrency, "dollars".to_owned()),
            (Column::BillingPeriodStart, "March".to_owned()),
        ],
        ..Options::default()
    };
    assert_eq!(
        told(read_with("bill.csv", bill(&[]), &options)),
        "bill.csv:BillingCurrency: given for the whole file: `dollars` is no currency: ISO 4217 has \
         no such currency [bill-currency]\n\
         bill.csv:BillingPeriodStart: given for the whole file: `March` is no instant: this is no \
         date or time from its character 1 on [bill-instant]"
    );
}
