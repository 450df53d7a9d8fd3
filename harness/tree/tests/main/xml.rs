//! What is well-formed XML with namespaces and what is not, and what a tree of it answers.

use plumbline_tree::{
    AnomalyKind, Asides, Form, Kind as ValueKind, Limits, Node, ParseErrorKind as Kind, Position,
    Tree,
};

fn read(text: &str) -> Result<Tree, (Kind, usize)> {
    Tree::parse_xml(text.as_bytes().to_vec(), &Limits::default())
        .map_err(|error| (error.kind, error.offset))
}

fn tree(text: &str) -> Tree {
    match read(text) {
        Ok(tree) => tree,
        Err(error) => panic!("{text}: {error:?}"),
    }
}

const SAMPLE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<Patient xmlns=\"http://hl7.org/fhir\" xmlns:x=\"u\">
  <!-- \u{e9} --><id value=\"p-1\"/>
  <text><div xmlns=\"http://www.w3.org/1999/xhtml\">\u{e9}<b>B</b> &amp; <i x:c='d'/></div></text>
  <name id=\"n\"><given value=\"A\"/><given value=\"B\"/></name>
  <x:odd/>
  <name><family value='O&apos;Neill'/></name>stray
</Patient>
<?done yes?>
";

#[test]
fn answers_about_elements_attributes_and_text() {
    let tree = tree(SAMPLE);
    let root = tree.root();
    assert_eq!(
        (root.form(), root.kind(), root.name()),
        (Form::Element, ValueKind::Object, Some("Patient"))
    );
    assert_eq!(root.namespace(), Some("http://hl7.org/fhir"));
    assert_eq!(root.attributes().count(), 0);
    let declared: Vec<_> = root
        .namespace_declarations()
        .map(|node| (node.qualified_name(), node.as_str()))
        .collect();
    assert_eq!(
        declared,
        [
            (Some("xmlns"), Some("http://hl7.org/fhir")),
            (Some("xmlns:x"), Some("u"))
        ]
    );
    let names: Vec<_> = root
        .members()
        .map(|(name, node)| (name, node.index(), node.is_repeated(), node.resumes()))
        .collect();
    assert_eq!(
        names,
        [
            ("id", Some(0), false, false),
            ("text", Some(0), false, false),
            ("name", Some(0), true, false),
            ("odd", Some(0), false, false),
            ("name", Some(1), true, true),
        ]
    );
    assert_eq!(root.members().len(), 5);
    assert_eq!(root.named("name").count(), 2);
    assert_eq!(root.get("name").unwrap().repeat_count(), 2);

    let odd = root.get("odd").unwrap();
    assert_eq!(
        (odd.prefix(), odd.qualified_name(), odd.namespace()),
        (Some("x"), Some("x:odd"), Some("u"))
    );
    let texts: Vec<_> = root
        .texts()
        .map(|text| (text.as_str().unwrap().trim(), text.path()))
        .collect();
    assert_eq!(texts, [("stray", "Patient.text()".to_owned())]);

    let div = tree.at("text/div").unwrap();
    assert_eq!(div.namespace(), Some("http://www.w3.org/1999/xhtml"));
    let content: Vec<_> = div
        .content()
        .map(|node| (node.form(), node.as_str()))
        .collect();
    assert_eq!(
        content,
        [
            (Form::Text, Some("\u{e9}")),
            (Form::Element, None),
            (Form::Text, Some(" & ")),
            (Form::Element, None)
        ]
    );
    let c = div.get("i").unwrap().attributes().next().unwrap();
    assert_eq!(
        (c.name(), c.namespace(), c.as_str()),
        (Some("c"), Some("u"), Some("d"))
    );
    assert_eq!(c.path(), "Patient.text.div.i.@`x:c`");
    assert_eq!(div.get("i").unwrap().attribute("c"), None);

    let asides = Asides {
        comments: 1,
        instructions: 1,
        cdata_sections: 0,
    };
    assert_eq!(tree.asides(), asides);
    assert!(tree.anomalies().is_empty());
}

#[test]
fn paths_and_places() {
    let tree = tree(SAMPLE);
    let at = |path: &str| tree.at(path).unwrap();
    let family = at("name/1/family/@value");
    assert_eq!(family.as_str(), Some("O'Neill"));
    assert_eq!(family.path(), "Patient.name[1].family.@value");
    assert_eq!(family.raw(), "'O&apos;Neill'");
    assert_eq!(
        family.position(),
        Position {
            line: 7,
            column: 23
        }
    );
    assert_eq!(
        family.name_position(),
        Some(Position {
            line: 7,
            column: 17
        })
    );
    assert_eq!(at("name/0/given/1").path(), "Patient.name[0].given[1]");
    assert_eq!(
        at("id").position(),
        Position {
            line: 3,
            column: 13
        }
    );
    assert_eq!(
        at("id").name_position(),
        Some(Position {
            line: 3,
            column: 14
        })
    );
    assert_eq!(at("id").raw(), "<id value=\"p-1\"/>");
    assert_eq!(
        at("odd").name_span().map(|span| &SAMPLE[span]),
        Some("x:odd")
    );
    assert_eq!(&SAMPLE[at("text").inside()].chars().next(), &Some('<'));
    assert_eq!(&SAMPLE[at("text/div/b").inside()], "B");
    assert!(at("id").inside().is_empty());
}

#[test]
fn nothing_shows_the_source() {
    let tree = tree("<Hargreaves Hargreaves='Hargreaves'>Hargreaves</Hargreaves>");
    let nodes: Vec<_> = tree.nodes().collect();
    let shown = format!("{tree:?} {nodes:?} {:?}", tree.root().attributes());
    assert!(!shown.contains("Harg"), "{shown}");
    for text in [
        "<Hargreaves>&Hargreaves;",
        "<Hargreaves></Hargrave>",
        "<?xml version='1.0' encoding='Hargreaves'?>",
    ] {
        let error = Tree::parse_xml(text.as_bytes().to_vec(), &Limits::default()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Harg"), "{error:?}");
    }
}

#[test]
fn repetitions_are_numbered_by_name_and_namespace() {
    let text = "<r xmlns:p='u' xmlns:q='u'><a/><p:a/><q:a/><a xmlns='u'/><b/><a/></r>";
    let tree = tree(text);
    let found: Vec<_> = tree
        .root()
        .members()
        .map(|(_, node)| {
            (
                node.index().unwrap(),
                node.is_repeated(),
                node.resumes(),
                node.repeat_count(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (0, true, false, 2),
            (0, true, false, 3),
            (1, true, false, 3),
            (2, true, false, 3),
            (0, false, false, 1),
            (1, true, true, 2),
        ]
    );
    // More names than are compared one by one.
    let many: Vec<_> = (0..40).map(|n| format!("<k{}/>", n % 20)).collect();
    let tree = self::tree(&format!("<r>{}</r>", many.concat()));
    for (at, (_, node)) in tree.root().members().enumerate() {
        assert_eq!(
            (node.index(), node.resumes()),
            (Some(at / 20), at >= 20),
            "{at}"
        );
    }
}

#[test]
fn text_is_put_together() {
    for (text, wanted) in [
        ("<a>x</a>", Some("x")),
        ("<a> \n </a>", None),
        ("<a> x </a>", Some(" x ")),
        ("<a>x<!-- y -->z</a>", Some("xz")),
        ("<a> <!-- y --> z</a>", Some("  z")),
        ("<a>x<?y?>\n</a>", Some("x\n")),
        ("<a>&#32;</a>", Some(" ")),
        ("<a> <![CDATA[ ]]> </a>", Some("   ")),
        ("<a><![CDATA[]]></a>", None),
        ("<a>\r\n<![CDATA[]]>\r</a>", None),
        (
            "<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>",
            Some("<b>&amp;]]>"),
        ),
        ("<a>x\r\ny\rz\n&#13;&#10;</a>", Some("x\ny\nz\n\r\n")),
        ("<a>\r\nx</a>", Some("\nx")),
        ("<a>]] ]&gt;</a>", Some("]] ]>")),
        ("<a>\u{85}\u{2028}</a>", Some("\u{85}\u{2028}")),
    ] {
        let tree = tree(text);
        let texts: Vec<_> = tree.root().texts().map(Node::as_str).collect();
        assert_eq!(
            texts,
            wanted.into_iter().map(Some).collect::<Vec<_>>(),
            "{text:?}"
        );
    }
    let tree = tree("<a>x<b/> <b/>y<!-- -->&lt;</a>");
    let raw: Vec<_> = tree.root().content().map(Node::raw).collect();
    assert_eq!(raw, ["x", "<b/>", "<b/>", "y<!-- -->&lt;"]);
}

#[test]
fn attributes_are_normalised_as_xml_demands() {
    for (text, wanted, is_odd) in [
        ("<a b='x y'/>", "x y", false),
        ("<a b='x\ty\nz\r\nw\r'/>", "x y z w ", true),
        ("<a b='x&#9;y&#10;z&#13;'/>", "x\ty\nz\r", false),
        ("<a b='&quot;\"&lt;>'/>", "\"\"<>", false),
        ("<a\nb\n=\n\"it's\"\n/>", "it's", false),
        ("<a b='&#x1F600;\u{e9}'/>", "\u{1F600}\u{e9}", false),
        ("<a b=''/>", "", false),
    ] {
        let tree = tree(text);
        assert_eq!(tree.at("@b").unwrap().as_str(), Some(wanted), "{text:?}");
        let odd = tree
            .anomalies()
            .iter()
            .any(|one| one.kind == AnomalyKind::BreakInAttribute);
        assert_eq!(odd, is_odd, "{text:?}");
    }
}

#[test]
fn namespaces_are_those_in_scope() {
    let tree = tree(
        "<a xmlns='u' xmlns:p='v'><b xmlns='' p:c='' c='' xml:lang='en'><p:d xmlns:p='w'/><p:d/></b><e/></a>",
    );
    let found: Vec<_> = tree
        .nodes()
        .filter(|node| node.form() == Form::Element || node.as_str() != Some("u"))
        .filter(|node| {
            node.parent()
                .is_none_or(|parent| !parent.namespace_declarations().any(|own| own == *node))
        })
        .map(|node| (node.qualified_name().unwrap(), node.namespace()))
        .collect();
    assert_eq!(
        found,
        [
            ("a", Some("u")),
            ("b", None),
            ("p:c", Some("v")),
            ("c", None),
            ("xml:lang", Some("http://www.w3.org/XML/1998/namespace")),
            ("p:d", Some("w")),
            ("p:d", Some("v")),
            ("e", Some("u")),
        ]
    );
}

#[test]
fn well_formed_text_is_read() {
    for text in [
        "<a/>",
        "<a />",
        "<a></a>",
        "<a></a\t\r\n>",
        "<?xml version='1.0'?><a/>",
        "<?xml\nversion = \"1.0\"\n encoding='utf-8'  standalone = 'no' ?>\n<a/>",
        "<?xml version='1.0' standalone='yes'?><a/>",
        "\u{feff}<?xml version='1.0'?><a/>",
        "<!-- --><?a?><a/><!----><?b c?>\n ",
        "<?xml-stylesheet href='x'?><a/>",
        "<a><?b ??></a>",
        "<a>></a>",
        "<a b='>'/>",
        "<\u{e9}t\u{e9} \u{3b1}='x'/>",
        "<_:a xmlns:_='u'/>",
        "<a-b.c1/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:id='x'/>",
        "<a xmlns:p='u' p:b='' b=''/>",
        "<a xmlns=''/>",
    ] {
        tree(text);
    }
}

/// What is wrong, and at which byte.
const MALFORMED: &[(&str, Kind, usize)] = &[
    // The document.
    ("<a>", Kind::UnexpectedEnd, 3),
    ("<a><b></b>", Kind::UnexpectedEnd, 10),
    ("<a", Kind::Unclosed, 0),
    ("<a/><", Kind::Unclosed, 4),
    ("<a b='", Kind::Unclosed, 0),
    ("<a><!-- ", Kind::Unclosed, 3),
    ("<a><!", Kind::Unclosed, 3),
    ("<a><![CD", Kind::Unclosed, 3),
    ("<a><![CDATA[ ]]", Kind::Unclosed, 3),
    ("<a><?b ?", Kind::Unclosed, 3),
    ("<a/><b/>", Kind::TrailingContent, 4),
    ("<a/>x", Kind::TextOutside, 4),
    ("x<a/>", Kind::TextOutside, 0),
    ("<a/>&amp;", Kind::TextOutside, 4),
    ("<a/><![CDATA[]]>", Kind::TextOutside, 4),
    // Tags.
    ("<a></b>", Kind::MismatchedEndTag, 3),
    ("<a></A>", Kind::MismatchedEndTag, 3),
    ("<a><b></a></b>", Kind::MismatchedEndTag, 6),
    ("<a/></a>", Kind::MismatchedEndTag, 4),
    ("</a>", Kind::MismatchedEndTag, 0),
    ("<a></ a>", Kind::MismatchedEndTag, 3),
    ("<a></a b='c'>", Kind::MismatchedEndTag, 3),
    ("<a></>", Kind::MismatchedEndTag, 3),
    ("< a/>", Kind::InvalidName, 1),
    ("<>", Kind::InvalidName, 1),
    ("<1/>", Kind::InvalidName, 1),
    ("<-/>", Kind::InvalidName, 1),
    ("<a/ >", Kind::InvalidMarkup, 2),
    ("<a//>", Kind::InvalidMarkup, 2),
    ("<a$/>", Kind::InvalidMarkup, 2),
    ("<!ELEMENT a>", Kind::InvalidMarkup, 0),
    ("<a><!x></a>", Kind::InvalidMarkup, 3),
    ("<a><![cdata[]]></a>", Kind::InvalidMarkup, 3),
    // Attributes.
    ("<a b/>", Kind::InvalidAttribute, 4),
    ("<a b=c/>", Kind::InvalidAttribute, 5),
    ("<a b=/>", Kind::InvalidAttribute, 5),
    ("<a b='<'/>", Kind::InvalidAttribute, 6),
    ("<a b='c'd='e'/>", Kind::InvalidMarkup, 8),
    ("<a 'b'/>", Kind::InvalidName, 3),
    ("<a b='' b=''/>", Kind::DuplicateAttribute, 8),
    ("<a xmlns='u' xmlns='u'/>", Kind::DuplicateAttribute, 13),
    (
        "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
        Kind::DuplicateAttribute,
        34,
    ),
    ("<a xmlns:p='u' xmlns:p='v'/>", Kind::DuplicateAttribute, 15),
    // Namespaces.
    ("<p:a/>", Kind::UndeclaredPrefix, 1),
    ("<a p:b=''/>", Kind::UndeclaredPrefix, 3),
    ("<a><b xmlns:p='u'/><p:c/></a>", Kind::UndeclaredPrefix, 20),
    ("<a:b:c xmlns:a='u'/>", Kind::InvalidName, 4),
    ("<:a/>", Kind::InvalidName, 1),
    ("<a:/>", Kind::InvalidName, 3),
    ("<a xmlns:p=''/>", Kind::InvalidNamespace, 3),
    ("<a xmlns:='u'/>", Kind::InvalidName, 9),
    ("<a xmlns:xml='u'/>", Kind::InvalidNamespace, 3),
    ("<a xmlns:xmlns='u'/>", Kind::InvalidNamespace, 3),
    (
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        Kind::InvalidNamespace,
        3,
    ),
    (
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        Kind::InvalidNamespace,
        3,
    ),
    ("<xmlns:a/>", Kind::UndeclaredPrefix, 1),
    // References and characters.
    ("<a>&</a>", Kind::InvalidReference, 3),
    ("<a>& b</a>", Kind::InvalidReference, 3),
    ("<a>&amp</a>", Kind::InvalidReference, 3),
    ("<a>&amp ;</a>", Kind::InvalidReference, 3),
    ("<a>&;</a>", Kind::InvalidReference, 3),
    ("<a>&#;</a>", Kind::InvalidReference, 3),
    ("<a>&#x;</a>", Kind::InvalidReference, 3),
    ("<a>&#X41;</a>", Kind::InvalidReference, 3),
    ("<a>&#0;</a>", Kind::InvalidReference, 3),
    ("<a>&#xB;</a>", Kind::InvalidReference, 3),
    ("<a>&#xD800;</a>", Kind::InvalidReference, 3),
    ("<a>&#xFFFE;</a>", Kind::InvalidReference, 3),
    ("<a>&#x110000;</a>", Kind::InvalidReference, 3),
    ("<a>&#99999999999999999999;</a>", Kind::InvalidReference, 3),
    ("<a b='&'/>", Kind::InvalidReference, 6),
    ("<a b='&#1;'/>", Kind::InvalidReference, 6),
    ("<a>\u{1}</a>", Kind::InvalidCharacter, 3),
    ("<a b='\u{1f}'/>", Kind::InvalidCharacter, 6),
    ("<a>\u{ffff}</a>", Kind::InvalidCharacter, 3),
    ("<a><!-- \u{b} --></a>", Kind::InvalidCharacter, 8),
    ("<a>]]></a>", Kind::InvalidMarkup, 3),
    // Comments and instructions.
    ("<a><!-- -- --></a>", Kind::InvalidMarkup, 8),
    ("<a><!-- ---></a>", Kind::InvalidMarkup, 8),
    ("<a><!--></a>", Kind::Unclosed, 3),
    ("<a><!---></a>", Kind::Unclosed, 3),
    ("<a><??></a>", Kind::InvalidName, 5),
    ("<a><? b?></a>", Kind::InvalidName, 5),
    ("<a><?1?></a>", Kind::InvalidName, 5),
    ("<a><?b:c?></a>", Kind::InvalidName, 6),
    ("<a><?XML?></a>", Kind::InvalidDeclaration, 3),
    // The declaration.
    (" <?xml version='1.0'?><a/>", Kind::InvalidDeclaration, 1),
    ("<a><?xml version='1.0'?></a>", Kind::InvalidDeclaration, 3),
    ("<?xml?><a/>", Kind::InvalidDeclaration, 0),
    ("<?xml encoding='UTF-8'?><a/>", Kind::InvalidDeclaration, 6),
    (
        "<?xml version='1.0' standalone='maybe'?><a/>",
        Kind::InvalidDeclaration,
        20,
    ),
    (
        "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>",
        Kind::InvalidDeclaration,
        36,
    ),
    (
        "<?xml version='1.0'encoding='UTF-8'?><a/>",
        Kind::InvalidDeclaration,
        19,
    ),
    (
        "<?xml version='1.0' version='1.0'?><a/>",
        Kind::InvalidDeclaration,
        20,
    ),
    (
        "<?xml version='1.0' encoding=''?><a/>",
        Kind::InvalidDeclaration,
        20,
    ),
    ("<?xml version='&#49;.0'?><a/>", Kind::InvalidDeclaration, 6),
    ("<?xml version='2.0'?><a/>", Kind::InvalidDeclaration, 6),
    ("<?xml version='1.1'?><a/>", Kind::UnsupportedVersion, 6),
];

#[test]
fn what_is_not_well_formed_is_refused_where_it_is() {
    for (text, kind, offset) in MALFORMED {
        assert_eq!(read(text).unwrap_err(), (*kind, *offset), "{text}");
    }
}

#[test]
fn truncation_at_every_byte_is_an_error() {
    let end = SAMPLE.find("</Patient>").unwrap() + "</Patient>".len();
    for length in 0..end {
        let bytes = SAMPLE.as_bytes()[..length].to_vec();
        assert!(
            Tree::parse_xml(bytes, &Limits::default()).is_err(),
            "{length}"
        );
    }
    assert!(read(&SAMPLE[..end]).is_ok());
}
