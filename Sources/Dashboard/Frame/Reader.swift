import Foundation
import HTTP
import Identity
import Markup
import ServiceCore

/// Somebody who looks at a page, logged in or not: how to speak to them, and the token their forms must carry.
struct Reader: Sendable {
    let wording: Wording
    let preferences: Preferences
    /// What `csrfmiddlewaretoken` must be in the forms of this page, under the mask of ``FormToken``.
    let csrfToken: String
    /// The page itself, as a path with its query: where a change of language or theme comes back to.
    let here: String
    /// Messages left by the request before this one.
    let flashes: [Flash]
}

/// Somebody who is logged in: the reader, their session, and the context services are called with.
struct Visitor: Sendable {
    let reader: Reader
    let session: Session
    let context: RequestContext
    /// Where they can work, by name.
    let projects: [Project]

    var wording: Wording { reader.wording }

    /// The message in the visitor's language.
    func text(_ message: Message) -> String { reader.wording(message) }
}

/// What a reader chose about the look of pages; kept in cookies, so that it outlives the session.
struct Preferences: Sendable {
    enum Theme: String, Sendable, CaseIterable {
        case auto, light, dark
    }

    static let languageCookie = "horizon_language"
    static let themeCookie = "theme"
    static let timeZoneCookie = "horizon_timezone"
    static let pageSizeCookie = "horizon_pagesize"
    static let logLengthCookie = "horizon_log_length"
    static let loadsCookie = "instance_loads"
    static let pageSizes = 1...1000
    static let logLengths = 1...10_000

    var language: Language
    var theme: Theme
    var timeZone: TimeZone
    var pageSize: Int
    var logLength: Int
    /// Whether lists of instances show their processor use.
    var showsLoads: Bool

    init(_ request: Request, defaultTimeZone: String) {
        let cookies = request.cookies
        language =
            cookies[Self.languageCookie].flatMap(Language.init(supported:))
            ?? Language.best(for: request.fields["Accept-Language"] ?? "")
        theme = cookies[Self.themeCookie].flatMap(Theme.init) ?? .auto
        timeZone =
            cookies[Self.timeZoneCookie].flatMap(PercentCoding.decoded).flatMap(TimeZone.init(identifier:))
            ?? TimeZone(identifier: defaultTimeZone) ?? .gmt
        pageSize =
            cookies[Self.pageSizeCookie].flatMap(Int.init).flatMap { Self.pageSizes.contains($0) ? $0 : nil } ?? 20
        logLength =
            cookies[Self.logLengthCookie].flatMap(Int.init).flatMap { Self.logLengths.contains($0) ? $0 : nil } ?? 35
        showsLoads = cookies[Self.loadsCookie] != "off"
    }
}

extension PercentCoding {
    fileprivate static func decoded(_ text: String) -> String? { decode(text) }
}
