//! Reads the files of an assessment folder, and refuses what does not hold together. Touches no disk.

use crate::assessment::{
    ASSESSMENT_FORMAT, Action, Answer, Assessment, Dissent, Folder, Frame, GroupJudgement,
    Judgement, OwnAnswer, Point, Practice, Response, SupplierFinding,
};
use crate::checklist::{Checklist, ItemId};
use crate::consistency;
use crate::day::{Day, maybe};
use crate::evidence::{Evidence, Measure, RunFacts, SetAside};
use crate::mistake::{Mistake, Mistakes};
use crate::reading::{Text, instead};
use crate::scan::refuse_identifiers;
use crate::words::{Confidence, GroupRating, Status};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use toml::Spanned;

/// The file whose presence makes a folder an assessment.
pub const FRAME: &str = "assessment.toml";

/// Files beside [`FRAME`] at the top of the folder.
pub(crate) const BESIDE: [&str; 7] = [
    "actions.toml",
    "groups.toml",
    "measures.toml",
    "practice.toml",
    "response.toml",
    "runs.toml",
    "supplier.toml",
];

/// Lists of one kind, each with its place.
pub(crate) type Listed<T> = Vec<Spanned<T>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAnswer {
    pub(crate) item: Spanned<String>,
    #[serde(rename = "self")]
    pub(crate) own: Spanned<RawOwn>,
    pub(crate) inspector: Spanned<RawJudgement>,
    #[serde(default)]
    pub(crate) dissent: Vec<Spanned<Dissent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOwn {
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) evidence: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawJudgement {
    pub(crate) status: Spanned<Status>,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) evidence: Vec<Spanned<String>>,
    pub(crate) confidence: Confidence,
    #[serde(default)]
    pub(crate) judged_by: String,
    #[serde(deserialize_with = "maybe")]
    pub(crate) judged_on: Option<Day>,
    #[serde(default)]
    pub(crate) reviewed_by: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceFile {
    #[serde(default)]
    evidence: Listed<Evidence>,
    #[serde(default)]
    not_evidence: Listed<SetAside>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGroup {
    pub(crate) id: Spanned<String>,
    pub(crate) rating: GroupRating,
    #[serde(default)]
    pub(crate) reason: String,
}

macro_rules! list_file {
    ($name:ident, $key:ident, $item:ty) => {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            #[serde(default)]
            $key: Listed<$item>,
        }
    };
}
list_file!(GroupsFile, group, RawGroup);
list_file!(RunsFile, run, RunFacts);
list_file!(MeasuresFile, measure, Measure);
list_file!(ActionsFile, action, Action);
list_file!(PracticeFile, practice, Practice);
list_file!(SupplierFile, finding, SupplierFinding);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseFile {
    #[serde(default, deserialize_with = "maybe")]
    sent: Option<Day>,
    #[serde(default, deserialize_with = "maybe")]
    closes: Option<Day>,
    #[serde(default)]
    point: Listed<Point>,
}

/// Everything that was read, with places, before it is checked against itself.
pub(crate) struct Parts<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) shown: &'a dyn Fn(&str) -> String,
    pub(crate) answers: BTreeMap<ItemId, RawAnswer>,
    pub(crate) groups: Listed<RawGroup>,
    pub(crate) evidence: BTreeMap<ItemId, Listed<Evidence>>,
    pub(crate) set_aside: BTreeMap<ItemId, Listed<SetAside>>,
    pub(crate) runs: Listed<RunFacts>,
    pub(crate) measures: Listed<Measure>,
    pub(crate) actions: Listed<Action>,
    pub(crate) practice: Listed<Practice>,
    pub(crate) supplier: Listed<SupplierFinding>,
    pub(crate) points: Listed<Point>,
}

/// Reads assessment.toml alone, so that the caller learns which checklist it needs. `shown` gives the name of
/// a file as messages say it.
pub fn frame(folder: &Folder, shown: &dyn Fn(&str) -> String) -> Result<Frame, Mistakes> {
    let file = shown(FRAME);
    let Some(bytes) = folder.get(FRAME) else {
        return Err(Mistake::new(
            &file,
            1,
            "there is no such file, so this folder is no assessment",
            "name the folder that `plumbline inspect new` made",
        )
        .into());
    };
    refuse_identifiers(&file, bytes)?;
    let frame: Frame = Text::new(&file, bytes)?.read()?;
    if frame.format != ASSESSMENT_FORMAT {
        return Err(Mistake::new(
            &file,
            line_of(bytes, "format"),
            format!(
                "the assessment has format {}, and this version reads {ASSESSMENT_FORMAT}",
                frame.format
            ),
            "use the version of Plumbline that made it",
        )
        .into());
    }
    Ok(frame)
}

/// Reads the whole folder. Nothing is read further once something that could identify a person is found.
pub fn load(
    folder: &Folder,
    checklist: &Checklist,
    shown: &dyn Fn(&str) -> String,
) -> Result<Assessment, Mistakes> {
    no_identifiers(folder, shown)?;
    let frame = frame(folder, shown)?;
    same_checklist(&frame, folder, checklist, shown)?;
    names(folder, checklist, shown)?;
    let mut answers = BTreeMap::new();
    let mut evidence = BTreeMap::new();
    let mut set_aside = BTreeMap::new();
    let mut mistakes = Vec::new();
    for item in &checklist.items {
        let name = format!("answers/{}.toml", item.id);
        match whole::<RawAnswer>(folder, &name, shown) {
            Ok(Some(answer)) => {
                answers.insert(item.id.clone(), answer);
            }
            Ok(None) => mistakes.push(Mistake::new(
                &shown(&name),
                1,
                "the file of this item is missing",
                "bring it back, or copy the one of a new assessment",
            )),
            Err(mistake) => mistakes.push(mistake),
        }
        match whole::<EvidenceFile>(folder, &format!("evidence/{}.toml", item.id), shown) {
            Ok(file) => {
                let file = file.unwrap_or_default();
                evidence.insert(item.id.clone(), file.evidence);
                set_aside.insert(item.id.clone(), file.not_evidence);
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let mut take = Take {
        folder,
        shown,
        mistakes,
    };
    let response: ResponseFile = take.file("response.toml");
    let parts = Parts {
        folder,
        shown,
        answers,
        evidence,
        set_aside,
        groups: take.file::<GroupsFile>("groups.toml").group,
        runs: take.file::<RunsFile>("runs.toml").run,
        measures: take.file::<MeasuresFile>("measures.toml").measure,
        actions: take.file::<ActionsFile>("actions.toml").action,
        practice: take.file::<PracticeFile>("practice.toml").practice,
        supplier: take.file::<SupplierFile>("supplier.toml").finding,
        points: response.point,
    };
    // What could not be read would only bring further mistakes with it.
    Mistakes::none(take.mistakes)?;
    Mistakes::none(consistency::check(&frame, &parts, checklist))?;
    Ok(joined(frame, parts, (response.sent, response.closes)))
}

/// Refuses a folder in which any file holds what could identify a person; tells every place.
fn no_identifiers(folder: &Folder, shown: &dyn Fn(&str) -> String) -> Result<(), Mistakes> {
    let mut hits = Vec::new();
    for (name, bytes) in folder {
        if let Err(found) = refuse_identifiers(&shown(name), bytes) {
            hits.extend(found.list().iter().cloned());
        }
    }
    Mistakes::none(hits)
}

struct Take<'a> {
    folder: &'a Folder,
    shown: &'a dyn Fn(&str) -> String,
    mistakes: Vec<Mistake>,
}

impl Take<'_> {
    fn file<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        match whole(self.folder, name, self.shown) {
            Ok(file) => file.unwrap_or_default(),
            Err(mistake) => {
                self.mistakes.push(mistake);
                T::default()
            }
        }
    }
}

fn whole<T: DeserializeOwned>(
    folder: &Folder,
    name: &str,
    shown: &dyn Fn(&str) -> String,
) -> Result<Option<T>, Mistake> {
    match folder.get(name) {
        None => Ok(None),
        Some(bytes) => Text::new(&shown(name), bytes)?.read().map(Some),
    }
}

fn joined(frame: Frame, parts: Parts<'_>, dates: (Option<Day>, Option<Day>)) -> Assessment {
    fn plain<T>(listed: Listed<T>) -> Vec<T> {
        listed.into_iter().map(Spanned::into_inner).collect()
    }
    let groups = plain(parts.groups).into_iter().map(|group| {
        let judgement = GroupJudgement {
            rating: group.rating,
            reason: group.reason,
        };
        (group.id.into_inner(), judgement)
    });
    let answers = parts.answers.into_iter().map(|(id, raw)| {
        let (own, judged) = (raw.own.into_inner(), raw.inspector.into_inner());
        let answer = Answer {
            own: OwnAnswer {
                status: own.status,
                reason: own.reason,
                evidence: plain(own.evidence),
            },
            inspector: Judgement {
                status: judged.status.into_inner(),
                reason: judged.reason,
                evidence: plain(judged.evidence),
                confidence: judged.confidence,
                judged_by: judged.judged_by,
                judged_on: judged.judged_on,
                reviewed_by: judged.reviewed_by,
            },
            dissent: plain(raw.dissent),
        };
        (id, answer)
    });
    let evidence = parts.evidence.into_iter();
    let set_aside = parts.set_aside.into_iter();
    Assessment {
        frame,
        answers: answers.collect(),
        groups: groups.collect(),
        evidence: evidence.map(|(id, list)| (id, plain(list))).collect(),
        set_aside: set_aside.map(|(id, list)| (id, plain(list))).collect(),
        runs: plain(parts.runs),
        measures: plain(parts.measures),
        actions: plain(parts.actions),
        practice: plain(parts.practice),
        supplier: plain(parts.supplier),
        response: Response {
            sent: dates.0,
            closes: dates.1,
            points: plain(parts.points),
        },
    }
}

fn same_checklist(
    frame: &Frame,
    folder: &Folder,
    checklist: &Checklist,
    shown: &dyn Fn(&str) -> String,
) -> Result<(), Mistakes> {
    let made = &frame.checklist;
    if made.id == checklist.id
        && made.version == checklist.version
        && made.fingerprint == checklist.fingerprint
    {
        return Ok(());
    }
    let bytes = folder.get(FRAME).map_or(&[][..], Vec::as_slice);
    let short = |print: &str| print.chars().take(12).collect::<String>();
    Err(Mistake::new(
        &shown(FRAME),
        line_of(bytes, "fingerprint"),
        format!(
            "the assessment was made with the checklist {} {} ({}), and the one here is {} {} ({})",
            made.id,
            made.version,
            short(&made.fingerprint),
            checklist.id,
            checklist.version,
            short(&checklist.fingerprint)
        ),
        "use the Plumbline of that time, or give the checklist of that time with --packs; \
         answers to other questions are never carried over",
    )
    .into())
}

/// Refuses files whose name says that they are meant to be read and are not.
fn names(
    folder: &Folder,
    checklist: &Checklist,
    shown: &dyn Fn(&str) -> String,
) -> Result<(), Mistakes> {
    let known: Vec<&str> = checklist.items.iter().map(|i| i.id.as_str()).collect();
    let mut mistakes = Vec::new();
    for name in folder.keys().filter(|name| *name != FRAME) {
        let item = ["answers/", "evidence/"]
            .iter()
            .find_map(|dir| name.strip_prefix(dir))
            .and_then(|rest| rest.strip_suffix(".toml"));
        match item {
            Some(item) if known.contains(&item) => {}
            Some(item) => mistakes.push(Mistake::new(
                &shown(name),
                1,
                format!("the checklist {} has no item `{item}`", checklist.id),
                format!("rename or remove the file; {}", instead(item, &known)),
            )),
            None if BESIDE.contains(&name.as_str()) => {}
            None => mistakes.push(Mistake::new(
                &shown(name),
                1,
                "no part of an assessment has this name, so the file would not be read",
                instead(name, &BESIDE),
            )),
        }
    }
    Mistakes::none(mistakes)
}

/// Line of the first key with this name, for messages about a value that was read whole.
pub(crate) fn line_of(bytes: &[u8], key: &str) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let place = text
        .trim_start_matches('\u{feff}')
        .lines()
        .position(|line| {
            let rest = line.trim_start().strip_prefix(key);
            rest.is_some_and(|rest| rest.trim_start().starts_with('='))
        });
    place.map_or(1, |line| line + 1)
}
