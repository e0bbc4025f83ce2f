//! What people sign with their own keys: the command that does it, and what they bring back.

use decisions::{Event, NAMESPACE, parse_event};
use portal::{Refusal, Signed};
use serde_json::Value;

/// The longest statement that is taken, in bytes: more does not fit on a command line.
pub(super) const LONGEST: usize = 96 * 1024;

/// A text as one word of a shell, whatever is in it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The command that prints the signature of a statement.
pub(super) fn command(statement: &str) -> String {
    format!(
        "printf '%s' {} | ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519 -",
        quoted(statement)
    )
}

/// The event that a statement and its signature are, whatever a form made of their line ends.
pub(super) fn event(signed: &Signed) -> Result<Event, Refusal> {
    let wrong = |what: String| Err(Refusal::Wrong(what));
    // A statement is one line of JSON: blanks around it came with the pasting.
    let statement = signed.statement.trim();
    if statement.len() > LONGEST {
        return wrong("The statement is longer than any that is shown here.".to_owned());
    }
    let Ok(Value::Object(mut written)) = serde_json::from_str(statement) else {
        return wrong(
            "The statement is not what the page showed: copy it once more, with both braces."
                .to_owned(),
        );
    };
    written.insert("sig".to_owned(), armored(&signed.signature).into());
    let Ok(file) = base::canonical(&written) else {
        return wrong("The statement is no statement: copy it once more.".to_owned());
    };
    let event = match parse_event(&file) {
        Ok(event) => event,
        Err(refusal) => {
            return wrong(base::visible(&format!(
                "This cannot be taken: {refusal}. Run the command that the page shows, and paste all that it prints."
            )));
        }
    };
    if event.signed_text() != statement {
        return wrong(
            "The statement is not written as the page showed it: sign that one, letter by letter."
                .to_owned(),
        );
    }
    Ok(event)
}

/// An armored signature with the line ends of its kind, without what was pasted around it.
fn armored(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let within = lines.skip_while(|line| !line.starts_with("-----BEGIN SSH SIGNATURE"));
    let mut armored = String::new();
    for line in within {
        armored.push_str(line);
        armored.push('\n');
        if line.starts_with("-----END") {
            break;
        }
    }
    armored
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn a_shell_prints_what_was_quoted(text in "(?s)[^\0]{0,60}", odd in "['\"\\\\$`!%\n\r\t -]{0,12}") {
            let text = format!("{text}{odd}");
            let output = Command::new("sh")
                .args(["-c", &format!("printf '%s' {}", quoted(&text))])
                .output()
                .expect("sh");
            prop_assert_eq!(output.stdout, text.as_bytes());
        }

        #[test]
        fn line_ends_of_a_form_are_no_part_of_a_signature(body in prop::collection::vec("[A-Za-z0-9+/]{1,70}", 1..6)) {
            let plain = format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", body.join("\n"));
            let pasted = format!("Signing data on standard input\r\n{}\r\n  \r\n", plain.replace('\n', "\r\n"));
            prop_assert_eq!(armored(&pasted), armored(&plain));
            prop_assert_eq!(armored(&plain), plain);
        }

        #[test]
        fn whatever_is_brought_is_answered(statement: String, signature: String) {
            let taken = event(&Signed { statement, signature });
            prop_assert!(taken.is_err());
        }
    }
}
