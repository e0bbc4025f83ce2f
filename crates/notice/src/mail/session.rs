//! One conversation with a mail server (RFC 5321).

use std::error::Error as _;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, SmtpConnection, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};

use super::{Mail, Safety};
use crate::hidden::line;
use crate::message::Message;
use crate::outcome::Failure;

/// Gives the mail to the server for all recipients, or for none; its last reply.
pub(super) fn send(server: &Mail, message: &Message, mail: &str) -> Result<String, Failure> {
    let mut connection = connect(server)?;
    let sent = converse(&mut connection, server, message, mail);
    // Either it has the mail or it never will: how the conversation ends changes nothing.
    if sent.is_ok() {
        let _ = connection.quit();
    } else {
        connection.abort();
    }
    sent
}

fn converse(
    connection: &mut SmtpConnection,
    server: &Mail,
    message: &Message,
    mail: &str,
) -> Result<String, Failure> {
    log_in(connection, server)?;
    let about_mail = |error: &Error| server.failure(error, false);
    connection
        .command(MailFrom::new(Some(parsed(&server.bounces)?), Vec::new()))
        .map_err(|error| about_mail(&error))?;
    recipients(connection, server, message)?;
    // The end of the last line is sent with the dot that ends the mail.
    let mail = mail.strip_suffix("\r\n").unwrap_or(mail);
    connection
        .command(Data)
        .and_then(|_| connection.message(mail.as_bytes()))
        .map(|reply| said(&reply))
        .map_err(|error| about_mail(&error))
}

fn connect(server: &Mail) -> Result<SmtpConnection, Failure> {
    let hello = ClientId::Domain(server.domain().to_owned());
    let place = (server.host.as_str(), server.port);
    let open = |tls: Option<&TlsParameters>| {
        SmtpConnection::connect(place, Some(server.timeout), &hello, tls, None)
            .map_err(|error| server.failure(&error, true))
    };
    match &server.safety {
        Safety::Plain => open(None),
        Safety::Tls { roots } => open(Some(&trust(server, roots.as_deref())?)),
        Safety::Upgraded { roots } => {
            let trust = trust(server, roots.as_deref())?;
            let mut connection = open(None)?;
            if !connection.can_starttls() {
                connection.abort();
                return Err(Failure::Misconfigured(
                    "it offers no STARTTLS, and nothing is sent in the clear; use `smtps://`, or another port"
                        .to_owned(),
                ));
            }
            let upgraded = connection.starttls(&trust, &hello);
            upgraded.map_err(|error| server.failure(&error, true))?;
            Ok(connection)
        }
    }
}

/// Whom to trust to be the server.
fn trust(server: &Mail, roots: Option<&Path>) -> Result<TlsParameters, Failure> {
    let mut tls = TlsParameters::builder(server.host.clone());
    if let Some(file) = roots {
        let wrong = |what: String| Failure::Misconfigured(format!("{} {what}", file.display()));
        let pem = fs::read(file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(wrong("holds no certificate in PEM".to_owned()));
        }
        let found = Certificate::from_pem(&pem)
            .map_err(|_| wrong("holds no sound certificate in PEM".to_owned()))?;
        tls = tls
            .certificate_store(CertificateStore::None)
            .add_root_certificate(found);
    }
    tls.build()
        .map_err(|error| Failure::Misconfigured(line(&error.to_string())))
}

fn log_in(connection: &mut SmtpConnection, server: &Mail) -> Result<(), Failure> {
    let Some(login) = &server.login else {
        return Ok(());
    };
    let credentials = Credentials::new(login.user.clone(), login.password.0.clone());
    match connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials) {
        Ok(_) => Ok(()),
        Err(error) if error.is_client() => Err(Failure::Misconfigured(
            "it offers no way to log in with a password; leave user and password out, or use another port"
                .to_owned(),
        )),
        Err(error) => Err(server.failure(&error, true)),
    }
}

/// Names all recipients, and hears of each that is refused.
fn recipients(
    connection: &mut SmtpConnection,
    server: &Mail,
    message: &Message,
) -> Result<(), Failure> {
    let (mut refused, mut later) = (Vec::new(), Vec::new());
    for to in message.to() {
        let Err(error) = connection.command(Rcpt::new(parsed(to)?, Vec::new())) else {
            continue;
        };
        match server.failure(&error, false) {
            // After these there is no more talk.
            failure if error.status().is_none() || failure.is_misconfigured() => {
                return Err(failure);
            }
            Failure::Later(what, _) => later.push(format!("{to}: {what}")),
            Failure::Refused(what) | Failure::Misconfigured(what) => {
                refused.push(format!("{to}: {what}"));
            }
        }
    }
    if !refused.is_empty() {
        refused.append(&mut later);
        return Err(Failure::Refused(refused.join("; ")));
    }
    if !later.is_empty() {
        return Err(Failure::Later(later.join("; "), None));
    }
    Ok(())
}

fn parsed(address: &str) -> Result<Address, Failure> {
    address
        .parse()
        .map_err(|_| Failure::Refused(format!("`{address}` is no mail address")))
}

fn said(reply: &Response) -> String {
    let text = reply.message().collect::<Vec<_>>().join(" ");
    format!("{} {}", reply.code(), line(&text))
        .trim_end()
        .to_owned()
}

impl Mail {
    /// What an error means; `before` there was talk of any mail, a lasting one is about us.
    fn failure(&self, error: &Error, before: bool) -> Failure {
        let source = error.source();
        let text = source.map_or_else(|| error.to_string(), ToString::to_string);
        let text = match self.password() {
            Some(password) => line(&password.out_of(&text)),
            None => line(&text),
        };
        if let Some(code) = error.status() {
            // RFC 4954 §6: log in first, or not so.
            let about_us = matches!(u16::from(code), 530 | 534 | 535 | 538);
            let said = format!("{code} {text}");
            return match code.severity {
                Severity::PermanentNegativeCompletion if before || about_us => {
                    Failure::Misconfigured(said)
                }
                Severity::PermanentNegativeCompletion => Failure::Refused(said),
                _ => Failure::Later(said, None),
            };
        }
        if error.is_tls() || error.is_client() {
            return Failure::Misconfigured(text);
        }
        if error.is_response() {
            return if text == "incomplete response" {
                Failure::Later("it ended the connection".to_owned(), None)
            } else {
                Failure::Misconfigured("what answers there is no mail server".to_owned())
            };
        }
        let failed: Option<&io::Error> = source.and_then(|source| source.downcast_ref());
        match failed.map(io::Error::kind) {
            Some(ErrorKind::TimedOut | ErrorKind::WouldBlock) => Failure::Later(
                format!("no answer within {} s", self.timeout.as_secs()),
                None,
            ),
            Some(ErrorKind::InvalidData) => {
                Failure::Misconfigured(format!("it cannot be trusted: {text}"))
            }
            _ => Failure::Later(text, None),
        }
    }
}
