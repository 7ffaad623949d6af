import Database
import ServiceCore
import Testing

struct ServiceErrorTests {
    private func wrapped(_ error: any Error) -> ServiceError? {
        do {
            try ServiceError.wrapping { throw error }
            return nil
        } catch {
            return error as? ServiceError
        }
    }

    @Test func `database errors become conflicts only where the user can do something about them`() {
        #expect(wrapped(DatabaseError(.unique("a.b"), "m"))?.kind == .conflict)
        #expect(wrapped(DatabaseError(.foreignKey, "m"))?.kind == .conflict)
        #expect(wrapped(DatabaseError(.busy, "m"))?.kind == .unavailable)
        #expect(wrapped(DatabaseError(.text, "m"))?.kind == .invalid)
        for kind in [.check, .decoding, .other] as [DatabaseError.Kind] {
            #expect(wrapped(DatabaseError(kind, "m"))?.kind == .internalError)
        }
    }

    @Test func `an internal error shows an incident number and nothing of its cause`() throws {
        let error = try #require(wrapped(DatabaseError(.other, "disk /secret/path is full", sql: "SELECT 1")))
        let incident = try #require(error.incident)
        #expect(incident.count == 12)
        #expect(error.message.english.contains(incident))
        #expect(!error.description.contains("secret"))
    }

    @Test func `a service error passes through unchanged`() {
        let error = ServiceError.notFound("Network", "n1")
        #expect(wrapped(error) == error)
        #expect(error.message.english == "Network n1 could not be found.")
    }

    @Test func `one violation speaks for itself, several are summed up`() {
        let first = Violation(field: "name", code: "required", message: "This field is required.")
        let second = Violation(field: "cidr", code: "bad", message: "Bad.", value: "x")
        #expect(ServiceError.invalid([first]).code == "required")
        #expect(ServiceError.invalid([first]).message == first.message)
        #expect(ServiceError.invalid([first, second]).code == "invalid_input")
        #expect(ServiceError.invalid([first, second]).violations == [first, second])
    }

    @Test(arguments: [
        ("{a} and {b}", "1 and {a}"), ("{c}{a}", "{c}1"), ("{a", "{a"), ("a}", "a}"), ("{{a}}", "{1}"), ("", ""),
        ("{ {a}", "{ 1"),
    ])
    func `placeholders are filled once, and only known ones`(text: String, filled: String) {
        #expect(Message(text, ["a": "1", "b": "{a}"]).english == filled)
    }

    @Test func `a translation may place the arguments elsewhere`() {
        let message = Message("{count} of {limit} used", ["count": "3", "limit": "10"])
        #expect(message.filled("共 {limit},已用 {count}") == "共 10,已用 3")
    }
}
