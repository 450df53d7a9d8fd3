//! Tests of the tree from outside: bad input, XML, writing, the corpus, and one view of both
//! syntaxes. Not for what JSON is: the tests inside the crate compare that with `serde_json`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its own fixtures has failed"
)]

mod bad_input;
mod corpus;
mod linear;
mod one_view;
mod properties;
mod writing;
mod xml;
