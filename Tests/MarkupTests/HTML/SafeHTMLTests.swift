import Testing

@testable import Markup

@Suite("Safe HTML")
struct SafeHTMLTests {
    @Test func `texts and attribute values are escaped`() {
        let link = SafeHTML.element(.a, ["href": "/x?a=1&b=2", "title": "\"quoted\" 'too'"], [.text("<R&D>")])
        #expect(
            link.description
                == "<a href=\"/x?a=1&amp;b=2\" title=\"&quot;quoted&quot; &#39;too&#39;\">&lt;R&amp;D&gt;</a>")
    }

    @Test func `a value cannot leave its attribute`() throws {
        let attack = "\"><script>alert(1)</script><p class=\""
        let html = SafeHTML.element(.div, ["class": attack], [.text(attack)])
        let page = try HTMLDocument(parsing: html.description)
        #expect(page.xpath("//script").isEmpty)
        #expect(page.xpath("//div").first?.attribute("class") == attack)
        #expect(page.xpath("//div").first?.text == attack)
    }

    @Test func `elements nest, and void ones have no end`() {
        let chart = SafeHTML.element(
            .svg, ["viewBox": "0 0 10 4"],
            [.element(.title, [.text("Used")]), .element(.rect, ["width": "3"]), .element(.br)])
        #expect(
            chart.description
                == "<svg viewBox=\"0 0 10 4\"><title>Used</title><rect width=\"3\"></rect><br></svg>")
        #expect(SafeHTML.joined([.text("<"), .element(.b, [.text("x")])]).description == "&lt;<b>x</b>")
    }

    @Test func `an attribute without value is left out`() {
        let isOpen = false
        #expect(
            SafeHTML.element(.details, ["open": isOpen ? "" : nil, "id": "x"]).description
                == "<details id=\"x\"></details>")
    }

    @Test func `event attributes are left out`() {
        #expect(SafeHTML.element(.p, ["onclick": "f()", "OnLoad": "f()", "id": "x"]).description == "<p id=\"x\"></p>")
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "data:text/html,x", "vbscript:x", "\u{1}javascript:x", "javascript&colon;x:y",
    ])
    func `a link that could run a program leads nowhere`(_ link: String) {
        #expect(SafeHTML.element(.a, ["href": link]).description == "<a href=\"#\"></a>")
    }

    @Test(arguments: [
        "/dashboard/", "?page=2", "#top", "https://example.org/a:b", "http://x", "mailto:a@b", "a/b:c", "name", "",
        "?next=javascript:x",
    ])
    func `other links stay`(_ link: String) {
        #expect(SafeHTML.element(.a, ["href": link]).description == "<a href=\"\(link)\"></a>")
    }

    @Test func `escaping leaves other characters alone`() {
        let text = String(repeating: "虚拟机 é\u{301} 👩‍👩‍👧 plain ", count: 40)
        #expect(SafeHTML.text(text).description == text)
        #expect(SafeHTML.text("&&<>\"'").description == "&amp;&amp;&lt;&gt;&quot;&#39;")
    }
}
