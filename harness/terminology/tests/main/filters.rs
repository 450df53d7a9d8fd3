//! Every operator of a filter, on a whole code system, on a part of one, and on one that is not here.

use crate::small::{letters, terminology};

fn animals(filter: &str, codes: &[&str]) -> String {
    let it = terminology(&format!(
        "set urn:set -\n  include urn:animals -\n    filter {filter}\n"
    ));
    letters(&it, "urn:set", "urn:animals", codes)
}

fn colours(filter: &str, codes: &[&str]) -> String {
    let it = terminology(&format!(
        "set urn:set -\n  include urn:colours -\n    filter {filter}\n"
    ));
    letters(&it, "urn:set", "urn:colours", codes)
}

const ALL: &[&str] = &[
    "mammal", "dog", "cat", "wolf", "pet", "group", "poodle", "stone",
];

#[test]
fn operators_on_the_hierarchy() {
    for (filter, wanted) in [
        ("concept is-a mammal", "IIIIOOIO"),
        ("concept descendent-of mammal", "OIIIOOIO"),
        ("concept is-not-a mammal", "OOOOIOOO"),
        ("concept generalizes wolf", "IIOIOOOO"),
        ("concept child-of mammal", "OIIOOOOO"),
        ("concept descendent-leaf mammal", "OOIIOOIO"),
        ("parent = dog", "OOOIOOIO"),
        ("child = cat", "IOOOIOOO"),
        ("parent exists true", "OIIIOOIO"),
        ("parent exists false", "IOOOIOOO"),
        ("child exists true", "IIOOIOOO"),
    ] {
        assert_eq!(animals(filter, ALL), wanted, "{filter}");
    }
}

#[test]
fn operators_on_the_code() {
    for (filter, wanted) in [
        ("concept in dog,cat", "OIIOOOOO"),
        ("code in \"dog, group\"", "OIOOOOOO"),
        ("concept not-in dog,cat", "IOOIIOIO"),
        ("concept = dog", "OIOOOOOO"),
        ("code regex .*o.*", "OIOIOOIO"),
        ("code regex dog|cat", "OIIOOOOO"),
        ("concept exists true", "IIIIIOIO"),
        ("concept exists false", "OOOOOOOO"),
        ("notSelectable = false", "IIIIIOIO"),
    ] {
        assert_eq!(animals(filter, ALL), wanted, "{filter}");
    }
}

#[test]
fn operators_on_properties() {
    for (filter, wanted) in [
        ("sound = bark", "OIOOOOIO"),
        ("sound = purr", "OOOOOOOO"),
        ("sound in bark,howl", "OIOIOOIO"),
        ("sound regex .*w.*", "OOOIOOOO"),
        ("sound exists true", "OIOIOOIO"),
        ("sound exists false", "IOIOIOOO"),
    ] {
        assert_eq!(animals(filter, ALL), wanted, "{filter}");
    }
}

#[test]
fn what_needs_more_than_is_kept_is_unknown_and_what_is_no_code_is_outside() {
    for filter in [
        "display regex .*",
        "colour = brown",
        "concept is-a stone",
        "concept strange dog",
        "sound not-in bark",
        "code regex (",
        "concept exists perhaps",
    ] {
        assert_eq!(
            animals(filter, &["dog", "group", "stone"]),
            "UOO",
            "{filter}"
        );
    }
}

#[test]
fn all_filters_must_hold_and_one_that_does_not_decides() {
    let both = |more: &str| {
        let it = terminology(&format!(
            "set urn:set -\n  include urn:animals -\n    filter concept is-a mammal\n    filter {more}\n"
        ));
        letters(&it, "urn:set", "urn:animals", &["dog", "cat", "pet"])
    };
    assert_eq!(both("concept is-not-a dog"), "OIO");
    assert_eq!(both("display regex .*"), "UUO");
}

#[test]
fn of_a_part_of_a_code_system_only_what_is_there_is_known() {
    let codes = &["red", "dark-red", "blue", "pale-red"];
    assert_eq!(colours("concept is-a red", codes), "IIUU");
    assert_eq!(colours("concept is-not-a red", codes), "OOUU");
    assert_eq!(colours("concept in red,pale-red", codes), "IOOU");
    assert_eq!(colours("concept not-in red", codes), "OIIU");
    assert_eq!(colours("concept descendent-leaf red", codes), "UUUU");
    assert_eq!(colours("code regex r.*", codes), "IOOO");
}

#[test]
fn of_a_code_system_that_is_not_here_a_list_still_says_what_is_out() {
    for system in ["urn:stones", "urn:elsewhere", "urn:kept"] {
        let it = terminology(&format!(
            "set urn:set -\n  include {system} -\n    filter concept in flint,slate\n"
        ));
        assert_eq!(letters(&it, "urn:set", system, &["flint", "marble"]), "UO");
    }
}
