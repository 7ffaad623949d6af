// The Log tab follows what the guest writes, while the page is looked at and scrolled to the end.
"use strict";
(() => {
    const log = document.querySelector("pre[data-log]");
    if (!log) return;
    const toEnd = () => { log.scrollTop = log.scrollHeight; };
    const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    toEnd();

    // The tag of what is shown is remembered here and not by the browser's cache, which keeps nothing of these pages.
    let tag = null;
    async function follow() {
        if (document.hidden) return;
        const response = await fetch(log.dataset.log, {
            credentials: "same-origin",
            headers: { "X-Requested-With": "XMLHttpRequest", ...(tag && { "If-None-Match": tag }) },
        });
        // 304, when nothing was written, is not ok either.
        if (!response.ok) return;
        tag = response.headers.get("ETag");
        const text = await response.text();
        if (text === log.textContent) return;
        const stick = isAtEnd();
        log.textContent = text;
        document.querySelector("[data-log-problem]")?.remove();
        if (stick) toEnd();
    }

    const timer = setInterval(() => follow().catch(() => {}), 2000);
    addEventListener("pagehide", () => clearInterval(timer));
})();
