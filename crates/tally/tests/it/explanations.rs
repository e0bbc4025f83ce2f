//! Results in words.

use tally::explain::{compare, explain};
use tally::method::Method;

use crate::ballots::{method, real, votes};
use crate::methods::schulze;

const CIRCLE: &str = "
    4 Ada>Bob>Cy
    3 Bob>Cy>Ada
    2 Cy>Ada>Bob";

#[test]
fn a_path_is_shown_with_its_weakest_step() {
    let outcome = method(&schulze("skip", "winning-votes", "layers"))
        .tally(&votes(CIRCLE))
        .unwrap();
    assert_eq!(
        compare(&outcome, 2, 0),
        [
            "Ada is above Cy because the strongest path from Ada to Cy is Ada → Bob → Cy, whose \
             weakest step, Ada over Bob, was won 6 to 3, and the strongest one back is the victory \
             itself, 5 to 4.",
            "Of those who rank both, 4 voters prefer Ada to Cy, and 5 Cy to Ada.",
        ]
    );
}

#[test]
fn who_wins_a_circle_is_not_called_condorcet_winner() {
    let outcome = Method::preset("elekto")
        .unwrap()
        .tally(&votes(CIRCLE))
        .unwrap();
    let told = explain(&outcome);
    assert_eq!(told.places, ["1. Ada", "2. Bob", "3. Cy"]);
    assert!(
        told.paragraphs
            .iter()
            .any(|line| line.ends_with("there is no Condorcet winner."))
    );
    let outcome = Method::preset("elekto")
        .unwrap()
        .tally(&votes("1 Ada>Bob"))
        .unwrap();
    let told = explain(&outcome).paragraphs.join(" ");
    assert!(
        told.contains("Ada beats each of the others in a direct comparison: the Condorcet winner.")
    );
}

#[test]
fn the_table_is_in_the_order_of_the_result() {
    let outcome = Method::preset("elekto")
        .unwrap()
        .tally(&votes("2 Bob>Ada\n1"))
        .unwrap();
    let told = explain(&outcome);
    assert_eq!(told.table.names, ["Bob", "Ada"]);
    assert_eq!(told.table.rows, [[None, Some(2)], [Some(0), None]]);
    assert!(told.paragraphs[0].starts_with("3 voters cast a ballot. One of these ranks nobody"));
}

#[test]
fn the_rounds_of_condorcet_irv_are_told() {
    let outcome = Method::preset("civs-irv-2007")
        .unwrap()
        .tally(&votes(CIRCLE))
        .unwrap();
    assert_eq!(
        compare(&outcome, 0, 2)[..2],
        [
            "Ada is above Cy because place 1 went to Ada, and Cy was without a place then.",
            "For place 1: Of Ada, Bob and Cy, nobody beat all others; Cy had the fewest top \
             ranks, 2, and was set aside. Then Ada beat all who were left, and has place 1.",
        ]
    );
}

#[test]
fn locked_victories_and_points_and_defeats_are_named() {
    let of = |json: &str| compare(&method(json).tally(&votes(CIRCLE)).unwrap(), 0, 2);
    let pairs = r#""version": "v1", "pairs": "skip""#;
    let told = of(&format!(
        r#"{{"name": "ranked-pairs", {pairs}, "strength": "margins"}}"#
    ));
    assert_eq!(
        told[0],
        "Ada is above Cy because locked victories lead from Ada to Cy: Ada → Bob → Cy."
    );
    assert_eq!(
        told[1],
        "The victory of Cy over Ada, 5 to 4, was not locked: stronger ones contradict it."
    );
    let told = of(&format!(r#"{{"name": "copeland", {pairs}}}"#));
    assert_eq!(
        told[0],
        "Ada and Cy are tied: Ada has 1 point, Cy has 1 point."
    );
    let told = of(&format!(
        r#"{{"name": "minimax", {pairs}, "strength": "margins"}}"#
    ));
    assert_eq!(
        told[0],
        "Ada is above Cy: among those without a place yet, the worst defeat of Ada was by Cy, \
         5 to 4, and the worst defeat of Cy was by Bob, 7 to 2."
    );
}

#[test]
fn a_real_result_is_explained_from_first_to_last() {
    let Some(profile) = real("steering-2018") else {
        return;
    };
    let outcome = Method::preset("elekto").unwrap().tally(&profile).unwrap();
    let told = explain(&outcome);
    assert_eq!(told.reasons.len(), 7);
    let pair = ["Kris Nova", "Tim Pepper"].map(|name| outcome.candidate(name).unwrap());
    let words = compare(&outcome, pair[0], pair[1]);
    assert!(words[0].contains(" → "), "{words:?}");
}
