//! How contributions in kind are written down, and what of them falls on which day.

use base::{Currency, Decimal, Diagnostic, Month, Spanned};
use jiff::civil::Date;
use yaml::{Map, codes, record};

record! {
    /// A file of contributions in kind: what others gave instead of money.
    pub struct InKind {
        /// What was given.
        pub contributions: Vec<Spanned<Contribution>>,
    }
}

record! {
    /// Something that somebody gave, what it is worth, and how that is known.
    pub struct Contribution {
        /// Who provides it, as reports are to call it.
        pub provider: Spanned<String>,
        /// Under which account or agreement it is provided.
        pub account: Spanned<String>,
        /// A part of the account, for example a project.
        pub sub_account: Option<String>,
        /// What is provided, in the provider's words.
        pub service: Spanned<String>,
        /// What sort of service it is: one of FOCUS's service categories.
        pub category: Option<Spanned<String>>,
        /// What is provided, in a sentence.
        pub description: Option<String>,
        /// The thing that is provided, by its name or number.
        pub resource: Option<String>,
        /// Where it is.
        pub region: Option<String>,
        /// The month in which it was given; or `from` and `until`.
        pub period: Option<Spanned<Month>>,
        /// The first day on which it was given.
        pub from: Option<Spanned<Date>>,
        /// The last day on which it was given.
        pub until: Option<Spanned<Date>>,
        /// What it is worth; or `quantity` and `unit_price`.
        pub amount: Option<Spanned<Decimal>>,
        /// How much was given.
        pub quantity: Option<Spanned<Decimal>>,
        /// What the quantity counts.
        pub unit: Option<String>,
        /// What one of it is worth.
        pub unit_price: Option<Spanned<Decimal>>,
        /// The currency of what it is worth.
        pub currency: Currency,
        /// Who gives it.
        pub giver: Spanned<String>,
        /// How its worth was found: at whose list price, by whose estimate.
        pub valued: Spanned<String>,
        /// How it is known: links, or paths of files in the estate.
        pub evidence: Vec<Spanned<String>>,
        /// What else there is to say.
        pub note: Option<String>,
        /// Tags, as rules about owners look at them.
        pub tags: Map<String>,
    }
}

/// The part of a contribution that falls on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// The day.
    pub(super) day: Date,
    /// What it is worth.
    pub(super) worth: Decimal,
    /// How much of the quantity it is, if there is one.
    pub(super) quantity: Option<Decimal>,
}

/// FOCUS's service categories (§3.1.55 Service Category).
const CATEGORIES: [&str; 19] = [
    "AI and Machine Learning",
    "Analytics",
    "Business Applications",
    "Compute",
    "Databases",
    "Developer Tools",
    "Identity",
    "Integration",
    "Internet of Things",
    "Management and Governance",
    "Media",
    "Migration",
    "Mobile",
    "Multicloud",
    "Networking",
    "Other",
    "Security",
    "Storage",
    "Web",
];

/// A cost of a million millions is a slip, and sums of such would leave the range.
const TOO_MUCH: i64 = 1_000_000_000_000;

/// No contribution is written down for longer than this many days at once: ten years.
const LONGEST: i32 = 3653;

impl Contribution {
    /// What falls on which day, in the order of days.
    ///
    /// Each day has the same share but for the last of 18 digits, and the shares add up to the
    /// whole to that digit: a day has what all days until then have, less what those before it
    /// have.
    ///
    /// # Errors
    /// Says what is wrong with what is written.
    pub(super) fn shares(&self) -> Result<Vec<Share>, Box<Diagnostic>> {
        self.look_over()?;
        let worth = self.worth()?;
        let (first, last) = self.days()?;
        let count = (last - first).get_days() + 1;
        if count > LONGEST {
            return Err(self.about_days(
                "the contribution lasts longer than ten years",
                "write one for each year",
            ));
        }
        let all = Decimal::whole(i64::from(count));
        let quantity = self.quantity.as_ref().map(|quantity| quantity.value);
        let (mut given, mut counted) = (Decimal::ZERO, Decimal::ZERO);
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let mut shares = Vec::new();
        for (day, number) in days.zip(1..=count) {
            let so_far = |whole: Decimal| {
                let share = whole.share(Decimal::whole(i64::from(number)), all);
                share.map_or(whole, |share| share.value)
            };
            let (worth, quantity) = (so_far(worth), quantity.map(so_far));
            shares.push(Share {
                day,
                worth: worth - given,
                quantity: quantity.map(|quantity| quantity - counted),
            });
            given = worth;
            counted = quantity.unwrap_or_default();
        }
        Ok(shares)
    }

    /// What a reader could not see on a value alone.
    fn look_over(&self) -> Result<(), Box<Diagnostic>> {
        for (key, text) in [
            ("provider", &self.provider),
            ("account", &self.account),
            ("service", &self.service),
            ("giver", &self.giver),
            ("valued", &self.valued),
        ] {
            if text.value.trim().is_empty() {
                let message = format!("`{key}` is empty");
                return Err(about(text.span, message, "say it in a few words"));
            }
        }
        if let Some(category) = &self.category
            && !CATEGORIES.contains(&category.value.as_str())
        {
            let message = format!("FOCUS has no service category `{}`", category.value);
            let near = base::nearest(&category.value, CATEGORIES);
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", CATEGORIES.join(", ")),
            };
            return Err(about(category.span, message, help));
        }
        if self.evidence.is_empty() {
            let message = "there is no evidence";
            let help =
                "list under `evidence` where others can see that it was given: a link or a file";
            return Err(about(self.giver.span, message, help));
        }
        for evidence in &self.evidence {
            if !is_evidence(&evidence.value) {
                let message = format!("`{}` is no evidence", evidence.value);
                let help = "give the link of a page that others can open, or the path of a file in the estate";
                return Err(about(evidence.span, message, help));
            }
        }
        Ok(())
    }

    fn worth(&self) -> Result<Decimal, Box<Diagnostic>> {
        let span = self.giver.span;
        let (span, worth) = match (&self.amount, &self.quantity, &self.unit_price) {
            (Some(amount), _, None) => (amount.span, Some(amount.value)),
            (None, Some(quantity), Some(price)) => {
                let product = quantity.value.times(price.value);
                (
                    price.span,
                    product.filter(|worth| worth.exact).map(|worth| worth.value),
                )
            }
            (Some(amount), _, Some(_)) => {
                let message = "`amount` and `unit_price` both say what it is worth";
                return Err(about(amount.span, message, "keep one of them"));
            }
            _ => {
                let message = "it is not said what the contribution is worth";
                let help = "write `amount`, or `quantity` and `unit_price`";
                return Err(about(span, message, help));
            }
        };
        match worth {
            Some(worth) if worth.is_negative() => {
                let message = "a contribution is worth something, not less than nothing";
                Err(about(span, message, "write the amount without a minus"))
            }
            Some(worth) if worth < Decimal::whole(TOO_MUCH) => Ok(worth),
            _ => {
                let message = "what it is worth cannot be written with 12 digits before the point and 18 behind it";
                Err(about(span, message, "look at the number of zeros"))
            }
        }
    }

    fn days(&self) -> Result<(Date, Date), Box<Diagnostic>> {
        match (&self.period, &self.from, &self.until) {
            (Some(month), None, None) => Ok((month.value.first_day(), month.value.last_day())),
            (None, Some(from), Some(until)) if from.value <= until.value => {
                Ok((from.value, until.value))
            }
            (None, Some(_), Some(until)) => {
                let message = "the last day is before the first";
                Err(about(
                    until.span,
                    message,
                    "`until` is the last day on which it was given",
                ))
            }
            _ => Err(self.about_days(
                "it is not said when it was given",
                "write `period: 2026-03`, or `from` and `until` with the first and the last day",
            )),
        }
    }

    fn about_days(&self, message: &str, help: &str) -> Box<Diagnostic> {
        let from = self.from.as_ref().map(|day| day.span);
        let until = self.until.as_ref().map(|day| day.span);
        let period = self.period.as_ref().map(|month| month.span);
        let span = until.or(from).or(period).unwrap_or(self.giver.span);
        about(span, message, help)
    }
}

fn about(span: base::Span, message: impl Into<String>, help: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(&codes::BAD_VALUE, span, message).help(help))
}

/// A link that a browser opens, or the path of a file that has a name.
fn is_evidence(text: &str) -> bool {
    let plain = !text.is_empty() && !text.contains(char::is_control) && text.trim() == text;
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            plain && matches!(scheme, "https" | "http") && host.contains('.') && !host.contains(' ')
        }
        None => plain && text.contains(['/', '.']) && !text.split('/').any(|part| part == ".."),
    }
}

#[cfg(test)]
mod tests {
    use base::SourceMap;
    use proptest::prelude::*;
    use yaml::{Decoding, Profile};

    use super::*;

    fn read(text: &str) -> Contribution {
        let mut sources = SourceMap::default();
        let file = sources.add("gifts.yaml", text);
        let (found, findings) = Decoding::read_text::<Contribution>(text, file, Profile::NATIVE);
        found.unwrap_or_else(|| panic!("{findings:?}"))
    }

    fn gift(when: &str, worth: &str) -> Contribution {
        read(&format!(
            "provider: Example Hosting\naccount: mirrors\nservice: Mirror\ngiver: Example Inc.\n\
             valued: at list price\nevidence: [https://example.org/letter]\ncurrency: EUR\n{when}\n{worth}\n"
        ))
    }

    #[test]
    fn a_gift_is_spread_over_its_days() {
        let gift = gift("from: 2026-02-27\nuntil: 2026-03-01", "amount: 1");
        let shares = gift.shares().expect("sound");
        let seen: Vec<_> = shares
            .iter()
            .map(|share| format!("{} {}", share.day, share.worth))
            .collect();
        assert_eq!(
            seen,
            [
                "2026-02-27 0.333333333333333333",
                "2026-02-28 0.333333333333333334",
                "2026-03-01 0.333333333333333333",
            ]
        );
    }

    #[test]
    fn a_quantity_times_its_price_is_what_it_is_worth() {
        let gift = gift(
            "period: 2026-02",
            "quantity: 12\nunit: servers\nunit_price: 99.95",
        );
        let shares = gift.shares().expect("sound");
        assert_eq!(shares.len(), 28);
        let worth: Decimal = shares.iter().map(|share| share.worth).sum();
        let quantity: Decimal = shares.iter().filter_map(|share| share.quantity).sum();
        assert_eq!(worth.to_string(), "1199.4");
        assert_eq!(quantity, Decimal::whole(12));
    }

    #[test]
    fn what_is_missing_or_contradicts_itself_is_said() {
        for (when, worth, message) in [
            (
                "period: 2026-02",
                "note: none",
                "it is not said what the contribution is worth",
            ),
            (
                "note: none",
                "amount: 1",
                "it is not said when it was given",
            ),
            (
                "period: 2026-02",
                "amount: -1",
                "a contribution is worth something, not less than nothing",
            ),
            (
                "period: 2026-02",
                "amount: 1000000000000",
                "what it is worth cannot be written with 12",
            ),
            (
                "period: 2026-02",
                "amount: 1\nunit_price: 1",
                "`amount` and `unit_price` both say",
            ),
            (
                "from: 2026-02-02\nuntil: 2026-02-01",
                "amount: 1",
                "the last day is before the first",
            ),
            (
                "from: 2026-02-02",
                "amount: 1",
                "it is not said when it was given",
            ),
            (
                "from: 1000-01-01\nuntil: 2026-01-01",
                "amount: 1",
                "the contribution lasts longer than ten years",
            ),
            (
                "period: 2026-02\ncategory: compute",
                "amount: 1",
                "FOCUS has no service category `compute`",
            ),
        ] {
            let found = gift(when, worth).shares().expect_err(message);
            assert!(found.message.starts_with(message), "{}", found.message);
        }
    }

    #[test]
    fn evidence_is_a_link_or_a_path() {
        for text in [
            "https://example.org/a?b",
            "evidence/letter.pdf",
            "letter.pdf",
        ] {
            assert!(is_evidence(text), "{text}");
        }
        for text in [
            "",
            "yes",
            "they said so",
            "ftp://example.org",
            "https://",
            "../../x.pdf",
            "a\nb.pdf",
        ] {
            assert!(!is_evidence(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_last_digit(
            units in 0_i128..10_i128.pow(29),
            first in 0_i32..4000,
            days in 0_i32..900,
        ) {
            let mut gift = gift("period: 2026-02", "amount: 1");
            let span = gift.giver.span;
            let from = jiff::civil::date(2015, 1, 1) + jiff::Span::new().days(first);
            gift.period = None;
            gift.from = Some(Spanned::new(from, span));
            gift.until = Some(Spanned::new(from + jiff::Span::new().days(days), span));
            gift.amount = Decimal::from_units(units).map(|worth| Spanned::new(worth, span));
            let shares = gift.shares().expect("sound");
            let sum: Decimal = shares.iter().map(|share| share.worth).sum();
            prop_assert_eq!(Some(sum), Decimal::from_units(units));
            prop_assert!(shares.iter().all(|share| !share.worth.is_negative()));
            prop_assert_eq!(shares.len(), usize::try_from(days).unwrap_or(0) + 1);
            let days = |pair: &[Share]| pair[0].day.tomorrow().ok() == Some(pair[1].day);
            prop_assert!(shares.windows(2).all(days));
        }
    }
}
