//! What both programs of this folder measure with: the best of several rounds, and resident memory.
//! Not for what is measured.

use std::time::{Duration, Instant};

/// The shortest time of the rounds; a busy machine only adds.
pub fn best(rounds: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

/// Resident memory of this process in kibibytes; `None` elsewhere than on Linux.
pub fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
