//! Work on many items by the threads of the machine, with results in the order of the items.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// Most items of a piece of work.
const PIECE: usize = 16;

/// Number of threads for work on many files: those of the machine, but not for a handful of files.
fn threads(items: usize) -> usize {
    if items < 16 { 1 } else { machine() }
}

/// Number of threads that the machine runs at a time, as far as they help.
fn machine() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// Results of a task for each position, in order; by several threads when there is enough to do.
pub(crate) fn in_parallel<T: Send>(count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    by_threads(threads(count), count, task)
}

/// The same for tasks that are few and large.
pub(crate) fn few_in_parallel<T: Send>(count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    by_threads(machine().min(count), count, task)
}

fn by_threads<T: Send>(threads: usize, count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    // Several batches for each thread, since items differ in size; not one by one, where they are many and small.
    let batch = (count / (threads.max(1) * 8)).clamp(1, PIECE);
    let next = AtomicUsize::new(0);
    // A place for each result, which becomes the list of them: no result is moved or held twice.
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::default()).collect();
    let work = || {
        loop {
            let from = next.fetch_add(batch, Ordering::Relaxed);
            if from >= count {
                break;
            }
            for (at, place) in results.iter().enumerate().skip(from).take(batch) {
                let result = task(at);
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    results.into_iter().filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// Does something beside what follows, which does not wait for it.
pub(crate) fn beside(task: impl FnOnce() + Send + 'static) {
    // Where no thread can be had, nothing is lost but time.
    drop(thread::Builder::new().spawn(task));
}

/// How many results may wait for an earlier one, for each thread.
const AHEAD: usize = 16;

/// Does a task for each position by a number of threads, and hands the results on in order, each as soon as those
/// before it are there. Few results wait; when `take` fails, no further task begins.
pub(crate) fn in_order<T: Send, E>(
    (count, threads): (usize, usize),
    task: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    struct State<T> {
        next: usize,
        taken: usize,
        waiting: usize,
        stopped: bool,
        results: BTreeMap<usize, T>,
    }
    let threads = threads.clamp(1, count.max(1));
    let state = Mutex::new(State { next: 0, taken: 0, waiting: 0, stopped: false, results: BTreeMap::new() });
    let (ready, room) = (Condvar::new(), Condvar::new());
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let work = || {
        let mut now = lock();
        loop {
            while !now.stopped && now.next < count && now.next >= now.taken + threads * AHEAD {
                now.waiting += 1;
                now = room.wait(now).unwrap_or_else(PoisonError::into_inner);
                now.waiting -= 1;
            }
            if now.stopped || now.next >= count {
                return;
            }
            let at = now.next;
            now.next += 1;
            drop(now);
            let result = task(at);
            now = lock();
            now.results.insert(at, result);
            if at == now.taken {
                ready.notify_one();
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
        for at in 0..count {
            let mut now = lock();
            let result = loop {
                if let Some(result) = now.results.remove(&at) {
                    break result;
                }
                now = ready.wait(now).unwrap_or_else(PoisonError::into_inner);
            };
            now.taken = at + 1;
            if now.waiting > 0 {
                room.notify_all();
            }
            drop(now);
            if let Err(error) = take(at, result) {
                lock().stopped = true;
                room.notify_all();
                return Err(error);
            }
        }
        Ok(())
    })
}

/// A piece of work that leaves no result but what it does.
type Piece<'w, E> = Box<dyn Fn() -> Result<(), E> + Send + Sync + 'w>;

/// Work of many pieces that do not need each other, of any size, begun in the order in which they were added: what
/// takes long comes first.
pub(crate) struct Work<'w, E>(Vec<Piece<'w, E>>);

impl<E> Default for Work<'_, E> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'w, E: Send> Work<'w, E> {
    /// Adds one piece.
    pub(crate) fn one(&mut self, task: impl Fn() -> Result<(), E> + Send + Sync + 'w) {
        self.0.push(Box::new(task));
    }

    /// Adds a task for each position, in pieces of several.
    pub(crate) fn each(&mut self, count: usize, task: impl Fn(usize) -> Result<(), E> + Send + Sync + 'w) {
        let task = Arc::new(task);
        for from in (0..count).step_by(PIECE) {
            let task = Arc::clone(&task);
            self.one(move || (from..count.min(from + PIECE)).try_for_each(|at| task(at)));
        }
    }

    /// Does all of it by the threads of the machine; nothing is begun after a piece has failed.
    pub(crate) fn run(&self) -> Result<(), E> {
        let next = AtomicUsize::new(0);
        let failed: Mutex<Option<(usize, E)>> = Mutex::new(None);
        let work = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(piece) = self.0.get(at) else { break };
                if let Err(error) = piece() {
                    next.store(self.0.len(), Ordering::Relaxed);
                    let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                    // Of several the first, whichever thread is quicker.
                    if failed.as_ref().is_none_or(|(first, _)| at < *first) {
                        *failed = Some((at, error));
                    }
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..machine().min(self.0.len()) {
                scope.spawn(work);
            }
            work();
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), |(_, error)| Err(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 15, 1000] {
            assert_eq!(in_parallel(count, |at| at * 2), (0..count).map(|at| at * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn results_are_handed_on_in_order_until_one_is_refused() {
        for (count, threads) in [(0, 4), (1, 4), (100, 1), (100, 7)] {
            let mut seen = Vec::new();
            let take = |at, result: usize| {
                seen.push((at, result));
                Ok::<_, ()>(())
            };
            in_order((count, threads), |at| at * 2, take).unwrap();
            assert_eq!(seen, (0..count).map(|at| (at, at * 2)).collect::<Vec<_>>());
        }
        let refuse = |at, _| if at == 3 { Err(at) } else { Ok(()) };
        assert_eq!(in_order((1000, 4), |at| at, refuse), Err(3));
    }

    #[test]
    fn every_piece_is_done_once_and_a_failure_ends_the_work() {
        let done = Mutex::new(Vec::new());
        let mut work = Work::<()>::default();
        let note = |at| {
            done.lock().unwrap().push(at);
            Ok(())
        };
        work.one(|| note(1000));
        work.each(100, note);
        assert_eq!(work.run(), Ok(()));
        drop(work);
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..100).chain([1000]).collect::<Vec<_>>());
        let mut work = Work::default();
        work.each(1000, |at| if at % 500 == 20 { Err(at) } else { Ok(()) });
        assert_eq!(work.run(), Err(20));
    }
}
