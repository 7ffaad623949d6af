public import HTTP
public import ServiceCore

/// The pages of the dashboard, below `/dashboard/`, at Horizon's addresses.
///
/// Every template is read and bound when this is made: a missing one, or a name it does not know, stops the start.
public struct DashboardSite: Sendable {
    private let site: Site
    private let errors: ErrorPages

    /// - Parameters:
    ///   - templates: the folder `Templates`.
    ///   - sessions: where logins are remembered.
    /// - Throws: `TemplateError` with file and line.
    public init(
        services: DashboardServices, templates: String, sessions: any SessionStore, clock: any WallClock,
        configuration: DashboardConfiguration
    ) throws {
        site = try Site(
            services: services, templates: templates, sessions: sessions, clock: clock, configuration: configuration)
        errors = try ErrorPages(site)
    }

    /// The answer to an address no route has. It looks for the session of whoever asks, and so may block.
    public func notFound(_ request: Request) -> Response {
        errors.notFound(request)
    }

    /// The answer to a request that was refused before a page saw it. It does not block.
    public func refusal(_ refusal: RequestError, _ request: Request) -> Response {
        errors.refusal(refusal, request)
    }

    /// The answer when the program is at fault and no page said how. It does not block.
    public func failure(_ request: Request) -> Response {
        errors.failure(request)
    }

    /// Adds every page. This is the table of contents of the site.
    public func register(on router: inout Router) throws {
        var routes = try Routes(site, router)

        let login = try LoginPages(site)
        routes.open(.login, login.show)
        routes.openForm(.login, login.logIn)
        let secondStep = try SecondStep(site)
        routes.open(.passcode(), secondStep.show)
        routes.openForm(.passcode(), secondStep.enter)
        routes.page(.logout, login.askToLogOut)
        routes.form(.logout, login.logOut)
        routes.form(.switchProject(), login.switchProject)

        let settings = try SettingsPages(site)
        routes.page(.settings, settings.show)
        routes.form(.settings, settings.save)
        routes.openForm(.setLanguage, settings.setLanguage)
        routes.openForm(.setTheme, settings.setTheme)

        let start = SiteURL.overview(.project)
        routes.page(.home) { _, _ in .seeOther(start) }
        routes.page(.dashboard(.project)) { _, _ in .seeOther(start) }
        routes.page(.dashboard(.admin)) { _, _ in .seeOther(.hypervisors) }
        routes.page(.events, EventsEndpoint(events: site.services.events).stream)

        let tables = try TableActions(site)
        for area in Area.allCases {
            try networks(area, tables, &routes)
            if site.configuration.networkFeatures.enableRouter { try routers(area, tables, &routes) }
            try instances(area, tables, &routes)
            try images(area, tables, &routes)
        }
        routes.page(.overview(.project), try OverviewPages(site).show)
        try catalog(tables, &routes)
        try aggregates(tables, &routes)
        try rbacPolicies(tables, &routes)
        try securityGroups(tables, &routes)
        try keyPairs(tables, &routes)
        try serverGroups(tables, &routes)
        let launch = try LaunchPages(site)
        routes.page(.launchInstance, launch.show)
        routes.form(.launchInstance, limits: LaunchForm.limits, launch.launch)

        router = routes.router
        try ConsoleSocketEndpoint(site).register(on: &router)
        router.on(.get, "/dashboard", .none, .loop { _ in .seeOther(SiteURL.home) })
    }

    private func networks(_ area: Area, _ tables: TableActions, _ routes: inout Routes) throws {
        let networks = try NetworkPages(site, area, tables)
        routes.page(.networks(area), networks.index)
        routes.form(.networks(area), networks.act)
        routes.page(.createNetwork(area), networks.showCreate)
        routes.form(.createNetwork(area), networks.create)
        routes.form(.preview(.createNetwork(area)), networks.previewCreate)
        routes.page(.updateNetwork(area), networks.showUpdate)
        routes.form(.updateNetwork(area), networks.update)

        let details = try NetworkDetailPages(site, area, tables)
        routes.page(.network(area), details.show)
        routes.form(.network(area), details.act)

        let subnets = try SubnetPages(site, area)
        routes.page(.createSubnet(area), subnets.showCreate)
        routes.form(.createSubnet(area), subnets.create)
        routes.form(.preview(.createSubnet(area)), subnets.previewCreate)
        routes.page(.updateSubnet(area), subnets.showUpdate)
        routes.form(.updateSubnet(area), subnets.update)
        routes.form(.preview(.updateSubnet(area)), subnets.previewUpdate)
        routes.page(.subnet(area), subnets.show)

        let ports = try PortPages(site, area)
        routes.page(.port(area), ports.show)
        routes.page(.createPort(area), ports.showCreate)
        routes.form(.createPort(area), ports.create)
        routes.page(.updatePort(area), ports.showUpdate)
        routes.form(.updatePort(area), ports.update)
        let pairs = try AddressPairPages(site, area, tables)
        routes.form(.port(area), pairs.act)
        routes.page(.addAddressPair(area), pairs.showAdd)
        routes.form(.addAddressPair(area), pairs.add)
        let groups = try PortSecurityGroupPages(site, area)
        routes.page(.portSecurityGroups(area), groups.show)
        routes.form(.portSecurityGroups(area), groups.save)
    }

    private func securityGroups(_ tables: TableActions, _ routes: inout Routes) throws {
        let groups = try SecurityGroupPages(site, tables)
        routes.page(.securityGroups, groups.index)
        routes.form(.securityGroups, groups.act)
        routes.page(.createSecurityGroup, groups.showCreate)
        routes.form(.createSecurityGroup, groups.create)
        routes.page(.securityGroup(), groups.show)
        routes.form(.securityGroup(), groups.actOnRules)
        routes.page(.updateSecurityGroup(), groups.showUpdate)
        routes.form(.updateSecurityGroup(), groups.update)
        let rules = try SecurityGroupRulePages(site)
        routes.page(.addSecurityGroupRule(), rules.showAdd)
        routes.form(.addSecurityGroupRule(), rules.add)
    }

    private func rbacPolicies(_ tables: TableActions, _ routes: inout Routes) throws {
        let policies = try RBACPolicyPages(site, tables)
        routes.page(.rbacPolicies, policies.index)
        routes.form(.rbacPolicies, policies.act)
        routes.page(.createRBACPolicy, policies.showCreate)
        routes.form(.createRBACPolicy, policies.create)
        routes.page(.rbacPolicy(), policies.show)
        routes.page(.updateRBACPolicy(), policies.showUpdate)
        routes.form(.updateRBACPolicy(), policies.update)
    }

    /// What `enable_router` switches off.
    private func routers(_ area: Area, _ tables: TableActions, _ routes: inout Routes) throws {
        let routers = try RouterPages(site, area, tables)
        routes.page(.routers(area), routers.index)
        routes.form(.routers(area), routers.act)
        routes.page(.updateRouter(area), routers.showUpdate)
        routes.form(.updateRouter(area), routers.update)
        routes.page(.setGateway(area), routers.showGateway)
        routes.form(.setGateway(area), routers.setGateway)
        let details = try RouterDetailPages(site, area, tables)
        routes.page(.router(area), details.show)
        routes.form(.router(area), details.act)
        let forms = try RouterForms(site, area)
        routes.page(.addInterface(area), forms.showInterface)
        routes.form(.addInterface(area), forms.addInterface)
        routes.page(.addRoute(area), forms.showRoute)
        routes.form(.addRoute(area), forms.addRoute)

        let floatingIPs = try FloatingIPPages(site, area, tables)
        routes.page(.floatingIPs(area), floatingIPs.index)
        routes.form(.floatingIPs(area), floatingIPs.act)
        routes.page(.allocateFloatingIP(area), floatingIPs.showAllocate)
        routes.form(.allocateFloatingIP(area), floatingIPs.allocate)
        let association = try AssociationPages(site)
        routes.page(.disassociateFloatingIP(area)) { try association.showDisassociate(area, $0, $1) }
        routes.form(.disassociateFloatingIP(area)) { try association.disassociate(area, $0, $1) }
        guard area == .project else {
            routes.page(.floatingIP(), try FloatingIPDetailPages(site).show)
            return
        }
        routes.page(.createRouter, routers.showCreate)
        routes.form(.createRouter, routers.create)
        let topology = try TopologyPages(site)
        routes.page(.networkTopology, topology.show)
        routes.page(.networkTopologyFeed, topology.feed)
        routes.page(.associateFloatingIP, association.showAssociate)
        routes.form(.associateFloatingIP, association.associate)
    }

    private func instances(_ area: Area, _ tables: TableActions, _ routes: inout Routes) throws {
        let instances = try InstancePages(site, area, tables)
        routes.page(.instances(area), instances.index)
        routes.form(.instances(area), instances.act)
        routes.page(.instanceActions(area), instances.showActions)

        let usage = try InstanceUsagePages(site, area)
        routes.page(.instanceUsage(area), usage.show)
        routes.page(.instanceUsageFile(area), usage.download)
        let details = try InstanceDetailPages(site, area, usage)
        routes.page(.instance(area), details.show)
        routes.page(.instanceConsole(area), details.console)
        try instanceForms(area, &routes)
    }

    private func instanceForms(_ area: Area, _ routes: inout Routes) throws {
        try routes.form(EditInstanceForm.self, site, area)
        try routes.form(LockForm.self, site, area)
        try routes.form(SecurityGroupsForm.self, site, area)
        try routes.form(SnapshotForm.self, site, area)
        try routes.form(RebuildForm.self, site, area)
        try routes.form(ResizeForm.self, site, area)
        try routes.form(RescueForm.self, site, area)
        try routes.form(AttachInterfaceForm.self, site, area)
        try routes.form(DetachInterfaceForm.self, site, area)
        try routes.form(MetadataForm.self, site, area)

        let consoles = try ConsolePages(site, area)
        routes.page(.screenConsole(area), consoles.screen)
        routes.page(.serialConsole(area), consoles.serial)
        routes.page(.autoConsole(area), consoles.auto)
        routes.form(.openConsole(area), consoles.open)
    }

    private func images(_ area: Area, _ tables: TableActions, _ routes: inout Routes) throws {
        let images = try ImagePages(site, area, tables)
        routes.page(.images(area), images.index)
        routes.form(.images(area), images.act)
        routes.page(.image(area), images.show)
        let forms = try ImageForms(site, area)
        routes.page(.updateImage(area), forms.showUpdate)
        routes.form(.updateImage(area), forms.update)
        routes.page(.imageMetadata(area), forms.showMetadata)
        routes.form(.imageMetadata(area), forms.updateMetadata)
        let members = try ImageMemberPages(site, area, tables)
        routes.page(.imageMembers(area), members.index)
        routes.form(.imageMembers(area), members.act)
        routes.page(.addImageMember(area), members.showAdd)
        routes.form(.addImageMember(area), members.add)
        guard area == .project else { return }
        routes.page(.createImage, images.showCreate)
        routes.form(.createImage, limits: ImageForm.limits, images.create)
    }

    private func keyPairs(_ tables: TableActions, _ routes: inout Routes) throws {
        let keyPairs = try KeyPairPages(site, tables)
        routes.page(.keyPairs, keyPairs.index)
        routes.form(.keyPairs, keyPairs.act)
        routes.page(.keyPair(), keyPairs.show)
        routes.page(.createKeyPair, keyPairs.showCreate)
        routes.form(.createKeyPair, keyPairs.create)
        routes.page(.importKeyPair, keyPairs.showImport)
        routes.form(.importKeyPair, keyPairs.importKey)
    }

    /// What administrators read about the cloud itself.
    private func catalog(_ tables: TableActions, _ routes: inout Routes) throws {
        let catalog = try CatalogPages(site)
        routes.page(.flavors, catalog.flavors)
        routes.page(.flavorMetadata(), catalog.showMetadata)
        routes.form(.flavorMetadata(), catalog.updateMetadata)

        let hypervisors = try HypervisorPages(site, tables)
        routes.page(.hypervisors, hypervisors.index)
        routes.form(.hypervisors, hypervisors.act)
        routes.page(.disableService(), hypervisors.showDisable)
        routes.form(.disableService(), hypervisors.disable)

        routes.page(.systemInformation, try SystemInformationPages(site).show)
    }

    private func aggregates(_ tables: TableActions, _ routes: inout Routes) throws {
        let aggregates = try AggregatePages(site, tables)
        routes.page(.aggregates, aggregates.index)
        routes.form(.aggregates, aggregates.act)
        routes.page(.createAggregate, aggregates.showCreate)
        routes.form(.createAggregate, aggregates.create)
        routes.page(.updateAggregate(), aggregates.showUpdate)
        routes.form(.updateAggregate(), aggregates.update)
        routes.page(.manageHosts(), aggregates.showHosts)
        routes.form(.manageHosts(), aggregates.setHosts)
        routes.page(.aggregateMetadata(), aggregates.showMetadata)
        routes.form(.aggregateMetadata(), aggregates.setMetadata)
    }

    private func serverGroups(_ tables: TableActions, _ routes: inout Routes) throws {
        let groups = try ServerGroupPages(site, tables)
        routes.page(.serverGroups, groups.index)
        routes.form(.serverGroups, groups.act)
        routes.page(.createServerGroup, groups.showCreate)
        routes.form(.createServerGroup, groups.create)
        routes.page(.serverGroup(), groups.show)
    }
}
