//! `plumbline packs`: the packs, or the scenarios of one.

use crate::arguments::{Form, Packs};
use crate::{Outcome, load};
use plumbline_model::{Capability, ExitCode};
use plumbline_pack::Pack;

pub(crate) fn perform(arguments: &Packs) -> Outcome {
    let files = load::files(&arguments.source)?;
    if let Some(id) = &arguments.scenarios {
        scenarios(&load::pack(&files, id)?, arguments.format)?;
        return Ok(ExitCode::Success);
    }
    let mut rows = Vec::new();
    for id in plumbline_pack::list(&files) {
        let pack = load::pack(&files, id.as_str())?;
        let scored = pack
            .features
            .iter()
            .flat_map(|f| &f.scenarios)
            .filter(|s| s.scored)
            .count();
        let edition = pack.reference().edition_words();
        match arguments.format {
            Form::Text => {
                println!("{id}  {} (pack version {})", pack.title, pack.version);
                println!("    tests {edition}");
                println!(
                    "    {} requirements, {scored} scored scenarios, sources last checked {}",
                    pack.requirements.len(),
                    pack.last_checked
                );
                for profile in &pack.scope_profiles {
                    let names: Vec<_> = profile
                        .capabilities
                        .iter()
                        .map(Capability::as_str)
                        .collect();
                    println!("    scope profile {}: {}", profile.id, names.join(", "));
                }
            }
            Form::Json => rows.push(serde_json::json!({
                "id": id, "title": pack.title, "version": pack.version, "edition": edition,
                "requirements": pack.requirements.len(), "scored_scenarios": scored,
                "last_checked": pack.last_checked,
            })),
        }
    }
    if arguments.format == Form::Json {
        println!(
            "{}",
            serde_json::to_string_pretty(&rows).map_err(anyhow::Error::from)?
        );
    }
    Ok(ExitCode::Success)
}

fn scenarios(pack: &Pack, form: Form) -> anyhow::Result<()> {
    let all = pack
        .features
        .iter()
        .flat_map(|f| f.scenarios.iter().map(move |s| (f, s)));
    match form {
        Form::Text => {
            for (feature, scenario) in all {
                let mark = if scenario.scored { "" } else { "  (advisory)" };
                println!("{}  {}{mark}", scenario.id, scenario.name);
                println!(
                    "    {} {}:{}",
                    scenario.requirement, feature.file, scenario.line
                );
            }
        }
        Form::Json => {
            let rows: Vec<_> = all
                .map(|(feature, s)| {
                    serde_json::json!({
                        "id": s.id, "name": s.name, "requirement": s.requirement, "scored": s.scored,
                        "capability": s.capability, "feature": feature.file, "line": s.line, "tags": s.tags,
                    })
                })
                .collect();
            println!("{}", serde_json::to_string_pretty(&rows)?);
        }
    }
    Ok(())
}
