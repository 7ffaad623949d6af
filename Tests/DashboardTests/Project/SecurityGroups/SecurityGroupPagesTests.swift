import HTTP
import Networking
import ServiceCore
import Testing

@testable import Dashboard

struct SecurityGroupPagesTests {
    private static let list = "/dashboard/project/security_groups/"
    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func group(_ name: String, as owner: RequestContext? = nil) throws -> SecurityGroup {
        try site.networking.createSecurityGroup(NewSecurityGroup(name: name), as: owner ?? site.admin)
    }

    private func current(_ group: SecurityGroup) throws -> SecurityGroup {
        try site.networking.securityGroup(group.id, as: site.admin)
    }

    @Test func `the list has Horizon's columns, and says what each group lets in`() throws {
        let page = try browser.get(Self.list)
        #expect(
            page.all("//table[@id='security_groups']//th[@scope='col'][not(contains(@class,'select'))]") == [
                "Name", "Security Group ID", "Description", "Lets In", "Shared", "Actions",
            ])
        let row = "//tr[@data-display='default']"
        #expect(page.first(row + "/td[@data-label='Lets In']") == "Anything from members of this group")
        #expect(page.first(row + "//td[@class='actions']/div/a") == "Manage Rules")
        let disabled = page.all(row + "//button[@disabled]/span")
        #expect(disabled.contains("Edit Security GroupThe default security group cannot be edited."))
        #expect(disabled.contains("Delete Security GroupThe default security group cannot be deleted."))
    }

    @Test func `a group is made, edited and deleted after a question`() throws {
        try browser.get(Self.list + "create/")
        var page = try browser.submit(["name": "<web>", "description": "the shop"])
        #expect(page.flashes == ["Successfully created security group: <web>"])
        #expect(page.title == "<web>" && !page.text.contains("<web>"), "a name is a text")
        #expect(page.all("//section[@id='reach']//li") == ["Anything to anywhere"])
        #expect(page.first("//section[@id='reach']//p") == "Nothing: only the console reaches the instances.")
        let group = try #require(try site.networking.securityGroups(as: site.admin).first { $0.name == "<web>" })
        try browser.get(Self.list + "\(group.id)/update/")
        page = try browser.submit(["name": "web"])
        #expect(page.flashes == ["Successfully updated security group: web"])
        #expect(try current(group).description == "the shop", "what was not changed stays")
        page = try browser.submit(
            [:], form: "//form[@id='security_groups__form']",
            button: ("action", "security_groups__delete__\(group.id)"))
        #expect(page.all("//ul[@class='selected']/li") == ["web"])
        page = try browser.submit([:], button: ("action", "security_groups__delete"))
        #expect(page.flashes == ["Deleted security group: web"])
        #expect(try browser.get(Self.list + "\(group.id)/").status == 404)
    }

    @Test func `the default group is not edited and not deleted, whoever writes the form`() throws {
        let group = try #require(try site.networking.securityGroups(as: site.admin).first { $0.isDefault })
        try browser.get(Self.list + "\(group.id)/update/")
        #expect(browser.page.nodes("//button[contains(@class,'primary')][@disabled]").count == 1)
        #expect(try browser.submit(["description": "mine"]).status == 409)
        try browser.get(Self.list)
        try browser.post(
            Self.list,
            [
                ("csrfmiddlewaretoken", try browser.token()), ("action", "security_groups__delete"),
                ("object_ids", group.id.text), ("confirmed", "yes"),
            ])
        #expect(browser.page.flashes.first?.contains("Unable to delete security group: default") == true)
        #expect(try current(group).description == "Default security group")
    }

    @Test func `a group that cannot be comes back with what was typed`() throws {
        try browser.get(Self.list + "create/")
        var page = try browser.submit(["name": "Default"])
        #expect(page.status == 409 && page.value("//input[@id='id_name']") == "Default")
        page = try browser.submit(["name": String(repeating: "x", count: 256)])
        #expect(page.status == 422 && page.faults("name").count == 1)
        #expect(try browser.post(Self.list + "create/", [("name", "forged")]).status == 403)
        #expect(try site.networking.securityGroups(as: site.admin).count == 1)
    }

    @Test func `rules are listed with Horizon's columns, in words, and deleted`() throws {
        let (web, database) = (try group("web"), try group("db"))
        for (group, remote) in [(web, nil), (database, web.id.text)] {
            var new = NewSecurityGroupRule(groupID: group.id, direction: "ingress")
            (new.protocolName, new.portRangeMin, new.portRangeMax) = ("tcp", "3306", "3306")
            new.remoteGroupID = remote
            new.remoteIPPrefix = remote == nil ? "192.0.2.7" : nil
            _ = try site.networking.createSecurityGroupRule(new, as: site.admin)
        }
        var page = try browser.get(Self.list + "\(database.id)/")
        #expect(
            page.all("//table[@id='rules']//th[@scope='col'][not(contains(@class,'select'))]") == [
                "Direction", "Ether Type", "IP Protocol", "Port Range", "Remote IP Prefix", "Remote Security Group",
                "Description", "Actions",
            ])
        let row = "//table[@id='rules']//tr[td[.='Ingress']]/td[not(contains(@class,'select'))]"
        #expect(
            page.all(row) == ["Ingress", "IPv4", "TCP", "3306 (MYSQL)", "–", "web", "–", "Delete Rule"])
        #expect(page.value(row + "//a", "href") == Self.list + "\(web.id)/")
        #expect(
            page.all("//section[@id='reach']//li") == [
                "TCP 3306 (MYSQL) from members of web IPv4", "Anything to anywhere",
            ])
        #expect(try browser.get(Self.list + "\(web.id)/").first("//li") != nil)
        #expect(browser.page.all("//section[@id='reach']//li").first == "TCP 3306 (MYSQL) from 192.0.2.7/32")
        let rule = try #require(try current(database).rules.first { $0.direction == .ingress })
        try browser.get(Self.list + "\(database.id)/")
        page = try browser.submit(
            [:], form: "//form[@id='rules__form']", button: ("action", "rules__delete__\(rule.id)"))
        #expect(page.all("//ul[@class='selected']/li") == ["TCP 3306 (MYSQL) from members of web"])
        page = try browser.submit([:], button: ("action", "rules__delete"))
        #expect(page.flashes == ["Deleted rule: TCP 3306 (MYSQL) from members of web"])
        #expect(try current(database).rules.count == 2)
    }

    @Test func `readers look and change nothing, other projects see nothing`() throws {
        let mine = try group("mine")
        _ = try site.makeUser("rita", role: "reader")
        let reader = try site.loggedIn("rita")
        #expect(try reader.get(Self.list).nodes("//main//a[contains(@href,'create')]").isEmpty)
        #expect(reader.page.all("//td[@class='actions']//a") == ["Manage Rules"])
        #expect(try reader.get(Self.list + "create/").status == 403)
        let own = try #require(try site.networking.securityGroups(as: site.makeUser("bob")).first)
        #expect(try site.loggedIn("bob").get(Self.list + "\(own.id)/").status == 200)
        for path in ["", "update/", "add_rule/"] {
            #expect(try reader.get(Self.list + "\(mine.id)/\(path)").status == 404)
        }
        #expect(try reader.get(Self.list + "%3Cb%3E/").status == 404)
    }
}
