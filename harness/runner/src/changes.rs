//! How the requests of one scenario differ from right ones: what its Given steps changed.
//! Not for sending them, and not for how a header or claim is changed, which `plumbline_http` does.

use plumbline_http::{Compression, GpConnectCall, Request, TokenForm, WrongCertificate};

/// The changes; by default there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Those to the headers and the token of GP Connect.
    pub call: GpConnectCall,
    /// What is asked for in place of FHIR JSON.
    pub format: Option<Format>,
    /// Parameters on top of those that choose records.
    pub parameters: Vec<(String, String)>,
    /// Whether the answer may come compressed, if a step says so.
    pub compression: Option<Compression>,
    /// The client certificate of connections that are tried.
    pub certificate: Certificate,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// This media type.
    Of(String),
    /// Nothing at all.
    NotSaid,
}

/// Which client certificate is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Certificate {
    /// That of target.toml.
    #[default]
    Own,
    /// None.
    None,
    /// One that must be refused.
    Wrong(WrongCertificate),
}

impl Changes {
    /// Whether a request goes out as it should.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The request with the changes made.
    pub fn make(&self, mut request: Request) -> Request {
        let call = &mut request.gp_connect;
        call.headers.extend(self.call.headers.iter().cloned());
        call.claims.extend(self.call.claims.iter().cloned());
        call.token_header
            .extend(self.call.token_header.iter().cloned());
        call.form.clone_from(&self.call.form);
        if call.form == TokenForm::Absent {
            // There is no token to say it in.
            call.scope = None;
        }
        match &self.format {
            Some(Format::Of(media)) => request.accept.clone_from(media),
            Some(Format::NotSaid) => request.accept = String::new(),
            None => {}
        }
        request.query.extend(self.parameters.iter().cloned());
        if let Some(compression) = self.compression {
            request.compression = compression;
        }
        request
    }
}
