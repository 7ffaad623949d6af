import ServiceCore

/// nova's rules on server groups (Compute API, "Create Server Group"), said once.
enum ServerGroupRules {
    static func name(_ name: String) -> Violation? {
        if name.isEmpty {
            return Violation(
                field: "name", code: "required", message: Message("A server group needs a name."), value: name)
        }
        return PlainText.violation(in: name, field: "name")
    }

    static func policy(_ text: String, _ violations: inout [Violation]) -> ServerGroupPolicy? {
        if let policy = ServerGroupPolicy(rawValue: text) { return policy }
        let known = ServerGroupPolicy.allCases.map(\.rawValue).joined(separator: ", ")
        violations.append(
            Violation(
                field: "policy", code: "not_a_policy",
                message: Message("The policy is one of {known}.", ["known": known]), value: text))
        return nil
    }

    static func mostPerHost(
        _ text: String?, _ policy: ServerGroupPolicy?, _ violations: inout [Violation]
    ) -> Int? {
        guard let text = text?.trimmed.nonEmpty else { return nil }
        func refuse(_ code: String, _ message: Message) -> Int? {
            violations.append(
                Violation(field: "max_server_per_host", code: code, message: message, value: text))
            return nil
        }
        guard let number = Int(text), (1...Int(Int32.max)).contains(number) else {
            return refuse("not_a_number", Message("The number of servers per host is a whole number from 1."))
        }
        guard policy == nil || policy == .antiAffinity else {
            return refuse(
                "only_anti_affinity", Message("A number of servers per host goes only with the policy anti-affinity."))
        }
        return number
    }
}
