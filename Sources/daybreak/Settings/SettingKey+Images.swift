import Images

/// How much images may hold, and where they may be fetched from.
struct ImageSettings: Sendable, Equatable {
    /// GiB.
    var sizeCap = 1024
    /// GiB; 0: no limit.
    var storageQuota = 0
    var importAllowedHosts: [String] = []

    var configuration: ImageConfiguration {
        var configuration = ImageConfiguration()
        configuration.sizeLimit = Int64(sizeCap) << 30
        configuration.projectQuota = storageQuota == 0 ? nil : Int64(storageQuota) << 30
        configuration.trustedSources = Set(importAllowedHosts.map { $0.lowercased() })
        return configuration
    }
}

extension SettingKey {
    static let images: [SettingKey] = [
        SettingKey(
            "IMAGE_SIZE_CAP", \.images.sizeCap, .whole(1...1_000_000, unit: "GiB"),
            "The largest image in GiB (glance's image_size_cap)."),
        SettingKey(
            "USER_STORAGE_QUOTA", \.images.storageQuota, .whole(0...1_000_000, unit: "GiB"),
            "What the images of one project may hold in GiB, all together (glance's user_storage_quota); 0 is no limit."
        ),
        SettingKey(
            "IMAGE_IMPORT_ALLOWED_HOSTS", \.images.importAllowedHosts,
            .list(
                of: .text("a host name or address") { name in
                    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
                }, called: "a list of host names or addresses"),
            "Hosts that web-download may fetch images from on any port although they are this machine or on a private "
                + "network; all others must be on the internet."),
    ]
}
