//! A raw TCP server before the mock that answers in one hostile manner, byte by byte as said.
//! Not an HTTP server: one request a connection, and what is not spoiled is passed on.

use crate::proxy::{forward, read_head};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

/// Bytes written at a time.
const PART: usize = 64 * 1024;

/// Which requests are answered in the hostile manner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The judged one only, which asks for allergies; control requests are answered well.
    Judged,
    /// All of them.
    Everything,
}

/// What follows the first bytes of an answer.
#[derive(Debug, Clone)]
pub enum After {
    /// The connection is ended in order.
    Close,
    /// The connection is ended with a TCP reset.
    Reset,
    /// So many spaces, and the connection is ended in order.
    Fill(usize),
    /// Nothing, for longer than anybody waits.
    Hang,
    /// These bytes again and again, at this interval, for as long as the client reads.
    Repeat(Vec<u8>, Duration),
}

/// The bytes of an answer, and what follows.
pub type Script = (Vec<u8>, After);

/// The answer to a path, by its number among the spoiled ones; `None` passes the request on.
pub type Manner = fn(&str, usize) -> Option<Script>;

/// The server. It ends with the runtime.
pub struct Front {
    pub address: SocketAddr,
    /// How many requests came.
    pub requests: Arc<AtomicUsize>,
    /// How many were answered in the hostile manner.
    pub spoiled: Arc<AtomicUsize>,
    /// How many bytes of hostile answers the client's side has taken.
    pub taken: Arc<AtomicU64>,
}

impl Front {
    /// `script` is called with the path of each request to spoil and its number among those.
    pub async fn start(
        upstream: SocketAddr,
        reach: Reach,
        script: impl Fn(&str, usize) -> Option<Script> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            spoiled: Arc::default(),
            taken: Arc::default(),
        };
        let (requests, spoiled) = (Arc::clone(&front.requests), Arc::clone(&front.spoiled));
        let taken = Arc::clone(&front.taken);
        let script = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (requests, spoiled) = (Arc::clone(&requests), Arc::clone(&spoiled));
                let (taken, script) = (Arc::clone(&taken), Arc::clone(&script));
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    if head.is_empty() {
                        return;
                    }
                    requests.fetch_add(1, Ordering::SeqCst);
                    let path = head.split_whitespace().nth(1).unwrap_or("/");
                    let hit = reach == Reach::Everything || path.contains("/AllergyIntolerance");
                    let answer = if hit {
                        script(path, spoiled.fetch_add(1, Ordering::SeqCst))
                    } else {
                        None
                    };
                    if let Some(answer) = answer {
                        perform(stream, answer, &taken).await;
                    } else {
                        let text = forward(upstream, &head).await;
                        let _ = stream.write_all(text.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                });
            }
        });
        front
    }
}

async fn perform(mut stream: TcpStream, (bytes, after): Script, taken: &AtomicU64) {
    if !write(&mut stream, &bytes, taken).await {
        return;
    }
    match after {
        After::Close => {
            let _ = stream.shutdown().await;
        }
        After::Fill(length) => {
            let spaces = vec![b' '; PART];
            for at in (0..length).step_by(PART) {
                if !write(&mut stream, &spaces[..PART.min(length - at)], taken).await {
                    return;
                }
            }
            let _ = stream.shutdown().await;
        }
        After::Reset => {
            // What was sent is to arrive first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            let _ = stream.set_zero_linger();
        }
        After::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
        After::Repeat(part, pause) => {
            while write(&mut stream, &part, taken).await {
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

/// Writes as long as somebody reads; false once nobody does.
async fn write(stream: &mut TcpStream, bytes: &[u8], taken: &AtomicU64) -> bool {
    for part in bytes.chunks(PART) {
        if stream.write_all(part).await.is_err() {
            return false;
        }
        taken.fetch_add(part.len() as u64, Ordering::SeqCst);
    }
    true
}

/// An answer with these header lines, each with its line end, and the length of the body.
pub fn sized(status: u16, headers: &str, body: &[u8]) -> Script {
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    ([head.as_bytes(), body].concat(), After::Close)
}

/// A gzip stream of that many megabytes of zeros: fixed Huffman codes, each of 13 bits repeating the
/// byte before 258 times. Some 0.6 % of its size.
pub fn gzip_bomb(megabytes: usize) -> Vec<u8> {
    let mut out = vec![31, 139, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut byte, mut used) = (0_u8, 0);
    let mut push = |code: &str| {
        for bit in code.chars() {
            byte |= u8::from(bit == '1') << used;
            used += 1;
            if used == 8 {
                out.push(byte);
                (byte, used) = (0, 0);
            }
        }
    };
    push("0");
    push("10");
    push("00110000");
    for _ in 0..=(megabytes << 20) / 258 {
        push("1100010100000");
    }
    out
}
