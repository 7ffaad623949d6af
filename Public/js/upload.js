// An upload with its progress. Without it the browser sends the form by itself and shows its own.
"use strict";
(() => {
    const form = document.querySelector("form[data-upload]");
    if (!form) return;
    const panel = form.querySelector("[data-upload-progress]");
    const bar = panel.querySelector("progress");
    const percent = panel.querySelector("[data-percent]");
    const show = (phase) => {
        for (const text of panel.querySelectorAll("[data-phase]")) text.hidden = text.dataset.phase !== phase;
    };

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const button = form.querySelector(".form-foot .primary");
        button.disabled = true;
        panel.hidden = false;
        show("sending");
        const request = new XMLHttpRequest();
        request.open("POST", form.action);
        request.upload.addEventListener("progress", (progress) => {
            if (!progress.lengthComputable) return;
            bar.value = progress.loaded * 100 / progress.total;
            percent.textContent = `${Math.floor(bar.value)} %`;
        });
        request.upload.addEventListener("load", () => show("checking"));
        request.addEventListener("load", () => {
            if (request.responseURL !== form.action) {
                location.href = request.responseURL;
                return;
            }
            // Refused: show the answer, which holds the form with what was typed and what is wrong with it.
            document.open();
            document.write(request.responseText);
            document.close();
        });
        request.addEventListener("error", () => {
            button.disabled = false;
            percent.textContent = "";
            show("failed");
        });
        request.send(new FormData(form));
    });
})();
