//! Where answers come from: the target itself, or the stored evidence of an earlier run. There is one
//! or the other, never both: what judges evidence again holds no client, so it cannot open a socket.
//! Not for deciding what an answer means.

use crate::replay::Replay;
use plumbline_http::Client;
use std::collections::BTreeMap;
use url::Url;

pub(crate) enum Wire {
    /// The target is asked.
    Live(Client),
    /// Only what an earlier run was answered is looked at.
    Stored(Box<Replay>),
}

impl Wire {
    /// The evidence, where nothing is asked.
    pub fn stored(&self) -> Option<&Replay> {
        match self {
            Self::Live(_) => None,
            Self::Stored(replay) => Some(replay),
        }
    }

    /// What asks the target, if anything does.
    pub fn live(&self) -> Option<&Client> {
        match self {
            Self::Live(client) => Some(client),
            Self::Stored(_) => None,
        }
    }

    /// Whether a URL is one of the target's own.
    pub fn origin_allowed(&self, url: &Url) -> bool {
        match self {
            Self::Live(client) => client.origin_allowed(url),
            Self::Stored(replay) => plumbline_http::is_within(url, replay.base_urls()),
        }
    }

    /// The certificates that the target has shown.
    pub fn certificates(&self) -> BTreeMap<String, String> {
        match self {
            Self::Live(client) => client.certificates(),
            Self::Stored(replay) => replay.certificates().clone(),
        }
    }
}
