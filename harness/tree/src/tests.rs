//! Tests of the reader, with `serde_json` as the judge of what is JSON.

use crate::{AnomalyKind, Kind, Limits, Node, ParseErrorKind, Position, Tree};
use serde_json::Value;

const SAMPLE: &str = "{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n    {\"resource\": {\"id\": \"\u{e9}\u{1F600}a\", \"n\": -1.50e+2, \"t\": [true, false, null]}},\n    {\"esc\\u0061ped\": \"q\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83d\\ude00\"}\n  ],\n  \"a b\": {}\n}\n";

const INPUTS: &[&str] = &[
    "",
    " ",
    "null",
    "true",
    "false",
    "nul",
    "tru",
    "nulll",
    "True",
    "0",
    "-0",
    "-",
    "+1",
    "01",
    "-01",
    "1.",
    ".5",
    "1.5",
    "1e5",
    "1E+5",
    "1e-5",
    "1e",
    "1e+",
    "1.e5",
    "1e999",
    "-1e999",
    "123456789012345678901234567890",
    "0x10",
    "1 2",
    "1,",
    "NaN",
    "Infinity",
    "\"\"",
    "\"a",
    "\"a\"b",
    "'a'",
    "\"\\\"",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12G4\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\u0041\"",
    "\"\\ud800x\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\"",
    "\"\n\"",
    "\"\t\"",
    "\"\u{1}\"",
    "\"\u{7f}\"",
    "\"\u{2028}\"",
    "[]",
    "[ ]",
    "[1]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,,2]",
    "[",
    "]",
    "[1",
    "[1,",
    "{",
    "}",
    "{}",
    "{ }",
    "{1:2}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,\"a\":1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1,\"b\":2}",
    "{\"a\":1,\"a\":2}",
    "{\"\":0}",
    "{\"a\":1]",
    "[1}",
    "[[]]",
    "[[],[]]",
    "[{}]",
    "{\"a\":[{\"b\":[]}]}",
    " [ 1 , 2 ] ",
    "\r\n\t[1]\r\n",
    "\u{a0}1",
    "/*x*/1",
    "1//x",
    "[1]]",
    "{}{}",
    "truefalse",
    "\"\\u00e9\u{e9}\"",
    "{\"a\\u0062\":1}",
    "\u{0}",
    "1\u{0}",
    "\"\\/\"",
];

fn parse(text: &str) -> Result<Tree, ParseErrorKind> {
    Tree::parse(text.as_bytes().to_vec(), &Limits::default()).map_err(|error| error.kind)
}

/// The same value as `serde_json` reads; numbers are compared as text it would accept.
fn same(node: Node<'_>, value: &Value) -> bool {
    match value {
        Value::Null => node.is_null(),
        Value::Bool(b) => node.as_bool() == Some(*b),
        Value::Number(n) => {
            let text = node.number_text().unwrap();
            serde_json::from_str::<Value>(text).unwrap() == Value::Number(n.clone())
        }
        Value::String(s) => node.as_str() == Some(s),
        Value::Array(items) => {
            node.kind() == Kind::Array
                && node.len() == items.len()
                && node
                    .items()
                    .zip(items)
                    .all(|(node, value)| same(node, value))
        }
        Value::Object(members) => {
            // The last of several members of one name wins in serde_json.
            node.kind() == Kind::Object
                && members.iter().all(|(name, value)| {
                    node.members()
                        .filter(|(own, _)| own == name)
                        .last()
                        .is_some_and(|(_, node)| same(node, value))
                })
        }
    }
}

fn compare(bytes: &[u8]) {
    let ours = Tree::parse(bytes.to_vec(), &Limits::default());
    let theirs = serde_json::from_slice::<Value>(bytes);
    let shown = String::from_utf8_lossy(bytes);
    match (&ours, &theirs) {
        (Ok(tree), Ok(value)) => assert!(same(tree.root(), value), "{shown}"),
        (Err(error), Err(_)) => assert!(error.offset <= bytes.len(), "{shown}"),
        // We keep numbers as written, so none is too large.
        (Ok(_), Err(error)) => assert!(
            error.to_string().contains("out of range"),
            "{shown}: {error}"
        ),
        (Err(error), Ok(_)) => panic!("{shown}: {error}"),
    }
}

#[test]
fn accepts_and_rejects_what_serde_json_does() {
    for input in INPUTS {
        compare(input.as_bytes());
    }
    for bytes in [
        &b"\xff"[..],
        b"\"\xff\"",
        b"\"\xc3\"",
        b"\"\xed\xa0\x80\"",
        b"[\"\xf0\x9f\x98\x80\"]",
        b"\"\xc0\x80\"",
    ] {
        compare(bytes);
    }
    compare(SAMPLE.as_bytes());
}

/// A small generator with a fixed seed: pieces of JSON in random order, and damaged samples.
#[test]
fn agrees_with_serde_json_on_generated_input() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).unwrap()
    };
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\\n\"",
        "\"\\ud83d\\ude00\"",
        "1",
        "-2.5e3",
        "0",
        "true",
        "null",
        " ",
        "\n",
        "\"a\":",
        "[]",
        "{}",
        "\u{e9}",
        "\"\\",
    ];
    for _ in 0..4000 {
        let count = 1 + next(9);
        let text: String = (0..count).map(|_| pieces[next(pieces.len())]).collect();
        compare(text.as_bytes());
    }
    for _ in 0..2000 {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        let at = next(bytes.len());
        bytes[at] = u8::try_from(next(256)).unwrap();
        compare(&bytes);
    }
}

#[test]
fn truncation_at_every_byte_is_an_error() {
    let end = SAMPLE.trim_end().len();
    for length in 0..end {
        let bytes = &SAMPLE.as_bytes()[..length];
        compare(bytes);
        assert!(
            Tree::parse(bytes.to_vec(), &Limits::default()).is_err(),
            "{length}"
        );
    }
}

#[test]
fn reads_values_and_places() {
    let tree = parse(SAMPLE).unwrap();
    let resource = tree.at("entry/0/resource").unwrap();
    assert_eq!(resource.path(), "Bundle.entry[0].resource");
    assert_eq!(
        resource.get("id").and_then(Node::as_str),
        Some("\u{e9}\u{1F600}a")
    );
    let number = resource.get("n").unwrap();
    assert_eq!(number.number_text(), Some("-1.50e+2"));
    assert_eq!(number.as_i64(), None);
    assert_eq!(
        number.position(),
        Position {
            line: 4,
            column: 37
        }
    );
    assert_eq!(&SAMPLE[number.offset()..number.offset() + 8], "-1.50e+2");
    assert_eq!(
        tree.at("entry/0/resource/t/1").unwrap().path(),
        "Bundle.entry[0].resource.t[1]"
    );
    let escaped = tree.at("entry/1/escaped").unwrap();
    assert_eq!(escaped.as_str(), Some("q\"\\/\u{8}\u{c}\n\r\t\u{1F600}"));
    assert_eq!(escaped.name(), Some("escaped"));
    assert_eq!(escaped.parent(), tree.at("entry/1"));
    assert_eq!(tree.at("a b").unwrap().path(), "Bundle.`a b`");
    assert_eq!(tree.root().position(), Position { line: 1, column: 1 });
    assert_eq!(tree.root().members().count(), 3);
    assert_eq!(tree.at("entry/2"), None);
    assert_eq!(tree.at("entry/x"), None);
    assert_eq!(parse("[7]").unwrap().at("0").unwrap().as_i64(), Some(7));
    assert_eq!(parse("[7]").unwrap().at("0").unwrap().path(), "$[0]");
    assert_eq!(
        parse(r#"{"resourceType":"A b"}"#).unwrap().root().path(),
        "$"
    );
    assert!(tree.anomalies().is_empty());
}

#[test]
fn positions_in_a_long_line() {
    let text = format!("[\"{}\",\n {}7]", "\u{e9}".repeat(3000), "1,".repeat(3000));
    let tree = parse(&text).unwrap();
    let last = tree.root().items().last().unwrap();
    assert_eq!(
        last.position(),
        Position {
            line: 2,
            column: 6002
        }
    );
    let error = Tree::parse(b"[1,\n \xc3\xa9]".to_vec(), &Limits::default()).unwrap_err();
    assert_eq!((error.offset, error.line, error.column), (5, 2, 2));
    assert_eq!(error.kind, ParseErrorKind::UnexpectedCharacter);
}

#[test]
fn notes_anomalies() {
    let tree = parse("\u{feff}{\"a\":1,\"\\u0061\":2,\"b\":{\"c\":1,\"c\":2}}").unwrap();
    let kinds: Vec<_> = tree
        .anomalies()
        .iter()
        .map(|a| (a.kind, a.offset))
        .collect();
    assert_eq!(
        kinds,
        [
            (AnomalyKind::ByteOrderMark, 0),
            (AnomalyKind::DuplicateKey, 10),
            (AnomalyKind::DuplicateKey, 32),
        ]
    );
    assert_eq!(tree.root().get("a").and_then(Node::as_i64), Some(1));
    let many: Vec<String> = (0..100).map(|n| format!("\"k{}\":0", n % 99)).collect();
    let tree = parse(&format!("{{{}}}", many.join(","))).unwrap();
    assert_eq!(tree.anomalies().len(), 1);
}

#[test]
fn limits_hold() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(200)).is_ok());
    assert_eq!(parse(&nested(201)).unwrap_err(), ParseErrorKind::TooDeep);
    assert_eq!(
        parse(&"[{\"a\":".repeat(1_000_000)).unwrap_err(),
        ParseErrorKind::TooDeep
    );
    let deep = Limits {
        max_depth: usize::MAX,
        ..Limits::default()
    };
    let tree = Tree::parse(nested(100_000).into_bytes(), &deep).unwrap();
    assert_eq!(tree.nodes().last().unwrap().path().len(), 1 + 3 * 99_999);
    let small = Limits {
        max_bytes: 4,
        max_nodes: 2,
        ..Limits::default()
    };
    assert_eq!(
        Tree::parse(b"[1, 2]".to_vec(), &small).unwrap_err().kind,
        ParseErrorKind::TooLarge
    );
    let few = Limits {
        max_nodes: 2,
        ..Limits::default()
    };
    assert_eq!(
        Tree::parse(b"[1,2]".to_vec(), &few).unwrap_err().kind,
        ParseErrorKind::TooManyNodes
    );
}

#[test]
fn nothing_shows_the_source() {
    let tree = parse("{\"Hargreaves\":\"Hargreaves\"}").unwrap();
    let shown = format!("{tree:?} {:?} {:?}", tree.root(), tree.at("Hargreaves"));
    assert!(!shown.contains("Hargreaves"), "{shown}");
    let error = Tree::parse(b"{Hargreaves".to_vec(), &Limits::default()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Harg"));
    assert_eq!(
        error.to_string(),
        "a character that JSON does not allow here, at line 1, column 2"
    );
}

#[test]
fn a_value_has_one_text_and_a_name_is_found_however_written() {
    let tree =
        parse(r#"{"a":"x\u0079","b":-1.50,"c":true,"d":null,"e":[],"f":{},"\u0067":"h"}"#).unwrap();
    let texts: Vec<Option<&str>> = tree
        .root()
        .members()
        .map(|(_, it)| it.value_text())
        .collect();
    let none = None;
    assert_eq!(
        texts,
        [
            Some("xy"),
            Some("-1.50"),
            Some("true"),
            none,
            none,
            none,
            Some("h")
        ]
    );
    assert_eq!(tree.root().get("g").and_then(Node::as_str), Some("h"));
    assert_eq!(tree.root().get("\\u0067"), None);
    let body = br#"<a xmlns:p="q" v="1&amp;2">text<p:b/><b/><bb/></a>"#;
    let tree = Tree::parse_xml(body.to_vec(), &Limits::default()).unwrap();
    let root = tree.root();
    assert_eq!(root.attribute("v").and_then(Node::value_text), Some("1&2"));
    assert_eq!(root.texts().next().and_then(Node::value_text), None);
    assert_eq!((root.value_text(), root.named("b").count()), (None, 2));
}

#[test]
fn names_of_any_length_are_whole() {
    for length in [0, 1, 254, 255, 256, 65_535, 65_536, 70_000] {
        let name = "n".repeat(length);
        let longer = format!("{name}n");
        let text = format!(r#"{{"a":1,"{name}":[2],"{longer}":"\u0033","\u006e{name}":4}}"#);
        let tree = parse(&text).unwrap();
        let node = tree.root().get(&name).unwrap();
        assert_eq!(node.name(), Some(name.as_str()));
        assert_eq!(node.name_span(), Some(8..8 + length));
        assert_eq!(node.items().next().map(Node::raw), Some("2"));
        let written: Vec<usize> = tree.root().members().map(|it| it.0.len()).collect();
        assert_eq!(written, [1, length, length + 1, length + 1]);
        let both = tree.root().named(&longer).map(Node::value_text);
        assert_eq!(both.collect::<Vec<_>>(), [Some("3"), Some("4")]);
        let last = tree.root().named(&longer).last().unwrap();
        assert_eq!(last.name_span().unwrap().len(), length + 6);
        assert_eq!(tree.anomalies().len(), 1);
        if length == 0 {
            continue;
        }
        let text = format!(r#"<a><{name} p:{longer}="&lt;" {name}="y" xmlns:p="q"/></a>"#);
        let tree = Tree::parse_xml(text.into_bytes(), &Limits::default()).unwrap();
        let node = tree.root().get(&name).unwrap();
        assert_eq!(node.name_span(), Some(4..4 + length));
        assert_eq!(node.attribute(&name).and_then(Node::as_str), Some("y"));
        let first = node.attributes().next().unwrap();
        assert_eq!((first.name(), first.prefix()), (Some(&*longer), Some("p")));
        assert_eq!((first.namespace(), first.as_str()), (Some("q"), Some("<")));
        assert_eq!(node.inside().len(), 0);
    }
}

#[test]
fn any_number_of_namespaces_is_told_apart() {
    let own = |it: usize| format!(r#"<b xmlns="n{}"><c/></b>"#, it % 600);
    let text: String = (0..900).map(own).collect();
    let text = format!("<a><c/>{text}</a>");
    let tree = Tree::parse_xml(text.into_bytes(), &Limits::default()).unwrap();
    assert_eq!(tree.root().namespace(), None);
    for (at, node) in tree.root().named("b").enumerate() {
        let wanted = format!("n{}", at % 600);
        assert_eq!(node.namespace(), Some(wanted.as_str()));
        assert_eq!(node.get("c").and_then(Node::namespace), Some(&*wanted));
        assert_eq!(node.index(), Some(at / 600));
        assert_eq!(node.is_repeated(), !(300..600).contains(&at));
    }
}

#[test]
fn what_follows_a_node_is_what_is_not_below_it() {
    let xml = r#"<a b="1" c="2"><d e="3"/>text<f><g h="4">x</g></f></a>"#;
    for tree in [
        parse(SAMPLE).unwrap(),
        Tree::parse_xml(xml.as_bytes().to_vec(), &Limits::default()).unwrap(),
    ] {
        for node in tree.nodes() {
            let below = node.with_descendants().count();
            let after = node.number() as usize + below;
            assert_eq!(node.number_after() as usize, after, "{node:?}");
        }
    }
}
