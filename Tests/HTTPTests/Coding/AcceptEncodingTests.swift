import Testing

@testable import HTTP

/// What clients say about codings, and what is made of it: RFC 9110 section 12.5.3, weights of section 12.4.2.
struct AcceptEncodingTests {
    private func accept(_ values: String...) -> AcceptEncoding {
        var fields = Fields()
        for value in values { fields.add("accept-encoding", value) }
        return AcceptEncoding(fields)
    }

    @Test(arguments: [
        ("gzip", true), ("GZip", true), ("gzip, deflate, br, zstd", true), ("br;q=1.0,gzip;q=0.8, *;q=0.1", true),
        ("deflate", false), ("br", false), ("gzipped", false), ("gzi", false),
    ])
    func `12.5.3 gzip is sent to those who list it`(value: String, isGzip: Bool) {
        #expect(accept(value).prefersGzip == isGzip)
    }

    @Test func `12.5.3 without the field nothing is said, and an empty one asks for identity`() {
        #expect(!accept().prefersGzip)
        #expect(!accept("").prefersGzip)
        #expect(accept("") == accept())
    }

    @Test func `8.4.1.3 the old name of gzip means the same`() {
        #expect(accept("x-gzip").prefersGzip)
        #expect(!accept("x-gzip;q=0, *").prefersGzip)
    }

    @Test(arguments: ["gzip;q=0", "gzip;q=0.0", "gzip;q=0.000", "*;q=0", "*, gzip;q=0", "identity, *;q=0"])
    func `12.4.2 a weight of nought refuses`(value: String) {
        #expect(!accept(value).prefersGzip)
    }

    @Test(arguments: [
        ("*", true), ("*;q=0.5", true), ("*;q=0.5, identity;q=0.4", true), ("*;q=0.5, identity", false),
        ("gzip;q=0.3, *;q=0.5", false), ("gzip;q=0.5, *;q=0.3", true),
    ])
    func `12.5.3 the asterisk stands for what is not listed, identity included`(value: String, isGzip: Bool) {
        #expect(accept(value).prefersGzip == isGzip)
    }

    @Test(arguments: [
        ("gzip;q=0.5, identity;q=0.6", false), ("gzip;q=0.5, identity;q=0.5", true), ("gzip;q=0.001", true),
        ("identity;q=0, gzip", true), ("identity;q=0", false), ("gzip;q=0.299, identity;q=0.3", false),
    ])
    func `12.5.3 the larger weight wins, and between equal ones the shorter content`(value: String, isGzip: Bool) {
        #expect(accept(value).prefersGzip == isGzip)
    }

    @Test(arguments: [
        ("gzip;q=1", 1000), ("gzip;q=1.", 1000), ("gzip;q=1.000", 1000), ("gzip;q=0.8", 800), ("gzip;Q=0.85", 850),
        ("gzip;q=0.123", 123), ("gzip \t; \tq=0.5\t", 500), (" gzip ", 1000), ("gzip;q=0.", 0),
    ])
    func `12.4.2 weights are read to the thousandth`(value: String, weight: Int) {
        #expect(accept(value).gzip == weight)
    }

    @Test(arguments: [
        "gzip;q=1.001", "gzip;q=2", "gzip;q=0.1234", "gzip;q=-1", "gzip;q=.5", "gzip;q", "gzip;q=", "gzip;q= 1",
        "gzip;q =1", "gzip;", "gzip;level=9", "gzip;q=1;x", "gzip q=1", "gzip deflate", ";q=1", "\"gzip\"",
        "gzip;q=1.0x",
    ])
    func `12.4.2 an element that does not follow the grammar is not there, and its neighbours are`(value: String) {
        #expect(accept(value).gzip == nil)
        #expect(accept(value + ", identity;q=0.7").identity == 700)
    }

    @Test func `5.3 several fields are one list, and empty elements of a list are skipped (5.6.1)`() {
        #expect(accept("identity;q=0.1", "gzip;q=0.2") == accept(",identity;q=0.1,, ,gzip;q=0.2,"))
        #expect(accept("identity", "gzip;q=0.2").prefersGzip == false)
    }
}
