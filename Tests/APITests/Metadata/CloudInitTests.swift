import Compute
import Foundation
import Networking
import ServiceCore
import TestSupport
import Testing

/// The readers of cloud-init, which most guests have, against the real service. A namespace would bring the real address;
/// the readers take another one as well.
@Suite(
    .enabled(if: CloudInit.isThere, "needs cloud-init's Python modules (Debian: cloud-init), or DAYBREAK_CLOUD_INIT"))
struct `cloud-init` {
    @Test func `finds its data in the metadata service`() async throws {
        let cloud = try MetadataCloud()
        let network = try cloud.network("lab", cidr: "127.0.0.0/24")
        let key = try cloud.compute.createKeypair(named: "my key", as: MetadataCloud.admin)
        let instance = try cloud.launch("web \"1\"", on: network, at: "127.0.0.1") {
            $0.keypairName = "my key"
            $0.userData = Array("#cloud-config\n{}\n".utf8)
        }
        try await cloud.serving([network]) { ports in
            let program = """
                json, sys = __import__('json'), __import__('sys')
                from cloudinit.sources.helpers import openstack
                from cloudinit.sources.helpers import ec2
                base = sys.argv[1]
                found = openstack.MetadataReader(base, timeout=20, retries=0).read_v2()
                tree = ec2.get_instance_metadata('2009-04-04', base)
                script = ec2.get_instance_userdata('2009-04-04', base)
                network = openstack.convert_net_json(found['networkdata'], known_macs={
                    found['networkdata']['links'][0]['ethernet_mac_address']: 'eth0'})
                print(json.dumps({
                    'version': found['version'], 'uuid': found['metadata']['uuid'],
                    'hostname': found['metadata']['local-hostname'], 'name': found['metadata']['name'],
                    'keys': list(found['metadata']['public_keys'].values()),
                    'userdata': found['userdata'].decode(), 'ec2': found['ec2-metadata'],
                    'tree': tree, 'script': script.decode(), 'network': network}, default=str))
                """
            let answer = try CloudInit.run(program, "http://127.0.0.1:\(ports[0])")
            #expect(answer["version"] as? Int == 2)
            #expect(answer["uuid"] as? String == instance.id.text)
            #expect(answer["hostname"] as? String == "web-1" && answer["name"] as? String == "web \"1\"")
            #expect(answer["keys"] as? [String] == [key.keypair.publicKey])
            #expect(answer["userdata"] as? String == "#cloud-config\n{}\n")
            #expect(answer["script"] as? String == "#cloud-config\n{}\n")
            let tree = try #require(answer["tree"] as? [String: Any])
            #expect(tree["instance-id"] as? String == "i-00000001" && tree["local-ipv4"] as? String == "127.0.0.1")
            #expect((tree["placement"] as? [String: Any])?["availability-zone"] as? String == "nova")
            #expect((tree["block-device-mapping"] as? [String: Any])?["ami"] as? String == "vda")
            let config = (answer["network"] as? [String: Any])?["config"] as? [[String: Any]]
            let subnet = (config?.first?["subnets"] as? [[String: Any]])?.first
            #expect(subnet?["address"] as? String == "127.0.0.1" && subnet?["netmask"] as? String == "255.255.255.0")
        }
    }
}

enum CloudInit {
    /// A folder with its modules; "" for those of the system.
    private static var folder: String { ProcessInfo.processInfo.environment["DAYBREAK_CLOUD_INIT"] ?? "" }

    static let isThere = (try? run("import cloudinit.sources.helpers.openstack; print('{}')")) != nil

    /// Runs a program that prints a JSON object.
    static func run(_ program: String, _ arguments: String...) throws -> [String: Any] {
        let log = FileManager.default.temporaryDirectory.appending(path: "cloud-init-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: log) }
        let child = try ChildProcess(
            "/usr/bin/python3", ["-W", "ignore", "-c", program] + arguments,
            environment: ["PYTHONPATH": folder, "no_proxy": "*"], log: log)
        let deadline = ContinuousClock.now + .seconds(60)
        while child.isRunning, ContinuousClock.now < deadline { usleep(20_000) }
        let last = child.output.split(separator: "\n").last.map(String.init) ?? ""
        let json = try? JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        guard let json else { throw NeverHappened(description: child.output) }
        return json
    }
}
