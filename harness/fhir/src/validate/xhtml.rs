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

/// More open elements than any narrative has; the limit of reading is above.
const MOST_OPEN: usize = 64;
/// More attributes than any element of narrative has.
const MOST_ATTRIBUTES: usize = 8;

/// Whether narrative in a string is certainly as it should be. Comments, prefixes and all that is unusual is
/// not certain: then the narrative is read as XML.
pub(super) fn is_surely_good(text: &str) -> bool {
    Look { text, at: 0 }.through().is_some()
}

/// What a byte is to this look. Those that need no look come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Plain,
    Space,
    Quote,
    /// `<`
    Tag,
    /// `&`
    Reference,
    /// A byte that begins characters which XML does not allow, among many that it does.
    Doubtful,
    /// `]`, of which three characters may begin something that XML does not allow.
    Bracket,
    Forbidden,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let mut at = 0;
    while at < 0x20 {
        classes[at] = Class::Forbidden;
        at += 1;
    }
    classes[b'\t' as usize] = Class::Space;
    classes[b'\n' as usize] = Class::Space;
    classes[b'\r' as usize] = Class::Space;
    classes[b' ' as usize] = Class::Space;
    classes[b'"' as usize] = Class::Quote;
    classes[b'\'' as usize] = Class::Quote;
    classes[b'<' as usize] = Class::Tag;
    classes[b'&' as usize] = Class::Reference;
    classes[b']' as usize] = Class::Bracket;
    classes[0xEF] = Class::Doubtful;
    classes
};

/// A look at narrative from its beginning to its end. Each step is `None` for what is not certainly good.
struct Look<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Look<'t> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, wanted: &str) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(wanted.as_bytes()).then(|| {
            self.at += wanted.len();
        })
    }

    fn through(mut self) -> Option<()> {
        self.skip(OPENING)?;
        let mut open: Vec<&'t str> = Vec::with_capacity(16);
        let mut has_content = false;
        if self.attributes("div")? {
            return None;
        }
        open.push("div");
        loop {
            has_content |= self.content(None)?;
            self.at += 1;
            if self.byte()? == b'/' {
                self.at += 1;
                self.skip(open.pop()?)?;
                self.skip(">")?;
                if open.is_empty() {
                    return (has_content && self.at == self.text.len()).then_some(());
                }
                continue;
            }
            let name = self.name()?;
            if !is_element(name) {
                return None;
            }
            has_content |= name == "img";
            let is_closed = self.attributes(name)?;
            if !is_closed {
                (open.len() < MOST_OPEN).then(|| open.push(name))?;
            }
        }
    }

    fn name(&mut self) -> Option<&'t str> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric());
        let end = self.at + length.count();
        let name = self.text.get(self.at..end)?;
        self.at = end;
        Some(name)
    }

    /// Attributes and the end of a start tag. Says whether the element is closed with it.
    fn attributes(&mut self, element: &str) -> Option<bool> {
        let mut names = [""; MOST_ATTRIBUTES];
        let mut count = 0;
        loop {
            let before = self.at;
            while matches!(self.byte()?, b' ' | b'\t' | b'\n' | b'\r') {
                self.at += 1;
            }
            match self.byte()? {
                b'>' => {
                    self.at += 1;
                    return Some(false);
                }
                b'/' => return self.skip("/>").map(|()| true),
                _ if self.at == before => return None,
                _ => {}
            }
            let name = self.name()?;
            if !is_attribute(element, name) || names.get(..count)?.contains(&name) {
                return None;
            }
            *names.get_mut(count)? = name;
            count += 1;
            self.skip("=")?;
            let quote = self.byte().filter(|byte| matches!(byte, b'"' | b'\''))?;
            self.at += 1;
            self.content(Some(quote))?;
            self.at += 1;
        }
    }

    /// Goes to the next tag, or to the quote that ends a value. Says whether there is more than white space before.
    fn content(&mut self, quote: Option<u8>) -> Option<bool> {
        let mut rest = self.text.as_bytes().get(self.at..)?;
        let mut has_some = false;
        loop {
            let is_special = |byte: &u8| CLASSES[usize::from(*byte)] > Class::Space;
            let length = rest.iter().position(is_special)?;
            let (plain, special) = rest.split_at_checked(length)?;
            has_some = has_some || plain.iter().any(|byte| *byte > b' ');
            rest = special;
            let (byte, after) = rest.split_first()?;
            let at = self.text.len() - rest.len();
            match CLASSES[usize::from(*byte)] {
                Class::Quote if Some(*byte) == quote => {
                    self.at = at;
                    return Some(has_some);
                }
                Class::Tag if quote.is_none() => {
                    self.at = at;
                    return Some(has_some);
                }
                Class::Plain | Class::Space | Class::Quote => has_some = true,
                Class::Reference => {
                    has_some = true;
                    is_reference(self.text.get(at + 1..)?).then_some(())?;
                }
                Class::Doubtful => {
                    has_some = true;
                    let character = self.text.get(at..)?.chars().next()?;
                    (!matches!(character, '\u{fffe}' | '\u{ffff}')).then_some(())?;
                }
                Class::Bracket => {
                    has_some = true;
                    (after.first() != Some(&b']')).then_some(())?;
                }
                Class::Tag | Class::Forbidden => return None,
            }
            rest = after;
        }
    }
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
