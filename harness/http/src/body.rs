//! Takes in an answer within its limits: what arrives is counted, and what it unpacks to as well.
//! Not for believing a promised length, and not for reading what the body says.

use crate::exchange::Response;
use crate::failure::{Travel, classify};
use crate::no_answer::{NoAnswer, ProxyFault};
use flate2::write::MultiGzDecoder;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::io;
use std::io::Write;

/// Reads the rest of an answer whose head is there.
pub(crate) async fn read(
    mut response: reqwest::Response,
    travel: Travel,
    limit: usize,
) -> Result<Response, NoAnswer> {
    let sort = |error: reqwest::Error| classify(&error, travel);
    // Only a proxy asks for this, and it says nothing about the target.
    if travel.proxied && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(NoAnswer::Proxy(ProxyFault::Login));
    }
    let mut taking = if is_gzip(response.headers()) {
        Taking::Packed(Box::new(MultiGzDecoder::new(Bounded::new(limit))))
    } else {
        Taking::Plain(Bounded::new(limit))
    };
    let mut arrived = 0_usize;
    // A promised length is not believed: only what really arrives, and what it unpacks to, counts.
    while let Some(chunk) = response.chunk().await.map_err(sort)? {
        arrived = arrived.saturating_add(chunk.len());
        if arrived > limit {
            return Err(NoAnswer::TooLarge { limit });
        }
        taking.take(&chunk)?;
    }
    Ok(Response {
        status: response.status().as_u16(),
        headers: sorted(response.headers()),
        body: if arrived == 0 {
            Vec::new()
        } else {
            taking.finish()?
        },
    })
}

/// Headers with lower-case names, sorted by name.
pub(crate) fn sorted(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut list: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    // Stable, so that duplicates keep the order in which they came.
    list.sort_by(|a, b| a.0.cmp(&b.0));
    list
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| matches!(value.trim().to_lowercase().as_str(), "gzip" | "x-gzip"))
}

/// A body on its way in.
enum Taking {
    Plain(Bounded),
    Packed(Box<MultiGzDecoder<Bounded>>),
}

impl Taking {
    fn take(&mut self, bytes: &[u8]) -> Result<(), NoAnswer> {
        let (written, bounded) = match self {
            Self::Plain(bounded) => (bounded.write_all(bytes), bounded),
            Self::Packed(unpacking) => (unpacking.write_all(bytes), unpacking.get_mut()),
        };
        written.map_err(|_| bounded.why())
    }

    fn finish(self) -> Result<Vec<u8>, NoAnswer> {
        match self {
            Self::Plain(bounded) => Ok(bounded.bytes),
            Self::Packed(mut unpacking) => {
                let finished = unpacking.try_finish();
                finished.map_err(|_| unpacking.get_ref().why())?;
                Ok(std::mem::take(&mut unpacking.get_mut().bytes))
            }
        }
    }
}

/// Bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    is_full: bool,
}

impl Bounded {
    const fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
            is_full: false,
        }
    }

    /// Why it could not be written to: it is full, or what was to be unpacked is broken.
    const fn why(&self) -> NoAnswer {
        if self.is_full {
            NoAnswer::TooLarge { limit: self.limit }
        } else {
            NoAnswer::Encoding
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.limit - self.bytes.len() {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
