import Markup
import ServiceCore

/// The definition of an instance's domain as its hypervisor holds it, for administrators.
struct DefinitionModel: TemplateModel {
    let xml: SafeHTML
    /// Why there is nothing to see.
    let problem: String?

    static let shape = Shape<DefinitionModel>([.safe("xml", \.xml), .optionalText("problem", \.problem)])

    /// - Parameter read: asks the host, which may not answer; the rest of the page is shown all the same.
    init(_ wording: Wording, _ read: () throws -> String?) throws {
        do {
            let text = try read()
            xml = text.map(XMLHighlighting.html) ?? .empty
            problem = text == nil ? wording(Message("The host has no domain for this instance.")) : nil
        } catch {
            let error = ServiceError(wrapping: error)
            // Who may not see it gets a page that says so.
            guard error.kind != .forbidden else { throw error }
            xml = .empty
            problem = wording(error.message)
        }
    }
}
