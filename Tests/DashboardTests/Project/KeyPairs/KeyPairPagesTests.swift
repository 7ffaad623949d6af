import Compute
import HTTP
import Markup
import ServiceCore
import Testing

@testable import Dashboard

struct KeyPairPagesTests {
    private static let list = "/dashboard/project/key_pairs/"
    private static let create = "/dashboard/project/key_pairs/create"
    private static let importing = "/dashboard/project/key_pairs/import"
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me@home"

    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func names() throws -> [String] { try site.compute.keypairs(as: site.admin).map(\.name) }

    @Test(arguments: ["ed25519", "rsa"])
    func `the private key is shown once, in the answer to the form`(algorithm: String) throws {
        try browser.get(Self.create)
        let page = try browser.submit(["name": "laptop", "key_type": algorithm])
        #expect(page.status == 200)
        let key = page.nodes("//textarea[@id='id_private_key']").first?.text ?? ""
        #expect(key.contains("PRIVATE KEY-----"))
        #expect(page.value("//*[@data-download]", "data-download") == "laptop.pem")
        #expect(page.fields["Cache-Control"] == "no-store")
        let again = try browser.get("\(Self.list)laptop/detail/")
        #expect(again.title == "laptop")
        #expect(!again.text.contains("PRIVATE KEY"))
        #expect(again.first("//code[@class='public-key']")?.hasPrefix("ssh-\(algorithm) ") == true)
    }

    @Test func `a name that is taken or cannot be is said beside the form and stays typed`() throws {
        _ = try site.compute.createKeypair(named: "laptop", as: site.admin)
        try browser.get(Self.create)
        #expect(try browser.submit(["name": "laptop", "key_type": "rsa"]).status == 409)
        #expect(browser.page.first("//div[@role='alert']") == "A key pair named laptop exists already.")
        #expect(browser.page.value("//input[@id='id_name']") == "laptop")
        #expect(browser.page.value("//option[@selected]") == "rsa")
        try browser.submit(["name": "<b>"])
        #expect(browser.page.status == 422)
        #expect(browser.page.faults("name").count == 1)
        #expect(browser.page.value("//input[@id='id_name']") == "<b>")
        try browser.submit(["name": ""])
        #expect(browser.page.faults("name") == ["A key pair needs a name."])
        #expect(try names() == ["laptop"])
    }

    @Test func `a public key is imported, line breaks and all`() throws {
        try browser.get(Self.importing)
        var broken = Self.key
        broken.insert(contentsOf: "\r\n", at: broken.index(broken.startIndex, offsetBy: 40))
        let page = try browser.submit(["name": "home", "public_key": broken])
        #expect(page.flashes == ["Successfully imported key pair \"home\"."])
        #expect(try site.compute.keypair(named: "home", as: site.admin).publicKey == Self.key)
        #expect(page.first("//td[@data-label='Fingerprint']")?.count == 47)
    }

    @Test(arguments: ["", "garbage", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk="])
    func `what is not a public key is refused and stays typed`(text: String) throws {
        try browser.get(Self.importing)
        let page = try browser.submit(["name": "bad", "public_key": text])
        #expect(page.status == 422)
        #expect(page.faults("public_key").count == 1)
        #expect(page.value("//input[@id='id_name']") == "bad")
        #expect(page.nodes("//textarea").first?.text.split(separator: "\n") == text.split(separator: "\n"))
        #expect(try names().isEmpty)
    }

    @Test func `a key pair is deleted after a question`() throws {
        _ = try site.compute.createKeypair(named: "old", as: site.admin)
        try browser.get("\(Self.list)old/detail/")
        let token = try #require(browser.page.value("//main//input[@name='csrfmiddlewaretoken']"))
        #expect(browser.page.value("//main//button[@name='action']") == "keypairs__delete__old")
        try browser.post(Self.list, [("csrfmiddlewaretoken", token), ("action", "keypairs__delete__old")])
        #expect(browser.page.all("//ul[@class='selected']/li") == ["old"])
        try browser.submit([:], button: ("action", "keypairs__delete"))
        #expect(browser.page.flashes == ["Deleted key pair: old"])
        #expect(try names().isEmpty)
    }

    @Test func `key pairs belong to their user, readers included`() throws {
        _ = try site.compute.createKeypair(named: "mine", as: site.admin)
        _ = try site.makeUser("rita", role: "reader")
        let reader = try site.loggedIn("rita")
        #expect(try reader.get(Self.list).first("//div[@class='empty']//h2") == "No key pairs yet")
        #expect(try reader.get("\(Self.list)mine/detail/").status == 404)
        try reader.get(Self.importing)
        try reader.submit(["name": "mine", "public_key": Self.key])
        #expect(reader.page.flashes == ["Successfully imported key pair \"mine\"."])
    }

    @Test func `a session that ended while the form was open makes no key`() throws {
        try browser.get(Self.create)
        site.clock.advance(seconds: 4000)
        #expect(try browser.submit(["name": "late"]).path.hasPrefix("/dashboard/auth/login/"))
        #expect(try names().isEmpty)
    }
}
