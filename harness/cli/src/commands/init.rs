//! `plumbline init`: a commented target.toml to fill in, with the scope and the roles of a pack.

use crate::arguments::Init;
use crate::failure::Failure;
use crate::load::Facts;
use crate::{Outcome, load};
use anyhow::Context;
use plumbline_model::{ActorRole, Capability, DirectoryKind, ExitCode};
use plumbline_pack::Pack;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Write};

/// The template: the file for the first pack, whose scope and roles are replaced for others.
const TEMPLATE: &str = include_str!("../../templates/target.toml");
/// How to sign in where the pack names interactions.
const GP_CONNECT: &str = "\
# Ssp headers and an unsigned token with every request. Who asks is made up unless
# [auth.organisation], [auth.practitioner] and [auth.device] say otherwise; see the guide
# \"Test a product\".
method = \"gp-connect\"
from_asid = \"200000000359\"       # of the system that asks
to_asid = \"918999198993\"         # of your system

";
/// Lines of the scope are broken after this many characters.
const WIDTH: usize = 96;

pub(crate) fn perform(arguments: &Init) -> Outcome {
    let files = load::files(&arguments.source)?;
    let pack = load::pack(&files, &arguments.pack)?;
    let text = text(&pack, &load::facts(&files)?)?;
    let path = arguments.file.display();
    let mut file = match File::options()
        .write(true)
        .create_new(true)
        .open(&arguments.file)
    {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failure::usage(format!(
                "error: `{path}` exists already and was left as it is\n  help: name another file"
            )));
        }
        Err(error) => {
            return Err(Failure::usage(format!(
                "error: failed to write `{path}`: {error}"
            )));
        }
    };
    file.write_all(text.as_bytes())
        .with_context(|| format!("failed to write `{path}`"))?;
    let packs = match &arguments.source.dir {
        Some(dir) => format!(" --packs {}", dir.display()),
        None => String::new(),
    };
    let id = &pack.id;
    println!("Wrote {path} for the pack {id}.");
    if packs.is_empty() {
        println!("Fill it in, then check it:   plumbline lint --target {path}");
    } else {
        println!("Fill it in, then check it:   plumbline lint {id} --target {path}{packs}");
    }
    println!("and test your system:        plumbline run --target {path} --pack {id}{packs}");
    Ok(ExitCode::Success)
}

/// The target file to fill in: every capability of the pack, and each of its roles with the number,
/// code or id of the data sheet.
pub(crate) fn text(pack: &Pack, facts: &Facts) -> Result<String, Failure> {
    let version = format!("fhir_version = \"{}\"", pack.fhir_version);
    let template = TEMPLATE.replace("fhir_version = \"4.0.1\"", &version);
    section(&template, "scope = [\n", "]\n", &scope(pack))
        .and_then(|text| section(&text, "[actors]\n", "\n", &actors(pack, facts)))
        .and_then(|text| {
            if pack.interactions.is_empty() {
                return Some(text);
            }
            section(&text, "[auth]\n", "# What lies between", GP_CONNECT)
        })
        .ok_or_else(|| {
            Failure::internal("error: the template of target.toml lacks scope, [auth] or [actors]")
        })
}

/// `text` with what stands between a line and the next line that begins with `end` replaced.
fn section(text: &str, begin: &str, end: &str, new: &str) -> Option<String> {
    let start = text.find(&format!("\n{begin}"))? + 1 + begin.len();
    let length = text[start - 1..].find(&format!("\n{end}"))?;
    Some(format!(
        "{}{new}{}",
        &text[..start],
        &text[start + length..]
    ))
}

fn scope(pack: &Pack) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in pack.scope_profiles.iter().flat_map(|p| &p.capabilities) {
        if !names.contains(&Capability::as_str(name)) {
            names.push(name.as_str());
        }
    }
    let mut text = String::new();
    let mut line = String::from(" ");
    for name in names {
        let next = format!(" \"{name}\",");
        if line.len() + next.len() > WIDTH {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line}");
            line = String::from(" ");
        }
        line.push_str(&next);
    }
    format!("{text}{line}\n")
}

fn actors(pack: &Pack, facts: &Facts) -> String {
    let mut roles: Vec<&ActorRole> = pack.actors.iter().chain(pack.directory.keys()).collect();
    roles.sort();
    let width = roles.iter().map(|r| r.as_str().len()).max().unwrap_or(0);
    let mut text = String::new();
    for role in roles {
        let entry = match (facts.people.get(role), facts.directory.get(role)) {
            (Some(person), _) => Some(("nhs_number", person.identity.nhs_number.as_str())),
            (None, Some(fact)) if fact.kind == DirectoryKind::Location => {
                Some(("id", fact.id.as_str()))
            }
            (None, Some(fact)) => fact.identifier.as_deref().map(|own| ("identifier", own)),
            (None, None) => None,
        };
        if let Some((key, value)) = entry {
            let name = role.as_str();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name:width$} = {{ {key} = \"{value}\" }}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{TEMPLATE, text};
    use crate::arguments::PackSource;
    use crate::load;

    #[test]
    fn template_is_the_target_file_for_the_first_pack() {
        let files = load::files(&PackSource::default()).unwrap();
        let mut pack = load::pack(&files, "uk-core-access").unwrap();
        let facts = load::facts(&files).unwrap();
        let made = text(&pack, &facts).unwrap();
        assert_eq!(
            made.replace(char::is_whitespace, ""),
            TEMPLATE.replace(char::is_whitespace, "")
        );
        for text in [TEMPLATE, &made] {
            let target = load::target_text("target.toml", text.as_bytes(), Some(&pack)).unwrap();
            let mapped: Vec<_> = target.actors.keys().cloned().collect();
            pack.actors.sort();
            assert_eq!(mapped, pack.actors);
            assert_eq!(target.scope.len(), pack.capabilities().len());
        }
    }
}
