import Testing

/// The real `openstack` and `nova` commands against the real program: they must not be able to tell the difference.
@Suite(
    .enabled(if: ClientEnvironment.missing == nil, "needs python3 with venv"), .timeLimit(.minutes(15)))
struct `OpenStack's own clients` {
    /// Guests that libvirt's test driver only pretends to run: what is asked here is what commands print.
    private static let settings = ["LIBVIRT_URI": "\"test:///default\""]

    @Test(arguments: ["everyday", "more", "seed"])
    func `print what their users expect`(transcript: String) async throws {
        let program = try await DaybreakProcess(settings: Self.settings)
        defer { program.remove() }
        let played = try await ClientEnvironment.shared.play(transcript, to: program)
        #expect(played.isAsExpected, "\(played.report)")
        try await program.stop()
    }
}
