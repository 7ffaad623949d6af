// The menu of a row: a link to the page of its actions, which is fetched as a menu when it is opened for the first time.
"use strict";

(() => {
    const opened = () => document.querySelector("[data-menu][aria-expanded=true]");
    const close = () => {
        const opener = opened();
        if (!opener) return;
        opener.setAttribute("aria-expanded", "false");
        opener.nextElementSibling.hidden = true;
    };

    // Upwards where there is more room above than below.
    const place = (opener, menu) => {
        menu.classList.remove("up");
        const box = opener.getBoundingClientRect();
        const below = innerHeight - box.bottom;
        menu.classList.toggle("up", menu.offsetHeight > below - 8 && box.top > below);
    };

    const show = (opener, byKey) => {
        const menu = opener.nextElementSibling;
        menu.hidden = false;
        opener.setAttribute("aria-expanded", "true");
        place(opener, menu);
        if (byKey) menu.querySelector("a, button:enabled")?.focus();
    };

    const load = async (opener) => {
        const url = new URL(opener.href);
        url.searchParams.set("action", "row_menu");
        const response = await fetch(url, {
            credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest" },
        });
        // The page itself says what is wrong: not there any more, logged out.
        if (!response.ok) throw new Error(`${response.status}`);
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        if (!opener.nextElementSibling) opener.after(holder.content.querySelector(".menu-panel"));
    };

    document.addEventListener("click", async (event) => {
        const opener = event.target.closest("[data-menu]");
        if (!opener && event.target.closest(".action-menu")) return;
        const wasOpen = opener && opener === opened();
        close();
        if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (wasOpen || opener.getAttribute("aria-busy")) return;
        opener.setAttribute("aria-busy", "true");
        try {
            if (!opener.nextElementSibling) await load(opener);
            // The row may have been put in place anew meanwhile.
            if (opener.isConnected) show(opener, event.detail === 0);
        } catch {
            location.href = opener.href;
        } finally {
            opener.removeAttribute("aria-busy");
        }
    });
    document.addEventListener("submit", close);

    document.addEventListener("keydown", (event) => {
        const opener = opened();
        if (!opener) return;
        if (event.key === "Escape") {
            close();
            opener.focus();
        }
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const items = [...opener.nextElementSibling.querySelectorAll("a, button:enabled")];
        const place = items.indexOf(document.activeElement);
        items[(place + step + items.length) % items.length]?.focus();
    });
})();
