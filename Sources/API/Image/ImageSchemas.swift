import Images

/// The JSON schemas that Glance gives out about its documents (`/v2/schemas/…`). Its clients make their objects of them.
enum ImageSchemas {
    /// Path below `/v2/schemas/` and document.
    static let all: [(path: String, document: JSONWriter)] = [
        ("image", document { $0.schema(image) }),
        ("images", document { $0.collection("images", of: image, links: true) }),
        ("member", document { $0.schema(member) }),
        ("members", document { $0.collection("members", of: member, links: false) }),
        ("task", document { $0.schema(task) }),
        ("tasks", document { $0.collection("tasks", of: shortTask, links: true) }),
    ]

    static func document(_ body: (inout JSONWriter) -> Void) -> JSONWriter {
        var json = JSONWriter(capacity: 4096)
        json.object(body)
        return json
    }

    private static let image = Schema(
        "image",
        [
            .text("id", "An identifier for the image").matching(Schema.uuid),
            .nullable("name", "Descriptive name for the image").atMost(255),
            .text("status", "Status of the image").readOnly.oneOf([
                "queued", "saving", "active", "killed", "deleted", "uploading", "importing", "pending_delete",
                "deactivated",
            ]),
            .text("visibility", "Scope of image accessibility").oneOf(["community", "public", "private", "shared"]),
            .bool("protected", "If true, image will not be deletable."),
            .bool("os_hidden", "If true, image will not appear in default image list response."),
            .nullable("checksum", "md5 hash of image contents.").readOnly.atMost(32),
            .nullable("os_hash_algo", "Algorithm to calculate the os_hash_value").readOnly.atMost(64),
            .nullable("os_hash_value", "Hexdigest of the image contents by that algorithm").readOnly.atMost(128),
            .nullable("owner", "Owner of the image").atMost(255),
            .number("size", "Size of image file in bytes", isNullable: true).readOnly,
            .number("virtual_size", "Virtual size of image in bytes", isNullable: true).readOnly,
            .nullable("container_format", "Format of the container").oneOf(ImageFormat.containers),
            .nullable("disk_format", "Format of the disk").oneOf(ImageFormat.allCases.map(\.rawValue)),
            .text("created_at", "Date and time of image registration").readOnly,
            .text("updated_at", "Date and time of the last image modification").readOnly,
            .texts("tags", "List of strings related to the image"),
            .text("direct_url", "URL to access the image file kept in external store").readOnly,
            .number("min_ram", "Amount of ram (in MB) required to boot image."),
            .number("min_disk", "Amount of disk space (in GB) required to boot image."),
            .text("self", "An image self url").readOnly,
            .text("file", "An image file url").readOnly,
            .text("stores", "Store in which image data resides.").readOnly,
            .text("schema", "An image schema url").readOnly,
            .object("locations", "A set of URLs to access the image file kept in external store", isList: true),
            // What glanceclient and Horizon offer to set, as they are said in Glance's schema-image.json.
            .text("architecture", "Operating system architecture, for example x86_64"),
            .text("instance_uuid", "The instance the image was made of"),
            .nullable("kernel_id", "ID of image stored in Glance that should be used as the kernel"),
            .nullable("ramdisk_id", "ID of image stored in Glance that should be used as the ramdisk"),
            .text("os_distro", "Common name of operating system distribution"),
            .text("os_version", "Operating system version as specified by the distributor"),
            .text("description", "A human-readable string describing this image."),
        ],
        links: [("self", "{self}"), ("enclosure", "{file}"), ("describedby", "{schema}")], takesOthers: true)

    private static let member = Schema(
        "member",
        [
            .text("member_id", "An identifier for the image member (tenantId)"),
            .text("image_id", "An identifier for the image").matching(Schema.uuid),
            .text("created_at", "Date and time of image member creation").readOnly,
            .text("updated_at", "Date and time of last modification of image member").readOnly,
            .text("status", "The status of this image member").oneOf(["pending", "accepted", "rejected"]),
            .text("schema", "").readOnly,
        ])

    private static let shortTask = Schema(
        "task",
        [
            .text("id", "An identifier for the task").matching(Schema.uuid),
            .text("type", "The type of task represented by this content").oneOf(
                ImageTask.Kind.allCases.map(\.rawValue)),
            .text("status", "The current status of this task").oneOf(ImageTask.Status.allCases.map(\.rawValue)),
            .text("owner", "An identifier for the owner of this task"),
            .text("image_id", "Image associated with the task"),
            .text("request_id", "The request that began the task"),
            .text("user_id", "User associated with the task"),
            .nullable("expires_at", "Datetime when this resource would be subject to removal"),
            .text("created_at", "Datetime when this resource was created"),
            .text("updated_at", "Datetime when this resource was updated"),
            .text("self", "").readOnly, .text("schema", "").readOnly,
        ])

    private static let task = Schema(
        "task",
        shortTask.properties + [
            .object("input", "The parameters required by task, JSON blob"),
            .object("result", "The result of current task, JSON blob"),
            .text("message", "Human-readable informative message, usually on failure"),
        ])
}
