//! Work on many items by the threads of the machine, with results in the order of the items.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Number of threads for work on many files: those of the machine, but not for a handful of files.
fn threads(items: usize) -> usize {
    if items < 16 { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(8) }
}

/// Results of a task for each position, in order; by several threads when there is enough to do.
pub(crate) fn in_parallel<T: Send>(count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    // Several batches for each thread, since items differ in size; not one by one, where they are many and small.
    let batch = (count / (threads(count) * 8)).clamp(1, 16);
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    let work = || {
        let mut mine = Vec::new();
        loop {
            let from = next.fetch_add(batch, Ordering::Relaxed);
            if from >= count {
                break;
            }
            mine.extend((from..count.min(from + batch)).map(|at| (at, task(at))));
        }
        if let Ok(mut results) = results.lock() {
            results.append(&mut mine);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads(count) {
            scope.spawn(work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::in_parallel;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 15, 1000] {
            assert_eq!(in_parallel(count, |at| at * 2), (0..count).map(|at| at * 2).collect::<Vec<_>>());
        }
    }
}
