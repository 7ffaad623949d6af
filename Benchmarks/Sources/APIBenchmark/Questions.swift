import BenchmarkKit

/// What is asked, on a network and a subnet that are made for it.
struct Questions {
    let all: [Question]
    let validation, login, list, launch: Question

    /// Limits that do not end the measuring.
    static let quotas = """

        INSERT OR REPLACE INTO quotas (project_id, resource, hard_limit)
        SELECT id, resource, -1 FROM projects, (SELECT 'port' AS resource UNION SELECT 'network');
        INSERT OR REPLACE INTO compute_limits
        SELECT id, resource, -1 FROM projects,
            (SELECT 'instances' AS resource UNION SELECT 'cores' UNION SELECT 'ram');

        """

    init(_ client: CloudClient) throws {
        let network = try client.value(
            "POST", "/networking/v2.0/networks", #"{"network": {"name": "measured"}}"#, at: "network.id")
        _ = try client.value(
            "POST", "/networking/v2.0/subnets",
            #"{"subnet": {"network_id": "\#(network)", "cidr": "10.128.0.0/12", "ip_version": 4}}"#, at: "subnet.id")
        let image = try client.value(
            "POST", "/image/v2/images", #"{"name": "measured", "disk_format": "raw", "container_format": "bare"}"#,
            at: "id")
        try client.put("/image/v2/images/\(image)/file", String(repeating: "x", count: 1 << 20))
        let tokens = "/identity/v3/auth/tokens"
        validation = Question(name: "validate a token", path: tokens, connections: 2, goal: "", peer: .healthz)
        login = Question(
            name: "log in with a password", path: tokens, method: "POST", contents: [CloudClient.credentials],
            goal: "the hash alone", peer: .healthz)
        list = Question(
            name: "100 servers with detail", path: "/compute/v2.1/servers/detail?limit=100", goal: "<= 1,000 µs",
            peer: .healthz)
        launch = Question(
            name: "create a server (accepted)", path: "/compute/v2.1/servers", method: "POST",
            contents: [
                #"""
                {"server": {"name": "measured", "imageRef": "\#(image)", "flavorRef": "1", "networks": \#
                [{"uuid": "\#(network)"}]}}
                """#
            ], goal: "<= 5,000 µs", peer: .durableWrite)
        all = [
            Question(
                name: "validate a token, 64 connections", path: tokens, connections: 64, goal: ">= 10,000/s",
                peer: .healthz),
            Question(name: "validate a token", path: tokens, goal: "", peer: .healthz),
            login, list,
            Question(
                name: "1,000 servers with detail", path: "/compute/v2.1/servers/detail?limit=1000",
                goal: "<= 6,000 µs", peer: .healthz),
            launch,
            Question(
                name: "create a port", path: "/networking/v2.0/ports", method: "POST",
                contents: [#"{"port": {"network_id": "\#(network)"}}"#], goal: "<= 1,500 µs", peer: .durableWrite),
            try Self.savingPools("an empty subnet", ports: 0, client),
            try Self.savingPools("5,000 ports", ports: 5000, client),
        ]
    }

    /// Moves the ends of two pools of a subnet to and fro; the ports have their addresses of the second.
    private static func savingPools(_ place: String, ports: Int, _ client: CloudClient) throws -> Question {
        let network = try client.value(
            "POST", "/networking/v2.0/networks", #"{"network": {"name": "pools"}}"#, at: "network.id")
        let subnet = try client.value(
            "POST", "/networking/v2.0/subnets",
            #"""
            {"subnet": {"network_id": "\#(network)", "cidr": "10.128.0.0/12", "ip_version": 4, "allocation_pools": \#
            [{"start": "10.128.0.2", "end": "10.142.255.254"}]}}
            """#, at: "subnet.id")
        let batch = Array(repeating: #"{"network_id": "\#(network)"}"#, count: 100).joined(separator: ", ")
        for _ in 0..<ports / 100 {
            _ = try client.value("POST", "/networking/v2.0/ports", #"{"ports": [\#(batch)]}"#, at: "ports.99.id")
        }
        let contents = [("10.143.0.1", "10.142.255.254"), ("10.143.0.2", "10.142.255.253")].map { start, end in
            #"{"subnet": {"allocation_pools": [{"start": "\#(start)", "end": "10.143.255.200"}, "#
                + #"{"start": "10.128.0.2", "end": "\#(end)"}]}}"#
        }
        return Question(
            name: "save allocation pools, \(place)", path: "/networking/v2.0/subnets/\(subnet)", method: "PUT",
            contents: contents, goal: "<= 1,500 µs", peer: .durableWrite)
    }
}
