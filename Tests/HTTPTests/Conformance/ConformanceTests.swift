import Testing

@testable import HTTP

/// The suites together.
struct ConformanceTests {
    static let all: [Conversation] =
        RequestLineConformance.cases + TargetConformance.forms + TargetConformance.spellings
        + FieldConformance.cases + FieldConformance.hosts + AllowedHostConformance.cases
        + FramingConformance.lengths + FramingConformance.codings + FramingConformance.chunks
        + ConnectionConformance.persistence + ConnectionConformance.pipelines + ConnectionConformance.departures
        + ContentConformance.forms + ContentConformance.codings + ContentConformance.streams + ExpectConformance.cases
        + HeadConformance.cases
        + LimitConformance.cases + CookieConformance.cases
        + RangeConformance.single + RangeConformance.many + RangeConformance.unsatisfiable
        + RangeConformance.conditional + ConditionConformance.matches + ConditionConformance.dates
        + ConditionConformance.precedence + ConditionConformance.writes + SmugglingConformance.lengthTricks
        + SmugglingConformance.codingTricks + SmugglingConformance.chunkTricks
        + SmugglingConformance.lineTricks + SmugglingConformance.unreadContent

    @Test func `every case names its rule, and no two have one name`() {
        let rule = /(RFC \d{4}|WHATWG URL) [A-Z\d]+(\.\d+)*: .+/
        for conversation in ConformanceTests.all {
            #expect(conversation.name.wholeMatch(of: rule) != nil, "\(conversation.name)")
        }
        let names = Dictionary(grouping: ConformanceTests.all, by: \.name)
        #expect(names.values.filter { $0.count > 1 }.map { $0[0].name } == [])
        #expect(ConformanceTests.all.count > 300)
    }

    @Test func `however the bytes are cut, the parser says the same`() {
        for conversation in ConformanceTests.all {
            let bytes = conversation.turns.flatMap(\.input)
            let whole = trace(bytes, cuts: [])
            #expect(trace(bytes, cuts: Array(0...bytes.count)) == whole, "\(conversation.name)")
        }
    }
}
