//! Parts that are no element of where they stand, and what may have been meant. Not parts that are.

use super::path::Step;
use super::rules;
use super::walk::{Place, Walk};
use crate::definitions::{Definitions, Element, FhirVersion, Shape};
use crate::view::{Part, Role};

/// Stands for what may not be shown.
pub(super) const UNSHOWN: &str = "`…`";

/// A name as it may be shown: a name of FHIR's kind, and short.
pub(super) fn shown(name: &str) -> &str {
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let numbers = name.bytes().filter(u8::is_ascii_digit).count();
    if is_plain && begins && name.len() <= 64 && numbers < 6 {
        name
    } else {
        UNSHOWN
    }
}

/// Reports a part that is no child. Gives the choice that its name begins with.
pub(super) fn report<'a, 'd>(
    walk: &mut Walk<'a, 'd>,
    part: Part<'a>,
    place: &Place,
) -> Option<Element<'d>> {
    let name = shown(part.name);
    let step = Step::plain(name);
    let plan = walk.plan;
    let title = place.title(plan);
    let shape = plan.shapes.get(place.shape as usize)?.shape;
    if part.name == "modifierExtension" {
        walk.issue_at(
            &rules::MODIFIER_EXTENSION,
            part.node,
            Some(step),
            &[&title],
            "no modifierExtension",
            "a modifierExtension",
        );
        return None;
    }
    if let Some(choice) = shape.choice_for(part.name) {
        let types: Vec<&str> = choice.types().map(|it| it.of().name()).take(12).collect();
        let more = if choice.types().len() > types.len() {
            " and others"
        } else {
            ""
        };
        let expected = format!("{} of {}{more}", choice.name(), types.join(", "));
        walk.issue_at(
            &rules::CHOICE_TYPE,
            part.node,
            Some(Step {
                name: choice.stem(),
                ..step
            }),
            &[name, choice.name()],
            &expected,
            name,
        );
        return Some(choice);
    }
    let hint = hint(plan.definitions, part, shape, &title);
    walk.issue_at(
        &rules::UNKNOWN_ELEMENT,
        part.node,
        Some(step),
        &[&title, name, &hint],
        &format!("an element of {title}"),
        name,
    );
    None
}

/// What may have been meant: a clause to append.
fn hint(definitions: &Definitions, part: Part<'_>, shape: Shape<'_>, title: &str) -> String {
    if part.role == Role::Plain && part.name == "fhir_comments" {
        return "; comments were a part of DSTU2".to_owned();
    }
    let mut children = shape.children();
    let meant = children.find(|it| {
        it.name().eq_ignore_ascii_case(part.name)
            || part.name.strip_suffix('s') == Some(it.name())
            || it.name().strip_suffix('s') == Some(part.name)
    });
    if let Some(meant) = meant {
        return format!("; is {} meant?", meant.name());
    }
    for version in FhirVersion::ALL {
        if version != definitions.version() {
            let path = format!("{title}.{}", part.name);
            if Definitions::of(version).element_at(&path).is_some() {
                return format!("; {version} has it");
            }
        }
    }
    String::new()
}
