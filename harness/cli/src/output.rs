//! Everything the command prints goes through here, so that a reader that goes away early, such as
//! `head`, is no failure. The command goes on without printing: its files and its exit code stay true.
//! Not for what is printed; that is the commands' own.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

/// `print!` and `println!` of this crate, in place of those of the standard library, which panic.
macro_rules! print {
    ($($text:tt)*) => { $crate::output::out(::std::format_args!($($text)*), "") };
}

macro_rules! println {
    () => { $crate::output::out(::std::format_args!(""), "\n") };
    ($($text:tt)*) => { $crate::output::out(::std::format_args!($($text)*), "\n") };
}

/// `eprintln!` of this crate.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::output::err(::std::format_args!($($text)*)) };
}

/// Why standard output could not be written, if it could not.
static FAILURE: OnceLock<String> = OnceLock::new();

/// Prints to standard output. A closed pipe is passed over; another failure, such as a full disk, is
/// kept for [`failure`], because what was asked for is not there.
pub(crate) fn out(text: Arguments<'_>, end: &str) {
    let whole = format!("{text}{end}");
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(whole.as_bytes());
    if let Err(error) = written.and_then(|()| stdout.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        FAILURE.get_or_init(|| error.to_string());
    }
}

/// The first failure to print, other than a closed pipe.
pub(crate) fn failure() -> Option<&'static str> {
    FAILURE.get().map(String::as_str)
}

/// Prints a line to standard error; there is nobody to tell if that fails.
pub(crate) fn err(text: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
