import ComputeHost
import Database
import Images
import ServiceCore

/// What a launch asked for, as far as only the build needs it.
struct RequestSpec: Sendable {
    var imageFormat: DiskFormat
    var requestedZone: String?
    /// In the order of the cards.
    var interfaces: [LaunchInterface]
    var securityGroups: [String]
    var publicKey: String?
    var userData: [UInt8]?
    var files: [InjectedFile] = []
    /// What else the scheduler was asked for.
    var placement = PlacementHints()
    /// What the host was asked to run; nil until the domain has been defined.
    var domain: DomainSpec?
}

/// The table of request specifications, nova's `request_specs`. Every statement about it is here.
struct RequestSpecStore: Sendable {
    func insert(_ spec: RequestSpec, of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO request_specs (instance_id, image_format, requested_zone, network_ids, port_ids, cards,
                security_groups, public_key, user_data, placement, files)
            VALUES (\(id), \(spec.imageFormat.rawValue), \(spec.requestedZone), '[]', '[]',
                \(StoredJSON.text(spec.interfaces)), \(StoredJSON.text(spec.securityGroups)), \(spec.publicKey),
                \(spec.userData), \(StoredJSON.text(spec.placement)), \(Self.text(spec.files)))
            """)
    }

    func find(_ id: ID<Instance>, in transaction: borrowing Transaction) throws -> RequestSpec? {
        try transaction.first(
            """
            SELECT image_format, requested_zone, network_ids, port_ids, security_groups, public_key, user_data, domain,
                placement, cards, files
            FROM request_specs WHERE instance_id = \(id)
            """
        ) { row in
            RequestSpec(
                imageFormat: DiskFormat(rawValue: try row[0]) ?? .raw, requestedZone: try row[1],
                interfaces: try Self.interfaces(row),
                securityGroups: try StoredJSON.value(row[4]), publicKey: try row[5], userData: try row[6],
                files: try (row[10] as String?).map { try StoredJSON.value($0) } ?? [],
                placement: try (row[8] as String?).map { try StoredJSON.value($0) } ?? PlacementHints(),
                domain: try (row[7] as String?).map { try StoredJSON.value($0) })
        }
    }

    /// What was launched before interfaces were kept in their order has networks first, then ports.
    private static func interfaces(_ row: Row) throws -> [LaunchInterface] {
        if let cards = try row[9] as String? { return try StoredJSON.value(cards) }
        let networks: [String] = try StoredJSON.value(row[2])
        let ports: [String] = try StoredJSON.value(row[3])
        return networks.map { .network($0, fixedIP: nil) } + ports.map { .port($0) }
    }

    /// The zone that was named at the launch of some instances, and what the guests were given to read.
    func wishes(
        of ids: [ID<Instance>], in transaction: borrowing Transaction
    ) throws -> [ID<Instance>: (zone: String?, userData: [UInt8]?)] {
        let rows = try transaction.map(
            """
            SELECT instance_id, requested_zone, user_data FROM request_specs
            WHERE instance_id IN (\(list: ids)) AND (requested_zone IS NOT NULL OR user_data IS NOT NULL)
            """
        ) { row in (try row[0] as ID<Instance>, (zone: try row[1] as String?, userData: try row[2] as [UInt8]?)) }
        return Dictionary(rows) { first, _ in first }
    }

    func setDomain(_ domain: DomainSpec, of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE request_specs SET domain = \(StoredJSON.text(domain)) WHERE instance_id = \(id)")
    }

    func setPublicKey(_ key: String?, of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE request_specs SET public_key = \(key) WHERE instance_id = \(id)")
    }

    func setUserData(_ data: [UInt8]?, of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE request_specs SET user_data = \(data) WHERE instance_id = \(id)")
    }

    func setFiles(_ files: [InjectedFile], of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE request_specs SET files = \(Self.text(files)) WHERE instance_id = \(id)")
    }

    private static func text(_ files: [InjectedFile]) throws -> String? {
        files.isEmpty ? nil : try StoredJSON.text(files)
    }

    /// What the instance's disk was last made from.
    func setImage(
        _ format: DiskFormat, properties: [String: String]?, of id: ID<Instance>,
        in transaction: borrowing Transaction
    ) throws {
        var placement = try placements(of: [id], in: transaction)[id] ?? PlacementHints()
        placement.imageProperties = properties
        try transaction.execute(
            """
            UPDATE request_specs SET image_format = \(format.rawValue), placement = \(StoredJSON.text(placement))
            WHERE instance_id = \(id)
            """)
    }

    /// The zone an instance stays in when it is placed anew; nil: any.
    func setZone(_ zone: String?, of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE request_specs SET requested_zone = \(zone) WHERE instance_id = \(id)")
    }

    /// What the launches of some instances asked of the scheduler.
    func placements(
        of ids: [ID<Instance>], in transaction: borrowing Transaction
    ) throws -> [ID<Instance>: PlacementHints] {
        let rows = try transaction.map(
            """
            SELECT instance_id, placement FROM request_specs
            WHERE instance_id IN (\(list: ids)) AND placement IS NOT NULL
            """
        ) { row in (try row[0] as ID<Instance>, try StoredJSON.value(row[1], as: PlacementHints.self)) }
        return Dictionary(rows) { first, _ in first }
    }

    func setDecision(
        _ decision: SchedulingDecision, of id: ID<Instance>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE request_specs SET decision = \(StoredJSON.text(StoredDecision(decision)))
            WHERE instance_id = \(id)
            """)
    }

    func decision(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> SchedulingDecision? {
        try transaction.value("SELECT decision FROM request_specs WHERE instance_id = \(id)", as: String.self)
            .map(Self.decision)
    }

    static func decision(stored text: String) throws -> SchedulingDecision {
        try StoredJSON.value(text, as: StoredDecision.self).decision
    }
}

/// A decision as it is kept.
private struct StoredDecision: Codable {
    private struct Verdict: Codable {
        let host: String
        let reasons: [StoredMessage]
        /// Of each reason; absent in what was written before owners were told less.
        let kinds: [String]?
        /// Absent in what was written before hosts were weighed.
        let weight: Double?
    }

    private let chosen: String?
    private let verdicts: [Verdict]

    init(_ decision: SchedulingDecision) {
        chosen = decision.chosen
        verdicts = decision.verdicts.map {
            Verdict(
                host: $0.host, reasons: $0.reasons.map(StoredMessage.init),
                kinds: $0.refusals.map(\.kind.rawValue), weight: $0.weight)
        }
    }

    var decision: SchedulingDecision {
        SchedulingDecision(
            chosen: chosen,
            verdicts: verdicts.map {
                HostVerdict(host: $0.host, refusals: Self.refusals($0), weight: $0.weight)
            })
    }

    private static func refusals(_ verdict: Verdict) -> [HostRefusal] {
        verdict.reasons.enumerated().map { index, reason in
            let kinds = verdict.kinds ?? []
            let kind = kinds.indices.contains(index) ? HostRefusal.Kind(rawValue: kinds[index]) : nil
            return HostRefusal(kind ?? .unknown, reason.message)
        }
    }
}
