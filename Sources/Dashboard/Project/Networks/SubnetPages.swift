import HTTP
import Networking
import ServiceCore

/// Creating, showing and editing subnets, in both dashboards.
struct SubnetPages: Sendable {
    private let site: Site
    private let area: Area
    private let createView: View<NetworkFormContent>
    private let updateView: View<SubnetUpdateContent>
    private let detailView: View<SubnetDetailContent>
    private let fragment: PoolStudioView

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        createView = try site.view("project/networks/create", of: NetworkFormContent.self)
        updateView = try site.view("project/networks/subnets/update", of: SubnetUpdateContent.self)
        detailView = try site.view("project/networks/subnets/detail", of: SubnetDetailContent.self)
        fragment = try PoolStudioView(site, area)
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let (network, subnet) = try found(request, visitor)
        try networking.requireChange(of: network, as: visitor.context)
        return try page(SubnetForm(subnet), .none(visitor.wording), network, subnet, visitor)
    }

    /// Everything the form says is checked and saved by the service; a refused form comes back as it was typed.
    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let (network, stored) = try found(request, visitor)
        let form = SubnetForm(input: request.form)
        if form.wantsPreview {
            let preview = try preview(form, stored, visitor)
            let faults = Faults(violations: preview.violations, wording: visitor.wording)
            return try page(form, faults, network, stored, visitor)
        }
        let wholeRange = stored.cidr.defaultPools(gateway: form.gatewayOnly())
        if form.wantsWholeRange {
            return try page(form.replacingPools(wholeRange), .none(visitor.wording), network, stored, visitor)
        }
        if form.pools.isEmpty, stored.pools.map(\.range) != wholeRange {
            return try page(
                form.replacingPools(wholeRange), .emptyPools(visitor.wording), network, stored, visitor,
                status: .unprocessableContent)
        }
        do {
            let subnet = try networking.updateSubnet(stored.id, form.update, as: visitor.context)
            return try saved(subnet, network, request, visitor)
        } catch {
            let problem = ServiceError(wrapping: error)
            guard let faults = Faults(problem, visitor.wording) else { throw problem }
            let current = try networking.subnet(stored.id, as: visitor.context)
            return try page(
                form, faults, network, current, visitor, status: ErrorPages.status(of: problem),
                clashes: problem.code == "revision_conflict")
        }
    }

    /// The effect of what is typed, while it is typed.
    func previewUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let (_, stored) = try found(request, visitor)
        let form = SubnetForm(input: request.form)
        let url = SiteURL.updateSubnet(area, stored.networkID.text, stored.id.text)
        return try fragment.response(form, preview(form, stored, visitor), of: url, visitor)
    }

    private func preview(_ form: SubnetForm, _ subnet: Subnet, _ visitor: Visitor) throws -> PoolPreview {
        try networking.previewAllocationPools(of: subnet.id, form.update, in: form.stretch, as: visitor.context)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        try networking.requireChange(of: network, as: visitor.context)
        let form = SubnetForm(input: FormData([("enable_dhcp", "on"), ("ip_version", "4")]))
        return try createPage(form, .none(visitor.wording), network, visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        let form = SubnetForm(input: request.form)
        if form.wantsPreview {
            let preview = try preview(form, on: network, visitor)
            return try createPage(
                form, Faults(violations: preview.violations, wording: visitor.wording), network, visitor)
        }
        do {
            try form.requirePool()
            let subnet = try networking.createSubnet(form.newSubnet, on: network.id, as: visitor.context)
            let text = Message("Created subnet \"{name}\".", ["name": subnet.displayName])
            return site.seeOther(
                NetworkTab.subnets.url(area, network.id), Flash(.success, visitor.text(text)),
                secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try createPage(form, faults, network, visitor, status: ErrorPages.status(of: error))
        }
    }

    /// The addresses of what is typed, while it is typed.
    func previewCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        let form = SubnetForm(input: request.form)
        return try fragment.response(
            form, preview(form, on: network, visitor), of: .createSubnet(area, network.id.text), visitor)
    }

    private func preview(_ form: SubnetForm, on network: Network, _ visitor: Visitor) throws -> PoolPreview {
        try networking.previewAllocationPools(
            of: form.newSubnet, on: network.id, in: form.stretch, as: visitor.context)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let subnet = try networking.subnet(request.id("subnet_id", of: "Subnet"), as: visitor.context)
        let network = try networking.network(subnet.networkID, as: visitor.context)
        let stretch = request.query["stretch"].flatMap { CIDR($0) }
        let use = try networking.addressUse(of: subnet.id, in: stretch, as: visitor.context)
        let studio = fragment.maker(visitor).studio(use, at: .subnet(area, subnet.id.text))
        var content = SubnetDetailContent(
            subnet, network, studio, area, mayChange: networking.canChange(network, as: visitor.context),
            visitor.wording)
        if let id = subnet.subnetPoolID { content.facts.insert(pool(id, visitor), at: 4) }
        var head = head(network, Crumb(subnet.displayName), visitor)
        head.scripts = ["js/pools.js"]
        return detailView.page(content, head, visitor)
    }

    /// The pool a subnet was cut from, and its address scope; the id, of one that the visitor may not see.
    private func pool(_ id: ID<SubnetPool>, _ visitor: Visitor) -> Cell {
        let title = visitor.text(Message("Subnet Pool"))
        guard let pool = try? networking.subnetPool(id, as: visitor.context) else {
            return Cell.code(id.text).labelled(title)
        }
        let scope = pool.addressScopeID.map { scope in
            (try? networking.addressScope(scope, as: visitor.context))?.name ?? scope.text
        }
        return Cell.lines([
            Cell.Line(
                text: pool.displayName,
                note: scope.map { visitor.text(Message("Address scope: {name}", ["name": $0])) })
        ]).labelled(title)
    }

    /// The subnet of the path, on the network of the path.
    private func found(_ request: Request, _ visitor: Visitor) throws -> (Network, Subnet) {
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        let subnet = try networking.subnet(request.id("subnet_id", of: "Subnet"), as: visitor.context)
        guard subnet.networkID == network.id else { throw ServiceError.notFound("Subnet", subnet.id.text) }
        return (network, subnet)
    }

    /// Back to the network, as in Horizon; ports that a smaller pool left behind are named.
    private func saved(
        _ subnet: Subnet, _ network: Network, _ request: Request, _ visitor: Visitor
    ) throws -> Response {
        let text = Message("Updated subnet \"{name}\".", ["name": subnet.displayName])
        var flashes = [Flash(.success, visitor.text(text))]
        let outside = try networking.addressesOutsidePools(of: subnet.id, as: visitor.context)
        if outside.count > 0 {
            let warning = Message(
                "{count} allocated addresses lie outside the allocation pools. Their ports keep them; new ports get none there.",
                ["count": String(outside.count)])
            let ports = outside.entries.map { entry in
                let name = entry.holder.portName.isEmpty ? entry.holder.portID.text : entry.holder.portName
                return "\(entry.address) · \(name)"
                    + (entry.holder.deviceOwner.isEmpty ? "" : " (\(entry.holder.deviceOwner))")
            }
            flashes.append(Flash(.warning, visitor.text(warning), details: ports))
        }
        return site.seeOther(
            NetworkTab.subnets.url(area, network.id).description, flashes, secure: request.isSecure)
    }

    private func page(
        _ form: SubnetForm, _ faults: Faults, _ network: Network, _ subnet: Subnet, _ visitor: Visitor,
        status: Status = .ok, clashes: Bool = false
    ) throws -> Response {
        let url = SiteURL.updateSubnet(area, subnet.networkID.text, subnet.id.text)
        let studio = fragment.maker(visitor).studio(try preview(form, subnet, visitor), fragment: .preview(url))
        var content = SubnetUpdateContent(
            form, FormFields(input: form.input, faults: faults, wording: visitor.wording), subnet, studio, area)
        if clashes { content.clash = SubnetClash(stored: subnet, entered: form, visitor.wording) }
        let crumb = Crumb(subnet.displayName, .subnet(area, subnet.id.text))
        var head = head(network, crumb, visitor)
        head.trail.append(Crumb(visitor.text(Message("Edit Subnet"))))
        head.scripts = ["js/pools.js"]
        return updateView.page(content, head, visitor, status: status)
    }

    private func createPage(
        _ form: SubnetForm, _ faults: Faults, _ network: Network, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let features = site.configuration.networkFeatures
        let heading = visitor.text(Message("Create Subnet"))
        let url = SiteURL.createSubnet(area, network.id.text)
        let pools = try networking.subnetPools(as: visitor.context)
        let address = SubnetForm.addressFields(fields, features: features, pools: pools)
        var content = NetworkFormContent(
            heading: heading, action: url.path,
            verb: visitor.text(Message("Create")), cancel: NetworkTab.subnets.url(area, network.id).description,
            // Who sees no pool may still be refused for one.
            problem: faults.problem ?? (pools.isEmpty ? faults.of("subnetpool_id").first?.text : nil),
            subnet: FormSection(fields: address),
            details: FormSection(fields: SubnetForm.detailFields(fields, features: features)),
            notes: [visitor.text(Message("Create a subnet associated with the network."))])
        content.studio = fragment.maker(visitor).studio(
            try preview(form, on: network, visitor), fragment: .preview(url))
        var head = head(network, Crumb(heading), visitor)
        head.scripts = ["js/pools.js"]
        return createView.page(content, head, visitor, status: status)
    }

    private func head(_ network: Network, _ crumb: Crumb, _ visitor: Visitor) -> PageHead {
        .networks(area, visitor, Crumb(network.displayName, NetworkTab.subnets.url(area, network.id)), crumb)
    }
}
