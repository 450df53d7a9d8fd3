//! The rate and the total number of requests, shared by all clones of a client.
//! Not for concurrency: the runner bounds that.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

#[derive(Debug)]
pub(crate) struct Limits {
    interval: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next: Option<Instant>,
    left: u32,
}

impl Limits {
    /// `per_second` must not be 0.
    pub(crate) fn new(per_second: u32, total: u32) -> Self {
        Self {
            interval: Duration::from_secs(1) / per_second,
            state: Mutex::new(State {
                next: None,
                left: total,
            }),
        }
    }

    /// Waits for the next slot; false if the total is used up. Slots are evenly spaced, without bursts.
    pub(crate) async fn take(&self) -> bool {
        let slot = self.with_state(|state| {
            state.left = state.left.checked_sub(1)?;
            let now = Instant::now();
            let slot = state.next.map_or(now, |next| next.max(now));
            state.next = Some(slot + self.interval);
            Some(slot)
        });
        match slot {
            Some(slot) => {
                // A timer is exact to a millisecond, so even a slot that is due would take one.
                if slot > Instant::now() {
                    sleep_until(slot).await;
                }
                true
            }
            None => false,
        }
    }

    /// Gives out no slot before this much time has passed, to any clone: one 429 speaks for all.
    pub(crate) fn hold_back(&self, wait: Duration) {
        let until = Instant::now() + wait;
        self.with_state(|state| {
            state.next = Some(state.next.map_or(until, |next| next.max(until)));
        });
    }

    fn with_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        // Nothing in here panics half-way, so the state of a poisoned lock is sound.
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
