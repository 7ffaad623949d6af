import Compute
import Foundation
import HTTP
import Networking
import ServiceCore
import TestSupport
import Testing

@testable import API

@Suite struct `The metadata service` {
    private let cloud: MetadataCloud

    init() throws { cloud = try MetadataCloud() }

    /// Asks without a socket.
    private func ask(
        _ path: String, on network: String, from address: String, method: HTTP.Method = .get,
        fields: KeyValuePairs<String, String> = [:]
    ) async throws -> (status: Int, text: String) {
        let request = Request.testing(method, path, fields: fields, from: address, listener: network)
        let response = await cloud.service().router.answer(request)
        return (response.status.code, String(decoding: try await response.collectedContent(), as: UTF8.self))
    }

    @Test func `answers every path of the seed's listing`() async throws {
        let network = try cloud.network("lab")
        let key = try cloud.compute.createKeypair(named: "laptop", as: MetadataCloud.admin)
        let instance = try cloud.launch("web", on: network, at: "127.0.5.9") {
            $0.keypairName = "laptop"
            $0.userData = Array("#!/bin/sh\n".utf8)
        }
        for (path, text) in [
            (
                "/",
                "1.0\n2007-01-19\n2007-03-01\n2007-08-29\n2007-10-10\n2007-12-15\n2008-02-01\n2008-09-01\n"
                    + "2009-04-04\nlatest"
            ),
            ("/2009-04-04/", "meta-data/\nuser-data"), ("/latest", "meta-data/\nuser-data"),
            ("/2009-04-04/meta-data/instance-id", "i-00000001"), ("/latest/meta-data/hostname", "web"),
            ("/latest/meta-data/local-ipv4", "127.0.5.9"), ("/latest/meta-data/public-keys/", "0=laptop"),
            ("/latest/meta-data/public-keys/0/", "openssh-key"),
            ("/latest/meta-data/public-keys/0/openssh-key", key.keypair.publicKey),
            ("/latest/meta-data/block-device-mapping/", "ami\nroot"),
            ("/latest/meta-data/placement/availability-zone", "nova"), ("/2009-04-04/user-data", "#!/bin/sh\n"),
            ("/latest/meta-data/reservation-id", instance.reservationID), ("//latest//user-data", "#!/bin/sh\n"),
            ("/ec2/latest/user-data", "#!/bin/sh\n"), ("/openstack/latest/user_data", "#!/bin/sh\n"),
            ("/openstack/latest/vendor_data.json", "{}"),
            ("/openstack/2016-10-06/vendor_data2.json", #"{"static":{}}"#),
            ("/openstack/2012-08-10", "meta_data.json\nuser_data"),
        ] {
            #expect(try await ask(path, on: network, from: "127.0.5.9") == (200, text), "\(path)")
        }
        let versions = try await ask("/openstack", on: network, from: "127.0.5.9").text.split(separator: "\n")
        #expect(versions.first == "2012-08-10" && versions.contains("2018-08-27") && versions.last == "latest")
        for version in versions + ["2018-08-27/"] {
            let path = "/openstack/\(version)/meta_data.json"
            let data = Data(try await ask(path, on: network, from: "127.0.5.9").text.utf8)
            let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            #expect(json?["uuid"] as? String == instance.id.text, "\(path)")
        }
    }

    @Test(arguments: [
        "/dashboard", "/dashboard/", "/dashboard/auth/login/", "/static/css/daybreak.css", "/identity/v3", "/metrics",
        "/healthz", "/2010-01-01/", "/latest/nothing", "/latest/meta-data/nothing", "/openstack/2000-01-01",
        "/openstack/latest/password", "/openstack/latest/meta_data.json/x", "/openstack/2013-04-04/network_data.json",
        "/openstack/latest/user_data", "/latest/user-data", "/etc/passwd", "/openstack/content/0000",
        "/latest/meta-data/public-keys/",
    ])
    func `has nothing else`(path: String) async throws {
        let network = try cloud.network("lab")
        _ = try cloud.launch("web", on: network, at: "127.0.5.9")
        #expect(try await ask(path, on: network, from: "127.0.5.9").status == 404)
    }

    @Test func `has the files that were given at the launch, and only those`() async throws {
        let network = try cloud.network("lab")
        _ = try cloud.launch("web", on: network, at: "127.0.5.9") {
            $0.files = [InjectedFile(path: "/etc/motd", contents: Array("hello".utf8))]
        }
        #expect(try await ask("/openstack/content/0000", on: network, from: "127.0.5.9") == (200, "hello"))
        for path in ["/openstack/content", "/openstack/content/0001", "/openstack/content/0000/x"] {
            #expect(try await ask(path, on: network, from: "127.0.5.9").status == 404)
        }
    }

    @Test func `is not written to`() async throws {
        let network = try cloud.network("lab")
        _ = try cloud.launch("web", on: network, at: "127.0.5.9")
        for method in [HTTP.Method.post, .put, .delete] {
            #expect(try await ask("/latest/", on: network, from: "127.0.5.9", method: method).status == 405)
        }
        #expect(try await ask("/latest/", on: network, from: "127.0.5.9", method: .head).status == 200)
    }

    @Test func `knows a guest by its network and its address and by nothing it says`() async throws {
        let (a, b) = (try cloud.network("a"), try cloud.network("b"))
        _ = try cloud.launch("first", on: a, at: "127.0.5.9")
        _ = try cloud.launch("second", on: b, at: "127.0.5.9")
        let neighbour = try cloud.launch("third", on: b, at: "127.0.5.10")
        let path = "/latest/meta-data/hostname"
        #expect(try await ask(path, on: a, from: "127.0.5.9").text == "first")
        #expect(try await ask(path, on: b, from: "127.0.5.9").text == "second")
        for name in ["X-Forwarded-For", "X-Instance-ID", "Forwarded", "X-Real-IP", "X-Metadata-Provider"] {
            for value in ["127.0.5.10", neighbour.id.text] {
                let answer = try await ask(path, on: b, from: "127.0.5.9", fields: [name: value])
                #expect(answer.text == "second", "\(name): \(value)")
            }
        }
        for stranger in ["127.0.5.77", "127.0.0.1", "::1"] {
            #expect(try await ask(path, on: a, from: stranger).status == 404)
            #expect(try await ask("/", on: a, from: stranger).status == 404)
        }
        for network in ["", "x", UUID().uuidString.lowercased()] {
            #expect(try await ask(path, on: network, from: "127.0.5.9").status == 404)
        }
        try cloud.networking.seed(ownerProjectID: "p-admin")
        // The DHCP server has an address there too, and is nobody's guest.
        let dhcp = try #require(
            try cloud.networking.ports(as: MetadataCloud.admin).first { $0.deviceOwner == "network:dhcp" })
        let address = try #require(dhcp.fixedIPs.first?.address.description)
        #expect(try await ask(path, on: dhcp.networkID.text, from: address).status == 404)
    }

    @Test func `hands user data over byte by byte and each guest its own over real sockets`() async throws {
        let (a, b) = (try cloud.network("a"), try cloud.network("b"))
        let bytes = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        _ = try cloud.launch("first", on: a, at: "127.0.5.9") { $0.userData = bytes }
        _ = try cloud.launch("second", on: b, at: "127.0.5.9")
        try await cloud.serving([a, b]) { ports in
            for path in ["/latest/user-data", "/openstack/latest/user_data"] {
                let answer = try LoopbackSocket.ask(path, port: ports[0], from: "127.0.5.9")
                #expect(answer.status == 200 && answer.content == bytes)
                #expect(answer.head.contains("application/octet-stream"))
                #expect(try LoopbackSocket.ask(path, port: ports[1], from: "127.0.5.9").status == 404)
            }
            let name = try LoopbackSocket.ask("/latest/meta-data/hostname", port: ports[1], from: "127.0.5.9")
            #expect(name.text == "second" && name.head.contains("text/plain"))
            let page = try LoopbackSocket.ask("/dashboard/", port: ports[0], from: "127.0.5.9")
            #expect(page.status == 404 && !page.text.contains("<"))
            let long = String(repeating: "x", count: 4 << 10)
            #expect(try LoopbackSocket.ask("/" + long, port: ports[0], from: "127.0.5.9").status == 414)
            let heavy = ["Content-Length: 100000"]
            #expect(
                try LoopbackSocket.ask("/latest/", port: ports[0], from: "127.0.5.9", fields: heavy).status == 413)
        }
    }

    @Test func `slows down a guest that asks too often, and nobody else`() async throws {
        let (a, b) = (try cloud.network("a"), try cloud.network("b"))
        _ = try cloud.launch("first", on: a, at: "127.0.5.9")
        _ = try cloud.launch("second", on: b, at: "127.0.5.9")
        try await cloud.serving([a, b], rate: RequestRate(burst: 3, perSecond: 0.01)) { ports in
            let path = "/latest/meta-data/hostname"
            for _ in 0..<3 { #expect(try LoopbackSocket.ask(path, port: ports[0], from: "127.0.5.9").status == 200) }
            let refusal = try LoopbackSocket.ask(path, port: ports[0], from: "127.0.5.9")
            #expect(refusal.status == 429 && refusal.head.contains("Retry-After: "))
            #expect(try LoopbackSocket.ask("/nothing", port: ports[0], from: "127.0.5.9").status == 429)
            #expect(try LoopbackSocket.ask(path, port: ports[1], from: "127.0.5.9").status == 200)
            #expect(try LoopbackSocket.ask(path, port: ports[0], from: "127.0.5.10").status == 404)
        }
    }
}

@Suite struct `The rate of requests` {
    private final class Watch: @unchecked Sendable { var seconds = 0.0 }

    @Test func `is a burst and then so many a second`() {
        let watch = Watch()
        let rate = RequestRate(burst: 2, perSecond: 0.5, now: { watch.seconds })
        let guest = RequestRate.Guest(network: "n", address: "a")
        #expect(rate.wait(of: guest) == nil && rate.wait(of: guest) == nil)
        #expect(rate.wait(of: guest) == 2)
        watch.seconds = 1
        #expect(rate.wait(of: guest) == 1)
        watch.seconds = 2
        #expect(rate.wait(of: guest) == nil)
        watch.seconds = 1000
        #expect(rate.wait(of: guest) == nil && rate.wait(of: guest) == nil && rate.wait(of: guest) != nil)
    }

    @Test func `remembers only so many guests, and those who ask too much longest`() {
        let watch = Watch()
        let rate = RequestRate(burst: 2, perSecond: 1, mostGuests: 100, now: { watch.seconds })
        func guest(_ number: Int) -> RequestRate.Guest { .init(network: "n", address: "\(number)") }
        for number in 0..<99 { #expect(rate.wait(of: guest(number)) == nil) }
        watch.seconds = 1.5
        let greedy = guest(1_000)
        #expect(rate.wait(of: greedy) == nil && rate.wait(of: greedy) == nil)
        for number in 200..<250 { #expect(rate.wait(of: guest(number)) == nil) }
        #expect(rate.wait(of: greedy) != nil)
    }
}
