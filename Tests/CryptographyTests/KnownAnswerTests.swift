import Testing

@testable import Cryptography

/// Every function against the published example of its standard.
struct KnownAnswerTests {
    private func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
    }

    @Test func `digests of abc`() {
        let abc = Array("abc".utf8)
        #expect(MD5.hash(abc).hexadecimal == "900150983cd24fb0d6963f7d28e17f72")
        #expect(SHA1.hash(abc).hexadecimal == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            SHA256.hash(abc).hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA512.hash(abc).hexadecimal
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
        #expect(SHA256.hash([]).hexadecimal.hasPrefix("e3b0c44298fc1c14"))
    }

    @Test func `a digest does not depend on how its bytes were cut, and starts again when finished`() {
        let message = Array("the quick brown fox".utf8)
        var digest = SHA256()
        for byte in message { digest.update([byte]) }
        digest.update([])
        #expect(digest.finalize() == SHA256.hash(message))
        digest.update(message)
        #expect(digest.finalize() == SHA256.hash(message))
    }

    @Test func `HMAC: RFC 4231 test case 2`() {
        let code = HMAC.sha256(key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8))
        #expect(code == bytes("5bdcc146bf60754e6a042426089575c7 5a003f089d2739839dec58b964ec3843"))
    }

    @Test func `HKDF: RFC 5869 test case 1`() {
        let key = HKDF.derive(
            from: [UInt8](repeating: 0x0b, count: 22), salt: Array(0...12), purpose: Array(0xf0...0xf9), count: 42)
        #expect(key == bytes("3cb25f25faacd57a90434f64d0362f2a 2d2d0a90cf1a5a4c5db02d56ecc4c5bf 34007208d5b887185865"))
    }

    @Test func `scrypt: RFC 7914 section 12`() throws {
        let small = try #require(Scrypt.Cost(logN: 4, r: 1, p: 1))
        #expect(
            try Scrypt.derive([], salt: [], cost: small, count: 64)
                == bytes(
                    """
                    77d6576238657b203b19ca42c18a0497 f16b4844e3074ae8dfdffa3fede21442
                    fcd0069ded0948f8326a753a0fc81f17 e8d3e0fb2e0d3628cf35e20c38d18906
                    """))
        let large = try #require(Scrypt.Cost(logN: 10, r: 8, p: 16))
        #expect(
            try Scrypt.derive(Array("password".utf8), salt: Array("NaCl".utf8), cost: large, count: 64)
                == bytes(
                    """
                    fdbabe1c9d3472007856e7190d01e9fe 7c6ad7cbc8237830e77376634b373162
                    2eaf30d92e22a3886ff109279d9830da c727afb94a83ee6d8360cbdfa2cc0640
                    """))
    }

    @Test func `AES-128-CBC: NIST SP 800-38A F.2.1, first block`() {
        let key = bytes("2b7e151628aed2a6abf7158809cf4f3c")
        let plain = bytes("6bc1bee22e409f96e93d7e117393172a")
        let sealed = AES128CBC.encrypt(plain, key: key, vector: Array(0...15))
        #expect(Array(sealed.prefix(16)) == bytes("7649abac8119b246cee98e9b12e9197d"))
        #expect(AES128CBC.decrypt(sealed, key: key, vector: Array(0...15)) == plain)
        #expect(AES128CBC.decrypt(Array(sealed.dropLast()), key: key, vector: Array(0...15)) == nil)
        #expect(AES128CBC.decrypt([], key: key, vector: Array(0...15)) == nil)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `base64: RFC 4648 section 10`(plain: String, encoded: String) {
        #expect(Base64.standard.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.standard.decode(encoded) == Array(plain.utf8))
        #expect(Base64.url.decode(String(encoded.prefix { $0 != "=" })) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zh==", "Zm9v=", "Zm9v====", "Zm 9v", "Zm9v\n", "Zm9-", "é"])
    func `what is not base64 is refused`(text: String) {
        #expect(Base64.standard.decode(text) == nil)
    }

    @Test func `all bytes survive base64url`() {
        let all = [UInt8](0...255)
        #expect(Base64.url.decode(Base64.url.encode(all)) == all)
        #expect(Base64.url.encode(all).allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    }
}
