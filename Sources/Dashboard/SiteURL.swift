import HTTP

/// Which of the two dashboards a page belongs to. Both share code; administrators see every project's resources.
enum Area: String, Sendable, CaseIterable {
    case project
    case admin
}

/// An address of the site. The same function makes the router's pattern, called without arguments, and a page's link,
/// called with ids: a link to a page that does not exist cannot be written.
///
/// Page families add theirs in an extension of their own.
struct SiteURL: Sendable, Hashable, CustomStringConvertible {
    let path: String
    /// `?name=value` pairs, for links only.
    var query: [String] = []

    /// Joins segments below `/dashboard/`; a value is percent-encoded, a `{parameter}` of a pattern stays.
    init(_ segments: String...) {
        var path = "/dashboard/"
        for segment in segments {
            path += segment.utf8.first == UInt8(ascii: "{") ? segment : PercentCoding.encode(segment)
            path += "/"
        }
        self.path = path
    }

    /// An address below this one.
    func below(_ segment: String) -> SiteURL {
        SiteURL(path: path + (segment.utf8.first == UInt8(ascii: "{") ? segment : PercentCoding.encode(segment)) + "/")
    }

    private init(path: String) { self.path = path }

    /// The same address with one more query parameter.
    func with(_ name: String, _ value: String) -> SiteURL {
        var copy = self
        copy.query.append(PercentCoding.encode(name) + "=" + PercentCoding.encode(value))
        return copy
    }

    var description: String {
        if query.isEmpty { return path }
        return query.count == 1 ? path + "?" + query[0] : path + "?" + query.joined(separator: "&")
    }

    /// Pages of administrators; the wrapper of every route checks the role by it, so that no page can forget to.
    var isAdministrative: Bool { path.hasPrefix("/dashboard/admin/") }

    static let home = SiteURL()
    /// What begins and ends a session; no page to come back to.
    static let authentication = SiteURL("auth")
    static let login = SiteURL("auth", "login")
    /// The second steps of logins.
    static let passcodes = SiteURL("auth", "totp")
    static func passcode(_ userName: String = "{user_name}") -> SiteURL { SiteURL("auth", "totp", userName) }
    static let logout = SiteURL("auth", "logout")
    static func switchProject(_ id: String = "{project_id}") -> SiteURL { SiteURL("auth", "switch", id) }
    static let setLanguage = SiteURL("i18n", "setlang")
    static let settings = SiteURL("settings")
    static let setTheme = SiteURL("settings", "theme")
    static let events = SiteURL("events")
    static func dashboard(_ area: Area) -> SiteURL { SiteURL(area.rawValue) }
    static func overview(_ area: Area) -> SiteURL { SiteURL(area.rawValue, "overview") }
}
