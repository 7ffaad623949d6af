import HTTP
import Images
import ServiceCore

/// `/v2/tasks`, for administrators, and the tasks of one image.
struct ImageTaskEndpoints: Sendable {
    let images: ImageService

    /// `GET /v2/images/{image_id}/tasks`: 200.
    func ofImage(_ call: APICall) throws -> Response {
        let tasks = try images.tasks(of: call.imageID(), as: call.context)
        return call.answer { json in
            json.list("tasks", tasks) { json, task in json.object { Self.write(task, isWhole: true, to: &$0) } }
        }
    }

    /// `GET /v2/tasks`: 200 with a page of short documents.
    func list(_ call: APICall) throws -> Response {
        try images.requireTasks(as: call.context)
        let query = call.query
        var filter = ImageTaskFilter()
        if let text = query.text("status") { filter.status = try Self.choice("status", text) }
        if let text = query.text("type") { filter.kind = try Self.choice("type", text) }
        if let text = query.text("sort_dir") {
            guard text == "asc" || text == "desc" else {
                throw APIError(.badRequest, "Invalid sort direction: \(text.prefix(80))")
            }
            filter.isAscending = text == "asc"
        }
        let limit = try query.integer("limit", 0...Int.max) ?? ImageQuery.defaultLimit
        let page = try images.tasks(
            filter, page: PageRequest(marker: query.text("marker"), limit: limit), as: call.context)
        return call.answer { json in
            json.list("tasks", page.items) { json, task in json.object { Self.write(task, isWhole: false, to: &$0) } }
            json.member("first", "/v2/tasks")
            if let next = page.next { json.member("next", "/v2/tasks?" + query.replacing("marker", with: next)) }
            json.member("schema", "/v2/schemas/tasks")
        }
    }

    /// `GET /v2/tasks/{task_id}`: 200.
    func show(_ call: APICall) throws -> Response {
        try images.requireTasks(as: call.context)
        let text = call[parameter: "task_id"]
        guard let id = ID<ImageTask>(untrusted: text) else { throw ServiceError.notFound("Task", text) }
        return document(try images.task(id, as: call.context), call)
    }

    /// `POST /v2/tasks`: 201.
    func create(_ call: APICall) throws -> Response {
        try images.requireTasks(as: call.context)
        let task = try call.content().object { reader in
            _ = try reader.required("type").choice([ImageTask.Kind.import.rawValue])
            return try reader.required("input").object { input in
                let source = try input.required("import_from").text()
                let format = try input.required("import_from_format").text()
                let member = try input.required("image_properties")
                return try images.createImportTask(
                    member.object(ImageRequest.newImage), from: source, format: format,
                    properties: member.texts(text: 0...65_535), as: call.context)
            }
        }
        var response = document(task, call, .created)
        response.fields.set("Location", call.base + "/image/v2/tasks/\(task.id)")
        return response
    }

    private func document(_ task: ImageTask, _ call: APICall, _ status: Status = .ok) -> Response {
        call.answer(status) { Self.write(task, isWhole: true, to: &$0) }
    }

    private static func choice<T: RawRepresentable<String>>(_ name: String, _ text: String) throws -> T {
        guard let value = T(rawValue: text) else {
            throw APIError(.badRequest, "Invalid \(name) value: \(text.prefix(80))")
        }
        return value
    }

    private static func write(_ task: ImageTask, isWhole: Bool, to json: inout JSONWriter) {
        json.member("id", task.id.text)
        json.member("type", task.kind.rawValue)
        json.member("status", task.status.rawValue)
        json.member("owner", task.projectID)
        json.member("created_at", task.createdAt.iso8601)
        json.member("updated_at", task.updatedAt.iso8601)
        json.optionalMember("expires_at", task.expiresAt?.iso8601)
        json.optionalMember("image_id", task.imageID?.text)
        json.member("request_id", task.requestID)
        json.member("user_id", task.userID)
        if isWhole {
            json.entry("input") { $0.raw(Array(task.input.utf8)) }
            json.entry("result") { json in
                if let result = task.result { json.raw(Array(result.utf8)) } else { json.null() }
            }
            json.member("message", task.message)
        }
        json.member("self", "/v2/tasks/\(task.id)")
        json.member("schema", "/v2/schemas/task")
    }
}
