import Testing

/// The real `openstack` and `nova` commands against the real program: they must not be able to tell the difference.
@Suite(
    .enabled(if: ClientEnvironment.missing == nil, "needs python3 with venv"), .timeLimit(.minutes(15)))
struct `OpenStack's own clients` {
    /// Guests that libvirt's test driver only pretends to run: what is asked here is what commands print.
    private static let settings = ["LIBVIRT_URI": "\"test:///default\""]

    /// At once, each with a program of its own: most of the time is the clients'.
    @Test func `print what their users expect`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for transcript in ["everyday", "more", "seed"] { group.addTask { try await play(transcript) } }
            try await group.waitForAll()
        }
    }

    private func play(_ transcript: String) async throws {
        let program = try await DaybreakProcess(settings: Self.settings)
        defer { program.remove() }
        let played = try await ClientEnvironment.shared.play(transcript, to: program)
        #expect(played.isAsExpected, "\(played.report)")
        try await program.stop()
    }
}
