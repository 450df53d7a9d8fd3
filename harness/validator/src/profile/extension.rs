//! Extensions against their definitions: whether there is one, where they may stand, whether they are modifiers.
//! What is in them is judged as by any profile: judge.rs.

use super::compiled::{ExtensionRules, Place, Profile};
use super::judge::Judge;
use super::laws::{found_by, holds};
use super::rules;
use super::shown_address;
use super::values::Known;
use crate::place::element_node;
use plumbline_fhir::profile_facts::ContextKind;
use plumbline_fhir::validate::{Survey, SurveyedExtension};
use plumbline_fhirpath::TypeInfo as _;
use std::collections::HashMap;

impl<'a> Judge<'_, 'a> {
    /// Judges every extension of a body.
    pub(super) fn extensions(&mut self, survey: &Survey<'a>) {
        let mut counts: HashMap<(usize, &'a str), u32> = HashMap::new();
        for extension in &survey.extensions {
            // What has no address was reported by the base.
            if !extension.url.is_empty() {
                self.extension(survey, extension, &mut counts);
            }
        }
    }

    fn extension(
        &mut self,
        survey: &Survey<'a>,
        extension: &SurveyedExtension<'a>,
        counts: &mut HashMap<(usize, &'a str), u32>,
    ) {
        let is_part = extension.outer.is_some() && !extension.url.contains(':');
        if is_part {
            return self.part(survey, extension);
        }
        let found = self
            .knowledge
            .profiles
            .profile(self.knowledge, extension.url);
        let profile = found.ok().filter(|it| it.extension.is_some());
        let Some(profile) = profile else {
            let rule = if extension.is_modifier {
                &rules::EXTENSION_MODIFIER_UNKNOWN
            } else {
                &rules::EXTENSION_UNKNOWN
            };
            let url = shown_address(extension.url);
            self.unknown_extensions.insert(url.to_owned());
            return self.find(
                rule,
                extension.element,
                &[url],
                "a definition that is at hand",
                "not checked",
            );
        };
        if let Some(rules) = &profile.extension {
            self.stands_right(survey, extension, &profile, rules);
            self.how_often(extension, rules, counts);
        }
        self.profile(&profile, extension.element);
    }

    /// An extension stands no more often on an element than the root of its definition says.
    fn how_often(
        &mut self,
        extension: &SurveyedExtension<'a>,
        rules: &ExtensionRules,
        counts: &mut HashMap<(usize, &'a str), u32>,
    ) {
        let holder = element_node(extension.holder).map(plumbline_tree::Node::offset);
        let (Some(most), Some(holder)) = (rules.most, holder) else {
            return;
        };
        let count = counts.entry((holder, extension.url)).or_default();
        *count += 1;
        if *count == most.saturating_add(1) {
            let (most, url) = (most.to_string(), shown_address(extension.url));
            let (words, expected) = ([url, most.as_str()], format!("at most {most}"));
            self.find(
                &rules::EXTENSION_MAX,
                extension.element,
                &words,
                &expected,
                "more",
            );
        }
    }

    /// An extension that is a part of another has its address within that one.
    fn part(&mut self, survey: &Survey<'a>, extension: &SurveyedExtension<'a>) {
        let mut outer = extension;
        while let (false, Some(next)) = (outer.url.contains(':'), outer.outer) {
            let Some(next) = survey.extensions.get(next) else {
                return;
            };
            outer = next;
        }
        let Ok(profile) = self.knowledge.profiles.profile(self.knowledge, outer.url) else {
            return;
        };
        let Some(rules) = &profile.extension else {
            return;
        };
        // One that allows no parts says so itself.
        let has_parts = rules.parts.iter().any(|it| !it.contains(':'));
        if has_parts && !rules.parts.iter().any(|it| it == extension.url) {
            let parts: Vec<&str> = rules
                .parts
                .iter()
                .map(String::as_str)
                .filter(|it| !it.contains(':'))
                .collect();
            let words = [profile.url.as_str()];
            self.find(
                &rules::EXTENSION_PART,
                extension.element,
                &words,
                &parts.join(" or "),
                "another url",
            );
        }
    }

    fn stands_right(
        &mut self,
        survey: &Survey<'a>,
        extension: &SurveyedExtension<'a>,
        profile: &Profile,
        rules: &ExtensionRules,
    ) {
        let at = extension.element;
        let url = profile.url.as_str();
        if rules.is_modifier && !extension.is_modifier {
            self.find(
                &rules::EXTENSION_IS_MODIFIER,
                at,
                &[url],
                "modifierExtension",
                "extension",
            );
        } else if !rules.is_modifier && extension.is_modifier {
            self.find(
                &rules::EXTENSION_NO_MODIFIER,
                at,
                &[url],
                "extension",
                "modifierExtension",
            );
        }
        self.context(survey, extension, url, &rules.contexts);
        for law in &rules.laws {
            let Ok(expression) = &law.expression else {
                continue;
            };
            let variable = Some(("extension", at));
            let result = holds(
                self.knowledge,
                (self.around, &self.open),
                expression,
                (extension.holder, extension.holder),
                variable,
            );
            if let Ok(Some(false) | None) = result {
                let words = [url, law.text.as_str()];
                self.find(
                    &rules::EXTENSION_CONTEXT_INVARIANT,
                    at,
                    &words,
                    &law.text,
                    "false",
                );
            }
        }
    }

    fn context(
        &mut self,
        survey: &Survey<'a>,
        extension: &SurveyedExtension<'a>,
        url: &str,
        places: &[Place],
    ) {
        let mut is_unknown = places.is_empty();
        for place in places {
            match self.is_place(survey, extension, place) {
                Known::Yes => return,
                Known::No => {}
                Known::Unknown(_) => is_unknown = true,
            }
        }
        if is_unknown {
            return;
        }
        let expected: Vec<&str> = places
            .iter()
            .map(|it| it.context.expression.as_str())
            .collect();
        let actual = extension.holder_names.first().map_or("", String::as_str);
        let words = [url, actual];
        self.find(
            &rules::EXTENSION_CONTEXT,
            extension.element,
            &words,
            &expected.join(" or "),
            actual,
        );
    }

    fn is_place(
        &self,
        survey: &Survey<'a>,
        extension: &SurveyedExtension<'a>,
        place: &Place,
    ) -> Known {
        let wanted = place.context.expression.trim();
        let is_so = match place.context.kind {
            ContextKind::Element | ContextKind::Resource | ContextKind::Datatype => {
                // STU3 has lists in one text, too.
                wanted
                    .split(',')
                    .any(|it| self.is_element(extension, it.trim()))
            }
            ContextKind::Extension => is_within(survey, extension, wanted),
            ContextKind::Fhirpath => {
                let resource = survey.resources.get(extension.resource);
                let (Some(resource), Some(Ok(expression))) = (resource, &place.expression) else {
                    return Known::Unknown("the expression cannot be read".to_owned());
                };
                match found_by(
                    self.knowledge,
                    self.around,
                    expression,
                    resource.element,
                    extension.holder,
                ) {
                    Ok(is_so) => is_so,
                    Err(problem) => return Known::Unknown(problem.to_string()),
                }
            }
        };
        if is_so { Known::Yes } else { Known::No }
    }

    /// Whether the element around has this name: a type, or a path from a type.
    fn is_element(&self, extension: &SurveyedExtension<'a>, wanted: &str) -> bool {
        // A place in a profile is a place in its type.
        let wanted = wanted.rsplit('#').next().unwrap_or(wanted);
        let names = &extension.holder_names;
        if wanted == "*" || wanted == "Element" || names.iter().any(|it| it == wanted) {
            return true;
        }
        let definitions = self.knowledge.definitions;
        // What has the content of another element stands for that one too.
        let referred = |name: &String| {
            let element = definitions.element_at(name)?.element();
            Some(element.content_reference()?.path())
        };
        if names.iter().filter_map(referred).any(|it| it == wanted) {
            return true;
        }
        // A choice may be named with its type.
        let Some(child) = definitions
            .element_at(wanted)
            .filter(|it| it.element().is_choice())
        else {
            return false;
        };
        let types = self.knowledge.types;
        let of = extension.holder.type_id().map(|it| types.name(it));
        let is_type = child.type_use().is_none_or(|it| Some(it.of().name()) == of);
        is_type && names.contains(&child.element().path())
    }
}

/// Whether the extension stands in the one of this address.
fn is_within(survey: &Survey<'_>, extension: &SurveyedExtension<'_>, wanted: &str) -> bool {
    let outer = extension.outer.and_then(|it| survey.extensions.get(it));
    let Some(outer) = outer else {
        return false;
    };
    if outer.url == wanted {
        return true;
    }
    let Some((url, part)) = wanted.split_once('#') else {
        return false;
    };
    let around = outer.outer.and_then(|it| survey.extensions.get(it));
    outer.url == part && around.is_some_and(|it| it.url == url)
}
