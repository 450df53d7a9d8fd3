//! The time that this program itself runs, which a busy machine does not change much. Not for short pieces of work:
//! the system counts in milliseconds.

use std::time::{Duration, Instant};

/// The time that this thread itself has run; `None` elsewhere than on Linux.
fn running() -> Option<Duration> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = line.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// The mean time of the rounds, without the time in which other programs ran.
pub fn own_time(rounds: usize, mut work: impl FnMut()) -> Duration {
    let (begun, before) = (Instant::now(), running());
    for _ in 0..rounds {
        work();
    }
    let own = before
        .zip(running())
        .map(|(before, after)| after.saturating_sub(before));
    let took = own.unwrap_or_else(|| begun.elapsed());
    took / u32::try_from(rounds).unwrap_or(u32::MAX)
}
