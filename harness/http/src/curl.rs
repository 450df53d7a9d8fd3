//! Writes the curl command that repeats a request.
//! Not for sending anything; the secret is a shell variable that the reader sets.

use crate::exchange::{Compression, Method};
use crate::sign_in::Shape;
use url::Url;

/// The variable that stands for the secret.
const SECRET: &str = "\"$PLUMBLINE_SECRET\"";
/// Most commands are no longer, in bytes.
const USUAL_LENGTH: usize = 512;

/// What the command repeats, but for URL and headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) method: Method,
    pub(crate) compression: Compression,
    /// Whether something is sent along; it is not shown, since it may name a person.
    pub(crate) has_body: bool,
    /// Whether a client certificate is shown.
    pub(crate) has_certificate: bool,
}

impl Manner {
    fn options(self) -> String {
        let mut line = String::with_capacity(USUAL_LENGTH);
        line.push_str("curl --include --globoff");
        if self.compression == Compression::Gzip {
            line.push_str(" --compressed");
        }
        match self.method {
            Method::Get => {}
            Method::Head => line.push_str(" --head"),
            other => {
                line.push_str(" --request ");
                line.push_str(other.name());
            }
        }
        if self.has_certificate {
            line.push_str(" --cert \"$PLUMBLINE_CERTIFICATE\" --key \"$PLUMBLINE_KEY\"");
        }
        if self.has_body {
            line.push_str(" --data-binary @\"$PLUMBLINE_BODY\"");
        }
        line
    }
}

/// The command. `headers` are as requested; `shape` is the one that carries the secret.
/// The secret itself is passed in only so that it can be cut out of a URL that echoes it.
pub(crate) fn command(
    manner: Manner,
    url: &Url,
    headers: &[(String, String)],
    shape: Option<&Shape>,
    secret: Option<&str>,
) -> String {
    let mut line = manner.options();
    for (name, value) in headers {
        line.push_str(" --header ");
        match shape.filter(|shape| shape.name == name.as_str()) {
            Some(shape) => {
                quote(&[name, ": ", shape.prefix], &mut line);
                line.push_str(SECRET);
            }
            None => quote(&[name, ": ", value], &mut line),
        }
    }
    if !headers.is_empty() && !headers.iter().any(|(name, _)| name == "accept") {
        // Or curl adds one of its own.
        line.push_str(" --header 'accept:'");
    }
    line.push(' ');
    quote_without(url.as_str(), secret, &mut line);
    line
}

fn quote_without(text: &str, secret: Option<&str>, line: &mut String) {
    let Some(secret) = secret.filter(|secret| text.contains(secret)) else {
        return quote(&[text], line);
    };
    for (number, part) in text.split(secret).enumerate() {
        if number > 0 {
            line.push_str(SECRET);
        }
        quote(&[part], line);
    }
}

/// Adds one word, quoted for a POSIX shell.
fn quote(parts: &[&str], line: &mut String) {
    line.push('\'');
    for part in parts {
        for (number, piece) in part.split('\'').enumerate() {
            if number > 0 {
                line.push_str(r"'\''");
            }
            line.push_str(piece);
        }
    }
    line.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Manner = Manner {
        method: Method::Get,
        compression: Compression::Gzip,
        has_body: false,
        has_certificate: false,
    };

    #[test]
    fn says_how_the_request_was_made() {
        let url = Url::parse("http://x.example/a").unwrap();
        let line = command(PLAIN, &url, &[], None, None);
        assert_eq!(
            line,
            "curl --include --globoff --compressed 'http://x.example/a'"
        );
        let manner = Manner {
            method: Method::Post,
            compression: Compression::None,
            has_body: true,
            has_certificate: true,
        };
        let line = command(manner, &url, &[], None, None);
        assert_eq!(
            line,
            "curl --include --globoff --request POST --cert \"$PLUMBLINE_CERTIFICATE\" --key \
             \"$PLUMBLINE_KEY\" --data-binary @\"$PLUMBLINE_BODY\" 'http://x.example/a'"
        );
    }

    #[test]
    fn quotes_so_that_a_shell_reads_it_back() {
        let text = "it's $HOME `x` \"y\" \\ !";
        let mut command = "printf %s ".to_owned();
        quote(&[text], &mut command);
        let out = std::process::Command::new("sh")
            .arg("-c")
            .arg(command)
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
    }

    #[test]
    fn cuts_the_secret_out_of_a_url_that_echoes_it() {
        let url = Url::parse("http://x.example/a?key=s3cr3t&b=1").unwrap();
        let line = command(PLAIN, &url, &[], None, Some("s3cr3t"));
        assert!(!line.contains("s3cr3t"));
        assert!(
            line.ends_with("'http://x.example/a?key='\"$PLUMBLINE_SECRET\"'&b=1'"),
            "{line}"
        );
    }
}
