//! What the pages about decisions say is so.

use super::assembly::Assembly;
use crate::support::text;

#[test]
fn the_charter_shown_in_the_guide_is_sound() {
    let guide = text("docs/guide/decisions.md");
    let block = guide.split("```yaml\n").nth(1).expect("a charter");
    let charter = block.split("```").next().expect("its end");
    let it = Assembly::with(charter);
    let found = it.runs("check --output json").json();
    for finding in found["findings"].as_array().expect("findings") {
        let path = finding["place"]["path"].as_str();
        assert_ne!(path, Some("charter.yaml"), "{finding:#}");
    }
    it.proposes("ada", "policy", "As in the guide");
    it.ticks();
    it.runs("decide status 1").ends(5, "noticed");
}

#[test]
fn the_reference_has_all_codes_states_and_commands() {
    let page = text("docs/reference/decisions.md");
    let source = text("crates/decisions/src/refusal.rs");
    let codes = source.split('"').filter(|word| word.starts_with("E_"));
    for code in codes {
        assert!(page.contains(&format!("`{code}`")), "{code}");
    }
    let root = commonhold::command();
    let decide = root.find_subcommand("decide").expect("decide");
    for command in decide.get_subcommands() {
        let name = command.get_name();
        assert!(page.contains(&format!("`{name}")), "{name}");
        let after = command.get_after_help().map(ToString::to_string);
        let examples = after.unwrap_or_default();
        assert!(examples.contains("commonhold "), "{name} has no example");
    }
    let list = decide.find_subcommand("list").expect("list");
    let state = list.get_arguments().find(|one| one.get_id() == "state");
    for state in state.expect("--state").get_possible_values() {
        let name = state.get_name().replace('-', "_");
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}
