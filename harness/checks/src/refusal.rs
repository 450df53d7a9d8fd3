//! A search that the target refuses. Not for server errors: those say nothing about the rule.

use crate::observed::Observed;
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;

/// Search parameters that bound nothing on their own; refusing them is for a person to judge
/// (UK Core Access, the deviation on unbounded searches).
const UNBOUNDED: [&str; 3] = ["gender", "clinical-status", "status"];

/// Says so if the search was refused; then there is nothing else to judge.
/// A refusal shows that what was asked for is not given, so the rule is broken, not undecided.
pub(crate) fn refused(sheet: &mut Sheet, observed: &Observed<'_>) -> bool {
    let Some(status) = observed.pages.first().map(|page| page.status) else {
        return false;
    };
    let params = &observed.request.params;
    if !(400..500).contains(&status) || params.is_empty() {
        return false;
    }
    let expected = Shown::ours("an answer to the search");
    let actual = Shown::ours(format!("status {status}"));
    sheet.saw(1);
    if let [(only, _)] = params.as_slice()
        && UNBOUNDED.contains(&only.as_str())
    {
        sheet.review(
            At::page(0),
            "the system refuses a search that would be very wide",
            expected,
            actual,
            "Decide whether the system may refuse this search; searching with another parameter is tested elsewhere",
        );
    } else {
        sheet.broken(
            At::page(0),
            "the system refuses the search",
            expected,
            actual,
        );
    }
    true
}
