//! Records and choices: every mistake at once, in both dialects.

use base::SourceMap;
use yaml::{Decoding, FromYaml, Map, Profile, Shape, choice, json_schema, record};

record! {
    /// A room.
    pub struct Room {
        /// Its name.
        pub name: String,
        /// How many fit in.
        pub seats: u32 = 12,
        /// Whether it is locked.
        pub locked: bool = false,
        /// How loud it may get.
        pub volume: Option<Volume>,
        /// Who has keys.
        pub key_holders as "key-holders": Vec<String>,
        /// The rooms behind it.
        pub behind: Map<Room>,
    }
}

choice! {
    /// How loud.
    pub enum Volume {
        /// Nobody hears it.
        Silent = "silent",
        /// Everybody does.
        Loud = "loud",
    }
}

choice! {
    /// Who gets in.
    pub enum Door {
        /// Everybody.
        Open = "open",
        /// Nobody.
        Shut = "shut",
    }
    otherwise Shut
}

record! {
    /// A house.
    pub struct House {
        /// Its door.
        pub door: Door = Door::Open,
    }
}

fn read(text: &str, profile: Profile) -> (Option<Room>, Vec<String>) {
    let mut map = SourceMap::default();
    let file = map.add("f", text);
    let (room, findings) = Decoding::read_text::<Room>(text, file, profile);
    let say = |f: &base::Diagnostic| {
        format!(
            "{} {} {}",
            map.locate(f.span),
            f.code.id,
            f.help.clone().unwrap_or_default()
        )
    };
    (room, findings.iter().map(say).collect())
}

#[test]
fn what_is_none_of_the_words_is_what_is_safe_and_a_finding() {
    for (text, door, count) in [
        ("{}", Door::Open, 0),
        ("door: shut", Door::Shut, 0),
        ("door: opne", Door::Shut, 1),
        ("door: [open]", Door::Shut, 1),
    ] {
        let file = SourceMap::default().add("f", text);
        let (house, findings) = Decoding::read_text::<House>(text, file, Profile::NATIVE);
        assert_eq!(house.expect("a house").door, door, "{text}");
        assert_eq!(findings.len(), count, "{text}: {findings:?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_and_the_rest_is_kept() {
    let text = "nmae: x\nseats: 0777\nlocked: yes\nvolume: lod\nkey-holders: ada\nbehind:\n  inner: {seats: -1, name: no}\n";
    let (room, found) = read(text, Profile::NATIVE);
    assert!(room.is_none());
    assert_eq!(
        found,
        [
            "f:1:1 yaml-unknown-key did you mean `name`?",
            "f:2:8 yaml-ambiguous write the number in plain decimals",
            "f:3:9 yaml-ambiguous write true",
            "f:4:9 yaml-bad-value did you mean `loud`?",
            "f:5:14 yaml-type put it in brackets: [ada]",
            "f:7:28 yaml-ambiguous write \"no\"",
            "f:7:18 yaml-bad-value the range is 0 to 4294967295",
        ]
    );
}

#[test]
fn a_broken_optional_key_leaves_the_record_usable() {
    let (room, found) = read("name: Hall\nseats: many\nvolume: [loud]\n", Profile::NATIVE);
    let room = room.expect("a room");
    assert_eq!(
        (room.name.as_str(), room.seats, room.volume),
        ("Hall", 12, None)
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn null_is_a_mistake_to_us_and_empty_to_go() {
    let text = "name: Hall\nkey-holders:\nbehind: ~\n";
    assert_eq!(
        read(text, Profile::NATIVE).1,
        [
            "f:2:1 yaml-empty give it one, or remove the key",
            "f:3:1 yaml-empty give it one, or remove the key"
        ]
    );
    let (room, found) = read(text, Profile::GO_STRICT);
    assert!(found.is_empty() && room.is_some_and(|room| room.behind.is_empty()));
}

#[test]
fn go_reads_keys_without_case_and_old_booleans() {
    let (room, found) = read(
        "Name: Hall\nLOCKED: on\nwindows: 3\n",
        Profile::GO_JSON_LENIENT,
    );
    assert!(room.is_some_and(|room| room.locked));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("f:3:1 yaml-unknown-key"));
    assert_eq!(
        read("name: a\nName: b\n", Profile::GO_JSON_STRICT).1,
        ["f:2:1 yaml-duplicate-key keep one of the two"]
    );
}

#[test]
fn the_schema_is_made_of_the_same_definition() {
    let schema = json_schema(&Room::shape(), "room");
    let room = &schema["$defs"]["Room"];
    assert_eq!(room["required"], serde_json::json!(["name"]));
    assert_eq!(room["additionalProperties"], false);
    assert_eq!(room["properties"]["seats"]["default"], 12);
    assert_eq!(
        room["properties"]["behind"]["additionalProperties"]["$ref"],
        "#/$defs/Room"
    );
    assert!(matches!(Volume::shape(), Shape::Choice(words) if words.len() == 2));
}
