import Testing

@testable import HTTP

private func conditionRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) {
    let tag = EntityTag("v1")
    func resource(_ tag: EntityTag?, _ date: Int?) -> Representation {
        Representation(Array(resourceText.utf8), contentType: "text/plain", etag: tag, lastModified: date)
    }
    var fields = Fields()
    fields.add("Cache-Control", "no-cache")
    for (path, representation) in [
        ("/r", resource(tag, resourceDate)), ("/weak", resource(EntityTag("v1", isWeak: true), nil)),
        ("/undated", resource(tag, nil)), ("/untagged", resource(nil, resourceDate)),
        ("/future", resource(nil, Clock.wallSeconds() + 1_000_000)),
    ] {
        router.on(.get, path, .none, .loop { [fields] in try representation.response(to: $0, fields: fields) })
        // What changes a resource asks the same conditions first.
        router.on(
            .put, path, .none,
            .loop { try representation.response(to: $0).status == 200 ? witness.answer($0) : Response(status: 412) })
    }
}

@Suite(.served(routes: conditionRoutes))
struct ConditionConformance {
    @Test(arguments: matches + dates + precedence + writes)
    func `conditional requests`(_ conversation: Conversation) throws { try conversation.hold() }

    private static let same = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let later = "Sun, 06 Nov 1994 08:49:38 GMT"

    private static let whole = Answer(
        200, ["ETag: \"v1\"", "Last-Modified: \(same)", "Cache-Control: no-cache"], content: resourceText)
    private static let known = Answer(
        304, ["ETag: \"v1\"", "Cache-Control: no-cache", "!Content-Length", "!Content-Type"])
    private static let failed = Answer(412, ["ETag: \"v1\"", "!Last-Modified"])

    private static func ask(_ name: String, _ fields: String..., gives answer: Answer, of path: String = "/r")
        -> Conversation
    {
        Conversation("RFC 9110 \(name)", get(path, fields.joined(separator: "\r\n")), [answer])
    }

    static let matches: [Conversation] = [
        ask("8.8.3: the tag is sent", "A: b", gives: whole),
        ask("13.1.2: the tag the client has", "If-None-Match: \"v1\"", gives: known),
        ask("13.1.2: another tag", "If-None-Match: \"v0\"", gives: whole),
        ask("13.1.2: one of several tags", "If-None-Match: \"v0\", \"v1\"", gives: known),
        ask("13.1.2: one of several fields", "If-None-Match: \"v0\"", "If-None-Match: \"v1\"", gives: known),
        ask("13.1.2: the comparison is weak", "If-None-Match: W/\"v1\"", gives: known),
        ask("13.1.2: a weak tag of ours", "If-None-Match: \"v1\"", gives: Answer(304, ["ETag: W/\"v1\""]), of: "/weak"),
        ask("13.1.2: anything at all", "If-None-Match: *", gives: known),
        ask("13.1.2: anything, where there is no tag", "If-None-Match: *", gives: 304, of: "/untagged"),
        ask("13.1.2: a comma inside a tag", "If-None-Match: \"a,b\", \"v1\"", gives: known),
        ask("13.1.2: a tag that only contains ours", "If-None-Match: \"x, \"v1\", y\"", gives: whole),
        ask("13.1.2: a tag inside another's quotes", "If-None-Match: \"v1,\"", gives: whole),
        ask("5.6.1: empty elements in the list", "If-None-Match: ,, \"v1\" ,", gives: known),
        ask("8.8.3: a tag without quotes is none", "If-None-Match: v1", gives: whole),
        ask("8.8.3: a small w is no mark of weakness", "If-None-Match: w/\"v1\"", gives: whole),
        ask("8.8.3: tags have a case", "If-None-Match: \"V1\"", gives: whole),
        ask("8.8.3: an open quote", "If-None-Match: \"v1", gives: whole),
        ask("13.1.1: the tag it has", "If-Match: \"v1\"", gives: whole),
        ask("13.1.1: one of several", "If-Match: \"v0\", \"v1\"", gives: whole),
        ask("13.1.1: another tag", "If-Match: \"v0\"", gives: failed),
        ask("13.1.1: the comparison is strong", "If-Match: W/\"v1\"", gives: failed),
        ask("13.1.1: a weak tag of ours matches nothing", "If-Match: W/\"v1\"", gives: 412, of: "/weak"),
        ask("13.1.1: anything at all", "If-Match: *", gives: whole),
        ask("13.1.1: a tag where there is none", "If-Match: \"v1\"", gives: 412, of: "/untagged"),
        ask("13.1.1: what is no tag matches nothing", "If-Match: v1", gives: failed),
        ask("13.1.1: an empty list matches nothing", "If-Match:", gives: failed),
        Conversation(
            "RFC 9110 9.3.2: HEAD", get("/r", "If-None-Match: \"v1\"", method: "HEAD"), [.head(304, ["ETag: \"v1\""])]),
        Conversation(
            "RFC 9110 13.1.1: HEAD of what has changed", get("/r", "If-Match: \"v0\"", method: "HEAD"), [.head(412)]),
    ]

    static let dates: [Conversation] = [
        ask("13.1.3: not changed since", "If-Modified-Since: \(same)", gives: known),
        ask("13.1.3: not changed since a later date", "If-Modified-Since: \(later)", gives: known),
        ask("13.1.3: changed since", "If-Modified-Since: \(earlier)", gives: whole),
        ask("13.1.3: nobody knows since when", "If-Modified-Since: \(same)", gives: 200, of: "/undated"),
        ask("5.6.7: the form of RFC 850", "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", gives: known),
        ask("5.6.7: the form of asctime", "If-Modified-Since: Sun Nov  6 08:49:37 1994", gives: known),
        ask(
            "5.6.7: asctime, a second earlier", "If-Modified-Since: Sun Nov  6 08:49:36 1994", gives: whole),
        ask(
            "5.6.7: two digits that are not in the future", "If-Modified-Since: Sunday, 06-Nov-93 08:49:37 GMT",
            gives: whole),
        ask("13.1.3: what is no date is ignored", "If-Modified-Since: yesterday", gives: whole),
        ask("13.1.3: another zone is ignored", "If-Modified-Since: Sun, 06 Nov 1994 09:49:37 CET", gives: whole),
        ask(
            "13.1.3: a day that does not exist is ignored", "If-Modified-Since: Sun, 32 Nov 1994 08:49:37 GMT",
            gives: whole),
        ask(
            "13.1.3: an hour that does not exist is ignored", "If-Modified-Since: Sun, 06 Nov 1994 25:49:37 GMT",
            gives: whole),
        ask("13.1.3: two dates are ignored", "If-Modified-Since: \(same)", "If-Modified-Since: \(same)", gives: whole),
        ask("13.1.4: not changed since", "If-Unmodified-Since: \(same)", gives: whole),
        ask("13.1.4: changed since", "If-Unmodified-Since: \(earlier)", gives: failed),
        ask("13.1.4: what is no date is ignored", "If-Unmodified-Since: 0", gives: whole),
        ask("13.1.4: nobody knows since when", "If-Unmodified-Since: \(earlier)", gives: 200, of: "/undated"),
    ]

    static let precedence: [Conversation] = [
        ask(
            "13.2.2: a tag that matches outweighs a date that does not", "If-None-Match: \"v1\"",
            "If-Modified-Since: \(earlier)", gives: known),
        ask(
            "13.2.2: a tag that does not match outweighs a date that does", "If-None-Match: \"v0\"",
            "If-Modified-Since: \(later)", gives: whole),
        ask(
            "13.1.3: a malformed tag still outweighs the date", "If-None-Match: v0", "If-Modified-Since: \(later)",
            gives: whole),
        ask(
            "13.2.2: If-Match outweighs If-Unmodified-Since", "If-Match: \"v1\"", "If-Unmodified-Since: \(earlier)",
            gives: whole),
        ask(
            "13.2.2: If-Match that fails outweighs If-Unmodified-Since", "If-Match: \"v0\"",
            "If-Unmodified-Since: \(later)", gives: failed),
        ask(
            "13.2.2: what has changed goes before what is known", "If-Match: \"v0\"", "If-None-Match: \"v1\"",
            gives: failed),
        ask(
            "13.2.2: what has changed by date goes before what is known", "If-Unmodified-Since: \(earlier)",
            "If-None-Match: \"v1\"", gives: failed),
        ask("13.2.2: both hold, and the client has it", "If-Match: \"v1\"", "If-None-Match: \"v1\"", gives: known),
        ask(
            "13.2.2: all four hold", "If-Match: \"v1\"", "If-Unmodified-Since: \(same)", "If-None-Match: \"v0\"",
            "If-Modified-Since: \(earlier)", gives: whole),
        Conversation(
            "RFC 9110 13.2.1: where nothing is there are no conditions", get("/fails/x", "If-None-Match: *"), [200],
            saw: [.init("GET /fails/x", ["If-None-Match: *"])]),
    ]

    private static func put(_ name: String, _ field: String, _ status: Int) -> Conversation {
        Conversation(
            "RFC 9110 \(name)", get("/r", field, method: "PUT"), [Answer(status)],
            saw: status == 200 ? [.init("PUT /r", [field])] : [])
    }

    static let writes: [Conversation] = [
        put("13.1.1: PUT over what the client knows", "If-Match: \"v1\"", 200),
        put("13.1.1: PUT over what has changed", "If-Match: \"v0\"", 412),
        put("13.1.2: PUT of what must be new", "If-None-Match: *", 412),
        put("13.1.2: PUT unless it is this one", "If-None-Match: \"v1\"", 412),
        put("13.1.4: PUT unless it was changed", "If-Unmodified-Since: \(earlier)", 412),
        put("13.1.3: for PUT a date of reading means nothing", "If-Modified-Since: \(later)", 200),
    ]
}
