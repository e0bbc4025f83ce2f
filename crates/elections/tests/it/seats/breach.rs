//! Members who became too many.

use elections::seats::{AfterGrace, breaches};

use super::{cap, members};

#[test]
fn an_employer_that_comes_to_hold_too_many_seats_has_to_step_back() {
    let mut cap = cap("<= 1/3 of 7").unwrap();
    cap.grace = estate::Period::new("14d");
    let body = members("a:x b:x c:x d:x e f:? g:y");
    let [breach] = breaches(&cap, &body).try_into().unwrap();
    assert_eq!(breach.people, ["a", "b", "c", "d"]);
    assert_eq!((breach.most, breach.step_back), (2, 2));
    assert_eq!(
        breach.why,
        "x holds 4 seats, and the cap is 2 of 7 (<= 1/3): 2 of its people step back within 14d, or all of them leave and a special election is held."
    );
}

#[test]
fn too_few_who_step_back_cost_the_employer_all_its_seats() {
    let cap = cap("2").unwrap();
    let [breach] = breaches(&cap, &members("a:x b:x c:x d:x"))
        .try_into()
        .unwrap();
    let after = |back: &[&str]| {
        let back: Vec<String> = back.iter().map(|&id| id.to_owned()).collect();
        match breach.after_grace(&back) {
            AfterGrace::Mended { vacated, .. } => format!("mended: {}", vacated.join(" ")),
            AfterGrace::AllLeave { vacated, .. } => format!("leave: {}", vacated.join(" ")),
        }
    };
    assert_eq!(after(&["b", "d"]), "mended: b d");
    assert_eq!(after(&["b", "c", "d"]), "mended: b c d");
    assert_eq!(after(&["b"]), "leave: a b c d");
    assert_eq!(after(&["b", "stranger"]), "leave: a b c d");
    assert_eq!(after(&[]), "leave: a b c d");
}

#[test]
fn nobody_breaches_by_being_independent_unknown_or_just_enough() {
    for body in ["a b c d", "a:? b:? c:? d:?", "a:x b:x c:y d:y", ""] {
        assert_eq!(breaches(&cap("2").unwrap(), &members(body)), [], "{body}");
    }
}
