//! Reads the facts of a profile from its lines. Not for code systems and value sets: `read_terms.rs`.

use super::element::{
    BindingStrength, Bound, Discriminator, DiscriminatorKind, ElementFacts, InvariantFacts, Most,
    Rules, Slicing, TypeFacts, Value,
};
use super::profile::{Context, ContextKind, Derivation, ProfileFacts, StructureKind};
use super::read::{Block, FactsError};
use super::words::Optional;
use crate::definitions::Severity;

pub(super) fn profile(block: &Block<'_>) -> Result<ProfileFacts, FactsError> {
    let mut words = block.words();
    let (Some(url), Some(Optional(version)), Some(Optional(status)), true) = (
        words.next(),
        words.next_option(),
        words.next_option(),
        words.is_empty(),
    ) else {
        return Err(block.error("not `profile ADDRESS VERSION STATUS`"));
    };
    let mut kind = None;
    let mut profile = ProfileFacts {
        url,
        version,
        status,
        kind: StructureKind::Logical,
        of: String::new(),
        is_abstract: false,
        derivation: None,
        base: None,
        contexts: Vec::new(),
        context_invariants: Vec::new(),
        elements: Vec::new(),
    };
    for line in block.below() {
        if line.word() != "element" {
            line.is_alone()?;
        }
        let mut words = line.words();
        match line.word() {
            "kind" => {
                profile.kind = line.one_of(
                    words.next().as_deref(),
                    &StructureKind::ALL,
                    StructureKind::word,
                )?;
                profile.of = words
                    .next()
                    .ok_or_else(|| line.error("not `kind KIND TYPE`"))?;
                profile.is_abstract = match words.next().as_deref() {
                    None => false,
                    Some("abstract") => true,
                    Some(_) => return Err(line.error("not `kind KIND TYPE abstract`")),
                };
                kind = Some(());
            }
            "derivation" => {
                let word = line.only()?;
                profile.derivation =
                    Some(line.one_of(Some(&word), &Derivation::ALL, Derivation::word)?);
            }
            "base" => profile.base = Some(line.only()?),
            "context" => {
                let kind = line.one_of(
                    words.next().as_deref(),
                    &ContextKind::ALL,
                    ContextKind::word,
                )?;
                let expression = words
                    .rest()
                    .ok_or_else(|| line.error("a context without its name"))?;
                profile.contexts.push(Context { kind, expression });
            }
            "context-invariant" => {
                let rest = words.rest();
                let rest = rest.ok_or_else(|| line.error("an invariant without expression"))?;
                profile.context_invariants.push(rest);
            }
            "element" => profile.elements.push(element(line)?),
            _ => return Err(line.unknown()),
        }
    }
    kind.ok_or_else(|| block.error("a profile without `kind`"))?;
    Ok(profile)
}

fn element(block: &Block<'_>) -> Result<ElementFacts, FactsError> {
    let mut words = block.words();
    let head = words
        .next()
        .ok_or_else(|| block.error("an element without path"))?;
    let mut element = ElementFacts {
        path: head.clone(),
        ..ElementFacts::default()
    };
    for word in words
        .all()
        .ok_or_else(|| block.error("words that cannot be read"))?
    {
        match word.as_str() {
            "must-support" => element.is_must_support = true,
            "modifier" => element.is_modifier = true,
            range => {
                (element.min, element.max) = cardinality(range)
                    .ok_or_else(|| block.error(format!("`{range}` is no range such as 0..1")))?;
            }
        }
    }
    let mut id = None;
    for line in block.below() {
        if !matches!(line.word(), "slicing" | "type" | "binding" | "^") {
            line.is_alone()?;
        }
        match line.word() {
            "slice" => element.slice = Some(line.only()?),
            "id" => id = Some(line.only()?),
            "slicing" => element.slicing = Some(slicing(line)?),
            "content" => element.content = Some(line.only()?),
            "type" => element.types.push(type_facts(line)?),
            "fixed" => element.fixed = Some(value(line)?),
            "pattern" => element.pattern = Some(value(line)?),
            "least" => element.least = Some(value(line)?),
            "greatest" => element.greatest = Some(value(line)?),
            "max-length" => {
                let number = line.only()?.parse().ok();
                element.max_length =
                    Some(number.ok_or_else(|| line.error("`max-length` has a number behind it"))?);
            }
            "binding" => element.binding = Some(binding(line)?),
            "^" => element.invariants.push(invariant(line)?),
            _ => return Err(line.unknown()),
        }
    }
    if let Some(id) = id {
        element.id = id;
    } else if element.slice.is_some() {
        return Err(block.error("a slice with a name of its own has an id"));
    } else {
        (element.path, element.slice) = ElementFacts::parts_of(&head);
        element.id = head;
    }
    Ok(element)
}

fn cardinality(range: &str) -> Option<(Option<u32>, Option<Most>)> {
    let (min, max) = range.split_once("..")?;
    let min = match min {
        "" => None,
        min => Some(min.parse().ok()?),
    };
    let max = match max {
        "" => None,
        max => Some(Most::from_word(max)?),
    };
    Some((min, max))
}

fn slicing(block: &Block<'_>) -> Result<Slicing, FactsError> {
    let mut words = block.words();
    let rules = match words.next_option() {
        None => return Err(block.error("`slicing` without rules")),
        Some(Optional(None)) => None,
        Some(Optional(word)) => Some(block.one_of(word.as_deref(), &Rules::ALL, Rules::word)?),
    };
    let is_ordered = match words.next().as_deref() {
        None => false,
        Some("ordered") => true,
        Some(_) => return Err(block.error("not `slicing RULES ordered`")),
    };
    let mut slicing = Slicing {
        rules,
        is_ordered,
        discriminators: Vec::new(),
    };
    for line in block.below() {
        line.is_alone()?;
        let mut words = line.words();
        if line.word() != "by" {
            return Err(line.unknown());
        }
        let all = DiscriminatorKind::ALL;
        let kind = line.one_of(words.next().as_deref(), &all, DiscriminatorKind::word)?;
        let path = words.next().filter(|_| words.is_empty());
        let path = path.ok_or_else(|| line.error("not `by KIND PATH`"))?;
        slicing.discriminators.push(Discriminator { kind, path });
    }
    Ok(slicing)
}

fn type_facts(block: &Block<'_>) -> Result<TypeFacts, FactsError> {
    let mut of = TypeFacts {
        code: block.only()?,
        profiles: Vec::new(),
        targets: Vec::new(),
        aggregation: Vec::new(),
    };
    for line in block.below() {
        line.is_alone()?;
        match line.word() {
            "profile" => of.profiles.push(line.only()?),
            "target" => of.targets.push(line.only()?),
            "aggregation" => {
                of.aggregation = line
                    .words()
                    .all()
                    .filter(|words| !words.is_empty())
                    .ok_or_else(|| line.error("`aggregation` without words"))?;
            }
            _ => return Err(line.unknown()),
        }
    }
    Ok(of)
}

fn value(block: &Block<'_>) -> Result<Value, FactsError> {
    let mut words = block.words();
    let of = words.next();
    match (of, words.json()) {
        (Some(of), Some(json)) => Ok(Value { of, json }),
        _ => Err(block.error(format!(
            "not `{} TYPE VALUE` with JSON without white space",
            block.word()
        ))),
    }
}

fn binding(block: &Block<'_>) -> Result<Bound, FactsError> {
    let mut words = block.words();
    let all = BindingStrength::ALL;
    let strength = block.one_of(words.next().as_deref(), &all, BindingStrength::word)?;
    let value_set = words.next_option().filter(|_| words.is_empty());
    let Optional(value_set) =
        value_set.ok_or_else(|| block.error("not `binding STRENGTH ADDRESS`"))?;
    let mut greatest = None;
    for line in block.below() {
        line.is_alone()?;
        if line.word() != "greatest" {
            return Err(line.unknown());
        }
        greatest = Some(line.only()?);
    }
    Ok(Bound {
        strength,
        value_set,
        greatest,
    })
}

fn invariant(block: &Block<'_>) -> Result<InvariantFacts, FactsError> {
    let mut words = block.words();
    let key = words
        .next()
        .ok_or_else(|| block.error("an invariant without key"))?;
    let severity = block.one_of(words.next().as_deref(), &Severity::ALL, Severity::word)?;
    let mut source = None;
    for line in block.below() {
        line.is_alone()?;
        if line.word() != "from" {
            return Err(line.unknown());
        }
        source = Some(line.only()?);
    }
    Ok(InvariantFacts {
        key,
        severity,
        expression: words.rest(),
        source,
    })
}
