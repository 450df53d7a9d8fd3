//! What FHIR adds, and what looks around: `extension`, `resolve`, `memberOf`, `children`, `trace`, `now`.
//! Not for answering what only the host knows: host.rs.

use crate::collection::Collection;
use crate::element::Element;
use crate::error::{Eval, EvalError};
use crate::evaluate::{Evaluator, Invocation};
use crate::host::{Answer, Resolved};
use crate::moment::DateTime;
use crate::navigate;
use crate::syntax::{IsFirst, Member};
use crate::value::Value;
use std::sync::LazyLock;

type Result<'a> = Eval<Collection<'a>>;

fn children_of<'a>(it: &Evaluator<'_, 'a>, values: &Collection<'a>) -> Result<'a> {
    let (mut out, mut names) = (Collection::empty(), Vec::new());
    for value in values {
        if let Value::Element(element) = value {
            navigate::all(it.environment.types, *element, &mut out, &mut names);
        }
    }
    it.spend(out.len())?;
    Ok(out)
}

pub(crate) fn children<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    children_of(it, &call.input)
}

/// Level by level.
pub(crate) fn descendants<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let mut all = Collection::empty();
    let mut level = children_of(it, &call.input)?;
    while !level.is_empty() {
        let next = children_of(it, &level)?;
        all.extend(level);
        level = next;
    }
    Ok(all)
}

pub(crate) fn trace<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let name = it.text(call.name(), &it.argument(&call, 0)?)?;
    let name = name.unwrap_or_default();
    if call.argument(1).is_none() {
        it.environment.host.trace(&name, &call.input);
        return Ok(call.input);
    }
    let mut shown = Collection::empty();
    for (index, value) in call.input.iter().enumerate() {
        shown.extend(it.for_item(&call, 1, value, index)?);
    }
    it.environment.host.trace(&name, &shown);
    Ok(call.input)
}

fn clock<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<DateTime> {
    let what = call.name();
    it.environment.now.ok_or(EvalError::NoClock { what })
}

pub(crate) fn now<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    Ok(Collection::one(Value::DateTime(clock(it, &call)?)))
}

pub(crate) fn today<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    Ok(Collection::one(Value::Date(clock(it, &call)?.date)))
}

pub(crate) fn time_of_day<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    Ok(Collection::maybe(clock(it, &call)?.time.map(Value::Time)))
}

/// The extensions with an address.
pub(crate) fn extension<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    static EXTENSION: LazyLock<Member> = LazyLock::new(|| Member::new("extension", IsFirst::No));
    let Some(url) = it.text(call.name(), &it.argument(&call, 0)?)? else {
        return Ok(Collection::empty());
    };
    it.spend(call.input.len())?;
    let mut found = Collection::empty();
    for value in &call.input {
        if let Value::Element(element) = value {
            navigate::member(it.environment.types, *element, &EXTENSION, &mut found);
        }
    }
    let has_url = |value: &Value<'a>| match value {
        Value::Element(element) => element.child_text("url") == Some(&*url),
        _ => false,
    };
    Ok(found.into_iter().filter(has_url).collect())
}

pub(crate) fn has_value<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let is_value = match call.input.as_slice() {
        [Value::Element(element)] => element.has_value(it.environment.types),
        [Value::Type { .. }] | [_, _, ..] | [] => false,
        [_] => true,
    };
    Ok(Collection::one(Value::Boolean(is_value)))
}

pub(crate) fn get_value<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    match call.input.as_slice() {
        [value] => Ok(Collection::maybe(it.system(value)?)),
        _ => Ok(Collection::empty()),
    }
}

/// Where references and addresses lead. What leads nowhere is left out.
pub(crate) fn resolve<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let types = it.environment.types;
    let mut out = Collection::empty();
    for value in &call.input {
        let reference = match value {
            Value::String(text) => Some(text.clone()),
            Value::Element(element) => match element.child_text("reference") {
                Some(text) => Some(text.into()),
                None => element.text(types),
            },
            _ => None,
        };
        let Some(reference) = reference else {
            continue;
        };
        // A contained resource refers to others that are contained beside it, and to outside as its container does.
        let from = it.environment.root_resource;
        match it.environment.host.resolve(&reference, Some(from)) {
            Resolved::To(element) => out.push(Value::Element(typed(it, element))),
            Resolved::Nowhere => {}
            Resolved::Unknown => {
                return Err(EvalError::Unknown {
                    what: call.name(),
                    about: "a reference to outside".to_owned(),
                });
            }
        }
    }
    Ok(out)
}

/// A resource whose finder knew no types.
fn typed<'a>(it: &Evaluator<'_, 'a>, element: Element<'a>) -> Element<'a> {
    match (element.type_id(), element.body()) {
        (None, Some(body)) => Element::resource(body, it.environment.types),
        _ => element,
    }
}

/// Asks the host about the one element that the function is called on.
fn ask<'a>(
    call: &Invocation<'_, 'a>,
    about: &str,
    question: impl Fn(Element<'a>) -> Answer,
) -> Result<'a> {
    let answer = match call.input.single(call.name())? {
        None => return Ok(Collection::empty()),
        Some(Value::Element(element)) => question(*element),
        Some(_) => Answer::Unknown,
    };
    match answer {
        Answer::Yes => Ok(Collection::truth(Some(true))),
        Answer::No => Ok(Collection::truth(Some(false))),
        Answer::Unknown => Err(EvalError::Unknown {
            what: call.name(),
            about: about.to_owned(),
        }),
        Answer::Wrong => Err(EvalError::WrongValue {
            what: call.name(),
            problem: format!("there is no {about}"),
        }),
    }
}

fn about<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<String> {
    let url = it.text(call.name(), &it.argument(call, 0)?)?;
    Ok(url.unwrap_or_default().into_owned())
}

pub(crate) fn member_of<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let url = about(it, &call)?;
    ask(&call, &url, |coded| {
        it.environment.host.member_of(coded, &url)
    })
}

pub(crate) fn conforms_to<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let url = about(it, &call)?;
    ask(&call, &url, |element| {
        it.environment.host.conforms_to(element, &url)
    })
}

pub(crate) fn html_checks<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    ask(&call, "narrative", |narrative| {
        it.environment.host.html_checks(narrative)
    })
}

fn other_code<'a>(it: &Evaluator<'_, 'a>, call: &Invocation<'_, 'a>) -> Eval<Option<Element<'a>>> {
    let other = it.argument(call, 0)?;
    Ok(match other.single(call.name())? {
        Some(Value::Element(element)) => Some(*element),
        _ => None,
    })
}

pub(crate) fn subsumes<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = other_code(it, &call)?;
    ask(&call, "a code", |code| match other {
        Some(other) => it.environment.host.subsumes(code, other),
        None => Answer::Unknown,
    })
}

pub(crate) fn subsumed_by<'a>(it: &Evaluator<'_, 'a>, call: Invocation<'_, 'a>) -> Result<'a> {
    let other = other_code(it, &call)?;
    ask(&call, "a code", |code| match other {
        Some(other) => it.environment.host.subsumes(other, code),
        None => Answer::Unknown,
    })
}
