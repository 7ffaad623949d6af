// The guest's serial port, shown by xterm.js.
import { ConsoleSession } from "./console-session.js";

const [columns, rows] = [80, 24];

class Port {
    constructor(session, Terminal) {
        this.session = session;
        this.terminal = new Terminal({
            cols: columns, rows, cursorBlink: true, bellStyle: "none", scrollback: 2000, screenReaderMode: true,
            fontSize: Port.fontSize(session.screen), lineHeight: 1.2,
            fontFamily: getComputedStyle(session.root).getPropertyValue("--mono"),
            theme: { background: "#10131a", foreground: "#d8dee9", cursor: "#ff9d66", selection: "#ffffff40" },
        });
        this.terminal.open(session.screen);
        this.terminal.on("data", (text) => this.type(text));
        addEventListener("resize", () => {
            this.terminal.setOption("fontSize", Port.fontSize(session.screen));
        });
    }

    // The guest takes its serial port for 80 columns: they fit whatever the window's width.
    static fontSize(screen) {
        return Math.max(7, Math.min(15, Math.floor((screen.clientWidth - 36) / columns / 0.61)));
    }

    show(address) {
        this.end();
        const socket = new WebSocket(address);
        socket.binaryType = "arraybuffer";
        const decoder = new TextDecoder();
        socket.addEventListener("open", () => {
            this.session.connected();
            this.focus();
        });
        socket.addEventListener("message", (event) => {
            this.terminal.write(decoder.decode(event.data, { stream: true }));
        });
        socket.addEventListener("close", (event) => {
            if (this.socket === socket) this.session.closed(event.code);
        });
        this.socket = socket;
    }

    // Pasted text may be long: it goes in pieces that the server takes.
    type(text) {
        if (this.socket?.readyState !== WebSocket.OPEN) return;
        const bytes = new TextEncoder().encode(text);
        for (let start = 0; start < bytes.length; start += 4096) {
            this.socket.send(bytes.subarray(start, start + 4096));
        }
    }

    end() {
        const socket = this.socket;
        this.socket = null;
        socket?.close();
    }

    release() {}

    focus() { this.terminal.focus(); }
}

const load = (address) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
});

const root = document.querySelector("[data-console]");
await load(root.dataset.program);
const session = new ConsoleSession((session) => new Port(session, window.Terminal));
// For whoever wants to know what the guest has written; the terminal itself paints on a canvas.
root.terminal = session.viewer.terminal;
session.connect();
