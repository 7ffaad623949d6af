import Compute
import ServiceCore

/// What the list of instances can be narrowed by: Horizon's fields, looked up by the service, because the list may be
/// longer than a page.
enum InstanceFilterField: String, CaseIterable, Sendable {
    case name
    case id = "uuid"
    case status
    case imageName = "image_name"
    case flavorName = "flavor_name"
    case keyName = "key_name"
    case host

    var title: Message {
        switch self {
        case .name: Message("Instance Name")
        case .id: Message("Instance ID")
        case .status: Message("Status")
        case .imageName: Message("Image Name")
        case .flavorName: Message("Flavor Name")
        case .keyName: Message("Key Pair Name")
        case .host: Message("Host")
        }
    }

    func isShown(in area: Area) -> Bool { area == .admin || self != .host }

    /// For the toolbar; the rows that reach the page were chosen by the service already.
    var filter: TableFilter<Instance> {
        TableFilter(name: rawValue, title: title) { _, _ in true }
    }

    /// What was asked of the service; nil when no instance can fit.
    static func filter(_ query: TableQuery, _ area: Area, _ wording: Wording) -> InstanceFilter? {
        var filter = InstanceFilter()
        filter.allProjects = area == .admin
        let text = query.filterText
        guard !text.isEmpty else { return filter }
        switch Self(rawValue: query.filterField) ?? .name {
        case .name: filter.name = text
        case .id: filter.id = text
        case .status:
            guard let status = status(text, wording) else { return nil }
            filter.status = status
        case .imageName: filter.imageName = text
        case .flavorName: filter.flavorName = text
        case .keyName: filter.keyName = text
        case .host: filter.host = text
        }
        return filter
    }

    /// By nova's word or by the one the reader sees.
    private static func status(_ text: String, _ wording: Wording) -> InstanceStatus? {
        InstanceStatus.allCases.first {
            $0.rawValue == text.uppercased() || wording($0.label).lowercased() == text.lowercased()
        }
    }
}
