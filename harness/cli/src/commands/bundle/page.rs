//! What `plumbline verify` said of a bundle, as a small page for the demonstration.
//! Not for verifying: the page shows what the command said when the page was made.

use crate::commands::verify::Said;

/// The page.
pub(super) fn html(said: &Said) -> String {
    plumbline_bundle::said_page(&said.headline, &said.facts)
}
