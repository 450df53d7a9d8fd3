//! Which elements and attributes narrative may have, and a quick look at narrative in a string.
//! Not what is wrong with it: narrative.rs.
//!
//! Source: the invariant txt-1 of Narrative, which names chapters 7 to 11 (without 9.4) and 15 of HTML 4.0, links
//! and images. Deprecated elements are left out as the specification asks; the deprecated attributes of tables,
//! lists and images are in those chapters and are kept.

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
            "alt"
                | "border"
                | "hspace"
                | "ismap"
                | "longdesc"
                | "name"
                | "src"
                | "usemap"
                | "vspace"
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

/// Whether narrative may have this element.
pub(super) fn is_element(name: &str) -> bool {
    // Patterns of bytes are compared by length and letter, which is quicker than a search.
    matches!(
        name.as_bytes(),
        b"a" | b"abbr"
            | b"acronym"
            | b"address"
            | b"area"
            | b"b"
            | b"bdo"
            | b"big"
            | b"blockquote"
            | b"br"
            | b"caption"
            | b"cite"
            | b"code"
            | b"col"
            | b"colgroup"
            | b"dd"
            | b"dfn"
            | b"div"
            | b"dl"
            | b"dt"
            | b"em"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"hr"
            | b"i"
            | b"img"
            | b"kbd"
            | b"li"
            | b"map"
            | b"ol"
            | b"p"
            | b"pre"
            | b"q"
            | b"samp"
            | b"small"
            | b"span"
            | b"strong"
            | b"sub"
            | b"sup"
            | b"table"
            | b"tbody"
            | b"td"
            | b"tfoot"
            | b"th"
            | b"thead"
            | b"tr"
            | b"tt"
            | b"ul"
            | b"var"
    )
}

/// Whether an element may have an attribute without a prefix.
pub(super) fn is_attribute(element: &str, name: &str) -> bool {
    is_common_attribute(name) || has_own(element, name)
}

/// Attributes that any element may have.
fn is_common_attribute(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"abbr"
            | b"accesskey"
            | b"align"
            | b"axis"
            | b"bgcolor"
            | b"char"
            | b"charoff"
            | b"class"
            | b"colspan"
            | b"dir"
            | b"headers"
            | b"height"
            | b"id"
            | b"lang"
            | b"nowrap"
            | b"rowspan"
            | b"scope"
            | b"span"
            | b"style"
            | b"tabindex"
            | b"title"
            | b"valign"
            | b"width"
    )
}

/// Attributes with the prefix `xml`.
pub(super) fn is_xml_attribute(name: &str) -> bool {
    matches!(name, "lang" | "space")
}

const OPENING: &str = "<div xmlns=\"http://www.w3.org/1999/xhtml\"";

/// Whether narrative in a string is certainly as it should be. Comments, prefixes and all that is unusual is
/// not certain: then the narrative is read as XML.
pub(super) fn is_surely_good(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(OPENING) else {
        return false;
    };
    let is_plain = !has_odd(text.as_bytes());
    let mut open: Vec<&str> = Vec::with_capacity(16);
    let mut has_content = false;
    let Some((mut rest, false)) = start_tag("div", rest, is_plain) else {
        return false;
    };
    open.push("div");
    loop {
        let Some(end) = rest.bytes().position(|byte| byte == b'<') else {
            return false;
        };
        let (before, markup) = rest.split_at(end);
        if !is_plain && !is_good_text(before) {
            return false;
        }
        has_content = has_content || before.bytes().any(|byte| byte > b' ');
        if let Some(closing) = markup.strip_prefix("</") {
            let closed = open.pop().and_then(|name| closing.strip_prefix(name));
            let Some(after) = closed.and_then(|after| after.strip_prefix('>')) else {
                return false;
            };
            if open.is_empty() {
                return after.is_empty() && has_content;
            }
            rest = after;
            continue;
        }
        let opening = markup.get(1..).unwrap_or_default();
        let length = opening
            .bytes()
            .take_while(u8::is_ascii_alphanumeric)
            .count();
        let (name, attributes) = opening.split_at(length);
        if !is_element(name) {
            return false;
        }
        let Some((after, is_closed)) = start_tag(name, attributes, is_plain) else {
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

/// Whether there is a character that must be looked at: few texts have one, and this is quick.
fn has_odd(bytes: &[u8]) -> bool {
    bytes.chunks(64).any(|chunk| {
        let odd = |all: bool, byte: &u8| all | is_odd(*byte);
        chunk.iter().fold(false, odd)
    })
}

/// Characters that XML may not allow, or that begin something.
const fn is_odd(byte: u8) -> bool {
    byte < b' ' && byte != b'\n' && byte != b'\r' && byte != b'\t'
        || byte == b'&'
        || byte == b']'
        || byte == 0xEF
}

/// More open elements than any narrative has; the limit of reading is above.
const MOST_OPEN: usize = 64;
/// More attributes than any element of narrative has.
const MOST_ATTRIBUTES: usize = 8;

/// What follows a start tag, and whether it closes itself. `None` for anything unusual.
fn start_tag<'t>(element: &str, mut rest: &'t str, is_plain: bool) -> Option<(&'t str, bool)> {
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
        if !is_attribute(element, name) || names.get(..count)?.contains(&name) {
            return None;
        }
        *names.get_mut(count)? = name;
        count += 1;
        let mut quoted = after.chars();
        let quote = quoted.next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = quoted.as_str().split_once(quote)?;
        if value.contains('<') || !is_plain && !is_good_text(value) {
            return None;
        }
        rest = after;
    }
}

/// Whether XML allows every character and reference of a text.
fn is_good_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let odd = bytes.iter().enumerate().filter(|(_, byte)| is_odd(**byte));
    let mut judged = odd.map(|(at, byte)| match byte {
        b'&' => is_reference(text.get(at + 1..).unwrap_or_default()),
        b']' => bytes.get(at + 1) != Some(&b']'),
        // U+FFFE and U+FFFF begin with this byte.
        0xEF => {
            let character = text.get(at..).and_then(|rest| rest.chars().next());
            !matches!(character, None | Some('\u{fffe}' | '\u{ffff}'))
        }
        _ => false,
    });
    judged.all(|is_good| is_good)
}

/// Whether a reference to a character follows that every reader of XML knows.
fn is_reference(text: &str) -> bool {
    let Some((name, _)) = text.split_once(';') else {
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
    fn ordinary_narrative_is_surely_good() {
        let div =
            |inner: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
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
        for text in [
            "",
            "text",
            "<div>a</div>",
            "<p>a</p>",
            "<div xmlns=\"x\">a</div>",
        ] {
            assert!(!is_surely_good(text), "{text}");
        }
    }
}
