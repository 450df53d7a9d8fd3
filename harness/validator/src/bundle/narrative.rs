//! Links within narrative: `#id` leads to an id in the same resource. Not which elements and attributes narrative may
//! have, which is a base rule.
//!
//! Only narrative with such a link is read, and only then are the ids of its resource gathered.

use super::rules;
use crate::reference::reading::{items, resource_in, text};
use crate::reference::{Homes, Index, spot};
use crate::report::Report;
use plumbline_tree::{Form, Limits, Node, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Reports links that lead nowhere.
pub(super) fn check(index: &Index<'_>, report: &mut Report) {
    if !may_have_link(index.tree().source()) {
        return;
    }
    let mut homes = Homes::new(index);
    let mut linked: BTreeMap<usize, Vec<Node<'_>>> = BTreeMap::new();
    for node in index.tree().nodes() {
        let is_div =
            matches!(node.form(), Form::String | Form::Element) && node.name() == Some("div");
        if !is_div {
            continue;
        }
        let home = homes.of(node);
        let markup = node.as_str().unwrap_or_else(|| node.raw());
        if has_link(markup)
            && let Some(home) = home
        {
            linked.entry(home).or_default().push(node);
        }
    }
    for (home, divs) in linked {
        if let Some(home) = index.home(home) {
            check_resource(index, home.node, &divs, report);
        }
    }
}

/// Whether the narrative of a body may have a link to a fragment, perhaps written with escapes.
fn may_have_link(source: &str) -> bool {
    let bytes = source.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    // Without a jump, so that it is done for many bytes at once.
    let (is_escaped, has_mark) = pairs.fold((0, 0), |(escaped, marked), (one, next)| {
        let is_escaped = u8::from(*one == b'\\') & u8::from(*next == b'u');
        (escaped | is_escaped, marked | u8::from(*next == b'#'))
    });
    is_escaped != 0 || has_mark != 0 && has_link(source)
}

/// Whether markup may have a link to a fragment.
fn has_link(markup: &str) -> bool {
    let mut from = markup;
    while let Some(at) = from.find('#') {
        let before = from.get(..at).unwrap_or_default();
        if before.ends_with(['"', '\'']) {
            return true;
        }
        from = from.get(at + 1..).unwrap_or_default();
    }
    false
}

fn check_resource<'a>(
    index: &Index<'a>,
    resource: Node<'a>,
    divs: &[Node<'a>],
    report: &mut Report,
) {
    let mut ids = Ids::default();
    ids.of_elements(resource);
    let mut wanted: Vec<(Node<'a>, &'static str, Vec<String>)> = Vec::new();
    for node in resource.with_descendants() {
        let is_div =
            matches!(node.form(), Form::String | Form::Element) && node.name() == Some("div");
        if !is_div {
            continue;
        }
        let has_links = divs.contains(&node);
        let links = match node.form() {
            Form::Element if node.parent().is_some_and(|it| it.name() == Some("div")) => continue,
            Form::Element => ids.of_markup(node),
            _ => {
                let text = node.as_str().unwrap_or_default().trim().as_bytes().to_vec();
                match Tree::parse_xml(text, &Limits::default()) {
                    Ok(tree) => ids.of_markup(tree.root()),
                    // The base rules report it.
                    Err(_) => continue,
                }
            }
        };
        if has_links {
            wanted.extend(links.into_iter().map(|(kind, all)| (node, kind, all)));
        }
    }
    for (node, kind, links) in wanted {
        if links.iter().any(|it| !ids.0.contains(it)) {
            let place = spot::place(node, index.knowledge.types);
            let expected = "an id in the same resource";
            report.add(
                &rules::NARRATIVE_LINK,
                &place,
                &[kind],
                expected,
                "an id that nothing has",
            );
        }
    }
}

/// The ids that a link may lead to.
#[derive(Default)]
struct Ids(BTreeSet<String>);

impl Ids {
    /// Of elements and of contained resources.
    fn of_elements(&mut self, resource: Node<'_>) {
        for node in resource.with_descendants() {
            let is_id =
                matches!(node.form(), Form::String | Form::Attribute) && node.name() == Some("id");
            if is_id {
                self.0.extend(node.value_text().map(str::to_owned));
            }
        }
        for contained in items(resource, "contained").filter_map(resource_in) {
            self.0.extend(text(contained, "id").map(str::to_owned));
        }
    }

    /// Of markup. Gives its links to fragments, those of `a` and those of `img` by themselves.
    fn of_markup(&mut self, div: Node<'_>) -> Vec<(&'static str, Vec<String>)> {
        let (mut anchors, mut images) = (Vec::new(), Vec::new());
        for node in div.with_descendants() {
            if node.form() != Form::Attribute {
                continue;
            }
            let element = node.parent().and_then(Node::name);
            let Some(text) = node.value_text() else {
                continue;
            };
            match (element, node.name()) {
                (_, Some("id")) | (Some("a"), Some("name")) => {
                    self.0.insert(text.to_owned());
                }
                (Some("a" | "area"), Some("href")) => {
                    anchors.extend(fragment(text));
                }
                (Some("img"), Some("src")) => images.extend(fragment(text)),
                _ => {}
            }
        }
        let all = [("an anchor", anchors), ("an image", images)];
        all.into_iter()
            .filter(|(_, links)| !links.is_empty())
            .collect()
    }
}

/// The id that a link within the page leads to. `#` alone is the top of the page.
fn fragment(link: &str) -> Option<String> {
    let id = link.strip_prefix('#').filter(|it| !it.is_empty())?;
    Some(id.to_owned())
}
