import Compute
import Markup

/// A console as its template sees it: where it is opened, and what is said around it.
struct ConsoleModel: TemplateModel {
    let type: ConsoleType
    /// Where a token is asked for; nil on a page that came with one.
    var open: String?
    /// The address of the browser's program.
    var program: String?
    /// Our part of it.
    var script = ""
    /// The kinds there are, when there is a choice.
    var choices: [TabModel] = []
    /// The page with nothing but the console.
    var alone: String?
    /// Back from that page to the instance.
    var back: String?
    /// The console log, for whoever has no JavaScript.
    var log: String?
    /// Whose console it is.
    var name: String?
    /// Why there is none now.
    var refusal: String?
    /// Debian's package that is missing.
    var package: String?

    static let shape = Shape<ConsoleModel>([
        .text("kind", \.type.rawValue), .flag("isScreen") { $0.type == .novnc },
        .optionalText("open", \.open), .optionalText("program", \.program), .text("script", \.script),
        .list("choices", \.choices), .flag("hasChoice") { $0.choices.count > 1 }, .optionalText("alone", \.alone),
        .optionalText("back", \.back), .optionalText("log", \.log), .optionalText("name", \.name),
        .optionalText("refusal", \.refusal), .optionalText("package", \.package),
        .flag("isReady") { $0.refusal == nil && $0.package == nil },
    ])
}
