//! The questionnaire that a response answers: contained, in the same Bundle, or supplied. Not for judging either.

use super::form::Form;
use crate::knowledge::Knowledge;
use crate::named::word;
use crate::place::Place;
use crate::supplied::resource_type;
use plumbline_fhirpath::Element;
use plumbline_tree::{Node, Tree};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The questionnaires of one body, read when the first response asks for them.
#[derive(Debug)]
pub(super) struct Forms<'a> {
    tree: &'a Tree,
    in_bundle: OnceCell<BTreeMap<String, Node<'a>>>,
    read: RefCell<BTreeMap<(usize, usize), Rc<Form<'a>>>>,
}

impl<'a> Forms<'a> {
    /// Of a body. Nothing is read yet.
    pub(super) fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            in_bundle: OnceCell::new(),
            read: RefCell::new(BTreeMap::new()),
        }
    }

    /// The questionnaire that a response names; `None` if it is not known here.
    pub(super) fn of(
        &self,
        knowledge: &'a Knowledge,
        response: Node<'a>,
        named: &str,
    ) -> Option<Rc<Form<'a>>> {
        let node = match named.strip_prefix('#') {
            Some(id) => local(response, id)?,
            None => self.beside(named).or_else(|| {
                let supplied = &knowledge.supplied;
                supplied
                    .canonical(named)
                    .or_else(|| supplied.reference(named))
            })?,
        };
        if resource_type(node) != Some("Questionnaire") {
            return None;
        }
        // One body, or one supplied resource, has one questionnaire at a place.
        let key = (std::ptr::from_ref(node.tree()) as usize, node.offset());
        if let Some(known) = self.read.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        let element = Element::resource(node, knowledge.types);
        let place = Place {
            element,
            path: "Questionnaire".to_owned(),
        };
        let form = Rc::new(Form::read(place, knowledge.types));
        self.read.borrow_mut().insert(key, Rc::clone(&form));
        Some(form)
    }

    fn beside(&self, named: &str) -> Option<Node<'a>> {
        let known = self.in_bundle.get_or_init(|| in_bundle(self.tree.root()));
        known.get(named).copied()
    }
}

/// The questionnaires of a Bundle by `fullUrl`, canonical address with and without version, and `Questionnaire/id`.
fn in_bundle(root: Node<'_>) -> BTreeMap<String, Node<'_>> {
    let mut found = BTreeMap::new();
    if resource_type(root) != Some("Bundle") {
        return found;
    }
    for entry in members(root, "entry") {
        let Some(resource) = entry.get("resource") else {
            continue;
        };
        let Some(resource) = whole(resource) else {
            continue;
        };
        if resource_type(resource) != Some("Questionnaire") {
            continue;
        }
        let version = word(resource, "version");
        let address = word(resource, "url");
        let with_version = address.zip(version).map(|(url, it)| format!("{url}|{it}"));
        let by_id = word(resource, "id").map(|id| format!("Questionnaire/{id}"));
        let full = word(entry, "fullUrl").map(str::to_owned);
        let names = [address.map(str::to_owned), with_version, by_id, full];
        for name in names.into_iter().flatten() {
            found.entry(name).or_insert(resource);
        }
    }
    found
}

/// The items of an array, or the repeated elements of XML.
fn members<'a>(node: Node<'a>, name: &'a str) -> impl Iterator<Item = Node<'a>> {
    node.named(name).flat_map(|it| {
        let single = (it.form() != plumbline_tree::Form::Array).then_some(it);
        single.into_iter().chain(it.items())
    })
}

/// The resource itself, where XML has an element around it.
fn whole(node: Node<'_>) -> Option<Node<'_>> {
    match node.form() {
        plumbline_tree::Form::Element => node.members().next().map(|(_, inside)| inside),
        _ => Some(node),
    }
}

/// The resource that `#` and an id name: contained in this one, or beside it in what contains it.
pub(super) fn local<'a>(resource: Node<'a>, id: &str) -> Option<Node<'a>> {
    contained(resource, id).or_else(|| contained(container(resource)?, id))
}

/// The contained resource of an id.
fn contained<'a>(resource: Node<'a>, id: &str) -> Option<Node<'a>> {
    let mut all = members(resource, "contained").filter_map(whole);
    all.find(|it| word(*it, "id") == Some(id))
}

/// The resource that contains this one.
fn container(resource: Node<'_>) -> Option<Node<'_>> {
    let around = resource.parent()?;
    (around.name() == Some("contained")).then(|| around.parent())?
}
