//! Voting through the hands: open, sealed, blind.

use portal::{Hands, Refusal};

use super::answers;
use super::scene::{Scene, known, stranger};

const ELECTION: &str = "steering---2026";

#[test]
fn a_roll_call_is_voted_in_by_whoever_is_signed_in_and_on_the_roll() {
    let scene = Scene::electing("open");
    let hands = scene.hands();
    let ballot = hands.ballot(&known("ada"), ELECTION).expect("a ballot");
    let names: Vec<&str> = ballot
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["rank-ann", "rank-ben", "withdraw"]);
    let mine = answers(&[("rank-ann", "1"), ("rank-ben", " 2 ")]);
    let voted = hands.vote(&known("ada"), ELECTION, &mine).expect("a vote");
    assert_eq!(voted.receipt, "person/ada");
    assert!(voted.at.is_some());
    let again = hands
        .vote(&known("ada"), ELECTION, &mine)
        .expect("the same");
    assert_eq!(again.at, None);
    let wrong = hands.vote(&known("ada"), ELECTION, &answers(&[("rank-ann", "best")]));
    assert!(matches!(wrong, Err(Refusal::Wrong(_))), "{wrong:?}");
    assert!(matches!(
        hands.ballot(&known("cy"), ELECTION),
        Err(Refusal::Forbidden(_))
    ));
    assert!(matches!(
        hands.ballot(&stranger("eve"), ELECTION),
        Err(Refusal::Forbidden(_))
    ));
    assert!(matches!(
        hands.ballot(&known("ada"), "steering---2099"),
        Err(Refusal::Unknown(_))
    ));
    assert!(matches!(
        hands.ballot(&known("ada"), "../../etc"),
        Err(Refusal::Unknown(_))
    ));
}

#[test]
fn a_sealed_ballot_is_changed_with_its_receipt_alone() {
    let scene = Scene::electing("sealed");
    let hands = scene.hands();
    let ballot = hands.ballot(&known("bob"), ELECTION).expect("a ballot");
    let receipt = ballot
        .fields
        .iter()
        .find(|field| field.name == "receipt")
        .expect("a receipt");
    let cast = |receipt: &str, ann: &str| {
        hands.vote(
            &known("bob"),
            ELECTION,
            &answers(&[("rank-ann", ann), ("receipt", receipt)]),
        )
    };
    let voted = cast(&receipt.value, "1").expect("a vote");
    assert_eq!(voted.receipt, receipt.value);
    cast(&receipt.value, "2").expect("another vote");
    let other = hands.ballot(&known("bob"), ELECTION).expect("a ballot");
    let other = other
        .fields
        .iter()
        .find(|field| field.name == "receipt")
        .expect("a receipt");
    assert!(matches!(cast(&other.value, "1"), Err(Refusal::Conflict(_))));
    assert!(matches!(cast("nonsense", "1"), Err(Refusal::Wrong(_))));
}

#[test]
fn a_blind_voter_takes_a_token_by_name_and_votes_without_one() {
    let scene = Scene::electing("blind");
    let hands = scene.hands();
    let form = hands
        .ballot(&portal::Reader::anybody(), ELECTION)
        .expect("a ballot");
    assert!(form.blind);
    let poll = Scene::poll(&form.page);
    scene.write("poll.json", &poll);
    let ask = |name: &str| {
        scene.said(&format!(
            "elect ask poll.json --out {name}.token --key {}",
            scene.key(name)
        ))
    };
    let request = ask("dora");
    let of_another = hands.token(&known("ada"), ELECTION, &request);
    assert!(
        matches!(of_another, Err(Refusal::Forbidden(_))),
        "{of_another:?}"
    );
    let answer = hands
        .token(&known("dora"), ELECTION, &request)
        .expect("an answer");
    assert_eq!(
        hands
            .token(&known("dora"), ELECTION, &request)
            .expect("the same"),
        answer
    );
    assert!(hands.token(&known("cy"), ELECTION, &ask("cy")).is_err());
    scene.write("answer.json", &answer);
    scene.runs("elect accept dora.token answer.json");
    let post = scene.said("elect vote steering/2026 ben,ann --token dora.token --poll poll.json");
    let posted = answers(&[("post", &post)]);
    let voted = hands
        .vote(&portal::Reader::anybody(), ELECTION, &posted)
        .expect("a vote");
    assert_eq!(voted.at, None);
    let again = hands
        .vote(&portal::Reader::anybody(), ELECTION, &posted)
        .expect("the same");
    assert_eq!(again, voted);
    let mut booth = scene.booth();
    let receipts = booth.ballot_box().receipts().expect("receipts");
    assert_eq!(
        receipts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [voted.receipt]
    );
    let garbled = hands.vote(
        &portal::Reader::anybody(),
        ELECTION,
        &answers(&[("post", "{}")]),
    );
    assert!(matches!(garbled, Err(Refusal::Wrong(_))), "{garbled:?}");
}
