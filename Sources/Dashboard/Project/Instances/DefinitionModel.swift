import Compute
import Markup
import ServiceCore

/// The definition of an instance's domain as its hypervisor holds it, for administrators.
struct DefinitionModel: TemplateModel {
    let xml: SafeHTML
    /// Why there is nothing to see.
    let problem: String?
    /// What is not as it is to be.
    let differences: [Difference]

    static let shape = Shape<DefinitionModel>([
        .safe("xml", \.xml), .optionalText("problem", \.problem), .list("differences", \.differences),
        .flag("hasDifferences") { !$0.differences.isEmpty },
    ])

    struct Difference: TemplateModel {
        let what: String
        let expected: String
        let found: String
        let place: String

        static let shape = Shape<Difference>([
            .text("what", \.what), .text("expected", \.expected), .text("found", \.found), .text("place", \.place),
        ])
    }

    /// - Parameter read: asks the host, which may not answer; the rest of the page is shown all the same.
    init(_ wording: Wording, _ read: () throws -> DomainDefinition?) throws {
        do {
            let definition = try read()
            xml = definition.map { XMLHighlighting.html($0.xml) } ?? .empty
            differences = (definition?.differences ?? []).map { difference in
                Difference(
                    what: wording(difference.what), expected: difference.expected ?? "–",
                    found: difference.found ?? "–",
                    place: wording(
                        difference.isRunning
                            ? Message("In the running guest, until its next start") : Message("In the definition")))
            }
            problem = definition == nil ? wording(Message("The host has no domain for this instance.")) : nil
        } catch {
            let error = ServiceError(wrapping: error)
            // Who may not see it gets a page that says so.
            guard error.kind != .forbidden else { throw error }
            (xml, differences) = (.empty, [])
            problem = wording(error.message)
        }
    }
}
