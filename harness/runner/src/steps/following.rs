//! Follows the next links of a search to the end, within the target and a bound on pages.
//! Not for judging what the pages hold.

use crate::exchange::{Purpose, get};
use crate::steps::asking::server_error;
use crate::world::{Body, Followed, PageData, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_http::Request;
use std::collections::BTreeSet;
use url::Url;

/// A result is followed over at most this many pages.
const MOST_PAGES: usize = 20;

/// Reads page after page until there is no next link.
pub(crate) fn follow(world: &mut World) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        let mut seen = BTreeSet::new();
        loop {
            let Some(answer) = world.answer.as_mut() else {
                return;
            };
            let next = match answer.pages.last().map(next_link) {
                Some(Next::Link(link)) => link,
                Some(Next::End) => {
                    answer.followed = Followed::ToTheEnd;
                    return;
                }
                Some(Next::Unreadable) | None => {
                    answer.followed = Followed::Stopped("a page is not a Bundle".to_owned());
                    return;
                }
            };
            let url = run
                .target
                .base_urls
                .get("default")
                .and_then(|base| join(base, &next));
            // Every link in which something was replaced may look like the one before.
            let is_told = run.wire.stored().is_none() || !next.contains('{');
            if !is_told && url.is_some() {
                // Which page it leads to is in the evidence.
                world.lookout.take();
            }
            let end = match &url {
                None => Some(Followed::Stopped("a next link is not a URL".to_owned())),
                Some(url) if !run.wire.origin_allowed(url) => Some(Followed::LeftOff(
                    "a next link leads away from the target".to_owned(),
                )),
                Some(url) if is_told && !seen.insert(url.to_string()) => Some(Followed::Stopped(
                    "a next link leads back to a page already seen".to_owned(),
                )),
                Some(_) if answer.pages.len() >= MOST_PAGES => {
                    Some(Followed::LeftOff("more than 20 pages".to_owned()))
                }
                Some(_) => None,
            };
            if let Some(end) = end {
                answer.followed = end;
                return;
            }
            let request = Request {
                absolute: url,
                ..run.request("", Vec::new(), None)
            };
            let Some(page) = get(world, request, Purpose::Judged).await else {
                if let Some(answer) = world.answer.as_mut() {
                    answer.followed = Followed::Stopped("a page got no answer".to_owned());
                }
                return;
            };
            server_error(world, page.status);
            let Some(answer) = world.answer.as_mut() else {
                return;
            };
            let status = page.status;
            answer.pages.push(page);
            if status != 200 {
                answer.followed =
                    Followed::Stopped(format!("a page was answered with status {status}"));
                return;
            }
        }
    }
    .boxed_local()
}

enum Next {
    Link(String),
    End,
    Unreadable,
}

fn next_link(page: &PageData) -> Next {
    let Body::Tree(tree) = &page.body else {
        return Next::Unreadable;
    };
    let root = tree.root();
    if root
        .get("resourceType")
        .and_then(plumbline_tree::Node::as_str)
        != Some("Bundle")
    {
        return Next::Unreadable;
    }
    let link = root
        .get("link")
        .into_iter()
        .flat_map(plumbline_tree::Node::items)
        .find(|link| link.get("relation").and_then(plumbline_tree::Node::as_str) == Some("next"));
    match link {
        None => Next::End,
        Some(link) => match link.get("url").and_then(plumbline_tree::Node::as_str) {
            Some(url) => Next::Link(url.to_owned()),
            None => Next::Unreadable,
        },
    }
}

/// A next link may be relative to the service's base.
fn join(base: &Url, link: &str) -> Option<Url> {
    let mut folder = base.clone();
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", base.path()));
    }
    folder.join(link).ok()
}
