import Compute
import HTTP
import Identity
import Markup
import ServiceCore

/// What browsers open consoles at: the socket, and nova's page for a token that somebody was given.
struct ConsoleSocketEndpoint: Sendable {
    /// websockify's name, which noVNC asks for when it is told none.
    static let path = "/websockify"
    /// The page of noVNC that nova's addresses name: `/vnc_auto.html?path=?token=…`, of which noVNC takes the path for its
    /// socket: `/?token=…`.
    static let page = "/vnc_auto.html"

    private let gate: Gate
    private let view: View<ConsoleModel>

    private var site: Site { gate.site }
    private var compute: ComputeService { site.services.compute }

    init(_ site: Site) throws {
        gate = Gate(site: site)
        view = try site.view("project/instances/console", of: ConsoleModel.self)
    }

    func register(on router: inout Router) {
        router.on(.get, Self.path, .none, .worker { [self] in try join($0) })
        router.on(
            .get, "/", .none,
            .worker { [self] request in
                let asksForSocket = request.fields.hasToken("websocket", in: "Upgrade")
                return asksForSocket ? try join(request) : .seeOther(SiteURL.home)
            })
        router.on(.get, Self.page, .none, .worker { [self] in show($0) })
    }

    /// Joins the browser to the guest. Everything is refused before the handshake is answered: a used, old or foreign
    /// token, a page of another site, a guest that has gone off.
    func join(_ request: Request) throws -> Response {
        do {
            return try .relay(request) {
                let session = try? gate.visitor(request, keepsAlive: false).session
                let console = try compute.openConsole(
                    token: request.query["token"] ?? "", session: session?.csrfToken
                ) { holderIsWell($0, request) }
                return RelayTarget(descriptor: console.takeDescriptor()) {
                    compute.mayGoOn(console) && holderIsWell(console.grant, request)
                }
            }
        } catch {
            // The status says it. Browsers show nothing more of a refused handshake, and whoever has no token gets no data.
            return Response(status: ErrorPages.status(of: ServiceError(wrapping: error)))
        }
    }

    /// Whether who asked for the console may still look at it: their session, when it was asked for in one, has not
    /// ended, neither they nor their project were disabled, and their role still allows it.
    private func holderIsWell(_ grant: ConsoleGrant, _ request: Request) -> Bool {
        do {
            if grant.isOfSession {
                let visitor = try gate.visitor(request, keepsAlive: false)
                return visitor.context.userID == grant.userID && compute.allowsConsoles(of: grant, as: visitor.context)
            }
            let system = RequestContext.system("console")
            let user = try site.services.identity.user(grant.userID, as: system)
            let project = try grant.projectID.map { try site.services.identity.project($0, as: system) }
            return user.isEnabled && project?.isEnabled ?? true
        } catch LoginNeeded.unknown {
            // Nobody knows: the next question will be answered.
            return true
        } catch {
            return ServiceError(wrapping: error).kind == .unavailable
        }
    }

    /// The page for a token. Who has the token needs no login, as with nova.
    private func show(_ request: Request) -> Response {
        let reader = site.reader(of: request, csrfToken: site.guestToken.find(request).token)
        var model = ConsoleModel(type: .novnc, program: site.configuration.consoles.screenModule)
        model.script = site.configuration.staticURL(ConsoleType.novnc.script)
        if model.program == nil { model.package = ConsoleViewers.package(of: .novnc) }
        var response = view.page(model, PageHead(nil, [Crumb(reader.wording(Message("Console")))]), reader)
        response.allowConsole()
        response.keepFromCaches()
        return response
    }
}
