import Database
import ServiceCore

/// The only SQL for `agents`, neutron's table of heartbeats.
struct AgentStore {
    /// Records that an agent works; one that never did has no row.
    func beat(
        _ kind: NetworkAgent.Kind, on host: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO agents (id, agent_type, host, admin_state_up, created_at, heartbeat_timestamp)
            VALUES (\(RandomIdentifier.uuid()), \(kind), \(host), 1, \(now), \(now))
            ON CONFLICT (agent_type, host) DO UPDATE SET heartbeat_timestamp = excluded.heartbeat_timestamp
            """)
    }

    /// Nil leaves something as it is.
    /// - Returns: whether there is such an agent.
    func update(
        _ id: ID<NetworkAgent>, adminStateUp: Bool?, description: String?, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            UPDATE agents SET admin_state_up = coalesce(\(adminStateUp), admin_state_up),
                description = coalesce(\(description), description)
            WHERE id = \(id)
            """) > 0
    }

    /// Whether there was such an agent.
    func delete(_ id: ID<NetworkAgent>, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM agents WHERE id = \(id)") > 0
    }

    /// Where a network that has no DHCP port yet is to have it; nil when nobody chose, or the agent may not take it.
    func chosenHost(of id: ID<Network>, in transaction: borrowing Transaction) throws -> String? {
        try transaction.value(
            """
            SELECT a.host FROM networkdhcpagentbindings b JOIN agents a ON a.id = b.dhcp_agent_id
            WHERE b.network_id = \(id) AND a.admin_state_up = 1
            """)
    }

    func bind(_ id: ID<Network>, to agent: ID<NetworkAgent>, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO networkdhcpagentbindings (network_id, dhcp_agent_id) VALUES (\(id), \(agent))")
    }

    @discardableResult
    func unbind(_ id: ID<Network>, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM networkdhcpagentbindings WHERE network_id = \(id)") > 0
    }

    /// The first of some hosts whose agent may take work. One that never reported may, too.
    func host(
        for kind: NetworkAgent.Kind, among hosts: [String], in transaction: borrowing Transaction
    ) throws -> String? {
        let refusing: [String] = try transaction.map(
            "SELECT host FROM agents WHERE agent_type = \(kind) AND admin_state_up = 0"
        ) { row in try row[0] }
        return hosts.first { !refusing.contains($0) }
    }

    func all(at now: Timestamp, in transaction: borrowing Transaction) throws -> [NetworkAgent] {
        let oldest = now.adding(seconds: -Int64(NetworkAgent.downAfterSeconds))
        return try transaction.map(
            """
            SELECT id, agent_type, host, admin_state_up, created_at, heartbeat_timestamp, description FROM agents
            ORDER BY agent_type, host
            """
        ) { row in
            let updatedAt: Timestamp = try row[5]
            return NetworkAgent(
                id: try row[0], kind: try row[1], host: try row[2], adminStateUp: try row[3], createdAt: try row[4],
                updatedAt: updatedAt, isAlive: updatedAt >= oldest, description: try row[6])
        }
    }
}

extension NetworkingSchema {
    static let agents = """
        CREATE TABLE agents (
            id TEXT PRIMARY KEY NOT NULL,
            agent_type TEXT NOT NULL,
            host TEXT NOT NULL,
            admin_state_up INTEGER NOT NULL CHECK (admin_state_up IN (0, 1)),
            created_at INTEGER NOT NULL,
            heartbeat_timestamp INTEGER NOT NULL,
            UNIQUE (agent_type, host)
        ) STRICT;
        """

    static let agentDescriptions = "ALTER TABLE agents ADD COLUMN description TEXT;"

    /// Which agent is to serve a network that has no DHCP port yet; one with a port is served where that is.
    static let agentBindings = """
        CREATE TABLE networkdhcpagentbindings (
            network_id TEXT PRIMARY KEY NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
            dhcp_agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX networkdhcpagentbindings_by_agent ON networkdhcpagentbindings (dhcp_agent_id);
        """
}
