//! Input that is made to break: random expressions from the parts of the language, and those that a fuzzer found.

use crate::{R4, properties};
use plumbline_fhirpath::{Alone, Element, Environment, EvalError, Expression, Limits};
use plumbline_tree::Tree;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","birthDate":"1970-03","_birthDate":{"extension":[{"url":"u","valueAge":{"value":4,"unit":"a"}}]},
    "name":[{"family":"Example","given":["Anna",null],"_given":[null,{"id":"x"}]}],"multipleBirthInteger":2,
    "contained":[{"resourceType":"Group","id":"g","quantity":3}]}"#;

const PARTS: &[&str] = &[
    "name",
    "given",
    "Patient",
    "birthDate",
    "multipleBirth",
    "contained",
    "extension('u')",
    ".",
    ".",
    ".",
    " and ",
    " or ",
    " = ",
    " ~ ",
    " < ",
    " + ",
    " - ",
    " * ",
    " / ",
    " div ",
    " mod ",
    " & ",
    " | ",
    " in ",
    " is ",
    " as ",
    "Quantity",
    "String",
    "(",
    ")",
    "[",
    "]",
    "{}",
    ",",
    "1",
    "0",
    "-",
    "2.50",
    "99999999999999999999",
    "'a'",
    "'(('",
    "@2015-02",
    "@T10:30",
    "@2015-02-04T10:00:00+14:00",
    "1 year",
    "4 'mg'",
    "7 days",
    "$this",
    "$index",
    "$total",
    "%resource",
    "%context",
    "where(",
    "select(",
    "repeat(",
    "aggregate(",
    "all(",
    "exists()",
    "first()",
    "descendants()",
    "children()",
    "toString()",
    "toQuantity()",
    "toInteger()",
    "matches(",
    "replace(",
    "replaceMatches(",
    "substring(",
    "split(",
    "join(",
    "power(",
    "ln()",
    "exp()",
    "log(",
    "sqrt()",
    "round(",
    "lowBoundary(",
    "highBoundary(",
    "sort(",
    "iif(",
    "combine(",
    "union(",
    "resolve()",
    "type()",
    "encode('base64')",
    "decode('hex')",
    "now()",
    "abs()",
    "distinct()",
    "not()",
    "true",
    "false",
    "trace('t')",
];

/// A small generator of numbers, so that a failure can be repeated.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn no_expression_panics_or_hangs() {
    let tree = Tree::parse(
        PATIENT.as_bytes().to_vec(),
        &plumbline_tree::Limits::default(),
    )
    .unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let mut parsed = 0;
    for _ in 0..60_000 {
        let length = next(&mut state) % 12 + 1;
        let mut text = String::new();
        for _ in 0..length {
            let at = usize::try_from(next(&mut state)).unwrap() % PARTS.len();
            text.push_str(PARTS[at]);
        }
        let open = text
            .matches('(')
            .count()
            .saturating_sub(text.matches(')').count());
        text.push_str(&")".repeat(open));
        parsed += usize::from(Expression::parse(&text).is_ok());
        if let Err(broken) = properties::check(&text, &tree, &*R4) {
            panic!("{broken}: {text}");
        }
    }
    assert!(
        parsed > 3000,
        "only {parsed} of the expressions were expressions"
    );
}

#[test]
fn what_a_fuzzer_found_stays_repaired() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let tree = Tree::parse(
        PATIENT.as_bytes().to_vec(),
        &plumbline_tree::Limits::default(),
    )
    .unwrap();
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        properties::check(&text, &tree, &*R4).unwrap();
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn work_is_bounded() {
    let tree = Tree::parse(
        PATIENT.as_bytes().to_vec(),
        &plumbline_tree::Limits::default(),
    )
    .unwrap();
    let root = Element::root(&tree, &*R4);
    let limits = Limits {
        steps: 100_000,
        text: 10_000,
    };
    let ten = "(1|2|3|4|5|6|7|8|9|10)";
    let endless = [
        "repeat($this.toString() & 'a')".to_owned(),
        format!(
            "{ten}.aggregate($total & $total & 'abc', 'xyz').length() + {ten}.aggregate($total & $total & $total & 'abc', 'xyz').length()"
        ),
        format!("{ten}.select({ten}.select({ten}.select({ten}.select({ten}.select({ten})))))"),
        format!("{ten}.aggregate($total.combine($total).combine($total).combine($total), $this)"),
        format!("{ten}.aggregate($total.replace('', $total), 'abcdefgh')"),
        format!("{ten}.aggregate($total.replaceMatches('.', $total), 'abcdefgh')"),
    ];
    let expressions: Vec<_> = endless
        .iter()
        .map(|it| Expression::parse(it).unwrap())
        .collect();
    let environment = Environment::new(&*R4, &Alone, root).limited(limits);
    for expression in &expressions {
        let result = expression.evaluate(&environment, root);
        assert!(
            matches!(result, Err(EvalError::Limit { .. })),
            "{expression}: {result:?}"
        );
    }
}

/// The work for ten times as many entries is at most eleven times as much.
#[test]
fn work_grows_no_faster_than_a_bundle() {
    let bundle = |entries: usize| {
        let entry = |at| {
            format!(
                r#"{{"fullUrl":"urn:{at}","resource":{{"resourceType":"Patient","id":"p{at}","birthDate":"2001-02-{:02}","name":[{{"family":"F{at}"}}]}}}}"#,
                at % 28 + 1
            )
        };
        let entries: Vec<_> = (0..entries).map(entry).collect();
        let text = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
            entries.join(",")
        );
        Tree::parse(text.into_bytes(), &plumbline_tree::Limits::default()).unwrap()
    };
    for text in [
        "entry.where(fullUrl.exists()).select(fullUrl & resource.meta.versionId).isDistinct()",
        "entry.resource.name.distinct().count() = entry.count()",
        "entry.resource.birthDate.distinct().count() <= 28",
        "descendants().exists() and entry.resource.descendants().count() > 0",
        "(entry.resource | entry.resource).count() = entry.count()",
        "entry.fullUrl.subsetOf(entry.fullUrl)",
        "entry.resource.name.family.intersect(entry.resource.name.family).exists()",
        "entry.repeat(resource | name).exists()",
        "entry.resource.select(id + 'x').join(',').length() > 0",
        "entry.resource.sort(-id).first().exists()",
    ] {
        let expression = Expression::parse(text).unwrap();
        let enough = |entries: usize, steps: u64| {
            let tree = bundle(entries);
            let root = Element::root(&tree, &*R4);
            let limits = Limits {
                steps,
                ..Limits::default()
            };
            let environment = Environment::new(&*R4, &Alone, root).limited(limits);
            match expression.holds(&environment, root) {
                Ok(Some(true)) => true,
                Err(EvalError::Limit { .. }) => false,
                other => panic!("{text}: {other:?}"),
            }
        };
        let needed = (1..100)
            .map(|it| it * 500)
            .find(|steps| enough(100, *steps))
            .unwrap();
        assert!(
            enough(1000, needed * 11),
            "{text}: {needed} for 100 entries"
        );
    }
}

#[test]
fn deep_elements_compare_on_a_small_stack() {
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(60), close.repeat(60));
    let one = nested(r#"{"url":"u","extension":["#, "]}");
    let text = format!(r#"{{"resourceType":"Patient","extension":[{one},{one}]}}"#);
    let work = move || {
        let tree = Tree::parse(text.into_bytes(), &plumbline_tree::Limits::default()).unwrap();
        let root = Element::root(&tree, &*R4);
        for text in [
            "extension[0] = extension[1]",
            "extension[0] ~ extension[1]",
            "extension.isDistinct().not()",
            "(descendants() | descendants()).count() = 61",
        ] {
            let expression = Expression::parse(text).unwrap();
            let environment = Environment::new(&*R4, &Alone, root);
            let expression = &*Box::leak(Box::new(expression));
            assert_eq!(
                expression.holds(&environment, root),
                Ok(Some(true)),
                "{text}"
            );
        }
    };
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    thread.spawn(work).unwrap().join().unwrap();
}

#[test]
fn the_deepest_expressions_fit_on_a_small_stack() {
    let nested = format!("{}true{}", "iif(true, ".repeat(95), ")".repeat(95));
    let chain = vec!["true"; 95].join(" and ");
    let texts = [
        nested,
        chain,
        format!("{}1", "-".repeat(90)),
        format!("1{}", " + 1".repeat(95)),
    ];
    let work = move || {
        let tree = Tree::parse(
            PATIENT.as_bytes().to_vec(),
            &plumbline_tree::Limits::default(),
        )
        .unwrap();
        for text in texts {
            let expression = Expression::parse(&text).unwrap();
            let root = Element::root(&tree, &*R4);
            let environment = Environment::new(&*R4, &Alone, root);
            assert!(expression.evaluate(&environment, root).is_ok(), "{text}");
        }
    };
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    thread.spawn(work).unwrap().join().unwrap();
}
