import ServiceCore
import Testing

@testable import Compute

@Suite struct KeypairNameTests {
    @Test(arguments: ["mykey", "my-key", "my key", "key_1", "钥匙", "a-b c-d", String(repeating: "x", count: 255)])
    func `a name of words is accepted`(name: String) {
        #expect(KeypairName.violation(in: name) == nil)
    }

    @Test(arguments: [
        ("", "required"), (" key", "malformed_name"), ("key ", "malformed_name"), ("a--b", "malformed_name"),
        ("a  b", "malformed_name"), ("-", "malformed_name"), ("a/b", "malformed_name"), ("a.b", "malformed_name"),
        ("a\nb", "malformed_name"), ("<b>", "malformed_name"), (String(repeating: "x", count: 256), "too_long"),
    ])
    func `any other name is refused with its reason`(name: String, code: String) {
        let violation = KeypairName.violation(in: name)
        #expect(violation?.code == code)
        #expect(violation?.field == "name")
        #expect(violation?.value == name)
    }
}
