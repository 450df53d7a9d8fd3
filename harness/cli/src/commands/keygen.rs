//! `plumbline keygen`: a key that signs bundles, and beside it the one that verifies them.
//! Not for keys of the target: those come from whoever runs it.

use crate::Outcome;
use crate::arguments::Keygen;
use crate::failure::Failure;
use anyhow::{Context, bail};
use plumbline_bundle::{PrivateKey, PublicKey};
use plumbline_model::ExitCode;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) fn perform(arguments: &Keygen) -> Outcome {
    let (public, key) = generate(&arguments.out)?;
    println!(
        "Private key: {} (keep it to yourself; only you may read the file)",
        arguments.out.display()
    );
    println!("Public key:  {}", public.display());
    println!("Fingerprint: {}", key.fingerprint());
    println!();
    println!("Give the public key, or its fingerprint, to those who will verify your bundles,");
    println!("and not by the way on which the bundles go.");
    Ok(ExitCode::Success)
}

/// Makes a key and writes both files; gives the public one with its path.
pub(crate) fn generate(out: &Path) -> Result<(PathBuf, PublicKey), Failure> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|e| Failure::internal(format!("error: failed to draw a random key: {e}")))?;
    let key = PrivateKey::from_seed(seed);
    let beside = beside(out)?;
    let private_pem = key.to_pem().context("failed to write the key as text")?;
    let public_pem = key
        .public()
        .to_pem()
        .context("failed to write the key as text")?;
    write_new(out, private_pem.as_bytes(), Readers::Owner)?;
    write_new(&beside, public_pem.as_bytes(), Readers::All)?;
    Ok((beside, key.public()))
}

/// `supplier.pem` has `supplier.public.pem` beside it.
fn beside(out: &Path) -> anyhow::Result<PathBuf> {
    let Some(stem) = out.file_stem().and_then(|stem| stem.to_str()) else {
        bail!(
            "`{}` is no name of a file; give another with --out",
            out.display()
        );
    };
    let ending = out.extension().and_then(|e| e.to_str()).unwrap_or("pem");
    let beside = out.with_file_name(format!("{stem}.public.{ending}"));
    for path in [out, &beside] {
        if path.exists() {
            bail!(
                "the file `{}` exists already, and a key is never written over; choose another \
                 name with --out",
                path.display()
            );
        }
    }
    Ok(beside)
}

/// Who may read a new file, where the system can say so.
#[derive(Debug, Clone, Copy)]
enum Readers {
    Owner,
    All,
}

fn write_new(path: &Path, text: &[u8], readers: Readers) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(match readers {
            Readers::Owner => 0o600,
            Readers::All => 0o644,
        });
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options
        .open(path)
        .with_context(|| format!("failed to make `{}`", path.display()))?;
    file.write_all(text)
        .with_context(|| format!("failed to write `{}`", path.display()))
}
