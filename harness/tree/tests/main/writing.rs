//! What the writers produce, and what they refuse. That it reads back the same is a property.

use plumbline_tree::{JsonWriter, Layout, Limits, Tree, WriteError, XmlWriter};

fn json(text: &str) -> Tree {
    Tree::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap()
}

fn xml(text: &str) -> Tree {
    Tree::parse_xml(text.as_bytes().to_vec(), &Limits::default()).unwrap()
}

#[test]
fn json_keeps_numbers_order_escapes_and_duplicates() {
    let text = r#" { "b" : 1.50 , "a\u0062" : [ 1E+2 , -0 , "\u00e9\/" , null , [ ] , { } ] , "b" : true } "#;
    let tree = json(text);
    assert_eq!(
        tree.root().to_json(Layout::Compact).unwrap(),
        r#"{"b":1.50,"a\u0062":[1E+2,-0,"\u00e9\/",null,[],{}],"b":true}"#
    );
    assert_eq!(
        tree.root().to_json(Layout::Indented).unwrap(),
        "{\n  \"b\": 1.50,\n  \"a\\u0062\": [\n    1E+2,\n    -0,\n    \"\\u00e9\\/\",\n    null,\n    [],\n    {}\n  ],\n  \"b\": true\n}"
    );
    let item = tree.at("ab/0").unwrap();
    assert_eq!(item.to_json(Layout::Compact).unwrap(), "1E+2");
    let list = tree.at("ab").unwrap();
    assert_eq!(
        list.to_json(Layout::Compact).unwrap(),
        r#"[1E+2,-0,"\u00e9\/",null,[],{}]"#
    );
}

#[test]
fn json_from_scratch() {
    let mut writer = JsonWriter::new(Layout::Compact);
    writer.begin_object();
    writer.name("a\"b");
    writer.begin_array();
    writer.string("\u{1}\n\t\r\\\u{7f}\u{2028}\u{1F600}");
    writer.number("1.50");
    writer.boolean(false);
    writer.null();
    writer.end();
    writer.name("copy");
    writer.node(json("{\"x\":[1]}").root());
    writer.end();
    let text = writer.finish().unwrap();
    assert_eq!(
        text,
        "{\"a\\\"b\":[\"\\u0001\\n\\t\\r\\\\\u{7f}\u{2028}\u{1F600}\",1.50,false,null],\"copy\":{\"x\":[1]}}"
    );
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
}

#[test]
fn json_out_of_place_is_told() {
    type Write = fn(&mut JsonWriter);
    let cases: [(&str, Write, WriteError); 10] = [
        ("nothing", |_| {}, WriteError::Incomplete),
        ("open", JsonWriter::begin_array, WriteError::Incomplete),
        (
            "two roots",
            |w| {
                w.null();
                w.null();
            },
            WriteError::OutOfPlace,
        ),
        (
            "a value without a name",
            |w| {
                w.begin_object();
                w.null();
                w.end();
            },
            WriteError::OutOfPlace,
        ),
        (
            "a name without a value",
            |w| {
                w.begin_object();
                w.name("a");
                w.end();
            },
            WriteError::OutOfPlace,
        ),
        (
            "two names",
            |w| {
                w.begin_object();
                w.name("a");
                w.name("b");
                w.null();
                w.end();
            },
            WriteError::OutOfPlace,
        ),
        (
            "a name in an array",
            |w| {
                w.begin_array();
                w.name("a");
                w.end();
            },
            WriteError::OutOfPlace,
        ),
        (
            "an end too many",
            |w| {
                w.null();
                w.end();
            },
            WriteError::OutOfPlace,
        ),
        ("no number", |w| w.number("01"), WriteError::NotANumber),
        (
            "an element",
            |w| w.node(xml("<a/>").root()),
            WriteError::OtherSyntax,
        ),
    ];
    for (what, write, wanted) in cases {
        let mut writer = JsonWriter::new(Layout::Indented);
        write(&mut writer);
        assert_eq!(writer.finish(), Err(wanted), "{what}");
    }
    for number in [
        "", "-", "+1", "1.", ".1", "1e", "NaN", "1 ", " 1", "0x1", "--1",
    ] {
        let mut writer = JsonWriter::new(Layout::Compact);
        writer.number(number);
        assert_eq!(writer.finish(), Err(WriteError::NotANumber), "{number:?}");
    }
}

#[test]
fn xml_keeps_order_text_and_white_space() {
    let text = "<?xml version='1.0'?><!-- x -->\r\n<a  b = 'x\"&#10;&lt;y' >\r\n <c></c><!-- y --> t&#13;<![CDATA[<z>]]> <c/>\n</a >\n";
    assert_eq!(
        xml(text).root().to_xml().unwrap(),
        "<a b=\"x&quot;&#10;&lt;y\">\n <c/> t&#13;&lt;z&gt; <c/>\n</a>"
    );
}

#[test]
fn a_part_of_xml_can_stand_alone() {
    let tree = xml(
        "<f:a xmlns:f='u' xmlns='v' xmlns:g='w' xmlns:x='unused'><f:b g:c='1'><d xmlns='' xmlns:g='z'><g:e/></d></f:b><h/></f:a>",
    );
    let part = tree.at("b").unwrap();
    assert_eq!(
        part.to_xml().unwrap(),
        "<f:b g:c=\"1\" xmlns=\"v\" xmlns:f=\"u\" xmlns:g=\"w\"><d xmlns=\"\" xmlns:g=\"z\"><g:e/></d></f:b>"
    );
    assert_eq!(tree.at("h").unwrap().to_xml().unwrap(), "<h xmlns=\"v\"/>");
    // In a place that has a default namespace, an element of none says so.
    let none = xml("<a><b/></a>");
    let mut writer = XmlWriter::new(Layout::Compact);
    writer.start("top");
    writer.attribute("xmlns", "v");
    writer.node(tree.at("h").unwrap());
    writer.node(none.at("b").unwrap());
    writer.end();
    assert_eq!(
        writer.finish().unwrap(),
        "<top xmlns=\"v\"><h/><b xmlns=\"\"/></top>"
    );
}

#[test]
fn xml_from_scratch() {
    let mut writer = XmlWriter::new(Layout::Indented);
    writer.start("Patient");
    writer.attribute("xmlns", "http://hl7.org/fhir");
    writer.start("id");
    writer.attribute("value", "a<b>&\"'\t\n\r\u{1F600}");
    writer.end();
    writer.start("text");
    writer.node(xml("<div><p>x</p> <p/></div>").root());
    writer.end();
    writer.start("note");
    writer.text("a < b\n");
    writer.start("i");
    writer.end();
    writer.end();
    writer.end();
    assert_eq!(
        writer.finish().unwrap(),
        "<Patient xmlns=\"http://hl7.org/fhir\">\n  <id value=\"a&lt;b&gt;&amp;&quot;'&#9;&#10;&#13;\u{1F600}\"/>\n  <text>\n    <div xmlns=\"\"><p>x</p> <p/></div>\n  </text>\n  <note>a &lt; b\n<i/></note>\n</Patient>"
    );
}

type Write = fn(&mut XmlWriter);

const MISPLACED: &[(&str, Write, WriteError)] = &[
    ("nothing", |_| {}, WriteError::Incomplete),
    ("open", |w| w.start("a"), WriteError::Incomplete),
    (
        "two roots",
        |w| {
            w.start("a");
            w.end();
            w.start("b");
            w.end();
        },
        WriteError::OutOfPlace,
    ),
    ("text outside", |w| w.text("a"), WriteError::OutOfPlace),
    (
        "an attribute after text",
        |w| {
            w.start("a");
            w.text("");
            w.attribute("b", "");
            w.end();
        },
        WriteError::OutOfPlace,
    ),
    (
        "an end too many",
        |w| {
            w.start("a");
            w.end();
            w.end();
        },
        WriteError::OutOfPlace,
    ),
    (
        "no name",
        |w| {
            w.start("1");
            w.end();
        },
        WriteError::NotAName,
    ),
    (
        "no name of an attribute",
        |w| {
            w.start("a");
            w.attribute("b c", "");
            w.end();
        },
        WriteError::NotAName,
    ),
    (
        "a prefix of nothing",
        |w| {
            w.start("p:a");
            w.end();
        },
        WriteError::UndeclaredPrefix,
    ),
    (
        "a prefix declared too deep",
        |w| {
            w.start("a");
            w.attribute("p:b", "");
            w.start("c");
            w.attribute("xmlns:p", "u");
            w.end();
            w.end();
        },
        WriteError::UndeclaredPrefix,
    ),
    (
        "an attribute twice",
        |w| {
            w.start("a");
            w.attribute("b", "");
            w.attribute("b", "");
            w.end();
        },
        WriteError::DuplicateAttribute,
    ),
    (
        "no character",
        |w| {
            w.start("a");
            w.text("\u{1}");
            w.end();
        },
        WriteError::NotACharacter,
    ),
    (
        "JSON",
        |w| w.node(json("{}").root()),
        WriteError::OtherSyntax,
    ),
];

#[test]
fn xml_out_of_place_is_told() {
    for (what, write, wanted) in MISPLACED {
        let mut writer = XmlWriter::new(Layout::Indented);
        write(&mut writer);
        assert_eq!(writer.finish(), Err(*wanted), "{what}");
    }
}

#[test]
fn writers_show_nothing_of_what_they_write() {
    let mut json = JsonWriter::new(Layout::Compact);
    json.begin_object();
    json.name("Hargreaves");
    json.string("Hargreaves");
    let mut xml = XmlWriter::new(Layout::Compact);
    xml.start("Hargreaves");
    xml.attribute("Hargreaves", "Hargreaves");
    let shown = format!("{json:?} {xml:?}");
    assert!(
        !shown.contains("Harg") && shown.contains("bytes"),
        "{shown}"
    );
}
