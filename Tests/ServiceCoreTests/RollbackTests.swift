import ServiceCore
import Testing

struct RollbackTests {
    private struct Failure: Error {}

    /// A three-step operation as a handler would write it.
    private func work(failing: Bool, _ note: @escaping (String) -> Void) throws {
        var rollback = Rollback()
        do {
            rollback.push { note("undo 1") }
            rollback.push {
                note("undo 2")
                throw Failure()
            }
            rollback.push { note("undo 3") }
            if failing { throw Failure() }
            rollback.commit()
        } catch {
            rollback.undo { _ in note("could not undo") }
            throw error
        }
    }

    @Test func `a failed operation is undone newest first, past an undo that fails`() {
        var notes: [String] = []
        #expect(throws: Failure.self) { try work(failing: true) { notes.append($0) } }
        #expect(notes == ["undo 3", "undo 2", "could not undo", "undo 1"])
    }

    @Test func `a completed operation is not undone`() throws {
        var notes: [String] = []
        try work(failing: false) { notes.append($0) }
        #expect(notes.isEmpty)
    }
}
