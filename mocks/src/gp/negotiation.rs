//! Which format an answer has: FHIR JSON or FHIR XML.
//! Not for writing it.
//!
//! Source: GP Connect 1.6.2-beta, general API guidance, content types.

use super::checks::{ACCEPT, CONTENT_TYPE, Checks, FORMAT, Refusal};
use crate::request::Request;

/// A format of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    /// As `Content-Type` says it.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Format::Json => "application/fhir+json;charset=utf-8",
            Format::Xml => "application/fhir+xml;charset=utf-8",
        }
    }

    /// The format of a media type, whatever its parameters.
    fn of_type(text: &str) -> Option<Format> {
        let bare = text.split(';').next().unwrap_or_default().trim();
        match bare.to_ascii_lowercase().as_str() {
            "application/fhir+json" => Some(Format::Json),
            "application/fhir+xml" => Some(Format::Xml),
            _ => None,
        }
    }

    /// The format of `_format`, short forms included. A plus sign that was not encoded is a space.
    fn of_parameter(text: &str) -> Option<Format> {
        match text {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            text => Format::of_type(&text.replace(' ', "+")),
        }
    }

    /// The best of an `Accept` header that can be had; JSON where anything will do.
    fn of_accept(text: &str) -> Option<Format> {
        let mut best: Option<(f32, Format)> = None;
        for range in text.split(',') {
            let (bare, parameters) = range.split_once(';').unwrap_or((range, ""));
            let format = match bare.trim() {
                "*/*" | "application/*" => Some(Format::Json),
                bare => Format::of_type(bare),
            };
            let quality = parameters
                .split(';')
                .find_map(|parameter| parameter.trim().strip_prefix("q="))
                .and_then(|quality| quality.parse().ok())
                .unwrap_or(1.0);
            if let Some(format) = format
                && quality > 0.0
                && best.is_none_or(|(best, _)| quality > best)
            {
                best = Some((quality, format));
            }
        }
        best.map(|(_, format)| format)
    }
}

/// The format of the body, if there must be one.
pub(crate) fn of_body(request: &Request, checks: &Checks<'_>) -> Result<Format, Refusal> {
    let sent = request.header("content-type").unwrap_or_default();
    let format = Format::of_type(sent);
    checks.hold(
        CONTENT_TYPE,
        format.is_some(),
        format!("the body is of the type `{sent}`; FHIR JSON and FHIR XML are supported"),
    )?;
    // Without the check the body says what it is.
    let looks_like_xml = request.body.trim_ascii_start().starts_with(b"<");
    Ok(format.unwrap_or(if looks_like_xml {
        Format::Xml
    } else {
        Format::Json
    }))
}

/// The format of the answer: `_format` before `Accept` before the type of the request.
pub(crate) fn of_answer(
    request: &Request,
    query: &[(String, String)],
    checks: &Checks<'_>,
) -> Result<Format, Refusal> {
    let asked = query.iter().find(|(key, _)| key == "_format");
    if let Some((_, asked)) = asked {
        let format = Format::of_parameter(asked);
        let text = format!("the format `{asked}` is not supported");
        checks.hold(FORMAT, format.is_some(), text)?;
        if let Some(format) = format {
            return Ok(format);
        }
    }
    if let Some(accept) = request.header("accept") {
        let format = Format::of_accept(accept);
        let text = format!("none of the formats `{accept}` is supported");
        checks.hold(ACCEPT, format.is_some(), text)?;
        if let Some(format) = format {
            return Ok(format);
        }
    }
    let sent = request.header("content-type").and_then(Format::of_type);
    Ok(sent.unwrap_or(Format::Json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_best_that_it_has() {
        let of = Format::of_accept;
        assert_eq!(of("application/fhir+xml"), Some(Format::Xml));
        assert_eq!(
            of("application/fhir+json;charset=utf-8"),
            Some(Format::Json)
        );
        assert_eq!(
            of("application/fhir+json;q=0.4, application/fhir+xml; q=0.8"),
            Some(Format::Xml)
        );
        assert_eq!(of("text/html, */*;q=0.1"), Some(Format::Json));
        assert_eq!(of("application/fhir+xml;q=0"), None);
        assert_eq!(of("text/plain"), None);
        assert_eq!(of("application/json"), None);
    }

    #[test]
    fn reads_the_parameter() {
        let of = Format::of_parameter;
        assert_eq!(of("application/fhir+xml"), Some(Format::Xml));
        assert_eq!(of("application/fhir xml"), Some(Format::Xml));
        assert_eq!(of("json"), Some(Format::Json));
        assert_eq!(of("abc"), None);
    }
}
