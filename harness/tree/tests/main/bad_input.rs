//! Bodies that no honest system sends: each has a verdict, a place, and no more memory than its length warrants. Single odd characters are in the corpus, time in
//! linear.rs.

use plumbline_tree::{AnomalyKind, Encoding, Limits, ParseErrorKind as Kind, Syntax, Tree};

const MEGABYTE: usize = 1 << 20;

fn read(syntax: Syntax, bytes: impl Into<Vec<u8>>) -> Result<Tree, (Kind, usize)> {
    Tree::parse_as(syntax, bytes.into(), &Limits::default())
        .map_err(|error| (error.kind, error.offset))
}

fn json(bytes: impl Into<Vec<u8>>) -> Result<Tree, (Kind, usize)> {
    read(Syntax::Json, bytes)
}

fn xml(bytes: impl Into<Vec<u8>>) -> Result<Tree, (Kind, usize)> {
    read(Syntax::Xml, bytes)
}

fn utf16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(encode).collect()
}

#[test]
fn other_encodings_are_refused_by_name() {
    for text in [
        "{\"a\":\"\u{e9}\"}",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
    ] {
        for (bytes, encoding, name) in [
            (
                utf16(text, u16::to_le_bytes),
                Encoding::Utf16LittleEndian,
                "UTF-16 (little-endian)",
            ),
            (
                utf16(text, u16::to_be_bytes),
                Encoding::Utf16BigEndian,
                "UTF-16 (big-endian)",
            ),
            (
                utf16(&format!("\u{feff}{text}"), u16::to_le_bytes),
                Encoding::Utf16LittleEndian,
                "UTF-16 (little-endian)",
            ),
            (
                utf16(&format!("\u{feff}{text}"), u16::to_be_bytes),
                Encoding::Utf16BigEndian,
                "UTF-16 (big-endian)",
            ),
            (
                text.chars()
                    .flat_map(|c| u32::from(c).to_le_bytes())
                    .collect(),
                Encoding::Utf32,
                "UTF-32",
            ),
            (
                text.chars()
                    .flat_map(|c| u32::from(c).to_be_bytes())
                    .collect(),
                Encoding::Utf32,
                "UTF-32",
            ),
        ] {
            for syntax in [Syntax::Json, Syntax::Xml] {
                let error = Tree::parse_as(syntax, bytes.clone(), &Limits::default()).unwrap_err();
                assert_eq!(error.kind, Kind::ForeignEncoding(encoding));
                assert!(error.to_string().contains(name), "{error}");
            }
        }
    }
}

#[test]
fn other_declared_encodings_are_refused_by_name() {
    for (declared, shown) in [
        ("ISO-8859-1", "names ISO-8859-1"),
        ("latin1", "names ISO-8859-1"),
        ("iso-8859-15", "names ISO-8859-15"),
        ("Windows-1252", "names windows-1252"),
        ("us-ascii", "names US-ASCII"),
        ("utf-16", "names UTF-16"),
        ("EBCDIC-CP-UK", "names an encoding other than UTF-8"),
    ] {
        let text = format!("<?xml version=\"1.0\" encoding=\"{declared}\"?>\n<a/>");
        let error = Tree::parse_xml(text.into_bytes(), &Limits::default()).unwrap_err();
        assert!(matches!(error.kind, Kind::DeclaredEncoding(_)), "{error:?}");
        assert_eq!((error.offset, error.line, error.column), (20, 1, 21));
        assert!(error.to_string().contains(shown), "{error}");
    }
    for fine in ["UTF-8", "utf-8", "Utf-8"] {
        assert!(xml(format!("<?xml version='1.0' encoding='{fine}'?><a/>")).is_ok());
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_where_they_are() {
    for (bytes, offset) in [
        (&b"{\"name\": \"Zo\xeb\"}"[..], 12),
        (b"<a b=\"Zo\xeb\"/>", 8),
        (b"\"\xc0\x80\"", 1),
        (b"\"\xed\xa0\x80\"", 1),
        (b"\"\xf4\x90\x80\x80\"", 1),
        (b"\"\xe9", 1),
    ] {
        for syntax in [Syntax::Json, Syntax::Xml] {
            assert_eq!(
                read(syntax, bytes).unwrap_err(),
                (Kind::InvalidUtf8, offset)
            );
        }
    }
}

#[test]
fn archives_and_binaries_are_refused_by_name() {
    for syntax in [Syntax::Json, Syntax::Xml] {
        assert_eq!(
            read(syntax, *b"PK\x03\x04\x14\0\0\0").unwrap_err(),
            (Kind::ZipArchive, 0)
        );
        assert_eq!(
            read(syntax, *b"PK\x05\x06\0\0\0\0").unwrap_err(),
            (Kind::ZipArchive, 0)
        );
        assert_eq!(
            read(syntax, *b"\x1f\x8b\x08\0\0").unwrap_err(),
            (Kind::Gzip, 0)
        );
        assert!(read(syntax, *b"%PDF-1.7\n\x01").is_err());
        assert!(read(syntax, *b"\0\0\0\0").is_err());
    }
    assert_eq!(json(*b"{\"a\":\"b\0\"}").unwrap_err(), (Kind::Nul, 7));
    assert_eq!(json(*b"{\"a\":1}\0").unwrap_err(), (Kind::Nul, 7));
    assert_eq!(json(*b"{\0\"a\":1}").unwrap_err(), (Kind::Nul, 1));
    assert_eq!(xml(*b"<a b=\"\0\"/>").unwrap_err(), (Kind::Nul, 6));
    assert_eq!(xml(*b"<a/>\0").unwrap_err(), (Kind::Nul, 4));
}

#[test]
fn the_wrong_syntax_is_told() {
    assert_eq!(json("  <Patient/>").unwrap_err(), (Kind::NotJson, 2));
    assert_eq!(
        json("\u{feff}<!DOCTYPE html>").unwrap_err(),
        (Kind::NotJson, 3)
    );
    assert_eq!(xml("\n{\"a\": 1}").unwrap_err(), (Kind::NotXml, 1));
    assert_eq!(xml("[]").unwrap_err(), (Kind::NotXml, 0));
    assert_eq!(xml("not found").unwrap_err(), (Kind::TextOutside, 0));
    assert_eq!(Syntax::guess(b" \n<a/>"), Some(Syntax::Xml));
    assert_eq!(Syntax::guess(b"\xef\xbb\xbf{}"), Some(Syntax::Json));
    assert_eq!(Syntax::guess(b"  "), None);
}

#[test]
fn nothing_is_told() {
    for empty in ["", " \r\n\t", "\u{feff}"] {
        assert_eq!(json(empty).unwrap_err(), (Kind::Empty, empty.len()));
        assert_eq!(xml(empty).unwrap_err(), (Kind::Empty, empty.len()));
    }
    let prolog = "<?xml version=\"1.0\"?><!-- nothing --><?pi?>";
    assert_eq!(xml(prolog).unwrap_err(), (Kind::Empty, prolog.len()));
}

#[test]
fn comments_in_json_are_refused_as_such() {
    for (text, offset) in [
        ("// x\n{}", 0),
        ("{} // x", 3),
        ("{/* x */\"a\":1}", 1),
        ("{\"a\" /* x */:1}", 5),
        ("{\"a\": // x\n1}", 6),
        ("[1 /* x */]", 3),
        ("[1, // x\n2]", 4),
    ] {
        assert_eq!(json(text).unwrap_err(), (Kind::Comment, offset), "{text}");
    }
    assert_eq!(json("{/}").unwrap_err(), (Kind::UnexpectedCharacter, 1));
}

#[test]
fn document_types_and_entities_are_refused() {
    for (text, wanted) in [
        ("<!DOCTYPE a><a/>", (Kind::DocumentType, 0)),
        (
            "<?xml version=\"1.0\"?>\n<!doctype html><html/>",
            (Kind::DocumentType, 22),
        ),
        // An entity bomb.
        (
            "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>",
            (Kind::DocumentType, 0),
        ),
        // Files and addresses of others.
        (
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
            (Kind::DocumentType, 0),
        ),
        (
            "<!DOCTYPE a SYSTEM \"http://example.org/a.dtd\"><a/>",
            (Kind::DocumentType, 0),
        ),
        (
            "<!DOCTYPE a [<!ENTITY % b SYSTEM \"http://example.org/\"> %b;]><a/>",
            (Kind::DocumentType, 0),
        ),
        ("<!DOCTYPE a [", (Kind::DocumentType, 0)),
        ("<!DOCTYPE>", (Kind::DocumentType, 9)),
        ("<a><!DOCTYPE b></a>", (Kind::DocumentType, 3)),
        ("<a>&nbsp;</a>", (Kind::UnknownEntity, 3)),
        ("<a b=\"&c;\"/>", (Kind::UnknownEntity, 6)),
        ("<a xmlns=\"&c;\"/>", (Kind::UnknownEntity, 10)),
    ] {
        assert_eq!(xml(text).unwrap_err(), wanted, "{text}");
    }
    let five = xml(
        "<a b=\"&amp;&lt;&gt;&quot;&apos;&#38;&#x26;\">&amp;&lt;&gt;&quot;&apos;&#38;&#x26;</a>",
    )
    .unwrap();
    assert_eq!(five.at("@b").unwrap().as_str(), Some("&<>\"'&&"));
    assert_eq!(
        five.root().texts().next().unwrap().as_str(),
        Some("&<>\"'&&")
    );
}

#[test]
fn nesting_is_bounded_and_needs_no_stack() {
    let nested_json = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let nested_xml = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(json(nested_json(200)).is_ok());
    assert!(xml(nested_xml(200)).is_ok());
    assert_eq!(json(nested_json(201)).unwrap_err(), (Kind::TooDeep, 200));
    assert_eq!(xml(nested_xml(201)).unwrap_err(), (Kind::TooDeep, 600));
    assert_eq!(json(nested_json(5_000)).unwrap_err().0, Kind::TooDeep);
    assert_eq!(xml(nested_xml(5_000)).unwrap_err().0, Kind::TooDeep);
    // An element without content counts as an array without items does.
    assert_eq!(
        xml(format!("{}<b/>", "<a>".repeat(200))).unwrap_err().0,
        Kind::TooDeep
    );
    // Not closed at all.
    assert_eq!(json("[".repeat(MEGABYTE)).unwrap_err().0, Kind::TooDeep);
    assert_eq!(xml("<a>".repeat(MEGABYTE)).unwrap_err().0, Kind::TooDeep);

    let deep = Limits {
        max_depth: usize::MAX,
        ..Limits::default()
    };
    let tree = Tree::parse(nested_json(100_000).into_bytes(), &deep).unwrap();
    assert_eq!(
        tree.root()
            .to_json(plumbline_tree::Layout::Compact)
            .unwrap()
            .len(),
        200_000
    );
    let tree = Tree::parse_xml(nested_xml(100_000).into_bytes(), &deep).unwrap();
    assert_eq!(tree.nodes().last().unwrap().path().len(), 2 * 100_000 - 1);
    assert_eq!(tree.root().to_xml().unwrap().len(), 700_000 - 3);
}

#[test]
fn size_is_bounded_by_the_limit_given() {
    let large = 50 * MEGABYTE;
    let data = "A".repeat(large);
    for (syntax, text) in [
        (Syntax::Json, format!("{{\"data\":\"{data}\"}}")),
        (
            Syntax::Xml,
            format!("<Binary><data value=\"{data}\"/></Binary>"),
        ),
    ] {
        let length = text.len();
        let tight = Limits {
            max_bytes: length - 1,
            ..Limits::default()
        };
        let error = Tree::parse_as(syntax, text.clone().into_bytes(), &tight).unwrap_err();
        assert_eq!((error.kind, error.offset), (Kind::TooLarge, length - 1));
        let tree = read(syntax, text).unwrap();
        // The data itself is nowhere copied.
        assert!(tree.arena_bytes() < MEGABYTE, "{}", tree.arena_bytes());
    }
}

#[test]
fn a_million_of_anything_is_bounded() {
    let million = 1_000_000;
    for (syntax, text, nodes) in [
        (
            Syntax::Json,
            format!("[{}1]", "1,".repeat(million - 1)),
            million + 1,
        ),
        (
            Syntax::Json,
            format!("[{}{{}}]", "{},".repeat(million - 1)),
            million + 1,
        ),
        (
            Syntax::Xml,
            format!("<a>{}</a>", "<b/>".repeat(million)),
            million + 1,
        ),
        (
            Syntax::Xml,
            format!("<a>{}</a>", "x<b/>".repeat(million)),
            2 * million + 1,
        ),
    ] {
        let tree = read(syntax, text.clone()).unwrap();
        assert_eq!(tree.node_count(), nodes);
        assert!(tree.arena_bytes() <= 45 * nodes, "{}", tree.arena_bytes());
        assert_eq!(tree.root().len(), million);
        let few = Limits {
            max_nodes: 1_000,
            ..Limits::default()
        };
        let error = Tree::parse_as(syntax, text.into_bytes(), &few).unwrap_err();
        assert_eq!(error.kind, Kind::TooManyNodes);
    }
    // What only looks like many values gets no memory for them.
    let tree = json(format!("\"{}\"", ",".repeat(10 * MEGABYTE))).unwrap();
    assert!(tree.arena_bytes() < 1_000, "{}", tree.arena_bytes());
}

#[test]
fn too_much_on_one_element_is_refused() {
    let attributes = |count: usize| {
        let all: Vec<_> = (0..count).map(|n| format!(" a{n}=''")).collect();
        let all = all.concat();
        format!("<a{all}/>")
    };
    assert_eq!(
        xml(attributes(65_535)).unwrap().root().attributes().count(),
        65_535
    );
    assert_eq!(
        xml(attributes(65_536)).unwrap_err().0,
        Kind::TooManyAttributes
    );
    let prefixes = |count: usize| {
        let all: Vec<_> = (0..count).map(|n| format!(" xmlns:p{n}='u{n}'")).collect();
        let all = all.concat();
        format!("<a{all}/>")
    };
    assert!(xml(prefixes(100)).is_ok());
    assert_eq!(xml(prefixes(101)).unwrap_err().0, Kind::TooManyNamespaces);
}

#[test]
fn anomalies_are_told_where_they_are() {
    let told = |tree: Tree| -> Vec<(AnomalyKind, usize)> {
        let anomalies = tree.anomalies().iter();
        anomalies
            .map(|anomaly| (anomaly.kind, anomaly.offset))
            .collect()
    };
    assert_eq!(
        told(json("\u{feff}{\"a\":1,\"a\":2}").unwrap()),
        [
            (AnomalyKind::ByteOrderMark, 0),
            (AnomalyKind::DuplicateKey, 10)
        ]
    );
    assert_eq!(
        told(xml("\u{feff}<a b='x\r\n\ty' c='&#10;' d='\t'/>").unwrap()),
        [
            (AnomalyKind::ByteOrderMark, 0),
            (AnomalyKind::BreakInAttribute, 10),
            (AnomalyKind::BreakInAttribute, 29),
        ]
    );
    assert_eq!(
        xml("\u{feff}\u{feff}<a/>").unwrap_err(),
        (Kind::TextOutside, 3)
    );
    assert_eq!(
        json("\u{feff}\u{feff}1").unwrap_err(),
        (Kind::UnexpectedCharacter, 3)
    );
}
