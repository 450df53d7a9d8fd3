//! Where secrets are found: which variable, which file.
//! Not for secrets themselves, which this crate never sees.

use crate::source::Source;
use crate::toml_reader::{At, Reader};
use std::path::PathBuf;

/// Where a secret is found; never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// In an environment variable.
    Env(String),
    /// In a file.
    File(PathBuf),
}

/// Where a secret is found: in the variable named by the first key, or the file named by the second.
pub(super) fn read_secret(
    table: &mut Reader<'_, '_>,
    place: &str,
    what: &str,
    [env_key, file_key]: [&str; 2],
    example: &str,
) -> Option<SecretSource> {
    let env = table.opt_text(env_key);
    let file = table.opt_text(file_key);
    let both_wrong = table.has(env_key) && env.is_none() || table.has(file_key) && file.is_none();
    let source = table.source;
    match (env, file) {
        (Some(_), Some(file)) => {
            source.error(
                file.range,
                format!("{place} has both `{env_key}` and `{file_key}`"),
                "keep one of the two",
            );
            None
        }
        (Some(env), None) => check_variable(source, env_key, env, example),
        (None, Some(file)) => check_path(source, file_key, file).map(SecretSource::File),
        (None, None) if both_wrong => None,
        (None, None) => {
            source.error(
                table.range.clone(),
                format!("{place} does not say where {what} is found"),
                format!(
                    "add `{env_key} = \"NAME_OF_A_VARIABLE\"` or `{file_key} = \"path\"`; never \
                     {what} itself"
                ),
            );
            None
        }
    }
}

fn check_variable(
    source: &Source<'_>,
    key: &str,
    env: At<String>,
    example: &str,
) -> Option<SecretSource> {
    let name = env.value.as_bytes();
    let good = name
        .first()
        .is_some_and(|b| b.is_ascii_uppercase() || *b == b'_')
        && name
            .iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_');
    if !good {
        source.error(
            env.range,
            format!("`{key}` is not the name of an environment variable"),
            format!(
                "write a name in capitals such as {example}; if this is the secret itself, replace \
                 the secret, which may have been seen"
            ),
        );
        return None;
    }
    Some(SecretSource::Env(env.value))
}

/// The path of a file with something that stays out of this file.
pub(super) fn check_path(source: &Source<'_>, key: &str, file: At<String>) -> Option<PathBuf> {
    let problem = if file.value.trim().is_empty() {
        Some(("is empty", "write the path of the file"))
    } else if file.value.contains("-----BEGIN") || file.value.contains('\n') {
        Some((
            "holds a secret, and not the path of a file",
            "keep the secret in a file of its own and write its path; and replace the secret, which \
             may have been seen",
        ))
    } else {
        None
    };
    if let Some((cause, fix)) = problem {
        source.error(file.range, format!("`{key}` {cause}"), fix);
        return None;
    }
    Some(PathBuf::from(file.value))
}
