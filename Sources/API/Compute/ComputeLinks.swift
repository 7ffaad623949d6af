import HTTP
import ServiceCore

extension APICall {
    /// Where the interface begins.
    var root: String { base + "/compute/v2.1" }

    /// Where things of a kind are, without a version.
    var bookmarks: String { base + "/compute" }
}

extension JSONWriter {
    /// The two `links` of a thing: where it is, and where it is whatever the version.
    mutating func links(to thing: String, _ call: APICall) {
        list("links", [("self", call.root), ("bookmark", call.bookmarks)]) { json, link in
            json.link(link.0, link.1 + thing)
        }
    }

    /// `<name>_links`: the next page of a list; left out after the last one.
    mutating func nextLink(_ name: String, _ next: String?, _ call: APICall) {
        guard let next else { return }
        entry(name) { json in
            json.list([call.base + call.request.path + "?" + call.query.replacing("marker", with: next)]) {
                $0.link("next", $1)
            }
        }
    }
}
