//! A search that the target refuses. Not for server errors: those say nothing about the rule,
//! save 501, with which a server says that it does not offer what was asked for.

use crate::observed::Observed;
use crate::sheet::{At, Sheet};
use plumbline_model::Shown;

/// Says so if the search was refused; then there is nothing else to judge.
/// A refusal shows that what was asked for is not given, so the rule is broken, not undecided;
/// where the pack lets the search be refused, a person judges.
pub(crate) fn refused(sheet: &mut Sheet, observed: &Observed<'_>) -> bool {
    let Some(status) = observed.pages.first().map(|page| page.status) else {
        return false;
    };
    let is_refusal = (400..500).contains(&status) || status == 501;
    if !is_refusal || observed.request.params.is_empty() {
        return false;
    }
    let expected = Shown::ours("an answer to the search");
    let actual = Shown::ours(format!("status {status}"));
    sheet.saw(1);
    if observed.request.may_be_refused {
        sheet.review(
            At::page(0),
            "the system refuses a search that it may refuse",
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
