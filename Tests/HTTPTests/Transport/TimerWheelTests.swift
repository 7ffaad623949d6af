import Testing

@testable import HTTP

struct TimerWheelTests {
    @Test func `nothing comes up early, and everything in time`() {
        var wheel = TimerWheel<Int>(now: 1000, resolution: 10, slots: 8)
        wheel.schedule(1, at: 1015)
        wheel.schedule(2, at: 1050)
        #expect(wheel.timeToNext(now: 1000) == 20)
        #expect(wheel.advance(to: 1014).isEmpty)
        #expect(wheel.advance(to: 1020) == [1])
        #expect(wheel.advance(to: 1049).isEmpty)
        #expect(wheel.advance(to: 1057) == [2])
        #expect(wheel.timeToNext(now: 1057) == nil)
    }

    @Test func `a time beyond the ring comes up early, to be put back`() {
        var wheel = TimerWheel<Int>(now: 0, resolution: 10, slots: 8)
        #expect(wheel.schedule(1, at: 1000) == 70)
        #expect(wheel.advance(to: 70) == [1])
    }

    @Test func `a loop that was away for long gets everything once`() {
        var wheel = TimerWheel<Int>(now: 0, resolution: 10, slots: 8)
        for element in 0..<7 { wheel.schedule(element, at: UInt64(10 * element)) }
        #expect(wheel.advance(to: 10_000).sorted() == Array(0..<7))
        #expect(wheel.count == 0)
    }

    @Test func `a time that has passed comes up with the next tick`() {
        var wheel = TimerWheel<Int>(now: 500, resolution: 10, slots: 8)
        wheel.schedule(1, at: 3)
        #expect(wheel.advance(to: 509).isEmpty)
        #expect(wheel.advance(to: 510) == [1])
    }
}
