//! Numbers the child elements of one name, and marks those that take a name up again after
//! another. Not for judging that: inside narrative it is ordinary.

use crate::arena::{Arena, NONE, flag};
use crate::kind::Form;
use std::collections::HashMap;

/// Elements with more differently named runs of children than this look names up by hashing.
const FEW_RUNS: usize = 12;

/// A name among the children: its first element and how many there were so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    first: u32,
    count: u32,
}

/// Goes over the children of an element that has just ended. Linear in their number.
/// `runs` is working memory and only here so that it need not be reserved each time.
pub(super) fn note(arena: &mut Arena, source: &str, element: u32, runs: &mut Vec<Run>) {
    runs.clear();
    let mut by_name: HashMap<(&str, u32), usize> = HashMap::new();
    let mut current: Option<usize> = None;
    let mut id = arena.first_content(element);
    while let Some(raw) = arena.get(id).copied() {
        let next = raw.next;
        if raw.form == Form::Element {
            let same = current.filter(|at| {
                runs.get(*at).is_some_and(|run| {
                    expanded(arena, source, run.first) == expanded(arena, source, id)
                })
            });
            let resumed = match same {
                Some(_) => None,
                None => find(arena, source, runs, &mut by_name, id),
            };
            let at = same.or(resumed).unwrap_or(runs.len());
            if at == runs.len() {
                runs.push(Run {
                    first: id,
                    count: 0,
                });
            }
            current = Some(at);
            if let Some(run) = runs.get_mut(at) {
                number(arena, run, id, resumed.is_some());
            }
        }
        if next == NONE {
            break;
        }
        id = next;
    }
}

fn number(arena: &mut Arena, run: &mut Run, id: u32, resumes: bool) {
    if let Some(raw) = arena.nodes.get_mut(id as usize) {
        raw.place = run.count;
        if run.count > 0 {
            raw.flags |= flag::REPEATED;
        }
        if resumes {
            raw.flags |= flag::RESUMES;
        }
    }
    if run.count == 1
        && let Some(first) = arena.nodes.get_mut(run.first as usize)
    {
        first.flags |= flag::REPEATED;
    }
    run.count += 1;
}

/// The run of the name of this element among all but the last.
fn find<'s>(
    arena: &Arena,
    source: &'s str,
    runs: &[Run],
    by_name: &mut HashMap<(&'s str, u32), usize>,
    id: u32,
) -> Option<usize> {
    if runs.len() <= FEW_RUNS {
        return runs
            .iter()
            .position(|run| expanded(arena, source, run.first) == expanded(arena, source, id));
    }
    // From the thirteenth run on, every run is in the table.
    for (at, run) in runs.iter().enumerate().skip(by_name.len()) {
        by_name.insert(expanded(arena, source, run.first), at);
    }
    by_name.get(&expanded(arena, source, id)).copied()
}

fn expanded<'s>(arena: &Arena, source: &'s str, id: u32) -> (&'s str, u32) {
    (arena.local(source, id), arena.binding(id))
}
