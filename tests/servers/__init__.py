"""Real servers for tests, each private to one test run: own folder, own port, no root needed."""
