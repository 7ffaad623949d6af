import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// How an instance is connected, each thing held against what its host's kernel says, and why something is not reached.
struct InstanceNetworkTab: Sendable {
    let site: Site
    let area: Area

    private var compute: ComputeService { site.services.compute }

    func model(of instance: Instance, _ request: Request, _ visitor: Visitor) throws -> InstanceNetworkModel {
        let diagnoses = try compute.networkDiagnosis(of: instance.id, as: visitor.context)
        let form = ReachabilityForm(request.query)
        let others = try others(than: instance, visitor)
        var answer: ReachabilityAnswer?
        var faults = Faults.none(visitor.wording)
        if form.isAsked {
            do {
                let (question, port) = try form.question(diagnoses.map(\.port))
                answer = ReachabilityAnswer(
                    try compute.reachability(of: question, port: port, of: instance.id, as: visitor.context),
                    visitor.wording)
            } catch {
                faults = Self.faults(error, visitor.wording)
            }
        }
        let ports = diagnoses.map { PortModel($0, area, visitor) }
        return InstanceNetworkModel(
            ports: ports, action: SiteURL.instance(area, instance.id.text).path, tab: InstanceTab.network.rawValue,
            fields: diagnoses.isEmpty
                ? []
                : form.fields(
                    FormFields(input: form.input, faults: faults, wording: visitor.wording), diagnoses.map(\.port),
                    others),
            problem: faults.problem, answer: answer)
    }

    /// Whom it may be asked about: the project's instances, as many as a list shows.
    private func others(than instance: Instance, _ visitor: Visitor) throws -> [Choice] {
        guard visitor.context.projectID != nil else { return [] }
        return try compute.instances(page: PageRequest(limit: 100), as: visitor.context).items
            .filter { $0.id != instance.id && $0.vmState != .deleted }
            .map { Choice(value: $0.id.text, title: $0.name) }
    }

    /// What was asked wrongly is said at its field; somebody else's instance is none.
    private static func faults(_ error: any Error, _ wording: Wording) -> Faults {
        Faults(error, wording)
            ?? Faults(violations: [], wording: wording, problem: wording(ServiceError(wrapping: error).message))
    }
}

/// The tab as its template sees it.
struct InstanceNetworkModel: TemplateModel {
    let ports: [PortModel]
    let action: String
    let tab: String
    let fields: [FormField]
    let problem: String?
    let answer: ReachabilityAnswer?

    static let shape = Shape<InstanceNetworkModel>([
        .list("ports", \.ports), .text("action", \.action), .text("tab", \.tab), .list("fields", \.fields),
        .optionalText("problem", \.problem), .optional("answer", \.answer),
        .flag("hasPorts") { !$0.ports.isEmpty },
    ])
}

/// What came of a question.
struct ReachabilityAnswer: TemplateModel {
    let causes: [CauseModel]

    init(_ causes: [ReachabilityCause], _ wording: Wording) {
        self.causes = causes.map { CauseModel($0, wording) }
    }

    static let shape = Shape<ReachabilityAnswer>([
        .list("causes", \.causes), .flag("isClear") { $0.causes.isEmpty },
    ])
}

/// What is wrong, and what helps.
struct CauseModel: TemplateModel {
    let reason: String
    let cure: String
    /// Whose it is, when it is not this instance's.
    let place: String?

    init(_ cause: ReachabilityCause, _ wording: Wording) {
        reason = wording(cause.reason)
        cure = wording(cause.cure)
        place = cause.isAtTarget ? wording(Message("At the other end")) : nil
    }

    static let shape = Shape<CauseModel>([
        .text("reason", \.reason), .text("cure", \.cure), .optionalText("place", \.place),
    ])
}
