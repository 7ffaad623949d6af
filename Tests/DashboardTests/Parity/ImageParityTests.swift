import Foundation
import HTTP
import Images
import ServiceCore
import Testing

@testable import Dashboard

/// The same work done with the dashboard's forms and with glance's interface leaves the same rows.
@Suite struct `Forms and JSON of images` {
    private static let api = "/image/v2/images"
    private static let list = "/dashboard/project/images/"
    private static let kernel = "00000000-0000-4000-8000-00000000000a"
    private static let patch = "application/openstack-images-v2.1-json-patch"

    private func image(_ person: ParityCloud.Person, _ cloud: ParityCloud) throws -> Image {
        var new = NewImage(name: "old", diskFormat: "raw")
        new.visibility = .shared
        new.properties = ["os_distro": "debian", "description": "a disk"]
        return try cloud.site.images.create(new, as: person.context)
    }

    @Test func `an image with bytes`() throws {
        let cloud = try ParityCloud()
        let bytes = [UInt8](repeating: 7, count: 70_000)
        try cloud.compare { browser in
            try browser.get(Self.list + "create")
            try browser.upload(
                Browser.File(field: "file", name: "disk.raw", bytes: bytes),
                [
                    "name": "disk", "description": "a disk", "architecture": "x86_64", "min_disk": "1",
                    "min_ram": "64", "protected": "on", "kernel_id": Self.kernel,
                ])
        } json: { cloud in
            let id = cloud.work(
                .post, Self.api,
                """
                {"name": "disk", "disk_format": "raw", "container_format": "bare", "visibility": "private",
                 "min_disk": 1, "min_ram": 64, "protected": true, "description": "a disk", "architecture": "x86_64",
                 "kernel_id": "\(Self.kernel)"}
                """)["id"]
            cloud.work(
                .put, Self.api + "/\(id)/file", String(decoding: bytes, as: UTF8.self),
                type: "application/octet-stream")
        }
    }

    @Test func `an image that the cloud fetches`() throws {
        let cloud = try ParityCloud()
        let changes = try cloud.compare { browser in
            try browser.get(Self.list + "create")
            try browser.upload(
                nil, ["name": "far", "source_type": "url", "image_url": "http://a.example/far.raw"])
        } json: { cloud in
            let json = #""disk_format": "raw", "container_format": "bare", "visibility": "private""#
            let id = cloud.work(.post, Self.api, #"{"name": "far", \#(json)}"#)["id"]
            cloud.work(
                .post, Self.api + "/\(id)/import",
                #"{"method": {"name": "web-download", "uri": "http://a.example/far.raw"}}"#)
        }
        #expect(changes.filter { $0.hasPrefix("+ jobs:") }.count == 1)
    }

    @Test func `what is said of an image, its metadata, and its members`() throws {
        let cloud = try ParityCloud()
        let images = try cloud.both("image", id: \.id.text) { try image($0, cloud) }
        let (page, path) = ("\(Self.list)\(images.form.id)/", "\(Self.api)/\(images.json.id)")
        try cloud.compare {
            try $0.fill(page + "update/", ["name": "new", "description": "", "min_ram": "128", "protected": "on"])
        } json: {
            $0.work(
                .patch, path,
                """
                [{"op": "replace", "path": "/name", "value": "new"}, {"op": "replace", "path": "/min_ram", "value": 128},
                 {"op": "replace", "path": "/protected", "value": true}, {"op": "remove", "path": "/description"}]
                """, type: Self.patch)
        }
        try cloud.compare { try $0.fill(page + "update_metadata/", ["metadata": "hw_disk_bus = scsi"]) } json: {
            $0.work(
                .patch, path,
                """
                [{"op": "add", "path": "/hw_disk_bus", "value": "scsi"}, {"op": "remove", "path": "/os_distro"}]
                """, type: Self.patch)
        }
        let project = cloud.site.admin.projectID ?? ""
        try cloud.compare { try $0.fill(page + "members/add/", ["member": project]) } json: {
            $0.work(.post, path + "/members", #"{"member": "\#(project)"}"#)
        }
    }
}
