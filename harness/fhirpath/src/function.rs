//! The functions of `FHIRPath` and of FHIR: name, arguments, and what does them. Not for doing them.

use crate::collection::Collection;
use crate::error::Eval;
use crate::evaluate::{Evaluator, Invocation};
use crate::{
    boundary, convert, encode, existence, fhir, kind, maths, regex_text, sort, subset, text,
};
use std::fmt;

/// How arguments are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// So many at least and at most.
    Between(usize, usize),
    /// The name of a type.
    Type,
    /// Any number, each with a direction.
    Keys,
}

use Arguments::{Between, Keys, Type};

/// What does a function.
pub(crate) type Run =
    for<'e, 's, 'a> fn(&Evaluator<'e, 'a>, Invocation<'s, 'a>) -> Eval<Collection<'a>>;

/// A function.
pub(crate) struct Function {
    /// As it is written.
    pub(crate) name: &'static str,
    pub(crate) arguments: Arguments,
    pub(crate) run: Run,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn row(name: &'static str, arguments: Arguments, run: Run) -> Function {
    Function {
        name,
        arguments,
        run,
    }
}

const NONE: Arguments = Between(0, 0);
const ONE: Arguments = Between(1, 1);
const TWO: Arguments = Between(2, 2);
const UP_TO_ONE: Arguments = Between(0, 1);
const ONE_OR_TWO: Arguments = Between(1, 2);

static ALL: [Function; 99] = [
    row("empty", NONE, existence::empty),
    row("exists", UP_TO_ONE, existence::exists),
    row("all", ONE, existence::all),
    row("allTrue", NONE, existence::all_true),
    row("anyTrue", NONE, existence::any_true),
    row("allFalse", NONE, existence::all_false),
    row("anyFalse", NONE, existence::any_false),
    row("subsetOf", ONE, existence::subset_of),
    row("supersetOf", ONE, existence::superset_of),
    row("count", NONE, existence::count),
    row("distinct", NONE, existence::distinct),
    row("isDistinct", NONE, existence::is_distinct),
    row("where", ONE, subset::filter),
    row("select", ONE, subset::select),
    row("repeat", ONE, subset::repeat),
    row("ofType", Type, kind::of_type),
    row("single", NONE, subset::single),
    row("first", NONE, subset::first),
    row("last", NONE, subset::last),
    row("tail", NONE, subset::tail),
    row("skip", ONE, subset::skip),
    row("take", ONE, subset::take),
    row("intersect", ONE, subset::intersect),
    row("exclude", ONE, subset::exclude),
    row("union", ONE, subset::union),
    row("combine", ONE, subset::combine),
    row("sort", Keys, sort::sort),
    row("iif", Between(2, 3), subset::iif),
    row("toBoolean", NONE, convert::to_boolean),
    row("convertsToBoolean", NONE, convert::converts_to_boolean),
    row("toInteger", NONE, convert::to_integer),
    row("convertsToInteger", NONE, convert::converts_to_integer),
    row("toDecimal", NONE, convert::to_decimal),
    row("convertsToDecimal", NONE, convert::converts_to_decimal),
    row("toDate", NONE, convert::to_date),
    row("convertsToDate", NONE, convert::converts_to_date),
    row("toDateTime", NONE, convert::to_date_time),
    row("convertsToDateTime", NONE, convert::converts_to_date_time),
    row("toTime", NONE, convert::to_time),
    row("convertsToTime", NONE, convert::converts_to_time),
    row("toQuantity", UP_TO_ONE, convert::to_quantity),
    row(
        "convertsToQuantity",
        UP_TO_ONE,
        convert::converts_to_quantity,
    ),
    row("toString", NONE, convert::to_string),
    row("convertsToString", NONE, convert::converts_to_string),
    row("indexOf", ONE, text::index_of),
    row("lastIndexOf", ONE, text::last_index_of),
    row("substring", ONE_OR_TWO, text::substring),
    row("startsWith", ONE, text::starts_with),
    row("endsWith", ONE, text::ends_with),
    row("contains", ONE, text::contains),
    row("upper", NONE, text::upper),
    row("lower", NONE, text::lower),
    row("replace", TWO, text::replace),
    row("matches", ONE, regex_text::matches),
    row("matchesFull", ONE, regex_text::matches_full),
    row("replaceMatches", TWO, regex_text::replace_matches),
    row("length", NONE, text::length),
    row("toChars", NONE, text::to_chars),
    row("trim", NONE, text::trim),
    row("split", ONE, text::split),
    row("join", UP_TO_ONE, text::join),
    row("encode", ONE, encode::encode),
    row("decode", ONE, encode::decode),
    row("escape", ONE, encode::escape),
    row("unescape", ONE, encode::unescape),
    row("abs", NONE, maths::abs),
    row("ceiling", NONE, maths::ceiling),
    row("exp", NONE, maths::exp),
    row("floor", NONE, maths::floor),
    row("ln", NONE, maths::ln),
    row("log", ONE, maths::log),
    row("power", ONE, maths::power),
    row("round", UP_TO_ONE, maths::round),
    row("sqrt", NONE, maths::sqrt),
    row("truncate", NONE, maths::truncate),
    row("lowBoundary", UP_TO_ONE, boundary::low_boundary),
    row("highBoundary", UP_TO_ONE, boundary::high_boundary),
    row("precision", NONE, boundary::precision),
    row("comparable", ONE, boundary::comparable),
    row("children", NONE, fhir::children),
    row("descendants", NONE, fhir::descendants),
    row("trace", ONE_OR_TWO, fhir::trace),
    row("now", NONE, fhir::now),
    row("today", NONE, fhir::today),
    row("timeOfDay", NONE, fhir::time_of_day),
    row("not", NONE, existence::not),
    row("is", Type, kind::is_type),
    row("as", Type, kind::as_type),
    row("type", NONE, kind::type_of),
    row("aggregate", ONE_OR_TWO, subset::aggregate),
    row("extension", ONE, fhir::extension),
    row("hasValue", NONE, fhir::has_value),
    row("getValue", NONE, fhir::get_value),
    row("resolve", NONE, fhir::resolve),
    row("memberOf", ONE, fhir::member_of),
    row("subsumes", ONE, fhir::subsumes),
    row("subsumedBy", ONE, fhir::subsumed_by),
    row("conformsTo", ONE, fhir::conforms_to),
    row("htmlChecks", NONE, fhir::html_checks),
];

impl Function {
    /// The function of a name. STU3 writes `htmlchecks`.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        let name = match name {
            "htmlchecks" => "htmlChecks",
            name => name,
        };
        ALL.iter().find(|it| it.name == name)
    }

    /// The function whose name differs in case only.
    pub(crate) fn like(name: &str) -> Option<&'static str> {
        let found = ALL.iter().find(|it| it.name.eq_ignore_ascii_case(name));
        found.map(|it| it.name)
    }
}
