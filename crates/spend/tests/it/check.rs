//! What is wrong with `spend.yaml`: cases that `tests/broken` does not show.

use base::SourceMap;
use estate::Tree;
use spend::check::check;
use spend::pools::Drivers;
use spend::settings::Settings;

use crate::estates::{read, tree};

const FILES: [(&str, &str); 3] = [
    ("groups/infra.yaml", "title: Infra\n"),
    ("groups/docs.yaml", "title: Docs\n"),
    (
        "usage/minutes.csv",
        "month,owner,quantity,service\r\n2025-11,infra,300,\r\n2025-11,,12.5,\r\n",
    ),
];

/// What is found, as `line:column code`; what the file itself says wrongly is no matter here.
fn found(text: &str) -> Vec<String> {
    let mut files = FILES.to_vec();
    files.push(("spend.yaml", text));
    let tree = tree(&files);
    let estate = read(&tree);
    let mut sources = SourceMap::default();
    let (settings, findings) = Settings::of(&tree, &mut sources);
    let wrong: Vec<&str> = findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(wrong, [""; 0], "{text}");
    let findings = check(&estate, &settings, &tree, &mut sources);
    findings
        .iter()
        .map(|finding| {
            let at = sources.position(finding.span);
            assert!(finding.help.is_some(), "{}", finding.message);
            format!("{}:{} {}", at.line, at.column, finding.code.id)
        })
        .collect()
}

#[test]
fn an_estate_without_settings_has_nothing_wrong_with_them() {
    let tree = tree(&FILES);
    let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
    assert!(findings.is_empty());
    let found = check(&read(&tree), &settings, &tree, &mut SourceMap::default());
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn settings_that_use_everything_are_sound() {
    let nothing: [String; 0] = [];
    let all = found(
        "currency: EUR\n\
         store: s3://bills/spend\n\
         rules:\n\
         - {when: {account: '4711', sub_account: ci-site}, owner: docs}\n\
         - {when: {account: '4711'}, pool: ci, until: 2026-01-01}\n\
         - {when: {account: '4711'}, pool: power}\n\
         - {when: {tag: {team: '*'}}, owner: {tag: team, names: {www: docs}}}\n\
         - {when: {provider: AWS, category: [Usage, Tax]}, owner: infra}\n\
         - {when: {}, owner: infra}\n\
         pools:\n\
         - {name: power, by: weights, weights: {pool/ci: 1, docs: 2}, until: 2025-06}\n\
         - {name: power, by: weights, weights: {pool/ci: 0.5, docs: 0.5}, from: 2025-06}\n\
         - {name: ci, by: usage, driver: minutes}\n\
         drivers: [{name: minutes, file: usage/minutes.csv, unit: minutes}]\n\
         fx: {rates: [{date: 2025-12-01, from: USD, to: EUR, rate: 0.86, source: bank, both_ways: true}]}\n\
         planned: [{name: test, from: 2025-12-01, until: 2025-12-02, scope: {owner: [docs, pool/ci, (unallocated), 'd*']}}]\n\
         acknowledged: [{event: 3f2a9c, reason: A test.}]\n\
         public: {private_prices: [AWS]}\n\
         alerts: {channels: {money: [infra, 'https://hooks.example.org/x']}, to: [money, docs, a@example.org]}\n",
    );
    assert_eq!(all, nothing);
}

#[test]
fn a_rule_is_in_nobodys_way_that_may_not_match_or_holds_on_other_days() {
    let pairs = [
        (
            "{when: {}, owner: {tag: team}}",
            "{when: {account: a}, owner: docs}",
            false,
        ),
        (
            "{when: {}, owner: infra, from: 2025-01-01}",
            "{when: {account: a}, owner: docs}",
            false,
        ),
        (
            "{when: {}, owner: infra, from: 2025-01-01}",
            "{when: {account: a}, owner: docs, from: 2025-02-01, until: 2025-03-01}",
            true,
        ),
        (
            "{when: {tag: {team: '*'}}, owner: infra}",
            "{when: {account: a}, owner: docs}",
            false,
        ),
        (
            "{when: {tag: {team: '*'}}, owner: infra}",
            "{when: {tag: {team: [a, b]}}, owner: docs}",
            true,
        ),
        (
            "{when: {account: '*'}, owner: infra}",
            "{when: {sku: a}, owner: docs}",
            true,
        ),
        (
            "{when: {account: [a, b]}, owner: infra}",
            "{when: {account: [a, c]}, owner: docs}",
            false,
        ),
        (
            "{when: {category: Usage}, owner: infra}",
            "{when: {account: a}, owner: docs}",
            false,
        ),
        (
            "{when: {category: [Usage, Tax]}, owner: infra}",
            "{when: {category: Tax}, owner: docs}",
            true,
        ),
        (
            "{when: {account: {regex: '^a'}}, owner: infra}",
            "{when: {account: ab}, owner: docs}",
            true,
        ),
        (
            "{when: {account: {regex: '^a'}}, owner: infra}",
            "{when: {account: a*}, owner: docs}",
            false,
        ),
    ];
    for (first, second, shadowed) in pairs {
        let found = found(&format!("rules:\n- {first}\n- {second}\n"));
        let expected: &[&str] = if shadowed {
            &["3:3 spend-rule-shadowed"]
        } else {
            &[]
        };
        assert_eq!(found, expected, "{first} {second}");
    }
}

#[test]
fn pools_that_follow_each_other_in_time_are_no_circle() {
    let found = found(
        "rules: [{when: {account: a}, pool: one}, {when: {account: b}, pool: two}]\n\
         pools:\n\
         - {name: one, by: even, to: [pool/two], until: 2025-06}\n\
         - {name: two, by: even, to: [infra], until: 2025-06}\n\
         - {name: one, by: even, to: [infra], from: 2025-06}\n\
         - {name: two, by: even, to: [pool/one], from: 2025-06}\n",
    );
    assert_eq!(found, [""; 0]);
}

#[test]
fn what_waits_for_a_circle_is_not_told_of_it_again() {
    let found = found(
        "rules: [{when: {}, pool: first}]\n\
         pools:\n\
         - {name: first, by: even, to: [pool/a]}\n\
         - {name: a, by: even, to: [pool/b]}\n\
         - {name: b, by: even, to: [pool/a, infra]}\n",
    );
    assert_eq!(found, ["4:28 spend-pool-circle"]);
}

#[test]
fn each_way_of_sharing_has_what_it_needs_and_nothing_else() {
    for (pool, codes) in [
        ("by: even", "3:10 spend-pool"),
        ("by: weights", "3:10 spend-pool"),
        ("by: usage", "3:10 spend-pool"),
        ("by: proportional", ""),
        (
            "by: proportional, to: [infra], weights: {docs: 1}",
            "3:55 spend-pool",
        ),
        ("by: even, to: [infra], driver: minutes", "3:45 spend-pool"),
        ("by: weights, weights: {docs: 0}", "3:37 spend-pool-weights"),
        ("by: weights, weights: {docs: 0, infra: 1}", ""),
        ("by: weights, weights: {docs: 1.5, infra: 3}", ""),
        (
            "by: weights, weights: {docs: 99.99%}",
            "3:37 spend-pool-weights",
        ),
        ("by: weights, weights: {docs: 66.6 %, infra: 33.4%}", ""),
        (
            "by: even, to: [infra], from: 2025-06, until: 2025-06",
            "3:59 spend-pool",
        ),
        ("by: even, to: [infar]", "3:29 reference-unknown"),
        ("by: even, to: [pool/cj]", "3:29 spend-unknown"),
    ] {
        let found = found(&format!(
            "rules: [{{when: {{}}, pool: ci}}]\npools:\n- {{name: ci, {pool}}}\ndrivers: [{{name: minutes, file: usage/minutes.csv, unit: m}}]\n"
        ));
        assert_eq!(found.join(" "), codes, "{pool}");
    }
}

#[test]
fn a_file_of_usage_is_read_as_spreadsheets_write_it() {
    let text = "\u{feff}date,quantity,owner\r\n2025-11-30,\"1.5\",\"Infra\"\r\n\r\n2025-11-30,2,\"(unallocated)\"\r\n2025-12-01,4E2,pool/ci\r\n";
    let tree = tree(&[
        FILES[0],
        (
            "spend.yaml",
            "drivers: [{name: minutes, file: m.csv, unit: minutes}]\n",
        ),
        ("m.csv", text),
    ]);
    let (settings, _) = Settings::of(&tree, &mut SourceMap::default());
    let (drivers, findings) =
        Drivers::read(&settings, &read(&tree), &tree, &mut SourceMap::default());
    let wrong: Vec<&str> = findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(wrong, [""; 0]);
    let driver = drivers.get("minutes").unwrap();
    let used: Vec<String> = ["2025-11", "2025-12"]
        .into_iter()
        .flat_map(|month| driver.in_month(month.parse().unwrap()))
        .map(|(owner, service, quantity)| format!("{owner} {service}{quantity}"))
        .collect();
    assert_eq!(used, ["(unallocated) 2", "infra 1.5", "pool/ci 400"]);
    let days: Vec<String> = driver.days().values().map(ToString::to_string).collect();
    assert_eq!(
        (days, driver.unit(), driver.is_monthly()),
        (vec!["3.5".to_owned(), "400".to_owned()], "minutes", false)
    );
}

#[test]
fn a_file_with_a_mistake_is_not_used_at_all() {
    let good = "month,owner,quantity\n2025-11,infra,1\n";
    for (bad, place, message) in [
        ("", "1:1", "the file is empty"),
        (
            "owner,quantity\n",
            "1:1",
            "there is no column `date` or `month`",
        ),
        (
            "date,month,owner,quantity\n",
            "1:1",
            "there is a column `date` and a column `month`",
        ),
        (
            "date,owner,owner,quantity\n",
            "1:1",
            "the column `owner` is there twice",
        ),
        ("month,quantity\n", "1:1", "there is no column `owner`"),
        ("month,owner\n", "1:1", "there is no column `quantity`"),
        (
            "month;owner;quantity\n",
            "1:1",
            "the column `month;owner;quantity` is not known here",
        ),
        (
            "month,owner,quantity\n2025-11,infra,1\n2025-13,infra,1\n",
            "3:1",
            "`2025-13` is no month",
        ),
        (
            "date,owner,quantity\n2025-11-1,infra,1\n",
            "2:1",
            "`2025-11-1` is no day",
        ),
        (
            "month,owner,quantity\n\n2025-11,infra,NaN\n",
            "3:15",
            "`NaN` is no quantity: this is no finite number",
        ),
        (
            "month,owner,quantity\n2025-11,infra,0.1000000000000000001\n",
            "2:15",
            "the number has more than 18 digits behind the point",
        ),
        (
            "month,owner,quantity,service\n2025-11,infra,99999999999999999999,\n2025-11,docs,1,\n2025-11,docs,1,mail\n",
            "4:16",
            "the estate has no service `mail`",
        ),
        (
            "month,owner,quantity\n2025-11,infra,1,2\n",
            "2:1",
            "the row has 4 cells, and the first line 3",
        ),
    ] {
        let files = [
            FILES[0],
            FILES[1],
            (
                "spend.yaml",
                "drivers: [{name: good, file: good.csv, unit: m}, {name: bad, file: bad.csv, unit: m}]\n",
            ),
            ("good.csv", good),
            ("bad.csv", bad),
        ];
        let tree = tree(&files);
        let mut sources = SourceMap::default();
        let (settings, _) = Settings::of(&tree, &mut sources);
        let (drivers, findings) = Drivers::read(&settings, &read(&tree), &tree, &mut sources);
        let first = findings.first().unwrap_or_else(|| panic!("{bad}"));
        let told = (sources.locate(first.span), first.message.as_str());
        assert_eq!(told, (format!("bad.csv:{place}"), message), "{bad}");
        let months = |name: &str| {
            drivers
                .get(name)
                .unwrap()
                .in_month("2025-11".parse().unwrap())
                .count()
        };
        assert_eq!((months("good"), months("bad")), (1, 0), "{bad}");
        assert_eq!(tree.read("bad.csv").as_deref(), Ok(bad));
    }
}

#[test]
fn a_file_that_is_wrong_all_over_is_told_of_in_few_words() {
    let rows: String = (1..30)
        .map(|day| format!("2025-11-{day:02},nobody-{day},1\n"))
        .collect();
    let csv = format!("date,owner,quantity\n{rows}");
    let tree = tree(&[
        FILES[0],
        (
            "spend.yaml",
            "drivers: [{name: minutes, file: m.csv, unit: m}]\n",
        ),
        ("m.csv", &csv),
    ]);
    let (settings, _) = Settings::of(&tree, &mut SourceMap::default());
    let (_, findings) = Drivers::read(&settings, &read(&tree), &tree, &mut SourceMap::default());
    assert_eq!(findings.len(), 11);
    let last = findings.last().map(|finding| finding.message.as_str());
    assert_eq!(
        last,
        Some("the file of the driver `minutes` has 19 more rows like these")
    );
}
