// The room is laid out; its first file moves in with the next commit.
