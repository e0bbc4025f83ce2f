//! Bills in a bucket.

use std::process::{Command, Output};

use jiff::civil::date;
use testkit::bills::focus_csv;
use testkit::servers::moto::Moto;
use testkit::servers::or_skip;

use super::{TODAY, estate, providers};
use crate::support::{Folder, write};

fn run(folder: &Folder, server: &Moto, arguments: &str) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_commonhold"))
        .current_dir(&folder.0)
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "open-sesame")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ALLOW_HTTP", "true")
        .env("BILLS", "s3://bills/lab/spend")
        .args(["--at", &TODAY.to_string(), "spend"])
        .args(arguments.split_whitespace())
        .output()
        .expect("a run");
    assert!(
        output.status.success(),
        "{arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

#[test]
fn bills_in_a_bucket_are_as_those_in_a_folder() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    server.create_bucket("bills");
    let bills = focus_csv(&providers(), date(2026, 8, 1), TODAY);
    let folder = estate().with("bills.csv", &bills);
    run(&folder, &server, "import bills.csv");
    let here = [
        "periods --output json",
        "report --output json",
        "query --by resource --output json",
    ];
    let in_folder = here.map(|arguments| run(&folder, &server, arguments).stdout);
    write(
        &folder.0.join("spend.yaml"),
        &super::settings("store: env/BILLS\n"),
    );
    let none = run(&folder, &server, "periods --output json").stdout;
    assert!(
        String::from_utf8_lossy(&none).contains("\"periods\": []"),
        "nothing is in the bucket yet"
    );
    run(&folder, &server, "import bills.csv");
    run(&folder, &server, "import bills.csv");
    let in_bucket = here.map(|arguments| run(&folder, &server, arguments).stdout);
    assert!(in_folder == in_bucket, "the answers differ");
}
