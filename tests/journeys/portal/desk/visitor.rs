//! Somebody with a browser that keeps cookies and has no JavaScript.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use testkit::servers::run;

/// A visitor, and what their browser keeps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visitor {
    cookies: BTreeMap<String, String>,
}

/// A page that was answered.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    /// Where it is, after all that led on.
    pub(crate) path: String,
    pub(crate) html: String,
}

impl Got {
    #[track_caller]
    pub(crate) fn is(self, status: u16, says: &str) -> Self {
        assert!(
            self.status == status && self.html.contains(says),
            "expected {status} and `{says}`, found {} at {}:\n{}",
            self.status,
            self.path,
            self.html
        );
        self
    }

    /// The fields that a form of this page sends as they are.
    #[track_caller]
    pub(crate) fn form(&self, action: &str) -> BTreeMap<String, String> {
        let start = format!("action=\"{action}\"");
        let form = self.html.split(&start).nth(1);
        let form =
            form.unwrap_or_else(|| panic!("no form for {action} at {}:\n{}", self.path, self.html));
        let form = form.split("</form>").next().unwrap_or_default();
        let inputs = form.split("<input ").skip(1);
        let hidden = inputs.filter(|input| input.starts_with("type=\"hidden\""));
        hidden
            .map(|input| (attribute(input, "name"), attribute(input, "value")))
            .collect()
    }

    /// What stands in the first element of this name.
    pub(crate) fn within(&self, open: &str, close: &str) -> String {
        let after = self.html.split(open).nth(1).unwrap_or_default();
        plain(after.split(close).next().unwrap_or_default())
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let after = tag.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
    plain(after.split('"').next().unwrap_or_default())
}

fn plain(html: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    pairs
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn encoded(fields: &BTreeMap<String, String>) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |text: &str| -> String {
        let bytes = text.bytes();
        bytes
            .map(|byte| {
                if plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    let pairs = fields
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

impl Visitor {
    pub(crate) fn get(&mut self, url: &str, path: &str) -> Got {
        self.asks(url, path, None)
    }

    /// Sends the form of a page, with what was typed into it.
    #[track_caller]
    pub(crate) fn send(
        &mut self,
        url: &str,
        page: &Got,
        action: &str,
        typed: &[(&str, &str)],
    ) -> Got {
        let mut fields = page.form(action);
        for (key, value) in typed {
            // As browsers send what was typed in several lines.
            fields.insert((*key).to_owned(), value.replace('\n', "\r\n"));
        }
        self.asks(url, action, Some(&fields))
    }

    /// Keeps a cookie as it was set.
    pub(crate) fn keeps(&mut self, set: &str) {
        let pair = set.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').expect("a cookie");
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn asks(&mut self, url: &str, path: &str, form: Option<&BTreeMap<String, String>>) -> Got {
        let mut path = path.to_owned();
        let mut got = self.once(url, &path, form);
        for _ in 0..5 {
            let Some(next) = got.0.take() else { break };
            path = String::from(next.strip_prefix(url).unwrap_or(&next));
            got = self.once(url, &path, None);
        }
        Got { path, ..got.1 }
    }

    /// The bytes of a request.
    pub(crate) fn request(
        &self,
        url: &str,
        path: &str,
        form: Option<&BTreeMap<String, String>>,
    ) -> String {
        let host = url.trim_start_matches("http://");
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = if cookies.is_empty() {
            String::new()
        } else {
            format!("Cookie: {}\r\n", cookies.join("; "))
        };
        let head = format!("Host: {host}\r\nConnection: close\r\n{cookies}");
        match form {
            None => format!("GET {path} HTTP/1.1\r\n{head}\r\n"),
            Some(form) => {
                let body = encoded(form);
                format!(
                    "POST {path} HTTP/1.1\r\n{head}Origin: {url}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                )
            }
        }
    }

    fn once(
        &mut self,
        url: &str,
        path: &str,
        form: Option<&BTreeMap<String, String>>,
    ) -> (Option<String>, Got) {
        let mut stream =
            TcpStream::connect(url.trim_start_matches("http://")).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .expect("a limit");
        stream
            .write_all(self.request(url, path, form).as_bytes())
            .expect("a request");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("an answer");
        let all = String::from_utf8_lossy(&all).into_owned();
        let (head, html) = all.split_once("\r\n\r\n").expect("a head");
        let mut location = None;
        for line in head.lines() {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            match name.to_lowercase().as_str() {
                "location" => location = Some(value.to_owned()),
                "set-cookie" => self.keeps(value),
                _ => {}
            }
        }
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        let got = Got {
            status,
            path: path.to_owned(),
            html: html.to_owned(),
        };
        (location, got)
    }

    /// Signs in with a key.
    #[track_caller]
    pub(crate) fn signs_in(url: &str, key: &Path) -> Self {
        let mut visitor = Self::default();
        let signed = visitor.signed_line(url, key);
        let got = visitor.asks(url, "/sign-in/ssh", Some(&signed));
        assert_eq!(got.status, 200, "{}", got.html);
        visitor
    }

    /// The form by which somebody signs in with a key, before it is sent.
    #[track_caller]
    pub(crate) fn signed_line(&mut self, url: &str, key: &Path) -> BTreeMap<String, String> {
        let page = self.get(url, "/sign-in/ssh");
        let mut form = page.form("/sign-in/ssh");
        let command = format!(
            "printf '%s' '{}' | ssh-keygen -Y sign -n commonhold-sign-in -f {}",
            form["line"],
            key.display()
        );
        let signature = run(Command::new("sh").args(["-c", &command]));
        form.insert("signature".to_owned(), signature.replace('\n', "\r\n"));
        form
    }

    /// Does something that has to be signed: runs the command that the page shows, and brings what it prints.
    #[track_caller]
    pub(crate) fn signs(&mut self, url: &str, asks: &str, key: &Path) -> Got {
        let signed = self.signed(url, asks, key);
        self.asks(url, "/act/take", Some(&signed))
    }

    /// The form that brings what was signed, before it is sent.
    #[track_caller]
    pub(crate) fn signed(&mut self, url: &str, asks: &str, key: &Path) -> BTreeMap<String, String> {
        let page = self
            .get(url, &format!("/act?{asks}"))
            .is(200, "Sign it with your key");
        let mut form = page.form("/act/take");
        let statement = &form["statement"];
        let shown = plain(&page.html);
        let start = shown.find("printf").expect("a command");
        let rest = &shown[start..];
        let end = rest.find("id_ed25519 -").expect("its end") + "id_ed25519 -".len();
        let shown = rest[..end].replace("~/.ssh/id_ed25519", &key.display().to_string());
        assert!(
            shown.contains(statement),
            "{shown} does not sign {statement}"
        );
        let signature = run(Command::new("sh").args(["-c", &shown]));
        form.insert("signature".to_owned(), signature.replace('\n', "\r\n"));
        form
    }
}
