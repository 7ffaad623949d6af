import Testing

@testable import HTTP

struct ConnectionStateTests {
    @Test func `request and response take their turns`() {
        var state = ConnectionState()
        #expect(state.isIdle && state.mayParse)
        state.headBegan()
        #expect(state.reading == .head)
        state.headEnded(keepsAlive: true)
        #expect(state.mayParse)
        state.contentEnded()
        #expect(!state.mayParse)
        state.responseBegan(close: false)
        state.responseEnded()
        #expect(state.isIdle && state.keepsAlive)
    }

    @Test func `a response before the content ends waits for it`() {
        var state = ConnectionState()
        state.headEnded(keepsAlive: true)
        state.responseBegan(close: false)
        state.responseEnded()
        #expect(state.mayParse && !state.isIdle)
        state.contentEnded()
        #expect(state.isIdle)
    }

    @Test(arguments: [(false, false, false), (true, true, false), (true, false, true)])
    func `the last response closes`(keepsAlive: Bool, saysClose: Bool, drainsMeanwhile: Bool) {
        var state = ConnectionState()
        state.headEnded(keepsAlive: keepsAlive)
        state.contentEnded()
        state.responseBegan(close: saysClose)
        if drainsMeanwhile { state.drain() }
        state.responseEnded()
        #expect(state.isClosing && !state.mayParse)
    }

    @Test func `a server that stops may answer one more`() {
        var state = ConnectionState()
        state.drain()
        state.headEnded(keepsAlive: true)
        state.contentEnded()
        state.responseBegan(close: false)
        state.responseEnded()
        #expect(state.isIdle && state.isDraining)
    }

    @Test func `held content is not looked at until somebody has said so`() {
        var state = ConnectionState()
        state.headEnded(keepsAlive: true)
        state.contentHeld()
        #expect(!state.mayParse && !state.isIdle)
        state.contentReleased()
        #expect(state.mayParse && state.reading == .content)
        state.contentEnded()
        state.contentReleased()
        #expect(state.reading == .complete)
    }

    @Test func `an answer to held content closes, or waits for the end of none`() {
        for keepsAlive in [false, true] {
            var state = ConnectionState()
            state.headEnded(keepsAlive: true)
            state.contentHeld()
            state.responseBegan(close: !keepsAlive)
            state.responseEnded()
            #expect(state.isClosing == !keepsAlive && state.mayParse == keepsAlive)
        }
    }

    @Test func `after a refusal nothing is read`() {
        var state = ConnectionState()
        state.headBegan()
        state.refused()
        #expect(state.isClosing && !state.mayParse && !state.keepsAlive)
    }
}
