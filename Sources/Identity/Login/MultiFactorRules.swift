import Foundation

/// Which methods a login has to use together: all of one of the lists (Identity API v3, "Multi-Factor Authentication").
struct MultiFactorRules {
    let rules: [Set<String>]

    /// The rules of a user; nil when none have to be met.
    init?(of user: User) {
        guard user.options.isTrue(UserOption.multiFactorAuthEnabled.rawValue),
            let json = user.options.values[UserOption.multiFactorAuthRules.rawValue], let rules = Self(json: json),
            !rules.rules.isEmpty
        else { return nil }
        self = rules
    }

    /// Reads a list of lists of texts; nil for anything else.
    init?(json: String) {
        guard let lists = try? JSONDecoder().decode([[String]].self, from: Data(json.utf8)) else { return nil }
        rules = lists.filter { !$0.isEmpty }.map { Set($0) }
    }

    func areMet(by methods: [String]) -> Bool {
        rules.contains { $0.isSubset(of: methods) }
    }
}
