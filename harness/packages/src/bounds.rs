//! [`Bounds`]: how much is read. Not for single values: the limits of the tree are for those.

/// How much one package or folder may hold. What is beyond is an error, and nothing of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Files, of any kind.
    pub max_files: usize,
    /// Bytes of all files together, unpacked.
    pub max_bytes: u64,
    /// Bytes of one file, unpacked.
    pub max_file_bytes: u64,
    /// Packages in all, those that others depend on included.
    pub max_packages: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_files: 50_000,
            max_bytes: 1 << 30,
            max_file_bytes: 64 << 20,
            max_packages: 200,
        }
    }
}

/// What is left of the bounds while a package is read.
#[derive(Debug)]
pub(crate) struct Budget {
    bounds: Bounds,
    files: usize,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            files: 0,
            bytes: 0,
        }
    }

    /// Counts a file of this length; what is wrong if that is too much.
    pub(crate) fn take(&mut self, length: u64) -> Result<(), String> {
        let Bounds {
            max_files,
            max_bytes,
            max_file_bytes,
            ..
        } = self.bounds;
        self.files += 1;
        self.bytes = self.bytes.saturating_add(length);
        if length > max_file_bytes {
            return Err(format!(
                "this file is larger than the {} MiB that are read",
                max_file_bytes >> 20
            ));
        }
        if self.files > max_files {
            return Err(format!(
                "there are more than the {max_files} files that are read"
            ));
        }
        if self.bytes > max_bytes {
            return Err(format!(
                "the files are larger than the {} MiB together that are read",
                max_bytes >> 20
            ));
        }
        Ok(())
    }
}
