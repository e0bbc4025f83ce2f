#![no_main]
//! Any text as an event of a decision, as a signature and as a public key.

use commonhold_fuzz::base64;
use decisions::sshsig::{SshSignature, VerifyingKey};
use decisions::{NAMESPACE, parse_event};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let armored = format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        base64(octets)
    );
    signature(&armored, octets);
    let _ = VerifyingKey::of_line(&format!("ssh-ed25519 {} comment", base64(octets)));
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    signature(text, octets);
    let _ = VerifyingKey::of_line(text);
    if let Ok(event) = parse_event(text) {
        assert_eq!(event.text().trim_end(), text.trim_end());
        assert!(event.path().starts_with(decisions::FOLDER));
        assert!(event.content().text().is_some() || !event.content().changes().is_empty());
    }
});

/// Nobody can sign at random.
fn signature(armored: &str, message: &[u8]) {
    if let Ok(signature) = SshSignature::parse(armored) {
        let verified = signature.verify(message, NAMESPACE, signature.key());
        assert!(verified.is_err());
    }
}
