//! A terminology server is asked where nothing here decides, gets codes and systems only, and its answers are kept.

use crate::small::{coding, terminology};
use plumbline_fhir::Assurance;
use plumbline_terminology::{
    Answers, Coding, KeptServer, Membership, Says, ServerAnswer, Subject, TerminologyServer,
};
use std::sync::{Arc, Mutex};

/// Answers by the first letter of the code, and notes what it was asked.
#[derive(Debug, Default)]
struct Invented {
    asked: Arc<Mutex<Vec<String>>>,
}

impl TerminologyServer for Invented {
    fn source(&self) -> &'static str {
        "an invented server"
    }

    fn validate_code(
        &self,
        subject: Subject<'_>,
        coding: Coding<'_>,
    ) -> Result<ServerAnswer, String> {
        self.asked
            .lock()
            .unwrap()
            .push(format!("{subject:?} {coding:?}"));
        let says = match coding.code.chars().next() {
            Some('i') => Says::Inside,
            Some('o') => Says::Outside,
            Some('u') => Says::Unknown("it does not know the set".to_owned()),
            _ => return Err("it did not answer\tin time".to_owned()),
        };
        let day = "2026-11-22".to_owned();
        Ok(ServerAnswer { says, day })
    }
}

const SETS: &str =
    "set urn:set -\n  include urn:stones -\nset urn:animals-set -\n  include urn:animals -\n";

fn ask(server: Arc<dyn TerminologyServer>) -> Vec<String> {
    let it = terminology(SETS).with_server(server);
    let codes = ["in", "out", "unknown", "fails"];
    let answers = codes.iter().map(|code| {
        let shown = Coding {
            display: Some("CANARY"),
            ..coding("urn:stones", code)
        };
        let of_set = it.contains("urn:set", shown);
        let of_system = it.code_in_system("urn:stones", None, code);
        assert_eq!(of_set.membership, it.member_of("urn:set", shown));
        assert_eq!(of_set.membership, of_system.membership);
        format!("{of_set:?} {of_system:?}")
    });
    answers.collect()
}

#[test]
fn answers_are_used_kept_and_found_again_without_asking() {
    let asked = Arc::default();
    let server = Invented {
        asked: Arc::clone(&asked),
    };
    let kept = KeptServer::live(
        Answers::new("https://tx.example.org", "Invented 1"),
        Box::new(server),
    );
    let kept = Arc::new(kept);
    let first = ask(Arc::clone(&kept) as Arc<dyn TerminologyServer>);
    assert!(
        first[0].contains("Inside") && first[0].contains("tx.example.org"),
        "{}",
        first[0]
    );
    assert!(first[1].contains("Outside") && first[1].contains("asked on 2026-11-22"));
    assert!(first[2].contains("Unknown") && first[2].contains("does not know the set"));
    assert!(first[3].contains("Unknown") && first[3].contains("did not answer in time"));
    let questions = asked.lock().unwrap().len();
    assert_eq!(questions, 8, "each question once");
    assert!(!asked.lock().unwrap().join(" ").contains("CANARY"));
    let text = kept.answers().to_text();
    let frozen = Answers::read(&text).unwrap();
    assert_eq!(frozen.to_text(), text);
    assert_eq!((frozen.len(), frozen.is_empty()), (8, false));
    let again = ask(Arc::new(KeptServer::frozen(frozen.clone())));
    assert_eq!(first, again);
    // What failed is asked again, and nothing else.
    let live = KeptServer::live(
        frozen,
        Box::new(Invented {
            asked: Arc::clone(&asked),
        }),
    );
    ask(Arc::new(live));
    assert_eq!(asked.lock().unwrap().len(), questions + 2);
}

#[test]
fn nobody_is_asked_what_is_known_here() {
    let asked = Arc::default();
    let server = Invented {
        asked: Arc::clone(&asked),
    };
    let it = terminology(SETS).with_server(Arc::new(server));
    it.contains("urn:animals-set", coding("urn:animals", "dog"));
    it.contains("urn:animals-set", coding("urn:animals", "stone"));
    it.code_in_system("urn:animals", None, "dog");
    it.contains_code("urn:set", "in");
    assert!(asked.lock().unwrap().is_empty());
}

#[test]
fn what_is_not_kept_is_not_checked() {
    let frozen = KeptServer::frozen(Answers::new("https://tx.example.org", "Invented 1"));
    let it = terminology(SETS).with_server(Arc::new(frozen));
    let answer = it.contains("urn:set", coding("urn:stones", "in"));
    assert_eq!(answer.membership, Membership::Unknown);
    assert!(
        matches!(answer.assurance, Assurance::NotChecked(reason) if reason.contains("kept answers"))
    );
    let odd = it.contains("urn:set", coding("urn:stones", "a\tb"));
    assert!(
        matches!(odd.assurance, Assurance::NotChecked(reason) if reason.contains("control characters"))
    );
}

#[test]
fn a_text_that_is_no_text_of_answers_says_where() {
    let head = "plumbline-terminology-answers 1\nserver s\nsoftware v\n";
    assert!(Answers::read(head).unwrap().is_empty());
    let line = "2026-11-22\tinside\tset\tsystem\t\tcode\t\n";
    for (text, number) in [
        (String::new(), 1),
        ("plumbline-terminology-answers 2\n".to_owned(), 1),
        ("plumbline-terminology-answers 1\n".to_owned(), 2),
        ("plumbline-terminology-answers 1\nserver s\n".to_owned(), 3),
        (format!("{head}x\n"), 4),
        (format!("{head}{}", line.replace("inside", "maybe")), 4),
        (format!("{head}{line}{line}"), 5),
    ] {
        assert_eq!(Answers::read(&text).unwrap_err().line, number, "{text}");
    }
    let answers = Answers::read(&format!("{head}{line}")).unwrap();
    assert_eq!((answers.server(), answers.software()), ("s", "v"));
}
