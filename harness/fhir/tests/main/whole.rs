//! What holds of every type, element and value set of both versions, and that nothing of the text is lost.

use plumbline_fhir::definitions::{Text, Texts};
use plumbline_fhir::{
    Binding, Definitions, Element, FhirVersion, Invariant, Severity, Shape, Strength, Type,
    TypeKind, TypeUse,
};
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn count(definitions: &Definitions, kind: TypeKind) -> usize {
    definitions.types().filter(|it| it.kind() == kind).count()
}

#[test]
fn there_are_as_many_types_as_the_specification_has() {
    let counts = |version| {
        let definitions = Definitions::of(version);
        [
            TypeKind::Resource,
            TypeKind::Datatype,
            TypeKind::Primitive,
            TypeKind::Profile,
        ]
        .map(|kind| count(definitions, kind))
    };
    assert_eq!(counts(FhirVersion::R4), [148, 41, 20, 1]);
    assert_eq!(counts(FhirVersion::Stu3), [119, 35, 18, 1]);
    let concrete = |version| {
        Definitions::of(version)
            .types()
            .filter(|it| it.is_resource() && !it.is_abstract())
            .count()
    };
    assert_eq!(
        (concrete(FhirVersion::R4), concrete(FhirVersion::Stu3)),
        (146, 117)
    );
}

/// Every element with its type, each once.
fn elements(definitions: &Definitions) -> Vec<Element<'_>> {
    let mut seen = BTreeSet::new();
    let mut todo: Vec<_> = definitions.types().map(Type::shape).collect();
    let mut found = Vec::new();
    while let Some(shape) = todo.pop() {
        for element in shape.children() {
            if seen.insert(element.number()) {
                todo.extend(element.inline_shape());
                found.push(element);
            }
        }
    }
    found
}

#[test]
fn every_child_is_found_by_every_name_it_has() {
    for version in FhirVersion::ALL {
        let definitions = Definitions::of(version);
        let shapes = definitions.types().map(Type::shape);
        let inline = elements(definitions)
            .into_iter()
            .filter_map(Element::inline_shape);
        for shape in shapes.chain(inline) {
            for (position, element) in shape.children().enumerate() {
                let named: Vec<(String, Option<&str>)> = if element.is_choice() {
                    let name = |it: TypeUse| {
                        let (first, rest) = it.of().name().split_at(1);
                        (
                            format!("{}{}{rest}", element.stem(), first.to_uppercase()),
                            Some(it.of().name()),
                        )
                    };
                    element.types().map(name).collect()
                } else {
                    vec![(element.name().to_owned(), None)]
                };
                for (name, chosen) in named {
                    let child = shape
                        .child(&name)
                        .unwrap_or_else(|| panic!("{} as {name}", element.path()));
                    assert_eq!(child.element(), element, "{name}");
                    assert_eq!(child.position(), position);
                    assert!(child.shape().is_some());
                    let type_use = child.type_use().unwrap();
                    assert!(chosen.is_none_or(|it| it == type_use.of().name()));
                }
            }
        }
    }
}

#[test]
fn every_required_binding_has_codes_or_a_reason() {
    for version in FhirVersion::ALL {
        let definitions = Definitions::of(version);
        let mut required = BTreeSet::new();
        for element in elements(definitions) {
            for binding in element.bindings() {
                let set = binding.value_set;
                assert!(definitions.value_set(set.url()).is_some());
                match set.open() {
                    Some((_, reason)) => assert!(reason.len() > 10, "{set:?}"),
                    None => assert!(
                        set.systems().all(|it| !it.codes().is_empty()) && set.systems().count() > 0
                    ),
                }
                if binding.strength == Strength::Required {
                    required.insert(set.url());
                }
            }
        }
        let open = required
            .iter()
            .filter(|url| definitions.value_set(url).unwrap().open().is_some())
            .count();
        let expected = match version {
            FhirVersion::R4 => (224, 3),
            FhirVersion::Stu3 => (202, 2),
        };
        assert_eq!((required.len(), open), expected, "{version}");
    }
}

#[test]
fn numbers_of_elements_are_dense_and_below_65536() {
    for version in FhirVersion::ALL {
        let numbers: BTreeSet<usize> = elements(Definitions::of(version))
            .iter()
            .map(|it| it.number())
            .collect();
        let last = numbers.last().copied().unwrap();
        assert!(last < 65_536);
        // Those that remove an inherited element are in no shape.
        assert!(last + 1 - numbers.len() <= 2, "{last} {}", numbers.len());
    }
}

#[test]
fn definitions_are_read_once_and_can_be_used_on_every_thread() {
    let here: *const Definitions = Definitions::r4();
    let there = std::thread::spawn(|| std::ptr::from_ref(Definitions::r4()) as usize);
    assert_eq!(here as usize, there.join().unwrap());
    assert!(
        Definitions::r4().bytes() < 2_000_000,
        "{}",
        Definitions::r4().bytes()
    );
}

/// The text of all types, written from what was read.
fn written<'d>(definitions: &'d Definitions, wanted: impl Fn(Type<'d>) -> bool) -> String {
    let open: Vec<String> = definitions
        .element_at("Extension.value[x]")
        .unwrap()
        .element()
        .types()
        .map(type_use)
        .collect();
    let mut text = String::new();
    for it in definitions.types().filter(|it| wanted(*it)) {
        let kind = match it.kind() {
            TypeKind::Primitive => "primitive",
            TypeKind::Datatype => "datatype",
            TypeKind::Profile => "profile",
            TypeKind::Resource => "resource",
        };
        let mark = if it.is_abstract() { "abstract " } else { "" };
        write!(text, "{mark}{kind} {}", it.name()).unwrap();
        if let Some(base) = it.base() {
            write!(text, " < {}", base.name()).unwrap();
        }
        bindings(&mut text, it.bindings());
        text.push('\n');
        let inherited: Vec<_> = it.base().into_iter().flat_map(Type::invariants).collect();
        invariants(
            &mut text,
            1,
            it.invariants().filter(|it| !inherited.contains(it)),
        );
        if let Some(pattern) = it.pattern() {
            writeln!(text, "  ~ {pattern}").unwrap();
        }
        let own = it
            .shape()
            .children()
            .filter(|element| element.path().starts_with(&format!("{}.", it.name())));
        for element in own {
            write_element(&mut text, element, 1, &open.join(" "));
        }
    }
    text
}

fn write_element(text: &mut String, element: Element, depth: usize, open: &str) {
    let max = element.max().map_or("*".to_owned(), |max| max.to_string());
    write!(
        text,
        "{}{} {}..{max} ",
        "  ".repeat(depth),
        element.name(),
        element.min()
    )
    .unwrap();
    let types: Vec<String> = element.types().map(type_use).collect();
    match element.content_reference() {
        Some(other) => write!(text, "@{}", other.path()).unwrap(),
        None if types.join(" ") == open => text.push('*'),
        None => text.push_str(&types.join(" ")),
    }
    text.push_str(if element.is_modifier() { " ?!" } else { "" });
    text.push_str(if element.is_attribute() { " :attr" } else { "" });
    bindings(text, element.bindings());
    text.push('\n');
    if let Some(other) = element.content_reference() {
        let referred: Vec<_> = other.invariants().collect();
        invariants(
            text,
            depth + 1,
            element.invariants().filter(|it| !referred.contains(it)),
        );
        return;
    }
    invariants(text, depth + 1, element.invariants());
    let path = format!("{}.", element.path());
    let children = element.inline_shape().into_iter().flat_map(Shape::children);
    for child in children.filter(|it| it.path().starts_with(&path)) {
        write_element(text, child, depth + 1, open);
    }
}

fn type_use(it: TypeUse) -> String {
    let mut word = it.of().name().to_owned();
    if let Some(profile) = it.profile() {
        write!(word, "{{{}}}", profile.name()).unwrap();
    }
    let targets: Vec<_> = it.targets().map(Type::name).collect();
    if !targets.is_empty() {
        write!(word, "({})", targets.join("|")).unwrap();
    }
    word
}

fn bindings<'d>(text: &mut String, bindings: impl Iterator<Item = Binding<'d>>) {
    for binding in bindings {
        let mark = match binding.strength {
            Strength::Required => '!',
            Strength::Extensible => '+',
            Strength::Greatest => '<',
        };
        let url = binding.value_set.url();
        let key = url
            .strip_prefix("http://hl7.org/fhir/ValueSet/")
            .unwrap_or(url);
        write!(text, " {mark}{key}").unwrap();
    }
}

fn invariants(text: &mut String, depth: usize, invariants: impl Iterator<Item = Invariant>) {
    for it in invariants {
        let severity = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::BestPractice => "best-practice",
        };
        writeln!(
            text,
            "{}^ {} {severity} {}",
            "  ".repeat(depth),
            it.key,
            it.expression
        )
        .unwrap();
    }
}

/// What the loader does not hand out again: comments, the list behind `*`, removed elements.
fn comparable(text: Text) -> String {
    let kept = text.text.lines().filter(|line| {
        !line.starts_with('#') && !line.starts_with("choice ") && !line.ends_with(" 0..0")
    });
    kept.fold(String::new(), |mut all, line| {
        all.push_str(line);
        all.push('\n');
        all
    })
}

#[track_caller]
fn same(written: &str, read: &str) {
    for (left, right) in written.lines().zip(read.lines()) {
        assert_eq!(left, right);
    }
    assert_eq!(written.lines().count(), read.lines().count());
}

#[test]
fn types_can_be_written_again_as_they_were_read() {
    for version in FhirVersion::ALL {
        let definitions = Definitions::of(version);
        let texts = Texts::embedded(version);
        same(
            &written(definitions, |it| !it.is_resource()),
            &comparable(texts.datatypes),
        );
        same(
            &written(definitions, Type::is_resource),
            &comparable(texts.resources),
        );
    }
}

#[test]
fn value_sets_can_be_written_again_as_they_were_read() {
    for version in FhirVersion::ALL {
        let mut text = String::new();
        for set in Definitions::of(version).value_sets() {
            let number = set.version().unwrap_or("-");
            if let Some((form, reason)) = set.open() {
                let form = format!("{form:?}").to_lowercase();
                writeln!(text, "open {} {number} {form} {reason}", set.url()).unwrap();
                continue;
            }
            writeln!(text, "set {} {number}", set.url()).unwrap();
            for system in set.systems() {
                let number = system.version().unwrap_or("-");
                let case = if system.ignores_case() { " nocase" } else { "" };
                writeln!(text, "  {} {number}{case}", system.url()).unwrap();
                let codes: Vec<String> = system
                    .codes()
                    .iter()
                    .map(|code| {
                        if code.contains(' ') {
                            format!("\"{code}\"")
                        } else {
                            (*code).to_owned()
                        }
                    })
                    .collect();
                writeln!(text, "    {}", codes.join(" ")).unwrap();
            }
        }
        // Lines of codes are broken for readers only.
        let read = comparable(Texts::embedded(version).value_sets);
        let joined: Vec<&str> = read.split_whitespace().collect();
        let again: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(again, joined, "{version}");
    }
}
