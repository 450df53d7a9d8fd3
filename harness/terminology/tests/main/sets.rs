//! Parts of value sets, nested sets, versions, capitals, and code systems of which not everything is here.

use crate::small::{coding, letters, of_version, reason, terminology};
use plumbline_fhir::{Assurance, FhirVersion};
use plumbline_terminology::{Coding, Expanded, Look, Membership};
use std::fmt::Write as _;

const SETS: &str = "\
set urn:whole 7
  include urn:animals -
set urn:listed -
  include urn:animals -
    codes dog group
  include urn:elsewhere -
    codes X
set urn:mammals -
  include urn:animals -
    filter concept is-a mammal
set urn:pets -
  include urn:animals -
    set urn:mammals
    filter concept is-a pet
set urn:either -
  include - -
    set urn:mammals
  include - -
    set urn:listed
set urn:both -
  include - -
    set urn:mammals
    set urn:listed
set urn:without -
  include urn:animals -
  exclude - -
    set urn:mammals
set urn:colours -
  include urn:colours -
set urn:dull -
  include urn:animals -
  include urn:colours -
  exclude urn:colours -
    filter concept is-a red
set urn:circle -
  include urn:animals -
    codes dog
  include - -
    set urn:ring
set urn:ring -
  include - -
    set urn:circle
set urn:gone -
  include - -
    set urn:nowhere
  include urn:animals -
    codes dog
set urn:lost -
  include - -
    set urn:nowhere
    set urn:listed
set urn:silent -
set urn:letters -
  include urn:letters -
set urn:quiet -
  include urn:quiet -
set urn:second -
  include urn:letters 3
set urn:first -
  include urn:letters 2
set urn:stones -
  include urn:stones -
set urn:kept -
  include urn:kept - withheld
set urn:more -
  include urn:more -
set urn:snomed -
  include http://snomed.info/sct -
    filter concept is-a 138875005
set urn:some-snomed -
  include http://snomed.info/sct -
    codes 404684003
  include urn:animals -
set urn:units -
  include http://unitsofmeasure.org -
";

fn animals(set: &str, codes: &[&str]) -> String {
    letters(&terminology(SETS), set, "urn:animals", codes)
}

#[test]
fn systems_as_a_whole_and_lists() {
    assert_eq!(animals("urn:whole", &["dog", "group", "stone"]), "IOO");
    assert_eq!(animals("urn:listed", &["dog", "group", "cat"]), "IIO");
    let it = terminology(SETS);
    assert_eq!(
        letters(&it, "urn:listed", "urn:elsewhere", &["X", "Y", "x"]),
        "IOU"
    );
    assert_eq!(letters(&it, "urn:whole", "urn:elsewhere", &["dog"]), "O");
    let answer = it.contains("urn:whole", coding("urn:animals", "dog"));
    assert!(matches!(answer.assurance, Assurance::Checked { version, .. } if version == "7"));
}

#[test]
fn a_code_without_its_system_is_in_no_set_unless_a_bare_code_is_asked_for() {
    let it = terminology(SETS);
    let without = |code| Coding {
        system: None,
        ..coding("", code)
    };
    assert_eq!(
        it.member_of("urn:whole", without("dog")),
        Membership::Outside
    );
    assert_eq!(
        it.contains_code("urn:whole", "dog").membership,
        Membership::Inside
    );
    assert_eq!(
        it.contains_code("urn:whole", "stone").membership,
        Membership::Outside
    );
    assert_eq!(
        it.contains_code("urn:listed", "X").membership,
        Membership::Inside
    );
    assert_eq!(
        it.contains_code("urn:colours", "grey").membership,
        Membership::Unknown
    );
    assert_eq!(it.member_of_code("urn:whole", "dog"), Membership::Inside);
}

#[test]
fn sets_within_sets() {
    assert_eq!(animals("urn:pets", &["cat", "dog", "pet"]), "IOO");
    assert_eq!(animals("urn:either", &["cat", "group", "pet"]), "IIO");
    assert_eq!(animals("urn:both", &["dog", "cat", "group"]), "IOO");
    assert_eq!(animals("urn:without", &["dog", "pet", "group"]), "OIO");
}

#[test]
fn three_values_are_combined() {
    let it = terminology(SETS);
    assert_eq!(
        letters(&it, "urn:colours", "urn:colours", &["red", "grey"]),
        "IU"
    );
    assert_eq!(
        letters(&it, "urn:dull", "urn:colours", &["red", "blue", "grey"]),
        "OUU"
    );
    assert_eq!(animals("urn:dull", &["dog", "stone"]), "IO");
    assert_eq!(animals("urn:gone", &["dog", "cat"]), "IU");
    // Not in one of two sets is not in both, whatever the other says.
    assert_eq!(animals("urn:lost", &["dog", "cat"]), "UO");
    assert!(reason(&it, "urn:gone", coding("urn:animals", "cat")).contains("urn:nowhere"));
}

#[test]
fn circles_end() {
    assert_eq!(animals("urn:circle", &["dog", "cat"]), "IU");
    let it = terminology(SETS);
    assert!(reason(&it, "urn:ring", coding("urn:animals", "cat")).contains("includes itself"));
    // Whichever is asked for first.
    assert_eq!(
        animals("urn:ring", &["dog", "cat"]),
        letters(&it, "urn:ring", "urn:animals", &["dog", "cat"])
    );
}

#[test]
fn a_long_chain_ends() {
    let mut sets = String::from("set urn:0 -\n  include urn:animals -\n");
    for at in 1..200 {
        writeln!(
            sets,
            "set urn:{at} -\n  include - -\n    set urn:{}",
            at - 1
        )
        .unwrap();
    }
    let it = terminology(&sets);
    assert_eq!(letters(&it, "urn:50", "urn:animals", &["dog"]), "I");
    assert_eq!(letters(&it, "urn:199", "urn:animals", &["dog"]), "U");
}

#[test]
fn capitals_count_as_the_code_system_says() {
    let it = terminology(SETS);
    assert_eq!(animals("urn:whole", &["DOG"]), "O");
    assert_eq!(
        letters(&it, "urn:letters", "urn:letters", &["A", "b", "c"]),
        "IIO"
    );
    // Where it does not say, codes are accepted in any case.
    assert_eq!(
        letters(&it, "urn:quiet", "urn:quiet", &["loud", "Loud", "low"]),
        "IIO"
    );
}

#[test]
fn versions() {
    let it = terminology(SETS);
    assert_eq!(letters(&it, "urn:first", "urn:letters", &["a", "c"]), "IO");
    assert_eq!(letters(&it, "urn:second", "urn:letters", &["a", "c"]), "UU");
    let old = Coding {
        version: Some("1"),
        ..coding("urn:letters", "a")
    };
    assert_eq!(it.member_of("urn:first", old), Membership::Unknown);
    assert_eq!(letters(&it, "urn:whole|7", "urn:animals", &["dog"]), "I");
    assert_eq!(letters(&it, "urn:whole|8", "urn:animals", &["dog"]), "U");
    let other = reason(&it, "urn:whole|8", coding("urn:animals", "dog"));
    assert!(
        other.contains("version 8") && other.contains("version 7"),
        "{other}"
    );
}

#[test]
fn systems_that_are_not_here() {
    let it = terminology(SETS);
    for set in ["urn:stones", "urn:kept", "urn:more"] {
        assert_eq!(letters(&it, set, set, &["flint"]), "U", "{set}");
        assert_eq!(letters(&it, set, "urn:animals", &["dog"]), "O", "{set}");
    }
    assert_eq!(animals("urn:silent", &["dog"]), "U");
    assert_eq!(animals("urn:unheard-of", &["dog"]), "U");
}

#[test]
fn an_expansion_alone_is_the_set() {
    let it = terminology(
        "set urn:listed -\n  expansion urn:animals 1\n    codes dog\n  expansion urn:stones -\n    codes flint\n\
         set urn:kept-list -\n  expansion urn:stones - withheld\n",
    );
    assert_eq!(
        letters(&it, "urn:listed", "urn:animals", &["dog", "cat"]),
        "IO"
    );
    assert_eq!(
        letters(&it, "urn:listed", "urn:stones", &["flint", "slate"]),
        "IO"
    );
    // What was withheld is not known.
    assert_eq!(letters(&it, "urn:kept-list", "urn:stones", &["flint"]), "U");
}

#[test]
fn a_reference_set_of_snomed_is_no_list_of_codes() {
    let it = terminology(
        "set urn:members -\n  include http://snomed.info/sct -\n    filter concept in 999000381000000107\n\
         set urn:no-members -\n  include http://snomed.info/sct -\n    filter concept not-in 999000381000000107\n",
    );
    for set in ["urn:members", "urn:no-members"] {
        let codes = &["404684003", "999000381000000107", "abc"];
        assert_eq!(letters(&it, set, "http://snomed.info/sct", codes), "SSX");
    }
}

#[test]
fn the_form_decides_where_nothing_else_can() {
    let it = terminology(SETS);
    let sct = "http://snomed.info/sct";
    let codes = &["404684003", "404684004", "abc"];
    assert_eq!(letters(&it, "urn:snomed", sct, codes), "SXX");
    assert_eq!(letters(&it, "urn:some-snomed", sct, codes), "IXX");
    assert_eq!(letters(&it, "urn:some-snomed", sct, &["138875005"]), "O");
    assert_eq!(
        letters(
            &it,
            "http://snomed.info/sct?fhir_vs=isa/138875005",
            sct,
            codes
        ),
        "SXX"
    );
    let edition = "http://snomed.info/sct/83821000000107?fhir_vs";
    assert_eq!(letters(&it, edition, sct, codes), "SXX");
    assert_eq!(
        letters(
            &it,
            "http://loinc.org/vs",
            "http://loinc.org",
            &["8867-4", "8867-5"]
        ),
        "SX"
    );
    let ucum = "http://unitsofmeasure.org";
    assert_eq!(letters(&it, "urn:units", ucum, &["mg", "nonsense"]), "SX");
    assert_eq!(
        it.contains_code("urn:units", "nonsense").assurance,
        Assurance::SyntaxOnly
    );
}

#[test]
fn sets_of_the_base_specification() {
    let it = terminology(SETS);
    let gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let system = "http://hl7.org/fhir/administrative-gender";
    assert_eq!(letters(&it, gender, system, &["male", "man"]), "IO");
    assert_eq!(
        letters(&it, &format!("{gender}|4.0.1"), system, &["male"]),
        "I"
    );
    assert_eq!(letters(&it, &format!("{gender}|9"), system, &["male"]), "U");
    let languages = "http://hl7.org/fhir/ValueSet/all-languages";
    assert_eq!(
        letters(&it, languages, "urn:ietf:bcp:47", &["en-GB", "en_GB"]),
        "SX"
    );
    assert_eq!(letters(&it, languages, "urn:animals", &["dog"]), "O");
    // Of STU3 the sets have the number of the specification, if any.
    let it = of_version(FhirVersion::Stu3, SETS);
    assert_eq!(letters(&it, gender, system, &["male", "man"]), "IO");
}

#[test]
fn sets_that_hl7_publishes_and_no_element_is_bound_to() {
    for (version, system) in [
        (
            FhirVersion::R4,
            "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        ),
        (FhirVersion::Stu3, "http://hl7.org/fhir/v3/ActCode"),
    ] {
        let it = of_version(version, "");
        assert_eq!(it.look(system, None, "AMB"), Look::Known);
        assert_eq!(it.look(system, None, "nonsense"), Look::Missing);
    }
    let it = terminology("");
    let encounters = "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode";
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    assert_eq!(
        letters(&it, encounters, system, &["AMB", "IMP", "OBS"]),
        "IIO"
    );
}

#[test]
fn codes_in_their_code_system() {
    let it = terminology(SETS);
    let look = |system, code| it.look(system, None, code);
    assert_eq!(look("urn:animals", "dog"), Look::Known);
    assert_eq!(look("urn:animals", "group"), Look::Known);
    assert_eq!(look("urn:animals", "stone"), Look::Missing);
    assert_eq!(
        it.look("urn:animals", Some("9"), "stone"),
        Look::OtherVersion
    );
    assert_eq!(it.look("urn:animals", Some("1"), "stone"), Look::Missing);
    assert_eq!(look("urn:colours", "grey"), Look::MissingInPart);
    assert_eq!(look("urn:examples", "two"), Look::MissingInPart);
    assert_eq!(look("urn:stones", "flint"), Look::NotHere);
    assert_eq!(look("urn:nowhere", "flint"), Look::NotHere);
    assert_eq!(look("http://snomed.info/sct", "404684003"), Look::GoodForm);
    assert_eq!(look("http://snomed.info/sct", "404684004"), Look::BadForm);
    assert!(it.is_value_set("urn:whole") && !it.is_value_set("urn:animals"));
    let answer = it.code_in_system("urn:animals", None, "dog");
    assert_eq!(answer.membership, Membership::Inside);
    assert!(matches!(answer.assurance, Assurance::Checked { version, .. } if version == "1"));
}

#[test]
fn all_codes_of_a_set_and_whether_there_are_more() {
    let it = terminology(SETS);
    let (codes, all) = it.codes("urn:pets");
    let codes: Vec<String> = codes.into_iter().map(|(_, code)| code).collect();
    assert_eq!((codes, all), (vec!["cat".to_owned()], Expanded::Wholly));
    assert_eq!(it.codes("urn:colours").1, Expanded::Partly);
    assert_eq!(it.codes("urn:gone").1, Expanded::Partly);
    assert_eq!(it.codes("urn:snomed").1, Expanded::Partly);
}
