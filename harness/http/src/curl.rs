//! Writes the curl command that repeats a request.
//! Not for sending anything; the secret is a shell variable that the reader sets.

use crate::sign_in::Shape;
use url::Url;

/// The variable that stands for the secret.
const SECRET: &str = "\"$PLUMBLINE_SECRET\"";

/// The command. `headers` are as requested; `shape` is the one that carries the secret.
/// The secret itself is passed in only so that it can be cut out of a URL that echoes it.
pub(crate) fn command(
    url: &Url,
    headers: &[(String, String)],
    shape: Option<&Shape>,
    secret: Option<&str>,
) -> String {
    let mut line = String::from("curl --include --globoff --compressed");
    for (name, value) in headers {
        line.push_str(" --header ");
        match shape.filter(|shape| shape.name == name.as_str()) {
            Some(shape) => {
                line.push_str(&quote(&format!("{name}: {}", shape.prefix)));
                line.push_str(SECRET);
            }
            None => line.push_str(&quote(&format!("{name}: {value}"))),
        }
    }
    line.push(' ');
    line.push_str(&quote_without(url.as_str(), secret));
    line
}

fn quote_without(text: &str, secret: Option<&str>) -> String {
    match secret {
        Some(secret) if text.contains(secret) => {
            let parts: Vec<String> = text.split(secret).map(quote).collect();
            parts.join(SECRET)
        }
        _ => quote(text),
    }
}

/// Quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_so_that_a_shell_reads_it_back() {
        let text = "it's $HOME `x` \"y\" \\ !";
        let out = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("printf %s {}", quote(text)))
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
    }

    #[test]
    fn cuts_the_secret_out_of_a_url_that_echoes_it() {
        let url = Url::parse("http://x.example/a?key=s3cr3t&b=1").unwrap();
        let line = command(&url, &[], None, Some("s3cr3t"));
        assert!(!line.contains("s3cr3t"));
        assert!(
            line.ends_with("'http://x.example/a?key='\"$PLUMBLINE_SECRET\"'&b=1'"),
            "{line}"
        );
    }
}
