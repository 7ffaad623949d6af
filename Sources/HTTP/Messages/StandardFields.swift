/// What the server says in every response, encoded ahead: a hot path that only copies bytes.
///
/// Date and Server first, made anew each second, then the fields that were configured for all responses. A response
/// that brings a field of its own under one of those names has it in the default's place, never beside it: two
/// Content-Security-Policy fields, for instance, would both hold.
final class StandardFields {
    /// One default field, ready to be sent.
    private struct Line: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    /// Everything, for a response that replaces nothing.
    private(set) var encoded: [UInt8] = []
    private var dateAndServer: [UInt8] = []
    private let defaults: [Line]
    /// Bit n is set when a default's name has n bytes: most fields of a response are told apart by that alone.
    private let lengths: UInt64

    init(defaults: Fields = Fields()) {
        self.defaults = defaults.all.map { Line(name: $0.name, bytes: Array("\($0.name): \($0.value)\r\n".utf8)) }
        lengths = self.defaults.reduce(0) { $0 | 1 << UInt64($1.name.utf8.count & 63) }
    }

    /// Puts new text for Date and Server, each with its line end, before the defaults.
    func refresh(dateAndServer text: String) {
        dateAndServer = Array(text.utf8)
        encoded = dateAndServer
        for line in defaults { encoded += line.bytes }
    }

    /// Appends them all but those that `own` replaces.
    @inline(__always)
    func append(to output: OutputBuffer, replacedBy own: Fields) {
        for slot in own.slots where lengths >> UInt64(slot.name.count & 63) & 1 == 1 {
            return appendOneByOne(to: output, replacedBy: own)
        }
        output.append(encoded)
    }

    private func appendOneByOne(to output: OutputBuffer, replacedBy own: Fields) {
        output.append(dateAndServer)
        for line in defaults where !own.contains(line.name) { output.append(line.bytes) }
    }
}

extension Fields {
    /// What keeps browsers from harm, for a site whose pages bring their scripts, styles and pictures as files of
    /// their own: only those are run and shown; nobody frames the site or opens it in a window that can reach into it;
    /// content is taken for what it says it is; other sites are not told which page somebody came from.
    ///
    /// Content Security Policy Level 3, without `unsafe-inline` and `unsafe-eval`; Fetch (`X-Content-Type-Options`,
    /// `Cross-Origin-Resource-Policy`); HTML (`Cross-Origin-Opener-Policy`, `X-Frame-Options` for what does not know
    /// `frame-ancestors`); Referrer Policy; Permissions Policy.
    public static let secure: Fields = {
        var fields = Fields()
        fields.add(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
        fields.add("X-Content-Type-Options", "nosniff")
        fields.add("X-Frame-Options", "DENY")
        fields.add("Referrer-Policy", "same-origin")
        fields.add("Cross-Origin-Opener-Policy", "same-origin")
        fields.add("Cross-Origin-Resource-Policy", "same-origin")
        fields.add("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return fields
    }()
}
