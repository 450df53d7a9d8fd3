//! What must hold for any bytes whatever, whether they can be read or not. The replay of the
//! corpus, the fuzz targets and the mutation driver all ask this. Not for what a given text means.

use plumbline_tree::{Form, Layout, Limits, Node, Syntax, Tree};

/// What does not hold.
pub type Broken = String;

macro_rules! hold {
    ($condition:expr, $($message:tt)*) => {
        if !$condition {
            return Err(format!($($message)*));
        }
    };
}

/// Reads the bytes as either syntax and looks at whatever comes of it. Returns the syntax that
/// they are in, if any; no text is both JSON and XML.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<Option<Syntax>, Broken> {
    let mut found = None;
    for syntax in [Syntax::Json, Syntax::Xml] {
        if check_as(syntax, bytes, limits)? {
            hold!(found.is_none(), "both JSON and XML");
            hold!(Syntax::guess(bytes) == Some(syntax), "a wrong guess");
            found = Some(syntax);
        }
    }
    Ok(found)
}

fn check_as(syntax: Syntax, bytes: &[u8], limits: &Limits) -> Result<bool, Broken> {
    match Tree::parse_as(syntax, bytes.to_vec(), limits) {
        Err(error) => {
            let place = error.line > 0 && error.column > 0 && error.offset <= bytes.len();
            hold!(place, "no such place: {error:?}");
            hold!(!error.kind.cure().is_empty(), "no cure: {error:?}");
            Ok(false)
        }
        Ok(tree) => {
            memory(&tree)?;
            places(&tree)?;
            children(&tree)?;
            writing(&tree, limits)?;
            Ok(true)
        }
    }
}

/// The arena is no larger than the documentation of [`Limits`] says.
fn memory(tree: &Tree) -> Result<(), Broken> {
    let names_and_notes = 12 * tree.node_count() + 16 * tree.anomalies().len();
    let nodes = 40 * (tree.node_count() + tree.node_count() / 8);
    let most = nodes + names_and_notes + tree.source().len();
    hold!(
        tree.arena_bytes() <= most,
        "{} bytes of memory, at most {most}",
        tree.arena_bytes()
    );
    Ok(())
}

fn places(tree: &Tree) -> Result<(), Broken> {
    let mut last = 0;
    for node in tree.nodes() {
        let span = node.span();
        hold!(
            span.start >= last,
            "{node:?} begins before the node before it"
        );
        last = span.start;
        hold!(
            tree.source().get(span.clone()) == Some(node.raw()),
            "{node:?} is between characters"
        );
        hold!(!node.raw().is_empty(), "{node:?} is empty");
        if let Some(parent) = node.parent() {
            let outer = parent.span();
            hold!(
                outer.start < span.start && span.end < outer.end,
                "{node:?} sticks out of {parent:?}"
            );
        }
        if let Some(name) = node.name_span() {
            let written = tree.source().get(name);
            hold!(
                written.is_some(),
                "the name of {node:?} is between characters"
            );
            hold!(
                node.qualified_name().is_none() || node.qualified_name() == written,
                "the name of {node:?} is elsewhere"
            );
        }
    }
    for anomaly in tree.anomalies() {
        hold!(
            anomaly.offset < tree.source().len(),
            "{anomaly:?} behind the end"
        );
    }
    let place = tree.position(tree.source().len());
    let lines = 1 + tree.source().matches('\n').count();
    hold!(
        usize::try_from(place.line) == Ok(lines),
        "{lines} lines, but the last is {place:?}"
    );
    Ok(())
}

/// Every node is reached from its parent exactly once.
fn children(tree: &Tree) -> Result<(), Broken> {
    let mut reached = 1;
    for node in tree.nodes() {
        let mut members = 0;
        for (name, member) in node.members() {
            members += 1;
            hold!(
                member.parent() == Some(node),
                "{member:?} has another parent than {node:?}"
            );
            hold!(member.name() == Some(name), "{member:?} has two names");
        }
        for (at, item) in node.items().enumerate() {
            members += 1;
            hold!(
                item.parent() == Some(node),
                "{item:?} has another parent than {node:?}"
            );
            hold!(item.index() == Some(at), "{item:?} has the wrong index");
        }
        hold!(
            members == node.len(),
            "{node:?} has {members} children, not {}",
            node.len()
        );
        let mut texts = 0;
        for text in node.texts() {
            texts += 1;
            hold!(
                text.as_str().is_some_and(|text| !text.is_empty()),
                "{text:?} is empty"
            );
        }
        hold!(
            node.content().count() == 0 || node.content().count() == members + texts,
            "{node:?} loses content"
        );
        let inside = node.inside();
        let mut from = inside.start;
        for part in node.content() {
            hold!(
                from <= part.span().start && part.span().end <= inside.end,
                "{part:?} is not inside {node:?}"
            );
            from = part.span().end;
        }
        let attributes = node.attributes().chain(node.namespace_declarations());
        reached += members + texts + attributes.count();
    }
    hold!(
        reached == tree.node_count(),
        "{reached} nodes are reached of {}",
        tree.node_count()
    );
    // Paths cost as much as they are deep, so only a few of them are asked for.
    let stride = 1 + tree.node_count() / 64;
    for node in tree.nodes().step_by(stride) {
        hold!(!node.path().is_empty(), "{node:?} has no path");
        hold!(
            node.repeat_count() > node.index().unwrap_or(0),
            "{node:?} is beyond its repetitions"
        );
        hold!(
            node.repeat_count() == 1 || node.is_repeated(),
            "{node:?} is one of several and does not say so"
        );
    }
    Ok(())
}

/// What is written can be read again and is the same.
fn writing(tree: &Tree, limits: &Limits) -> Result<(), Broken> {
    let read = |text: &str| {
        Tree::parse_as(tree.syntax(), text.as_bytes().to_vec(), limits)
            .map_err(|error| format!("cannot read what was written: {error:?}"))
    };
    let cannot = |error| format!("cannot write what was read: {error:?}");
    match tree.syntax() {
        Syntax::Json => {
            let compact = tree.root().to_json(Layout::Compact).map_err(cannot)?;
            same(tree.root(), read(&compact)?.root())?;
            let again = read(&tree.root().to_json(Layout::Indented).map_err(cannot)?)?;
            let compact_again = again.root().to_json(Layout::Compact).map_err(cannot)?;
            hold!(compact == compact_again, "indenting changes the text");
        }
        Syntax::Xml => {
            let written = tree.root().to_xml().map_err(cannot)?;
            let again = read(&written)?;
            same(tree.root(), again.root())?;
            hold!(
                again.root().to_xml().as_ref() == Ok(&written),
                "writing twice changes the text"
            );
            let stride = 1 + tree.node_count() / 8;
            for part in tree
                .nodes()
                .step_by(stride)
                .filter(|node| node.form() == Form::Element)
            {
                same(part, read(&part.to_xml().map_err(cannot)?)?.root())?;
            }
        }
    }
    Ok(())
}

/// The same content; declarations of namespaces may differ, what they come to may not.
fn same(one: Node<'_>, other: Node<'_>) -> Result<(), Broken> {
    let content = |node: &Node<'_>| {
        !node.raw().is_empty() && (node.form() != Form::Attribute || is_ordinary(*node))
    };
    let mut ours = one.with_descendants().filter(content);
    let mut theirs = other.with_descendants().filter(content);
    let mut is_top = true;
    loop {
        let (a, b) = match (ours.next(), theirs.next()) {
            (Some(a), Some(b)) => (a, b),
            (None, None) => return Ok(()),
            (a, b) => return Err(format!("nodes are lost or won: {a:?}, {b:?}")),
        };
        let place = |node: Node<'_>| (node.index(), node.is_repeated(), node.resumes());
        hold!(
            a.form() == b.form()
                && (is_top || (a.name() == b.name() && place(a) == place(b)))
                && a.prefix() == b.prefix()
                && a.namespace() == b.namespace()
                && a.as_str() == b.as_str()
                && a.number_text() == b.number_text()
                && a.len() == b.len(),
            "{a:?} is written as {b:?}"
        );
        is_top = false;
    }
}

fn is_ordinary(attribute: Node<'_>) -> bool {
    attribute
        .parent()
        .is_some_and(|element| element.attributes().any(|own| own == attribute))
}
