//! Every rule of the eDischarge standard on documents that meet and break it; official examples; bad input.
//! Not for pages or commands.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod bad_input;
mod change;
mod good;
mod hollow;
mod inputs;
mod official;
mod rules;
