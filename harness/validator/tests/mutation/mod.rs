//! Right resources are made wrong in one place, in every way that the specification forbids and that can be found
//! from the definitions; the validator must see each, and where it is. `harness/docs/mutations.md` says more.
//! Not for resources that are wrong to begin with.

mod beside;
mod beside_java;
mod body;
mod choose;
mod extended;
mod invariants;
mod load;
mod matching;
mod mutant;
pub mod places;
mod profiled;
mod run;
mod samples;
mod seed;
mod sites;
mod sliced;
mod structure;
mod targets;
mod values;
mod written;
mod xml;

use mutant::{Instance, Mutant};

/// Makes all mutants of one kind that a resource has room for.
type Generator = fn(&Instance) -> Vec<Mutant>;

/// The kinds of faults.
const KINDS: &[(&str, Generator)] = &[
    ("required element taken away", structure::drop_required),
    ("more than may be", structure::too_many),
    ("wrong kind of JSON", structure::wrong_kind),
    ("wrong format", values::wrong_format),
    ("code outside the value set", values::bad_code),
    ("code of another system", values::other_system),
    ("extra element", structure::extra_element),
    ("name a little wrong", structure::near_name),
    ("choice of a wrong type", structure::wrong_choice),
    ("choice with two values", structure::two_choices),
    ("reference to a wrong type", values::wrong_target),
    ("reference to nothing contained", values::missing_contained),
    ("same id twice", values::duplicate_id),
    ("empty", structure::empty),
    ("null", structure::null),
    ("beside a value", written::beside),
    ("XML: attribute that is not there", written::attribute),
    ("XML: text between elements", written::text),
    ("XML: another namespace", written::space),
    ("XML: another order", written::order),
    ("invariant", invariants::invariant),
    ("extension without its form", beside::extension),
    ("narrative", beside::narrative),
    ("bundle", beside::bundle),
    ("extension out of its context", extended::context),
    ("extension with another type", extended::value_type),
    ("extension modifying or not", extended::modifier),
    ("extension with other parts", extended::parts),
    ("profile: required element taken away", profiled::required),
    ("profile: required slice taken away", sliced::required),
    ("profile: slice more often than may be", sliced::too_many),
    ("profile: slices in another order", sliced::order),
    (
        "profile: one of no slice among closed slices",
        sliced::closed,
    ),
    ("profile: one of no slice before the slices", sliced::at_end),
    ("profile: more than may be", profiled::too_many),
    ("profile: fixed value or pattern changed", profiled::fixed),
    ("profile: discriminator changed", sliced::discriminator),
    ("profile: slice left by type or existence", sliced::left),
    ("profile: code outside the value set", profiled::bad_code),
    (
        "profile: choice of a type taken away",
        profiled::narrowed_choice,
    ),
    ("profile: reference to a type taken away", targets::narrowed),
    (
        "profile: reference to a resource of another profile",
        targets::profile,
    ),
    (
        "profile: reference to a resource that is kept elsewhere",
        targets::aggregation,
    ),
    ("profile: text too long", profiled::length),
    ("profile: value out of its range", profiled::range),
    ("profile: invariant", profiled::invariant),
];
