import Cryptography

/// The token of a session or a browser as the forms of one page carry it: masked, as Django masks it.
///
/// Pages are compressed, and the length of a compressed page tells how much of it repeats. Whoever can have somebody
/// else's browser fetch a page that shows text of their choice (a filter, the page to go to next) beside a token that
/// stays the same could guess the token letter by letter from the lengths (BREACH, 2013). A token that looks different
/// in every page cannot be guessed that way: what was learned from one page is wrong in the next.
enum FormToken {
    /// The token under a random pad of its own length, behind that pad.
    static func masked(_ token: String) -> String {
        let token = Array(token.utf8)
        let pad = Random.bytes(token.count)
        return Base64.url.encode(pad + zip(pad, token).map { $0 ^ $1 })
    }

    /// Whether what a form sent is the token under some pad. The bare token, which stands in no page, is not taken.
    static func matches(_ sent: String, _ token: String) -> Bool {
        let token = Array(token.utf8)
        // A form may hold anything of any length.
        guard sent.utf8.count <= 4 * token.count, let bytes = Base64.url.decode(sent), bytes.count == 2 * token.count
        else { return false }
        return constantTimeEqual(zip(bytes[..<token.count], bytes[token.count...]).map { $0 ^ $1 }, token)
    }
}
