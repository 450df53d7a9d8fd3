//! A connection of which the first bytes were looked at before anybody took it.
//! Not for what they mean.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// The kind of record that a TLS connection begins with.
const HANDSHAKE: u8 = 22;
/// Kind, version and length of a record.
const HEAD: usize = 5;
/// The longest record of TLS.
const LONGEST: usize = 16 * 1024;

/// Gives out again what was looked at, and then the rest.
pub(super) struct Prefixed {
    stream: TcpStream,
    seen: Vec<u8>,
    given: usize,
}

impl Prefixed {
    pub(super) const fn new(stream: TcpStream) -> Prefixed {
        Prefixed {
            stream,
            seen: Vec::new(),
            given: 0,
        }
    }

    /// Whether the first byte is that of a handshake.
    pub(super) async fn begins_with_tls(&mut self) -> io::Result<bool> {
        self.look(1).await?;
        Ok(self.seen.first() == Some(&HANDSHAKE))
    }

    /// The first record, as far as it is no longer than one may be.
    pub(super) async fn first_record(&mut self) -> io::Result<&[u8]> {
        self.look(HEAD).await?;
        let length = match self.seen.get(3..HEAD) {
            Some([high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        self.look(HEAD + length.min(LONGEST)).await?;
        Ok(&self.seen)
    }

    /// Sends bytes and ends the connection.
    pub(super) async fn say(&mut self, bytes: &[u8]) {
        // Whoever is not there any more misses nothing.
        let _ = self.stream.write_all(bytes).await;
        let _ = self.stream.shutdown().await;
    }

    async fn look(&mut self, count: usize) -> io::Result<()> {
        let mut byte = [0; 1024];
        while self.seen.len() < count {
            let wanted = (count - self.seen.len()).min(byte.len());
            let read = self.stream.read(&mut byte[..wanted]).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.seen.extend_from_slice(&byte[..read]);
        }
        Ok(())
    }
}

impl AsyncRead for Prefixed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let rest = self.seen.get(self.given..).unwrap_or_default();
        if rest.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buffer);
        }
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.given += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Prefixed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A connection that was let in.
pub(super) enum Spoken {
    Tls(Box<TlsStream<Prefixed>>),
    /// Without encryption, which only a faulty door lets in.
    Plain(Prefixed),
}

impl AsyncRead for Spoken {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Spoken::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
            Spoken::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Spoken {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Spoken::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
            Spoken::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Spoken::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Spoken::Plain(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Spoken::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Spoken::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
