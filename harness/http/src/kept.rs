//! The connections to one target: kept open from one request to the next, without mistaking a
//! server that closes an idle one for a server that breaks off an answer.
//! Not for deciding what a broken connection means for a verdict.
//!
//! A server may close a kept connection at any time, also at the moment when the next request goes
//! out on it; it has then done nothing wrong. On a connection that was opened for the request,
//! the same thing is the server's fault. So the two are told apart by our end of the connection,
//! and only the first is asked again, once, on a new connection that is not kept.

use crate::config::ClientConfig;
use crate::connection::http_client;
use crate::failure::HttpError;
use hyper_util::client::legacy::connect::HttpInfo;
use std::collections::BTreeSet;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long an unused connection is kept. Well below the keep-alive time of common servers, so
/// that it is seldom the server that closes it.
const KEPT_FOR: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Connections {
    keeping: reqwest::Client,
    /// Made when it is first needed, which is seldom; `None` if it cannot be made.
    opening: OnceLock<Option<reqwest::Client>>,
    /// Our ends of the kept connections that have carried an answer. A port that the system gives
    /// out again counts as kept: at worst a request is repeated that need not have been.
    carried: Mutex<BTreeSet<SocketAddr>>,
}

impl Connections {
    pub(crate) fn new(config: &ClientConfig) -> Result<Self, HttpError> {
        Ok(Self {
            keeping: http_client(config, KEPT_FOR)?,
            opening: OnceLock::new(),
            carried: Mutex::default(),
        })
    }

    /// The client that keeps connections: for what may be sent twice, and for nothing else.
    pub(crate) fn keeping(&self) -> &reqwest::Client {
        &self.keeping
    }

    /// The client that opens a connection for each request.
    pub(crate) fn opening(&self, config: &ClientConfig) -> Option<&reqwest::Client> {
        self.opening
            .get_or_init(|| http_client(config, Duration::ZERO).ok())
            .as_ref()
    }

    /// Notes that the head of an answer has come on a connection.
    pub(crate) fn has_carried(&self, response: &reqwest::Response) {
        if let Some(info) = response.extensions().get::<HttpInfo>() {
            self.with_carried(|carried| carried.insert(info.local_addr()));
        }
    }

    /// Whether a request that failed before the head of its answer was there had been given a
    /// connection on which an answer had come before.
    pub(crate) fn was_kept(&self, error: &reqwest::Error) -> bool {
        own_end(error).is_some_and(|end| self.with_carried(|carried| carried.contains(&end)))
    }

    fn with_carried<T>(&self, look: impl FnOnce(&mut BTreeSet<SocketAddr>) -> T) -> T {
        // Nothing in here panics half-way, so the set in a poisoned lock is sound.
        look(&mut self.carried.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Our end of the connection on which a request failed; `None` if it had none.
fn own_end(error: &reqwest::Error) -> Option<SocketAddr> {
    let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let failed =
        causes.find_map(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())?;
    #[expect(
        clippy::default_trait_access,
        reason = "the type belongs to a crate that we need for nothing else"
    )]
    let mut extras = Default::default();
    failed.connect_info()?.get_extras(&mut extras);
    extras.get::<HttpInfo>().map(HttpInfo::local_addr)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Auth, Client, ClientConfig, Method, NoAnswer, Outcome, Request};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// What a server does with a request, by the number of its connection and of the request on it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Act {
        Answer,
        /// Ends the connection without a word.
        Drop,
        /// Ends it after half a head.
        HalfHead,
        /// Ends it after half a body.
        HalfBody,
    }

    struct Server {
        client: Client,
        requests: Arc<AtomicUsize>,
        connections: Arc<AtomicUsize>,
    }

    /// Serves until the runtime ends; `script` says what becomes of (connection, request on it).
    async fn serve(script: fn(usize, usize) -> Act) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let connections = Arc::new(AtomicUsize::new(0));
        let (seen, opened) = (Arc::clone(&requests), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let connection = opened.fetch_add(1, Ordering::SeqCst);
                let seen = Arc::clone(&seen);
                tokio::spawn(async move {
                    let mut head = [0_u8; 2048];
                    for request in 0.. {
                        let length = stream.read(&mut head).await.unwrap_or(0);
                        if length == 0 {
                            return;
                        }
                        seen.fetch_add(1, Ordering::SeqCst);
                        let text: &[u8] = match script(connection, request) {
                            Act::Answer => b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
                            Act::Drop => b"",
                            Act::HalfHead => b"HTTP/1.1 200 OK\r\ncontent-le",
                            Act::HalfBody => b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}",
                        };
                        stream.write_all(text).await.unwrap();
                        if script(connection, request) != Act::Answer {
                            return;
                        }
                    }
                });
            }
        });
        let base = format!("http://{address}/fhir").parse().unwrap();
        let client = Client::new(ClientConfig {
            base_urls: [("default".to_owned(), base)].into(),
            auth: Auth::None,
            connection: crate::Connection::default(),
            timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            max_body_bytes: 1000,
            requests_per_second: 1000,
            total_requests: 100,
            user_agent: "test".to_owned(),
        })
        .unwrap();
        Server {
            client,
            requests,
            connections,
        }
    }

    impl Server {
        async fn get(&self) -> Answer {
            self.send(Method::Get).await
        }

        async fn send(&self, method: Method) -> Answer {
            self.client
                .send(Request {
                    method,
                    capability: None,
                    path: "metadata".to_owned(),
                    query: Vec::new(),
                    absolute: None,
                    accept: "application/fhir+json".to_owned(),
                    headers: Vec::new(),
                    sign_in: false,
                    ..Request::default()
                })
                .await
        }

        fn seen(&self) -> (usize, usize) {
            (
                self.connections.load(Ordering::SeqCst),
                self.requests.load(Ordering::SeqCst),
            )
        }
    }

    fn is_reset(answer: &Answer) -> bool {
        answer.outcome == Outcome::NoAnswer(NoAnswer::Reset)
    }

    #[tokio::test]
    async fn connections_are_kept() {
        let server = serve(|_, _| Act::Answer).await;
        for _ in 0..5 {
            let answer = server.get().await;
            assert!(answer.response().is_some());
            assert!(!answer.repeated);
        }
        assert_eq!(server.seen(), (1, 5));
    }

    #[tokio::test]
    async fn a_kept_connection_that_ends_before_any_answer_is_replaced_once() {
        for ending in [
            |connection, request| {
                if (connection, request) == (0, 1) {
                    Act::Drop
                } else {
                    Act::Answer
                }
            },
            |connection, request| {
                if (connection, request) == (0, 1) {
                    Act::HalfHead
                } else {
                    Act::Answer
                }
            },
        ] {
            let server = serve(ending).await;
            assert!(!server.get().await.repeated);
            let answer = server.get().await;
            assert!(answer.response().is_some(), "{answer:?}");
            assert!(answer.repeated);
            assert_eq!(server.seen(), (2, 3));
        }
    }

    #[tokio::test]
    async fn a_server_that_drops_the_request_on_a_new_connection_too_has_reset_it() {
        let server = serve(|connection, request| {
            if (connection, request) == (0, 0) {
                Act::Answer
            } else {
                Act::Drop
            }
        })
        .await;
        server.get().await;
        let answer = server.get().await;
        assert!(is_reset(&answer), "{answer:?}");
        assert!(answer.repeated);
        assert_eq!(server.seen(), (2, 3), "it is sent twice and not more often");
    }

    #[tokio::test]
    async fn a_connection_opened_for_the_request_is_not_replaced() {
        for drops in [
            |connection, _| {
                if connection == 0 {
                    Act::Drop
                } else {
                    Act::Answer
                }
            },
            |connection, _| {
                if connection == 0 {
                    Act::HalfHead
                } else {
                    Act::Answer
                }
            },
        ] {
            let server = serve(drops).await;
            let answer = server.get().await;
            assert!(is_reset(&answer), "{answer:?}");
            assert!(!answer.repeated);
            assert_eq!(server.seen(), (1, 1));
        }
    }

    #[tokio::test]
    async fn what_may_not_be_sent_twice_has_a_connection_of_its_own() {
        let server = serve(|connection, _| {
            if connection == 1 {
                Act::Drop
            } else {
                Act::Answer
            }
        })
        .await;
        server.get().await;
        let answer = server.send(Method::Post).await;
        assert!(is_reset(&answer), "{answer:?}");
        assert!(!answer.repeated);
        assert_eq!(server.seen(), (2, 2), "it is sent once, and elsewhere");
        assert!(server.send(Method::Put).await.response().is_some());
        assert_eq!(server.seen(), (3, 3));
    }

    #[tokio::test]
    async fn half_a_body_is_a_reset_on_a_kept_connection_too() {
        let server = serve(|connection, request| {
            if (connection, request) == (0, 1) {
                Act::HalfBody
            } else {
                Act::Answer
            }
        })
        .await;
        server.get().await;
        let answer = server.get().await;
        assert!(is_reset(&answer), "{answer:?}");
        assert!(!answer.repeated);
        assert_eq!(server.seen(), (1, 2));
    }
}
