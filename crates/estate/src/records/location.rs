//! LOC (RFC 1876).

use super::{Malformed, Token};

/// Octets of a LOC.
pub(super) const LENGTH: usize = 16;
/// The equator and the prime meridian, in thousandths of a second of arc.
const MIDDLE: i64 = 1 << 31;
/// 100 km below the reference spheroid, in centimetres.
const BOTTOM: i64 = 10_000_000;

pub(super) fn encode(words: &[Token]) -> Result<Vec<u8>, Malformed> {
    let mut words = words.iter().map(Token::written);
    let latitude = angle(&mut words, 90, ["N", "S"])?;
    let longitude = angle(&mut words, 180, ["E", "W"])?;
    let altitude = words
        .next()
        .ok_or_else(|| Malformed::new("a place needs an altitude in metres, like `10m`"))?;
    let altitude = centimetres(altitude)? + BOTTOM;
    let altitude = u32::try_from(altitude)
        .map_err(|_| Malformed::new("an altitude lies between -100000 and 42849672.95 metres"))?;
    let mut octets = vec![0];
    // RFC 1876 §3: 1 m, 10 km and 10 m where nothing is said.
    for default in [100, 1_000_000, 1_000] {
        let size = words.next().map_or(Ok(default), centimetres)?;
        octets.push(exponent(size)?);
    }
    octets.extend(latitude.to_be_bytes());
    octets.extend(longitude.to_be_bytes());
    octets.extend(altitude.to_be_bytes());
    match words.next() {
        Some(more) => Err(Malformed::new(format!("`{more}` is too much for a place"))),
        None => Ok(octets),
    }
}

pub(super) fn decode(octets: &[u8]) -> Option<String> {
    let octets = octets.get(..LENGTH).filter(|octets| octets[0] == 0)?;
    let four = |at: usize| Some(u32::from_be_bytes(octets[at..at + 4].try_into().ok()?));
    let mut sizes = Vec::new();
    for size in &octets[1..4] {
        let (digit, power) = (i64::from(size >> 4), u32::from(size & 15));
        if digit > 9 || power > 9 {
            return None;
        }
        sizes.push(metres(digit * 10_i64.pow(power)));
    }
    Some(format!(
        "{} {} {} {}",
        degrees(four(4)?, 90, ["N", "S"])?,
        degrees(four(8)?, 180, ["E", "W"])?,
        metres(i64::from(four(12)?) - BOTTOM),
        sizes.join(" ")
    ))
}

/// `d [m [s]] N|S` to thousandths of a second.
fn angle<'w>(
    words: &mut impl Iterator<Item = &'w str>,
    most: i64,
    directions: [&str; 2],
) -> Result<u32, Malformed> {
    let mut parts = [0; 3];
    let mut given = 0;
    let [positive, negative] = directions;
    let wanted = || {
        Malformed::new(format!(
            "a place needs degrees, minutes, seconds and {positive} or {negative}"
        ))
    };
    loop {
        let word = words.next().ok_or_else(wanted)?;
        let sign = match word.to_ascii_uppercase() {
            word if word == positive => 1,
            word if word == negative => -1,
            _ if given == 3 => return Err(wanted()),
            _ => {
                let unit = if given == 2 { 3 } else { 0 };
                parts[given] = decimal(word, unit)
                    .filter(|part| *part >= 0 && (unit > 0 || !word.contains('.')))
                    .ok_or_else(wanted)?;
                given += 1;
                continue;
            }
        };
        let [degrees, minutes, thousandths] = parts;
        let total = (degrees * 60 + minutes) * 60_000 + thousandths;
        if given == 0
            || degrees > most
            || minutes > 59
            || thousandths > 59_999
            || total > most * 3_600_000
        {
            return Err(Malformed::new(format!(
                "`{degrees} {minutes} {}` is no angle of at most {most} degrees",
                thousandths / 1000
            )));
        }
        return u32::try_from(MIDDLE + sign * total).map_err(|_| wanted());
    }
}

fn degrees(value: u32, most: i64, directions: [&str; 2]) -> Option<String> {
    let from_middle = i64::from(value) - MIDDLE;
    let direction = directions[usize::from(from_middle < 0)];
    let thousandths = from_middle.abs();
    if thousandths > most * 3_600_000 {
        return None;
    }
    let (seconds, rest) = (thousandths / 1000, thousandths % 1000);
    let (degrees, minutes) = (seconds / 3600, seconds / 60 % 60);
    Some(format!(
        "{degrees} {minutes} {}.{rest:03} {direction}",
        seconds % 60
    ))
}

fn centimetres(word: &str) -> Result<i64, Malformed> {
    let number = word.strip_suffix(['m', 'M']).unwrap_or(word);
    decimal(number, 2)
        .ok_or_else(|| Malformed::new(format!("`{word}` is not a length in metres, like `12.50m`")))
}

fn metres(centimetres: i64) -> String {
    let sign = if centimetres < 0 { "-" } else { "" };
    let centimetres = centimetres.abs();
    format!("{sign}{}.{:02}m", centimetres / 100, centimetres % 100)
}

/// A decimal number in units of 10^-places, without a detour by floating point; further digits are dropped.
fn decimal(word: &str, places: usize) -> Option<i64> {
    let (sign, digits) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction: String = fraction.chars().chain("000".chars()).take(places).collect();
    format!("{whole}{fraction}")
        .parse::<i64>()
        .ok()
        .map(|value| sign * value)
}

/// A size as one digit and a power of ten, rounded down as servers do.
fn exponent(centimetres: i64) -> Result<u8, Malformed> {
    let wrong = || Malformed::new("a size or precision lies between 0 and 90000000 metres");
    let mut digit = centimetres;
    let mut power = 0_u8;
    while digit > 9 {
        digit /= 10;
        power += 1;
    }
    if digit < 0 || power > 9 {
        return Err(wrong());
    }
    Ok(u8::try_from(digit).map_err(|_| wrong())? << 4 | power)
}
