//! The resources in a folder of official files. Not for taking facts from them: selection.rs.

use anyhow::{Context, Result, anyhow, bail};
use plumbline_fhir::profile_facts::{Claim, claim};
use plumbline_tree::{Limits, Syntax, Tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The types of resource that there are facts of.
const TYPES: [&str; 3] = ["StructureDefinition", "CodeSystem", "ValueSet"];

/// One resource with its file.
#[derive(Debug)]
pub(super) struct Resource {
    /// Path from the folder.
    pub(super) file: String,
    /// What it says of itself.
    pub(super) claim: Claim,
    /// All of it.
    pub(super) tree: Tree,
}

/// The resources that there may be facts of, by type and address.
#[derive(Debug)]
pub(super) struct Folder {
    /// The name of the folder, or of the package that it holds, with its version if it says one.
    pub(super) source: String,
    /// By type, then by address; those of one address in order of file.
    pub(super) resources: BTreeMap<String, BTreeMap<String, Vec<Resource>>>,
}

impl Folder {
    /// Reads every file of JSON and XML below a folder.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut paths = Vec::new();
        collect(folder, &mut paths)?;
        paths.sort();
        let mut resources: BTreeMap<String, BTreeMap<String, Vec<Resource>>> = BTreeMap::new();
        for path in paths {
            let file = path.strip_prefix(folder).unwrap_or(&path);
            let file = file.to_string_lossy().replace('\\', "/");
            let tree = parse(&path)?;
            let Some(claim) = claim(&tree).filter(|it| TYPES.contains(&it.resource_type.as_str()))
            else {
                continue;
            };
            let Some(url) = claim.url.clone() else {
                bail!("{file}: this {} has no url", claim.resource_type);
            };
            let by_url = resources.entry(claim.resource_type.clone()).or_default();
            by_url
                .entry(url)
                .or_default()
                .push(Resource { file, claim, tree });
        }
        if !resources.contains_key("StructureDefinition") {
            bail!(
                "no StructureDefinition, in JSON or XML, is in {}",
                folder.display()
            );
        }
        Ok(Self {
            source: source(folder)?,
            resources,
        })
    }

    /// The resources of a type and an address.
    pub(super) fn find(&self, resource_type: &str, url: &str) -> &[Resource] {
        let by_url = self.resources.get(resource_type);
        by_url.and_then(|it| it.get(url)).map_or(&[], Vec::as_slice)
    }

    /// The addresses of all resources of a type.
    pub(super) fn urls(&self, resource_type: &str) -> impl Iterator<Item = &str> {
        let by_url = self.resources.get(resource_type);
        by_url
            .into_iter()
            .flat_map(|it| it.keys().map(String::as_str))
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            collect(&path, paths)?;
        } else if syntax(&path).is_some() {
            paths.push(path);
        }
    }
    Ok(())
}

fn syntax(path: &Path) -> Option<Syntax> {
    match path.extension()?.to_str()? {
        "json" => Some(Syntax::Json),
        "xml" => Some(Syntax::Xml),
        _ => None,
    }
}

fn parse(path: &Path) -> Result<Tree> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let syntax = syntax(path).unwrap_or(Syntax::Json);
    Tree::parse_as(syntax, bytes, &Limits::default()).map_err(|error| {
        anyhow!(
            "{}:{}:{}: {}",
            path.display(),
            error.line,
            error.column,
            error.kind
        )
    })
}

/// What the source is called: no path of this machine.
fn source(folder: &Path) -> Result<String> {
    let package = folder.join("package.json");
    if package.exists() {
        let tree = parse(&package)?;
        let text = |name: &str| {
            let node = tree.root().get(name);
            node.and_then(|it| it.as_str().map(str::to_owned))
        };
        if let (Some(name), Some(version)) = (text("name"), text("version")) {
            return Ok(format!("package {name} {version}"));
        }
    }
    let folder = folder
        .canonicalize()
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let name = folder.file_name().unwrap_or_default();
    Ok(format!("folder {}", name.to_string_lossy()))
}
