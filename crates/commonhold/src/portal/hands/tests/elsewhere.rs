//! What others do at the same time, and what Git does to it.

use portal::Hands;

use super::super::requests;
use super::scene::{Scene, act, known, stranger};
use super::{answers, www2};

#[test]
fn a_commit_that_is_not_fit_to_be_shown_is_not_gone_to() {
    let scene = Scene::followed();
    let before = scene.git(&["rev-parse", "HEAD"]);
    scene.elsewhere("commonhold.yaml", "commonhold: [\n");
    let asked = scene
        .hands()
        .ask(&stranger("dana"), "dns-record", &www2(), None);
    let asked = asked.expect("a request");
    assert_eq!(scene.git(&["rev-parse", "HEAD"]), before);
    // Mended, it is gone to with the next act.
    scene.elsewhere("commonhold.yaml", "commonhold: 1\nname: Mended\n");
    let approve = act("approve", &scene.plan_of(&asked.id), &[]);
    let approve = scene.hands().prepare(&known("bob"), &approve);
    approve.expect("a statement");
    assert!(scene.text("commonhold.yaml").contains("Mended"));
}

#[test]
fn what_was_signed_elsewhere_holds_a_merge_up_to_its_last_step() {
    let scene = Scene::followed();
    let asked = scene
        .hands()
        .ask(&stranger("dana"), "dns-record", &www2(), None);
    let asked = asked.expect("a request");
    let here = scene.hands().here().expect("the estate");
    let writer = here.writer();
    let found = || {
        requests::find(&writer, &asked.id)
            .expect("Git")
            .expect("it")
    };
    let before = scene.git(&["rev-parse", "HEAD"]);
    let branch = format!("requests/{}", asked.id);
    // Before it is merged here.
    let seen = found();
    scene.elsewhere_on(&branch, "decisions/one/a.json", "{}");
    let merged = scene.hands().merge(&here, &seen);
    assert!(matches!(merged, Ok(None)));
    assert_eq!(scene.git(&["rev-parse", "HEAD"]), before);
    // After it was merged here, and before others have it.
    let tip = found().tip.expect("a branch");
    assert!(
        writer
            .merge(&format!("refs/heads/{branch}"), "Merge it")
            .expect("Git")
    );
    scene.elsewhere_on(&branch, "decisions/one/b.json", "{}");
    let published = writer.publish_merge(&format!("refs/heads/{branch}"), &tip);
    assert!(!published.expect("an answer"));
    assert_eq!(scene.remote_head(), before);
    writer.back_to(&before).expect("a way back");
    // What is merged while others commit something else is brought to them.
    scene.elsewhere("notes.md", "Something else");
    let seen = {
        scene.hands().follow(&here).expect("the repository");
        found()
    };
    scene.elsewhere("more.md", "More");
    let merged = scene.hands().merge(&here, &seen);
    assert!(matches!(merged, Ok(Some(_))));
    assert_eq!(scene.remote_head(), scene.git(&["rev-parse", "HEAD"]));
}

#[test]
fn a_request_of_the_desk_that_git_did_not_take_is_whole_once_it_does() {
    let scene = Scene::with_desk_key();
    let wanted = answers(&[
        ("for", "travel"),
        ("amount", "80 EUR"),
        ("to", "dana"),
        ("why", "A meeting."),
    ]);
    let dana = stranger("dana");
    scene.git_is_held(true);
    let refused = scene.hands().ask(&dana, "money", &wanted, Some("once"));
    assert!(refused.is_err(), "{refused:?}");
    scene.git_is_held(false);
    // What lies there is committed, in words that are not the request's.
    let scene = scene.restarted();
    assert_eq!(scene.git(&["status", "--porcelain"]), "");
    let ask = || scene.hands().ask(&dana, "money", &wanted, Some("once"));
    let asked = ask().expect("a request");
    assert_eq!(ask().expect("the same"), asked);
    assert!(scene.hands().request(&dana, &asked.id).is_some());
    let mine = scene.hands().asked(&dana).expect("a list");
    assert_eq!(mine.len(), 1, "{mine:?}");
}
