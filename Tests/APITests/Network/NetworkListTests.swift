import Foundation
import HTTP
import Testing

@Suite struct `Neutron's lists` {
    private let cloud: NetworkCloud

    init() throws { cloud = try NetworkCloud() }

    private func names(_ query: String, as token: String? = nil) -> [String] {
        cloud.ask(.get, "/networks?" + query, as: token).list("networks").compactMap {
            ($0 as? [String: Any])?["name"] as? String
        }
    }

    @Test func `any attribute is a filter, and several values are alternatives`() throws {
        for name in ["a", "b", "c"] {
            _ = try cloud.make("/networks", "network", #""name": "\#(name)", "admin_state_up": \#(name == "b")"#)
        }
        #expect(names("name=a&name=b") == ["a", "b"])
        #expect(names("admin_state_up=True") == ["b"])
        #expect(names("admin_state_up=False&name=a") == ["a"])
        #expect(names("shared=False&router%3Aexternal=False&tenant_id=\(cloud.projectID)") == ["a", "b", "c"])
        #expect(names("status=DOWN").isEmpty && names("name=").isEmpty)
        #expect(names("mtu=1500&status=ACTIVE") == ["a", "b", "c"])
        #expect(cloud.refusal(.get, "/networks?colour=red") == "400 HTTPBadRequest")
        #expect(cloud.refusal(.get, "/networks?mtu=big") == "400 HTTPBadRequest")
        #expect(cloud.refusal(.get, "/networks?provider:segmentation_id=7") == "403 PolicyNotAuthorized")
        #expect(cloud.ask(.get, "/networks?provider:network_type=local", as: cloud.admin).status == 200)
    }

    @Test func `a list is walked in both directions, in any order`() throws {
        for index in 0..<5 { _ = try cloud.make("/networks", "network", #""name": "n\#(index % 3)""#) }
        let ids = { (answer: APIAnswer) in
            answer.list("networks").compactMap { ($0 as? [String: Any])?["id"] as? String }
        }
        let query = "/networks?limit=2&sort_key=name&sort_dir=desc&fields=id&fields=name"
        var walked: [String] = []
        var answer = cloud.ask(.get, query)
        var pages = 0
        while !answer.list("networks").isEmpty, pages < 9 {
            walked += ids(answer)
            pages += 1
            answer = cloud.ask(.get, query + "&marker=\(walked.last ?? "")")
        }
        #expect(walked.count == 5 && Set(walked).count == 5 && pages == 3)
        let all = ids(cloud.ask(.get, "/networks?sort_key=name&sort_dir=desc"))
        #expect(walked == all)
        let back = cloud.ask(.get, query + "&page_reverse=True&marker=\(walked[3])")
        #expect(ids(back) == Array(walked[1...2]))
        #expect(ids(cloud.ask(.get, query + "&page_reverse=True")) == Array(walked[3...4]))
    }

    @Test func `links lead to the pages beside`() throws {
        for index in 0..<3 { _ = try cloud.make("/networks", "network", #""name": "n\#(index)""#) }
        let first = cloud.ask(.get, "/networks?limit=2&name=n0&name=n1&name=n2")
        #expect(first.text("networks_links.0.rel") == "next")
        let href = try #require(first.text("networks_links.0.href"))
        #expect(href.contains("name=n0&name=n1&name=n2") && href.contains("limit=2"))
        let path = try #require(href.components(separatedBy: "/networking/v2.0").last)
        let second = cloud.ask(.get, path)
        #expect(second.list("networks").count == 1)
        #expect(second.list("networks_links").count == 1 && second.text("networks_links.0.rel") == "previous")
        #expect(cloud.ask(.get, "/networks").list("networks_links").isEmpty)
        #expect(cloud.refusal(.get, "/networks?limit=2&marker=nobody") == "404 NetworkNotFound")
        #expect(cloud.ask(.get, "/networks?limit=-1").status == 400)
        #expect(cloud.refusal(.get, "/networks?sort_key=colour&limit=2") == "400 HTTPBadRequest")
    }

    @Test func `only the attributes that are asked for are told`() throws {
        let network = try cloud.network().network
        #expect(
            cloud.ask(.get, "/networks?fields=id&fields=name&fields=nothing").members("networks.0") == ["id", "name"])
        #expect(cloud.ask(.get, "/networks/\(network)?fields=mtu").members("network") == ["mtu"])
        let provider = "?fields=provider:network_type&fields=id"
        #expect(cloud.ask(.get, "/networks/\(network)" + provider).members("network") == ["id"])
    }

    @Test func `each project lists its own and what is shared with it`() throws {
        _ = try cloud.make("/networks", "network", #""name": "mine""#)
        _ = try cloud.make("/networks", "network", #""name": "all", "shared": true"#, as: cloud.admin)
        #expect(names("sort_key=name") == ["all", "mine"])
        #expect(names("sort_key=name", as: cloud.stranger) == ["all"])
        #expect(names("shared=True") == ["all"])
        #expect(names("sort_key=name&fields=name", as: cloud.admin).contains("mine"))
    }

    @Test func `tags filter as all, as any, and as neither`() throws {
        for (name, tags) in [("a", ["red", "blue"]), ("b", ["red"]), ("c", [])] {
            let id = try cloud.make("/networks", "network", #""name": "\#(name)""#)
            for tag in tags { #expect(cloud.ask(.put, "/networks/\(id)/tags/\(tag)").status == 201) }
        }
        #expect(names("tags=red,blue") == ["a"])
        #expect(names("tags-any=red,blue") == ["a", "b"])
        #expect(names("not-tags=red,blue") == ["b", "c"])
        #expect(names("not-tags-any=red,blue") == ["c"])
        let answer = cloud.ask(.get, "/networks?name=a")
        #expect(answer["networks.0.tags"] as? [String] == ["blue", "red"])
    }

    @Test func `tags have paths of their own`() throws {
        let path = "/networks/\(try cloud.network().network)/tags"
        #expect(cloud.ask(.put, path, #"{"tags": ["b", "a"]}"#)["tags"] as? [String] == ["a", "b"])
        #expect(cloud.ask(.get, path + "/a").status == 204 && cloud.ask(.get, path + "/c").status == 404)
        #expect(cloud.ask(.delete, path + "/a").status == 204)
        #expect(cloud.ask(.get, path)["tags"] as? [String] == ["b"])
        #expect(cloud.refusal(.delete, path + "/a") == "404 TagNotFound")
        #expect(cloud.ask(.delete, path).status == 204 && cloud.ask(.get, path).list("tags").isEmpty)
        #expect(cloud.ask(.put, path, #"{"tags": ["x"]}"#, as: cloud.stranger).status == 404)
        #expect(cloud.ask(.put, path, #"{"tags": [1]}"#).status == 400)
    }
}
