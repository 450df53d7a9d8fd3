//! `plumbline init`: a commented target.toml to fill in.

use crate::Outcome;
use crate::arguments::Init;
use crate::failure::Failure;
use anyhow::Context;
use plumbline_model::ExitCode;
use std::fs::File;
use std::io::{ErrorKind, Write};

/// The template, which a test loads as a target file.
pub(crate) const TEMPLATE: &str = include_str!("../../templates/target.toml");

pub(crate) fn perform(arguments: &Init) -> Outcome {
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
    file.write_all(TEMPLATE.as_bytes())
        .with_context(|| format!("failed to write `{path}`"))?;
    println!("Wrote {path}.");
    println!("Fill it in, then check it:   plumbline lint --target {path}");
    println!("and test your system:        plumbline run --target {path} --pack uk-core-access");
    Ok(ExitCode::Success)
}

#[cfg(test)]
mod tests {
    use super::TEMPLATE;
    use crate::arguments::PackSource;
    use crate::load;

    #[test]
    fn template_is_a_valid_target_file_for_the_first_pack() {
        let files = load::files(&PackSource::default()).unwrap();
        let pack = load::pack(&files, "uk-core-access").unwrap();
        let target = load::target_text("target.toml", TEMPLATE.as_bytes(), Some(&pack)).unwrap();
        let mapped: Vec<_> = target.actors.keys().cloned().collect();
        let mut wanted = pack.actors.clone();
        wanted.sort();
        assert_eq!(mapped, wanted);
    }
}
