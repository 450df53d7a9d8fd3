//! Reads the files of a folder and of the folders in it, sorted, within bounds. Not for what is in the files.

use crate::bounds::{Bounds, Budget};
use crate::error::PackageError;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// How deep folders are followed.
const MOST_LEVELS: usize = 32;

/// Hands over path (with `/`, below `top`) and bytes of every regular file, sorted. Links to folders are not followed,
/// since they may lead round in a circle; gives how many there are.
pub(crate) fn each_file(
    top: &Path,
    bounds: Bounds,
    mut take: impl FnMut(&str, Vec<u8>) -> Result<(), PackageError>,
) -> Result<usize, PackageError> {
    let mut budget = Budget::new(bounds);
    let mut passed_over = 0;
    let mut paths = Vec::new();
    walk(top, "", 0, &mut paths, &mut passed_over, bounds.max_files)?;
    paths.sort();
    for name in paths {
        let path = top.join(&name);
        let place = path.display().to_string();
        let failed = |error: &std::io::Error| PackageError::of_io(&place, error);
        let length = fs::metadata(&path).map_err(|error| failed(&error))?.len();
        let fix = "Leave out what is no definition, or divide it.";
        budget
            .take(length)
            .map_err(|problem| PackageError::new(&place, problem, fix))?;
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(|error| failed(&error))?;
        file.take(bounds.max_file_bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&error))?;
        take(&name, bytes)?;
    }
    Ok(passed_over)
}

fn walk(
    folder: &Path,
    prefix: &str,
    level: usize,
    paths: &mut Vec<String>,
    passed_over: &mut usize,
    most: usize,
) -> Result<(), PackageError> {
    let place = folder.display().to_string();
    let failed = |error: &std::io::Error| PackageError::of_io(&place, error);
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let kind = entry.file_type().map_err(|error| failed(&error))?;
        let Ok(name) = entry.file_name().into_string() else {
            *passed_over += 1;
            continue;
        };
        let inner = format!("{prefix}{name}");
        if name.starts_with('.') {
            // Indexes and backups that tools leave behind.
        } else if kind.is_dir() {
            if level >= MOST_LEVELS {
                let problem = format!("folders are nested deeper than {MOST_LEVELS} levels");
                return Err(PackageError::new(
                    place,
                    problem,
                    "Name a folder further inside.",
                ));
            }
            let prefix = format!("{inner}/");
            walk(&entry.path(), &prefix, level + 1, paths, passed_over, most)?;
        } else if fs::metadata(entry.path()).is_ok_and(|it| it.is_file()) {
            paths.push(inner);
        } else {
            *passed_over += 1;
        }
        if paths.len() > most {
            let problem = format!("there are more than the {most} files that are read");
            let fix = "Name a folder further inside, or divide it.";
            return Err(PackageError::new(place, problem, fix));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_and_hidden_ones_left_out() {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir_all(top.path().join("b/c")).unwrap();
        for name in ["z.json", "b/c/a.json", "a.json", ".index.json"] {
            fs::write(top.path().join(name), name).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(top.path(), top.path().join("round")).unwrap();
        let mut names = Vec::new();
        let passed_over = each_file(top.path(), Bounds::default(), |path, bytes| {
            assert_eq!(path.as_bytes(), bytes);
            names.push(path.to_owned());
            Ok(())
        })
        .unwrap();
        assert_eq!(names, ["a.json", "b/c/a.json", "z.json"]);
        assert_eq!(passed_over, usize::from(cfg!(unix)));
    }

    #[test]
    fn bounds_hold() {
        let top = tempfile::tempdir().unwrap();
        for at in 0..4 {
            fs::write(top.path().join(format!("{at}.json")), [b'a'; 40]).unwrap();
        }
        let read = |bounds| {
            each_file(top.path(), bounds, |_, _| Ok(()))
                .unwrap_err()
                .problem
        };
        let all = Bounds::default();
        let few = Bounds {
            max_files: 3,
            ..all
        };
        assert!(read(few).contains("3 files"));
        let short = Bounds {
            max_bytes: 100,
            ..all
        };
        assert!(read(short).contains("together"));
        let small = Bounds {
            max_file_bytes: 39,
            ..all
        };
        assert!(read(small).contains("this file"));
    }
}
