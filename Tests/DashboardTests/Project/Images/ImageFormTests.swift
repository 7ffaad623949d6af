import HTTP
import Images
import Markup
import ServiceCore
import Testing

@testable import Dashboard

/// What is done to an image after it was made: edited, given metadata, kept back, shared.
struct ImageFormTests {
    private static let list = "/dashboard/project/images/"

    let site: TestSite
    let browser: Browser

    init() throws {
        site = try TestSite()
        browser = try site.adminBrowser()
    }

    private func stored(_ image: Image) throws -> Image { try site.images.image(image.id, as: site.admin) }

    /// Presses the button of an action and answers the question that may follow.
    private func act(_ action: String, _ id: String, in browser: Browser) throws {
        try browser.post(Self.list, [("csrfmiddlewaretoken", browser.token()), ("action", "images__\(action)__\(id)")])
        guard browser.page.nodes("//ul[@class='selected']").first != nil else { return }
        try browser.submit([:], button: ("action", "images__\(action)"))
    }

    @Test func `everything that Horizon lets one edit is edited, and a form that is sent unchanged changes nothing`()
        throws
    {
        let image = try site.makeImage("old")
        try browser.get("\(Self.list)\(image.id)/update/")
        #expect(browser.page.title == "Edit Image")
        #expect(browser.page.nodes("//select[@id='id_disk_format'][@disabled]").count == 1, "the data are raw")
        try browser.submit()
        #expect(browser.page.flashes == ["Image old was successfully updated."])
        let same = try stored(image)
        #expect(same.properties == image.properties && same.visibility == image.visibility)
        #expect(same.minDiskGiB == image.minDiskGiB && same.minRAMMiB == image.minRAMMiB && !same.protected)
        #expect(same.diskFormat == image.diskFormat && same.status == .active)
        try browser.get("\(Self.list)\(image.id)/update/")
        try browser.submit([
            "name": "<new>", "description": "a disk", "architecture": "x86_64", "min_disk": "3", "min_ram": "128",
            "visibility": "community", "protected": "on",
        ])
        let now = try stored(image)
        #expect(now.name == "<new>" && now.minDiskGiB == 3 && now.minRAMMiB == 128 && now.protected)
        #expect(now.visibility == .community)
        #expect(now.properties["description"] == "a disk" && now.properties["architecture"] == "x86_64")
        #expect(browser.page.flashes == ["Image <new> was successfully updated."])
        try browser.get("\(Self.list)\(image.id)/update/")
        try browser.submit(["description": ""])
        #expect(try stored(image).properties["description"] == nil)
    }

    @Test func `a kernel and a ramdisk are chosen from images of these kinds`() throws {
        func part(_ name: String, _ format: String) throws -> ID<Image> {
            let image = try site.images.create(NewImage(name: name, diskFormat: format), as: site.admin)
            let upload = try site.images.beginUpload(image.id, as: site.admin)
            try upload.write([1, 2, 3])
            return try upload.finish().id
        }
        let (kernel, ramdisk) = (try part("vmlinuz", "aki"), try part("initrd", "ari"))
        let image = try site.makeImage("old")
        for path in ["create", "\(image.id)/update/"] {
            try browser.get(Self.list + path)
            #expect(browser.page.all("//select[@id='id_kernel_id']/option") == ["None", "vmlinuz"])
            #expect(browser.page.all("//select[@id='id_ramdisk_id']/option") == ["None", "initrd"])
        }
        try browser.submit(["kernel_id": kernel.text, "ramdisk_id": ramdisk.text])
        #expect(try stored(image).properties["kernel_id"] == kernel.text)
        #expect(try stored(image).properties["ramdisk_id"] == ramdisk.text)
        try browser.get("\(Self.list)\(image.id)/")
        #expect(browser.page.all("//dl[@class='facts']/dd").contains(kernel.text))
        // One that is there no more stays chosen until somebody chooses another.
        try site.images.delete(kernel, as: site.admin)
        try browser.get("\(Self.list)\(image.id)/update/")
        try browser.submit(["ramdisk_id": ""])
        #expect(try stored(image).properties["kernel_id"] == kernel.text)
        #expect(try stored(image).properties["ramdisk_id"] == nil)
    }

    @Test func `a kernel that no identifier names is refused, whoever asks`() {
        for name in ["kernel_id", "ramdisk_id"] {
            var new = NewImage(name: "x", diskFormat: "ami")
            new.properties[name] = "vmlinuz"
            let refused = #expect(throws: ServiceError.self) { try site.images.create(new, as: site.admin) }
            #expect(refused?.violations.map(\.field) == [name])
        }
    }

    @Test func `what is wrong stands beside its field, and all that was typed stays`() throws {
        let image = try site.makeImage("old")
        try browser.get("/dashboard/admin/images/\(image.id)/update/")
        let page = try browser.submit(["name": " ", "min_disk": "many"])
        #expect(page.status == 422 && page.faults("name") == ["An image needs a name."])
        try browser.submit(["name": "kept"])
        #expect(browser.page.faults("min_disk") == ["A minimum is a whole number from 0 to 2147483647."])
        #expect(browser.page.value("//input[@id='id_min_disk']") == "many")
        #expect(browser.page.value("//input[@id='id_name']") == "kept")
        #expect(try stored(image).name == "old")
    }

    @Test func `the format of an image without data may still be chosen`() throws {
        let image = try site.images.create(NewImage(name: "empty", diskFormat: "raw"), as: site.admin)
        try browser.get("\(Self.list)\(image.id)/update/")
        try browser.submit(["disk_format": "qcow2"])
        #expect(try stored(image).diskFormat == .qcow2)
    }

    @Test func `metadata are typed in lines; the service's own are not shown and stay`() throws {
        let image = try site.images.create(
            NewImage(name: "far", diskFormat: "raw"), importing: ImportRequest(.webDownload(uri: "http://a.example/x")),
            as: site.admin)
        let path = "\(Self.list)\(image.id)/update_metadata/"
        try browser.get(path)
        #expect(browser.page.nodes("//textarea").first?.text.contains("os_glance") == false)
        try browser.submit(["metadata": "hw_disk_bus = scsi\r\nos_distro=debian\r\n"])
        #expect(browser.page.flashes == ["Updated the metadata of the image \"far\"."])
        let properties = try stored(image).properties
        #expect(properties["hw_disk_bus"] == "scsi" && properties["os_distro"] == "debian")
        #expect(properties.keys.contains("os_glance_import_task"))
        try browser.get(path)
        try browser.submit(["metadata": "os_distro = alpine"])
        #expect(try stored(image).properties.filter { !$0.key.hasPrefix("os_glance_") } == ["os_distro": "alpine"])
        try browser.get("\(Self.list)\(image.id)/")
        #expect(browser.page.nodes("//*[text()='os_distro = alpine']").count == 1)
        #expect(browser.page.nodes("//*[contains(text(), 'os_glance')]").isEmpty)
        try browser.get(path)
        let page = try browser.submit(["metadata": "size = 7"])
        #expect(page.faults("metadata") == ["Attribute 'size' is reserved."] && page.status == 403)
        #expect(try browser.submit(["metadata": "none"]).faults("metadata").count == 1)
    }

    @Test func `an image is kept back after a question, and given out again`() throws {
        let image = try site.makeImage()
        try browser.get(Self.list)
        try act("deactivate", image.id.text, in: browser)
        #expect(browser.page.flashes == ["Deactivated image: tiny"])
        #expect(try stored(image).status == .deactivated)
        #expect(browser.page.nodes("//button[contains(@value,'images__deactivate__')]").isEmpty)
        try act("reactivate", image.id.text, in: browser)
        #expect(browser.page.flashes == ["Reactivated image: tiny"])
        #expect(try stored(image).status == .active)
    }

    @Test func `a shared image is offered, accepted, and taken back`() throws {
        let owner = try site.makeUser("olga")
        let guest = try site.makeUser("gina")
        var new = NewImage(name: "ours", diskFormat: "raw")
        new.visibility = .shared
        let image = try site.images.create(new, as: owner)
        let (olga, gina) = (try site.loggedIn("olga"), try site.loggedIn("gina"))
        let members = "\(Self.list)\(image.id)/members/"
        #expect(try gina.get("\(Self.list)\(image.id)/").status == 404, "nobody has told it of the image")
        try olga.get(members)
        #expect(olga.page.first("//div[@class='empty']//h2") == "No members yet")
        try olga.get(members + "add/")
        #expect(try olga.submit(["member": ""]).faults("member").count == 1)
        let project = try #require(guest.projectID)
        try browser.get(members + "add/")
        #expect(browser.page.nodes("//select/option[@value='\(project)']").count == 1)
        try olga.submit(["member": project])
        try browser.get(members + "add/")
        #expect(browser.page.nodes("//select/option[@value='\(project)']").isEmpty)
        #expect(olga.page.flashes == ["Image ours is offered to project \(project)."])
        #expect(olga.page.all("//td[@data-label='Status']") == ["Offered"])
        try olga.get(members + "add/")
        #expect(try olga.submit(["member": project]).first("//div[@role='alert']")?.contains("already") == true)

        try gina.get(Self.list)
        #expect(!gina.page.all("//td[contains(@class,'main-cell')]").contains("ours"), "not before it is accepted")
        #expect(try gina.get(members).status == 403)
        #expect(try gina.get("\(Self.list)\(image.id)/update/").status == 403)
        try gina.get("\(Self.list)\(image.id)/")
        try act("accept", image.id.text, in: gina)
        #expect(gina.page.flashes == ["Accepted image: ours"])
        #expect(gina.page.all("//td[contains(@class,'main-cell')]").contains("ours"))
        #expect(try olga.get(members).all("//td[@data-label='Status']") == ["Accepted by the project"])
        try act("reject", image.id.text, in: gina)
        #expect(!gina.page.all("//td[contains(@class,'main-cell')]").contains("ours"))

        try olga.get(members)
        try olga.post(
            members, [("csrfmiddlewaretoken", olga.token()), ("action", "members__remove__\(project)")])
        try olga.submit([:], button: ("action", "members__remove"))
        #expect(olga.page.flashes == ["Removed member: \(project)"])
        #expect(try gina.get("\(Self.list)\(image.id)/").status == 404)
    }

    @Test func `the cloud fetches an image by its address, whose name tells the format`() throws {
        try browser.get(Self.list + "create")
        let address = "https://images.example/debian.qcow2?mirror=1"
        let page = try browser.upload(nil, ["name": "debian", "source_type": "url", "image_url": " \(address)"])
        #expect(page.flashes == ["Image debian was successfully created."])
        let image = try #require(try site.images.images(as: site.admin).items.first)
        #expect(image.status == .importing && image.diskFormat == .qcow2)
        #expect(try site.images.tasks(of: image.id, as: site.admin).count == 1)
    }

    @Test(arguments: [
        ("", "Give the address of an image."),
        ("ftp://images.example/a.raw", "The address does not pass filtering: ftp://images.example/a.raw"),
        ("nonsense.raw", "The address does not pass filtering: nonsense.raw"),
    ])
    func `an address that cannot be is refused beside its field, and leaves no image`(
        address: String, fault: String
    ) throws {
        try browser.get(Self.list + "create")
        let page = try browser.upload(nil, ["name": "x", "source_type": "url", "image_url": address])
        #expect(page.status == 422 && page.faults("image_url") == [fault])
        #expect(page.value("//select[@id='id_source_type']/option[@selected]") == "url")
        #expect(page.value("//input[@id='id_image_url']") == address)
        #expect(try site.images.images(as: site.admin).items.isEmpty)
    }

    @Test func `the forms speak Chinese`() throws {
        let image = try site.makeImage()
        browser.language = "zh-CN"
        #expect(try browser.get("\(Self.list)\(image.id)/update/").title == "编辑镜像")
        #expect(try browser.get(Self.list).text.contains("停用镜像"))
    }
}
