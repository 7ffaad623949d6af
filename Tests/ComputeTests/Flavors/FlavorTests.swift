import Database
import ServiceCore
import Testing

@testable import Compute

struct FlavorTests {
    @Test func `a new cloud has the classical flavors`() throws {
        let cloud = try TestCloud()
        let flavors = try cloud.compute.flavors(as: TestCloud.member)
        #expect(
            flavors.map { "\($0.id) \($0.name) \($0.vcpus)/\($0.memoryMiB)/\($0.diskGiB)" } == [
                "42 m1.micro 1/128/1", "1 m1.tiny 1/512/1", "2 m1.small 1/2048/20",
                "3 m1.medium 2/4096/40", "4 m1.large 4/8192/80",
            ])
        #expect(serviceError { _ = try cloud.compute.flavor("99", as: TestCloud.member) }?.kind == .notFound)
    }

    @Test func `a flavor that was deleted does not come back with the next start`() throws {
        let cloud = try TestCloud()
        try cloud.database.write { try $0.execute("DELETE FROM flavors WHERE id = '4'") }
        let restarted = try TestCloud(after: cloud)
        #expect(try restarted.compute.flavors(as: TestCloud.member).map(\.id) == ["42", "1", "2", "3"])
    }

    @Test(arguments: [
        ("My Web_Server.1", "my-web-server-1"), ("web", "web"), ("--a--", "a"), ("Ünïcode", "ncode"),
        (String(repeating: "a", count: 70), String(repeating: "a", count: 63)), ("数据库", "server-i-1"),
    ])
    func `a guest's host name is made of the instance's name`(name: String, label: String) {
        #expect(Hostname.label(for: name, id: ID("i-1")) == label)
    }
}
