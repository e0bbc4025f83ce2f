//! Currencies, by their code of ISO 4217.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A currency of ISO 4217, for example `USD`: national ones and funds, in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Why a text is no currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotACurrency {
    /// It would be one in capitals, which FOCUS and ISO 4217 ask for.
    Case(Currency),
    /// No such code is in the list.
    Unknown,
}

impl fmt::Display for NotACurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(currency) => write!(f, "a currency is written in capitals: {currency}"),
            Self::Unknown => f.write_str("ISO 4217 has no such currency"),
        }
    }
}

impl std::error::Error for NotACurrency {}

/// The active codes of ISO 4217, list one, as of 2026, sorted.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
    CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP \
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN \
    PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
    TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

impl Currency {
    /// The dollar of the United States.
    pub const USD: Self = Self(*b"USD");

    /// Its code.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or("???")
    }

    /// How many digits its amounts have when they are paid: 2 for most.
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// What stands before an amount: a sign where everybody knows it, else the code and a space.
    pub fn sign(&self) -> String {
        match &self.0 {
            b"USD" => "$".to_owned(),
            b"EUR" => "€".to_owned(),
            b"GBP" => "£".to_owned(),
            _ => format!("{} ", self.code()),
        }
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        let upper = text.to_ascii_uppercase();
        let Ok(code) = <[u8; 3]>::try_from(upper.as_bytes()) else {
            return Err(NotACurrency::Unknown);
        };
        if !CODES.split_ascii_whitespace().any(|known| known == upper) {
            return Err(NotACurrency::Unknown);
        }
        if upper == text {
            Ok(Self(code))
        } else {
            Err(NotACurrency::Case(Self(code)))
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_one_of_the_list_in_capitals() {
        assert_eq!("EUR".parse::<Currency>().map(Currency::digits), Ok(2));
        assert_eq!(
            "usd".parse::<Currency>(),
            Err(NotACurrency::Case(Currency::USD))
        );
        for text in ["", "US", "USDT", "XYZ", "€"] {
            assert_eq!(
                text.parse::<Currency>(),
                Err(NotACurrency::Unknown),
                "{text}"
            );
        }
    }

    #[test]
    fn the_list_is_sorted_and_names_each_once() {
        let codes: Vec<&str> = CODES.split_ascii_whitespace().collect();
        assert!(codes.is_sorted_by(|a, b| a < b));
        assert!(codes.iter().all(|code| code.len() == 3));
    }
}
