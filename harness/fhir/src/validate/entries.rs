//! What the entries of a `Bundle` have, noted while they are walked, so that its invariants need not go through all
//! of them again and again. Says only that an invariant certainly holds; where that is not certain it is evaluated.

use super::invariant::{Fields, Present};
use super::plan::Plan;
use plumbline_tree::{Form, Node};

/// What an invariant of `Bundle` asks of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfEntries {
    /// None has search information, or something else.
    NoSearch,
    /// None has a request, or something else.
    NoRequest,
    /// None has a response, or something else.
    NoResponse,
    /// All have a request if the bundle is of these types, else none.
    Requests,
    /// The same of responses.
    Responses,
    /// Address and version together are different, or something else.
    Distinct,
}

const ASKED: &[(&str, OfEntries)] = &[
    (
        "entry.search.empty() or (type = 'searchset')",
        OfEntries::NoSearch,
    ),
    (
        "entry.request.empty() or type = 'batch' or type = 'transaction' or type = 'history'",
        OfEntries::NoRequest,
    ),
    (
        "entry.response.empty() or type = 'batch-response' or type = 'transaction-response'",
        OfEntries::NoResponse,
    ),
    (
        "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
        OfEntries::Requests,
    ),
    (
        "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))",
        OfEntries::Responses,
    ),
    (
        "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
        OfEntries::Distinct,
    ),
    (
        "entry.where(fullUrl).select(fullUrl&resource.meta.versionId).isDistinct()",
        OfEntries::Distinct,
    ),
];

impl OfEntries {
    pub(super) fn of(expression: &str) -> Option<Self> {
        let mut asked = ASKED.iter();
        asked.find(|(text, _)| *text == expression).map(|it| it.1)
    }
}

/// Where `Bundle.entry` stands in the plan, and what of it is noted, as positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntryPlan {
    pub(super) child: u32,
    request: u32,
    response: u32,
    search: u32,
    url: u32,
}

impl EntryPlan {
    pub(super) fn of(plan: &Plan<'_>) -> Option<Self> {
        let bundle = plan.resource("Bundle")?;
        let (number, entry) = plan.child(bundle.shape, "entry")?;
        let position = |name: &str| plan.child(entry.shape, name).map(|it| it.1.position);
        Some(Self {
            child: number,
            request: position("request")?,
            response: position("response")?,
            search: position("search")?,
            url: position("fullUrl")?,
        })
    }
}

/// What was noted of the entries of one bundle.
#[derive(Debug, Default)]
pub(super) struct Entries {
    count: u32,
    requests: u32,
    responses: u32,
    searches: u32,
    /// Something is not as it should be, so that nothing is certain.
    is_odd: bool,
    /// Hashes of address and version.
    urls: Vec<u64>,
}

impl Entries {
    pub(super) fn note(&mut self, entry: Node<'_>, plan: EntryPlan, fields: &impl Fields) {
        let present = fields.present();
        self.count = self.count.saturating_add(1);
        for (position, count) in [
            (plan.request, &mut self.requests),
            (plan.response, &mut self.responses),
            (plan.search, &mut self.searches),
        ] {
            let (maybe, surely) = bits(present, position);
            *count += u32::from(surely);
            self.is_odd |= maybe != surely;
        }
        if !bits(present, plan.url).0 {
            return;
        }
        match (fields.text(plan.url), version(entry)) {
            (Some(url), Ok(version)) => self.urls.push(hash(url, version)),
            _ => self.is_odd = true,
        }
    }

    /// Whether an invariant certainly holds. `count` is how many entries there are.
    pub(super) fn keep(&mut self, asked: OfEntries, count: u32, of: Option<&str>) -> bool {
        if self.is_odd || self.count != count {
            return false;
        }
        let all_or_none = |found: u32, is_asked: bool| found == if is_asked { count } else { 0 };
        match (asked, of) {
            (OfEntries::NoSearch, of) => self.searches == 0 || of == Some("searchset"),
            (OfEntries::NoRequest, of) => {
                let may = matches!(of, Some("batch" | "transaction" | "history"));
                self.requests == 0 || may
            }
            (OfEntries::NoResponse, of) => {
                let may = matches!(of, Some("batch-response" | "transaction-response"));
                self.responses == 0 || may
            }
            (OfEntries::Requests | OfEntries::Responses, None) => false,
            (OfEntries::Requests, Some(of)) => {
                let is_asked = matches!(of, "batch" | "transaction" | "history");
                all_or_none(self.requests, is_asked)
            }
            (OfEntries::Responses, Some(of)) => {
                let is_asked = matches!(of, "batch-response" | "transaction-response" | "history");
                all_or_none(self.responses, is_asked)
            }
            (OfEntries::Distinct, _) => {
                self.urls.sort_unstable();
                self.urls.windows(2).all(|pair| pair.first() != pair.last())
            }
        }
    }
}

fn bits(present: Present, position: u32) -> (bool, bool) {
    let bit = 1_u64.checked_shl(position).unwrap_or(0);
    (present.maybe & bit != 0, present.surely & bit != 0)
}

/// Something unusual.
struct Odd;

/// The version of the resource in an entry; empty if it has none.
fn version(entry: Node<'_>) -> Result<&str, Odd> {
    let Some(held) = only(entry, "resource")? else {
        return Ok("");
    };
    let resource = match held.form() {
        Form::Object => held,
        Form::Element => {
            let mut inside = held.members();
            match (inside.next(), inside.next()) {
                (Some((_, resource)), None) => resource,
                _ => return Err(Odd),
            }
        }
        _ => return Err(Odd),
    };
    let Some(meta) = only(resource, "meta")? else {
        return Ok("");
    };
    if !matches!(meta.form(), Form::Object | Form::Element) {
        return Err(Odd);
    }
    let Some(version) = only(meta, "versionId")? else {
        return Ok("");
    };
    let text = match version.form() {
        Form::String => version.value_text(),
        Form::Element => version.attribute("value").and_then(Node::value_text),
        _ => None,
    };
    text.ok_or(Odd)
}

/// The one child of a name.
fn only<'a>(body: Node<'a>, name: &str) -> Result<Option<Node<'a>>, Odd> {
    if body.form() == Form::Object {
        return Ok(body.get(name));
    }
    let mut found = body.named(name);
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        _ => Err(Odd),
    }
}

/// Of two texts one after the other, wherever the first ends.
fn hash(first: &str, second: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let all = first.bytes().chain(second.bytes());
    all.fold(0xcbf2_9ce4_8422_2325, mix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::{Definitions, FhirVersion};

    #[test]
    fn the_invariants_of_entries_are_those_of_the_specification() {
        let known: Vec<&str> = FhirVersion::ALL
            .into_iter()
            .filter_map(|it| Definitions::of(it).resource("Bundle"))
            .flat_map(|of| of.invariants().map(|it| it.expression))
            .collect();
        for (text, asked) in ASKED {
            assert!(known.contains(text), "{text}");
            assert_eq!(OfEntries::of(text), Some(*asked));
        }
        assert_eq!(hash("ab", "c"), hash("a", "bc"));
        assert_ne!(hash("ab", "c"), hash("ab", "d"));
    }
}
