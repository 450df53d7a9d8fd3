//! Tells cargo that a new or changed text file means a new build.
//! Not for generating code: the texts are embedded as they are.

fn main() {
    for folder in ["../../profiles", "../../scenarios"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
