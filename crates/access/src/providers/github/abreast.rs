//! Several questions at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ReadError;

/// So many of one kind at once. Two kinds are asked for in this way, beside one list of each other
/// kind; GitHub allows a hundred requests at once, and wants them to be few.
const AT_ONCE: usize = 4;

/// Does the same for all, some of them side by side; results are in the order of the items.
///
/// # Errors
/// The first item, in their order, that failed; none is begun after a failure.
pub(super) fn abreast<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    each: impl Fn(T) -> Result<R, ReadError> + Sync,
) -> Result<Vec<R>, ReadError> {
    let items: Vec<T> = items.into_iter().collect();
    let threads = items.len().min(AT_ONCE);
    let queue = Mutex::new(items.into_iter().enumerate());
    let results: Mutex<Vec<(usize, Result<R, ReadError>)>> = Mutex::default();
    let failed = AtomicBool::new(false);
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.next().filter(|_| !failed.load(Ordering::Relaxed))
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, item)) = next() {
                    let result = each(item);
                    failed.fetch_or(result.is_err(), Ordering::Relaxed);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_and_a_failure_is_the_result() {
        let doubled = abreast(0..100, |n| Ok(n * 2)).unwrap();
        assert_eq!(doubled[99], 198);
        assert!(doubled.is_sorted() && doubled.len() == 100);
        let failed = abreast(0..100, |n| match n {
            50 => Err(ReadError::Absent("50".to_owned())),
            n => Ok(n),
        });
        assert_eq!(failed.unwrap_err(), ReadError::Absent("50".to_owned()));
        assert_eq!(abreast([], |(): ()| Ok(1)).unwrap(), Vec::<i32>::new());
    }
}
