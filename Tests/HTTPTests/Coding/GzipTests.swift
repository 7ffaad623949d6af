import Glibc
import Testing

@testable import HTTP

struct GzipTests {
    @Test func `what was compressed comes back byte by byte`() throws {
        var random = SeededRandom(state: 1)
        let gzip = try #require(Gzip(level: Gzip.levelForPages))
        for size in [2, 100, 1025, 65_535, 300_000, 3 << 20, 5000] {
            // Two bits of each byte are noise: it shrinks, and every state of the compressor is used.
            let content = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next() & 3) }
            guard let coded = gzip.compress(content) else {
                #expect(size <= 100, "\(size) bytes did not shrink")
                continue
            }
            #expect(coded.count < size)
            #expect(inflated(coded) == content, "\(size) bytes")
        }
    }

    @Test func `what would not become shorter is left alone`() throws {
        var random = SeededRandom(state: 2)
        let gzip = try #require(Gzip(level: 9))
        let noise = (0..<50_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(gzip.compress(noise) == nil)
        #expect(gzip.compress([]) == nil)
        #expect(gzip.compress([1]) == nil)
        // And the state is good for the next content.
        let text = Array(String(repeating: "text ", count: 1000).utf8)
        #expect(gzip.compress(text).flatMap(inflated) == text)
    }

    @Test func `threads compress side by side, each with a state of its own`() async {
        let texts = (0..<8).map { Array(String(repeating: "text of thread \($0) ", count: 5000).utf8) }
        let done = Lock(0)
        let latch = Latch()
        for text in texts {
            let thread = Thread.start(named: "gzip-test") {
                let isRight = (0..<20).allSatisfy { _ in Gzip.compressPage(text).flatMap(inflated) == text }
                let count = done.withLock { done in
                    done += isRight ? 1 : 100
                    return done
                }
                if count >= texts.count { latch.open() }
            }
            if let thread { pthread_detach(thread) }
        }
        await latch.wait()
        #expect(done.withLock { $0 } == texts.count)
    }
}
