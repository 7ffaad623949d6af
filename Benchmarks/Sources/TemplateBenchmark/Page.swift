import Markup

/// The measured page: a table of a hundred instances with eight columns, inside the layout with its navigation.
struct Page: TemplateModel {
    let title: String
    let project: String
    let navigation: [Entry]
    let instances: [Instance]

    static let shape = Shape<Page>([
        .text("title") { $0.title },
        .text("project") { $0.project },
        .list("navigation") { $0.navigation },
        .list("instances") { $0.instances },
    ])

    struct Entry: TemplateModel {
        let label: String
        let link: String
        let isCurrent: Bool

        static let shape = Shape<Entry>([
            .text("label") { $0.label },
            .text("link") { $0.link },
            .flag("current") { $0.isCurrent },
        ])
    }

    struct Instance: TemplateModel {
        let id: String
        let name: String
        let image: String
        let address: String
        let flavor: String
        let status: String
        let zone: String
        let age: String

        static let shape = Shape<Instance>([
            .text("id") { $0.id },
            .text("name") { $0.name },
            .text("image") { $0.image },
            .text("address") { $0.address },
            .text("flavor") { $0.flavor },
            .text("status") { $0.status },
            .text("zone") { $0.zone },
            .text("age") { $0.age },
        ])
    }

    static let example = Page(
        title: "Instances", project: "R&D \"north\"",
        navigation: (1...12).map { Entry(label: "Panel \($0)", link: "/project/\($0)/", isCurrent: $0 == 2) },
        instances: (1...100).map { number in
            Instance(
                id: "6f1c9a52-0d3e-4b7a-9c51-0000000\(10_000 + number)", name: "web-<\(number)> & co",
                image: "debian-12-genericcloud-amd64", address: "192.168.204.\(number)", flavor: "m1.small",
                status: "ACTIVE", zone: "nova", age: "\(number) minutes")
        })

    /// The same for swift-mustache, in the form it is fastest with besides types of its own.
    var dictionary: [String: Any] {
        [
            "title": title, "project": project,
            "navigation": navigation.map {
                ["label": $0.label, "link": $0.link, "current": $0.isCurrent] as [String: Any]
            },
            "instances": instances.map {
                [
                    "id": $0.id, "name": $0.name, "image": $0.image, "address": $0.address, "flavor": $0.flavor,
                    "status": $0.status, "zone": $0.zone, "age": $0.age,
                ]
            },
        ]
    }

    static let templates = [
        "page": """
        {{<_layout}}{{$content}}
        <h1>{{title}}</h1>
        <table class="data">
          <thead><tr><th>Name<th>Image<th>Address<th>Flavor<th>Status<th>Zone<th>Age</tr></thead>
          <tbody>
            {{#instances}}
            {{>_row}}
            {{/instances}}
          </tbody>
        </table>
        {{/content}}{{/_layout}}

        """,
        "_layout": """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{{title}} - {{project}}</title></head>
        <body>
        {{>_navigation}}
        <main>
        {{$content}}{{/content}}
        </main>
        </body>
        </html>

        """,
        "_navigation": """
        <nav><ul>
        {{#navigation}}
          <li{{#current}} class="current"{{/current}}><a href="{{link}}">{{label}}</a></li>
        {{/navigation}}
        </ul></nav>

        """,
        "_row": """
        <tr id="{{id}}">
          <td><a href="/project/instances/{{id}}/">{{name}}</a></td>
          <td>{{image}}</td>
          <td>{{address}}</td>
          <td>{{flavor}}</td>
          <td><span class="status">{{status}}</span></td>
          <td>{{zone}}</td>
          <td>{{age}}</td>
        </tr>

        """,
    ]
}
