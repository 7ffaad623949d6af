public import Compute
import Cryptography
import HTTP
public import Identity
public import Images
import Logging
import Markup
public import Networking
public import ServiceCore

/// The services whose resources the pages show.
public struct DashboardServices: Sendable {
    /// Users, projects and tokens.
    public let identity: IdentityService
    /// Images.
    public let images: ImageService
    /// Networks, subnets and ports.
    public let networking: NetworkingService
    /// Instances, flavors and key pairs.
    public let compute: ComputeService
    /// What changes, for open pages.
    public let events: EventBus

    /// Collects the services.
    public init(
        identity: IdentityService, images: ImageService, networking: NetworkingService, compute: ComputeService,
        events: EventBus
    ) {
        self.identity = identity
        self.images = images
        self.networking = networking
        self.compute = compute
        self.events = events
    }
}

/// What every page shares: services, templates, sessions and settings. Page families are made from it once, at start.
final class Site: Sendable {
    let services: DashboardServices
    let configuration: DashboardConfiguration
    let library: TemplateLibrary
    let translations: Translations
    let sessions: SessionKeeper
    let guestToken: GuestToken
    let flashCookie: FlashCookie
    let clock: any WallClock
    let log = Logger(label: "daybreak.dashboard")

    init(
        services: DashboardServices, templates: String, sessions: any SessionStore, clock: any WallClock,
        configuration: DashboardConfiguration
    ) throws {
        self.services = services
        self.configuration = configuration
        self.clock = clock
        translations = try Translations(directory: templates + "/locale")
        library = try TemplateLibrary(directory: templates, translations: translations)
        self.sessions = SessionKeeper(
            store: sessions, secretKey: configuration.secretKey, timeout: configuration.sessionTimeout, clock: clock)
        guestToken = GuestToken(secretKey: configuration.secretKey)
        flashCookie = FlashCookie(seal: Fernet(secret: configuration.secretKey, purpose: "daybreak messages"))
    }

    /// The template below `Templates/`, bound to what it shows. A name it uses that the content does not have throws.
    func view<Content: TemplateModel>(_ name: String, of content: Content.Type) throws -> View<Content> {
        View(site: self, template: try library.template(name, for: PageModel<Content>.self))
    }

    /// The page's reader, who may be anybody.
    func reader(of request: Request, csrfToken: String) -> Reader {
        let preferences = Preferences(request, defaultTimeZone: configuration.timeZone)
        return Reader(
            wording: Wording(
                language: preferences.language, translations: translations, timeZone: preferences.timeZone),
            preferences: preferences, csrfToken: csrfToken, here: LocalTarget.destination(request.rawTarget),
            flashes: flashCookie.read(request))
    }

    /// 303 to a page, with messages to show there.
    func seeOther(_ url: SiteURL, _ flashes: Flash..., secure: Bool) -> Response {
        seeOther(url.description, flashes, secure: secure)
    }

    func seeOther(_ path: String, _ flashes: [Flash], secure: Bool) -> Response {
        var response = Response.seeOther(path)
        if !flashes.isEmpty { response.setCookie(flashCookie.cookie(flashes, secure: secure)) }
        return response
    }
}
