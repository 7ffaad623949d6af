import ServiceCore
import Testing

@testable import Identity

@Suite struct `Access rules` {
    private func rule(_ path: String) -> AccessRule {
        AccessRule(id: "r", service: "network", method: "GET", path: path)
    }

    @Test(arguments: [
        ("/v2.0/networks", "/v2.0/networks", true), ("/v2.0/networks", "/v2.0/networks/", true),
        ("/v2.0/networks/*", "/v2.0/networks/n", true), ("/v2.0/networks/{id}", "/v2.0/networks/n", true),
        ("/v2.0/networks/*", "/v2.0/networks", false), ("/v2.0/networks/*", "/v2.0/networks/n/tags", false),
        ("/v2.0/**", "/v2.0/networks/n/tags", true), ("/v2.0/**/tags/{tag}", "/v2.0/networks/n/tags/t", true),
        ("/v2.0/**/tags/{tag}", "/v2.0/networks/n/tags", false),
    ])
    func `a star stands for a segment, two for any number`(pattern: String, path: String, isAllowed: Bool) {
        #expect(rule(pattern).allows(service: "network", method: "GET", path: path) == isAllowed)
        #expect(!rule(pattern).allows(service: "network", method: "POST", path: path))
        #expect(!rule(pattern).allows(service: "compute", method: "GET", path: path))
    }

    @Test func `moments keep their microseconds`() throws {
        let time = try #require(MicroTime("2026-11-23T10:39:37.123456"))
        #expect(time.iso8601 == "2026-11-23T10:39:37.123456")
        #expect(time.timestamp.iso8601 == "2026-11-23T10:39:37Z")
        #expect(MicroTime("2026-11-23T10:39:37Z")?.iso8601 == "2026-11-23T10:39:37.000000")
        #expect(MicroTime("2024-02-29T00:00:00")?.timestamp.iso8601 == "2024-02-29T00:00:00Z")
        for nonsense in ["bad.123Z", "", "2026-13-01T00:00:00", "2026-11-23 10:39:37", "2026-11-23T10:39:37.1234567"] {
            #expect(MicroTime(nonsense) == nil)
        }
    }
}
