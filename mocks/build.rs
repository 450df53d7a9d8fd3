//! Rebuilds the crate when a text file is added to the folders that it embeds.
//! Not for generating code: the files are embedded as they are.

fn main() {
    for folder in [
        "../scenarios/_people",
        "../scenarios/_directory",
        "vendors",
        "faults",
    ] {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
