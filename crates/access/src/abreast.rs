//! Several tasks at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does the same for all, at most `width` of them side by side; results are in the order of the
/// items.
///
/// # Errors
/// The first item, in their order, that failed; none is begun after a failure.
pub(crate) fn abreast<T: Send, R: Send, E: Send>(
    width: usize,
    items: impl IntoIterator<Item = T>,
    each: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let items: Vec<T> = items.into_iter().collect();
    let threads = width.clamp(1, items.len().max(1));
    let queue = Mutex::new(items.into_iter().enumerate());
    let results: Mutex<Vec<(usize, Result<R, E>)>> = Mutex::default();
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
        let doubled = abreast(4, 0..100, |n| Ok::<_, ()>(n * 2)).unwrap();
        assert_eq!(doubled[99], 198);
        assert!(doubled.is_sorted() && doubled.len() == 100);
        let failed = abreast(4, 0..100, |n| match n {
            50 => Err("fifty"),
            n => Ok(n),
        });
        assert_eq!(failed.unwrap_err(), "fifty");
        assert_eq!(
            abreast(4, [], |(): ()| Ok::<_, ()>(1)).unwrap(),
            Vec::<i32>::new()
        );
    }
}
