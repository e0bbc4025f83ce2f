//! Small factors of a modulus.

use std::sync::LazyLock;

/// The primes below this are tried.
const LIMIT: usize = 1 << 16;

static PRIMES: LazyLock<Vec<u64>> = LazyLock::new(primes);

/// Whether a prime below 2^16 divides the number, its most significant byte first. No key that
/// was made honestly has such a factor.
pub(super) fn has_small_factor(number: &[u8]) -> bool {
    let words: Vec<u64> = number
        .rchunks(4)
        .rev()
        .map(|word| word.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
        .collect();
    // The product of two stays below 2^32, and a remainder with a word behind it below 2^64.
    PRIMES.chunks(2).any(|pair| {
        let product: u64 = pair.iter().product();
        let step = |rest: u64, word: &u64| (rest << 32 | word) % product;
        let rest = words.iter().fold(0, step);
        pair.iter().any(|prime| rest.is_multiple_of(*prime))
    })
}

fn primes() -> Vec<u64> {
    let mut composite = vec![false; LIMIT];
    let mut found = Vec::new();
    for (number, prime) in (2..LIMIT).zip(2_u64..) {
        if composite[number] {
            continue;
        }
        found.push(prime);
        for multiple in (number * number..LIMIT).step_by(number) {
            composite[multiple] = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prime_below_the_limit_is_found_and_none_above() {
        assert_eq!(PRIMES.len(), 6542);
        let (few, last) = (PRIMES.iter().step_by(97), PRIMES.iter().rev().take(2));
        for prime in few.chain(last) {
            let product = u128::from(*prime) * ((1 << 89) - 1);
            let bytes = product.to_be_bytes();
            assert!(has_small_factor(&bytes) && has_small_factor(&bytes[1..]));
        }
        // Two primes just above, and one of Mersenne's.
        for sound in [65_537 * 65_539, (1_u128 << 89) - 1] {
            assert!(!has_small_factor(&sound.to_be_bytes()));
        }
    }
}
