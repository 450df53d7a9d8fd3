//! Which elements and attributes narrative may have. Not what is wrong with it: narrative.rs.
//!
//! Source: the invariant txt-1 of Narrative, which names chapters 7 to 11 (without 9.4) and 15 of HTML 4.0, links
//! and images. Deprecated elements are left out as the specification asks; the deprecated attributes of tables,
//! lists and images are in those chapters and are kept.

/// Attributes that single elements may have besides.
fn has_own(element: &[u8], attribute: &[u8]) -> bool {
    match element {
        b"a" => matches!(
            attribute,
            b"charset"
                | b"coords"
                | b"href"
                | b"hreflang"
                | b"name"
                | b"rel"
                | b"rev"
                | b"shape"
                | b"type"
        ),
        b"area" => matches!(
            attribute,
            b"alt" | b"coords" | b"href" | b"nohref" | b"shape"
        ),
        b"blockquote" | b"q" => attribute == b"cite",
        b"br" => attribute == b"clear",
        b"dl" => attribute == b"compact",
        b"hr" => matches!(attribute, b"noshade" | b"size"),
        b"img" => matches!(
            attribute,
            b"alt"
                | b"border"
                | b"hspace"
                | b"ismap"
                | b"longdesc"
                | b"name"
                | b"src"
                | b"usemap"
                | b"vspace"
        ),
        b"li" => matches!(attribute, b"type" | b"value"),
        b"map" => attribute == b"name",
        b"ol" => matches!(attribute, b"compact" | b"start" | b"type"),
        b"table" => matches!(
            attribute,
            b"border" | b"cellpadding" | b"cellspacing" | b"frame" | b"rules" | b"summary"
        ),
        b"ul" => matches!(attribute, b"compact" | b"type"),
        _ => false,
    }
}

/// Whether narrative may have this element.
pub(super) fn is_element(name: &[u8]) -> bool {
    // Patterns of bytes are compared by length and letter, which is quicker than a search.
    matches!(
        name,
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
pub(super) fn is_attribute(element: &[u8], name: &[u8]) -> bool {
    is_common_attribute(name) || has_own(element, name)
}

/// Attributes that any element may have.
fn is_common_attribute(name: &[u8]) -> bool {
    matches!(
        name,
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
