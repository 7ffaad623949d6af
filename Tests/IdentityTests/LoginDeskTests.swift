import Dispatch
import Glibc
import ServiceCore
import Synchronization
import Testing

@testable import Identity

struct LoginDeskTests {
    @Test func `no more are served at once than there are places, and none in line is lost`() throws {
        let desk = LoginDesk(places: 1, line: 31)
        let state = Mutex((now: 0, most: 0, served: 0))
        DispatchQueue.concurrentPerform(iterations: 32) { _ in
            try? desk.serve {
                state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.served) }
                usleep(500)
                state.withLock { $0 = ($0.now - 1, $0.most, $0.served + 1) }
            }
        }
        #expect(state.withLock { $0.most } == 1)
        #expect(state.withLock { $0.served } == 32)
    }

    @Test func `who finds the line full is turned away at once, and may come back later`() throws {
        let desk = LoginDesk(places: 1, line: 0)
        try desk.serve {
            let refusal = #expect(throws: ServiceError.self) { try desk.serve {} }
            #expect(refusal?.code == "too_many_logins")
            #expect(refusal?.kind == .tooManyRequests)
            #expect(refusal?.retryAfterSeconds == 1)
        }
        #expect(throws: Never.self) { try desk.serve {} }
    }

    @Test func `a password that fails gives its place back`() throws {
        let desk = LoginDesk(places: 1, line: 0)
        #expect(throws: ServiceError.self) { try desk.serve { throw ServiceError.invalidCredentials } }
        #expect(throws: Never.self) { try desk.serve {} }
    }
}
