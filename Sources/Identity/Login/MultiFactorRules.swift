import Foundation

/// Which methods a login has to use together: all of one of the lists (Identity API v3, "Multi-Factor Authentication").
struct MultiFactorRules {
    let rules: [Set<String>]

    /// The rules of a user; nil when none have to be met. They count unless they are switched off, and a method that there
    /// is not is left out of them: as in keystone, nobody is locked out by a rule that cannot be met.
    init?(of user: User) {
        guard user.options.values[UserOption.multiFactorAuthEnabled.rawValue] != "false",
            let json = user.options.values[UserOption.multiFactorAuthRules.rawValue], let written = Self(json: json)
        else { return nil }
        rules = written.rules.map { $0.intersection(TokenMethods.all.names) }.filter { !$0.isEmpty }
        if rules.isEmpty { return nil }
    }

    /// Reads a list of lists of texts; nil for anything else.
    init?(json: String) {
        guard let lists = try? JSONDecoder().decode([[String]].self, from: Data(json.utf8)) else { return nil }
        rules = lists.filter { !$0.isEmpty }.map { Set($0) }
    }

    func areMet(by methods: [String]) -> Bool {
        rules.contains { $0.isSubset(of: methods) }
    }

    /// The rules of which some method was used, sorted within.
    func begun(by methods: [String]) -> [[String]] {
        rules.filter { !$0.isDisjoint(with: methods) }.map { $0.sorted() }
    }
}
