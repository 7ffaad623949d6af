import Foundation
import HTTP
import Testing

@testable import daybreak

@Suite struct `What shows consoles` {
    /// A folder with files in it, gone afterwards.
    private func withFolder<T>(_ files: [String: String], _ body: (String) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "viewers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try body(folder.path)
    }

    private let modules = [
        "lib/public/Terminal.js":
            "var a = require(\"../Terminal\");\nexports.Terminal = a.Terminal;\n//# sourceMappingURL=x.map",
        "lib/Terminal.js": "var b = require(\"./common/Buffer\");\nexports.Terminal = b.Buffer;",
        "lib/common/Buffer.js": "var c = require(\"../Terminal\"); exports.Buffer = 1;",
        "lib/Unused.js": "alert(1)",
    ]

    @Test func `the modules of a terminal become one script, each once`() throws {
        let script = try withFolder(modules) { TerminalScript.join($0) } ?? ""
        #expect(script.contains("\"public/Terminal\":[{\"../Terminal\":\"Terminal\"},function("))
        #expect(script.contains("\"common/Buffer\":[{\"../Terminal\":\"Terminal\"},function("))
        #expect(script.matches(of: /exports\.Buffer = 1/).count == 1)
        #expect(!script.contains("alert(1)") && !script.contains("sourceMappingURL") && !script.contains("eval("))
    }

    @Test(arguments: ["fs", "/etc/passwd", "../../outside", "./missing", "./a\\nb", "./x;alert(1)"])
    func `a module that needs what is not there is no terminal`(path: String) throws {
        var modules = modules
        modules["lib/common/Buffer.js"] = "require(\"\(path)\")"
        #expect(try withFolder(modules) { TerminalScript.join($0) } == nil)
    }

    @Test func `what is not installed is not offered`() throws {
        var settings = ConsoleSettings()
        settings.noVNCPath = "/nonexistent"
        settings.xtermPath = "/nonexistent"
        let files = ConsoleFiles(settings)
        #expect(files.screenModule == nil && files.terminalScript == nil)
        var router = Router()
        files.register(on: &router)
        #expect(router.respond(to: .testing(.get, "/static/xterm/terminal.js")).status == .notFound)
    }

    @Test func `of noVNC its modules are served, and nothing of its pages`() throws {
        let noVNC = ["core/rfb.js": "export default 1;", "vendor/pako.js": "1", "vnc.html": "<script>1</script>"]
        try withFolder(noVNC.merging(modules) { $1 }) { folder in
            var settings = ConsoleSettings()
            settings.noVNCPath = folder
            settings.xtermPath = folder
            let files = ConsoleFiles(settings)
            var router = Router()
            files.register(on: &router)
            func get(_ path: String) -> Response { router.respond(to: .testing(.get, path)) }
            #expect(get(files.screenModule ?? "").status == .ok)
            #expect(get("/static/novnc/vendor/pako.js").status == .ok)
            #expect(get("/static/novnc/core/rfb.js").fields["Content-Type"]?.hasPrefix("text/javascript") == true)
            for path in ["/static/novnc/vnc.html", "/static/novnc/core/vnc.html", "/static/novnc/"] {
                #expect(get(path).status != .ok)
            }
            let terminal = files.terminalScript ?? ""
            #expect(get(terminal).fields["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(get("/static/xterm/terminal.js").fields["Cache-Control"] == "no-cache")
        }
    }

    @Test func `the settings choose the console, and null none`() throws {
        func read(_ text: String) throws -> ConsoleSettings {
            try SettingsFile(path: "s.json", bytes: Array(text.utf8)).settings.consoles
        }
        #expect(try read("{}") == ConsoleSettings())
        #expect(String(describing: try read("{\"CONSOLE_TYPE\": \"SERIAL\"}").type).contains("serial"))
        #expect(try read("{\"CONSOLE_TYPE\": null}").type == nil)
        #expect(throws: SettingsFault.self) { try read("{\"CONSOLE_TYPE\": \"SPICE\"}") }
        #expect(throws: SettingsFault.self) { try read("{\"NOVNC_PATH\": \"novnc\"}") }
        #expect(try read("{\"NOVNC_PATH\": \"/opt/novnc\"}").noVNCPath == "/opt/novnc")
    }
}
