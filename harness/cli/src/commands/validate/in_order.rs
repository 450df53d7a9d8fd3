//! Works on many things at once, and hands the results over in their order. Not for what the work is.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// As many jobs as there are processors.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many things are worked on in one go at most: handing each over by itself wakes a thread each time.
const MOST_AT_ONCE: usize = 4;

/// How far, for each thread, the work may run ahead of what has been handed over, in goes: results wait in memory.
/// Far enough that a large file among small ones does not make the others wait.
const AHEAD: usize = 512;

/// Works on each thing, on as many threads as there are jobs, and takes the results one by one in order.
/// The first error of `take` ends everything.
pub(super) fn each<T: Sync, R: Send>(
    things: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> io::Result<()>,
) -> io::Result<()> {
    let threads = jobs.min(things.len());
    if threads < 2 {
        return things.iter().try_for_each(|thing| take(work(thing)));
    }
    let at_once = (things.len() / (threads * AHEAD)).clamp(1, MOST_AT_ONCE);
    let goes: Vec<&[T]> = things.chunks(at_once).collect();
    let gate = Gate::default();
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(go) = goes.get(at) else {
                        return;
                    };
                    gate.wait(at, threads * AHEAD);
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    let results: Vec<R> = go.iter().map(&work).collect();
                    if sender.send((at, results)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut taken = 0;
        for (at, results) in receiver {
            early.insert(at, results);
            while let Some(results) = early.remove(&taken) {
                taken += 1;
                if let Err(error) = results.into_iter().try_for_each(&mut take) {
                    is_over.store(true, Ordering::Relaxed);
                    gate.open(usize::MAX / 2);
                    return Err(error);
                }
                gate.open(taken);
            }
        }
        Ok(())
    })
}

/// How many results were taken; who is too far ahead waits.
#[derive(Default)]
struct Gate {
    taken: Mutex<usize>,
    changed: Condvar,
}

impl Gate {
    fn wait(&self, at: usize, ahead: usize) {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = self.changed.wait_while(taken, |taken| at >= *taken + ahead);
        drop(passed);
    }

    fn open(&self, taken: usize) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = taken;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn results_come_in_order_whatever_is_ready_first() {
        let things: Vec<u64> = (0..2_000).collect();
        let mut taken = Vec::new();
        let slow_at_first = |thing: &u64| {
            if thing.is_multiple_of(500) {
                std::thread::sleep(Duration::from_millis(20));
            }
            *thing
        };
        each(&things, 4, slow_at_first, |result| {
            taken.push(result);
            Ok(())
        })
        .unwrap();
        assert_eq!(taken, things);
    }

    #[test]
    fn nobody_runs_far_ahead() {
        let things: Vec<usize> = (0..100_000).collect();
        let taken = AtomicUsize::new(0);
        let work = |thing: &usize| thing.saturating_sub(taken.load(Ordering::SeqCst));
        let mut most = 0;
        each(&things, 4, work, |ahead| {
            most = most.max(ahead);
            taken.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
        .unwrap();
        // The last go of those that may be begun ends that far.
        assert!(most <= 4 * AHEAD * MOST_AT_ONCE, "{most}");
    }

    #[test]
    fn an_error_ends_everything() {
        let things: Vec<usize> = (0..100_000).collect();
        let done = AtomicUsize::new(0);
        let mut taken = 0;
        let error = each(
            &things,
            4,
            |_| done.fetch_add(1, Ordering::SeqCst),
            |_| {
                taken += 1;
                if taken == 10 {
                    return Err(io::Error::from(io::ErrorKind::BrokenPipe));
                }
                Ok(())
            },
        );
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert!(taken == 10 && done.into_inner() < 10_000);
    }

    #[test]
    fn nothing_is_no_trouble() {
        let none: [u8; 0] = [];
        each(&none, 4, |_| (), |()| Ok(())).unwrap();
    }
}
