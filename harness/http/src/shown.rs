//! The certificate that each origin of the target showed first. An answer under another one is not
//! taken: nobody could say whose answers the rest of a run would be about.
//! Not for deciding whether a certificate is trusted; TLS has done that before.

use plumbline_model::hexadecimal;
use reqwest::tls::TlsInfo;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// SHA-256 of the first certificate, in lower-case hexadecimal digits, by origin.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    first: Mutex<BTreeMap<String, String>>,
}

impl Shown {
    /// Notes the certificate under which an answer came; false if the origin showed another before.
    /// An answer without TLS has none, and so is always the same.
    pub(crate) fn is_same(&self, url: &Url, response: &reqwest::Response) -> bool {
        let info = response.extensions().get::<TlsInfo>();
        let Some(certificate) = info.and_then(TlsInfo::peer_certificate) else {
            return true;
        };
        let now = fingerprint(certificate);
        self.with_first(|first| *first.entry(origin(url)).or_insert_with(|| now.clone()) == now)
    }

    /// Takes a fingerprint for that of the first certificate of a URL's origin.
    pub(crate) fn expect(&self, url: &Url, fingerprint: &str) {
        self.with_first(|first| first.insert(origin(url), fingerprint.to_owned()));
    }

    /// The fingerprint of the first certificate of a URL's origin, if there was one.
    pub(crate) fn of(&self, url: &Url) -> Option<String> {
        self.with_first(|first| first.get(&origin(url)).cloned())
    }

    fn with_first<T>(&self, look: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> T {
        // Nothing in here panics half-way, so the map in a poisoned lock is sound.
        look(&mut self.first.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn fingerprint(certificate: &[u8]) -> String {
    hexadecimal(&Sha256::digest(certificate))
}
