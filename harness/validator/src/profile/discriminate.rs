//! What tells the slices of a profile apart: for each discriminator where to look in an item, and what must be found
//! there. Not the looking: slices.rs.

use super::compile::{Compiler, HL7, without_version};
use super::compiled::{Demand, Fact, Step, Test, Text};
use super::name::Name;
use super::outline::Outline;
use plumbline_fhir::profile_facts::{
    BindingStrength, Discriminator, DiscriminatorKind, Most, Value,
};
use plumbline_fhirpath::TypeInfo as _;
use plumbline_tree::Layout;
use std::sync::Arc;

/// How many profiles may lie between a slice and what tells it apart.
const MOST_HOPS: usize = 8;

pub(super) struct Discriminators<'c, 'o> {
    pub(super) compiler: &'c Compiler<'o>,
}

/// What a path leads to in the definitions.
#[derive(Clone)]
enum End {
    /// An element of a snapshot.
    Element(Arc<Outline>, usize),
    /// A whole resource that keeps to a profile, by its address.
    Target(String),
    /// A part of a value that the profile gives.
    Given(Value, Way),
}

/// How a value is given.
#[derive(Clone, Copy)]
enum Way {
    Fixed,
    Pattern,
}

/// The path and the text of a fact that asks for one text of one child, however deep.
fn sole_text(steps: &[Step], fact: &Fact) -> Option<Text> {
    let ([before @ .., Step::Child(name)], Fact::Any(demands)) = (steps, fact) else {
        return None;
    };
    let before = before.iter().map(|step| match step {
        Step::Child(name) => Some(Name::new(name.as_str())),
        Step::OfType(_) | Step::Extension(_) | Step::Resolve => None,
    });
    let [demand] = demands.as_slice() else {
        return None;
    };
    let given = demand.fixed.as_ref().or(demand.pattern.as_ref())?;
    let text = given.tree.root().as_str()?;
    Some(Text {
        before: before.collect::<Option<Vec<Name>>>()?,
        name: name.as_str().to_owned(),
        value: text.to_owned(),
    })
}

impl Discriminators<'_, '_> {
    /// What tells a slice apart. A discriminator that the slice says nothing about tells nothing, unless no other does.
    pub(super) fn tests(&self, slice: usize, discriminators: &[Discriminator]) -> Vec<Test> {
        let all = discriminators.iter().map(|it| self.test(slice, it));
        let (silent, telling): (Vec<Test>, Vec<Test>) =
            all.partition(|it| matches!(it.fact, Fact::Undecidable(_)));
        if telling.is_empty() { silent } else { telling }
    }

    fn test(&self, slice: usize, discriminator: &Discriminator) -> Test {
        let steps = match steps(&discriminator.path) {
            Ok(steps) => steps,
            Err(problem) => {
                return Test {
                    steps: Vec::new(),
                    fact: Fact::Undecidable(problem),
                    text: None,
                };
            }
        };
        let start = End::Element(Arc::clone(self.compiler.outline), slice);
        let mut ends = vec![start];
        for step in &steps {
            let next = ends
                .iter()
                .flat_map(|end| self.follow(end, step, MOST_HOPS));
            ends = next.collect();
        }
        let fact = self.fact(discriminator, &ends);
        let text = sole_text(&steps, &fact);
        Test { steps, fact, text }
    }

    fn fact(&self, discriminator: &Discriminator, ends: &[End]) -> Fact {
        let fact = match discriminator.kind {
            DiscriminatorKind::Value | DiscriminatorKind::Pattern => self.value(ends),
            DiscriminatorKind::Exists => exists(ends),
            DiscriminatorKind::Type => self.types(ends),
            DiscriminatorKind::Profile => profiles(ends),
        };
        fact.unwrap_or_else(|| {
            let path = &discriminator.path;
            Fact::Undecidable(format!(
                "the profile does not say what tells it apart at {path}"
            ))
        })
    }

    fn value(&self, ends: &[End]) -> Option<Fact> {
        let mut demands = Vec::new();
        for end in ends {
            match end {
                End::Element(outline, at) => demands.extend(self.demand(outline, *at, MOST_HOPS)),
                End::Given(value, way) => {
                    let given = self.compiler.given(value);
                    let (fixed, pattern) = match way {
                        Way::Fixed => (given, None),
                        Way::Pattern => (None, given),
                    };
                    demands.push(Demand {
                        fixed,
                        pattern,
                        ..Demand::default()
                    });
                }
                End::Target(_) => {}
            }
        }
        if demands.is_empty() {
            return exists(ends);
        }
        Some(Fact::Any(demands))
    }

    /// What a value has, here and below.
    fn demand(&self, outline: &Arc<Outline>, at: usize, hops: usize) -> Option<Demand> {
        let facts = outline.facts(at);
        let fixed = facts.fixed.as_ref().and_then(|it| self.compiler.given(it));
        let pattern = facts
            .pattern
            .as_ref()
            .and_then(|it| self.compiler.given(it));
        let mut demand = Demand {
            fixed,
            pattern,
            ..Demand::default()
        };
        if demand.fixed.is_some() || demand.pattern.is_some() {
            return Some(demand);
        }
        for group in &outline.entry(at).groups {
            let all = group.all.into_iter();
            let needed = group.slices.iter().copied();
            let needed = needed.filter(|it| outline.facts(*it).min.is_some_and(|min| min > 0));
            let stem = group.name.strip_suffix("[x]").unwrap_or(&group.name);
            for child in all.chain(needed) {
                let child = hops
                    .checked_sub(1)
                    .and_then(|hops| self.demand(outline, child, hops));
                demand
                    .children
                    .extend(child.map(|child| (Name::new(stem), child)));
            }
        }
        if demand.children.is_empty() {
            let bound = facts
                .binding
                .as_ref()
                .filter(|it| it.strength == BindingStrength::Required);
            demand.value_set = bound.and_then(|it| it.value_set.clone());
        }
        if demand.children.is_empty() && demand.value_set.is_none() {
            let [of] = outline.types(at) else {
                return None;
            };
            let [profile] = of.profiles.as_slice() else {
                return None;
            };
            let hops = hops.checked_sub(1)?;
            let knowledge = self.compiler.knowledge;
            let next = knowledge.profiles.outline(knowledge, profile).ok()?;
            return self.demand(&next, 0, hops);
        }
        Some(demand)
    }

    fn types(&self, ends: &[End]) -> Option<Fact> {
        let mut names = Vec::new();
        for end in ends {
            match end {
                End::Element(outline, 0) => names.push(outline.of.clone()),
                End::Element(outline, at) => {
                    names.extend(outline.types(*at).iter().map(|it| it.code.clone()));
                }
                End::Target(canonical) => names.push(self.type_of(canonical)?),
                End::Given(value, _) => names.push(value.of.clone()),
            }
        }
        (!names.is_empty()).then_some(Fact::Type(names))
    }

    /// The type that a profile is for.
    fn type_of(&self, canonical: &str) -> Option<String> {
        let knowledge = self.compiler.knowledge;
        super::target::type_of(knowledge, canonical)
    }

    /// Where a step leads.
    fn follow(&self, end: &End, step: &Step, hops: usize) -> Vec<End> {
        let (outline, at) = match end {
            End::Element(outline, at) => (outline, *at),
            End::Target(canonical) => return self.within_profile(canonical, step, hops),
            End::Given(value, way) => return self.within_value(value, *way, step),
        };
        match step {
            Step::Child(name) => {
                if let Some(group) = outline.group(at, name.as_str()) {
                    let all = group.all.map(|it| vec![it]);
                    let all = all.unwrap_or_else(|| group.slices.clone());
                    let ends = all
                        .into_iter()
                        .map(|it| End::Element(Arc::clone(outline), it));
                    // What is said above may say more than what is said of the element itself.
                    return ends.chain(self.within_given(outline, at, step)).collect();
                }
                let within = self.within_given(outline, at, step);
                if !within.is_empty() {
                    return within;
                }
            }
            Step::OfType(name) => {
                if let Some(slice) = outline.slice_of_type(at, name) {
                    return vec![End::Element(Arc::clone(outline), slice)];
                }
                let fits = outline.types(at).iter().any(|it| it.code == *name)
                    || outline.types(at).is_empty();
                return if fits || at == 0 {
                    vec![end.clone()]
                } else {
                    Vec::new()
                };
            }
            Step::Extension(url) => {
                let found = extension(outline, at, url);
                if !found.is_empty() {
                    return found;
                }
            }
            Step::Resolve => {
                let types = outline.types(at).iter();
                let targets = types.flat_map(|it| it.targets.iter());
                return targets.map(|it| End::Target(it.clone())).collect();
            }
        }
        self.beside(outline, at, step, hops)
    }

    /// Into the value that an element is given.
    fn within_given(&self, outline: &Outline, at: usize, step: &Step) -> Vec<End> {
        let facts = outline.facts(at);
        let fixed = facts
            .fixed
            .iter()
            .flat_map(|it| self.within_value(it, Way::Fixed, step));
        let pattern = facts
            .pattern
            .iter()
            .flat_map(|it| self.within_value(it, Way::Pattern, step));
        fixed.chain(pattern).collect()
    }

    fn within_value(&self, value: &Value, way: Way, step: &Step) -> Vec<End> {
        let Step::Child(name) = step else {
            return Vec::new();
        };
        let types = self.compiler.knowledge.types;
        let Some(given) = self.compiler.given(value) else {
            return Vec::new();
        };
        let children = name.of(types, given.element()).into_iter();
        let ends = children.filter_map(|it| {
            let json = it.value().or(it.body())?.to_json(Layout::Compact).ok()?;
            let of = types.name(it.type_id()?).to_owned();
            Some(End::Given(Value { of, json }, way))
        });
        ends.collect()
    }

    /// What the profile of the type says, or else what is said of all items.
    fn beside(&self, outline: &Arc<Outline>, at: usize, step: &Step, hops: usize) -> Vec<End> {
        let profiles = outline.types(at).iter().flat_map(|it| it.profiles.iter());
        let mut found = Vec::new();
        for profile in profiles {
            found.extend(self.within_profile(profile, step, hops));
        }
        if let (true, Some(sliced)) = (found.is_empty(), outline.entry(at).sliced) {
            let end = End::Element(Arc::clone(outline), sliced);
            return match hops.checked_sub(1) {
                Some(hops) => self.follow(&end, step, hops),
                None => Vec::new(),
            };
        }
        found
    }

    fn within_profile(&self, canonical: &str, step: &Step, hops: usize) -> Vec<End> {
        let knowledge = self.compiler.knowledge;
        let Some(hops) = hops.checked_sub(1) else {
            return Vec::new();
        };
        match knowledge.profiles.outline(knowledge, canonical) {
            Ok(outline) => self.follow(&End::Element(outline, 0), step, hops),
            Err(_) => Vec::new(),
        }
    }
}

/// The slice of an extension.
fn extension(outline: &Arc<Outline>, at: usize, url: &str) -> Vec<End> {
    let groups = ["extension", "modifierExtension"];
    let groups = groups.into_iter().filter_map(|it| outline.group(at, it));
    let slices = groups.flat_map(|it| it.slices.iter().copied());
    let is_it = |slice: &usize| {
        let profiles = outline
            .types(*slice)
            .iter()
            .flat_map(|it| it.profiles.iter());
        let mut profiles = profiles.map(|it| without_version(it));
        profiles.any(|it| it == url) || has_url(outline, *slice, url)
    };
    let found = slices.filter(is_it);
    found
        .map(|it| End::Element(Arc::clone(outline), it))
        .collect()
}

/// Whether the slice of an extension fixes this address.
fn has_url(outline: &Outline, slice: usize, url: &str) -> bool {
    let group = outline.group(slice, "url");
    let fixed = group.and_then(|it| outline.facts(it.all?).fixed.as_ref());
    fixed.is_some_and(|it| it.json.trim_matches('"') == url)
}

/// Whether something must be there or must not.
fn exists(ends: &[End]) -> Option<Fact> {
    let mut found = None;
    for end in ends {
        let (outline, at) = match end {
            End::Element(outline, at) => (outline, at),
            End::Given(..) => return Some(Fact::Exists),
            End::Target(_) => continue,
        };
        let facts = outline.facts(*at);
        if facts.max == Some(Most::Times(0)) {
            found = Some(Fact::Absent);
        } else if facts.min.is_some_and(|min| min > 0) {
            return Some(Fact::Exists);
        }
    }
    found
}

fn profiles(ends: &[End]) -> Option<Fact> {
    let mut all = Vec::new();
    for end in ends {
        match end {
            End::Element(outline, 0) => all.push(outline.url.clone()),
            End::Element(outline, at) => {
                let types = outline.types(*at).iter();
                for of in types {
                    all.extend(of.profiles.iter().cloned());
                    if of.profiles.is_empty() && of.code != "Resource" {
                        all.push(format!("{HL7}{}", of.code));
                    }
                }
            }
            End::Target(canonical) => all.push(canonical.clone()),
            End::Given(..) => {}
        }
    }
    (!all.is_empty()).then_some(Fact::Profile(all))
}

/// Reads the path of a discriminator: the part of `FHIRPath` that the specification allows there.
fn steps(path: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    while !rest.is_empty() {
        let end = end_of_step(rest);
        let (step, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if step != "$this" {
            let problem = || format!("the discriminator {path} is not understood");
            steps.push(one_step(step).ok_or_else(problem)?);
        }
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    Ok(steps)
}

/// Where the first step ends: at a dot outside brackets.
fn end_of_step(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// A step that leads somewhere.
fn one_step(text: &str) -> Option<Step> {
    let Some((name, argument)) = text.split_once('(') else {
        let name = text.strip_suffix("[x]").unwrap_or(text);
        let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let is_name = !name.is_empty() && name.chars().all(is_plain);
        return is_name.then(|| Step::Child(Name::new(name)));
    };
    let argument = argument.strip_suffix(')')?.trim();
    let argument = argument.trim_matches(|it| it == '\'' || it == '"');
    match name {
        "resolve" if argument.is_empty() => Some(Step::Resolve),
        "ofType" | "as" if !argument.is_empty() => Some(Step::OfType(argument.to_owned())),
        "extension" if !argument.is_empty() => Some(Step::Extension(argument.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_discriminators_are_read() {
        let is_child = |it: &&Step| matches!(it, Step::Child(_));
        let shown =
            |path: &str| steps(path).map(|it| it.iter().filter(is_child).count() * 10 + it.len());
        assert_eq!(shown("$this"), Ok(0));
        assert_eq!(shown("code.coding.code"), Ok(33));
        assert_eq!(shown("entry.resolve()"), Ok(12));
        assert_eq!(shown("extension('http://x.example/a.b').value"), Ok(12));
        assert_eq!(shown("value.ofType(Coding).code"), Ok(23));
        assert_eq!(shown("$this.resolve()"), Ok(1));
        for path in ["where(a = 'b')", "a..b", "resolve(x)", "a b"] {
            assert!(shown(path).is_err(), "{path}");
        }
    }
}
