import Cryptography
import Foundation
import HTTP
import ServiceCore

/// A message shown once, on the next page: what a form did.
struct Flash: Codable, Sendable, Hashable {
    enum Level: String, Codable, Sendable {
        case success, info, warning, error
    }

    let level: Level
    let text: String
    /// One line each below the text, such as the names of ports.
    var details: [String] = []

    init(_ level: Level, _ text: String, details: [String] = []) {
        self.level = level
        self.text = text
        self.details = details
    }
}

/// Carries messages to the next page in a sealed cookie: no session is needed, and none is rewritten for it.
struct FlashCookie: Sendable {
    static let name = "messages"
    /// Browsers keep cookies of 4096 bytes; the seal adds a third and some.
    private static let sizeLimit = 2700
    private static let detailLimit = 8

    let seal: Fernet

    func read(_ request: Request) -> [Flash] {
        guard let value = request.cookies[Self.name], let plain = try? seal.open(value) else { return [] }
        return (try? JSONDecoder().decode([Flash].self, from: Data(plain))) ?? []
    }

    /// The cookie for these messages; details that do not fit are dropped first, then whole messages from the end.
    func cookie(_ flashes: [Flash], secure: Bool) -> Cookie {
        var kept = flashes.map { flash in
            var flash = flash
            flash.details = Array(flash.details.prefix(Self.detailLimit))
            return flash
        }
        while true {
            // Texts always have a JSON form.
            let plain = (try? JSONEncoder().encode(kept)).map(Array.init) ?? []
            guard plain.count > Self.sizeLimit, !kept.isEmpty else {
                return Cookie(Self.name, seal.seal(plain), maxAge: 60, secure: secure)
            }
            if kept.contains(where: { !$0.details.isEmpty }) {
                for index in kept.indices { kept[index].details = [] }
            } else {
                kept.removeLast()
            }
        }
    }
}

extension Response {
    /// Sends the browser to the page and shows messages there.
    static func seeOther(_ url: SiteURL) -> Response { .seeOther(url.description) }
}
