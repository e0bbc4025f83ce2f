//! Files that are too large.

use focus::Column;

use crate::collect::{SOUND, bill, lines, only, refused};

const MEGABYTE: usize = 1024 * 1024;

#[test]
fn a_cell_of_4_megabytes_is_read_and_one_of_5_is_not() {
    let large = "x".repeat(4 * MEGABYTE);
    let charge = only(bill(&[("ChargeDescription", &large)]));
    assert_eq!(charge.get(Column::ChargeDescription).len(), large.len());
    let larger = "x".repeat(5 * MEGABYTE);
    let said = "bill.csv:2:ChargeDescription: this cell has more than 4 MB [bill-size]";
    assert_eq!(
        refused("bill.csv", bill(&[("ChargeDescription", &larger)])),
        said
    );
    let quoted = "\"\"".repeat(5 * MEGABYTE / 2);
    assert_eq!(
        refused("bill.csv", bill(&[("ChargeDescription", &quoted)])),
        said
    );
}

#[test]
fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
    let (head, row) = lines(&[]);
    let rows = format!("{row}\n").repeat(200_000);
    let file = format!("{head}\n\"{rows}");
    assert_eq!(
        refused("bill.csv", file),
        "bill.csv:2:BilledCost: this cell has more than 4 MB [bill-size]"
    );
}

#[test]
fn a_row_of_many_cells_that_are_no_cells_of_its_own_has_a_bound() {
    let (head, row) = lines(&[]);
    let file = format!("{head}\n{}\n{row}\n", "x,".repeat(9 * MEGABYTE));
    let said = refused("bill.csv", file);
    assert!(said.starts_with("bill.csv:2"), "{said}");
    assert!(said.contains("more than 16 MB [bill-size]"), "{said}");
}

#[test]
fn a_record_of_json_has_a_bound() {
    let cell = "x".repeat(5 * MEGABYTE);
    let members = SOUND.map(|(name, text)| format!("\"{name}\":\"{text}\","));
    let file = format!("{{{}\"x_Note\":\"{cell}\"}}", members.concat());
    assert_eq!(
        refused("bill.json", file),
        "bill.json:1:x_Note: this cell has more than 4 MB [bill-size]"
    );
    let deep = format!(
        "{{{}\"x_Note\":{}",
        members.concat(),
        "[".repeat(17 * MEGABYTE)
    );
    assert_eq!(
        refused("bill.json", deep),
        "bill.json:1: this record has more than 16 MB [bill-size]"
    );
}
