//! The attributes of a list at Mailman, and when two values of one are the same.

use serde_json::Value;

/// How Mailman reads a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Flag,
    Number,
    /// A span of time.
    Span,
    /// A list; one entry a line.
    Lines,
    Text,
}

/// All that can be written of a list, but what has a place of its own (`display_name`,
/// `description`) and what cannot be compared (`moderator_password`).
const OWN: [(&str, Form); 73] = [
    ("accept_these_nonmembers", Form::Lines),
    ("acceptable_aliases", Form::Lines),
    ("admin_immed_notify", Form::Flag),
    ("admin_notify_mchanges", Form::Flag),
    ("administrivia", Form::Flag),
    ("advertised", Form::Flag),
    ("allow_list_posts", Form::Flag),
    ("anonymous_list", Form::Flag),
    ("archive_policy", Form::Text),
    ("archive_rendering_mode", Form::Text),
    ("autorespond_owner", Form::Text),
    ("autorespond_postings", Form::Text),
    ("autorespond_requests", Form::Text),
    ("autoresponse_grace_period", Form::Span),
    ("autoresponse_owner_text", Form::Text),
    ("autoresponse_postings_text", Form::Text),
    ("autoresponse_request_text", Form::Text),
    ("bounce_info_stale_after", Form::Span),
    ("bounce_notify_owner_on_bounce_increment", Form::Flag),
    ("bounce_notify_owner_on_disable", Form::Flag),
    ("bounce_notify_owner_on_removal", Form::Flag),
    ("bounce_score_threshold", Form::Number),
    ("bounce_you_are_disabled_warnings", Form::Number),
    ("bounce_you_are_disabled_warnings_interval", Form::Span),
    ("collapse_alternatives", Form::Flag),
    ("convert_html_to_plaintext", Form::Flag),
    ("default_member_action", Form::Text),
    ("default_nonmember_action", Form::Text),
    ("digest_send_periodic", Form::Flag),
    ("digest_size_threshold", Form::Number),
    ("digest_volume_frequency", Form::Text),
    ("digests_enabled", Form::Flag),
    ("discard_these_nonmembers", Form::Lines),
    ("dmarc_addresses", Form::Lines),
    ("dmarc_mitigate_action", Form::Text),
    ("dmarc_mitigate_unconditionally", Form::Flag),
    ("dmarc_moderation_notice", Form::Text),
    ("dmarc_wrapped_message_text", Form::Text),
    ("emergency", Form::Flag),
    ("filter_action", Form::Text),
    ("filter_content", Form::Flag),
    ("filter_extensions", Form::Lines),
    ("filter_types", Form::Lines),
    ("first_strip_reply_to", Form::Flag),
    ("forward_unrecognized_bounces_to", Form::Text),
    ("gateway_to_mail", Form::Flag),
    ("gateway_to_news", Form::Flag),
    ("hold_these_nonmembers", Form::Lines),
    ("include_rfc2369_headers", Form::Flag),
    ("info", Form::Text),
    ("linked_newsgroup", Form::Text),
    ("max_days_to_hold", Form::Number),
    ("max_message_size", Form::Number),
    ("max_num_recipients", Form::Number),
    ("member_roster_visibility", Form::Text),
    ("newsgroup_moderation", Form::Text),
    ("nntp_prefix_subject_too", Form::Flag),
    ("pass_extensions", Form::Lines),
    ("pass_types", Form::Lines),
    ("personalize", Form::Text),
    ("posting_pipeline", Form::Text),
    ("preferred_language", Form::Text),
    ("process_bounces", Form::Flag),
    ("reject_these_nonmembers", Form::Lines),
    ("reply_goes_to_list", Form::Text),
    ("reply_to_address", Form::Text),
    ("require_explicit_destination", Form::Flag),
    ("respond_to_post_requests", Form::Flag),
    ("send_goodbye_message", Form::Flag),
    ("send_welcome_message", Form::Flag),
    ("subject_prefix", Form::Text),
    ("subscription_policy", Form::Text),
    ("unsubscription_policy", Form::Text),
];

/// How Mailman reads the value of one of its own attributes.
pub(super) fn form(name: &str) -> Option<Form> {
    let found = OWN.iter().find(|(own, _)| *own == name);
    found.map(|(_, form)| *form)
}

/// A value of Mailman's, in the wanted words where that is the same.
pub(super) fn shown(form: Form, real: &Value, wanted: &str) -> String {
    let text = plain(real);
    if same(form, &text, wanted) {
        wanted.to_owned()
    } else {
        text
    }
}

/// A value of Mailman's as a text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(entries) => {
            let entries: Vec<_> = entries.iter().map(plain).collect();
            entries.join("\n")
        }
        // Mailman has `30.0` where it was told 30.
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
        other => other.to_string(),
    }
}

/// Whether Mailman reads two texts as one value.
pub(super) fn same(form: Form, one: &str, other: &str) -> bool {
    fn equal<T: PartialEq>(read: impl Fn(&str) -> Option<T>, one: &str, other: &str) -> bool {
        one == other || read(one).is_some_and(|value| read(other) == Some(value))
    }
    match form {
        Form::Flag => equal(flag, one, other),
        Form::Number => equal(|text| text.trim().parse::<f64>().ok(), one, other),
        Form::Span => equal(milliseconds, one, other),
        Form::Lines => {
            let sorted = |text| {
                let mut lines = lines(text);
                lines.sort_unstable();
                lines
            };
            sorted(one) == sorted(other)
        }
        Form::Text => one == other,
    }
}

/// As `as_boolean` of lazr.config, which Mailman reads with.
fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "on" | "enabled" | "enable" => Some(true),
        "false" | "no" | "0" | "off" | "disabled" | "disable" => Some(false),
        _ => None,
    }
}

/// As `as_timedelta` of lazr.config: `1w2d3h4m5.5s`. A thousandth of a second is the least that
/// counts.
fn milliseconds(text: &str) -> Option<u64> {
    let mut total: f64 = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit = match rest[end..].chars().next()? {
            's' => 1.0,
            'm' => 60.0,
            'h' => 3_600.0,
            'd' => 86_400.0,
            'w' => 604_800.0,
            _ => return None,
        };
        total += number * unit;
        rest = &rest[end + 1..];
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sum of numbers without a sign; what is too large is the largest"
    )]
    (!text.is_empty()).then_some((total * 1_000.0).round() as u64)
}

/// The entries of a list.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read_as_mailman_reads_them() {
        for (one, other) in [
            ("1w", "7d"),
            ("0d3600.0s", "1h"),
            ("1d2h30m", "95400s"),
            ("0d", "0s"),
        ] {
            assert!(same(Form::Span, one, other), "{one} {other}");
        }
        for (one, other) in [
            ("1h", "1m"),
            ("", "0s"),
            ("x", "0s"),
            ("1", "1s"),
            ("1h", "1hé"),
        ] {
            assert!(!same(Form::Span, one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_attributes_are_in_order_and_each_is_there_once() {
        assert!(OWN.is_sorted_by(|one, other| one.0 < other.0));
    }
}
