"""One file, one command: it parses and prints; the work is the same service that the tasks call."""
