//! Which test patients a target needs, whether it holds them, and whom it has that would fit.
//! Not for printing: the command line shows what is found here.
