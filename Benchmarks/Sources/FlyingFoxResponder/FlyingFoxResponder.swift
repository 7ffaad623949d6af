import FlyingFox
import FlyingSocks
import Foundation
import ResponderOptions

/// Answers with FlyingFox on Swift's shared pool of threads, whose number is the processors'.
@main
enum FlyingFoxResponder {
    static func main() async throws {
        let options = try ResponderOptions()
        let body = Data(options.body)
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: options.port), logger: .disabled)
        await server.appendRoute("GET /") { _ in
            HTTPResponse(statusCode: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: body)
        }
        try await server.run()
    }
}
