//! What packagers take from the command: shell completions and manual pages.

use crate::support::{plumbline, temp};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a program makes of a file; `None` where it is not installed.
fn read_by(program: &str, arguments: &[&str], file: &Path) -> Option<Output> {
    Command::new(program)
        .args(arguments)
        .arg(file)
        .env("MANPAGER", "cat")
        .stdin(Stdio::null())
        .output()
        .ok()
}

/// Bold letters come as a letter, a step back, and the letter again.
fn without_overstrikes(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        if letter == '\u{8}' {
            plain.pop();
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[test]
fn completions_for_every_shell() {
    let folder = temp();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = plumbline(folder.path(), &["completions", shell])
            .code(0)
            .stdout;
        for shown in ["selftest", "report", "format", "packs"] {
            assert!(script.contains(shown), "{shell}: no {shown}");
        }
        for hidden in ["gen-docs", "gen__docs", "until-stdin-closes"] {
            assert!(!script.contains(hidden), "{shell}: {hidden}");
        }
        let file = folder.path().join(shell);
        fs::write(&file, script).unwrap();
        let parsed = match shell {
            "bash" | "zsh" | "fish" => read_by(shell, &["-n"], &file),
            _ => None,
        };
        if let Some(parsed) = parsed {
            assert!(parsed.status.success(), "{shell}: {parsed:?}");
        }
    }
    plumbline(folder.path(), &["completions", "tcsh"])
        .code(2)
        .says("bash")
        .says("zsh");
    plumbline(folder.path(), &["completions"]).code(2);
}

#[test]
fn bash_completes_what_the_command_offers() {
    let folder = temp();
    let script = plumbline(folder.path(), &["completions", "bash"])
        .code(0)
        .stdout;
    let asked = format!(
        "{script}\nCOMP_WORDS=(plumbline report --format j); COMP_CWORD=3; \
         _plumbline plumbline j --format; echo \"${{COMPREPLY[@]}}\"\n"
    );
    let file = folder.path().join("ask");
    fs::write(&file, asked).unwrap();
    // Where there is no bash, the words of the script were looked at above.
    if let Some(answer) = read_by("bash", &["--noprofile", "--norc"], &file) {
        let offered = String::from_utf8(answer.stdout).unwrap();
        assert_eq!(offered.trim(), "json junit", "{:?}", answer.stderr);
    }
}

#[test]
fn one_manual_page_or_one_for_each_command() {
    let folder = temp();
    let page = plumbline(folder.path(), &["man"]).code(0).stdout;
    plumbline(folder.path(), &["man", "--out", "pages"])
        .code(0)
        .prints("pages");
    let pages = folder.path().join("pages");
    let names: Vec<String> = fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for wanted in ["plumbline.1", "plumbline-run.1", "plumbline-report.1"] {
        assert!(names.iter().any(|name| name == wanted), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("gen-docs")));
    assert!(!names.iter().any(|name| name.contains("help")));
    let whole = fs::read_to_string(pages.join("plumbline.1")).unwrap();
    assert_eq!(whole.trim_end(), page.trim_end());
    for section in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "SUBCOMMANDS",
        "\"EXIT STATUS\"",
    ] {
        assert!(page.contains(&format!(".SH {section}")), "no {section}");
    }
    assert!(!page.contains("gen\\-docs") && !page.contains("gen-docs"));
    let mock = fs::read_to_string(pages.join("plumbline-mock.1")).unwrap();
    assert!(mock.contains("vendor") && !mock.contains("stdin"));
    for name in &names {
        let Some(shown) = read_by("man", &["-l", "--warnings", "-Tutf8"], &pages.join(name)) else {
            continue;
        };
        assert!(shown.status.success(), "{name}: {:?}", shown.stderr);
        let text = without_overstrikes(&String::from_utf8(shown.stdout).unwrap());
        assert!(text.contains("EXIT STATUS"), "{name}: {text}");
        let complaints = String::from_utf8(shown.stderr).unwrap();
        assert!(!complaints.contains("warning"), "{name}: {complaints}");
    }
    plumbline(folder.path(), &["man", "--out", "pages"]).code(0);
}
