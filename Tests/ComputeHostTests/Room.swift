// The first test moves in with its room.
