import Cryptography
import Testing

struct ScryptTests {
    @Test func `a password matches its own hash only`() throws {
        let stored = try Scrypt.hash("pässword", cost: .testing)
        #expect(Scrypt.verify("pässword", against: stored))
        #expect(!Scrypt.verify("passwort", against: stored))
        #expect(!Scrypt.verify("", against: stored))
        let empty = try Scrypt.hash("", cost: .testing)
        #expect(Scrypt.verify("", against: empty))
    }

    @Test func `two hashes of one password differ and tell their cost`() throws {
        let first = try Scrypt.hash("a", cost: .testing)
        #expect(try first != Scrypt.hash("a", cost: .testing))
        #expect(first.hasPrefix("$scrypt$ln=2,r=1,p=1$"))
        #expect(Scrypt.cost(of: first) == .testing)
    }

    @Test func `the cost for people works with OpenSSL's memory limit`() throws {
        #expect(Scrypt.verify("admin", against: try Scrypt.hash("admin", cost: .interactive)))
    }

    @Test(arguments: [
        "", "admin", "$scrypt$", "$scrypt$ln=14,r=8$c2FsdA$a2V5", "$scrypt$ln=14,r=8,p=1$c2FsdA$",
        "$scrypt$ln=14,r=8,p=1$c2FsdA$!!!!", "$scrypt$ln=60,r=8,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=2,r=9999999,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "$6$salt$key", "$scrypt$r=1,ln=2,p=1$c2Fs$AAAA",
    ])
    func `nothing matches a stored text that is no hash of ours`(stored: String) {
        #expect(!Scrypt.verify("", against: stored))
        #expect(!Scrypt.verify("admin", against: stored))
    }
}
