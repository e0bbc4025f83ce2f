//! Questions of charges: the plainest way, the files and the cube agree.

use proptest::prelude::*;
use spend::cube::load;
use spend::query::{Line, Question, answer, from_cube, from_files};
use spend::scan::Input;

use crate::scan_rows::{RULES, charges, ownership, plainly, questions, stored};

fn sorted(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|one, other| (one.currency, &one.names).cmp(&(other.currency, &other.names)));
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn files_cube_and_one_charge_after_the_other_give_the_same(charges in charges(), asked in proptest::collection::vec(questions(), 6)) {
        let folder = tempfile::tempdir().unwrap();
        let ownership = ownership(RULES);
        let (store, snapshot) = stored(folder.path(), &charges, 11);
        let parts = snapshot.partitions.iter().flat_map(|bill| &bill.parts);
        let inputs: Vec<Input> = parts.map(|part| Input::stored(store.files(), &part.path)).collect();
        let cube = load(&store, &snapshot, &ownership).unwrap().cube;
        for question in asked {
            let table = from_files(&question, &inputs, &ownership).unwrap();
            let expected = plainly(&question, &charges, &ownership);
            prop_assert_eq!(sorted(table.lines.clone()), sorted(expected), "{:?}", question);
            if let Some(kept) = from_cube(&question, &cube) {
                prop_assert_eq!(&kept, &table, "{:?}", question);
            }
            for top in [1, 2] {
                let question = Question { top: Some(top), ..question.clone() };
                let short = answer(&question, &cube, || inputs.clone(), &ownership).unwrap();
                prop_assert_eq!(&short.totals, &table.totals);
                prop_assert_eq!(&short, &from_files(&question, &inputs, &ownership).unwrap());
            }
        }
    }
}

#[test]
fn the_cube_answers_what_it_can_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (store, snapshot) = stored(folder.path(), &[crate::scan_rows::Charge::plain()], 9);
    let cube = load(&store, &snapshot, &ownership(RULES)).unwrap().cube;
    let february = (Some(jiff::civil::date(2026, 2, 1)), None);
    let middle = (Some(jiff::civil::date(2026, 2, 2)), None);
    for (by, filters, days, can) in [
        ("owner,day,credit", vec![], middle, true),
        ("vendor-service,month", vec!["owner=docs"], february, true),
        ("vendor-service,month", vec![], middle, false),
        ("vendor-service,day", vec![], february, false),
        ("tag:env", vec![], february, false),
        ("owner", vec!["resource~a*"], february, false),
        ("pricing", vec![], february, false),
    ] {
        let filters: Vec<String> = filters.into_iter().map(str::to_owned).collect();
        let question = Question::parse(by, &filters, "gross", days, None).unwrap();
        assert_eq!(from_cube(&question, &cube).is_some(), can, "{by}");
    }
}
