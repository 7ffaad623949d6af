import Testing

@testable import daybreak

@Suite struct `Allowed hosts` {
    @Test(arguments: [
        (["example.com"], "example.com"), (["example.com"], "EXAMPLE.com:8000"), (["example.com"], "example.com."),
        ([".example.com"], "example.com"), ([".example.com"], "a.b.example.com"), (["*"], "anything.test:1"),
        (["[::1]"], "[::1]:8000"), (["10.0.0.1"], "10.0.0.1"), ([], "localhost:8000"), ([], "a.localhost"),
        ([], "127.0.0.1"), ([], "[::1]"),
    ])
    func `these are let in`(patterns: [String], host: String) {
        #expect(AllowedHosts(patterns).allows(host))
    }

    @Test(arguments: [
        (["example.com"], "a.example.com"), (["example.com"], "example.com.evil.test"),
        ([".example.com"], "badexample.com"),
        (["example.com"], ""), (["*"], "a b"), (["*"], "a/b"), (["*"], "[::1"), (["*"], "a:b"), (["*"], ":8000"),
        (["example.com"], "example.com:80:90"), ([], "192.168.1.1"), ([], "evil.test"), (["*"], "a@b"),
    ])
    func `these are not`(patterns: [String], host: String) {
        #expect(!AllowedHosts(patterns).allows(host))
    }
}
