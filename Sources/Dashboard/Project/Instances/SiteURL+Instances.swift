import Compute
import ServiceCore

/// Horizon's addresses of instances.
extension SiteURL {
    // Kept: every row of the list has links below them.
    private static let projectInstances = SiteURL(Area.project.rawValue, "instances")
    private static let adminInstances = SiteURL(Area.admin.rawValue, "instances")

    static func instances(_ area: Area) -> SiteURL { area == .project ? projectInstances : adminInstances }
    static let launchInstance = SiteURL("project", "instances", "launch")
    static func instance(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instances(area).below(id)
    }
    /// Everything that can be done to an instance.
    static func instanceActions(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("actions")
    }
    /// The form of an action; nil for what needs none.
    static func form(of action: InstanceAction, _ area: Area, _ id: String = "{instance_id}") -> SiteURL? {
        switch action {
        case .rename: instance(area, id).below("update")
        case .createImage: SiteURL(area.rawValue, "images").below(id).below("create")
        case .rebuild: instance(area, id).below("rebuild")
        case .resize: instance(area, id).below("resize")
        case .rescue: instance(area, id).below("rescue")
        case .attachInterface: instance(area, id).below("attach_interface")
        case .detachInterface: instance(area, id).below("detach_interface")
        case .updateMetadata: instance(area, id).below("metadata")
        case .lock: instance(area, id).below("lock")
        case .editSecurityGroups: instance(area, id).below("security_groups")
        default: nil
        }
    }
    /// The whole console log as plain text.
    static func instanceConsole(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("console")
    }
}

/// A tab of the instance's page, by Horizon's names.
enum InstanceTab: String, CaseIterable, Sendable {
    case overview = "instance_details__overview"
    case interfaces = "instance_details__interfaces"
    case network = "instance_details__network"
    case usage = "instance_details__usage"
    case log = "instance_details__log"
    case console = "instance_details__console"
    case actions = "instance_details__audit"
    case definition = "instance_details__definition"

    var title: Message {
        switch self {
        case .overview: Message("Overview")
        case .interfaces: Message("Interfaces")
        case .network: Message("Network")
        case .usage: Message("Usage")
        case .log: Message("Log")
        case .console: Message("Console")
        case .actions: Message("Action Log")
        case .definition: Message("Definition (XML)")
        }
    }

    /// What only this tab's script adds to it.
    var scripts: [String] {
        switch self {
        case .usage: ["js/charts.js"]
        case .log: ["js/console-log.js"]
        case .overview, .interfaces, .network, .console, .actions, .definition: []
        }
    }

    func url(_ area: Area, _ instance: ID<Instance>) -> SiteURL {
        SiteURL.instance(area, instance.text).with("tab", rawValue)
    }

    /// All but the consoles where `CONSOLE_TYPE` wants none, and what only administrators may see.
    static func offered(by configuration: DashboardConfiguration, to visitor: Visitor) -> [InstanceTab] {
        allCases.filter { tab in
            switch tab {
            case .console: !configuration.consoles.types.isEmpty
            case .definition: visitor.context.isAdmin
            default: true
            }
        }
    }
}

extension PageHead {
    /// The trail of a page of instances: Project / Compute / Instances / …
    static func instances(_ area: Area, _ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(area.title)), Crumb(visitor.text(Message("Compute"))),
            Crumb(visitor.text(Message("Instances")), more.isEmpty ? nil : .instances(area)),
        ]
        return PageHead(.instances(area), trail + more)
    }
}
