//! The page for people: the view model poured into the templates, long lists one item at a time.
//! Not for numbers or wording that depends on the run: `view` holds them ready-made.

use crate::format::{ReportError, ReportInput};
use crate::view;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable,
};
use include_dir::{Dir, include_dir};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// What a template writes around an item of a long list: `{{#in_turn "exchanges"}}...{{/in_turn}}`.
const IN_TURN: &str = "in_turn";

pub(crate) fn write(input: &ReportInput<'_>, out: &mut dyn Write) -> Result<(), ReportError> {
    let (page, lists) = view::page(input)?;
    let mut engine = engine()?;
    engine.register_helper(IN_TURN, Box::new(InTurn(lists)));
    engine
        .render_to_write("page", &page, out)
        .map_err(|error| failed("page", error))
}

/// Renders one of the templates; a name that the data does not hold is an error.
pub(crate) fn pour(template: &str, data: &impl Serialize) -> Result<String, ReportError> {
    let mut engine = engine()?;
    engine.register_helper(IN_TURN, Box::new(InTurn(Lists::new())));
    engine
        .render(template, data)
        .map_err(|error| failed(template, error))
}

fn failed(template: &str, error: RenderError) -> ReportError {
    let cause = error.to_string();
    match RenderErrorReason::from(error) {
        RenderErrorReason::IOError(error) => ReportError::Write(error),
        _ => ReportError::Template {
            template: template.to_owned(),
            cause,
        },
    }
}

/// All templates.
fn engine<'a>() -> Result<Handlebars<'a>, ReportError> {
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
            .map_err(|error| ReportError::Template {
                template: name.to_owned(),
                cause: error.to_string(),
            })?;
    }
    Ok(engine)
}

/// Takes an item as data for a template.
type Take<'t> = &'t mut dyn FnMut(&Context) -> Result<(), RenderError>;

/// A long list: gives its items one after the other, and makes each only when its turn has come.
type List<'a> = Box<dyn Fn(Take<'_>) -> Result<(), RenderError> + Send + Sync + 'a>;

/// The long lists of a page, by name.
#[derive(Default)]
pub(crate) struct Lists<'a>(BTreeMap<&'static str, List<'a>>);

impl<'a> Lists<'a> {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a list; `view` makes what the template shows of an item.
    pub(crate) fn add<I, V>(
        &mut self,
        name: &'static str,
        items: impl Fn() -> I + Send + Sync + 'a,
        view: impl Fn(I::Item) -> V + Send + Sync + 'a,
    ) where
        I: Iterator,
        V: Serialize,
    {
        let list: List<'a> =
            Box::new(move |take| items().try_for_each(|item| take(&Context::wraps(view(item))?)));
        self.0.insert(name, list);
    }
}

/// The helper of templates that renders its block for each item of a long list, so that neither the items nor
/// the page are in memory as a whole. Inside the block only the item can be seen.
struct InTurn<'a>(Lists<'a>);

impl HelperDef for InTurn<'_> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        engine: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = helper.param(0).and_then(|name| name.value().as_str());
        let name = name.ok_or(RenderErrorReason::ParamNotFoundForIndex(IN_TURN, 0))?;
        let list = self.0.0.get(name).ok_or_else(|| {
            RenderErrorReason::Other(format!("there is no list {name} for {IN_TURN}"))
        })?;
        let Some(block) = helper.template() else {
            return Ok(());
        };
        list(&mut |item| block.render(engine, item, &mut RenderContext::new(None), out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_model::{RunRecord, ScoringPolicy};

    /// The lists that a template takes items from.
    fn named(template: &str) -> Vec<&str> {
        let uses = template.split("{{#in_turn \"").skip(1);
        uses.filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn the_page_takes_each_list_once_and_no_other() {
        let record: RunRecord = serde_json::from_str(include_str!(
            "../../harness/model/tests/fixtures/record-1.json"
        ))
        .expect("a record");
        let scorecard = plumbline_score::scorecard(&record, &[], &ScoringPolicy::default());
        let titles = BTreeMap::new();
        let input = ReportInput {
            record: &record,
            scorecard: &scorecard,
            titles: &titles,
        };
        let (_, lists) = view::page(&input).expect("a page");
        let page = TEMPLATES
            .get_file("page.hbs")
            .and_then(|file| file.contents_utf8());
        let mut named = named(page.expect("the page"));
        named.sort_unstable();
        let known: Vec<&str> = lists.0.keys().copied().collect();
        assert_eq!(named, known);
    }

    #[test]
    fn a_list_that_is_not_there_is_an_error() {
        let mut engine = engine().expect("the templates");
        engine.register_helper(IN_TURN, Box::new(InTurn(Lists::new())));
        let made = engine.render_template("{{#in_turn \"nothing\"}}x{{/in_turn}}", &());
        let error = failed("test", made.expect_err("no such list"));
        assert!(error.to_string().contains("no list nothing"), "{error}");
    }

    #[test]
    fn an_item_is_all_that_its_block_can_see() {
        let mut lists = Lists::new();
        lists.add(
            "numbers",
            || [1, 2].into_iter(),
            |number: u32| [("number", number)].into_iter().collect::<BTreeMap<_, _>>(),
        );
        let mut engine = engine().expect("the templates");
        engine.register_helper(IN_TURN, Box::new(InTurn(lists)));
        let outer: BTreeMap<&str, &str> = BTreeMap::from([("outer", "x")]);
        let good = engine.render_template(
            "{{outer}}{{#in_turn \"numbers\"}} {{number}}{{/in_turn}}",
            &outer,
        );
        assert_eq!(good.expect("it renders"), "x 1 2");
        let bad = engine.render_template("{{#in_turn \"numbers\"}}{{outer}}{{/in_turn}}", &outer);
        assert!(bad.is_err());
    }
}
