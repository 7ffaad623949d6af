import Foundation
import HTTP
import Markup
import ServiceCore

/// User Settings as its template sees it.
struct SettingsContent: TemplateModel {
    let action: String
    let language: FormField
    let timeZone: FormField
    let theme: FormField
    let pageSize: FormField
    let logLength: FormField
    let loads: FormField

    static let shape = Shape<SettingsContent>([
        .text("action", \.action), .object("language", \.language), .object("timeZone", \.timeZone),
        .object("theme", \.theme), .object("pageSize", \.pageSize), .object("logLength", \.logLength),
        .object("loads", \.loads),
    ])
}

/// Language, time zone, theme and lengths of lists: kept in cookies, so that they outlive the session.
struct SettingsPages: Sendable {
    private static let year = 365 * 86_400

    private let site: Site
    private let view: View<SettingsContent>

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("settings/index", of: SettingsContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let preferences = visitor.reader.preferences
        let form = FormData([
            ("language", preferences.language.tag), ("timezone", preferences.timeZone.identifier),
            ("theme", preferences.theme.rawValue), ("pagesize", String(preferences.pageSize)),
            ("instance_log_length", String(preferences.logLength)),
            ("instance_loads", preferences.showsLoads ? "on" : "off"),
        ])
        return page(form, .none(visitor.wording), visitor)
    }

    func save(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = request.form
        let violations = Self.violations(form)
        guard violations.isEmpty else {
            let faults = Faults(violations: violations, wording: visitor.wording)
            return page(form, faults, visitor, status: .unprocessableContent)
        }
        // Said in the language that was just chosen.
        let language = form["language"].flatMap(Language.init(supported:)) ?? visitor.wording.language
        let text = site.translations.text("Settings saved.", language)
        var response = site.seeOther(SiteURL.settings, Flash(.success, text), secure: request.isSecure)
        let kept = [
            (Preferences.languageCookie, form["language"]), (Preferences.themeCookie, form["theme"]),
            (Preferences.timeZoneCookie, form["timezone"].map { PercentCoding.encode($0) }),
            (Preferences.pageSizeCookie, form["pagesize"]),
            (Preferences.logLengthCookie, form["instance_log_length"]),
            (Preferences.loadsCookie, form["instance_loads"]),
        ]
        for case (let name, let value?) in kept { response.setCookie(cookie(name, value, request)) }
        return response
    }

    /// The language menu of every page; Horizon's `i18n/setlang`.
    func setLanguage(_ request: Request, _ reader: Reader) throws -> Response {
        var response = Response.seeOther(LocalTarget.destination(request.form["next"]))
        if let language = request.form["language"].flatMap(Language.init(supported:)) {
            response.setCookie(cookie(Preferences.languageCookie, language.tag, request))
        }
        return response
    }

    func setTheme(_ request: Request, _ reader: Reader) throws -> Response {
        var response = Response.seeOther(LocalTarget.destination(request.form["next"]))
        if let theme = request.form["theme"].flatMap(Preferences.Theme.init) {
            response.setCookie(cookie(Preferences.themeCookie, theme.rawValue, request))
        }
        return response
    }

    private func cookie(_ name: String, _ value: String, _ request: Request) -> Cookie {
        Cookie(name, value, maxAge: Self.year, secure: request.isSecure)
    }

    private static func violations(_ form: FormData) -> [Violation] {
        var violations: [Violation] = []
        let choices: [(String, Bool)] = [
            ("language", form["language"].flatMap(Language.init(supported:)) != nil),
            ("theme", form["theme"].flatMap(Preferences.Theme.init) != nil),
            ("instance_loads", ["on", "off"].contains(form["instance_loads"] ?? "on")),
            (
                "timezone",
                form["timezone"].map { TimeZone.knownTimeZoneIdentifiers.contains($0) || $0 == "GMT" } == true
            ),
        ]
        for (field, isKnown) in choices where !isKnown {
            violations.append(
                Violation(
                    field: field, code: "unknown_choice", message: Message("is not one of the choices."),
                    value: form[field] ?? ""))
        }
        let numbers = [("pagesize", Preferences.pageSizes), ("instance_log_length", Preferences.logLengths)]
        for (field, range) in numbers where form[field].flatMap(Int.init).map(range.contains) != true {
            let message = Message(
                "must be a whole number from {least} to {most}.",
                ["least": String(range.lowerBound), "most": String(range.upperBound)])
            violations.append(
                Violation(field: field, code: "out_of_range", message: message, value: form[field] ?? ""))
        }
        return violations
    }

    private func page(
        _ form: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        func field(_ name: String, _ label: Message, _ kind: FormField.Kind) -> FormField {
            FormField(
                name: name, label: visitor.text(label), kind: kind, value: form[name] ?? "", isRequired: true,
                isStarred: false,
                faults: faults.of(name))
        }
        let zones = ["GMT"] + TimeZone.knownTimeZoneIdentifiers.filter { $0 != "GMT" }.sorted()
        let content = SettingsContent(
            action: SiteURL.settings.path,
            language: field("language", Message("Language"), .select(Choice.languages(current: .english))),
            timeZone: field("timezone", Message("Timezone"), .select(zones.map { Choice(value: $0, title: $0) })),
            theme: field("theme", Message("Theme"), .select(Choice.themes(current: .auto, visitor.wording))),
            pageSize: field("pagesize", Message("Items Per Page"), .input("number")),
            logLength: field("instance_log_length", Message("Log Lines Per Instance"), .input("number")),
            loads: field(
                "instance_loads", Message("CPU Use in Lists"),
                .select([
                    Choice(value: "on", title: visitor.text(Message("Shown"))),
                    Choice(value: "off", title: visitor.text(Message("Hidden"))),
                ])))
        return view.page(
            content, PageHead(nil, [Crumb(visitor.text(Message("User Settings")))]), visitor, status: status)
    }
}
