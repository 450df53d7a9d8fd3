//! Looks over a target before a run: connection, sign-in, capability statement.
//! Not for printing: the command line shows what is found here.
