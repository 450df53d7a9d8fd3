//! The templates of the dashboard: read once, then poured many times.
//! Not for numbers or wording: the pages hold them ready-made.

use crate::format::ReportError;
use handlebars::Handlebars;
use include_dir::{Dir, include_dir};
use serde::Serialize;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
/// Where the templates of the dashboard are.
const FOLDER: &str = "dashboard";
/// Partials that the dashboard shares with the other pages.
const SHARED: [(&str, &str); 4] = [
    ("style", "style.css"),
    ("head", "partials/head.hbs"),
    ("mark", "partials/mark.hbs"),
    ("shapes", "partials/shapes.hbs"),
];

/// All templates, parsed.
pub(crate) struct Engine(Handlebars<'static>);

fn failed(template: &str, cause: &dyn std::fmt::Display) -> ReportError {
    ReportError::Template {
        template: template.to_owned(),
        cause: cause.to_string(),
    }
}

impl Engine {
    pub(crate) fn new() -> Result<Self, ReportError> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.set_prevent_indent(true);
        let shared = SHARED
            .iter()
            .map(|(name, path)| ((*name).to_owned(), *path));
        let own = TEMPLATES.get_dir(FOLDER).into_iter().flat_map(Dir::files);
        let own = own.filter_map(|file| {
            let name = file.path().file_stem()?.to_str()?;
            Some((format!("{FOLDER}/{name}"), file.path().to_str()?))
        });
        for (name, path) in shared.chain(own) {
            let text = TEMPLATES
                .get_file(path)
                .and_then(|file| file.contents_utf8())
                .ok_or_else(|| failed(&name, &"it is not there, or not text"))?;
            engine
                .register_partial(&name, text)
                .map_err(|error| failed(&name, &error))?;
        }
        Ok(Self(engine))
    }

    /// Pours data into the template `dashboard/<name>.hbs`.
    pub(crate) fn pour(&self, name: &str, data: &impl Serialize) -> Result<String, ReportError> {
        let name = format!("{FOLDER}/{name}");
        self.0
            .render(&name, data)
            .map_err(|error| failed(&name, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_is_not_there_and_a_name_that_is_not_held_are_errors() {
        let engine = Engine::new().expect("the templates");
        assert!(engine.pour("nothing", &()).is_err());
        assert!(engine.pour("league", &()).is_err());
    }
}
