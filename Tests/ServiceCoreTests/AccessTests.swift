import ServiceCore
import Testing

struct AccessTests {
    private let policy = Policy([
        PolicyRule(name: "look", least: .reader, description: ""),
        PolicyRule(name: "change", least: .member, description: ""),
        PolicyRule(name: "rule", least: .admin, description: ""),
    ])

    private func context(_ roles: Set<String>, project: String? = "p") -> RequestContext {
        RequestContext(userID: "u", userName: "u", projectID: project, roles: roles)
    }

    @Test(
        arguments: [
            (["reader"], ["look"]), (["member"], ["look", "change"]), (["_member_"], ["look", "change"]),
            (["Admin"], ["look", "change", "rule"]), (["auditor"], []), ([], []),
            (["reader", "member"], ["look", "change"]),
        ] as [([String], [String])])
    func `each role includes the ones below it`(roles: [String], allowed: [String]) {
        let context = context(Set(roles))
        #expect(["look", "change", "rule"].filter { policy.allows($0, context) } == allowed)
    }

    @Test func `an unknown rule lets nobody pass, not even the system`() {
        #expect(!policy.allows("nonsense", .system("test")))
        #expect(policy.allows("rule", .system("test")))
    }

    @Test func `a refusal names the rule`() {
        do {
            try policy.require("rule", context(["member"]))
            Issue.record("it was let pass")
        } catch {
            let error = error as? ServiceError
            #expect(error?.kind == .forbidden)
            #expect(error?.message.arguments["rule"] == "rule")
        }
    }

    @Test func `only the own project is seen, except by administrators`() {
        #expect(context(["member"]).canSee(projectID: "p"))
        #expect(!context(["member"]).canSee(projectID: "q"))
        #expect(!context(["member"], project: nil).canSee(projectID: nil))
        #expect(context(["admin"]).canSee(projectID: "q"))
        #expect(throws: ServiceError.self) { try context(["member"], project: nil).requireProject() }
    }

    @Test func `request identifiers are fresh and well formed`() {
        let first = context([]).requestID
        #expect(first.hasPrefix("req-") && first.count == 40)
        #expect(first != context([]).requestID)
    }

    @Test func `a quota refuses what would pass it and names it`() throws {
        let limits = QuotaLimits(["instances": 10, "cores": 20, "ram": QuotaLimits.unlimited])
        let use = QuotaUse(["instances": 9, "cores": 20, "ram": 5])
        try use.require(adding: ["instances": 1, "ram": 1_000_000, "unheard-of": 7, "cores": 0], within: limits)
        do {
            try use.require(adding: ["instances": 2], within: limits)
            Issue.record("it was let pass")
        } catch {
            let error = error as? ServiceError
            #expect(error?.kind == .overQuota)
            #expect(
                error?.message.english
                    == "Quota exceeded for instances: requested 2, but already used 9 of 10.")
        }
        #expect(limits["ram"] == nil)
        #expect(limits.replacing(["ram": 5])["ram"] == 5)
    }
}
