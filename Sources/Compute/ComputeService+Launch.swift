import ComputeHost
import Database
import Images
import Networking
public import ServiceCore

extension ComputeService {
    /// Whether the caller may launch instances at all.
    public func canLaunch(as context: RequestContext) -> Bool {
        ComputePolicy.policy.allows(ComputePolicy.create, context) && context.projectID != nil
    }

    /// Refuses callers who may not launch instances, before they fill in a form.
    /// - Throws: `ServiceError`: forbidden.
    public func requireLaunch(as context: RequestContext) throws {
        try ComputePolicy.policy.require(ComputePolicy.create, context)
    }

    /// Launches instances: checks everything that can be checked now, then writes quota claim, rows and jobs in one
    /// transaction. The rest happens in the background and is recorded step by step.
    /// - Throws: `ServiceError`: invalid with all violations at once, on name, description, count, flavor_id, image_id,
    ///   networks, ports, key_name, user_data, availability_zone; overQuota naming every limit that would be passed.
    public func launch(_ request: LaunchRequest, as context: RequestContext) throws -> [Instance] {
        let startedAt = clock.now()
        return try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.create, context)
            let plan = try plan(request, as: context)
            return try database.write { transaction in
                let count = try allowedCount(of: plan, in: transaction)
                try requireRoom(for: request.metadata, ofProject: plan.projectID, in: transaction)
                try requireRoom(for: request.files, ofProject: plan.projectID, in: transaction)
                if let group = plan.group { try requireRoom(in: group, for: count, in: transaction) }
                return try insert(plan, count: count, startedAt: startedAt, as: context, in: transaction)
            }
        }
    }

    /// A launch whose every part has been found good.
    struct LaunchPlan {
        let name: String
        let request: LaunchRequest
        let projectID: String
        let flavor: Flavor
        let image: Image
        let spec: RequestSpec
        let zone: String
        let group: ServerGroup?
    }

    private func plan(_ request: LaunchRequest, as context: RequestContext) throws -> LaunchPlan {
        let projectID = try context.requireProject()
        let name = request.name.trimmed
        var violations = [
            LaunchRules.name(name), LaunchRules.description(request.description), LaunchRules.count(request.count),
            LaunchRules.userData(request.userData),
        ].compactMap(\.self)
        violations += LaunchRules.metadata(request.metadata) + TagRules.violations(in: request.tags)
        let flavor = try find(flavor: request.flavorID, as: context, &violations)
        let image = try find(image: request.imageID, as: context, &violations)
        if let flavor, let image {
            violations += flavor.shortcomings(for: image).map {
                Violation(field: "flavor_id", code: "flavor_too_small", message: $0, value: flavor.id)
            }
        }
        let keypair = try find(keypair: request.keypairName, of: context.userID, &violations)
        let zone = try check(zone: request.availabilityZone, as: context, &violations)
        let group = try find(
            serverGroup: request.serverGroupID, ofProject: projectID, &violations)
        let plugs = try interfaces(of: request, projectID: projectID, as: context, &violations)
        guard violations.isEmpty, let flavor, let image, let format = image.hostFormat else {
            throw ServiceError.invalid(violations)
        }
        let hints = PlacementHints(
            forcedHost: zone.host, serverGroupID: group?.id.text,
            image: ImageRequirements(properties: image.properties), extraSpecs: flavor.extraSpecs,
            hints: request.schedulerHints.isEmpty ? nil : request.schedulerHints,
            imageProperties: KnownImageProperties.among(image.properties))
        let spec = RequestSpec(
            imageFormat: format, requestedZone: zone.name, interfaces: plugs.interfaces,
            securityGroups: plugs.securityGroups, publicKey: keypair?.publicKey, userData: request.userData,
            files: request.files, placement: hints)
        return LaunchPlan(
            name: name, request: request, projectID: projectID, flavor: flavor, image: image, spec: spec,
            zone: zone.name ?? work.configuration.availabilityZone, group: group)
    }

    func find(flavor id: String, as context: RequestContext, _ violations: inout [Violation]) throws -> Flavor? {
        let flavor = try database.read { transaction in
            let isUsable = try usability(of: context, in: transaction)
            return try flavors.find(id, in: transaction).flatMap { isUsable($0) ? $0 : nil }
        }
        if flavor == nil {
            let message = id.isEmpty ? Message("Choose a flavor.") : Message("This flavor does not exist.")
            violations.append(
                Violation(field: "flavor_id", code: id.isEmpty ? "required" : "not_found", message: message, value: id))
        }
        return flavor
    }

    /// Nil when there is no such image for the caller; any other trouble is not the form's fault and goes on its way.
    private func visibleImage(_ id: String, as context: RequestContext) throws -> Image? {
        guard let known = ID<Image>(untrusted: id) else { return nil }
        do {
            return try images.image(known, as: context)
        } catch {
            guard ServiceError(wrapping: error).kind == .notFound else { throw error }
            return nil
        }
    }

    func find(
        image id: String, field: String = "image_id", as context: RequestContext, _ violations: inout [Violation]
    ) throws -> Image? {
        func refuse(_ code: String, _ message: Message) {
            violations.append(Violation(field: field, code: code, message: message, value: id))
        }
        guard !id.isEmpty else {
            refuse("required", Message("Choose an image."))
            return nil
        }
        guard let image = try visibleImage(id, as: context) else {
            refuse("not_found", Message("This image does not exist."))
            return nil
        }
        guard image.isLaunchable else {
            let why =
                image.status == .active
                ? Message("No host can make a disk of an image of this format.")
                : Message("The image {image} is not ready yet.", ["image": image.name])
            refuse("not_launchable", why)
            return nil
        }
        return image
    }

    func find(
        keypair name: String?, of userID: String, _ violations: inout [Violation]
    ) throws -> Keypair? {
        guard let name, !name.isEmpty else { return nil }
        let keypair = try database.read { try keypairs.find(name, of: userID, in: $0) }
        if keypair == nil {
            violations.append(
                Violation(
                    field: "key_name", code: "not_found", message: Message("This key pair does not exist."), value: name
                ))
        }
        return keypair
    }
}

extension ComputeService {
    /// As many as were asked for, or as many as there is room for when fewer would do.
    private func allowedCount(of plan: LaunchPlan, in transaction: borrowing Transaction) throws -> Int {
        let quota = try quota(ofProject: plan.projectID, in: transaction)
        let room = quota.room(for: plan.flavor)
        if let least = plan.request.minCount, (least..<plan.request.count).contains(room) { return room }
        try Self.refuse(quota.excess(adding: ComputeResources(plan.flavor, count: plan.request.count)))
        return plan.request.count
    }

    /// Refuses what would pass a limit, naming every limit; nothing when there is room.
    static func refuse(_ excess: [ComputeQuota.Excess]) throws {
        guard let first = excess.first else { return }
        let error = ServiceError.overQuota(
            first.resource, requested: first.requested, used: first.used, limit: first.limit)
        let violations = excess.map { excess in
            let one = ServiceError.overQuota(
                excess.resource, requested: excess.requested, used: excess.used, limit: excess.limit)
            return Violation(
                field: excess.resource == "instances" ? "count" : "flavor_id", code: one.code, message: one.message,
                value: "\(excess.requested)")
        }
        throw ServiceError(.overQuota, code: error.code, error.message, violations: violations)
    }

    private func insert(
        _ plan: LaunchPlan, count: Int, startedAt: Timestamp, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> [Instance] {
        let first = try lifecycle.instances.nextNumber(in: transaction)
        let reservation = "r-" + RandomIdentifier.hexadecimal().prefix(8)
        return try (0..<count).map { index in
            let instance = instance(plan, index: index, number: first + index, reservation, as: context)
            try lifecycle.instances.insert(instance, in: transaction)
            try lifecycle.specs.insert(plan.spec, of: instance.id, in: transaction)
            try lifecycle.metadata.replace(plan.request.metadata, of: instance.id, in: transaction)
            try lifecycle.tags.replace(plan.request.tags, of: instance.id, in: transaction)
            if let password = plan.request.adminPassword {
                try lifecycle.extras.update(instance.id, in: transaction) {
                    $0.adminPassword = work.passwordSeal.seal(password)
                }
            }
            if let group = plan.group { try groups.add(instance.id, to: group.id, in: transaction) }
            try recordAcceptance(of: instance, startedAt: startedAt, as: context, in: transaction)
            try lifecycle.enqueue(.build, for: instance.id, requestID: context.requestID, in: transaction)
            lifecycle.announce(instance, .created, in: transaction)
            return instance
        }
    }

    /// The two phases that are over when the row is written: who asks was checked before the request came here, and
    /// writing the row is the acceptance.
    private func recordAcceptance(
        of instance: Instance, startedAt: Timestamp, as context: RequestContext, in transaction: borrowing Transaction
    ) throws {
        let history = lifecycle.history
        try history.beginAction("create", on: instance.id, by: context, at: startedAt, in: transaction)
        let asked = Message(
            "{user} in project {project}",
            ["user": context.userName, "project": context.projectName ?? instance.projectID])
        try history.begin(.authenticate, of: instance.id, at: startedAt, in: transaction)
        try history.end(.authenticate, of: instance.id, .success, detail: asked, at: startedAt, in: transaction)
        try history.begin(.api, of: instance.id, at: startedAt, in: transaction)
        try history.end(
            .api, of: instance.id, .success, detail: Message("{id}", ["id": context.requestID]), at: clock.now(),
            in: transaction)
    }

    private func instance(
        _ plan: LaunchPlan, index: Int, number: Int, _ reservation: String, as context: RequestContext
    ) -> Instance {
        let flavor = plan.flavor
        let now = clock.now()
        return Instance(
            id: .random(), number: number, name: plan.request.count > 1 ? "\(plan.name)-\(index + 1)" : plan.name,
            description: plan.request.description, projectID: plan.projectID,
            projectName: context.projectName ?? "", userID: context.userID, userName: context.userName,
            state: .initial, powerState: .noState, host: nil, availabilityZone: plan.zone,
            flavor: InstanceFlavor(flavor), claim: InstanceFlavor(flavor).claim,
            imageID: plan.image.id, imageName: plan.image.name,
            keyName: plan.spec.publicKey == nil ? nil : plan.request.keypairName, launchIndex: index,
            reservationID: reservation, configDrive: plan.request.configDrive || !hasMetadataService, createdAt: now,
            updatedAt: now, revision: 0, metadata: plan.request.metadata, accessIPv4: plan.request.accessIPv4,
            accessIPv6: plan.request.accessIPv6, diskConfig: plan.request.diskConfig ?? .manual,
            hostname: plan.request.hostname)
    }
}
