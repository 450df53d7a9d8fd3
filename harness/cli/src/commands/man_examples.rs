//! What the manual pages show of use: the order of work, and examples for each command.
//! Not for their form: `man` makes the pages. A test reads every command line here.

/// What is done, and the command line that does it.
pub(crate) type Line = (&'static str, &'static str);

/// How a product is tested, from the first look to the comparison.
pub(crate) const ORDER_OF_WORK: &[Line] = &[
    ("See what a result looks like.", "plumbline demo"),
    (
        "Describe your system, and fill in the file.",
        "plumbline init target.toml",
    ),
    ("Check the file.", "plumbline lint --target target.toml"),
    (
        "Try out connection and sign-in, before a wrong address looks like a failing product.",
        "plumbline doctor --target target.toml",
    ),
    (
        "See whom your system must hold, and load them.",
        "plumbline datasheet --pack uk-core-access",
    ),
    (
        "Compare what was loaded.",
        "plumbline actors check --target target.toml --pack uk-core-access",
    ),
    (
        "Test.",
        "plumbline run --target target.toml --pack uk-core-access",
    ),
];

/// Examples by page; a command without one needs none.
pub(crate) const EXAMPLES: &[(&str, &[Line])] = &[
    (
        "plumbline-rejudge",
        &[
            (
                "A run of last month by the rules of today.",
                "plumbline rejudge plumbline-result --out judged-again",
            ),
            (
                "A bundle that somebody handed over, by rules of your own.",
                "plumbline rejudge result.zip --packs . --out judged-again",
            ),
        ],
    ),
    (
        "plumbline-init",
        &[
            ("For the first pack.", "plumbline init target.toml"),
            (
                "For a pack of your own, in a folder with profiles and scenarios.",
                "plumbline init --packs . --pack example example.toml",
            ),
        ],
    ),
    (
        "plumbline-run",
        &[
            (
                "The whole pack.",
                "plumbline run --target target.toml --pack uk-core-access",
            ),
            (
                "One part; such a run never ends with 0.",
                "plumbline run --target target.toml --pack uk-core-access --tags @capability:metadata",
            ),
            (
                "On a build server, with a folder whose name is known.",
                "plumbline run --target target.toml --pack uk-core-access --out plumbline-result",
            ),
        ],
    ),
    (
        "plumbline-report",
        &[
            (
                "As JSON.",
                "plumbline report plumbline-result --format json --out report.json",
            ),
            (
                "As lines, for diff with another run.",
                "plumbline report plumbline-result --format verdicts",
            ),
        ],
    ),
    (
        "plumbline-datasheet",
        &[
            (
                "Whom to load first.",
                "plumbline datasheet --pack uk-core-access --tiers",
            ),
            (
                "As FHIR Bundles.",
                "plumbline datasheet --pack uk-core-access --format fhir --out data-sheet",
            ),
        ],
    ),
    (
        "plumbline-lint",
        &[
            ("Packs and people.", "plumbline lint --packs ."),
            ("A target file.", "plumbline lint --target target.toml"),
        ],
    ),
    (
        "plumbline-steps",
        &[("Those with a word.", "plumbline steps allergy")],
    ),
    (
        "plumbline-selftest",
        &[
            (
                "A whole pack, with faults of your own.",
                "plumbline selftest --packs . --pack uk-core-access --faults mocks/faults",
            ),
            (
                "One scenario of it.",
                "plumbline selftest --packs . --pack uk-core-access --faults mocks/faults \
                 --scenario uka-alg-patient",
            ),
        ],
    ),
    (
        "plumbline-mock",
        &[(
            "A system that hides an allergy.",
            "plumbline mock --fault hides-allergies/UKA-ALG-001",
        )],
    ),
    (
        "plumbline-completions",
        &[(
            "For bash, to standard output.",
            "plumbline completions bash",
        )],
    ),
    (
        "plumbline-man",
        &[("One page for each command.", "plumbline man --out man1")],
    ),
];

#[cfg(test)]
mod tests {
    use super::{EXAMPLES, ORDER_OF_WORK};
    use crate::arguments::Arguments;
    use clap::Parser;

    #[test]
    fn every_command_line_can_be_given() {
        let examples = EXAMPLES.iter().flat_map(|(_, lines)| lines.iter());
        for (_, line) in ORDER_OF_WORK.iter().chain(examples) {
            let read = Arguments::try_parse_from(line.split_whitespace());
            assert!(read.is_ok(), "{line}: {:?}", read.err());
        }
    }

    #[test]
    fn every_page_with_examples_shows_its_own_command() {
        for (page, lines) in EXAMPLES {
            let command = page.replace('-', " ");
            for (_, line) in *lines {
                assert!(line.starts_with(&command), "{page}: {line}");
            }
        }
    }
}
