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
mod mutant;
pub mod places;
mod profiled;
mod run;
mod samples;
mod seed;
mod sites;
mod structure;
mod values;

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
    ("invariant", invariants::invariant),
    ("extension without its form", beside::extension),
    ("narrative", beside::narrative),
    ("bundle", beside::bundle),
    ("extension out of its context", extended::context),
    ("extension with another type", extended::value_type),
    ("extension modifying or not", extended::modifier),
    ("extension with other parts", extended::parts),
    ("profile: required element taken away", profiled::required),
    (
        "profile: required slice taken away",
        profiled::required_slice,
    ),
    ("profile: more than may be", profiled::too_many),
    ("profile: fixed value or pattern changed", profiled::fixed),
    ("profile: discriminator changed", profiled::discriminator),
    ("profile: code outside the value set", profiled::bad_code),
    (
        "profile: choice of a type taken away",
        profiled::narrowed_choice,
    ),
    (
        "profile: reference to a type taken away",
        profiled::narrowed_target,
    ),
    ("profile: text too long", profiled::length),
    ("profile: invariant", profiled::invariant),
];
