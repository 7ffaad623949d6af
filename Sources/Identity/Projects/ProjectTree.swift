import Database

/// What lies above and below a project. A tree has few levels (``deepest``), so each is looked up by itself.
struct ProjectTree {
    /// keystone's `max_project_tree_depth`, the domain counted.
    static let deepest = 5

    let store: ProjectStore

    /// From the parent up; the domain is not among them.
    func ancestors(of project: Project, in transaction: borrowing Transaction) throws -> [Project] {
        var above: [Project] = []
        var next = project.parentID
        while let id = next, let parent = try store.project(id: id, in: transaction) {
            above.append(parent)
            next = parent.parentID
        }
        return above
    }

    /// Everything below, each project before its children.
    func descendants(of projectID: String, in transaction: borrowing Transaction) throws -> [Project] {
        try store.children(of: projectID, in: transaction).flatMap { child in
            try [child] + descendants(of: child.id, in: transaction)
        }
    }
}
