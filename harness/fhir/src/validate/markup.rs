//! What a caller may refuse in texts and addresses: tags of HTML, and addresses for examples.
//! Not narrative, which has rules of its own.

use super::format::{address, text};
use super::outcome::{EmbeddedHtml, ExampleAddresses};
use super::plan::ChildPlan;
use super::rules;
use super::walk::Walk;
use plumbline_tree::Node;

impl<'a, 'd> Walk<'a, 'd> {
    /// Tags in a string or in markdown.
    pub(super) fn markup(&mut self, child: &ChildPlan<'d>, written: &str, node: Node<'a>) {
        if !written.contains('<') {
            return;
        }
        let of = child.child.type_use().map_or("", |it| it.of().name());
        let rule = match (self.options.embedded_html, of) {
            (EmbeddedHtml::Ignore, _) | (EmbeddedHtml::Warn, "markdown") => return,
            (EmbeddedHtml::Refuse, "markdown") => &rules::MARKDOWN_HTML,
            (EmbeddedHtml::Warn, _) => &rules::STRING_HTML,
            (EmbeddedHtml::Refuse, _) => &rules::STRING_HTML_REFUSED,
        };
        if text::has_tag(written) {
            let actual = "what looks like a tag";
            self.issue(rule, node, &[], "text without tags", actual);
        }
    }

    /// An address that is reserved for examples.
    pub(super) fn example_address(&mut self, child: &ChildPlan<'d>, written: &str, node: Node<'a>) {
        let is_asked = match self.options.example_addresses {
            ExampleAddresses::Accept => false,
            // Names of code systems and of name spaces of identifiers.
            ExampleAddresses::Refuse => child.stem != "system",
        };
        if is_asked && address::is_example(written) {
            let expected = "the address of a real system";
            let actual = "an address for examples";
            self.issue(&rules::EXAMPLE_ADDRESS, node, &[], expected, actual);
        }
    }
}
