//! Reading takes time that is linear in the length of the body, whatever the body. Not for how
//! fast that is: the bench measures it.

use plumbline_tree::{Limits, Syntax, Tree};
use std::time::{Duration, Instant};

/// A body whose length is about proportional to the number given.
type Body = fn(usize) -> String;

/// Bodies made to be slow.
const JSON: &[(&str, Body)] = &[
    ("nested arrays", |n| "[".repeat(n) + &"]".repeat(n)),
    ("nested objects", |n| {
        "{\"a\":".repeat(n) + "1" + &"}".repeat(n)
    }),
    ("unclosed", |n| "[{\"a\":".repeat(n)),
    ("different names", |n| {
        format!("{{{}\"x\":1}}", each(n, |k| format!("\"k{k}\":1,")))
    }),
    ("duplicate names", |n| {
        format!("{{{}\"x\":1}}", "\"x\":1,".repeat(n))
    }),
    ("names with escapes", |n| {
        format!("{{{}\"x\":1}}", "\"\\u0061\":1,".repeat(n))
    }),
    ("escapes", |n| format!("\"{}\"", "\\n".repeat(n))),
    ("an unclosed string", |n| format!("\"{}", "\\\"".repeat(n))),
    ("white space", |n| " ".repeat(n)),
    ("a number", |n| "1".repeat(n)),
];

const XML: &[(&str, Body)] = &[
    ("nested elements", |n| "<a>".repeat(n) + &"</a>".repeat(n)),
    ("nested declarations", |n| {
        "<a xmlns='u'>".repeat(n) + &"</a>".repeat(n)
    }),
    ("different elements", |n| {
        within(&each(n, |k| format!("<k{k}/>")))
    }),
    ("elements in turn", |n| within(&"<b/><c/>".repeat(n))),
    ("many names in turn", |n| {
        within(&each(n, |k| format!("<k{}/>", k % 100)))
    }),
    ("long namespaces in turn", |n| {
        let long = "u".repeat(n);
        let children = "<p:b/><q:b/>".repeat(n);
        format!("<a xmlns:p='{long}p' xmlns:q='{long}q'>{children}</a>")
    }),
    ("different declarations", |n| {
        within(&each(n, |k| format!("<b xmlns='u{k}'/>")))
    }),
    ("the same declaration", |n| {
        within(&"<b xmlns='u'/>".repeat(n))
    }),
    ("attributes", |n| {
        let element = format!("<b{}/>", each(500, |k| format!(" a{k}=''")));
        within(&element.repeat(n / 500))
    }),
    ("an attribute of references", |n| {
        format!("<a b='{}'/>", "&amp;".repeat(n))
    }),
    ("text of references", |n| within(&"&amp;".repeat(n))),
    ("text and comments", |n| within(&"x<!---->".repeat(n))),
    ("comments that nearly end", |n| {
        format!("<!--{}-->", "- ".repeat(n))
    }),
    ("sections that nearly end", |n| {
        within(&format!("<![CDATA[{}]]>", "]] ".repeat(n)))
    }),
    ("unclosed tags", |n| "<a ".repeat(n)),
    ("unclosed quotes", |n| "<a b='".repeat(n)),
    ("a name", |n| format!("<{}/>", "a".repeat(n))),
    ("a reference that never ends", |n| {
        format!("<a>&#{};</a>", "0".repeat(n))
    }),
];

fn within(content: &str) -> String {
    format!("<a>{content}</a>")
}

fn each(count: usize, part: fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

/// How much longer the larger body is.
const FACTOR: usize = 16;

/// The shortest of several rounds of reading the body so often.
fn shortest(syntax: Syntax, body: &str, times: usize) -> Duration {
    let limits = Limits {
        max_depth: usize::MAX,
        ..Limits::default()
    };
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let copies = vec![body.as_bytes().to_vec(); times];
        let begun = Instant::now();
        for bytes in copies {
            let _ = Tree::parse_as(syntax, bytes, &limits);
        }
        best = best.min(begun.elapsed());
    }
    best
}

/// One long body may take as long as many short ones of that length together, and on a busy
/// machine a few times that; but not [`FACTOR`] times, as quadratic work would. Both times are
/// about equal, so that what else the machine does disturbs them equally, and a disturbed
/// comparison is made again.
fn assert_linear(syntax: Syntax, bodies: &[(&str, Body)]) {
    for (what, body) in bodies {
        let (short, long) = (body(1_000), body(FACTOR * 1_000));
        let mut figures = Vec::new();
        let is_linear = (0..5).any(|_| {
            let many = shortest(syntax, &short, FACTOR);
            let one = shortest(syntax, &long, 1);
            figures.push((many, one));
            one < 6 * many
        });
        assert!(is_linear, "{what}: {figures:?}");
    }
}

/// The test can fail: this is what quadratic work looks like to it.
#[test]
fn quadratic_work_would_be_seen() {
    let work = |n: usize| {
        let begun = Instant::now();
        let names: Vec<usize> = (0..n).collect();
        let found = (0..n)
            .filter(|k| names.iter().any(|name| name == k))
            .count();
        assert_eq!(found, n);
        begun.elapsed()
    };
    assert!((0..5).any(|_| {
        let many: Duration = (0..FACTOR).map(|_| work(300)).sum();
        work(FACTOR * 300) >= 6 * many
    }));
}

#[test]
fn reading_json_is_linear() {
    assert_linear(Syntax::Json, JSON);
}

#[test]
fn reading_xml_is_linear() {
    assert_linear(Syntax::Xml, XML);
}
