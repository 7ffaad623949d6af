import Cryptography
import Testing

struct RandomTests {
    @Test func `tokens are long, safe in a URL and never the same`() {
        let tokens = (0..<100).map { _ in Random.token(bytes: 32) }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 && !$0.contains("=") && !$0.contains("/") })
    }

    @Test func `secrets are equal when all of their bytes are`() {
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
        #expect(constantTimeEqual("", ""))
    }
}
