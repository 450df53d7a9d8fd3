//! The forms of primitives, judged by hand-written code: no regular expressions, one pass, nothing copied.
//! Not which primitive an element has.
//!
//! Each function answers in our words, never with what the text holds.

pub(super) mod address;
pub(super) mod bytes;
pub(super) mod date;
pub(super) mod number;
pub(super) mod text;
pub(super) mod tongue;

/// What is wrong with a text, as a fragment that reads well after "it".
pub(super) type Fault = &'static str;

/// Whether there is nothing but visible ASCII.
fn is_plain(text: &str) -> bool {
    bytes::is_visible(text.as_bytes())
}

fn are_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}
