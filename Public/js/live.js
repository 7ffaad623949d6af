// Keeps open pages true: when a resource changes, its row is fetched anew and put in place of the old one.
"use strict";

(() => {
    const source = document.body.dataset.events;
    const tables = [...document.querySelectorAll("table[data-live]:not([data-live=''])")];
    const parts = [...document.querySelectorAll("[data-live-part]")];
    if (!source || (tables.length === 0 && parts.length === 0)) return;

    const address = (table, id) => {
        const url = new URL(table.dataset.rows, location.href);
        url.searchParams.set("action", "row_update");
        url.searchParams.set("table", table.id);
        url.searchParams.set("obj_id", id);
        return url;
    };

    const get = async (url, tag) => {
        const response = await fetch(url, {
            credentials: "same-origin",
            headers: { "X-Requested-With": "XMLHttpRequest", ...(tag && { "If-None-Match": tag }) },
        });
        if (response.status === 401) {
            location.href = `${response.headers.get("X-Horizon-Location")}?next=${
                encodeURIComponent(location.pathname + location.search)}`;
        }
        return response;
    };

    const parseRow = (text) => {
        const holder = document.createElement("template");
        holder.innerHTML = `<table><tbody>${text}</tbody></table>`;
        return holder.content.querySelector("tr");
    };

    // The tags of rows as they are shown: who has a row as it is gets 304. They are kept with the rows and not by the
    // browser's cache, which keeps nothing of these pages.
    const tags = new WeakMap();

    const refreshRow = async (table, id, isNew) => {
        const old = document.getElementById(`${table.id}__row__${id}`);
        if (!old && !isNew) return;
        const response = await get(address(table, id), tags.get(old));
        if (response.status === 304) return;
        if (response.status === 404) {
            old?.remove();
        } else if (response.ok) {
            const row = parseRow(await response.text());
            if (!row) return;
            if (old) {
                if (old.querySelector("details[open], [aria-expanded=true]")) return schedule(table, id, isNew, 3000);
                const box = old.querySelector("td.select input");
                const fresh = row.querySelector("td.select input");
                if (box && fresh) fresh.checked = box.checked;
                old.replaceWith(row);
            } else if (!location.search.includes("__filter__q=") && !location.search.includes("marker=")) {
                table.tBodies[0].prepend(row);
            }
            tags.set(row, response.headers.get("ETag"));
            row.classList.add("changed");
        }
        document.dispatchEvent(new Event("daybreak:rows"));
    };

    // Several changes of one row in a moment are one fetch.
    const waiting = new Map();
    const schedule = (table, id, isNew, delay = 150) => {
        const key = `${table.id} ${id}`;
        clearTimeout(waiting.get(key));
        waiting.set(key, setTimeout(() => {
            waiting.delete(key);
            refreshRow(table, id, isNew).catch(() => {});
        }, delay));
    };

    const refreshParts = async () => {
        const response = await get(location.href);
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const part of document.querySelectorAll("[data-live-part]")) {
            const fresh = page.getElementById(part.id);
            if (!fresh) continue;
            // Not under somebody's hands: an open menu, a field that is being typed in.
            if (part.querySelector("details.menu[open], [aria-expanded=true], input:focus, textarea:focus, select:focus")) {
                later(3000);
                continue;
            }
            const focusable = "a, button, summary, [tabindex]";
            const place = [...part.querySelectorAll(focusable)].indexOf(document.activeElement);
            // What somebody has unfolded stays so.
            const unfolded = [...part.querySelectorAll("details")].map((details) => details.open);
            fresh.querySelectorAll("details").forEach((details, index) => { details.open = unfolded[index] ?? details.open; });
            part.replaceWith(fresh);
            if (place >= 0) fresh.querySelectorAll(focusable)[place]?.focus();
        }
    };
    let partsTimer;
    const later = (delay) => {
        clearTimeout(partsTimer);
        partsTimer = setTimeout(() => refreshParts().catch(() => {}), delay);
    };

    const changed = (kind, id, what) => {
        for (const table of tables) {
            if (table.dataset.live === kind) schedule(table, id, what === "created");
        }
        // A part may show several resources, or all of a kind.
        const names = [`${kind}:${id}`, `${kind}:*`];
        if (parts.some((part) => part.dataset.livePart.split(" ").some((name) => names.includes(name)))) {
            later(200);
        }
    };

    const events = new EventSource(source);
    events.addEventListener("resource", (event) => {
        const { kind, id, what } = JSON.parse(event.data);
        changed(kind, id, what);
    });
    // What happened while nobody listened is not repeated. After a break everything is looked at once; at the start,
    // what the page shows as under way, which may have ended between the page's making and this moment.
    let wasAway = false;
    events.addEventListener("error", () => { wasAway = true; });
    events.addEventListener("open", () => {
        const rows = wasAway ? "tr[data-object-id]" : "tr[data-object-id][data-busy]";
        for (const table of tables) {
            for (const row of table.querySelectorAll(rows)) schedule(table, row.dataset.objectId, false);
        }
        const isBehind = wasAway || parts.some((part) => part.querySelector(".status.busy, .dot.busy"));
        if (isBehind) refreshParts().catch(() => {});
        wasAway = false;
    });
    addEventListener("pagehide", () => events.close());
})();
