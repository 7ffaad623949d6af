import Testing

@testable import Cryptography

struct FernetTests {
    /// The public specification's example.
    private static let example = """
        gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==
        """
    private static let exampleTime: Int64 = 499_162_800

    private let example: Fernet

    init() throws {
        let key = try #require(Base64.url.decode("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="))
        example = try #require(Fernet(key: key))
    }

    @Test func `the specification's example is made and opened`() throws {
        let sealed = example.seal(Array("hello".utf8), at: Self.exampleTime, vector: Array(0...15))
        #expect(sealed + "==" == Self.example)
        let plain = try example.open(Self.example, maximumAge: 60, now: Self.exampleTime + 1)
        #expect(plain == Array("hello".utf8))
    }

    @Test func `a seal opens until its age, not after, and not long before it was made`() throws {
        func opens(at offset: Int64) -> Bool {
            (try? example.open(Self.example, maximumAge: 60, now: Self.exampleTime + offset)) != nil
        }
        #expect(opens(at: 0) && opens(at: 60) && opens(at: -60))
        #expect(!opens(at: 61) && !opens(at: -61))
    }

    @Test func `a change of any one bit is noticed`() throws {
        let fernet = Fernet(secret: Random.bytes(32), purpose: "test")
        let sealed = try #require(Base64.url.decode(fernet.seal(Array("secret".utf8))))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptographyError.self) { try fernet.open(Base64.url.encode(changed)) }
        }
    }

    @Test func `keys of other purposes and other secrets do not open it`() throws {
        let secret = Random.bytes(32)
        let sealed = Fernet(secret: secret, purpose: "tokens").seal([1, 2, 3])
        #expect(try Fernet(secret: secret, purpose: "tokens").open(sealed) == [1, 2, 3])
        #expect(throws: CryptographyError.forged) { try Fernet(secret: secret, purpose: "cookies").open(sealed) }
        #expect(throws: CryptographyError.forged) {
            try Fernet(secret: Random.bytes(32), purpose: "tokens").open(sealed)
        }
    }

    @Test(arguments: ["", "gAAAAA", "hello", "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy0", String(repeating: "A", count: 200)])
    func `what is no seal is refused`(text: String) {
        #expect(throws: CryptographyError.malformed) { try example.open(text) }
    }

    @Test func `seals of nothing and of much open`() throws {
        for count in [0, 1, 15, 16, 17, 5000] {
            let plain = Random.bytes(count)
            #expect(try example.open(example.seal(plain)) == plain)
        }
    }
}
