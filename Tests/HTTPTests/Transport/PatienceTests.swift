import Testing

@testable import HTTP

struct PatienceTests {
    private let second: UInt64 = 1_000_000

    @Test func `without bytes the whole time is all there is`() {
        var patience = Patience()
        #expect(patience.wait(now: 5 * second, whole: 30 * second, bytes: 0, rate: 100) == 35 * second)
        #expect(patience.wait(now: 15 * second, whole: 30 * second, bytes: 0, rate: 100) == 35 * second)
        #expect(patience.wait(now: 99 * second, whole: 30 * second, bytes: 0, rate: 100) == 99 * second)
    }

    @Test func `a byte now and then buys nearly nothing`() {
        var patience = Patience()
        var now: UInt64 = second
        var end = patience.wait(now: now, whole: 30 * second, bytes: 0, rate: 240)
        while now + 10 * second < end {
            now += 10 * second
            end = patience.wait(now: now, whole: 30 * second, bytes: 1, rate: 240)
        }
        #expect(end < 32 * second)
    }

    @Test func `who keeps the rate goes on for ever, and saves up no more than the whole`() {
        var patience = Patience()
        for step in 1...1000 {
            let now = UInt64(step) * second
            #expect(patience.wait(now: now, whole: 30 * second, bytes: 240, rate: 240) == now + 30 * second)
        }
        let end = patience.wait(now: 1001 * second, whole: 30 * second, bytes: 1 << 30, rate: 240)
        #expect(end == 1031 * second)
    }

    @Test func `time in which the server is busy costs nothing`() {
        var patience = Patience()
        _ = patience.wait(now: second, whole: 30 * second, bytes: 0, rate: 240)
        patience.pause(now: 11 * second)
        patience.pause(now: 50 * second)
        #expect(patience.wait(now: 100 * second, whole: 30 * second, bytes: 0, rate: 240) == 120 * second)
    }

    @Test func `without a rate any byte buys the whole`() {
        var patience = Patience()
        _ = patience.wait(now: second, whole: 30 * second, bytes: 0, rate: 0)
        #expect(patience.wait(now: 20 * second, whole: 30 * second, bytes: 1, rate: 0) == 50 * second)
    }
}
