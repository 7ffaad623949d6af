import Foundation
import HTTP
import Images
import Markup
import ServiceCore
import Testing

@testable import Dashboard

struct ImagePagesTests {
    private static let list = "/dashboard/project/images/"
    private static let create = "/dashboard/project/images/create"

    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func file(_ name: String, _ bytes: [UInt8] = [UInt8](repeating: 7, count: 100_000)) -> Browser.File {
        Browser.File(field: "file", name: name, bytes: bytes)
    }

    /// The head of a qcow2 file of 1 GiB, with the name of a backing file or none.
    private func qcow2(backingFile: String = "") -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        var head = number(0x514649fb, 4) + number(3, 4)
        head += number(backingFile.isEmpty ? 0 : 104, 8) + number(backingFile.utf8.count, 4) + number(16, 4)
        head += number(1 << 30, 8)
        head += [UInt8](repeating: 0, count: 100 - head.count) + number(104, 4) + Array(backingFile.utf8)
        return head + [UInt8](repeating: 0, count: 65_536)
    }

    private func images() throws -> [Image] { try site.images.images(as: site.admin).items }

    private func act(_ action: String, on id: String, in browser: Browser) throws {
        let token = try #require(browser.page.value("//input[@name='csrfmiddlewaretoken']"))
        try browser.post(Self.list, [("csrfmiddlewaretoken", token), ("action", "images__\(action)__\(id)")])
    }

    @Test func `an uploaded file becomes an image with what was said about it`() throws {
        try browser.get(Self.create)
        let page = try browser.upload(
            file("debian.RAW"),
            [
                "name": "debian", "description": "A <b>disk</b>", "min_disk": "2", "min_ram": "64",
                "visibility": "public", "protected": "on",
            ])
        #expect(page.path == Self.list)
        #expect(page.flashes == ["Image debian was successfully created."])
        let image = try #require(try images().first)
        #expect(image.status == .active && image.diskFormat == .raw && image.size == 100_000 && image.protected)
        #expect(image.visibility == .public && image.minDiskGiB == 2 && image.minRAMMiB == 64)
        try browser.get("\(Self.list)\(image.id)/")
        #expect(browser.page.all("//dl[@class='facts']/dd").contains("A <b>disk</b>"))
        #expect(browser.page.nodes("//main//b").isEmpty)
    }

    @Test func `a small file is kept as it was sent`() throws {
        let bytes = Array("0123456789\r\n--not the end\r\n".utf8)
        try browser.get(Self.create)
        try browser.upload(file("tiny.img", bytes), ["name": "tiny"])
        let image = try #require(try images().first)
        let path = try #require(try site.images.content(of: image.id, as: site.admin)).path
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == bytes)
    }

    @Test func `an empty form is told all that is missing at once`() throws {
        try browser.get(Self.create)
        let page = try browser.upload(nil)
        #expect(page.status == 422)
        #expect(page.faults("name") == ["An image needs a name."])
        #expect(page.faults("file") == ["Choose a file to upload."])
        #expect(page.faults("disk_format") == [])
        #expect(try images().isEmpty)
    }

    @Test func `a refused file leaves no image, and all that was typed stays but the file`() throws {
        try browser.get(Self.create)
        let page = try browser.upload(
            file("junk.qcow2"),
            [
                "name": "junk \"1\"", "description": "kept", "min_disk": "3", "min_ram": "65",
                "visibility": "community", "protected": "on",
            ])
        #expect(page.status == 422)
        #expect(page.faults("file").count == 1)
        #expect(page.faults("file").first?.contains("not a qcow2 image") == true)
        #expect(page.value("//input[@id='id_name']") == "junk \"1\"")
        #expect(page.value("//input[@id='id_description']") == "kept")
        #expect(page.value("//input[@id='id_min_disk']") == "3")
        #expect(page.value("//input[@id='id_min_ram']") == "65")
        #expect(page.value("//select[@id='id_visibility']/option[@selected]") == "community")
        #expect(page.value("//input[@id='id_protected']", "checked") != nil)
        #expect(page.first("//*[@id='id_file_help']") == "Choose the file again: browsers do not keep it.")
        #expect(page.value("//input[@id='id_file']") == "")
        #expect(try images().isEmpty)
    }

    @Test func `numbers and format are checked beside their fields`() throws {
        try browser.get(Self.create)
        let page = try browser.upload(
            file("noending"), ["name": String(repeating: "x", count: 256), "min_disk": "many", "min_ram": "-1"])
        #expect(page.status == 422)
        #expect(page.faults("name") == ["A name has at most 255 characters."])
        #expect(page.faults("disk_format") == ["The name noending does not tell the format. Choose it here."])
        #expect(page.faults("min_disk") == ["A minimum is a whole number from 0 to 2147483647."])
        #expect(page.faults("min_ram").count == 1)
        #expect(page.value("//input[@id='id_min_disk']") == "many")
    }

    @Test func `an image that refers to another file is refused`() throws {
        try browser.get(Self.create)
        try browser.upload(file("good.qcow2", qcow2()), ["name": "good"])
        #expect(browser.page.flashes == ["Image good was successfully created."])
        try browser.get(Self.create)
        let page = try browser.upload(file("evil.qcow2", qcow2(backingFile: "/etc/passwd")), ["name": "evil"])
        #expect(page.faults("file").first?.contains("backing file") == true)
        #expect(try images().map(\.name) == ["good"])
    }

    @Test func `a script is told where to go, so that the message stays for the page`() throws {
        try browser.get(Self.create)
        browser.field = ("X-Requested-With", "XMLHttpRequest")
        let answer = try browser.upload(file("a.raw"), ["name": "a"])
        #expect(answer.status == 201)
        browser.field = ("User-Agent", "test")
        let page = try browser.get(try #require(answer.fields["Location"]))
        #expect(page.flashes == ["Image a was successfully created."])
    }

    @Test func `a form of another site is refused`() throws {
        try browser.get(Self.create)
        let page = try browser.upload(file("a.raw"), ["name": "a", "csrfmiddlewaretoken": "guessed"])
        #expect(page.status == 403)
        #expect(try images().isEmpty)
    }

    @Test func `a session that ended while the form was open leads to the login and back`() throws {
        try browser.get(Self.create)
        site.clock.advance(seconds: 4000)
        let page = try browser.upload(file("a.raw"), ["name": "a"])
        #expect(page.path == "/dashboard/auth/login/?next=%2Fdashboard%2Fproject%2Fimages%2Fcreate%2F")
        #expect(page.flashes == ["Session timed out."])
        #expect(try images().isEmpty)
    }

    @Test func `a protected image says why it cannot be deleted and is not`() throws {
        var new = NewImage(name: "keep", diskFormat: "raw")
        new.protected = true
        let path = FileManager.default.temporaryDirectory.appending(path: "daybreak-image-\(UUID())")
        try Data(repeating: 7, count: 4096).write(to: path)
        let image = try site.images.upload(new, movingFile: path.path(), as: site.admin)
        try browser.get(Self.list)
        let button = "//button[@value='images__delete__\(image.id)']"
        #expect(browser.page.value(button, "disabled") != nil)
        #expect(browser.page.first(button + "//small") == "The image is protected.")
        // Whoever sends the form all the same is told, too.
        try act("delete", on: image.id.text, in: browser)
        try browser.submit([:], button: ("action", "images__delete"))
        #expect(browser.page.flashes.first?.contains("Image keep is protected and cannot be deleted.") == true)
        #expect(try images().map(\.id) == [image.id])
    }

    @Test func `an image of which nothing is known is called by its identifier`() throws {
        let image = try site.images.create(NewImage(), as: site.admin)
        try browser.get(Self.list)
        #expect(browser.page.all("//td[contains(@class,'main-cell')]//a").contains(image.id.text))
        try browser.get("\(Self.list)\(image.id)/")
        #expect(browser.page.title == image.id.text)
        try site.images.setActive(false, try site.makeImage("kept back").id, as: site.admin)
        try browser.get(Self.list)
        #expect(browser.page.nodes("//tr[contains(., 'kept back')][contains(., 'Deactivated')]").count == 1)
        #expect(browser.page.nodes("//tr[contains(., 'kept back')]//a[text()='Launch']").isEmpty)
    }

    @Test func `an image is deleted after a question, from its own page`() throws {
        let image = try site.makeImage("<i>old</i>")
        try browser.get("\(Self.list)\(image.id)/")
        #expect(browser.page.title == "<i>old</i>")
        try act("delete", on: image.id.text, in: browser)
        #expect(browser.page.all("//ul[@class='selected']/li") == ["<i>old</i>"])
        try browser.submit([:], button: ("action", "images__delete"))
        #expect(browser.page.flashes == ["Deleted image: <i>old</i>"])
        #expect(try images().isEmpty)
        #expect(try browser.get("\(Self.list)\(image.id)/").status == 404)
    }

    @Test func `another project's private image does not exist, a public one can be launched only`() throws {
        let secret = try site.images.create(NewImage(name: "secret", diskFormat: "raw"), as: site.admin)
        let shared = try site.makeImage("everybody's")
        _ = try site.makeUser("eve")
        let eve = try site.loggedIn("eve")
        #expect(try eve.get("\(Self.list)\(secret.id)/").status == 404)
        #expect(try eve.get("\(Self.list)?action=row_update&table=images&obj_id=\(secret.id)").status == 404)
        try eve.get(Self.list)
        #expect(eve.page.all("//td[contains(@class,'main-cell')]") == ["everybody's"])
        #expect(eve.page.nodes("//tr//a[text()='Launch']").count == 1)
        #expect(eve.page.nodes("//tr//button[contains(@value,'delete')]").isEmpty)
        try act("delete", on: shared.id.text, in: eve)
        try eve.submit([:], button: ("action", "images__delete"))
        #expect(eve.page.flashes == ["You are not allowed to do this: everybody's"])
        #expect(try images().count == 2)
    }

    @Test func `a reader is offered nothing that a reader may not do`() throws {
        _ = try site.makeImage()
        _ = try site.makeUser("rita", role: "reader")
        let reader = try site.loggedIn("rita")
        try reader.get(Self.list)
        #expect(reader.page.all("//td[contains(@class,'main-cell')]") == ["tiny"])
        #expect(reader.page.nodes("//main//a[text()='Create Image' or text()='Launch']").isEmpty)
        #expect(reader.page.nodes("//main//button[@name='action']").isEmpty)
        #expect(try reader.get(Self.create).status == 403)
    }

    @Test func `only administrators may offer an image to every project`() throws {
        _ = try site.makeUser("eve")
        let eve = try site.loggedIn("eve")
        try eve.get(Self.create)
        #expect(eve.page.nodes("//option[@value='public']").isEmpty)
        #expect(try eve.upload(file("a.raw"), ["name": "a", "visibility": "public"]).status == 403)
        #expect(try images().isEmpty)
    }

    @Test func `the page of images speaks Chinese`() throws {
        browser.language = "zh-CN"
        try browser.get(Self.create)
        let page = try browser.upload(nil)
        #expect(page.title == "创建镜像")
        #expect(page.faults("file") == ["请选择要上传的文件。"])
    }
}
