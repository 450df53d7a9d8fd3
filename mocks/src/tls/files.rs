//! The files that a client of the mock needs.
//! Not for reading them.

use super::{All, Made, P12_PASSWORD};
use crate::error::MockError;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use std::fs;
use std::path::Path;

/// The file that says that the folder is ours, and may be written again.
const MARK: &str = "made-by-plumbline-mock.txt";
const MARK_TEXT: &str = "plumbline mock made these files and makes them anew at each start. They open nothing but the mock.\n";
/// How often the password is stirred; more would only take longer.
const ITERATIONS: u32 = 2048;

pub(super) fn write(folder: &Path, all: &All) -> Result<(), MockError> {
    let failed = |source| MockError::Write {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let is_empty = fs::read_dir(folder).map_err(failed)?.next().is_none();
    if !is_empty && !folder.join(MARK).is_file() {
        return Err(MockError::FolderInUse {
            folder: folder.to_owned(),
        });
    }
    let write = |name: &str, content: &[u8]| write_private(&folder.join(name), content);
    write(MARK, MARK_TEXT.as_bytes()).map_err(failed)?;
    write("ca.pem", all.authority.pem().as_bytes()).map_err(failed)?;
    for (name, made) in [
        ("client", &all.client),
        ("expired-client", &all.expired),
        ("other-name-client", &all.other_name),
        ("unknown-ca-client", &all.unknown),
    ] {
        let certificate = made.certificate.pem();
        write(&format!("{name}.pem"), certificate.as_bytes()).map_err(failed)?;
        let key = made.key.serialize_pem();
        write(&format!("{name}.key"), key.as_bytes()).map_err(failed)?;
    }
    for (name, encryption, mac) in [
        (
            "client.p12",
            EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
            MacAlgorithm::HmacSha256,
        ),
        (
            "client-legacy.p12",
            EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
            MacAlgorithm::HmacSha1,
        ),
    ] {
        let bytes = pkcs12(&all.client, encryption, mac).map_err(|_| MockError::Certificates {
            folder: folder.to_owned(),
        })?;
        write(name, &bytes).map_err(failed)?;
    }
    write("connection.toml", connection(folder).as_bytes()).map_err(failed)
}

/// The table of a target file that names them.
fn connection(folder: &Path) -> String {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let path = |name: &str| {
        let text = folder.join(name).display().to_string();
        text.replace('\\', "\\\\").replace('"', "\\\"")
    };
    let pair = |name: &str| {
        let (certificate, key) = (path(&format!("{name}.pem")), path(&format!("{name}.key")));
        format!("certificate = \"{certificate}\"\nkey = \"{key}\"\n")
    };
    format!(
        "[connection]\ntrust_roots = [\"{}\"]\n\n[connection.client_certificate]\n{}\n\
         [connection.wrong_certificates.expired]\n{}\n\
         [connection.wrong_certificates.other_name]\n{}\n\
         [connection.wrong_certificates.unknown_issuer]\n{}",
        path("ca.pem"),
        pair("client"),
        pair("expired-client"),
        pair("other-name-client"),
        pair("unknown-ca-client"),
    )
}

fn pkcs12(
    made: &Made,
    encryption: EncryptionAlgorithm,
    mac: MacAlgorithm,
) -> p12_keystore::Result<Vec<u8>> {
    let certificate = Certificate::from_der(made.certificate.der())?;
    let key = PrivateKey::from_der(&made.key.serialize_der())?;
    let mut store = KeyStore::new();
    let chain = PrivateKeyChain::new("1", key, [certificate]);
    store.add_entry("client", KeyStoreEntry::PrivateKeyChain(chain));
    store
        .writer(P12_PASSWORD)
        .encryption_algorithm(encryption)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(mac)
        .mac_iterations(ITERATIONS)
        .write()
}

/// For its owner only, where the system knows owners: some tools refuse other keys.
fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(content)
}
