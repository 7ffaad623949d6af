import Cryptography

/// The opening handshake, the server's side of it (RFC 6455 section 4.2). Pure.
enum WebSocketHandshake {
    /// What the server says to a handshake it agrees to.
    struct Acceptance: Equatable {
        /// The value of Sec-WebSocket-Accept.
        let accept: String
        let subprotocol: String?
    }

    enum Outcome {
        case accepted(Acceptance)
        case refused(Response)
    }

    /// Reads the request's side.
    /// - Parameter subprotocols: what the server speaks, best first; the first that the client offers is agreed on.
    static func answer(_ request: Request, subprotocols: [String]) -> Outcome {
        guard request.method == .get, request.head.minorVersion == 1,
            request.fields.hasToken("websocket", in: "Upgrade"), request.fields.hasToken("upgrade", in: "Connection")
        else { return .refused(upgradeRequired("This address speaks WebSocket\n")) }
        guard request.head.framing == .none || request.head.framing == .length(0) else {
            return .refused(.text("A handshake has no content\n", status: .badRequest))
        }
        guard request.fields.values(for: "Sec-WebSocket-Version") == ["13"] else {
            return .refused(upgradeRequired("This server speaks version 13 of WebSocket\n"))
        }
        let keys = request.fields.values(for: "Sec-WebSocket-Key")
        guard keys.count == 1, keys[0].utf8.count == 24, Base64.standard.decode(keys[0])?.count == 16 else {
            return .refused(.text("Sec-WebSocket-Key is not 16 bytes in base64\n", status: .badRequest))
        }
        guard let offers = offers(request.fields) else {
            return .refused(.text("Sec-WebSocket-Protocol is malformed\n", status: .badRequest))
        }
        let subprotocol = subprotocols.first { offers.contains($0) }
        return .accepted(Acceptance(accept: accept(keys[0]), subprotocol: subprotocol))
    }

    /// Proof that the server read the key (section 4.2.2, step 5.4).
    static func accept(_ key: String) -> String {
        Base64.standard.encode(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    /// Whether Origin, if there is one, names the host that is asked. Browsers always send it and scripts cannot
    /// change it: without this check any page could open a socket with the cookies of whoever looks at it (section
    /// 10.2). Programs that are no browsers need not send it.
    static func comesFromHost(_ request: Request) -> Bool {
        let origins = request.fields.values(for: "Origin")
        guard let origin = origins.first else { return true }
        guard origins.count == 1, let separator = origin.firstRange(of: "://") else { return false }
        let scheme = origin[..<separator.lowerBound]
        // Over TLS a page without it is none of the site's: whoever sits between can make one.
        return (scheme == "https" || scheme == "http" && !request.isSecure)
            && Grammar.equalIgnoringCase(origin[separator.upperBound...], request.host)
    }

    /// The subprotocols a client offers, in its order; nil when they are no tokens or one comes twice (section 4.1).
    private static func offers(_ fields: Fields) -> [String]? {
        var offers: [String] = []
        for value in fields.values(for: "Sec-WebSocket-Protocol") {
            for element in value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                let offer = String(Substring(element).trimmingBlanks())
                guard Grammar.isToken(offer), !offers.contains(offer) else { return nil }
                offers.append(offer)
            }
        }
        return offers
    }

    /// 426 says what to speak (RFC 9110 section 15.5.22, RFC 6455 section 4.4).
    private static func upgradeRequired(_ text: String) -> Response {
        var response = Response.text(text, status: .upgradeRequired)
        response.fields.set("Upgrade", "websocket")
        response.fields.set("Sec-WebSocket-Version", "13")
        return response
    }
}
