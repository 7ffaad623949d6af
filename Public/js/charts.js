// The tab Usage: values under the pointer, and new ones as they are measured. The charts themselves are the server's.
"use strict";
(() => {
    let usage = document.getElementById("instance-usage");
    if (!usage) return;

    // The values behind the charts, fetched when somebody points at one: columns by name, the times among them.
    let values = null;
    const load = () => {
        values ??= fetch(usage.dataset.file, { credentials: "same-origin" })
            .then((response) => (response.ok ? response.text() : Promise.reject(response.status)))
            .then((text) => {
                const lines = text.trim().split("\r\n").map((line) => line.split(","));
                const names = lines.shift();
                return new Map(names.map((name, index) => [name, lines.map((line) => line[index])]));
            })
            .catch(() => { values = null; });
        return values;
    };

    const decimal = (number) => (number >= 99.95 ? Math.round(number) : Math.round(number * 10) / 10);
    const say = (text, quantity) => {
        if (text === "" || text === undefined) return "–";
        let number = Number(text);
        if (quantity === "percent") return `${decimal(number)}\u00a0%`;
        if (quantity === "rate") return number < 10000 ? `${decimal(number)}\u00a0/s` : `${decimal(number / 1000)}k\u00a0/s`;
        const units = ["B", "KiB", "MiB", "GiB", "TiB"];
        let unit = 0;
        while (number >= 1000 && unit < units.length - 1) {
            number /= 1024;
            unit += 1;
        }
        return `${decimal(number)}\u00a0${units[unit]}${quantity === "throughput" ? "/s" : ""}`;
    };

    let pointed = null;
    const leave = () => {
        pointed?.cursor.remove();
        pointed?.note.remove();
        pointed = null;
    };
    const point = async (drawing, x) => {
        const loaded = await load();
        // The pointer may have gone on meanwhile.
        if (!loaded || !drawing.isConnected || !drawing.matches(":hover")) return;
        if (pointed?.drawing !== drawing) {
            leave();
            pointed = { drawing, cursor: document.createElement("div"), note: document.createElement("div") };
            pointed.cursor.className = "chart-cursor";
            pointed.note.className = "chart-note";
            pointed.note.setAttribute("aria-hidden", "true");
            drawing.append(pointed.cursor, pointed.note);
        }
        const width = drawing.clientWidth;
        const times = loaded.get("time");
        const index = Math.min(times.length - 1, Math.max(0, Math.floor((x / width) * times.length)));
        const chart = drawing.closest(".chart");
        const time = document.createElement("strong");
        // The reader's own clock, as everywhere on the page, and not the machine's.
        const local = new Date(Date.parse(times[index]) + Number(usage.dataset.offset) * 1000);
        time.textContent = local.toISOString().slice(0, 19).replace("T", " ");
        const keys = [...chart.querySelectorAll(".chart-keys tbody th:has(span)")];
        const lines = chart.dataset.columns.split(" ").map((column, place) => {
            const line = document.createElement("div");
            line.append(keys[place].querySelector("svg").cloneNode(true),
                `${keys[place].querySelector("span").textContent} ${say(loaded.get(column)[index], chart.dataset.quantity)}`);
            return line;
        });
        pointed.note.replaceChildren(time, ...lines);
        const left = ((index + 0.5) / times.length) * width;
        pointed.cursor.style.left = `${left}px`;
        const beside = left + 12 + pointed.note.offsetWidth > width ? left - 12 - pointed.note.offsetWidth : left + 12;
        pointed.note.style.left = `${Math.max(0, beside)}px`;
    };
    document.addEventListener("pointermove", (event) => {
        const drawing = event.target.closest?.(".chart-drawing");
        if (!drawing) return leave();
        point(drawing, event.clientX - drawing.getBoundingClientRect().left).catch(() => {});
    });

    let tag = null;
    const refresh = async () => {
        if (document.hidden || pointed || usage.contains(document.activeElement)) return;
        const response = await fetch(usage.dataset.usage, {
            credentials: "same-origin",
            headers: { "X-Requested-With": "XMLHttpRequest", ...(tag && { "If-None-Match": tag }) },
        });
        if (!response.ok) return;
        tag = response.headers.get("ETag");
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        const fresh = holder.content.getElementById("instance-usage");
        if (!fresh || pointed) return;
        for (const open of usage.querySelectorAll("details[open]")) {
            const same = fresh.querySelector(`#${CSS.escape(open.closest(".chart").id)} details`);
            if (same) same.open = true;
        }
        usage.replaceWith(fresh);
        usage = fresh;
        values = null;
    };
    const timer = setInterval(() => refresh().catch(() => {}), Number(usage.dataset.period) * 1000);
    addEventListener("pagehide", () => clearInterval(timer));
})();
