import Networking
import ServiceCore
import Testing

@testable import Compute

/// The security groups that an instance's interfaces have.
@Suite struct InstanceSecurityGroupTests {
    let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    private func names(of instance: Instance) throws -> [String] {
        try cloud.networking.securityGroups(ofInstance: instance.id.text, as: TestCloud.member).map(\.name)
    }

    @Test func `a launch gives its groups to the new interfaces, and they are changed while the guest runs`() throws {
        let web = try cloud.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: TestCloud.member)
        var request = try cloud.request("vm")
        request.securityGroups = ["default", web.id.text]
        let instance = try cloud.compute.launch(request, as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try names(of: instance) == ["default", "web"])
        try cloud.compute.setSecurityGroups(["web"], of: instance.id, as: TestCloud.member)
        #expect(try names(of: instance) == ["web"])
        try cloud.compute.setSecurityGroups([], of: instance.id, as: TestCloud.member)
        #expect(try names(of: instance).isEmpty)
    }

    @Test func `an interface that is attached has the groups that were named, the default one when none was`() throws {
        let instance = try cloud.launch()
        _ = try cloud.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: TestCloud.member)
        func groups(_ names: [String]?) throws -> [String] {
            var request = InterfaceRequest(networkID: try cloud.network.id.text)
            if let names { request.securityGroups = names }
            let port = try cloud.compute.attachInterface(to: instance.id, request, as: TestCloud.member)
            try cloud.jobs.drain()
            return try port.securityGroupIDs.map { try cloud.networking.securityGroup($0, as: TestCloud.member).name }
        }
        #expect(try groups(nil) == ["default"])
        #expect(try groups(["web"]) == ["web"])
        #expect(serviceError { _ = try groups(["nobody's"]) }?.kind == .notFound)
    }

    @Test func `running or not an instance gets others, and only those of its project`() throws {
        let instance = try cloud.launch()
        let foreign = try cloud.networking.createSecurityGroup(NewSecurityGroup(name: "x"), as: TestCloud.stranger)
        let unknown = serviceError {
            try cloud.compute.setSecurityGroups([foreign.id.text], of: instance.id, as: TestCloud.member)
        }
        #expect(unknown?.kind == .notFound)
        #expect(try names(of: instance) == ["default"])
        try cloud.compute.perform(.stop, on: instance.id, as: TestCloud.member)
        try cloud.jobs.drain()
        // A lock does not keep them, as in nova.
        try cloud.compute.perform(.lock, on: instance.id, as: TestCloud.member)
        try cloud.compute.setSecurityGroups([], of: instance.id, as: TestCloud.member)
        #expect(try names(of: instance).isEmpty)
    }
}
