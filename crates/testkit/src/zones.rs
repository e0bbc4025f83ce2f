//! Zone files of any size, in the mix of types that a large community has.

use crate::random::Random;

/// What becomes of one name in a hundred: two thirds point elsewhere.
const MIX: [(usize, Entry); 8] = [
    (66, alias),
    (82, addresses),
    (90, text),
    (94, long_addresses),
    (96, delegation),
    (98, mail),
    (99, authorities),
    (100, service),
];

const WORDS: [&str; 12] = [
    "apple", "birch", "cedar", "docs", "elm", "fir", "gate", "hazel", "iris", "juniper", "kiosk",
    "larch",
];

type Entry = fn(&str, &mut Random) -> String;

/// A zone file as octoDNS has them, with so many record sets, one to a name. The same size
/// and seed give the same bytes. The zone can be called anything.
pub fn zone_file(sets: usize, seed: u64) -> String {
    let mut file = String::from("---\n");
    for index in 0..sets {
        let mut random = Random::of(seed, "record", index);
        let name = format!("{}-{index}", random.word(&WORDS));
        let share = random.below(100);
        let entry = MIX.iter().find(|(below, _)| share < *below);
        let (_, write) = entry.unwrap_or(&MIX[0]);
        if random.once_in(20) {
            file.push_str("# looked after by the night shift\n");
        }
        file.push_str(&write(&name, &mut random));
    }
    file
}

fn alias(name: &str, random: &mut Random) -> String {
    let target = random.word(&WORDS);
    let ttl = if random.once_in(4) {
        "  ttl: 300\n"
    } else {
        ""
    };
    format!("{name}:\n{ttl}  type: CNAME\n  value: {target}.pages.example.net.\n")
}

fn addresses(name: &str, random: &mut Random) -> String {
    let last = random.between(1, 250);
    if random.once_in(3) {
        let next = last + 1;
        return format!("{name}:\n  type: A\n  values:\n  - 192.0.2.{last}\n  - 192.0.2.{next}\n");
    }
    format!("{name}:\n  type: A\n  value: 192.0.2.{last}\n")
}

fn text(name: &str, random: &mut Random) -> String {
    let code = random.below(1_000_000_000);
    format!("_{name}:\n  type: TXT\n  value: site-verification={code:09x}x\n")
}

fn long_addresses(name: &str, random: &mut Random) -> String {
    let last = random.below(0x10000);
    format!("{name}:\n  type: AAAA\n  value: \"2001:db8:0:26f3::{last:x}\"\n")
}

fn delegation(name: &str, _: &mut Random) -> String {
    format!(
        "{name}:\n  type: NS\n  values:\n  - ns1.servers.example.net.\n  - ns2.servers.example.net.\n"
    )
}

fn mail(name: &str, random: &mut Random) -> String {
    let first = random.between(1, 9);
    format!(
        "{name}:\n  type: MX\n  values:\n  - exchange: mx1.mail.example.net.\n    preference: {first}\n  - exchange: mx2.mail.example.net.\n    preference: 20\n"
    )
}

fn authorities(name: &str, _: &mut Random) -> String {
    format!(
        "{name}:\n  type: CAA\n  values:\n  - flags: 0\n    tag: issue\n    value: ca.example.net\n"
    )
}

fn service(name: &str, random: &mut Random) -> String {
    let port = random.between(1, 65_000);
    format!(
        "_{name}._tcp:\n  type: SRV\n  value:\n    port: {port}\n    priority: 10\n    target: sip.example.net.\n    weight: 5\n"
    )
}
