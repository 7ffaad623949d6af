import Cryptography
import Dashboard
import HTTP

/// noVNC and xterm.js, served from where Debian installs them: they are other people's work and no part of ours.
/// What is not installed is not served, and the console's page says what to install.
struct ConsoleFiles: Sendable {
    /// What pages have to know.
    let viewers: ConsoleViewers
    /// The address of noVNC's module; nil without it.
    var screenModule: String? { viewers.screenModule }
    /// The address of xterm.js as one script; nil without it.
    var terminalScript: String? { viewers.terminalScript }
    private let screen: [StaticFiles]
    private let terminal: Representation?

    private static let terminalPath = "/static/xterm/terminal.js"

    /// Looks for both.
    init(_ settings: ConsoleSettings) {
        var viewers = ConsoleViewers()
        viewers.preferred = settings.type
        // Of noVNC only its modules: its pages have scripts in them, which our policy does not run.
        let parts = ["core", "vendor"].compactMap { part in
            try? StaticFiles(directory: "\(settings.noVNCPath)/\(part)", prefix: "/static/novnc/\(part)/")
        }
        let module = parts.first?.url(for: "rfb.js") ?? ""
        screen = parts.count == 2 && module.contains("?v=") ? parts : []
        // Its modules import each other without versions: were this one named with its own, it would be loaded twice.
        if !screen.isEmpty { viewers.screenModule = "/static/novnc/core/rfb.js" }

        let script = TerminalScript.join(settings.xtermPath).map { Array($0.utf8) }
        let hash = script.map { String(SHA256.hash($0).hexadecimal.prefix(16)) } ?? ""
        terminal = script.map {
            Representation($0, contentType: "text/javascript; charset=utf-8", etag: EntityTag(hash))
        }
        if terminal != nil { viewers.terminalScript = "\(Self.terminalPath)?v=\(hash)" }
        self.viewers = viewers
    }

    /// Adds the routes that serve them.
    func register(on router: inout Router) {
        for files in screen { files.register(on: &router) }
        guard let terminal else { return }
        router.on(
            .get, Self.terminalPath, .none,
            .worker { request in
                var fields = Fields()
                fields.add(
                    "Cache-Control", request.query["v"] == nil ? "no-cache" : "public, max-age=31536000, immutable")
                return try terminal.response(to: request, fields: fields)
            })
    }
}
