import Foundation
import Testing

@testable import Compute

@Suite struct `The pattern of a name` {
    @Test(arguments: [
        ("web", "my-WEB-1", true), ("web", "wb", false), ("^web", "my-web", false), ("^web", "web-1", true),
        ("1$", "web-1", true), ("1$", "web-12", false), (#"^.*\-instance\-[0-9]+$"#, "tempest-instance-42", true),
        (#"^.*\-instance\-[0-9]+$"#, "tempest-instance-x", false), ("a|b", "xbx", true), ("a|b", "xcx", false),
        ("(ab)+c", "ababc", true), ("(ab)+c", "c", false), ("ab*c", "ac", true), ("ab?c", "abbc", false),
        ("[^a-c]", "abc", false), ("[^a-c]", "abcd", true), ("[]x]", "]", true), (".", "", false), ("^$", "", true),
        (#"\d\d"#, "a12", true), (#"\."#, "ab", false), (#"\."#, "a.b", true), ("^a|b$", "xb", true),
        ("^(web|db)-[0-9]$", "db-7", true), ("^(web|db)-[0-9]$", "db-77", false), ("x.*y.*z", "xaybz", true),
    ])
    func `finds what a regular expression finds`(pattern: String, name: String, found: Bool) {
        #expect(NamePattern(pattern).matches(name) == found)
    }

    @Test(arguments: ["[", "(", "a**", "*", "x)", "a{2}", #"\"#])
    func `stands for itself when it is none`(pattern: String) {
        #expect(NamePattern(pattern).matches("<\(pattern)>"))
        #expect(!NamePattern(pattern).matches("y"))
    }

    @Test func `takes no more time for what others never end with`() {
        let pattern = NamePattern("^((a*)*)*b$")
        let begin = Date()
        #expect(!pattern.matches(String(repeating: "a", count: 255)))
        #expect(Date().timeIntervalSince(begin) < 5)
    }
}
