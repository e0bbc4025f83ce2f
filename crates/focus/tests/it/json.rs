//! Where the records of a JSON file stand.

use focus::Column;

use crate::collect::{SOUND, read, refused};

/// A sound charge with one more member.
fn record(cost: &str, more: &str) -> String {
    let members = SOUND.map(|(name, text)| {
        let text = if name == "BilledCost" { cost } else { text };
        format!("\"{name}\":\"{text}\"")
    });
    format!("{{{}{more}}}", members.join(","))
}

fn costs(file: &str) -> Vec<String> {
    let (_, read) = read("bill.json", file).expect("sound");
    let cost = |charge: &crate::collect::Charge| charge.get(Column::BilledCost).to_owned();
    read.charges.iter().map(cost).collect()
}

#[test]
fn a_list_of_a_record_is_no_array_of_records_whatever_it_is_called() {
    let (plain, listed) = (record("1", ""), record("2", ",\"items\":[]"));
    assert_eq!(
        costs(&format!("{plain}\n{listed}\n{plain}")),
        ["1", "2", "1"]
    );
    // Where such a list comes first, nobody can tell: nothing is dropped in silence.
    assert_eq!(
        refused("bill.json", format!("{listed}\n{plain}")),
        "bill.json:2: a record stands by itself here, and those before it stand in an array [bill-json]"
    );
}

#[test]
fn a_number_is_written_as_json_writes_numbers() {
    let plain = record("1", ",\"ConsumedQuantity\":4.2e+16,\"ListCost\":1.3E-9");
    let (_, read) = read("bill.json", plain).expect("sound");
    let of = |column| read.charges[0].get(column);
    assert_eq!(of(Column::ConsumedQuantity), "42000000000000000");
    assert_eq!(of(Column::ListCost), "0.0000000013");
    // A text is not JSON's number.
    let said = refused("bill.json", record("1e+3", ""));
    assert!(said.ends_with("have no plus sign [bill-number]"), "{said}");
}

#[test]
fn pages_of_an_answer_are_read_one_after_the_other() {
    let page = |cost: &str| {
        format!(
            "{{\"meta\":{{}},\"data\":[{}],\"next\":1}}",
            record(cost, "")
        )
    };
    let empty = "{\"data\":[]}";
    assert_eq!(
        costs(&[&page("1"), empty, &page("2")].join("\n")),
        ["1", "2"]
    );
}
