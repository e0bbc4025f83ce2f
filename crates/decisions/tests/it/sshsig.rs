//! What OpenSSH accepts is accepted, and nothing that was touched.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use decisions::NAMESPACE;
use decisions::sshsig::{BadKey, SignatureError, SshSignature, VerifyingKey, verify};
use tempfile::TempDir;

use crate::signers::{Signer, armor, string, unarmored};

const MESSAGE: &[u8] = b"{\"act\":\"approve\"}";

/// Whether OpenSSH is here; its absence is said, and fails where peers are required.
fn there() -> bool {
    let there = Command::new("ssh-keygen").arg("-?").output().is_ok();
    if !there {
        eprintln!("skipped: ssh-keygen is not installed");
        assert!(std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none());
    }
    there
}

fn run(command: &mut Command, input: &[u8]) -> (bool, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may refuse before it has read its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), text)
}

fn file(path: &Path, text: &str) {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

struct RealKey {
    folder: TempDir,
}

impl RealKey {
    fn new(kind: &str, bits: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-N", "", "-C", "test", "-t", kind, "-b", bits, "-f"]);
        assert!(run(command.arg(&key), b"").0, "{kind} {bits}");
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn line(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("key.pub")).unwrap()
    }

    fn sign(&self, namespace: &str, options: &[&str]) -> String {
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-Y", "sign", "-n", namespace]);
        for option in options {
            command.args(["-O", option]);
        }
        let (well, text) = run(command.arg("-f").arg(self.path()), MESSAGE);
        assert!(well);
        text
    }
}

/// What OpenSSH says of a signature.
fn openssh_accepts(line: &str, armored: &str, message: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let (signers, signature) = (folder.path().join("signers"), folder.path().join("sig"));
    file(&signers, &format!("ada {line}\n"));
    file(&signature, armored);
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-Y", "verify", "-I", "ada", "-n", NAMESPACE, "-f"]);
    run(command.arg(signers).arg("-s").arg(signature), message).0
}

fn we_accept(line: &str, armored: &str, message: &[u8]) -> bool {
    verify(armored, message, NAMESPACE, line).is_ok()
}

/// Changes each byte in turn: of the signature, of its armor and of the message.
fn refuses_every_touch(line: &str, armored: &str) {
    let bytes = unarmored(armored);
    for at in 0..bytes.len() {
        for mask in [1, 0x80] {
            let mut touched = bytes.clone();
            touched[at] ^= mask;
            let touched = armor(&touched);
            assert!(!we_accept(line, &touched, MESSAGE), "byte {at}");
            if mask == 1 && at % 29 == 0 {
                assert!(!openssh_accepts(line, &touched, MESSAGE), "byte {at}");
            }
        }
        assert!(
            !we_accept(line, &armor(&bytes[..at]), MESSAGE),
            "cut at {at}"
        );
    }
    assert!(!we_accept(
        line,
        &armor(&[&bytes[..], b"\0"].concat()),
        MESSAGE
    ));
    let body = armored.trim_end().len();
    for at in 0..body {
        let mut touched = armored.as_bytes().to_vec();
        touched[at] = if touched[at] == b'A' { b'B' } else { b'A' };
        let touched = String::from_utf8(touched).unwrap();
        assert!(!we_accept(line, &touched, MESSAGE), "character {at}");
    }
    for at in 0..MESSAGE.len() {
        let mut touched = MESSAGE.to_vec();
        touched[at] ^= 1;
        assert!(!we_accept(line, armored, &touched));
    }
}

#[test]
fn every_kind_of_key_that_openssh_makes_is_accepted_and_no_touched_byte_is() {
    if !there() {
        return;
    }
    for (kind, bits) in [
        ("ed25519", "256"),
        ("ecdsa", "256"),
        ("ecdsa", "384"),
        ("rsa", "2048"),
        ("rsa", "3072"),
    ] {
        let key = RealKey::new(kind, bits);
        for options in [&[][..], &["hashalg=sha256"]] {
            let armored = key.sign(NAMESPACE, options);
            assert!(openssh_accepts(&key.line(), &armored, MESSAGE), "{kind}");
            assert_eq!(
                verify(&armored, MESSAGE, NAMESPACE, &key.line()),
                Ok(()),
                "{kind} {bits}"
            );
            if options.is_empty() {
                refuses_every_touch(&key.line(), &armored);
            }
        }
    }
}

#[test]
fn ecdsa_signatures_of_every_length_are_accepted() {
    if !there() {
        return;
    }
    let key = RealKey::new("ecdsa", "256");
    for _ in 0..40 {
        let armored = key.sign(NAMESPACE, &[]);
        assert_eq!(verify(&armored, MESSAGE, NAMESPACE, &key.line()), Ok(()));
    }
}

#[test]
fn a_security_key_counts_if_somebody_touched_it() {
    for mut key in [Signer::sk_ed25519(3), Signer::sk_ecdsa()] {
        let armored = key.sign(MESSAGE, NAMESPACE);
        assert_eq!(verify(&armored, MESSAGE, NAMESPACE, &key.line()), Ok(()));
        if there() {
            assert!(openssh_accepts(&key.line(), &armored, MESSAGE));
            refuses_every_touch(&key.line(), &armored);
        }
        key.flags = Some(4);
        let armored = key.sign(MESSAGE, NAMESPACE);
        let refused = verify(&armored, MESSAGE, NAMESPACE, &key.line());
        assert_eq!(refused, Err(SignatureError::NotTouched));
    }
}

#[test]
fn each_refusal_says_what_is_wrong() {
    let (ada, ben) = (Signer::ed25519(1), Signer::ed25519(2));
    let armored = ada.sign(MESSAGE, NAMESPACE);
    let for_file = ada.sign(MESSAGE, "file");
    let cases = [
        (
            verify("", MESSAGE, NAMESPACE, &ada.line()),
            "not an SSH signature",
        ),
        (
            verify(
                "-----BEGIN PGP SIGNATURE-----",
                MESSAGE,
                NAMESPACE,
                &ada.line(),
            ),
            "not an SSH signature",
        ),
        (
            verify(&for_file, MESSAGE, NAMESPACE, &ada.line()),
            "made for \"file\"",
        ),
        (
            verify(&armored, MESSAGE, NAMESPACE, &ben.line()),
            "another key",
        ),
        (
            verify(&armored, b"other", NAMESPACE, &ada.line()),
            "does not match the text",
        ),
        (
            verify(&armored, MESSAGE, NAMESPACE, "ssh-ed25519"),
            "not a public key",
        ),
    ];
    for (refused, wanted) in cases {
        let said = refused.unwrap_err().to_string();
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn an_rsa_signature_over_sha1_is_refused_as_such() {
    if !there() {
        return;
    }
    let key = RealKey::new("rsa", "2048");
    let bytes = unarmored(&key.sign(NAMESPACE, &[]));
    let name = string(b"rsa-sha2-512");
    let at = bytes
        .windows(name.len())
        .position(|part| part == name)
        .unwrap();
    let old = string(b"ssh-rsa");
    let mut touched = [&bytes[..at], &old, &bytes[at + name.len()..]].concat();
    let lost = u8::try_from(name.len() - old.len()).unwrap();
    // The length of the signature around it.
    let length = u32::from_be_bytes(touched[at - 4..at].try_into().unwrap()) - u32::from(lost);
    touched[at - 4..at].copy_from_slice(&length.to_be_bytes());
    let refused = verify(&armor(&touched), MESSAGE, NAMESPACE, &key.line());
    assert_eq!(refused, Err(SignatureError::Sha1));
}

#[test]
fn weak_and_unknown_keys_are_refused() {
    if !there() {
        return;
    }
    let weak = RealKey::new("rsa", "1024");
    assert_eq!(
        VerifyingKey::of_line(&weak.line()).unwrap_err(),
        BadKey::RsaSize(1024)
    );
    assert_eq!(
        SshSignature::parse(&weak.sign(NAMESPACE, &[])).unwrap_err(),
        SignatureError::Key(BadKey::RsaSize(1024))
    );
    let wide = RealKey::new("ecdsa", "521");
    let unsupported = BadKey::Unsupported("ecdsa-sha2-nistp521".to_owned());
    assert_eq!(
        VerifyingKey::of_line(&wide.line()).unwrap_err(),
        unsupported
    );
}
