import Compute
import Foundation
import HTTP
import Images
import Networking
import ServiceCore
import Testing

@testable import Dashboard

/// The same work done with the dashboard's forms and with nova's interface leaves the same rows, and the same jobs.
@Suite struct `Forms and JSON of compute` {
    static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@home"
    private static let servers = "/compute/v2.1/servers"

    /// What an instance is launched with; the same names to both, in their projects.
    private struct Parts {
        let image: String
        let network: String
        let group: String
        let serverGroup: String
    }

    private func scene(_ cloud: ParityCloud) throws -> (form: Parts, json: Parts) {
        let site = cloud.site
        let image = try site.makeImage().id.text
        let networks = try cloud.both("network", id: { $0.network.id.text }) { try site.makeNetwork(as: $0.context) }
        cloud.both("subnet", id: { $0 }) {
            $0.name == cloud.form.name ? networks.form.subnet.id.text : networks.json.subnet.id.text
        }
        let groups = try cloud.both("group", id: \.id.text) {
            try site.networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: $0.context)
        }
        let policy = NewServerGroup(name: "together", policy: "affinity")
        let serverGroups = try cloud.both("server group", id: \.id.text) {
            try site.compute.createServerGroup(policy, as: $0.context)
        }
        for person in [cloud.form, cloud.json] {
            _ = try site.compute.importKeypair(named: "mine", publicKey: Self.key, as: person.context)
        }
        return (
            Parts(
                image: image, network: networks.form.network.id.text, group: groups.form.id.text,
                serverGroup: serverGroups.form.id.text),
            Parts(
                image: image, network: networks.json.network.id.text, group: groups.json.id.text,
                serverGroup: serverGroups.json.id.text)
        )
    }

    @Test func `two instances with everything that there is to choose`() throws {
        let cloud = try ParityCloud()
        let (typed, sent) = try scene(cloud)
        let script = Data("#!/bin/sh\necho up > /run/state\n".utf8).base64EncodedString()
        let changes = try cloud.compare { browser in
            // Browsers end the lines of a text box with CRLF.
            try browser.fill(
                "/dashboard/project/instances/launch",
                [
                    "name": "web", "description": "serves pages", "count": "2", "availability_zone": "nova",
                    "image_id": typed.image, "flavor_id": "42", "networks": typed.network, "key_name": "mine",
                    "security_groups": typed.group, "server_group": typed.serverGroup, "config_drive": "on",
                    "user_data": "#!/bin/sh\r\necho up > /run/state\r\n",
                    "metadata": "role = front\r\nteam=blue, green",
                ])
        } json: { cloud in
            cloud.work(
                .post, Self.servers,
                """
                {"server": {"name": "web", "description": "serves pages", "min_count": 2, "max_count": 2,
                    "availability_zone": "nova", "imageRef": "\(sent.image)", "flavorRef": "42",
                    "networks": [{"uuid": "\(sent.network)"}], "key_name": "mine",
                    "security_groups": [{"name": "web"}], "config_drive": true, "user_data": "\(script)",
                    "metadata": {"role": "front", "team": "blue, green"}},
                 "os:scheduler_hints": {"group": "\(sent.serverGroup)"}}
                """, version: "compute 2.60")
        }
        #expect(changes.filter { $0.hasPrefix("+ instances:") }.count == 2)
        #expect(changes.filter { $0.hasPrefix("+ jobs:") }.count == 2)
        #expect(changes.filter { $0.hasPrefix("+ instance_metadata:") }.count == 4)
    }

    @Test func `an instance of which nothing is said but what has to be`() throws {
        let cloud = try ParityCloud()
        let (typed, sent) = try scene(cloud)
        try cloud.compare { browser in
            try browser.fill(
                "/dashboard/project/instances/launch",
                ["name": "plain", "image_id": typed.image, "flavor_id": "1", "key_name": nil])
        } json: { cloud in
            cloud.work(
                .post, Self.servers,
                """
                {"server": {"name": "plain", "imageRef": "\(sent.image)", "flavorRef": "1", "availability_zone": "nova",
                    "networks": [{"uuid": "\(sent.network)"}]}}
                """)
        }
    }

    @Test func `a script that is no text is sent as it is`() throws {
        let cloud = try ParityCloud()
        let (typed, sent) = try scene(cloud)
        let packed: [UInt8] = [0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x80]
        try cloud.compare { browser in
            try browser.get("/dashboard/project/instances/launch")
            try browser.upload(
                Browser.File(field: "user_data_file", name: "seed.gz", bytes: packed),
                ["name": "packed", "image_id": typed.image, "flavor_id": "1"])
            #expect(browser.page.title == "packed")
        } json: { cloud in
            cloud.work(
                .post, Self.servers,
                """
                {"server": {"name": "packed", "imageRef": "\(sent.image)", "flavorRef": "1", "key_name": "mine",
                    "availability_zone": "nova",
                    "networks": [{"uuid": "\(sent.network)"}], "user_data": "\(Data(packed).base64EncodedString())"}}
                """)
        }
    }

    @Test func `what is done to an instance that runs`() throws {
        let cloud = try ParityCloud()
        let parts = try scene(cloud)
        let instances = try cloud.both("instance", id: \.id.text) { person in
            let mine = person.name == cloud.form.name ? parts.form : parts.json
            var request = LaunchRequest(name: "web", flavorID: "1", imageID: mine.image)
            request.networkIDs = [mine.network]
            return try cloud.site.compute.launch(request, as: person.context)[0]
        }
        try cloud.site.jobs.drain()
        let page = "/dashboard/project/instances/\(instances.form.id)/"
        let server = "\(Self.servers)/\(instances.json.id)"
        try cloud.compare { try $0.fill(page + "update/", ["name": "front", "description": "new"]) } json: {
            $0.work(.put, server, #"{"server": {"name": "front", "description": "new"}}"#, version: "compute 2.60")
        }
        try cloud.compare { try $0.fill(page + "metadata/", ["key": "role", "value": "back"]) } json: {
            $0.work(.put, server + "/metadata", #"{"metadata": {"role": "back"}}"#)
        }
        // The default group's box is ticked and stays so.
        try cloud.compare { try $0.fill(page + "security_groups/", [:], also: [("groups", parts.form.group)]) } json: {
            $0.work(.post, server + "/action", #"{"addSecurityGroup": {"name": "web"}}"#)
        }
        try cloud.compare { try $0.fill(page + "lock/", ["reason": "hands off"]) } json: {
            $0.work(
                .post, server + "/action", #"{"lock": {"locked_reason": "hands off"}}"#, version: "compute 2.73")
        }
        try cloud.compare {
            try $0.fill("/dashboard/project/images/\(instances.form.id)/create/", ["name": "kept"])
        } json: {
            $0.work(.post, server + "/action", #"{"createImage": {"name": "kept"}}"#)
        }
    }

    @Test func `a key pair, and a server group`() throws {
        let cloud = try ParityCloud()
        try cloud.compare {
            try $0.fill("/dashboard/project/key_pairs/import/", ["name": "laptop", "public_key": Self.key + "\r\n"])
        } json: {
            $0.work(
                .post, "/compute/v2.1/os-keypairs",
                #"{"keypair": {"name": "laptop", "public_key": "\#(Self.key)"}}"#)
        }
        try cloud.compare {
            try $0.fill(
                "/dashboard/project/server_groups/create/",
                ["name": "apart", "policy": "anti-affinity", "max_server_per_host": "3"])
        } json: {
            $0.work(
                .post, "/compute/v2.1/os-server-groups",
                #"{"server_group": {"name": "apart", "policy": "anti-affinity", "rules": {"max_server_per_host": 3}}}"#,
                version: "compute 2.64")
        }
    }

    @Test func `an aggregate with its zone, host and metadata, and the extra specs of a flavor`() throws {
        let cloud = try ParityCloud(role: "admin")
        let list = "/dashboard/admin/aggregates/"
        try cloud.compare { browser in
            try browser.fill(
                list + "create/",
                ["name": "rack of " + cloud.form.name, "availability_zone": "az1", "host-simulated": "on"])
            let id = try #require(try cloud.site.compute.aggregates(as: cloud.form.context).first?.id)
            try browser.fill(list + "\(id)/update_metadata/", ["metadata": "availability_zone = az1\r\nssd = true"])
            try browser.fill(list + "\(id)/manage_hosts/", ["host-simulated": nil])
            try browser.fill(list + "\(id)/update/", ["name": "<rack> of " + cloud.form.name])
        } json: { cloud in
            let path = "/compute/v2.1/os-aggregates"
            let id = cloud.work(
                .post, path,
                #"{"aggregate": {"name": "rack of \#(cloud.json.name)", "availability_zone": "az1"}}"#)["aggregate.id"]
            cloud.work(.post, "\(path)/\(id)/action", #"{"add_host": {"host": "simulated"}}"#)
            cloud.work(.post, "\(path)/\(id)/action", #"{"set_metadata": {"metadata": {"ssd": "true"}}}"#)
            cloud.work(.post, "\(path)/\(id)/action", #"{"remove_host": {"host": "simulated"}}"#)
            cloud.work(.put, "\(path)/\(id)", #"{"aggregate": {"name": "<rack> of \#(cloud.json.name)"}}"#)
        }
        let flavors = try cloud.both("flavor", id: \.id) {
            try cloud.site.compute.createFlavor(
                NewFlavor(name: "of " + $0.name, id: nil, vcpus: 1, memoryMiB: 64, diskGiB: 1), as: $0.context)
        }
        try cloud.compare {
            try $0.fill(
                "/dashboard/admin/flavors/\(flavors.form.id)/update_metadata/",
                ["metadata": "hw:cpu_policy = shared\r\n"])
        } json: {
            $0.work(
                .post, "/compute/v2.1/flavors/\(flavors.json.id)/os-extra_specs",
                #"{"extra_specs": {"hw:cpu_policy": "shared"}}"#)
        }
    }
}
