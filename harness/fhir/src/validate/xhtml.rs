//! Which elements and attributes narrative may have, and a quick look at narrative in a string.
//! Not what is wrong with it: narrative.rs.
//!
//! Source: the invariant txt-1 of Narrative, which names chapters 7 to 11 (without 9.4) and 15 of HTML 4.0, links
//! and images. Deprecated elements are left out as the specification asks; the deprecated attributes of tables,
//! lists and images are in those chapters and are kept.

/// Elements, sorted.
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "area", "b", "bdo", "big", "blockquote", "br", "caption",
    "cite", "code", "col", "colgroup", "dd", "dfn", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "map", "ol", "p", "pre", "q", "samp",
    "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "tt", "ul", "var",
];

/// Attributes that any element may have, sorted.
const ATTRIBUTES: &[&str] = &[
    "abbr", "accesskey", "align", "axis", "bgcolor", "char", "charoff", "class", "colspan", "dir",
    "headers", "height", "id", "lang", "nowrap", "rowspan", "scope", "span", "style", "tabindex",
    "title", "valign", "width",
];

/// Attributes that single elements may have besides.
fn has_own(element: &str, attribute: &str) -> bool {
    match element {
        "a" => matches!(
            attribute,
            "charset" | "coords" | "href" | "hreflang" | "name" | "rel" | "rev" | "shape" | "type"
        ),
        "area" => matches!(attribute, "alt" | "coords" | "href" | "nohref" | "shape"),
        "blockquote" | "q" => attribute == "cite",
        "br" => attribute == "clear",
        "dl" => attribute == "compact",
        "hr" => matches!(attribute, "noshade" | "size"),
        "img" => matches!(
            attribute,
            "alt" | "border" | "hspace" | "ismap" | "longdesc" | "name" | "src" | "usemap" | "vspace"
        ),
        "li" => matches!(attribute, "type" | "value"),
        "map" => attribute == "name",
        "ol" => matches!(attribute, "compact" | "start" | "type"),
        "table" => matches!(
            attribute,
            "border" | "cellpadding" | "cellspacing" | "frame" | "rules" | "summary"
        ),
        "ul" => matches!(attribute, "compact" | "type"),
        _ => false,
    }
}

pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// Whether an element may have an attribute without a prefix.
pub(super) fn is_attribute(element: &str, name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok() || has_own(element, name)
}

/// Attributes with the prefix `xml`.
pub(super) fn is_xml_attribute(name: &str) -> bool {
    matches!(name, "lang" | "space")
}

const OPENING: &str = "<div xmlns=\"http://www.w3.org/1999/xhtml\"";

/// Whether narrative in a string is certainly as it should be. Comments, prefixes and all that is unusual is
/// not certain: then the narrative is read as XML.
pub(super) fn is_surely_good(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix(OPENING) else {
        return false;
    };
    let mut open: Vec<&str> = Vec::with_capacity(16);
    let mut has_content = false;
    let Some((after, is_closed)) = start_tag("div", rest) else {
        return false;
    };
    if is_closed {
        return false;
    }
    open.push("div");
    rest = after;
    loop {
        let Some(end) = rest.find('<') else {
            return false;
        };
        let (before, markup) = rest.split_at(end);
        match plain_text(before) {
            None => return false,
            Some(has_some) => has_content |= has_some,
        }
        if let Some(closing) = markup.strip_prefix("</") {
            let Some(name) = open.pop() else {
                return false;
            };
            let Some(after) = closing
                .strip_prefix(name)
                .and_then(|after| after.strip_prefix('>'))
            else {
                return false;
            };
            if open.is_empty() {
                return after.is_empty() && has_content;
            }
            rest = after;
            continue;
        }
        let opening = &markup[1..];
        let length = opening
            .bytes()
            .take_while(u8::is_ascii_alphanumeric)
            .count();
        let (name, attributes) = opening.split_at(length);
        if !is_element(name) {
            return false;
        }
        let Some((after, is_closed)) = start_tag(name, attributes) else {
            return false;
        };
        has_content |= name == "img";
        if !is_closed {
            if open.len() >= MOST_OPEN {
                return false;
            }
            open.push(name);
        }
        rest = after;
    }
}

/// More open elements than any narrative has; the limit of reading is above.
const MOST_OPEN: usize = 64;
/// More attributes than any element of narrative has.
const MOST_ATTRIBUTES: usize = 8;

/// What follows a start tag, and whether it closes itself. `None` for anything unusual.
fn start_tag<'t>(element: &str, mut rest: &'t str) -> Option<(&'t str, bool)> {
    let mut names = [""; MOST_ATTRIBUTES];
    let mut count = 0;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if let Some(after) = trimmed.strip_prefix('>') {
            return Some((after, false));
        }
        if let Some(after) = trimmed.strip_prefix("/>") {
            return Some((after, true));
        }
        if trimmed.len() == rest.len() {
            return None;
        }
        let (name, after) = trimmed.split_once('=')?;
        if !is_attribute(element, name) || names[..count].contains(&name) {
            return None;
        }
        *names.get_mut(count)? = name;
        count += 1;
        let mut quoted = after.chars();
        let quote = quoted.next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = quoted.as_str().split_once(quote)?;
        plain_text(value).filter(|_| !value.contains('<'))?;
        rest = after;
    }
}

/// Whether text holds more than white space; `None` for text that XML may not allow.
fn plain_text(text: &str) -> Option<bool> {
    let mut has_some = false;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            0..=b' ' => return None,
            b'&' => {
                is_reference(&text[at + 1..]).then_some(())?;
                has_some = true;
            }
            b']' if bytes.get(at + 1) == Some(&b']') => return None,
            // U+FFFE and U+FFFF begin with this byte.
            0xEF => {
                let character = text.get(at..)?.chars().next()?;
                if matches!(character, '\u{fffe}' | '\u{ffff}') {
                    return None;
                }
                has_some = true;
            }
            _ => has_some = true,
        }
    }
    Some(has_some)
}

/// Whether a reference to a character follows that every reader of XML knows.
fn is_reference(text: &str) -> bool {
    let Some((name, _)) = text.as_bytes().get(..8.min(text.len())).and_then(|start| {
        let end = start.iter().position(|byte| *byte == b';')?;
        Some((&text[..end], ()))
    }) else {
        return false;
    };
    if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
        return true;
    }
    // Visible characters of the first plane, below the surrogates.
    let number = name.strip_prefix('#').and_then(|it| it.parse::<u32>().ok());
    number.is_some_and(|number| (0x21..0xd800).contains(&number)) && !name.contains('+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(ELEMENTS.is_sorted());
        assert!(ATTRIBUTES.is_sorted());
    }

    #[test]
    fn ordinary_narrative_is_surely_good() {
        let div = |inner: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        for inner in [
            "text",
            "<p>a &amp; b &#160;</p>",
            "<table border=\"1\"><tr><td colspan='2'>x</td></tr></table>",
            "<img src=\"#a\" alt=\"b\"/>",
            "a<br/>b",
            "\u{feff}zero",
        ] {
            assert!(is_surely_good(&div(inner)), "{inner}");
        }
        for inner in [
            "",
            " ",
            "<p></p>",
            "<script>x</script>",
            "<p onclick=\"x\">a</p>",
            "<p class=\"a\" class=\"b\">a</p>",
            "<p>a",
            "a</p>",
            "&nbsp;",
            "a & b",
            "&#0;",
            "]]>",
            "\u{1}a",
            "\u{ffff}a",
            "<!-- c -->a",
            "<P>a</P>",
            "</div><div>a",
        ] {
            assert!(!is_surely_good(&div(inner)), "{inner}");
        }
        for text in ["", "text", "<div>a</div>", "<p>a</p>", "<div xmlns=\"x\">a</div>"] {
            assert!(!is_surely_good(text), "{text}");
        }
    }
}
