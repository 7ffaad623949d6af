import Database
import Foundation
import Markup
import TestSupport
import Testing

/// The tutorial's last deed: two instances on one network, and a look behind the curtain. Real guests, which a real DHCP
/// server gives their addresses; one reads who it is from its config drive, the other asks the metadata service. Bridges,
/// guests and their libvirtd are in a namespace of the test's own.
@Suite(
    .enabled(if: RealGuests.missing == nil, "needs libvirt, qemu and the guest image's packages"),
    .enabled(if: NetworkNamespaces.missing == nil, "needs \(NetworkNamespaces.missing ?? "")"),
    .serialized, .timeLimit(.minutes(10)))
struct `Two guests on one network` {
    @Test func `get the recorded addresses, reach each other until a rule goes, and are seen with brctl and ip netns`()
        async throws
    {
        let namespace = "daybreak-" + UUID().uuidString.prefix(8).lowercased()
        let daybreak = try await DaybreakProcess(settings: [
            "LIBVIRT_URI": "\"auto\"", "HOST_NETWORK": "\"bridge\"", "HOST_NAMESPACE": "\"\(namespace)\"",
        ])
        defer {
            daybreak.remove()
            NetworkNamespaces.delete(namespace)
        }
        do {
            try await launchAndLook(daybreak, namespace)
        } catch {
            throw NeverHappened(description: "\(error)\nLog:\n\(daybreak.process.output)")
        }
    }

    private func launchAndLook(_ daybreak: DaybreakProcess, _ namespace: String) async throws {
        let aftermath = Aftermath(state: daybreak.state)
        let client = WebClient(daybreak.address)
        try await client.logIn()
        _ = try await waitUntil("there is an image", seconds: 120) {
            try aftermath.texts("SELECT name AS text FROM images WHERE status = 'active'").first
        }
        _ = try await client.submit(
            try await client.get("/dashboard/project/key_pairs/import/"), action: "/import/",
            ["name": "mine", "public_key": Self.key])
        try await launch("first", script: "#!/bin/sh\n", ["config_drive": "on"], client)
        let first = try await address(of: "first", aftermath)
        try await launch("second", script: Self.script(reaching: first), [:], client)
        let second = try await address(of: "second", aftermath)

        let network = try #require(try aftermath.texts("SELECT id AS text FROM networks").first)
        let dhcp = try #require(
            try aftermath.texts(
                "SELECT ip_address AS text FROM ipallocations JOIN ports ON ports.id = port_id WHERE device_owner = 'network:dhcp'"
            ).first)
        for (name, address) in [("first", first), ("second", second)] {
            let log = try await console(of: name, containing: "Ready after", daybreak, aftermath)
            #expect(log.contains("eth0: \(address)/24, from \(dhcp)"))
            #expect(log.contains("169.254.169.254 via \(dhcp) dev eth0"))
            #expect(log.contains("default via 192.168.56.2 dev eth0"))
        }
        let log = try await console(of: "second", containing: "Ready after", daybreak, aftermath)
        for expected in ["Asked the metadata service.", Self.key, "It reaches the first one."] {
            #expect(log.contains(expected))
        }
        try await takeRuleAway(client, daybreak, aftermath)
        try await lookBehind(network, dhcp, namespace, aftermath)
        try await deleteAll(client, aftermath, network, namespace)
    }

    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@home"

    /// Shows the key that came, waits until `address` answers, and watches in the background until it answers no more.
    private static func script(reaching address: String) -> String {
        """
        #!/bin/sh
        cat /root/.ssh/authorized_keys
        until ping -c 1 -W 1 \(address) > /dev/null; do sleep 1; done
        echo 'It reaches the first one.'
        (while ping -c 1 -W 1 \(address) > /dev/null; do sleep 1; done; echo 'It is cut off.') > /dev/console 2>&1 &
        """
    }

    /// The default group lets its members in by one rule; without it a running ping ends, and the page says why.
    private func takeRuleAway(_ client: WebClient, _ daybreak: DaybreakProcess, _ aftermath: Aftermath) async throws {
        let ids = try aftermath.texts(
            """
            SELECT security_group_id || ' ' || id AS text FROM securitygrouprules
            WHERE direction = 'ingress' AND ethertype = 'IPv4'
            AND security_group_id IN (SELECT security_group_id FROM securitygroupportbindings)
            """
        ).first?.split(separator: " ").map(String.init)
        let (group, rule) = (try #require(ids?.first), try #require(ids?.last))
        let second = try #require(try aftermath.texts("SELECT id AS text FROM instances WHERE name = 'second'").first)
        let first = try #require(try aftermath.texts("SELECT id AS text FROM instances WHERE name = 'first'").first)
        let question =
            "/dashboard/admin/instances/\(second)/?tab=instance_details__network&target=instance"
            + "&target_instance=\(first)&protocol=icmp"
        let before = try await client.get(question)
        #expect(try before.texts("//*[contains(@class, 'reach-clear')]").count == 1)
        #expect(!before.text.contains("Not as it should be"))
        try await delete("rules__delete__\(rule)", at: "/dashboard/project/security_groups/\(group)/", client)
        _ = try await console(of: "second", containing: "It is cut off.", daybreak, aftermath)
        let page = try await client.get(question)
        #expect(page.text.contains("No rule of the port's security groups lets ICMP"))
    }

    /// Rows 14 and 16 of the tutorial: the bridge with its taps, and the namespace with its addresses.
    private func lookBehind(_ network: String, _ dhcp: String, _ namespace: String, _ aftermath: Aftermath) async throws
    {
        let bridge = "brq" + network.prefix(11)
        let plugged = try await NetworkNamespaces.ip(namespace, "-brief", "link", "show", "master", bridge)
        let taps = Set(
            plugged.split(separator: "\n").compactMap { $0.split(whereSeparator: " @".contains).first }.map(String.init)
        )
        let ports = try aftermath.texts("SELECT id AS text FROM ports")
        #expect(ports.count == 3 && taps == Set(ports.map { "tap" + $0.prefix(11) }))
        #expect(NetworkNamespaces.names.contains("qdhcp-" + network))
        let inside = try await NetworkNamespaces.ip("qdhcp-" + network, "address", "show")
        let port = try #require(
            try aftermath.texts(
                "SELECT id || ' ' || mac_address AS text FROM ports WHERE device_owner = 'network:dhcp'"
            ).first)
        let parts = port.split(separator: " ")
        #expect(parts[1].hasPrefix("fa:16:3e:"))
        for expected in ["ns-\(parts[0].prefix(11))", String(parts[1]), "inet \(dhcp)/24", "inet 169.254.169.254/16"] {
            #expect(inside.contains(expected))
        }
    }

    private func deleteAll(
        _ client: WebClient, _ aftermath: Aftermath, _ network: String, _ namespace: String
    ) async throws {
        for name in ["first", "second"] {
            let id = try #require(
                try aftermath.texts("SELECT id AS text FROM instances WHERE name = \(name) AND vm_state <> 'deleted'")
                    .first)
            try await delete("instances__delete__\(id)", at: "/dashboard/project/instances/", client)
        }
        _ = try await waitUntil("both are gone", seconds: 60) {
            try aftermath.addresses().isEmpty ? true : nil
        }
        try await delete("networks__delete__\(network)", at: "/dashboard/admin/networks/", client)
        _ = try await waitUntil("the network has left nothing", seconds: 30) {
            let links = try await NetworkNamespaces.ip(namespace, "-brief", "link")
            let isGone = !links.contains("brq") && !links.contains("tap")
            return isGone && !NetworkNamespaces.names.contains("qdhcp-" + network) ? true : nil
        }
    }

    /// Presses a row's button and confirms it.
    private func delete(_ button: String, at path: String, _ client: WebClient) async throws {
        let question = try await client.submit(try await client.get(path), action: path, button: ("action", button))
        let confirmation = try question.document.xpath("//main//form//button[@name='action']").first?.attribute("value")
        _ = try await client.submit(question, action: path, button: ("action", try #require(confirmation)))
    }

    private func launch(
        _ name: String, script: String, _ more: [String: String], _ client: WebClient
    ) async throws {
        let form = try await client.get("/dashboard/project/instances/launch/")
        let flavor = try form.document.xpath("//tr[.//label='m1.micro']//input").first?.attribute("value")
        let page = try await client.submit(
            form, action: "/instances/launch/",
            ["name": name, "flavor_id": flavor ?? "", "user_data": script].merging(more) { $1 })
        guard page.text.contains("Scheduled creation") else { throw NeverHappened(description: page.text) }
    }

    private func address(of name: String, _ aftermath: Aftermath) async throws -> String {
        try await waitUntil("\(name) runs", seconds: 120) {
            let fault = try aftermath.texts(
                "SELECT details AS text FROM instance_faults JOIN instances ON instances.id = instance_id WHERE name = \(name)"
            )
            if let fault = fault.first { throw NeverHappened(description: fault) }
            return try aftermath.texts(
                """
                SELECT ip_address AS text FROM ipallocations JOIN ports ON ports.id = port_id
                JOIN instances ON instances.id = device_id WHERE instances.name = \(name) AND vm_state = 'active'
                """
            ).first
        }
    }

    private func console(
        of name: String, containing text: String, _ daybreak: DaybreakProcess, _ aftermath: Aftermath
    ) async throws -> String {
        let id = try aftermath.texts("SELECT id AS text FROM instances WHERE name = \(name)").first ?? ""
        let file = daybreak.state.appending(path: "instances/\(id)/console.log")
        let read: @Sendable () -> String = { String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self) }
        do {
            return try await waitUntil("\(name) says \(text)", seconds: 180) { read().contains(text) ? read() : nil }
        } catch {
            throw NeverHappened(description: "\(error)\n\(read())")
        }
    }
}
