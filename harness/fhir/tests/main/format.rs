//! Text that does not keep to the format of facts is refused, with file and line.

use plumbline_fhir::definitions::{Text, Texts};
use plumbline_fhir::{Definitions, FhirVersion, Membership};

const SETS: &str = "# sets\nset http://hl7.org/fhir/ValueSet/a 1\n  http://s -\n    a \"b c\" d\n\
    open http://x - any because it is so\n";
const TYPES: &str = "choice Element\nabstract datatype Element\n  ^ ele-1 error true\n  id 0..1 string :attr\n\
primitive string < Element\n  ~ .*\ndatatype Pair < Element\n  value[x] 0..* * !a\n  inner 0..1 Element\n    x 1..1 string ?!\n";
const RESOURCES: &str = "resource Thing\n  pair 0..* Pair\n  again 0..1 Element(Thing)\n";

fn read(
    sets: &'static str,
    types: &'static str,
    resources: &'static str,
) -> Result<Definitions, String> {
    let texts = Texts {
        value_sets: Text {
            name: "sets.txt",
            text: sets,
        },
        datatypes: Text {
            name: "types.txt",
            text: types,
        },
        resources: Text {
            name: "resources.txt",
            text: resources,
        },
    };
    Definitions::read(FhirVersion::R4, &texts).map_err(|error| error.to_string())
}

#[test]
fn accepts_what_keeps_to_the_format() {
    let definitions = read(SETS, TYPES, RESOURCES).unwrap();
    let set = definitions
        .value_set("http://hl7.org/fhir/ValueSet/a")
        .unwrap();
    assert_eq!(set.contains("http://s", "b c"), Membership::Inside);
    assert_eq!(set.contains_code("c"), Membership::Outside);
    assert!(
        definitions
            .element_at("Thing.pair.inner.x")
            .unwrap()
            .element()
            .is_modifier()
    );
}

#[track_caller]
fn refused(file: &str, text: &'static str, line: usize, part: &str) {
    let result = match file {
        "sets.txt" => read(text, TYPES, RESOURCES),
        "types.txt" => read(SETS, text, RESOURCES),
        _ => read(SETS, TYPES, text),
    };
    let error = result.map(|_| ()).expect_err(text);
    assert!(error.starts_with(&format!("{file}:{line}: ")), "{error}");
    assert!(error.contains(part), "{error}");
}

#[test]
fn refuses_value_sets_that_are_not_as_agreed() {
    for (text, line, part) in [
        ("list http://x 1\n", 1, "not `set"),
        ("set http://x\n", 1, "version"),
        ("set http://x 1 2\n", 1, "not `set"),
        ("open http://x 1 odd why\n", 1, "odd"),
        ("open http://x 1 any\n", 1, "not `set"),
        ("  http://s -\n    a\n", 1, "outside a set"),
        (
            "open http://x - any r\n  http://s -\n    a\n",
            2,
            "outside a set",
        ),
        ("set http://x 1\n    a\n", 2, "outside a code system"),
        (
            "set http://x 1\n  http://s -\n    a\nopen http://y - any r\n    b\n",
            5,
            "outside a code system",
        ),
        ("set http://x 1\n  http://s\n    a\n", 2, "without version"),
        ("set http://x 1\n  http://s - upper\n    a\n", 2, "nocase"),
        (
            "set http://x 1\n  http://s -\n    b a\n",
            3,
            "`a` is not in order",
        ),
        ("set http://x 1\n  http://s -\n    a a\n", 3, "not in order"),
        (
            "set http://x 1\n  http://s -\n    a  b\n",
            3,
            "not in order",
        ),
        ("set http://x 1\n  http://s -\n    \"a b\n", 3, "not closed"),
        (
            "set http://x 1\n  http://s -\n    \"a b\"c\n",
            3,
            "no space",
        ),
        (
            "set http://x 1\n  http://s -\n      a\n",
            3,
            "too many spaces",
        ),
        ("set http://x 1\n  http://s -\n   a\n", 3, "odd number"),
        (
            "set http://x 1\n  http://s -\n    a \n",
            3,
            "white space at the end",
        ),
        ("set http://x 1\n\n", 2, "empty"),
        ("set http://x 1\nset http://y 1\n", 1, "no codes"),
        (
            "set http://x 1\n  http://s -\n  http://t -\n    a\n",
            2,
            "no codes",
        ),
        (
            "set http://y 1\n  http://s -\n    a\nset http://x 1\n  http://s -\n    a\n",
            4,
            "order of address",
        ),
        ("set http://x 1\n", 1, "no codes"),
        ("set http://x 1\n  http://s -\n", 2, "no codes"),
    ] {
        refused("sets.txt", text, line, part);
    }
}

#[test]
fn refuses_types_that_are_not_as_agreed() {
    for (text, line, part) in [
        ("thing X\n", 1, "not `[abstract]"),
        ("resource\n", 1, "not `[abstract]"),
        ("resource X Y\n", 1, "`Y` is no binding"),
        ("resource X-1\n", 1, "not `[abstract]"),
        ("resource X < Nothing\n", 1, "no type `Nothing`"),
        ("resource X\nresource X\n", 1, "two types"),
        ("  a 0..1 string\n", 1, "too deep"),
        ("resource X\n    a 0..1 string\n", 2, "too deep"),
        ("resource X\n  a\n", 2, "stands alone"),
        ("resource X\n  a 1 string\n", 2, "no range"),
        ("resource X\n  a 2..1 string\n", 2, "no range"),
        ("resource X\n  a -1..1 string\n", 2, "no range"),
        ("resource X\n  a-b 0..1 string\n", 2, "no name"),
        ("resource X\n  a 0..1\n", 2, "types"),
        ("resource X\n  a 0..1 odd\n", 2, "no type `odd`"),
        ("resource X\n  a 0..1 string Pair\n", 2, "[x]"),
        ("resource X\n  a 0..1 string @X.b\n", 2, "types"),
        (
            "resource X\n  a 0..1 string ?! string\n",
            2,
            "behind a mark",
        ),
        ("resource X\n  a 0..1 Pair(Odd)\n", 2, "no type `Odd`"),
        ("resource X\n  a 0..1 Pair(X\n", 2, "bracket"),
        ("resource X\n  a 0..1 Pair{Pair\n", 2, "brace"),
        (
            "resource X\n  a 0..1 string !odd\n",
            2,
            "no value set `odd`",
        ),
        ("resource X\n  a 0..0 string\n", 2, "0..0"),
        ("resource X\n  a 0..0\n", 2, "no inherited element"),
        (
            "resource X\n  a 0..1 string\n  a 0..1 string\n",
            3,
            "two elements `a`",
        ),
        ("resource X\n  a 0..1 @X.b\n", 2, "no element `X.b`"),
        (
            "resource X\n  a 0..1 @X.b\n  b 0..1 Pair\n",
            2,
            "no children of its own",
        ),
        (
            "resource X\n  b[x] 0..1 Pair string\n    c 0..1 string\n",
            2,
            "has one type",
        ),
        (
            "resource X\n  ^ x-1 grave true\n",
            2,
            "no severity is called `grave`",
        ),
        ("resource X\n  ^ x-1 error\n", 2, "not `^ KEY"),
        (
            "resource X\n  a 0..1 string\n  ^ x-1 error true\n",
            3,
            "right below",
        ),
        ("resource X\n  ~ .*\n", 2, "only a primitive"),
        (
            "resource X\n  a 0..1 Element\n    b 0..1 string\n    ~ .*\n",
            4,
            "right below",
        ),
        ("choice Element\n", 1, "there already"),
        ("resource X < Y\nresource Y < X\n", 1, "derives from itself"),
        ("resource X\n\ta 0..1 string\n", 2, "not `[abstract]"),
    ] {
        refused("resources.txt", text, line, part);
    }
    let no_choice = "abstract datatype Element\n  value[x] 0..1 *\n";
    refused("types.txt", no_choice, 2, "no line `choice");
}

#[test]
fn a_text_cut_anywhere_never_passes_for_another() {
    // Cut at the start of a line: fewer facts or an error, never a panic.
    let texts = Texts::embedded(FhirVersion::Stu3);
    let text = texts.datatypes.text;
    for (at, _) in text.match_indices('\n').step_by(37) {
        let cut = Texts {
            datatypes: Text {
                text: &text[..=at],
                ..texts.datatypes
            },
            ..texts
        };
        assert!(Definitions::read(FhirVersion::Stu3, &cut).is_err());
    }
}
