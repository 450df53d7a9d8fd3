//! The items of a response, in the order of the body. Not for judging them.

use super::form::Form;
use crate::place::Place;
use plumbline_fhir::TypeTable;
use std::collections::BTreeMap;

/// All items of a response.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) items: Vec<GivenItem<'a>>,
    pub(super) top: Vec<usize>,
    by_item: BTreeMap<usize, Vec<usize>>,
}

/// An item of a response.
#[derive(Debug)]
pub(super) struct GivenItem<'a> {
    pub(super) place: Place<'a>,
    pub(super) link: &'a str,
    pub(super) parent: Option<usize>,
    /// The item of the questionnaire.
    pub(super) item: Option<usize>,
    pub(super) answers: Vec<GivenAnswer<'a>>,
    /// What is right beneath it, in no answer.
    pub(super) children: Vec<usize>,
    /// The first item that is not beneath it.
    pub(super) end: usize,
}

/// An answer.
#[derive(Debug)]
pub(super) struct GivenAnswer<'a> {
    pub(super) place: Place<'a>,
    pub(super) value: Option<Place<'a>>,
    /// The items in it.
    pub(super) children: Vec<usize>,
}

/// Where an item of a response is beneath.
type Above = Option<(usize, Option<usize>)>;

impl<'a> Given<'a> {
    /// Reads a response.
    pub(super) fn read(response: &Place<'a>, form: &Form<'_>, types: &'static TypeTable) -> Self {
        let mut read = Self {
            items: Vec::new(),
            top: Vec::new(),
            by_item: BTreeMap::new(),
        };
        let begin = response.all(types, "item").into_iter().rev();
        let mut waiting: Vec<(Place<'a>, Above)> = begin.map(|it| (it, None)).collect();
        while let Some((place, above)) = waiting.pop() {
            let number = read.items.len();
            read.hang(number, above);
            let answers = place
                .all(types, "answer")
                .into_iter()
                .map(|it| GivenAnswer {
                    value: it.first(types, "value"),
                    place: it,
                    children: Vec::new(),
                });
            let answers: Vec<GivenAnswer<'a>> = answers.collect();
            for (at, answer) in answers.iter().enumerate().rev() {
                let inner = answer.place.all(types, "item").into_iter().rev();
                waiting.extend(inner.map(|it| (it, Some((number, Some(at))))));
            }
            let inner = place.all(types, "item").into_iter().rev();
            waiting.extend(inner.map(|it| (it, Some((number, None)))));
            let link = place.word("linkId").unwrap_or_default();
            let item = form.find(link);
            if let Some(item) = item {
                read.by_item.entry(item).or_default().push(number);
            }
            read.items.push(GivenItem {
                place,
                link,
                parent: above.map(|(parent, _)| parent),
                item,
                answers,
                children: Vec::new(),
                end: number + 1,
            });
        }
        read.close();
        read
    }

    fn hang(&mut self, number: usize, above: Above) {
        let Some((parent, answer)) = above else {
            self.top.push(number);
            return;
        };
        let Some(parent) = self.items.get_mut(parent) else {
            return;
        };
        match answer.map(|at| parent.answers.get_mut(at)) {
            Some(Some(answer)) => answer.children.push(number),
            Some(None) | None => parent.children.push(number),
        }
    }

    fn close(&mut self) {
        for at in (0..self.items.len()).rev() {
            let Some(item) = self.items.get(at) else {
                continue;
            };
            let (end, parent) = (item.end, item.parent);
            if let Some(parent) = parent.and_then(|it| self.items.get_mut(it)) {
                parent.end = parent.end.max(end);
            }
        }
    }

    /// An item of the response.
    pub(super) fn get(&self, at: usize) -> Option<&GivenItem<'a>> {
        self.items.get(at)
    }

    /// The item that a condition of an item looks at: the nearest among those above, then before, then behind.
    /// `beneath` is what the item with the condition is beneath, `at` where it stands or would stand.
    pub(super) fn nearest(
        &self,
        question: usize,
        beneath: Option<usize>,
        at: usize,
    ) -> Option<&GivenItem<'a>> {
        let above = std::iter::successors(beneath, |it| self.get(*it)?.parent);
        let mut above = above.filter_map(|it| self.get(it));
        if let Some(found) = above.find(|it| it.item == Some(question)) {
            return Some(found);
        }
        let all = self.by_item.get(&question)?;
        let behind = all.partition_point(|it| *it < at);
        let before = behind.checked_sub(1).and_then(|it| all.get(it));
        before
            .or_else(|| all.get(behind))
            .and_then(|it| self.get(*it))
    }
}
