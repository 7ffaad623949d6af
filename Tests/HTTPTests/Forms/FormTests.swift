import Testing

@testable import HTTP

struct FormTests {
    private func form(_ text: String, limits: FormLimits = .fields) throws -> [String] {
        try FormData.urlEncoded(Array(text.utf8), limits: limits).pairs.map { "\($0.name)=\($0.value)" }
    }

    @Test func `urlencoded pairs keep order, repetition and emptiness`() throws {
        #expect(try form("a=1&b=2&a=3&c&d=&=e&&f=%3D%26+%2B") == ["a=1", "b=2", "a=3", "c=", "d=", "=e", "f==& +"])
        #expect(try form("").isEmpty)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%4g", "%zz=1", "a=%ff", "a=%C3%28"])
    func `malformed encoding is refused`(text: String) {
        #expect(throws: RequestError.self) { try form(text) }
    }

    @Test func `too many pairs are refused`() throws {
        #expect(try form("a&b&c", limits: FormLimits(fieldCount: 3)).count == 3)
        #expect(throws: RequestError.self) { try form("a&b&c&d", limits: FormLimits(fieldCount: 3)) }
    }

    @Test func `percent-coding is its own inverse and decodes once`() {
        for text in ["", "a b/c?d", "100%", "ü€😀", "%41", "+"] {
            #expect(PercentCoding.decode(PercentCoding.encode(text)) == text)
        }
        #expect(PercentCoding.decode("%2541") == "%41")
        #expect(PercentCoding.decode("a+b") == "a+b")
    }

    @Test func `cookies are read as RFC 6265 has them, others left out`() {
        var fields = Fields()
        fields.add("Cookie", "sessionid=abc; b=\"quoted\";c=;bad name=1; d=a b; nothing; sessionid=second; e==x")
        let cookies = Cookies(fields)
        #expect(cookies["sessionid"] == "abc")
        #expect(cookies["b"] == "quoted")
        #expect(cookies["c"] == "")
        #expect(cookies["d"] == nil)
        #expect(cookies["e"] == "=x")
        #expect(cookies.pairs.count == 5)
    }

    @Test func `a cookie is set with its attributes, or not at all`() {
        var response = Response()
        response.setCookie(Cookie("sessionid", "abc", maxAge: 60, secure: true))
        #expect(
            response.fields["Set-Cookie"] == "sessionid=abc; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax")
        for (name, value, path) in [("a b", "1", "/"), ("a", "1;2", "/"), ("a", "1\r\nX: y", "/"), ("a", "1", "/;x")] {
            var response = Response()
            response.setCookie(Cookie(name, value, path: path))
            #expect(response.fields["Set-Cookie"] == nil)
            #expect(response.fields.fault != nil)
        }
    }

    @Test func `fields compare names without case and keep order`() {
        var fields = Fields()
        fields.add("Accept", "a")
        fields.add("ACCEPT", "b")
        fields.add("X", "1")
        #expect(fields["accept"] == "a")
        #expect(fields.values(for: "aCCept") == ["a", "b"])
        fields.set("accept", "c")
        #expect(fields.all.map(\.value) == ["1", "c"])
        #expect(fields.fault == nil)
        fields.add("X", "a\nb")
        fields.add("X y", "a")
        #expect(fields.fault?.name == "X")
        #expect(fields.count == 2)
    }

    @Test func `parameters of a media type are read`() {
        let type = MediaType("Multipart/Form-Data ; boundary=\"a b\\\"c\" ; Charset=utf-8;")
        #expect(type?.name == "multipart/form-data")
        #expect(type?.parameters == ["boundary": "a b\"c", "charset": "utf-8"])
        for bad in ["", ";a=b", "a/b; c", "a/b; c=", "a/b; c=\"d", "a/b; c=d; c=e", "a/b c"] {
            #expect(MediaType(bad) == nil, "\(bad)")
        }
    }
}
