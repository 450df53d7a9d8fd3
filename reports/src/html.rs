//! The page for people: the view model poured into the templates.
//! Not for numbers or wording that depends on the run: `view` holds them ready-made.

use crate::format::{ReportError, ReportInput};
use crate::view;
use handlebars::Handlebars;
use include_dir::{Dir, include_dir};
use serde::Serialize;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

pub(crate) fn render(input: &ReportInput<'_>) -> Result<String, ReportError> {
    pour("page", &view::page(input)?)
}

/// Renders one of the templates; a name that the data does not hold is an error.
pub(crate) fn pour(template: &str, data: &impl Serialize) -> Result<String, ReportError> {
    let failed = |name: &str, cause: String| ReportError::Template {
        template: name.to_owned(),
        cause,
    };
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    // Indenting a partial would move the lines of quoted requests and responses.
    engine.set_prevent_indent(true);
    let partials = TEMPLATES.get_dir("partials");
    for file in TEMPLATES
        .files()
        .chain(partials.iter().flat_map(|d| d.files()))
    {
        let path = file.path();
        let (Some(name), Some(text)) = (
            path.file_stem().and_then(|s| s.to_str()),
            file.contents_utf8(),
        ) else {
            continue;
        };
        // The style sheet is a partial too, so that it is inlined without being escaped.
        engine
            .register_partial(name, text)
            .map_err(|e| failed(name, e.to_string()))?;
    }
    engine
        .render(template, data)
        .map_err(|e| failed(template, e.to_string()))
}
