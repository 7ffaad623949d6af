import ServiceCore
import Testing

@testable import API
import Compute

@Suite struct `Kept rows` {
    private let view = ServerRows.View(version: Microversion(2, 1), seesHosts: false, base: "http://here")
    private let one = ID<Instance>("one")

    private func row(_ text: String) -> ServerRows.Row {
        ServerRows.Row(json: Array(text.utf8), host: nil, hostStatus: "")
    }

    private func text(_ rows: ServerRows, _ id: ID<Instance>, _ view: ServerRows.View) -> String? {
        rows.rows(of: [id], as: view)[0].map { String(decoding: $0.json, as: UTF8.self) }
    }

    @Test func `go with the change of their instance, for every reader`() {
        let rows = ServerRows()
        let other = ServerRows.View(version: Microversion(2, 1), seesHosts: true, base: "http://here")
        for view in [view, other] { rows.keep([one: row("{1}"), ID("two"): row("{2}")], as: view, at: 0) }
        rows.heed(RecentChanges(version: 3, resources: ["one": 3]))
        for view in [view, other] {
            #expect(text(rows, one, view) == nil)
            #expect(text(rows, ID("two"), view) == "{2}")
        }
        #expect(rows.version == 3)
    }

    @Test func `that were read before a change are not kept after it`() {
        let rows = ServerRows()
        rows.heed(RecentChanges(version: 3, resources: ["one": 2]))
        rows.keep([one: row("{old}"), ID("two"): row("{2}")], as: view, at: 1)
        #expect(text(rows, one, view) == nil)
        #expect(text(rows, ID("two"), view) == "{2}")
        rows.keep([one: row("{new}")], as: view, at: 2)
        #expect(text(rows, one, view) == "{new}")
        // A slower list that heard of less changes nothing.
        rows.heed(RecentChanges(version: 2, resources: ["one": 2]))
        #expect(text(rows, one, view) == "{new}")
        rows.heed(RecentChanges(version: 9, resources: nil))
        rows.keep([one: row("{old}")], as: view, at: 8)
        #expect(text(rows, one, view) == nil)
    }

    @Test func `take no more room than they may`() {
        let rows = ServerRows(capacity: 10)
        let views = (0..<3).map { ServerRows.View(version: Microversion(2, $0), seesHosts: false, base: "") }
        for view in views.prefix(2) { rows.keep([one: row("1234")], as: view, at: 0) }
        #expect(text(rows, one, views[0]) == "1234")
        rows.keep([one: row("1234")], as: views[2], at: 0)
        #expect(text(rows, one, views[1]) == nil, "least lately used")
        #expect(text(rows, one, views[0]) == "1234" && text(rows, one, views[2]) == "1234")
        rows.keep([one: row("12345678901")], as: views[0], at: 0)
        #expect(views.allSatisfy { text(rows, one, $0) == nil })
        for minor in 0..<100 {
            let view = ServerRows.View(version: Microversion(2, minor), seesHosts: false, base: "")
            rows.keep([one: row("")], as: view, at: 0)
        }
        let kept = (0..<100).count {
            text(rows, one, ServerRows.View(version: Microversion(2, $0), seesHosts: false, base: "")) != nil
        }
        #expect(kept == 8)
    }
}
