import Cryptography
import HTTP

/// The token of forms that are filled in before anybody is logged in: a random value that is signed, kept in the
/// cookie `csrftoken` and repeated in the form. Another site can send the form, but can neither read nor set the cookie.
struct GuestToken: Sendable {
    static let cookieName = "csrftoken"

    private let key: [UInt8]

    init(secretKey: [UInt8]) {
        key = HMAC.sha256(key: secretKey, message: Array("guest-token".utf8))
    }

    /// The request's own token, or a new one that has to be set as a cookie.
    func find(_ request: Request) -> (token: String, isNew: Bool) {
        if let token = request.cookies[Self.cookieName], isGenuine(token) { return (token, false) }
        let nonce = Random.token(bytes: 24)
        return (nonce + "." + signature(nonce), true)
    }

    func cookie(_ token: String, secure: Bool) -> Cookie {
        Cookie(Self.cookieName, token, secure: secure)
    }

    /// Whether what the form sent is the token of its browser.
    func matches(_ sent: String, _ request: Request) -> Bool {
        guard let token = request.cookies[Self.cookieName], isGenuine(token) else { return false }
        return FormToken.matches(sent, token)
    }

    private func isGenuine(_ token: String) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return false }
        return constantTimeEqual(Array(parts[1].utf8), Array(signature(String(parts[0])).utf8))
    }

    private func signature(_ nonce: String) -> String {
        Base64.url.encode(HMAC.sha256(key: key, message: Array(nonce.utf8)))
    }
}
