@testable import HTTP

/// Urlencoded forms, percent-encoding and cookies.
enum FormProperties {
    static func checkForm(_ bytes: [UInt8]) throws {
        let limits = FormLimits(fieldCount: 16)
        if let form = try? FormData.urlEncoded(bytes, limits: limits) {
            try require(form.pairs.count <= limits.fieldCount, "there are \(form.pairs.count) fields")
            let text = form.pairs.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
            let again = try FormData.urlEncoded(Array(text.joined(separator: "&").utf8), limits: limits)
            try require(
                again.pairs.map(\.name) == form.pairs.map(\.name)
                    && again.pairs.map(\.value) == form.pairs.map(\.value), "encoding and decoding changes the form")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        let encoded = PercentCoding.encode(text)
        try require(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "what is encoded is not safe")
        for plusIsSpace in [false, true] {
            try require(
                PercentCoding.decode(encoded, plusIsSpace: plusIsSpace) == text,
                "percent-encoding and decoding changes the text")
        }
    }

    static func checkCookie(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        var fields = Fields()
        for line in text.split(separator: "\n") { fields.add("Cookie", String(line)) }
        let cookies = Cookies(fields, limit: 8)
        try require(cookies.pairs.count <= 8, "there are \(cookies.pairs.count) cookies")
        for (name, value) in cookies.pairs {
            try require(Grammar.isToken(name), "a cookie's name is no token")
            guard let set = Cookie(name, value).serialized else {
                throw Violation(description: "a cookie that was read cannot be set")
            }
            try require(set.hasPrefix("\(name)=\(value); Path=/"), "the cookie is set as \(set)")
            var again = Fields()
            again.add("Cookie", "\(name)=\(value)")
            try require(Cookies(again)[name] == value, "a cookie does not come back as it was set")
        }
        // What a program sets never becomes another field or attribute, whatever it consists of.
        let parts = text.split(separator: "=", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return }
        var response = Response()
        response.setCookie(Cookie(parts[0], parts[1], path: parts[2]))
        let set = response.fields.all.map(\.value)
        try require(set.isEmpty == (response.fields.fault != nil), "a cookie is set although it is at fault")
        try require(set.allSatisfy { Grammar.isFieldContent($0) }, "a cookie holds a control character")
        try require(set.allSatisfy { $0.split(separator: ";").count == 4 }, "a cookie brings attributes: \(set)")
    }
}
