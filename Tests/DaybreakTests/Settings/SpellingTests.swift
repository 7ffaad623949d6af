import Testing

@testable import daybreak

@Suite struct `Guessing what was meant` {
    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("kitten", "sitting", 3),
        ("LISTEN", "LISTNE", 1),
    ])
    func `distance counts slips of the fingers`(first: String, second: String, distance: Int) {
        #expect(Spelling.distance(Array(first.utf8), Array(second.utf8)) == distance)
        #expect(Spelling.distance(Array(second.utf8), Array(first.utf8)) == distance)
    }

    @Test func `nothing is suggested when nothing is near`() {
        #expect(Spelling.nearest(to: "COLOUR", in: ["LISTEN", "STATE_PATH"]) == nil)
        #expect(Spelling.nearest(to: "listen", in: ["LISTEN", "STATE_PATH"]) == "LISTEN")
    }
}
