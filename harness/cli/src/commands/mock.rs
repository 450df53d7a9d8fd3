//! `plumbline mock`: a mock record system on 127.0.0.1.

use crate::Outcome;
use crate::arguments::Mock;
use crate::failure::Failure;
use crate::session::runtime;
use anyhow::Context;
use plumbline_mocks::{MockError, MockOptions, MockSystem, Tls};
use plumbline_model::ExitCode;
use std::io::Write;
use std::net::Ipv4Addr;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

pub(crate) fn perform(arguments: &Mock) -> Outcome {
    if arguments.list_faults {
        let faults = plumbline_mocks::fault_catalogue(arguments.faults_dir.as_deref())
            .map_err(|e| Failure::usage(format!("error: {e}")))?;
        for fault in faults {
            println!("{}  {} ({})", fault.id, fault.title, fault.code);
        }
        return Ok(ExitCode::Success);
    }
    let options = MockOptions {
        faults: arguments.faults.clone(),
        faults_dir: arguments.faults_dir.clone(),
        people_dir: arguments.people_dir.clone(),
        ..MockOptions::vendor(&arguments.vendor)
    };
    let wrong = |error: MockError| Failure::usage(format!("error: {error}"));
    let system = MockSystem::load(&options).map_err(wrong)?;
    if system.needs_tls() && arguments.tls_dir.is_none() {
        return Err(Failure::usage(
            "error: one of the faults is in the encryption, and the mock serves without it\n  help: \
             add --tls-dir with a new folder, to which the certificates are written",
        ));
    }
    let tls = arguments.tls_dir.as_deref().map(Tls::make);
    let tls = tls.transpose().map_err(wrong)?;
    let until_stdin_closes = arguments.until_stdin_closes;
    runtime()?.block_on(async move {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port))
            .await
            .with_context(|| format!("failed to listen on 127.0.0.1:{}", arguments.port))?;
        let address = listener.local_addr().context("failed to read the address")?;
        // One write, and a closed pipe is no reason to end: a parent may read only the first line.
        let hello = format!(
            "Mock system {} listens on {}://{address}{}\nIt serves synthetic people only. Ctrl-C ends it.\n",
            arguments.vendor,
            if tls.is_some() { "https" } else { "http" },
            system.base_path(),
        );
        let _ = std::io::stdout().write_all(hello.as_bytes());
        let serving = async {
            match tls {
                Some(tls) => plumbline_mocks::serve_tls(system, listener, tls).await,
                None => plumbline_mocks::serve(system, listener).await,
            }
        };
        tokio::select! {
            served = serving => served.context("the mock failed")?,
            _ = tokio::signal::ctrl_c() => {}
            () = closed(until_stdin_closes) => {}
        }
        Ok(ExitCode::Success)
    })
}

/// Resolves when standard input closes, if that is asked for.
async fn closed(asked_for: bool) {
    if !asked_for {
        return std::future::pending().await;
    }
    let mut ignored = [0_u8; 64];
    let mut stdin = tokio::io::stdin();
    while matches!(stdin.read(&mut ignored).await, Ok(n) if n > 0) {}
}
